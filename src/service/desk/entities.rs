//! Authors and tags on the desk, what all entities have in common there, and their archive.

use super::directory::EntityRow;
use super::expect;
use crate::domain::entity::{Author, Entity, EntityKind, Link, Tag, TagKind};
use crate::domain::ids::{AuthorId, ImageId, TagId};
use crate::domain::language::{Localized, laid_over};
use crate::domain::policy::{Action, Subject};
use crate::domain::slug::slugify;
use crate::error::{Error, FieldError, Result};
use crate::service::Work;
use crate::store::desk::entities::{self, DeskEntity};
use uuid::Uuid;

/// Change an author; what is `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct AuthorPatch {
    /// The slug; made from the name of a new author where nothing is given.
    pub slug: Option<String>,
    /// Names by language; an empty one takes the name away.
    pub names: Option<Localized>,
    /// Words about the author by language.
    pub bios: Option<Localized>,
    /// The picture; `Some(None)` takes it away.
    pub portrait: Option<Option<ImageId>>,
    /// All pages and accounts.
    pub links: Option<Vec<Link>>,
}

/// Change a tag; what is `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct TagPatch {
    /// What it stands for.
    pub kind: Option<TagKind>,
    /// Names by language; an empty one takes the name away.
    pub names: Option<Localized>,
    /// Slugs by language; made from the names where a language has none.
    pub slugs: Option<Localized>,
}

/// The longest name, in characters.
pub(super) const NAME: usize = 200;
/// The longest text about something, in characters.
pub(super) const TEXT: usize = 5_000;
/// The most links that an author has.
const LINKS: usize = 50;

/// Notes what is blank or too long.
pub(super) fn check_text(errors: &mut Vec<FieldError>, path: String, text: &str, most: usize) {
    if text.trim().is_empty() {
        errors.push(FieldError { path, code: "REQUIRED", message: "may not be blank".into() });
    } else if text.chars().count() > most {
        let message = format!("may have at most {most} characters, has {}", text.chars().count());
        errors.push(FieldError { path, code: "TOO_LONG", message });
    }
}

/// Notes which languages' texts are blank or too long.
pub(super) fn check_texts(errors: &mut Vec<FieldError>, path: &str, texts: &Localized, most: usize) {
    texts.iter().for_each(|(language, text)| check_text(errors, format!("{path}.{language}"), text, most));
}

/// Fails with what was noted.
pub(super) fn settle(errors: Vec<FieldError>) -> Result<()> {
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}

fn action(kind: EntityKind) -> Action {
    if kind == EntityKind::Collection { Action::PublishCollection } else { Action::EditEntity }
}

impl Work {
    /// Refuses who may not change entities of a kind.
    pub(super) fn require_entity(&self, kind: EntityKind) -> Result<()> {
        self.require(action(kind), Subject::default())
    }

    /// The entity, if the actor may change it and saw its newest version; held until the end of the transaction.
    pub(super) async fn held_entity(&self, kind: EntityKind, id: Uuid, expected: Option<i32>) -> Result<DeskEntity> {
        self.require_entity(kind)?;
        let found = entities::lock(&self.tx, id).await?.filter(|found| found.entity.kind() == kind);
        let found = found.ok_or_else(|| Error::NotFound { kind: kind.as_str(), id: kind.id(id) })?;
        expect(kind.as_str(), expected, found.version, found.updated_by.as_deref())?;
        Ok(found)
    }

    /// Saves an entity and gives it as it stands then.
    pub(super) async fn save_row(&mut self, entity: impl Into<Entity>) -> Result<EntityRow> {
        let entity = entity.into();
        self.save_entity(&entity).await?;
        self.entity_row(entity.uuid()).await
    }

    /// The slugs, with one made from the name where a language has none.
    pub(super) async fn complete_slugs(
        &self,
        kind: EntityKind,
        id: Uuid,
        names: &Localized,
        mut slugs: Localized,
    ) -> Result<Localized> {
        for (language, name) in names {
            if !slugs.contains_key(language) {
                let slug = self.free_slug(kind.as_str(), language.as_str(), &slugify(name), id).await?;
                slugs.insert(language.clone(), slug);
            }
        }
        Ok(slugs)
    }

    /// What something may not refer to: what is not there, and what is in the archive, unless it was referred to before.
    /// `wanted` is (path, kind, id).
    pub(super) async fn check_assignable(
        &self,
        wanted: Vec<(String, EntityKind, Uuid)>,
        had: &[Uuid],
    ) -> Result<Vec<FieldError>> {
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let found = entities::list_desk(&self.tx, wanted.iter().map(|(.., id)| *id)).await?;
        let wrong = |(path, kind, id): (String, EntityKind, Uuid)| {
            let row = found.iter().find(|row| row.entity.uuid() == id && row.entity.kind() == kind);
            let (code, message) = match row {
                None => ("NOT_FOUND", format!("there is no such {kind}")),
                Some(row) if row.archived_at.is_some() && !had.contains(&id) => {
                    ("ARCHIVED", format!("the {kind} is in the archive; take it out first"))
                }
                Some(_) => return None,
            };
            Some(FieldError { path, code, message })
        };
        Ok(wanted.into_iter().filter_map(wrong).collect())
    }

