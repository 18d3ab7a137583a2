//! The tree of sections.

use super::directory::EntityRow;
use super::entities::{NAME, check_texts, settle};
use crate::domain::entity::{Entity, EntityKind, Section};
use crate::domain::ids::SectionId;
use crate::domain::language::{Localized, laid_over};
use crate::error::{Error, FieldError, Result};
use crate::service::Work;
use crate::store::desk::entities;

/// Change a section; what is `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct SectionPatch {
    /// Names by language; an empty one takes the name away.
    pub names: Option<Localized>,
    /// Slugs by language; made from the names where a language has none.
    pub slugs: Option<Localized>,
    /// The section that it is in; `Some(None)` puts it at the top.
    pub parent: Option<Option<SectionId>>,
    /// Its place among its siblings; a new one comes last.
    pub position: Option<i32>,
}

/// How deep sections nest.
const DEPTH: usize = 10;

fn wrong(path: &str, code: &'static str, message: impl Into<String>) -> Error {
    Error::Invalid(vec![FieldError { path: path.into(), code, message: message.into() }])
}

impl Work {
    /// Adds a section. Begin alone: the tree must not move meanwhile.
    pub async fn create_section(&mut self, patch: SectionPatch) -> Result<EntityRow> {
        self.require_entity(EntityKind::Section)?;
        let all = self.sections().await?;
        let parent = patch.parent.flatten();
        let siblings = all.iter().filter(|section| section.parent() == parent);
        let last = siblings.map(|section| section.position).max();
        let new = Section {
            id: SectionId::new(),
            names: Localized::new(),
            slugs: Localized::new(),
            ancestors: Vec::new(),
            position: last.map_or(1, |last| last.saturating_add(1)),
        };
        self.change_section(&all, new, patch).await
    }

    /// Changes a section. Readers see it at once: a section that moves takes what is below it along, and the lists of
    /// the sections above change with it. Begin alone.
    pub async fn update_section(
        &mut self,
        id: SectionId,
        patch: SectionPatch,
        expected: Option<i32>,
    ) -> Result<EntityRow> {
        let Entity::Section(section) = self.held_entity(EntityKind::Section, id.0, expected).await?.entity else {
            return Err(Error::internal("an entity of another kind"));
        };
        let all = self.sections().await?;
        self.change_section(&all, section, patch).await
    }

    async fn sections(&self) -> Result<Vec<Section>> {
        if !self.alone {
            return Err(Error::internal("the tree of sections is changed alone"));
        }
        let all = entities::list_kind(&self.tx, EntityKind::Section).await?.into_iter();
        let section = |entity| match entity {
            Entity::Section(section) => Some(section),
            _ => None,
        };
        Ok(all.filter_map(section).collect())
    }

    async fn change_section(&mut self, all: &[Section], before: Section, patch: SectionPatch) -> Result<EntityRow> {
        let names = laid_over(before.names, patch.names);
        let mut errors = Vec::new();
        check_texts(&mut errors, "names", &names, NAME);
        settle(errors)?;
        let slugs = laid_over(before.slugs, patch.slugs);
        let slugs = self.complete_slugs(EntityKind::Section, before.id.0, &names, slugs).await?;
        let ancestors = match patch.parent {
            Some(parent) => self.path_below(all, before.id, parent, &before.ancestors).await?,
            None => before.ancestors.clone(),
        };
        let position = patch.position.unwrap_or(before.position);
        if position < 0 {
            return Err(wrong("position", "INVALID", "may not be negative"));
        }
        let id = before.id;
        let moved = ancestors != before.ancestors;
        self.save_entity(&Section { id, names, slugs, ancestors: ancestors.clone(), position }.into()).await?;
        let below = all.iter().filter(|section| moved && section.ancestors.contains(&id));
        for section in below {
            let between = section.ancestors.iter().copied().take_while(|above| *above != id);
            let path = between.chain([id]).chain(ancestors.iter().copied()).collect();
            self.save_entity(&Section { ancestors: path, ..section.clone() }.into()).await?;
        }
        self.entity_row(id.0).await
    }

    /// All sections above one that is to be in `parent`, the nearest first.
    async fn path_below(
        &self,
        all: &[Section],
        id: SectionId,
        parent: Option<SectionId>,
        had: &[SectionId],
    ) -> Result<Vec<SectionId>> {
        let Some(parent) = parent else { return Ok(Vec::new()) };
        let had: Vec<uuid::Uuid> = had.iter().map(|above| above.0).collect();
        let wanted = vec![("parentId".to_owned(), EntityKind::Section, parent.0)];
        settle(self.check_assignable(wanted, &had).await?)?;
        let above = all.iter().find(|section| section.id == parent);
        let above = above.ok_or_else(|| Error::internal("the section above is missing"))?;
        if parent == id || above.ancestors.contains(&id) {
            return Err(wrong("parentId", "CYCLE", "is the section itself or below it"));
        }
        let path: Vec<SectionId> = std::iter::once(parent).chain(above.ancestors.iter().copied()).collect();
        // What is below comes along.
        let under = |section: &Section| section.ancestors.iter().position(|above| *above == id).map(|at| at + 1);
        let below = all.iter().filter_map(under).max().unwrap_or(0);
        if path.len() + below >= DEPTH {
            return Err(wrong("parentId", "TOO_DEEP", format!("sections nest at most {DEPTH} deep")));
        }
        Ok(path)
    }
}
