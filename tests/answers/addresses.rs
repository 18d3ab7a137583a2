//! Random questions to the JSON API and for feeds, of what there is.

use super::questions::{Dice, Pools};

/// Members of articles, those that are there anyway and others.
const MEMBERS: &[&str] = &[
    "title",
    "url",
    "deks",
    "section",
    "tags",
    "bylines",
    "leadImage",
    "corrections",
    "translation",
    "alternates",
    "seo",
    "jsonLd",
    "authors",
    "html",
    "text",
    "markdown",
    "blocks",
];

fn pick<'a>(dice: &mut Dice, all: &'a [String]) -> &'a str {
    dice.pick(all).map_or("none", String::as_str)
}

fn id<'a, const N: usize>(dice: &mut Dice, all: &'a [[String; N]]) -> &'a str {
    dice.pick(all).map_or("none", |found| found[0].as_str())
}

/// A feed, or the index of sitemaps.
fn feed(dice: &mut Dice, pools: &Pools) -> String {
    let language = ["ko", "en"][dice.roll(2)];
    let file = ["rss.xml", "atom.xml", "feed.json", "rss.xml?full=false"][dice.roll(4)];
    let (kind, pool) = match dice.roll(6) {
        0 => ("tag", &pools.tags),
        1 => ("section", &pools.sections),
        2 => ("author", &pools.authors),
        3 => ("collection", &pools.collections),
        4 => return "/sitemap.xml".to_owned(),
        _ => return format!("/feeds/{language}/{file}"),
    };
    let slug = dice.pick(pool).map_or("none", |found| found[1].as_str());
    format!("/feeds/{language}/{kind}/{slug}/{file}")
}

/// An address with random parameters.
pub fn address(dice: &mut Dice, pools: &Pools) -> String {
    let language = ["language=ko", "language=en", "language=en&fallback=true", "language=ko&fallback=true"];
    let language = language[dice.roll(language.len())];
    let members = match dice.roll(4) {
        0 => String::new(),
        1 => format!("&fields={}", MEMBERS[dice.roll(MEMBERS.len())]),
        _ => format!("&include={}", MEMBERS[dice.roll(MEMBERS.len())]),
    };
    let size = format!("first={}", dice.roll(6));
    match dice.roll(15) {
        0 => format!("/v1/articles/{}?{language}{members}", pick(dice, &pools.articles)),
        1 => format!("/v1/articles/{}?{language}&include=related", pick(dice, &pools.articles)),
        2 => format!("/v1/articles/{}/related?{language}&{size}{members}", pick(dice, &pools.articles)),
        3 => match dice.pick(&pools.variants) {
            Some([_, language, slug, _]) => {
                format!("/v1/articles/by-slug/{language}/{slug}{}", members.replacen('&', "?", 1))
            }
            None => "/v1/articles".to_owned(),
        },
        4 => {
            let filter = match dice.roll(4) {
                0 => format!("&tagsAny={}", id(dice, &pools.tags)),
                1 => format!("&sections={}", id(dice, &pools.sections)),
                2 => format!("&authors={}&total=true", id(dice, &pools.authors)),
                _ => "&order=modifiedAt".to_owned(),
            };
            format!("/v1/articles?{language}&{size}{members}{filter}")
        }
        5 => format!("/v1/collections/{}/articles?{language}&{size}{members}", id(dice, &pools.collections)),
        6 => format!("/v1/authors/{}?{}", id(dice, &pools.authors), &language[..11]),
        7 => format!("/v1/tags?{}&{size}", &language[..11]),
        8 => format!("/v1/sections?{}", &language[..11]),
        9 => format!("/v1/images/{}?{}", pick(dice, &pools.images), &language[..11]),
        10 => format!("/v1/authors?{}&{size}&total=true", &language[..11]),
        11..=13 => feed(dice, pools),
        _ => format!("/v1/articles?{language}&{size}{members}"),
    }
}
