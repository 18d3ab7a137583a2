//! What a post refers to, as ids of ours: pictures in its text, its section, its tags and its authors.

use super::addresses::Hosts;
use super::classic::markup::plain_text;
use super::item::WpTermRef;
use super::library::{set_credit, unknown_image};
use super::plan::Site;
use super::source::Post;
use crate::domain::article::{Byline, BylineRole, Shared};
use crate::domain::body::{Content, Figure};
use crate::domain::entity::{Entity, Image};
use crate::domain::ids::{ImageId, SectionId};
use crate::domain::language::LanguageTag;
use crate::error::Result;
use crate::import::attempt::Attempt;
use crate::import::pictures::Obtained;
use std::collections::HashMap;

/// Files of pictures that only a text names, by their addresses there.
pub(super) type Obtaineds = HashMap<String, Obtained>;

impl Attempt<'_> {
    /// The addresses in a text whose pictures have no file yet.
    pub(super) async fn without_files(&mut self, site: &Site, post: &Post) -> Result<Vec<String>> {
        let mut wanting = Vec::new();
        for content in &post.contents {
            let Content::Figure(Figure { source: Some(source), .. }) = content else { continue };
            let image = match self.find_picture(site, post, source).await? {
                Some(id) => self.work.find_entity(id.0).await?,
                None => None,
            };
            let has_file = matches!(image, Some(Entity::Image(Image { file: Some(_), .. })));
            if !has_file && !wanting.contains(source) {
                wanting.push(source.clone());
            }
        }
        Ok(wanting)
    }

    /// The picture that an address in a text means, if it is known: by the number that stands beside it, else by its
    /// address.
    async fn find_picture(&mut self, site: &Site, post: &Post, source: &str) -> Result<Option<ImageId>> {
        let key = Hosts::default().key(source).unwrap_or_else(|| source.to_owned());
        if let Some(number) = post.attachments.get(&key)
            && let Some(found) = self.known("attachment", &number.to_string()).await?
        {
            return Ok(Some(ImageId(found)));
        }
        for candidate in site.hosts.candidates(source) {
            if let Some(found) = self.known("url", &candidate).await? {
                return Ok(Some(ImageId(found)));
            }
        }
        Ok(None)
    }

    /// Puts pictures in the place of addresses, and makes those that are new.
    pub(super) async fn refer_to_pictures(
        &mut self,
        site: &Site,
        post: &Post,
        contents: &mut [Content],
        language: &LanguageTag,
        files: &Obtaineds,
    ) -> Result<()> {
        for content in contents {
            let Content::Figure(figure) = content else { continue };
            let Some(source) = figure.source.take() else { continue };
            let Some(url) = site.hosts.full(&source) else {
                self.note(format!("picture `{source}`"), "a picture without a file: this is no address of the web");
                figure.source = Some(source);
                continue;
            };
            let found = match self.find_picture(site, post, &source).await? {
                Some(id) => self.work.find_entity(id.0).await?,
                None => None,
            };
            let (mut image, is_new) = match found {
                Some(Entity::Image(image)) => (image, false),
                _ => (unknown_image(Some(url.to_string())), true),
            };
            let before = image.clone();
            if let Some(why) = files.get(&source).and_then(|file| file.give(&mut image, &mut self.tally.files)) {
                self.note(url.to_string(), format!("no file: {why}"));
            }
            self.learn(&mut image, figure, language);
            figure.image = Some(image.id);
            if is_new {
                let (id, key) = (image.id, site.hosts.key(&source));
                self.save(image).await?;
                self.remember("url", &key.unwrap_or_else(|| source.clone()), id.0, "").await?;
            } else if image != before {
                self.save(image).await?;
            }
        }
        Ok(())
    }

    /// Takes from the picture's place in a text what the picture itself does not say yet. A caption that is a credit is
    /// no caption.
    fn learn(&mut self, image: &mut Image, figure: &mut Figure, language: &LanguageTag) {
        if let Some(alt) = &figure.alt
            && !image.alts.contains_key(language)
        {
            image.alts.insert(language.clone(), alt.clone());
        }
        let credit = figure.caption.as_deref().map(plain_text).and_then(|caption| self.run.rules.credit(&caption));
        if credit.is_some() {
            figure.caption = None;
            figure.credit = credit;
        }
        if image.credit.is_none() {
            set_credit(image, figure.credit.clone(), self.run);
        }
        // What the picture says itself need not be said again in its place.
        figure.credit = figure.credit.take().filter(|credit| image.credit.as_ref() != Some(credit));
    }

    /// A picture that left the text to stand for the story keeps the words that stood under it.
    pub(super) async fn keep_caption(&mut self, figure: &Figure, language: &LanguageTag) -> Result<()> {
        let (Some(id), Some(caption)) = (figure.image, &figure.caption) else { return Ok(()) };
        let Some(Entity::Image(mut image)) = self.work.find_entity(id.0).await? else { return Ok(()) };
        if !image.captions.contains_key(language) {
            image.captions.insert(language.clone(), plain_text(caption));
            self.save(image).await?;
        }
        Ok(())
    }

    /// What the languages of a post share.
    pub(super) async fn shared(&mut self, post: &Post, site: &Site, language: &LanguageTag) -> Result<Shared> {
        let item = &post.item;
        let names: Vec<String> = terms(post, "category").map(|term| plain_text(&term.name)).collect();
        let slugs = terms(post, "category").map(|term| term.nicename.as_str());
        let kind = self.run.rules.kind(&item.title_text(), names.iter().map(String::as_str).chain(slugs));
        let (section, further) = self.section_of(post, site).await?;
        let mut tags = Vec::new();
        for term in terms(post, "post_tag") {
            tags.push(self.tag("tag", term, language).await?);
        }
        for term in further {
            tags.push(self.tag("category-tag", &term, &site.language).await?);
            self.note(format!("category “{}”", plain_text(&term.name)), "tag: a story has one section");
        }
        let mut seen = Vec::with_capacity(tags.len());
        tags.retain(|tag| {
            !seen.contains(tag) && {
                seen.push(*tag);
                true
            }
        });
        let mut bylines = Vec::new();
        if let Some(login) = item.creator.as_deref().filter(|login| !login.trim().is_empty()) {
            bylines.push(Byline { author: self.author(login).await?, role: BylineRole::Author });
        }
        let lead_image = self.lead_image(post).await?;
        Ok(Shared { kind, section, lead_image, tags, bylines, related: Vec::new() })
    }

    async fn lead_image(&mut self, post: &Post) -> Result<Option<ImageId>> {
        let Some(number) = post.item.thumbnail_id() else { return Ok(None) };
        let found = self.known("attachment", &number.to_string()).await?;
        if found.is_none() {
            self.note(format!("lead image {number}"), "none: the export has no such picture");
        }
        Ok(found.map(ImageId))
    }

    /// The main category, else the first, and all others.
    async fn section_of(&mut self, post: &Post, site: &Site) -> Result<(Option<SectionId>, Vec<WpTermRef>)> {
        let main = match post.item.primary_category_id() {
            Some(number) => self.known("category-id", &number.to_string()).await?,
            None => None,
        };
        let mut all = Vec::new();
        for term in terms(post, "category") {
            all.push((self.section(term, &site.language).await?, term.clone()));
        }
        // A main category that the post is not in any more is none.
        let at = all.iter().position(|(id, _)| Some(id.0) == main).unwrap_or(0);
        let section = all.get(at).map(|(id, _)| *id);
        let further = all.into_iter().enumerate().filter(|(place, _)| *place != at).map(|(_, (_, term))| term);
        Ok((section, further.collect()))
    }
}

fn terms<'a>(post: &'a Post, domain: &'a str) -> impl Iterator<Item = &'a WpTermRef> + Clone {
    post.item.categories.iter().filter(move |term| term.domain == domain)
}
