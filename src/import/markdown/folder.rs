//! One story: a folder with a file per language.

use super::front_matter::{FrontMatter, Status, read};
use super::images::{Obtaineds, Said, key, named, obtain};
use super::{UNFINISHED, settle};
use crate::domain::article::{Byline, Correction, Kind, RelatedLink, Seo, Shared, Translation};
use crate::domain::body::{Content, markdown};
use crate::domain::ids::{ArticleId, CorrectionId};
use crate::domain::language::{LanguageTag, Languages};
use crate::error::{Error, Result};
use crate::import::attempt::{Attempt, Run, State, entry, fingerprint};
use crate::import::report::{Message, Outcome};
use crate::import::story::{Stand, Text};
use crate::service::Draft;
use sha2::{Digest, Sha256};
use std::path::Path;

/// Folders are walked twice: the second time for links to stories that came later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Walk {
    First,
    Second,
}

/// A file of the folder.
struct Page {
    language: LanguageTag,
    head: FrontMatter,
    contents: Vec<Content>,
}

/// All files of a folder.
struct Pages {
    name: String,
    print: String,
    /// The original first.
    pages: Vec<Page>,
    messages: Vec<Message>,
}

/// Saves a story; true if links of it lead nowhere yet.
pub(super) async fn import(run: &Run<'_>, state: &mut State, (top, name): (&Path, &str), walk: Walk) -> Result<bool> {
    let mut unfinished = false;
    let done = match read_pages(run, top, name) {
        Ok(pages) => write(run, state, pages, walk).await.map(|left| unfinished = left),
        Err(error) => Err(error),
    };
    settle(run, state, ("article", name), done)?;
    Ok(unfinished)
}

fn read_pages(run: &Run<'_>, top: &Path, name: &str) -> Result<Pages> {
    let unreadable = |error: std::io::Error| Error::invalid(name, error);
    let mut paths = Vec::new();
    for child in std::fs::read_dir(top.join(name)).map_err(unreadable)? {
        let path = child.map_err(unreadable)?.path();
        if path.is_file() {
            paths.push(path);
        }
    }
    paths.sort();
    let languages = run.languages();
    let mut parts = vec![run.mark.clone()];
    let (mut pages, mut messages) = (Vec::new(), Vec::new());
    for path in paths {
        let file = path.file_name().map(|file| file.to_string_lossy().into_owned()).unwrap_or_default();
        let bytes = std::fs::read(&path).map_err(unreadable)?;
        parts.push(format!("{file} {:x?}", Sha256::digest(&bytes)));
        let Some(stem) = file.strip_suffix(".md") else { continue };
        let tag = stem.parse::<LanguageTag>().ok().filter(|tag| languages.find(tag).is_some());
        let Some(language) = tag else {
            let became = "left out: it is not named after a language of the newsroom".to_owned();
            messages.push(Message { what: format!("`{file}`"), became });
            continue;
        };
        let path = format!("{name}/{file}");
        let text = String::from_utf8(bytes).map_err(|_| Error::invalid(&*path, "is not UTF-8"))?;
        let (head, body) = read(&path, &text)?;
        let parsed = markdown::parse(&body);
        messages.extend(parsed.notes.into_iter().map(|note| Message { what: note.what, became: note.became }));
        pages.push(Page { language, head, contents: parsed.contents });
    }
    pages.sort_by_key(|page| rank(page, languages));
    Ok(Pages { name: name.to_owned(), print: fingerprint(parts), pages, messages })
}

/// Originals before translations, the default language before others, then as configured.
fn rank(page: &Page, languages: &Languages) -> (bool, bool, Option<usize>) {
    let place = languages.all().iter().position(|language| language.tag == page.language);
    (page.head.translation.is_some(), page.language != *languages.default_tag(), place)
}

async fn write(run: &Run<'_>, state: &mut State, mut pages: Pages, walk: Walk) -> Result<bool> {
    let attempt = Attempt::begin(run, state).await?;
    let found = attempt.find("article", &pages.name).await?;
    drop(attempt);
    if walk == Walk::First && found.as_ref().is_some_and(|(_, before)| *before == pages.print) {
        state.report.articles.count(Outcome::Unchanged);
        return Ok(false);
    }
    let leads = pages.pages.iter().filter_map(|page| page.head.image.as_ref()?.file.as_deref());
    let leads = leads.map(|file| key(&pages.name, file));
    let figures = pages.pages.iter().flat_map(|page| named(&pages.name, &page.contents));
    let files = obtain(run, leads.chain(figures)).await;
    let title = pages.pages.first().map(|page| page.head.title.clone()).unwrap_or_default();
    let mut attempt = Attempt::begin(run, state).await?;
    for message in std::mem::take(&mut pages.messages) {
        attempt.note(message.what, message.became);
    }
    let found = found.map(|(article, _)| ArticleId(article));
    let (original, mut shared, missing) = attempt.what_is_shared(found, &pages, &files).await?;
    let mut texts = Vec::with_capacity(pages.pages.len());
    for page in std::mem::take(&mut pages.pages) {
        texts.push(attempt.text(&pages.name, page, (&mut shared, &files), walk).await?);
    }
    let (article, placed) = attempt.place_story(found, &original, &shared).await?;
    let mut print = pages.print;
    if !missing.is_empty() {
        print.push(UNFINISHED);
    }
    attempt.remember("article", &pages.name, article.0, &print).await?;
    let outcome = attempt.write_texts(article, placed, texts).await?;
    attempt.tally.articles.count(outcome);
    if walk == Walk::Second {
        attempt.forget_what_was_said();
        for name in &missing {
            attempt.note(format!("related story `{name}`"), "left out: there is no such story");
        }
    }
    attempt.commit(entry("article", pages.name, title, outcome)).await?;
    Ok(!missing.is_empty())
}

