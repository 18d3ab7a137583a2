//! Which of the newsroom's languages a text without a label is written in.

use crate::domain::language::{LanguageTag, Languages};
use whatlang::{Detector, Lang};

/// So many letters tell a language; more would only cost time.
const SAMPLE: usize = 2_000;

/// The languages that the detector knows, as BCP 47 names them and as it does.
const KNOWN: &str = "\
    eo=epo en=eng ru=rus zh=cmn es=spa pt=por it=ita bn=ben fr=fra de=deu uk=ukr ka=kat ar=ara hi=hin ja=jpn he=heb \
    yi=yid pl=pol am=amh jv=jav ko=kor nb=nob no=nob da=dan sv=swe fi=fin tr=tur nl=nld hu=hun cs=ces el=ell bg=bul \
    be=bel mr=mar kn=kan ro=ron sl=slv hr=hrv sr=srp mk=mkd lt=lit lv=lav et=est ta=tam vi=vie ur=urd th=tha gu=guj \
    uz=uzb pa=pan az=aze id=ind te=tel fa=pes ml=mal or=ori my=mya ne=nep si=sin km=khm tk=tuk ak=aka zu=zul sn=sna \
    af=afr la=lat sk=slk ca=cat tl=tgl hy=hye cy=cym";

/// The language of a text among those that the newsroom publishes in; nothing where it cannot be told. `hint` wins
/// where the text could be in it as well.
pub(super) fn detect(text: &str, languages: &Languages, hint: Option<&LanguageTag>) -> Option<LanguageTag> {
    let sample: String = text.chars().filter(|c| c.is_alphabetic() || c.is_whitespace()).take(SAMPLE).collect();
    let scripts = Scripts::of(&sample);
    let with_primary = |primary: &str| languages.all().iter().map(|l| &l.tag).find(|tag| tag.primary() == primary);
    if scripts.letters() == 0 {
        return None;
    }
    // A syllable of Hangul says what two or three Latin letters say, and Korean news is full of Latin names: in a
    // headline they may well outnumber the rest.
    let weight = if hint.is_some_and(|hint| hint.primary() == "ko") { 8 } else { 2 };
    if let Some(korean) = with_primary("ko").filter(|_| weight * scripts.hangul >= scripts.other.max(1)) {
        return Some(korean.clone());
    }
    if let Some(japanese) = with_primary("ja").filter(|_| 4 * scripts.kana >= scripts.letters()) {
        return Some(japanese.clone());
    }
    let hint = hint.filter(|tag| scripts.fit(tag.primary()));
    let known = languages.all().iter().filter_map(|language| lang(language.tag.primary()));
    match Detector::with_allowlist(known.collect()).detect(&sample) {
        Some(found) if found.is_reliable() || hint.is_none() => {
            languages.all().iter().find(|l| lang(l.tag.primary()) == Some(found.lang())).map(|l| l.tag.clone())
        }
        _ => hint.cloned().or_else(|| {
            let mut fitting = languages.all().iter().filter(|language| scripts.fit(language.tag.primary()));
            fitting.next().map(|language| language.tag.clone())
        }),
    }
}

fn lang(primary: &str) -> Option<Lang> {
    let pair = KNOWN.split_whitespace().filter_map(|pair| pair.split_once('=')).find(|(tag, _)| *tag == primary)?;
    Lang::from_code(pair.1)
}

/// How many letters of the scripts that tell a language by themselves.
#[derive(Default)]
struct Scripts {
    hangul: usize,
    kana: usize,
    han: usize,
    other: usize,
}

impl Scripts {
    fn of(text: &str) -> Self {
        let mut scripts = Self::default();
        for c in text.chars().filter(|c| c.is_alphabetic()) {
            *match c {
                '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7af}' => &mut scripts.hangul,
                '\u{3040}'..='\u{30ff}' => &mut scripts.kana,
                '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{3134f}' => &mut scripts.han,
                _ => &mut scripts.other,
            } += 1;
        }
        scripts
    }

    fn letters(&self) -> usize {
        self.hangul + self.kana + self.han + self.other
    }

    /// Whether a text with these letters can be in this language at all.
    fn fit(&self, primary: &str) -> bool {
        match primary {
            "ko" => self.hangul > 0,
            "ja" => self.kana + self.han > 0,
            "zh" => self.han > 0,
            _ => self.other > 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::{Direction, Language};

    fn languages(tags: &[&str]) -> Languages {
        let language = |tag: &&str| Language {
            tag: tag.parse().unwrap(),
            name: (*tag).to_owned(),
            direction: Direction::Ltr,
            fallback: Vec::new(),
        };
        Languages::new(tags.iter().map(language).collect(), tags[0].parse().unwrap()).unwrap()
    }

    #[test]
    fn a_text_tells_its_language() {
        let german = "Der Ausschuss hat am Dienstag beschlossen, dass die Gebühren im nächsten Jahr nicht steigen.";
        let french = "Le comité a décidé mardi que les tarifs ne seraient pas augmentés pendant l'année prochaine.";
        for (tags, hint, text, expected) in [
            (&["ko", "en"][..], Some("ko"), "President Yoon hinted that he may Exercise his Veto...", Some("en")),
            (&["ko", "en"], None, "오픈AI 이사회 앤트로픽 CEO 만나 CEO 교체 타진", Some("ko")),
            (&["ko", "en"], Some("ko"), "OpenAI CEO Sam Altman 전격 해임", Some("ko")),
            (&["ko", "en"], Some("en"), "AI 산업", Some("ko")),
            (&["ko", "en"], None, "Han Seo-yun (한서윤) covers transport with data for the newsroom", Some("en")),
            (&["ko", "en"], Some("ko"), "GDP 2.2%", Some("en")),
            (&["ko", "en"], Some("ko"), "2026.11.22", None),
            (&["ko", "en", "ja"], None, "新しい船が港に着きました", Some("ja")),
            (&["en", "de", "fr"], Some("en"), german, Some("de")),
            (&["en", "de", "fr"], Some("de"), french, Some("fr")),
            (&["en", "de"], Some("de"), "Radio Bremen", Some("de")),
            (&["ko", "zh-Hant"], None, "委員會星期二決定明年不漲價", Some("zh-Hant")),
            (&["ko"], None, "委員會星期二決定", None),
        ] {
            let hint: Option<LanguageTag> = hint.map(|tag| tag.parse().unwrap());
            let found = detect(text, &languages(tags), hint.as_ref());
            assert_eq!(found.as_ref().map(LanguageTag::as_str), expected, "{text}");
        }
    }

    #[test]
    fn every_known_language_is_one_of_the_detectors() {
        for pair in KNOWN.split_whitespace() {
            let (tag, code) = pair.split_once('=').unwrap();
            assert!(tag.parse::<LanguageTag>().is_ok() && Lang::from_code(code).is_some(), "{pair}");
        }
    }
}
