//! Which members of an article are wanted.

use crate::domain::named::named;
use std::collections::BTreeSet;

named! {
    /// A member of an article.
    Member "member of an article" {
        /// The story's id.
        Id "id",
        /// The variant's id.
        VariantId "variantId",
        /// Its language.
        Language "language",
        /// Whether it stands in for the language that was asked for.
        ServedAsFallback "servedAsFallback",
        /// The kind of journalism.
        Kind "kind",
        /// The part of the address that names it.
        Slug "slug",
        /// Its path on the site.
        Path "path",
        /// Its address on the site.
        Url "url",
        /// The headline.
        Title "title",
        /// The lines under the headline.
        Deks "deks",
        /// A few sentences.
        Summary "summary",
        /// When it was first published.
        PublishedAt "publishedAt",
        /// When it last changed.
        ModifiedAt "modifiedAt",
        /// Its length.
        WordCount "wordCount",
        /// Its length in minutes.
        ReadingTimeMinutes "readingTimeMinutes",
        /// Its section.
        Section "section",
        /// Its tags.
        Tags "tags",
        /// Who made it.
        Bylines "bylines",
        /// The picture that stands for it.
        LeadImage "leadImage",
        /// Public notes.
        Corrections "corrections",
        /// Where the text came from.
        Translation "translation",
        /// Its languages.
        Alternates "alternates",
        /// What search engines are told.
        Seo "seo",
        /// schema.org's description.
        JsonLd "jsonLd",
        /// Its authors with all that is known of them.
        Authors "authors",
        /// The body as HTML.
        Html "html",
        /// The body as plain text.
        Text "text",
        /// The body as Markdown.
        Markdown "markdown",
        /// The body as typed blocks.
        Blocks "blocks",
        /// Related stories.
        Related "related",
    }
}

/// The first member that is there only where it is asked for.
const FIRST_EXTRA: Member = Member::Translation;

impl Member {
    /// Whether it is there without being asked for.
    pub fn is_plain(self) -> bool {
        self < FIRST_EXTRA
    }
}

/// The members that are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Members(BTreeSet<Member>);

impl Members {
    /// Only `fields`, or all plain ones where that says nothing; and `include` beside them.
    pub fn new(fields: Option<Vec<Member>>, include: Vec<Member>) -> Self {
        let plain = || Member::ALL.iter().copied().filter(|member| member.is_plain()).collect();
        let mut members: BTreeSet<Member> = fields.map_or_else(plain, |fields| fields.into_iter().collect());
        members.extend(include);
        Self(members)
    }

    /// Everything that an article says, its body in every form: what is delivered to partners.
    pub fn all() -> Self {
        Self(Member::ALL.iter().copied().filter(|member| *member != Member::Related).collect())
    }

    /// The same without one.
    pub fn without(mut self, member: Member) -> Self {
        self.0.remove(&member);
        self
    }

    /// Whether one is wanted.
    pub fn has(&self, member: Member) -> bool {
        self.0.contains(&member)
    }

    /// Whether one of several is wanted.
    pub fn has_any(&self, members: &[Member]) -> bool {
        members.iter().any(|member| self.has(*member))
    }

    /// Those that are wanted.
    pub fn iter(&self) -> impl Iterator<Item = Member> + '_ {
        self.0.iter().copied()
    }

    /// Whether the body is wanted in some form.
    pub fn body(&self) -> bool {
        self.has_any(&[Member::Html, Member::Text, Member::Markdown, Member::Blocks])
    }

    /// Whether the pictures in the body are wanted.
    pub fn figures(&self) -> bool {
        self.has_any(&[Member::Html, Member::Markdown, Member::Blocks])
    }

    /// Whether other languages of the story are wanted.
    pub fn story(&self) -> bool {
        self.has_any(&[Member::Translation, Member::Alternates, Member::JsonLd])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_replace_what_is_there_anyway_and_include_adds() {
        let plain = Members::new(None, vec![Member::Html]);
        assert!(plain.has(Member::Title) && plain.has(Member::Html) && !plain.has(Member::JsonLd));
        let only = Members::new(Some(vec![Member::Title]), vec![Member::Seo]);
        assert_eq!(only.iter().collect::<Vec<_>>(), [Member::Title, Member::Seo]);
        assert!(Members::all().has(Member::Blocks) && !Members::all().has(Member::Related));
        assert!(!Members::all().without(Member::Html).has(Member::Html));
    }
}
