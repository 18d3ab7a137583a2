//! Authors, tags, sections, images and collections on the desk: live when saved.

use super::expect;
use crate::domain::entity::{Entity, EntityKind, Section};
use crate::domain::ids::{ArticleId, CollectionId, SectionId};
use crate::domain::language::{LanguageTag, Localized};
use crate::domain::policy::{Action, Subject};
use crate::domain::slug::slugify;
use crate::error::{Error, FieldError, Result};
use crate::service::Work;
use crate::store::desk::{articles, entities};
use uuid::Uuid;

impl Work {
    /// Adds an author, tag, section, image or collection. Slugs that are not given are made from the names.
    pub async fn add_entity(&mut self, entity: impl Into<Entity>) -> Result<()> {
        let entity = self.with_slugs(entity.into()).await?;
        self.require(editing(&entity), Subject::default())?;
        self.save_entity(&entity).await.map(drop)
    }

    /// Changes one. Readers who see it see the change at once.
    pub async fn change_entity<E>(&mut self, id: Uuid, expected: Option<i32>, edit: impl FnOnce(&mut E)) -> Result<()>
    where
        E: TryFrom<Entity> + Into<Entity>,
    {
        let kind = std::any::type_name::<E>().rsplit("::").next().unwrap_or("entity");
        let missing = || Error::NotFound { kind: "entity", id: format!("{kind} {id}") };
        let found = entities::lock(&self.tx, id).await?.ok_or_else(missing)?;
        let action = editing(&found.entity);
        let mut changed = E::try_from(found.entity).map_err(|_| missing())?;
        self.require(action, Subject::default())?;
        expect("entity", expected, found.version, None)?;
        edit(&mut changed);
        let changed = self.with_slugs(changed.into()).await?;
        self.save_entity(&changed).await.map(drop)
    }

    /// Adds a section, at the top or below another one.
    pub async fn add_section(&mut self, mut section: Section, parent: Option<SectionId>) -> Result<()> {
        if let Some(parent) = parent {
            let found = entities::find(&self.tx, parent.0).await?.map(|found| found.entity);
            let Some(Entity::Section(above)) = found else {
                return Err(Error::invalid("parentId", "there is no such section"));
            };
            section.ancestors = std::iter::once(above.id).chain(above.ancestors).collect();
        }
        self.add_entity(section).await
    }

    /// Replaces what is on a collection in one language, for the desk and for readers at once.
    pub async fn fill_collection(
        &mut self,
        id: CollectionId,
        expected: Option<i32>,
        language: &LanguageTag,
        stories: Vec<ArticleId>,
    ) -> Result<()> {
        self.require(Action::PublishCollection, Subject::default())?;
        let found = entities::lock(&self.tx, id.0).await?;
        let found = found.filter(|found| found.entity.kind() == EntityKind::Collection);
        let found = found.ok_or_else(|| Error::NotFound { kind: "collection", id: id.to_string() })?;
        expect("collection", expected, found.version, None)?;
        let existing = articles::existing(&self.tx, &stories).await?;
        let mut errors = Vec::new();
        for (index, story) in stories.iter().enumerate() {
            let path = format!("articleIds[{index}]");
            if !existing.contains(story) {
                errors.push(FieldError { path, code: "NOT_FOUND", message: "there is no such article".into() });
            } else if stories.iter().take(index).any(|before| before == story) {
                errors.push(FieldError { path, code: "INVALID", message: "is on the list already".into() });
            }
        }
        if !errors.is_empty() {
            return Err(Error::Invalid(errors));
        }
        let mut lists = entities::list_items(&self.tx, id).await?;
        lists.retain(|(own, _)| own != language);
        lists.push((language.clone(), stories));
        entities::touch(&self.tx, id.0, found.version, self.now).await?;
        self.publish_collection(id, &lists).await
    }

    /// Gives every language that has a name a slug.
    async fn with_slugs(&self, mut entity: Entity) -> Result<Entity> {
        let (kind, id) = (entity.kind().as_str(), entity.uuid());
        match &mut entity {
            Entity::Author(author) => {
                if author.slug.is_empty() {
                    let name = author.names.values().next().map(|name| slugify(name)).unwrap_or_default();
                    author.slug = self.free_slug(kind, "", &name, id).await?;
                }
            }
            Entity::Section(section) => self.fill_slugs(kind, id, &section.names, &mut section.slugs).await?,
            Entity::Tag(tag) => self.fill_slugs(kind, id, &tag.names, &mut tag.slugs).await?,
            Entity::Collection(list) => self.fill_slugs(kind, id, &list.names, &mut list.slugs).await?,
            Entity::Image(_) => {}
        }
        Ok(entity)
    }

    async fn fill_slugs(&self, kind: &str, id: Uuid, names: &Localized, slugs: &mut Localized) -> Result<()> {
        for (language, name) in names {
            if !slugs.contains_key(language) {
                let slug = self.free_slug(kind, language.as_str(), &slugify(name), id).await?;
                slugs.insert(language.clone(), slug);
            }
        }
        Ok(())
    }
}

fn editing(entity: &Entity) -> Action {
    match entity {
        Entity::Collection(_) => Action::PublishCollection,
        _ => Action::EditEntity,
    }
}
