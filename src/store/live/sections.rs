//! A section moves in the tree, and the lists of the sections above it with it.

use super::visible::{hide_unreferenced, show_entities};
use crate::domain::effect::EntityEffect;
use crate::error::Result;
use crate::store::Tx;
use crate::store::sql::{Sql, run};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What a section that moved changed for readers.
#[derive(Debug)]
pub struct Moved {
    /// The sections that appeared or disappeared.
    pub entities: Vec<EntityEffect>,
    /// The sections whose lists are others now.
    pub relisted: Vec<Uuid>,
}

/// Takes what is published in `section` and below it out of the lists of the sections that are no longer above it, and
/// puts it into those of the ones that now are.
///
/// A row of `section` itself, direct or not, is there for each such story: that is what names them.
pub async fn change_above(tx: &Tx, section: Uuid, gone: &[Uuid], added: &[Uuid]) -> Result<Moved> {
    let (mut entities, mut relisted) = (Vec::new(), Vec::new());
    for above in added {
        let mut sql = Sql::new("INSERT INTO live_facet (facet_id, language, article_id, direct, published_at, ");
        sql.push("modified_at) SELECT ").bind(*above).push(", language, article_id, ").bind(false);
        sql.push(", published_at, modified_at FROM live_facet WHERE facet_id = ").bind(section);
        sql.push(" ON CONFLICT (facet_id, language, article_id) DO NOTHING");
        if run(tx, sql).await? > 0 {
            relisted.push(*above);
        }
        let mut sql = Sql::new("INSERT INTO live_reference (entity_id, article_id, language) SELECT ");
        sql.bind(*above).push(", article_id, language FROM live_facet WHERE facet_id = ").bind(section);
        sql.push(" ON CONFLICT (entity_id, article_id, language) DO NOTHING");
        if run(tx, sql).await? > 0 {
            entities.extend(show_entities(tx, &BTreeSet::from([*above])).await?);
        }
    }
    let places =
        gone.iter().flat_map(|above| [(above, "live_facet", "facet_id"), (above, "live_reference", "entity_id")]);
    for (above, table, column) in places {
        let mut sql = Sql::new("DELETE FROM ");
        sql.push(table).push(" WHERE ").push(column).push(" = ").bind(*above);
        sql.push(" AND EXISTS (SELECT 1 FROM live_facet f WHERE f.facet_id = ").bind(section);
        sql.push(" AND f.article_id = ").push(table).push(".article_id AND f.language = ");
        sql.push(table).push(".language)");
        if run(tx, sql).await? > 0 && !relisted.contains(above) {
            relisted.push(*above);
        }
    }
    entities.extend(hide_unreferenced(tx, &gone.iter().copied().collect()).await?);
    Ok(Moved { entities, relisted })
}