impl Attempt<'_> {
    /// What the original says for all languages, and the stories that it names in vain. A folder without the original
    /// leaves what is shared as it is.
    async fn what_is_shared(
        &mut self,
        found: Option<ArticleId>,
        pages: &Pages,
        files: &Obtaineds,
    ) -> Result<(LanguageTag, Shared, Vec<String>)> {
        let before = match found {
            Some(id) => self.work.find_article(id).await?,
            None => None,
        };
        let page = pages.pages.first().filter(|page| page.head.translation.is_none());
        let (original, page) = match (page, before) {
            (Some(page), None) => (page.language.clone(), page),
            (Some(page), Some((original, _))) => (original, page),
            (None, Some((original, shared))) => return Ok((original, shared, Vec::new())),
            (None, None) => {
                let message = "holds no original: every file is a `translation`";
                return Err(Error::invalid(&*pages.name, message));
            }
        };
        let (head, language) = (&page.head, &page.language);
        let mut bylines = Vec::with_capacity(head.authors.len());
        for person in &head.authors {
            let (slug, role) = person.parts();
            bylines.push(Byline { author: self.author_named(slug).await?, role });
        }
        let mut tags = Vec::with_capacity(head.tags.len());
        for name in &head.tags {
            let tag = self.tag_named(name, language).await?;
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
        let section = match &head.section {
            Some(name) => Some(self.section_named(name, language).await?),
            None => None,
        };
        let lead_image = match head.image.as_ref().and_then(|image| Some((image, image.file.as_deref()?))) {
            Some((image, file)) => {
                Some(self.picture(&key(&pages.name, file), Said::lead(image, language), files).await?)
            }
            None => None,
        };
        let (related, missing) = self.related(page).await?;
        let kind = head.kind.unwrap_or(Kind::News);
        Ok((original, Shared { kind, section, lead_image, tags, bylines, related }, missing))
    }

    async fn related(&mut self, page: &Page) -> Result<(Vec<RelatedLink>, Vec<String>)> {
        let (mut related, mut missing) = (Vec::new(), Vec::new());
        for relative in &page.head.related {
            let (name, relation) = relative.parts();
            match self.known("article", name).await? {
                Some(found) => related.push(RelatedLink { article: ArticleId(found), relation }),
                None => missing.push(name.to_owned()),
            }
        }
        Ok((related, missing))
    }

    async fn text(
        &mut self,
        folder: &str,
        page: Page,
        (shared, files): (&mut Shared, &Obtaineds),
        walk: Walk,
    ) -> Result<Text> {
        let Page { language, head, mut contents } = page;
        if let Some(image) = &head.image {
            match shared.lead_image {
                Some(id) => self.describe_picture(id, Said::lead(image, &language)).await?,
                None => self.note(format!("image in {language}"), "left out: the original has no image"),
            }
        }
        self.show_pictures(folder, &mut contents, &language, files).await?;
        let translation = match &head.translation {
            None => None,
            Some(source) => {
                let mut translators = Vec::with_capacity(head.translators.len());
                for slug in &head.translators {
                    translators.push(self.author_named(slug).await?);
                }
                Some(Translation {
                    origin: source.origin,
                    source_language: source.from.clone(),
                    source_revision: None,
                    source_hash: None,
                    reviewed_by: source.reviewed_by.clone(),
                    translators,
                })
            }
        };
        let stand = stand(&head, walk).map_err(|message| Error::invalid(format!("{folder}/{language}.md"), message))?;
        let corrections = corrections(folder, &language, &head);
        let seo = Seo { title: head.seo.title, description: head.seo.description };
        let (title, deks, slug, summary) = (head.title, head.deks, head.slug, head.summary);
        let draft = Draft { title, deks, slug, summary, blocks: contents, seo, translation };
        let (wanted_slug, former_paths) = (None, Vec::new());
        Ok(Text { language, draft, wanted_slug, stand, former_paths, corrections: Some(corrections) })
    }
}

fn stand(head: &FrontMatter, walk: Walk) -> Result<Stand, &'static str> {
    Ok(match (head.status, head.published_at) {
        (Status::Draft, _) => Stand::Draft,
        (Status::InReview, _) => Stand::InReview,
        (Status::Scheduled, Some(at)) => Stand::Scheduled(at),
        (Status::Scheduled, None) => return Err("status `scheduled` needs `publishedAt`"),
        // A link that is added in the second walk changes no text.
        (Status::Published, at) if walk == Walk::Second => Stand::Published(at, head.updated_at.or(at)),
        (Status::Published, at) => Stand::Published(at, head.updated_at),
    })
}

/// The same note has the same id in every run.
fn corrections(folder: &str, language: &LanguageTag, head: &FrontMatter) -> Vec<Correction> {
    let mut notes: Vec<Correction> = head
        .corrections
        .iter()
        .map(|note| {
            let mut hasher = Sha256::new();
            for part in [folder, language.as_str(), &note.at.unix_timestamp_nanos().to_string(), &note.text] {
                hasher.update(part);
                hasher.update([0]);
            }
            let mut bytes = [0; 16];
            bytes.iter_mut().zip(hasher.finalize()).for_each(|(byte, hashed)| *byte = hashed);
            let id = CorrectionId(uuid::Builder::from_custom_bytes(bytes).into_uuid());
            let (kind, at) = (note.kind, note.at);
            Correction { id, kind, at, text: note.text.clone(), signed: note.signed.clone(), carries: None }
        })
        .collect();
    notes.sort_by_key(|note| (note.at, note.id));
    notes
}
