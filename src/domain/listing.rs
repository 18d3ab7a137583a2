//! Lists of stories: what is on them, in which order, and which part is wanted.

use super::article::Kind;
use super::entity::Entity;
use super::ids::{ArticleId, AuthorId, CollectionId, SectionId, TagId};
use super::language::{LanguageTag, Localized};
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

/// The most that one page may hold.
pub const MAX_PAGE: u32 = 100;
/// What a page holds unless somebody asks.
pub const DEFAULT_PAGE: u32 = 20;

/// Which stories. All conditions must hold, each on the variant that is served.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Filter {
    /// In one of these sections.
    pub sections: Vec<SectionId>,
    /// Only in the sections themselves, not in those below them.
    pub sections_only: bool,
    /// With at least one of these tags.
    pub tags_any: Vec<TagId>,
    /// With all of these tags.
    pub tags_all: Vec<TagId>,
    /// With none of these tags.
    pub tags_none: Vec<TagId>,
    /// By one of these authors, whatever the role.
    pub authors: Vec<AuthorId>,
    /// Of one of these kinds.
    pub kinds: Vec<Kind>,
    /// Published at this moment or later (microseconds since 1970).
    pub published_from: Option<i64>,
    /// Published before this moment (microseconds since 1970).
    pub published_before: Option<i64>,
    /// Published in each of these languages, too.
    pub has_variants: Vec<LanguageTag>,
    /// One of these stories.
    pub ids: Vec<ArticleId>,
    /// All of these words in title or deks, in lower case.
    pub words: Vec<String>,
}

/// A text as it is searched: composed (NFC) and in lower case, whatever keyboard wrote it.
pub fn folded(text: &str) -> String {
    text.nfc().flat_map(char::to_lowercase).collect()
}

/// What staff find an author, section, tag, image or collection by: its names, slugs and texts, folded.
pub fn searchable(entity: &Entity) -> String {
    let (texts, others): (&[&Localized], Vec<&String>) = match entity {
        Entity::Author(author) => (&[&author.names], Vec::new()),
        Entity::Section(section) => (&[&section.names], Vec::new()),
        Entity::Tag(tag) => (&[&tag.names], Vec::new()),
        Entity::Image(image) => {
            let others = [&image.file_name, &image.credit, &image.source_url];
            (&[&image.alts, &image.captions], others.into_iter().flatten().collect())
        }
        Entity::Collection(collection) => (&[&collection.names], Vec::new()),
    };
    let texts = texts.iter().flat_map(|texts| texts.values()).chain(others).map(String::as_str);
    let slugs = entity.slugs().into_iter().map(|(_, slug)| slug);
    texts.chain(slugs).map(folded).collect::<Vec<_>>().join("\n")
}

impl Filter {
    /// The one condition that an index of lists answers in order, if there is one. A tag is rarer than an author, an
    /// author rarer than a section, a section rarer than a kind.
    pub fn driving_facet(&self) -> Option<Uuid> {
        fn only<T: Copy>(values: &[T]) -> Option<T> {
            if let [one] = values { Some(*one) } else { None }
        }
        self.tags_all
            .first()
            .copied()
            .or_else(|| only(&self.tags_any))
            .map(|tag| tag.0)
            .or_else(|| only(&self.authors).map(|author| author.0))
            .or_else(|| if self.sections_only { None } else { only(&self.sections).map(|section| section.0) })
            .or_else(|| only(&self.kinds).map(Kind::facet))
    }
}

/// By what a list is ordered. Ties are broken by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum OrderBy {
    /// When the served variant was first published.
    #[default]
    PublishedAt,
    /// When the served variant last changed.
    ModifiedAt,
}

/// What a list is walked by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Source {
    /// All that is published, in the order of a moment.
    Published {
        /// Which moment.
        order: OrderBy,
        /// Oldest first instead of newest first.
        ascending: bool,
    },
    /// The list of a collection in a language, in the editor's order.
    Collection(CollectionId, LanguageTag),
}

/// A place in a list: what it is ordered by, and the story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// Microseconds since 1970, or the place on the editor's list.
    pub at: i64,
    /// The story.
    pub article: ArticleId,
}

/// Which part of a list: the first or last `limit` stories strictly between `after` and `before`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Window {
    /// Begin behind this place.
    pub after: Option<Position>,
    /// End before this place.
    pub before: Option<Position>,
    /// How many at most.
    pub limit: u32,
    /// Take the last ones instead of the first ones.
    pub from_end: bool,
}

/// A list of stories, each once, in the best language of the chain that it is published in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Listing {
    /// The languages to serve, best first.
    pub chain: Vec<LanguageTag>,
    /// Which stories.
    pub filter: Filter,
    /// Where from, and in which order.
    pub source: Source,
}

impl Listing {
    /// Whether the list begins with the smallest position.
    pub fn ascending(&self) -> bool {
        match self.source {
            Source::Published { ascending, .. } => ascending,
            Source::Collection(..) => true,
        }
    }
}
