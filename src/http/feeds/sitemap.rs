//! Sitemaps: an index, one file for each language and four weeks, and the news of the last two days.

use super::super::State;
use super::xml::{Xml, rfc3339};
use super::{Asked, Found, answer, parts};
use crate::domain::effect::Parts;
use crate::domain::ids::ArticleId;
use crate::domain::language::LanguageTag;
use crate::domain::listing::{Filter, Listing, OrderBy, Source, Window};
use crate::domain::sitemap::{Located, Span};
use crate::error::{Error, Result};
use crate::service::{Entry, Reader};
use actix_web::{HttpRequest, HttpResponse, web};
use std::collections::HashMap;

const CONTENT_TYPE: &str = "application/xml; charset=utf-8";
const SITEMAPS: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// How many addresses a file has at most: fewer than the 50,000 that it may, so that it is made in a fraction of a second.
const ADDRESSES: u32 = 10_000;

/// How many stories the news have at most, and how old they are at most, in seconds.
const NEWS: u32 = 1_000;
const NEWS_AGE: i64 = 48 * 60 * 60;
/// A story leaves the news at most so many seconds early: for so long an answer stays true.
const NEWS_STEP: i64 = 600;

fn asked(address: String) -> Asked {
    Asked { address, content_type: CONTENT_TYPE, expires: false }
}

fn languages(state: &State) -> Vec<LanguageTag> {
    state.app.languages().all().iter().map(|language| language.tag.clone()).collect()
}

/// The index of all sitemaps.
pub async fn index(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    answer(&state, &request, asked("/sitemap.xml".to_owned()), async |reader| {
        let mut xml = Xml::new();
        xml.open("sitemapindex", &[("xmlns", SITEMAPS)]);
        for (language, span, count) in reader.spans(&languages(&state)).await? {
            for page in 0..count.div_ceil(u64::from(ADDRESSES)) {
                xml.open("sitemap", &[]);
                let file = if page == 0 { format!("{span}.xml") } else { format!("{span}.{}.xml", page + 1) };
                xml.text("loc", &[], format!("{}/sitemaps/{language}/{file}", state.config.base_url));
                xml.close("sitemap");
            }
        }
        xml.close("sitemapindex");
        Ok(Found::Page(xml.finish(), Vec::new()))
    })
    .await
}

/// The addresses of a language in four weeks.
pub async fn addresses(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    let named = parts(&request, &["language", "file"]);
    let missing = || Error::NotFound { kind: "sitemap", id: named.join("/") };
    answer(&state, &request, asked(format!("/sitemaps/{}", named.join("/"))), async |reader| {
        let [language, file] = named.as_slice() else { return Err(missing()) };
        let known = languages(&state).into_iter().find(|tag| tag.as_str() == language);
        let (language, (span, page)) = known.zip(parse(file)).ok_or_else(missing)?;
        let skip = page.saturating_mul(ADDRESSES);
        let located = reader.located(&language, span, (skip, ADDRESSES)).await?;
        if located.is_empty() {
            return Err(missing());
        }
        Ok(Found::Page(urlset(&state, &language, &located), Vec::new()))
    })
    .await
}

/// The span and page that a file's name stands for: `2026-10-22.xml`, `2026-10-22.2.xml`.
fn parse(file: &str) -> Option<(Span, u32)> {
    let name = file.strip_suffix(".xml")?;
    let Some((span, page)) = name.split_once('.') else { return Some((Span::parse(name)?, 0)) };
    let number: u32 = page.parse().ok().filter(|number| *number > 1)?;
    (number.to_string() == page).then_some((Span::parse(span)?, number - 1))
}

fn urlset(state: &State, language: &LanguageTag, located: &[Located]) -> Vec<u8> {
    let mut stories: HashMap<ArticleId, Vec<&Located>> = HashMap::new();
    for variant in located {
        stories.entry(variant.article).or_default().push(variant);
    }
    let mut own: Vec<&Located> = located.iter().filter(|variant| variant.language == *language).collect();
    own.sort_by_key(|variant| (variant.published_at, variant.article));
    let url = |variant: &Located| state.app.addresses().url(&variant.language, variant.slug());
    let mut xml = Xml::new();
    xml.open("urlset", &[("xmlns", SITEMAPS), ("xmlns:xhtml", "http://www.w3.org/1999/xhtml")]);
    for variant in own {
        let mut story = stories.remove(&variant.article).unwrap_or_default();
        story.sort_by(|a, b| a.language.cmp(&b.language));
        xml.open("url", &[]);
        xml.text("loc", &[], url(variant));
        xml.text("lastmod", &[], rfc3339(variant.updated_at()));
        if story.len() > 1 {
            for other in &story {
                alternate(&mut xml, other.language.as_str(), &url(other));
            }
            if let Some(other) = for_others(&story, state.app.languages().default_tag()) {
                alternate(&mut xml, "x-default", &url(other));
            }
        }
        xml.close("url");
    }
    xml.close("urlset");
    xml.finish()
}

