//! Where a story in one language stands. Columns are explained in the migrations.
#![allow(missing_docs, reason = "the migration is the documentation")]

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "variant")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub article_id: Uuid,
    pub language: String,
    pub state: String,
    pub version: i32,
    pub head_revision_id: Uuid,
    pub live_revision_id: Option<Uuid>,
    pub published_at: Option<i64>,
    pub published_offset: Option<i16>,
    pub modified_at: Option<i64>,
    pub modified_offset: Option<i16>,
    pub scheduled_at: Option<i64>,
    pub created_at: i64,
    pub updated_at: i64,
    pub created_by: Option<Uuid>,
    pub updated_by: Option<String>,
    pub withdraw_at: Option<i64>,
    pub embargo_until: Option<i64>,
    pub note: Option<String>,
    pub held_by: Option<String>,
    pub held_until: Option<i64>,
    pub head_hash: Option<String>,
    pub live_hash: Option<String>,
    pub source_language: Option<String>,
    pub source_hash: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
