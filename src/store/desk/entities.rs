//! Authors, sections, tags, images and collections, and the slugs that address them.

use crate::domain::entity::{Entity, EntityKind};
use crate::domain::listing::searchable;
use crate::error::{Error, FieldError, Result};
use crate::store::Tx;
use crate::store::entity::{address, entity};
use crate::store::live::entities::decode;
use crate::store::moment::{micros, moment};
use crate::store::sql::Sql;
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QuerySelect};
use time::OffsetDateTime;
use uuid::Uuid;

/// An entity as the desk has it.
#[derive(Debug, Clone, PartialEq)]
pub struct DeskEntity {
    /// What it is.
    pub entity: Entity,
    /// Grows by one with each change.
    pub version: i32,
    /// When it went into the archive.
    pub archived_at: Option<OffsetDateTime>,
    /// The name of who changed it last.
    pub updated_by: Option<String>,
    /// When it was added.
    pub created_at: OffsetDateTime,
    /// When it was changed.
    pub updated_at: OffsetDateTime,
}

/// What to save.
#[derive(Debug)]
pub struct Saving<'a> {
    /// The entity.
    pub entity: &'a Entity,
    /// It as a document.
    pub doc: &'a str,
    /// The version that it has now, if it is there.
    pub version: Option<i32>,
    /// The name of who saves it.
    pub by: &'a str,
}

pub(super) fn desk(row: &entity::Model) -> Result<DeskEntity> {
    Ok(DeskEntity {
        entity: decode(&row.kind, &row.doc)?,
        version: row.version,
        archived_at: row.archived_at.map(|at| moment(at, 0)),
        updated_by: row.updated_by.clone(),
        created_at: moment(row.created_at, 0),
        updated_at: moment(row.updated_at, 0),
    })
}

/// An entity by id.
pub async fn find(tx: &Tx, id: Uuid) -> Result<Option<DeskEntity>> {
    entity::Entity::find_by_id(id).one(tx).await?.as_ref().map(desk).transpose()
}

/// An entity by id, held until the end of the transaction.
pub async fn lock(tx: &Tx, id: Uuid) -> Result<Option<DeskEntity>> {
    entity::Entity::find_by_id(id).lock_exclusive().one(tx).await?.as_ref().map(desk).transpose()
}

/// Several entities by id.
pub async fn list(tx: &Tx, ids: impl IntoIterator<Item = Uuid>) -> Result<Vec<Entity>> {
    let rows = entity::Entity::find().filter(entity::Column::Id.is_in(ids)).all(tx).await?;
    rows.iter().map(|row| decode(&row.kind, &row.doc)).collect()
}

/// Several entities by id, with their places on the desk.
pub async fn list_desk(tx: &Tx, ids: impl IntoIterator<Item = Uuid>) -> Result<Vec<DeskEntity>> {
    let rows = entity::Entity::find().filter(entity::Column::Id.is_in(ids)).all(tx).await?;
    rows.iter().map(desk).collect()
}

/// All entities of a kind.
pub async fn list_kind(tx: &Tx, kind: EntityKind) -> Result<Vec<Entity>> {
    let rows = entity::Entity::find().filter(entity::Column::Kind.eq(kind.as_str())).all(tx).await?;
    rows.iter().map(|row| decode(&row.kind, &row.doc)).collect()
}

/// Adds or replaces an entity.
pub async fn save(tx: &Tx, new: Saving<'_>, at: OffsetDateTime) -> Result<()> {
    let updated_at = Set(micros(at));
    let row = entity::ActiveModel {
        doc: Set(new.doc.to_owned()),
        subkind: Set(new.entity.subkind().to_owned()),
        sort_key: Set(new.entity.sort_key()),
        search_text: Set(searchable(new.entity)),
        updated_at: updated_at.clone(),
        updated_by: Set(Some(new.by.to_owned())),
        ..Default::default()
    };
    if let Some(version) = new.version {
        let row = entity::ActiveModel { id: Unchanged(new.entity.uuid()), version: Set(version + 1), ..row };
        row.update_without_returning(tx).await?;
    } else {
        let kind = Set(new.entity.kind().as_str().to_owned());
        let id = Set(new.entity.uuid());
        let row = entity::ActiveModel { id, kind, version: Set(1), created_at: updated_at, ..row };
        entity::Entity::insert(row).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Saves where an entity stands on the desk, as its next version; what it is called stays.
pub async fn update_state(tx: &Tx, changed: &DeskEntity, by: &str, at: OffsetDateTime) -> Result<()> {
    let row = entity::ActiveModel {
        id: Unchanged(changed.entity.uuid()),
        version: Set(changed.version + 1),
        archived_at: Set(changed.archived_at.map(micros)),
        updated_at: Set(micros(at)),
        updated_by: Set(Some(by.to_owned())),
        ..Default::default()
    };
    row.update_without_returning(tx).await?;
    Ok(())
}

/// What has the slug, current or former.
pub async fn find_by_slug(tx: &Tx, kind: &str, scope: &str, slug: &str) -> Result<Option<Uuid>> {
    let key = (kind.to_owned(), scope.to_owned(), slug.to_owned());
    Ok(address::Entity::find_by_id(key).one(tx).await?.map(|row| row.target_id))
}

/// The first of the two keys of the advisory locks under which slugs are looked for.
const SLUG_LOCK: i32 = 0x736c_7567;

/// Waits until nobody else looks for a free slug of this stem, and keeps others waiting until the end of the
/// transaction: two who begin a story with the same headline both get one. SQLite has one writer.
pub async fn look_alone(tx: &Tx, kind: &str, scope: &str, stem: &str) -> Result<()> {
    if tx.get_database_backend() == DbBackend::Postgres {
        let mut sql = Sql::new("SELECT pg_advisory_xact_lock(");
        sql.bind(SLUG_LOCK).push(", hashtext(").bind(format!("{kind} {scope} {stem}")).push("))");
        tx.execute_raw(sql.statement(DbBackend::Postgres)).await?;
    }
    Ok(())
}

/// Takes the slug for the target for good; its earlier slugs in that scope still lead to it. The slug must be free or
/// the target's own.
pub async fn take_slug(tx: &Tx, kind: &str, scope: &str, slug: &str, target: Uuid, is_new: bool) -> Result<()> {
    if !is_new {
        address::Entity::update_many()
            .col_expr(address::Column::Current, false.into())
            .filter(address::Column::TargetId.eq(target))
            .filter(address::Column::Kind.eq(kind))
            .filter(address::Column::Scope.eq(scope))
            .exec(tx)
            .await?;
    }
    let mut sql = Sql::new("INSERT INTO address (kind, scope, slug, target_id, current) VALUES ");
    sql.rows([vec![kind.into(), scope.into(), slug.into(), target.into(), true.into()]]);
    sql.push(" ON CONFLICT (kind, scope, slug) DO UPDATE SET current = true");
    sql.push(" WHERE address.target_id = excluded.target_id");
    let taken = tx.execute_raw(sql.statement(tx.get_database_backend())).await?.rows_affected();
    if taken == 0 {
        // Somebody was faster between our look and now.
        let message = format!("`{slug}` was given to another {kind} just now");
        return Err(Error::Invalid(vec![FieldError { path: "slug".into(), code: "TAKEN", message }]));
    }
    Ok(())
}
