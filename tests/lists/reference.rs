//! What lists should hold, computed in plain Rust from the stories that went in.

use crate::support::{Newsroom, Story};
use serde_json::{Value, json};

pub const MINUTE: i64 = 60;
pub const TAGS: [&str; 4] = ["red", "green", "blue", "grey"];
pub const AUTHORS: [&str; 3] = ["ann", "ben", "cho"];
pub const TRANSLATORS: [&str; 2] = ["ben", "dan"];
/// `news` holds `city`, which holds `port`.
pub const SECTIONS: [(&str, &[&str]); 4] =
    [("news", &[]), ("city", &["news"]), ("port", &["city", "news"]), ("arts", &[])];
pub const KINDS: [&str; 3] = ["NEWS", "DATA", "OPINION"];
pub const WORDS: [&str; 4] = ["bus", "FERRY", "100%", "바다"];

/// Numbers that only look random: the same for the same seed (SplitMix64).
pub struct Dice(pub u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    pub fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// Between `least` and `most` different ones.
    pub fn some<T: Clone + PartialEq>(&mut self, from: &[T], least: usize, most: usize) -> Vec<T> {
        let wanted = least + self.below(most - least + 1);
        let mut some: Vec<T> = Vec::new();
        while some.len() < wanted {
            let one = self.pick(from).clone();
            if !some.contains(&one) {
                some.push(one);
            }
        }
        some
    }
}

/// What one language of a story is listed by.
#[derive(Debug, Clone)]
pub struct Text {
    pub language: &'static str,
    pub title: String,
    pub published: i64,
    pub modified: i64,
    pub translators: Vec<&'static str>,
}

