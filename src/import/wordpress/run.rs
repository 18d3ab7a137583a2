//! The two passes over an export.

use super::plan::Site;
use super::source::{self, Incoming, Pass};
use super::wxr::{ChannelHead, WpTerm, WxrError};
use super::{SYSTEM, addresses::Hosts, item::WpItem, languages, library, post};
use crate::config::ImportRules;
use crate::domain::language::Languages;
use crate::error::{Error, Result};
use crate::import::Options;
use crate::import::attempt::{Attempt, Run, State, entry, fingerprint};
use crate::import::pictures::Pictures;
use crate::import::report::{Message, Outcome, Progress, Report};
use crate::service::App;
use std::collections::HashMap;
use std::path::Path;

/// Grows when the same post would become something else than before.
const FORMAT: u32 = 1;

/// So many files are fetched side by side.
const BATCH: usize = 8;

/// So many categories may wait for the one above them.
const MOST_WAITING: usize = 10_000;

/// Imports an export of WordPress.
pub async fn run(
    app: &App,
    rules: &ImportRules,
    file: &Path,
    options: &Options,
    progress: &dyn Progress,
) -> Result<Report> {
    let size =
        std::fs::metadata(file).map_err(|error| Error::invalid("file", format!("`{}`: {error}", file.display())))?;
    let pictures = Pictures::new(app.media(), options.media.as_deref(), options)?;
    let tags: Vec<&str> = app.languages().all().iter().map(|language| language.tag.as_str()).collect();
    let mark = format!("{FORMAT} {:?} {tags:?} {rules:?} {}", options.split, pictures.available());
    let mark = fingerprint([mark]);
    let run = Run { app, rules, options, progress, pictures, system: SYSTEM, mark };
    let mut state = State::default();
    state.report.dry_run = options.dry_run;
    let site = save_library(&run, &mut state, file, size.len()).await?;
    save_posts(&run, &mut state, (file, size.len()), &site).await?;
    progress.advanced(2 * size.len(), 2 * size.len());
    Ok(state.report)
}

/// What the first pass is in the middle of.
struct Library<'a> {
    run: &'a Run<'a>,
    state: &'a mut State,
    site: Site,
    sections: i32,
    waiting: Vec<(WpTerm, i32)>,
    batch: Vec<WpItem>,
}

async fn save_library(run: &Run<'_>, state: &mut State, file: &Path, size: u64) -> Result<Site> {
    let site = site(None, run.languages());
    let mut library = Library { run, state, site, sections: 0, waiting: Vec::new(), batch: Vec::new() };
    let mut records = source::open(file, Pass::Library, &run.mark)?;
    while let Some((read, record)) = records.recv().await {
        library.take(record).await?;
        run.progress.advanced(read, 2 * size);
    }
    library.finish().await
}