    /// Adds an author.
    pub async fn create_author(&mut self, patch: AuthorPatch) -> Result<EntityRow> {
        self.require_entity(EntityKind::Author)?;
        let (id, names) = (AuthorId::new(), laid_over(Localized::new(), patch.names.clone()));
        let mut author =
            Author { id, slug: String::new(), names, bios: Localized::new(), portrait: None, links: Vec::new() };
        if patch.slug.is_none() {
            let latin = author.names.values().find(|name| name.is_ascii()).or(author.names.values().next());
            let wanted = latin.map(|name| slugify(name)).unwrap_or_default();
            author.slug = self.free_slug("author", "", &wanted, id.0).await?;
        }
        self.change_author(author, patch).await
    }

    /// Changes an author. Readers who see the author see the change at once.
    pub async fn update_author(
        &mut self,
        id: AuthorId,
        patch: AuthorPatch,
        expected: Option<i32>,
    ) -> Result<EntityRow> {
        match self.held_entity(EntityKind::Author, id.0, expected).await?.entity {
            Entity::Author(author) => self.change_author(author, patch).await,
            _ => Err(Error::internal("an entity of another kind")),
        }
    }

    async fn change_author(&mut self, before: Author, patch: AuthorPatch) -> Result<EntityRow> {
        let author = Author {
            id: before.id,
            slug: patch.slug.unwrap_or(before.slug),
            names: laid_over(before.names, patch.names),
            bios: laid_over(before.bios, patch.bios),
            portrait: patch.portrait.unwrap_or(before.portrait),
            links: patch.links.unwrap_or(before.links),
        };
        let portrait = author.portrait.iter().map(|image| ("portraitId".to_owned(), EntityKind::Image, image.0));
        let had: Vec<Uuid> = before.portrait.iter().map(|image| image.0).collect();
        let mut errors = self.check_assignable(portrait.collect(), &had).await?;
        check_texts(&mut errors, "names", &author.names, NAME);
        check_texts(&mut errors, "bios", &author.bios, TEXT);
        check_links(&mut errors, &author.links);
        settle(errors)?;
        self.save_row(author).await
    }

    /// Adds a tag.
    pub async fn create_tag(&mut self, patch: TagPatch) -> Result<EntityRow> {
        self.require_entity(EntityKind::Tag)?;
        let (names, slugs) = (Localized::new(), Localized::new());
        self.change_tag(Tag { id: TagId::new(), kind: TagKind::Topic, names, slugs }, patch).await
    }

    /// Changes a tag. Readers who see it see the change at once; its old slugs still lead to it.
    pub async fn update_tag(&mut self, id: TagId, patch: TagPatch, expected: Option<i32>) -> Result<EntityRow> {
        match self.held_entity(EntityKind::Tag, id.0, expected).await?.entity {
            Entity::Tag(tag) => self.change_tag(tag, patch).await,
            _ => Err(Error::internal("an entity of another kind")),
        }
    }

    async fn change_tag(&mut self, before: Tag, patch: TagPatch) -> Result<EntityRow> {
        let names = laid_over(before.names, patch.names);
        let mut errors = Vec::new();
        check_texts(&mut errors, "names", &names, NAME);
        settle(errors)?;
        let slugs = laid_over(before.slugs, patch.slugs);
        let slugs = self.complete_slugs(EntityKind::Tag, before.id.0, &names, slugs).await?;
        self.save_row(Tag { id: before.id, kind: patch.kind.unwrap_or(before.kind), names, slugs }).await
    }

    /// Puts an entity into the archive, or takes it out again. What refers to it goes on doing so.
    pub async fn archive_entity(
        &mut self,
        kind: EntityKind,
        id: Uuid,
        archive: bool,
        expected: Option<i32>,
    ) -> Result<EntityRow> {
        let mut held = self.held_entity(kind, id, expected).await?;
        if archive != held.archived_at.is_some() {
            held.archived_at = archive.then_some(self.now);
            entities::update_state(&self.tx, &held, self.actor.name(), self.now).await?;
            self.note(if archive { "entity.archive" } else { "entity.unarchive" }, id).await?;
        }
        self.entity_row(id).await
    }
}

fn check_links(errors: &mut Vec<FieldError>, links: &[Link]) {
    if links.len() > LINKS {
        let message = format!("at most {LINKS} are accepted, found {}", links.len());
        errors.push(FieldError { path: "links".into(), code: "TOO_LONG", message });
    }
    for (index, link) in links.iter().enumerate() {
        check_text(errors, format!("links[{index}].label"), &link.label, NAME);
        if !link.is_full() {
            let message = "is no full address: expected http, https or mailto".to_owned();
            errors.push(FieldError { path: format!("links[{index}].url"), code: "INVALID", message });
        }
    }
}