#[derive(Debug, Clone)]
pub struct Made {
    pub id: String,
    pub folder: String,
    pub tags: Vec<&'static str>,
    pub authors: Vec<&'static str>,
    pub section: Option<(&'static str, &'static [&'static str])>,
    pub kind: &'static str,
    pub texts: Vec<Text>,
}

/// The moment as the newsroom writes it: minutes after an hour of 2026.
pub fn moment(minutes: i64) -> String {
    let at = time::OffsetDateTime::from_unix_timestamp(1_770_000_000 + minutes * MINUTE).unwrap();
    at.format(&time::format_description::well_known::Rfc3339).unwrap()
}

impl Made {
    pub fn roll(dice: &mut Dice, index: usize) -> Self {
        let languages: &[&str] = [&["ko"] as &[&str], &["en"], &["ko", "en"], &["en", "ko"]][dice.below(4)];
        let texts = languages.iter().enumerate().map(|(place, language)| {
            // Few moments, many ties; each language has its own.
            let published = dice.below(12) as i64;
            Text {
                language,
                title: format!("s{index:02} {} {language}", dice.some(&WORDS, 0, 2).join(" ")),
                published,
                modified: published + dice.below(4) as i64,
                translators: if place > 0 { dice.some(&TRANSLATORS, 0, 2) } else { Vec::new() },
            }
        });
        let texts = texts.collect();
        Self {
            id: String::new(),
            folder: format!("s{index:02}"),
            tags: dice.some(&TAGS, 0, 3),
            authors: dice.some(&AUTHORS, 0, 2),
            section: (!dice.one_in(5)).then(|| *dice.pick(&SECTIONS)),
            kind: KINDS[dice.below(3)],
            texts,
        }
    }

    pub fn story(&self) -> Story {
        let mut story = Story::new(&self.folder);
        for text in &self.texts {
            story = if text.language == "ko" { story.ko(&text.title) } else { story.en(&text.title) };
            story = story.set(text.language, "publishedAt", json!(moment(text.published)));
            story = story.set(text.language, "updatedAt", json!(moment(text.modified)));
            story = story.set(text.language, "translators", json!(text.translators));
        }
        let story = story.tags(&self.tags).authors(&self.authors).kind(self.kind);
        match self.section {
            Some((section, _)) => story.section(section),
            None => story,
        }
    }

    /// What a reader of a chain of languages is served.
    pub fn served(&self, chain: &[&str]) -> Option<&Text> {
        chain.iter().find_map(|language| self.texts.iter().find(|text| text.language == *language))
    }
}

pub fn newsroom(stories: &[Made]) -> Newsroom {
    let list = |names: &[&str]| {
        names.iter().map(|name| format!("{name}: {{ names: {{ en: {name} }} }}\n")).collect::<String>()
    };
    let section = |(key, above): &(&str, &[&str])| {
        let parent = above.first().map(|parent| format!("parent: {parent}, ")).unwrap_or_default();
        format!("- {{ key: {key}, {parent}names: {{ en: {key} }} }}\n")
    };
    Newsroom::of(stories.iter().map(Made::story))
        .file("tags.yaml", &list(&TAGS))
        .file("authors.yaml", &list(&["ann", "ben", "cho", "dan"]))
        .file("sections.yaml", &SECTIONS.iter().map(section).collect::<String>())
}

/// A filter by names; [`Filter::input`] writes it with ids.
#[derive(Debug, Default)]
pub struct Filter {
    pub sections: Vec<&'static str>,
    pub sections_only: bool,
    pub tags_any: Vec<&'static str>,
    pub tags_all: Vec<&'static str>,
    pub tags_none: Vec<&'static str>,
    pub authors: Vec<&'static str>,
    pub kinds: Vec<&'static str>,
    pub from: Option<i64>,
    pub before: Option<i64>,
    pub has_variants: Vec<&'static str>,
    pub ids: Vec<String>,
    pub words: Vec<&'static str>,
}

impl Filter {
    /// Each condition in one of four.
    pub fn roll(dice: &mut Dice, stories: &[Made]) -> Self {
        fn sometimes<T: Clone + PartialEq>(dice: &mut Dice, from: &[T], most: usize) -> Vec<T> {
            if dice.one_in(4) { dice.some(from, 1, most) } else { Vec::new() }
        }
        let ids: Vec<String> = stories.iter().map(|story| story.id.clone()).collect();
        Self {
            sections: sometimes(dice, &SECTIONS.map(|(name, _)| name), 2),
            sections_only: dice.one_in(2),
            tags_any: sometimes(dice, &TAGS, 2),
            tags_all: sometimes(dice, &TAGS, 2),
            tags_none: sometimes(dice, &TAGS, 2),
            authors: sometimes(dice, &["ann", "ben", "cho", "dan"], 2),
            kinds: sometimes(dice, &KINDS, 2),
            from: dice.one_in(6).then(|| dice.below(12) as i64),
            before: dice.one_in(6).then(|| dice.below(12) as i64),
            has_variants: sometimes(dice, &["ko", "en"], 2),
            ids: if dice.one_in(6) { dice.some(&ids, 1, 30) } else { Vec::new() },
            words: if dice.one_in(5) { dice.some(&WORDS, 1, 2) } else { Vec::new() },
        }
    }

    pub fn input(&self, id: impl Fn(&str) -> String) -> Value {
        let mut input = json!({"sectionsOnly": self.sections_only});
        let lists = [
            ("sections", &self.sections),
            ("tagsAny", &self.tags_any),
            ("tagsAll", &self.tags_all),
            ("tagsNone", &self.tags_none),
            ("authors", &self.authors),
        ];
        for (name, values) in lists {
            if !values.is_empty() {
                input[name] = values.iter().map(|value| id(value)).collect();
            }
        }
        if !self.kinds.is_empty() {
            input["kinds"] = json!(self.kinds);
        }
        if !self.has_variants.is_empty() {
            input["hasVariants"] = json!(self.has_variants);
        }
        if !self.ids.is_empty() {
            input["ids"] = json!(self.ids);
        }
        if !self.words.is_empty() {
            // Upper and lower case are alike.
            input["text"] = json!(self.words.join(" ").to_uppercase());
        }
        for (name, minutes) in [("publishedFrom", self.from), ("publishedBefore", self.before)] {
            if let Some(minutes) = minutes {
                input[name] = json!(moment(minutes));
            }
        }
        input
    }

    pub fn accepts(&self, story: &Made, served: &Text) -> bool {
        let within = |section: &&str| {
            story.section.is_some_and(|(own, above)| own == *section || !self.sections_only && above.contains(section))
        };
        let tagged = |tag: &&str| story.tags.contains(tag);
        let by = |author: &&str| story.authors.contains(author) || served.translators.contains(author);
        let title = served.title.to_lowercase();
        (self.sections.is_empty() || self.sections.iter().any(within))
            && (self.tags_any.is_empty() || self.tags_any.iter().any(tagged))
            && self.tags_all.iter().all(tagged)
            && !self.tags_none.iter().any(tagged)
            && (self.authors.is_empty() || self.authors.iter().any(by))
            && (self.kinds.is_empty() || self.kinds.contains(&story.kind))
            && self.from.is_none_or(|from| served.published >= from)
            && self.before.is_none_or(|before| served.published < before)
            && self.has_variants.iter().all(|wanted| story.texts.iter().any(|text| text.language == *wanted))
            && (self.ids.is_empty() || self.ids.contains(&story.id))
            && self.words.iter().all(|word| title.contains(&word.to_lowercase()))
    }
}
