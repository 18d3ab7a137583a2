//! Noting what is read.

use super::{Dependency, Footprint, PageRead, Presence};
use crate::domain::effect::{Address, Parts};
use crate::domain::ids::ArticleId;
use crate::domain::language::LanguageTag;
use crate::domain::listing::{Listing, Position, Window};
use uuid::Uuid;

impl Footprint {
    /// Parts of a variant or an entity.
    pub fn saw(&mut self, thing: Uuid, parts: Parts) {
        let read = self.things.entry(thing).or_default();
        *read = read.and(parts);
    }

    /// That a story is published in some language, or in none.
    pub fn saw_article(&mut self, article: ArticleId) {
        self.articles.entry(article).or_default();
    }

    /// In which languages a story is published.
    pub fn saw_presence(&mut self, article: ArticleId, seen: Presence) {
        let known = self.articles.entry(article).or_default();
        *known = Some(match (known.take(), seen) {
            (None, seen) => seen,
            (Some(Presence::In(mut known)), Presence::In(seen)) => {
                known.extend(seen);
                known.sort_unstable();
                known.dedup();
                Presence::In(known)
            }
            _ => Presence::All,
        });
    }

    /// Which language of a chain a story is served in: it matters whether it is published in that one and in better ones.
    pub fn saw_served(&mut self, article: ArticleId, chain: &[LanguageTag], served: Option<&LanguageTag>) {
        let end = served.and_then(|served| chain.iter().position(|language| language == served));
        let looked = chain.iter().take(end.map_or(chain.len(), |end| end + 1)).cloned();
        self.saw_presence(article, Presence::In(looked.collect()));
    }

    /// Which story an address leads to, or that a story with an id was looked for.
    pub fn saw_address(&mut self, address: Result<Address, ArticleId>, target: Option<ArticleId>) {
        match address {
            Ok(address) => self.others.push(Dependency::Address(address, target)),
            Err(id) => self.saw_article(id),
        }
        target.into_iter().for_each(|article| self.saw_article(article));
    }

    /// A page of a list of stories.
    pub fn saw_page<'a>(
        &mut self,
        listing: &Listing,
        window: &Window,
        entries: impl Iterator<Item = (Position, &'a LanguageTag)>,
    ) {
        let rank = |language| listing.chain.iter().position(|own| own == language).unwrap_or(usize::MAX);
        let entries = entries.map(|(position, language)| (position, rank(language))).collect();
        let read = PageRead { listing: listing.clone(), window: *window, entries };
        self.others.push(Dependency::Page(Box::new(read)));
    }
}