impl Library<'_> {
    async fn take(&mut self, record: Incoming) -> Result<()> {
        match record {
            Incoming::Head(head) => {
                let locales = std::mem::take(&mut self.site.locales);
                self.site = Site { locales, ..site(Some(&head), self.run.languages()) };
            }
            Incoming::Author(author) => {
                let named = entry("author", &*author.login, &*author.display_name, Outcome::Unchanged);
                let mut attempt = Attempt::begin(self.run, self.state).await?;
                let done = match attempt.save_author(&author).await {
                    Ok(_) => attempt.commit(named.clone()).await,
                    Err(error) => Err(error),
                };
                self.settle(done, named)?;
            }
            Incoming::Term(term) if term.taxonomy == "category" => self.category(term).await?,
            Incoming::Term(term) => {
                if let Some(locale) = languages::locale(&term).filter(|_| self.site.locales.len() < 500) {
                    self.site.locales.insert(term.slug.replace('_', "-"), locale);
                }
            }
            Incoming::Attachment(item) => {
                self.batch.push(*item);
                if self.batch.len() >= BATCH {
                    self.save_batch().await?;
                }
            }
            Incoming::Damage(error) => self.damage(&error)?,
            Incoming::Post(_) | Incoming::Other(..) => {}
        }
        Ok(())
    }

    fn settle(&mut self, done: Result<()>, named: crate::import::report::Entry) -> Result<()> {
        match done {
            Err(error @ Error::Unavailable(_)) => return Err(error),
            Err(error) => self.state.refuse(self.run, named, &error),
            Ok(()) => {}
        }
        Ok(())
    }

    async fn category(&mut self, term: WpTerm) -> Result<()> {
        self.sections = self.sections.saturating_add(1);
        let position = self.sections;
        if !self.save_category(&term, position).await? && self.waiting.len() < MOST_WAITING {
            self.waiting.push((term, position));
        }
        Ok(())
    }

    /// False if the category above it is not there.
    async fn save_category(&mut self, term: &WpTerm, position: i32) -> Result<bool> {
        let named = entry("section", &*term.slug, &*term.name, Outcome::Unchanged);
        let mut attempt = Attempt::begin(self.run, self.state).await?;
        let done = match attempt.save_category(term, &self.site.language, position).await {
            Ok(None) => return Ok(false),
            Ok(Some(_)) => attempt.commit(named.clone()).await,
            Err(error) => Err(error),
        };
        self.settle(done, named)?;
        Ok(true)
    }

    async fn save_batch(&mut self) -> Result<()> {
        let batch = std::mem::take(&mut self.batch);
        library::import(self.run, self.state, &self.site, batch).await
    }

    fn damage(&mut self, error: &WxrError) -> Result<()> {
        match error {
            WxrError::Io { .. } | WxrError::Utf16 | WxrError::NotAnExport => Err(Error::invalid("file", error)),
            _ => {
                self.state.report.damaged += 1;
                let mut named = entry("file", "", "", Outcome::Failed);
                named.messages.push(Message { what: "damage".to_owned(), became: error.to_string() });
                self.run.progress.noted(&named);
                Ok(())
            }
        }
    }

    /// Saves what waited. A category whose parent never came stands at the top.
    async fn finish(mut self) -> Result<Site> {
        self.save_batch().await?;
        loop {
            let waiting = std::mem::take(&mut self.waiting);
            let before = waiting.len();
            for (term, position) in waiting {
                if !self.save_category(&term, position).await? {
                    self.waiting.push((term, position));
                }
            }
            if self.waiting.is_empty() || self.waiting.len() == before {
                break;
            }
        }
        for (mut term, position) in std::mem::take(&mut self.waiting) {
            let parent = term.parent.take().unwrap_or_default();
            let mut named = entry("section", &*term.slug, &*term.name, Outcome::Skipped);
            named
                .messages
                .push(Message { what: format!("parent `{parent}`"), became: "none: it is not in the export".into() });
            if !self.run.options.dry_run {
                self.run.progress.noted(&named);
                self.save_category(&term, position).await?;
            }
        }
        Ok(self.site)
    }
}

fn site(head: Option<&ChannelHead>, languages: &Languages) -> Site {
    let language = head.and_then(|head| languages.lookup(&head.language.replace('_', "-")));
    let language = language.unwrap_or_else(|| languages.default_tag()).clone();
    let addresses = head.into_iter().flat_map(|head| [head.base_blog_url.as_str(), head.link.as_str()]);
    Site { language, hosts: Hosts::new(addresses), locales: HashMap::new() }
}

async fn save_posts(run: &Run<'_>, state: &mut State, (file, size): (&Path, u64), site: &Site) -> Result<()> {
    let mut records = source::open(file, Pass::Posts, &run.mark)?;
    while let Some((read, record)) = records.recv().await {
        match record {
            Incoming::Post(found) => post::import(run, state, site, *found).await?,
            Incoming::Other(kind, comments) => {
                state.report.leave_out(if kind.is_empty() { "items without a type" } else { &kind }, 1);
                state.report.leave_out_some("comments", comments);
            }
            _ => {}
        }
        run.progress.advanced(size + read, 2 * size);
    }
    Ok(())
}
