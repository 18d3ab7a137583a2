//! Authors, tags and sections: from the lists beside the stories, or by their names alone.

use super::front_matter::{ListedAuthor, ListedSection, ListedTag, read_list};
use super::images::{Said, key, obtain};
use super::{readable, settle};
use crate::domain::entity::{Author, Entity, EntityKind, Section, Tag, TagKind};
use crate::domain::ids::{AuthorId, SectionId, TagId};
use crate::domain::language::{LanguageTag, Localized};
use crate::domain::slug::slugify;
use crate::error::{Error, Result};
use crate::import::attempt::{Attempt, Run, State, entry};
use std::collections::BTreeMap;
use std::path::Path;

/// Saves what the lists hold. A list that cannot be read is reported; stories then use the names alone.
pub(super) async fn import(run: &Run<'_>, state: &mut State, folder: &Path) -> Result<()> {
    match read_list::<Vec<ListedSection>>(folder, "sections.yaml") {
        Ok(sections) => {
            for (listed, position) in sections.unwrap_or_default().into_iter().zip(1..) {
                let name = listed.key.clone();
                let done = section(run, state, listed, position).await;
                settle(run, state, ("section", &name), done)?;
            }
        }
        Err(error) => settle(run, state, ("file", "sections.yaml"), Err(error))?,
    }
    match read_list::<BTreeMap<String, ListedAuthor>>(folder, "authors.yaml") {
        Ok(authors) => {
            for (slug, listed) in authors.unwrap_or_default() {
                let done = author(run, state, &slug, listed).await;
                settle(run, state, ("author", &slug), done)?;
            }
        }
        Err(error) => settle(run, state, ("file", "authors.yaml"), Err(error))?,
    }
    match read_list::<BTreeMap<String, ListedTag>>(folder, "tags.yaml") {
        Ok(tags) => {
            for (name, listed) in tags.unwrap_or_default() {
                let done = tag(run, state, &name, listed).await;
                settle(run, state, ("tag", &name), done)?;
            }
        }
        Err(error) => settle(run, state, ("file", "tags.yaml"), Err(error))?,
    }
    Ok(())
}

async fn section(run: &Run<'_>, state: &mut State, listed: ListedSection, position: i32) -> Result<()> {
    let mut attempt = Attempt::begin(run, state).await?;
    let id = match attempt.known("section", &listed.key).await? {
        Some(found) => SectionId(found),
        None => SectionId::new(),
    };
    let ancestors = match &listed.parent {
        None => Vec::new(),
        Some(parent) => {
            let found = attempt.known("section", parent).await?;
            let above = match found {
                Some(found) => attempt.work.find_entity(found).await?,
                None => None,
            };
            let Some(Entity::Section(above)) = above else {
                return Err(Error::invalid("parent", format!("no section `{parent}` stands before this one")));
            };
            std::iter::once(above.id).chain(above.ancestors).collect()
        }
    };
    let slugs = slugs(listed.slugs, &listed.names);
    let outcome = attempt.save(Section { id, names: listed.names, slugs, ancestors, position }).await?;
    attempt.remember("section", &listed.key, id.0, "").await?;
    attempt.commit(entry("section", listed.key, "", outcome)).await
}

async fn author(run: &Run<'_>, state: &mut State, slug: &str, listed: ListedAuthor) -> Result<()> {
    let portrait = listed.portrait.as_ref().map(|portrait| (key("", &portrait.file), portrait));
    let files = obtain(run, portrait.iter().map(|(key, _)| key.clone())).await;
    let mut attempt = Attempt::begin(run, state).await?;
    let found = attempt.known("author", slug).await?;
    let id = found.map_or_else(AuthorId::new, AuthorId);
    let portrait = match portrait {
        Some((key, portrait)) => Some(attempt.picture(&key, Said::portrait(portrait), &files).await?),
        None => None,
    };
    let (names, bios, links) = (listed.names, listed.bios, listed.links);
    let new = Author { id, slug: slug.to_owned(), names, bios, portrait, links };
    let outcome = attempt.save(new).await?;
    attempt.remember("author", slug, id.0, "").await?;
    attempt.commit(entry("author", slug, "", outcome)).await
}