fn alternate(xml: &mut Xml, language: &str, url: &str) {
    xml.empty("xhtml:link", &[("rel", "alternate"), ("hreflang", language), ("href", url)]);
}

/// What readers of all other languages are shown: the newsroom's own language, else the original, else what came first.
fn for_others<'a>(story: &[&'a Located], default: &LanguageTag) -> Option<&'a Located> {
    let rank = |variant: &&&Located| (variant.language != *default, !variant.is_original(), variant.published_at);
    story.iter().min_by_key(rank).copied()
}

/// The news of the last two days, for Google News.
pub async fn news(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    // What is listed is true until the next step: by then nothing of it is older than two days.
    let step = state.app.now().unix_timestamp().div_euclid(NEWS_STEP) + 1;
    let from = step.saturating_mul(NEWS_STEP).saturating_sub(NEWS_AGE).saturating_mul(1_000_000);
    let asked = Asked { expires: true, ..asked(format!("/sitemap-news.xml?{step}")) };
    answer(&state, &request, asked, async |reader| {
        let newest = newest(&state, &reader, from).await?;
        let namespace = "http://www.google.com/schemas/sitemap-news/0.9";
        let mut xml = Xml::new();
        xml.open("urlset", &[("xmlns", SITEMAPS), ("xmlns:news", namespace)]);
        for (_, variant) in newest {
            let shown = Parts::SLUG.and(Parts::TITLE).and(Parts::PUBLISHED_AT);
            let shown = shown.and(Parts::MODIFIED_AT).and(Parts::CORRECTIONS);
            reader.notes().note(|footprint| footprint.saw(variant.id.0, shown));
            xml.open("url", &[]);
            xml.text("loc", &[], state.app.addresses().variant_url(&variant));
            xml.text("lastmod", &[], rfc3339(variant.updated_at()));
            xml.open("news:news", &[]);
            xml.open("news:publication", &[]);
            xml.text("news:name", &[], &state.app.addresses().site_name);
            xml.text("news:language", &[], news_language(&variant.language));
            xml.close("news:publication");
            xml.text("news:publication_date", &[], rfc3339(variant.published_at));
            xml.text("news:title", &[], &variant.card.title);
            xml.close("news:news");
            xml.close("url");
        }
        xml.close("urlset");
        Ok(Found::Page(xml.finish(), Vec::new()))
    })
    .await
}

async fn newest(state: &State, reader: &Reader, from: i64) -> Result<Vec<Entry>> {
    let list = |language: LanguageTag| {
        let filter = Filter { published_from: Some(from), ..Filter::default() };
        let source = Source::Published { order: OrderBy::PublishedAt, ascending: false };
        let window = Window { after: None, before: None, limit: NEWS, from_end: false };
        (Listing { chain: vec![language], filter, source }, window)
    };
    let lists: Vec<_> = languages(state).into_iter().map(list).collect();
    let mut newest: Vec<Entry> = reader.pages(&lists).await?.into_iter().flatten().collect();
    newest.sort_by_key(|(position, variant)| std::cmp::Reverse((*position, variant.id)));
    newest.truncate(NEWS as usize);
    Ok(newest)
}

/// A language as Google News wants it: ISO 639, and two names for Chinese.
fn news_language(language: &LanguageTag) -> &str {
    let is_traditional = || {
        let parts = language.as_str().split('-').skip(1);
        parts.clone().any(|part| part == "Hant")
            || parts.clone().all(|part| part != "Hans") && parts.clone().any(|part| matches!(part, "TW" | "HK" | "MO"))
    };
    match language.primary() {
        "zh" if is_traditional() => "zh-tw",
        "zh" => "zh-cn",
        primary => primary,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_one_name() {
        let span = Span::parse("2026-10-22");
        assert_eq!(parse("2026-10-22.xml"), span.map(|span| (span, 0)));
        assert_eq!(parse("2026-10-22.2.xml"), span.map(|span| (span, 1)));
        for none in
            ["2026-10-22", "2026-10-22.1.xml", "2026-10-22.02.xml", "2026-10-23.xml", ".xml", "2026-10-22.x.xml"]
        {
            assert_eq!(parse(none), None, "{none}");
        }
    }

    #[test]
    fn google_has_two_names_for_chinese() {
        for (tag, name) in [
            ("ko", "ko"),
            ("en-GB", "en"),
            ("zh", "zh-cn"),
            ("zh-Hans-HK", "zh-cn"),
            ("zh-Hant", "zh-tw"),
            ("zh-TW", "zh-tw"),
        ] {
            assert_eq!(news_language(&tag.parse().unwrap()), name, "{tag}");
        }
    }
}
