//! Authors, categories and tags: what they become, and how they are found again.
//!
//! A category is a section, with the tree above it. A post has one section only: its further categories become tags.

use super::classic::markup::plain_text;
use super::item::WpTermRef;
use super::wxr::{WpAuthor, WpTerm};
use crate::domain::entity::{Author, Entity, EntityKind, Section, Tag, TagKind};
use crate::domain::ids::{AuthorId, SectionId, TagId};
use crate::domain::language::{LanguageTag, Localized};
use crate::domain::slug::slugify;
use crate::error::{Error, Result};
use crate::import::attempt::{Attempt, fingerprint};
use crate::import::report::Outcome;
use uuid::Uuid;

/// A deeper tree is nobody's; every section names all above it.
const DEEPEST: usize = 20;

/// Where a category stands that only a post names.
const LAST: i32 = 1_000_000;

impl Attempt<'_> {
    /// Adds a user of the site, or what changed of one.
    pub(super) async fn save_author(&mut self, author: &WpAuthor) -> Result<Outcome> {
        let whole = [author.first_name.trim(), author.last_name.trim()].join(" ");
        let named = [author.display_name.as_str(), whole.as_str(), author.login.as_str()];
        let name = named.into_iter().map(str::trim).find(|name| !name.is_empty()).unwrap_or_default();
        // A login may be an e-mail address, which is nobody else's business.
        let (name, login) = (without_domain(name), without_domain(&author.login));
        let language = self.run.languages().default_tag().clone();
        let print = fingerprint([name]);
        let found = self.find("author", &author.login).await?;
        if found.as_ref().is_some_and(|(_, before)| *before == print) {
            self.tally.authors.count(Outcome::Unchanged);
            return Ok(Outcome::Unchanged);
        }
        let names = Localized::from([(language.clone(), name.to_owned())]);
        let same = |entity: &Entity| matches!(entity, Entity::Author(other) if other.names.values().any(|n| n == name));
        let before = match found {
            Some((id, _)) => self.work.find_entity(id).await?,
            None => self.find_same(EntityKind::Author, None, &slugify(login), same).await?,
        };
        let author_entity = if let Some(Entity::Author(mut before)) = before {
            before.names.insert(language, name.to_owned());
            before
        } else {
            let id = AuthorId::new();
            let slug = self.work.free_slug("author", "", &slugify(login), id.0).await?;
            Author { id, slug, names, bios: Localized::new(), portrait: None, links: Vec::new() }
        };
        let id = author_entity.id;
        let outcome = self.save(author_entity).await?;
        self.remember("author", &author.login, id.0, &print).await?;
        Ok(outcome)
    }

    /// The author with this login; one that the export does not list is added by its login.
    pub(super) async fn author(&mut self, login: &str) -> Result<AuthorId> {
        if let Some(found) = self.known("author", login).await? {
            return Ok(AuthorId(found));
        }
        self.save_author(&WpAuthor { login: login.to_owned(), ..WpAuthor::default() }).await?;
        let found = self.known("author", login).await?;
        found.map(AuthorId).ok_or_else(|| Error::internal("the author was not remembered"))
    }

    /// Adds a category as a section, or what changed of it; nothing while the one above it is not there yet.
    pub(super) async fn save_category(
        &mut self,
        term: &WpTerm,
        language: &LanguageTag,
        position: i32,
    ) -> Result<Option<Outcome>> {
        let ancestors = match term.parent.as_deref().filter(|parent| *parent != term.slug) {
            None => Vec::new(),
            Some(parent) => {
                let Some(parent) = self.known("section", parent).await? else { return Ok(None) };
                let Some(Entity::Section(parent)) = self.work.find_entity(parent).await? else { return Ok(None) };
                std::iter::once(parent.id).chain(parent.ancestors).collect()
            }
        };
        if ancestors.len() > DEEPEST {
            return Err(Error::invalid("parent", format!("more than {DEEPEST} sections lie above it")));
        }
        let name = plain_text(&term.name);
        let name = if name.is_empty() { term.slug.clone() } else { name };
        let print = fingerprint([name.as_str(), &format!("{ancestors:?} {position} {language}")]);
        let found = self.find("section", &term.slug).await?;
        if found.as_ref().is_some_and(|(_, before)| *before == print) {
            self.tally.sections.count(Outcome::Unchanged);
            return Ok(Some(Outcome::Unchanged));
        }
        let section = self.section_entity(found.map(|(id, _)| id), &term.slug, &name, language).await?;
        let section = Section { ancestors, position, ..section };
        let id = section.id;
        let outcome = self.save(section).await?;
        self.remember("section", &term.slug, id.0, &print).await?;
        if let Some(number) = term.id {
            self.remember("category-id", &number.to_string(), id.0, "").await?;
        }
        Ok(Some(outcome))
    }

    async fn section_entity(
        &mut self,
        found: Option<Uuid>,
        nicename: &str,
        name: &str,
        language: &LanguageTag,
    ) -> Result<Section> {
        let wanted = slugify(if nicename.is_empty() { name } else { nicename });
        let same =
            |entity: &Entity| matches!(entity, Entity::Section(other) if other.names.values().any(|n| n == name));
        let before = match found {
            Some(id) => self.work.find_entity(id).await?,
            None => self.find_same(EntityKind::Section, Some(language), &wanted, same).await?,
        };
        let mut section = match before {
            Some(Entity::Section(before)) => before,
            _ => Section {
                id: SectionId::new(),
                names: Localized::new(),
                slugs: Localized::new(),
                ancestors: Vec::new(),
                position: 0,
            },
        };
        section.names.insert(language.clone(), name.to_owned());
        if !section.slugs.contains_key(language) {
            let slug = self.work.free_slug("section", language.as_str(), &wanted, section.id.0).await?;
            section.slugs.insert(language.clone(), slug);
        }
        Ok(section)
    }

    /// The section of a category that a post names; one that the export does not list is added.
    pub(super) async fn section(&mut self, term: &WpTermRef, language: &LanguageTag) -> Result<SectionId> {
        let slug = if term.nicename.is_empty() { &term.name } else { &term.nicename };
        if let Some(found) = self.known("section", slug).await? {
            return Ok(SectionId(found));
        }
        let category = WpTerm { slug: slug.clone(), name: term.name.clone(), ..WpTerm::default() };
        self.save_category(&category, language, LAST).await?;
        let found = self.known("section", slug).await?;
        found.map(SectionId).ok_or_else(|| Error::internal("the section was not remembered"))
    }

    /// The tag that a term of a post is, named in the language of the first post that has it.
    pub(super) async fn tag(&mut self, kind: &'static str, term: &WpTermRef, language: &LanguageTag) -> Result<TagId> {
        let slug = if term.nicename.is_empty() { &term.name } else { &term.nicename };
        if let Some(found) = self.known(kind, slug).await? {
            return Ok(TagId(found));
        }
        let name = plain_text(&term.name);
        let name = if name.is_empty() { slug.clone() } else { name };
        let wanted = Some(slugify(slug)).filter(|slug| !slug.is_empty()).unwrap_or_else(|| slugify(&name));
        let same = |entity: &Entity| matches!(entity, Entity::Tag(other) if other.names.get(language) == Some(&name));
        let found = self.find_same(EntityKind::Tag, Some(language), &wanted, same).await?;
        let id = match found {
            Some(Entity::Tag(tag)) => tag.id,
            _ => {
                let id = TagId::new();
                let free = self.work.free_slug("tag", language.as_str(), &wanted, id.0).await?;
                let names = Localized::from([(language.clone(), name)]);
                let slugs = Localized::from([(language.clone(), free)]);
                self.save(Tag { id, kind: TagKind::Topic, names, slugs }).await?;
                id
            }
        };
        self.remember(kind, slug, id.0, "").await?;
        Ok(id)
    }

    /// What another import or the desk made of the same thing: the slug is the wanted one and so is the name.
    async fn find_same(
        &mut self,
        kind: EntityKind,
        language: Option<&LanguageTag>,
        slug: &str,
        is_same: impl Fn(&Entity) -> bool,
    ) -> Result<Option<Entity>> {
        let Some(found) = self.work.find_entity_by_slug(kind, language, slug).await? else { return Ok(None) };
        Ok(self.work.find_entity(found).await?.filter(is_same))
    }
}

fn without_domain(text: &str) -> &str {
    match text.split_once('@') {
        Some((before, _)) if !before.is_empty() => before,
        _ => text,
    }
}