async fn tag(run: &Run<'_>, state: &mut State, name: &str, listed: ListedTag) -> Result<()> {
    let mut attempt = Attempt::begin(run, state).await?;
    let id = attempt.known("tag", name).await?.map_or_else(TagId::new, TagId);
    let slugs = slugs(listed.slugs, &listed.names);
    let outcome = attempt.save(Tag { id, kind: listed.kind, names: listed.names, slugs }).await?;
    attempt.remember("tag", name, id.0, "").await?;
    attempt.commit(entry("tag", name, "", outcome)).await
}

/// Where a list gives no slugs, the names make them.
pub(super) fn slugs(given: Localized, names: &Localized) -> Localized {
    let mut slugs = given;
    for (language, name) in names {
        slugs.entry(language.clone()).or_insert_with(|| slugify(name));
    }
    slugs
}

impl Attempt<'_> {
    /// The author with a slug; one that no list names is added with a name made from the slug.
    pub(super) async fn author_named(&mut self, slug: &str) -> Result<AuthorId> {
        if let Some(found) = self.named(EntityKind::Author, "author", None, slug).await? {
            return Ok(AuthorId(found));
        }
        let id = AuthorId::new();
        let names = Localized::from([(self.run.languages().default_tag().clone(), readable(slug))]);
        let (bios, links) = (Localized::new(), Vec::new());
        self.save(Author { id, slug: slug.to_owned(), names, bios, portrait: None, links }).await?;
        self.note(format!("author `{slug}`"), format!("added as “{}”", readable(slug)));
        self.remember("author", slug, id.0, "").await?;
        Ok(id)
    }

    /// The tag with a name; one that no list names is added as a topic.
    pub(super) async fn tag_named(&mut self, name: &str, language: &LanguageTag) -> Result<TagId> {
        if let Some(found) = self.named(EntityKind::Tag, "tag", Some(language), name).await? {
            return Ok(TagId(found));
        }
        let id = TagId::new();
        let names = Localized::from([(language.clone(), readable(name))]);
        let slugs = Localized::from([(language.clone(), slugify(name))]);
        self.save(Tag { id, kind: TagKind::Topic, names, slugs }).await?;
        self.note(format!("tag `{name}`"), format!("added as “{}”", readable(name)));
        self.remember("tag", name, id.0, "").await?;
        Ok(id)
    }

    /// The section with a name; one that no list names is added at the end.
    pub(super) async fn section_named(&mut self, name: &str, language: &LanguageTag) -> Result<SectionId> {
        if let Some(found) = self.named(EntityKind::Section, "section", Some(language), name).await? {
            return Ok(SectionId(found));
        }
        let id = SectionId::new();
        let names = Localized::from([(language.clone(), readable(name))]);
        let slugs = Localized::from([(language.clone(), slugify(name))]);
        self.save(Section { id, names, slugs, ancestors: Vec::new(), position: 1_000_000 }).await?;
        self.note(format!("section `{name}`"), format!("added as “{}”", readable(name)));
        self.remember("section", name, id.0, "").await?;
        Ok(id)
    }

    /// What a name means: what an earlier file or run made of it, else what already has it as its slug.
    async fn named(
        &mut self,
        kind: EntityKind,
        remembered_as: &'static str,
        language: Option<&LanguageTag>,
        name: &str,
    ) -> Result<Option<uuid::Uuid>> {
        if let Some(found) = self.known(remembered_as, name).await? {
            return Ok(Some(found));
        }
        let Some(found) = self.work.find_entity_by_slug(kind, language, name).await? else { return Ok(None) };
        self.remember(remembered_as, name, found, "").await?;
        Ok(Some(found))
    }
}
