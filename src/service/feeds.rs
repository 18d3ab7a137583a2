//! Reading for feeds and sitemaps: stories with all that an entry says of them, what was withdrawn, and where all is found.

use super::read::{Along, Reader, Story, story};
use crate::domain::body::Body;
use crate::domain::effect::Parts;
use crate::domain::entity::Entity;
use crate::domain::footprint::{Dependency, Presence, SpanRead, WithdrawnRead};
use crate::domain::ids::{ArticleId, VariantId};
use crate::domain::language::LanguageTag;
use crate::domain::sitemap::{Located, Span};
use crate::error::Result;
use crate::store::live::{articles, feeds};
use std::collections::HashMap;
use std::sync::Arc;
use time::OffsetDateTime;
use uuid::Uuid;

/// A variant that readers saw once, and when it was withdrawn.
pub type Withdrawn = (VariantId, OffsetDateTime);

/// Several stories, and what entries of a feed say of them.
#[derive(Debug, Default)]
pub struct FeedStories {
    /// The stories.
    pub stories: HashMap<ArticleId, Story>,
    /// Bodies of their variants.
    pub bodies: HashMap<VariantId, Body>,
    /// What they refer to.
    pub entities: HashMap<Uuid, Arc<Entity>>,
}

impl Reader {
    /// Several stories with the bodies in some languages and all that they refer to, in one statement. Which languages a
    /// story has is noted; what is shown of its variants and of entities, who shows it notes.
    pub async fn feed_stories(&self, ids: &[ArticleId], bodies: &[LanguageTag]) -> Result<FeedStories> {
        if ids.is_empty() {
            return Ok(FeedStories::default());
        }
        self.note(|footprint| ids.iter().for_each(|id| footprint.saw_presence(*id, Presence::All)));
        let found = articles::list(self.session(), ids, Along { bodies, entities: true }).await?;
        let mut groups: HashMap<ArticleId, Vec<_>> = HashMap::new();
        for variant in found.variants {
            groups.entry(variant.article).or_default().push(Arc::new(variant));
        }
        Ok(FeedStories {
            stories: groups.into_iter().map(|(id, variants)| (id, story(variants))).collect(),
            bodies: found.bodies.into_iter().collect(),
            entities: found.entities.into_iter().map(|entity| (entity.uuid(), Arc::new(entity))).collect(),
        })
    }

    /// The newest `limit` variants in these languages that were withdrawn; of those that were listed under a tag, author,
    /// section or collection, or of all.
    pub async fn withdrawn(
        &self,
        facet: Option<Uuid>,
        languages: &[LanguageTag],
        limit: u32,
    ) -> Result<Vec<Withdrawn>> {
        self.note_dependency(|| Dependency::Withdrawn(WithdrawnRead { languages: languages.to_vec(), facet }));
        feeds::list_withdrawn(self.session(), facet, languages, limit).await
    }

    /// How many variants in these languages were first published in each span of time.
    pub async fn spans(&self, languages: &[LanguageTag]) -> Result<Vec<(LanguageTag, Span, u64)>> {
        self.note(|footprint| {
            let all = |language: &LanguageTag| SpanRead {
                language: language.clone(),
                from: i64::MIN,
                before: i64::MAX,
                parts: Parts::PUBLISHED_AT,
            };
            footprint.others.extend(languages.iter().map(all).map(Dependency::Span));
        });
        let mut spans = feeds::count_spans(self.session()).await?;
        spans.retain(|(language, ..)| languages.contains(language));
        Ok(spans)
    }

    /// All published variants of stories that were first published in a language in a span, `limit` stories after the first
    /// `skip`, oldest first. Of the variants their addresses and dates are noted.
    pub async fn located(&self, language: &LanguageTag, span: Span, (skip, limit): (u32, u32)) -> Result<Vec<Located>> {
        self.note_dependency(|| {
            let parts = Parts::SLUG.and(Parts::MODIFIED_AT).and(Parts::CORRECTIONS).and(Parts::PUBLISHED_AT);
            Dependency::Span(SpanRead { language: language.clone(), from: span.start(), before: span.end(), parts })
        });
        feeds::list_located(self.session(), language, span, (skip, limit)).await
    }
}
