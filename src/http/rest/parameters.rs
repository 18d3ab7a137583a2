//! The parameters of each address, as they are described. Only names that stand here are accepted.
#![allow(dead_code, reason = "described by their fields, read by their names")]

use crate::domain::article::Kind;
use crate::domain::entity::TagKind;
use crate::domain::published::ChangeKind;
use crate::domain::related::Reason;
use crate::json::Member;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};

/// How every reader says what it reads.
macro_rules! parameters {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(IntoParams)]
        #[into_params(parameter_in = Query, rename_all = "camelCase")]
        pub struct $name { $($(#[$field_doc])* $field: $type,)* }
    };
}

parameters! {
    /// In which language names and texts are given.
    InLanguage {
        /// The language to read in; else by `Accept-Language`, else the newsroom's default.
        #[param(example = "en", min_length = 1)]
        language: Option<String>,
    }
}

parameters! {
    /// One story.
    OneArticle {
        /// The language to read in; else by `Accept-Language`, else the newsroom's default.
        #[param(example = "en", min_length = 1)]
        language: Option<String>,
        /// Whether to serve the best other language of the configured chain. On unless `language` is given.
        fallback: Option<bool>,
        /// Only these members of the article, parted by commas.
        #[param(style = Form, explode = false, min_items = 1)]
        fields: Option<Vec<Member>>,
        /// These members beside those that are there anyway, parted by commas: the body as `html`, `text`, `markdown` or
        /// `blocks`, and `translation`, `alternates`, `seo`, `jsonLd`, `authors`, `related`.
        #[param(style = Form, explode = false, min_items = 1)]
        include: Option<Vec<Member>>,
    }
}

parameters! {
    /// One story, by its slug.
    BySlug {
        /// Only these members of the article, parted by commas.
        #[param(style = Form, explode = false, min_items = 1)]
        fields: Option<Vec<Member>>,
        /// These members beside those that are there anyway, parted by commas.
        #[param(style = Form, explode = false, min_items = 1)]
        include: Option<Vec<Member>>,
    }
}

parameters! {
    /// A list of stories. All conditions must hold, and each looks at the language that is served.
    ManyArticles {
        /// The language to read in; else by `Accept-Language`, else the newsroom's default.
        #[param(example = "en", min_length = 1)]
        language: Option<String>,
        /// Whether to serve the best other language of the configured chain. On unless `language` is given.
        fallback: Option<bool>,
        /// Only these members of each article, parted by commas.
        #[param(style = Form, explode = false, min_items = 1)]
        fields: Option<Vec<Member>>,
        /// These members beside those that are there anyway, parted by commas. `related` is not for lists.
        #[param(style = Form, explode = false, min_items = 1)]
        include: Option<Vec<Member>>,
        /// The first so many, 0 to 100; 20 unless asked.
        #[param(minimum = 0, maximum = 100)]
        first: Option<i32>,
        /// Behind this cursor.
        after: Option<String>,
        /// The last so many, 0 to 100.
        #[param(minimum = 0, maximum = 100)]
        last: Option<i32>,
        /// Before this cursor.
        before: Option<String>,
        /// Whether to count the whole list.
        total: Option<bool>,
        /// `-publishedAt` (unless said otherwise) or `-modifiedAt`: the newest first; without the minus sign the oldest first.
        #[param(pattern = "^-?(publishedAt|modifiedAt)$")]
        order: Option<String>,
        /// In one of these sections or in a section below them: ids parted by commas.
        #[param(style = Form, explode = false, min_items = 1, max_items = 100)]
        sections: Option<Vec<String>>,
        /// Only in `sections` themselves, not in those below them.
        sections_only: Option<bool>,
        /// With at least one of these tags: ids parted by commas.
        #[param(style = Form, explode = false, min_items = 1, max_items = 100)]
        tags_any: Option<Vec<String>>,
        /// With all of these tags: ids parted by commas.
        #[param(style = Form, explode = false, min_items = 1, max_items = 100)]
        tags_all: Option<Vec<String>>,
        /// With none of these tags: ids parted by commas.
        #[param(style = Form, explode = false, min_items = 1, max_items = 100)]
        tags_none: Option<Vec<String>>,
        /// By one of these authors, whatever the role: ids parted by commas.
        #[param(style = Form, explode = false, min_items = 1, max_items = 100)]
        authors: Option<Vec<String>>,
        /// Of one of these kinds, parted by commas.
        #[param(style = Form, explode = false, min_items = 1, max_items = 100)]
        kinds: Option<Vec<Kind>>,
        /// Published at this moment or later (RFC 3339).
        #[param(format = DateTime)]
        published_from: Option<String>,
        /// Published before this moment (RFC 3339).
        #[param(format = DateTime)]
        published_before: Option<String>,
        /// Published in each of these languages, too, parted by commas.
        #[param(style = Form, explode = false, min_items = 1, max_items = 100)]
        has_variants: Option<Vec<String>>,
        /// One of these stories: ids parted by commas.
        #[param(style = Form, explode = false, min_items = 1, max_items = 100)]
        ids: Option<Vec<String>>,
        /// With all of these words in headline or deks, upper and lower case alike.
        text: Option<String>,
    }
}

parameters! {
    /// A search, or the list of a collection.
    FoundArticles {
        /// The language to read in; else by `Accept-Language`, else the newsroom's default.
        #[param(example = "en", min_length = 1)]
        language: Option<String>,
        /// Whether to serve the best other language of the configured chain. On unless `language` is given.
        fallback: Option<bool>,
        /// Only these members of each article, parted by commas.
        #[param(style = Form, explode = false, min_items = 1)]
        fields: Option<Vec<Member>>,
        /// These members beside those that are there anyway, parted by commas. `related` is not for lists.
        #[param(style = Form, explode = false, min_items = 1)]
        include: Option<Vec<Member>>,
        /// The first so many, 0 to 100; 20 unless asked.
        #[param(minimum = 0, maximum = 100)]
        first: Option<i32>,
        /// Behind this cursor.
        after: Option<String>,
        /// The last so many, 0 to 100.
        #[param(minimum = 0, maximum = 100)]
        last: Option<i32>,
        /// Before this cursor.
        before: Option<String>,
        /// Whether to count the whole list.
        total: Option<bool>,
    }
}

parameters! {
    /// What is searched for.
    Words {
        /// The words, all of which must be in headline or deks; at most ten count. Upper and lower case are alike.
        #[param(required = true, example = "ferry", min_length = 1)]
        query: String,
    }
}

/// A search: its words, and the list of what is found.
pub struct Search;

impl IntoParams for Search {
    fn into_params(place: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let words = Words::into_params(&place);
        words.into_iter().chain(FoundArticles::into_params(&place)).collect()
    }
}

parameters! {
    /// Related stories.
    RelatedArticles {
        /// The language to read in; else by `Accept-Language`, else the newsroom's default.
        #[param(example = "en", min_length = 1)]
        language: Option<String>,
        /// Whether to show stories in other languages of the configured chain. On unless `language` is given.
        fallback: Option<bool>,
        /// Only these members of each article, parted by commas.
        #[param(style = Form, explode = false, min_items = 1)]
        fields: Option<Vec<Member>>,
        /// These members beside those that are there anyway, parted by commas. `related` is not for lists.
        #[param(style = Form, explode = false, min_items = 1)]
        include: Option<Vec<Member>>,
        /// At most so many, 0 to 20; 4 unless asked.
        #[param(minimum = 0, maximum = 20)]
        first: Option<i32>,
        /// Only for these reasons, parted by commas.
        #[param(style = Form, explode = false, min_items = 1)]
        by: Option<Vec<Reason>>,
    }
}

parameters! {
    /// A list of authors, tags or collections.
    Directory {
        /// The language that names are given in; else by `Accept-Language`, else the newsroom's default.
        #[param(example = "en", min_length = 1)]
        language: Option<String>,
        /// The first so many, 0 to 100; 20 unless asked.
        #[param(minimum = 0, maximum = 100)]
        first: Option<i32>,
        /// Behind this cursor.
        after: Option<String>,
        /// The last so many, 0 to 100.
        #[param(minimum = 0, maximum = 100)]
        last: Option<i32>,
        /// Before this cursor.
        before: Option<String>,
        /// Whether to count the whole list.
        total: Option<bool>,
    }
}

parameters! {
    /// A list of tags.
    Tags {
        /// The language that names are given in; else by `Accept-Language`, else the newsroom's default.
        #[param(example = "en", min_length = 1)]
        language: Option<String>,
        /// Only tags of this kind.
        #[param(inline)]
        kind: Option<TagKind>,
        /// The first so many, 0 to 100; 20 unless asked.
        #[param(minimum = 0, maximum = 100)]
        first: Option<i32>,
        /// Behind this cursor.
        after: Option<String>,
        /// The last so many, 0 to 100.
        #[param(minimum = 0, maximum = 100)]
        last: Option<i32>,
        /// Before this cursor.
        before: Option<String>,
        /// Whether to count the whole list.
        total: Option<bool>,
    }
}

parameters! {
    /// A part of the change log.
    Changes {
        /// Behind this entry; from the beginning unless given.
        after: Option<String>,
        /// At most so many, 0 to 100; 20 unless asked.
        #[param(minimum = 0, maximum = 100)]
        first: Option<i32>,
        /// Of these kinds, parted by commas.
        #[param(style = Form, explode = false, min_items = 1)]
        kinds: Option<Vec<ChangeKind>>,
        /// In one of these languages, parted by commas. What concerns all languages comes, too.
        #[param(style = Form, explode = false, min_items = 1, max_items = 100)]
        languages: Option<Vec<String>>,
        /// To one of these stories: ids parted by commas.
        #[param(style = Form, explode = false, min_items = 1, max_items = 100)]
        articles: Option<Vec<String>>,
    }
}

parameters! {
    /// Nothing but what every address takes.
    Nothing {
    }
}
