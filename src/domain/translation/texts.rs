//! A story as a list of texts for somebody who translates texts, and back.

use crate::domain::article::Content;
use crate::domain::body::DraftBlock;
use crate::domain::body::texts::Form;

/// A story with its texts replaced, before it is saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Translated {
    /// The headline. Plain text.
    pub title: String,
    /// The lines under the headline. Plain text.
    pub deks: Vec<String>,
    /// The sentences for lists and previews. Plain text.
    pub summary: Option<String>,
    /// The blocks under the ids of the source.
    pub blocks: Vec<DraftBlock>,
}

/// Not as many texts as were asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected} texts, found {found}")]
pub struct WrongCount {
    /// How many texts the story has.
    pub expected: usize,
    /// How many there were.
    pub found: usize,
}

/// The texts of a story that are translated, each as inline HTML: headline, deks, summary and the texts of its blocks.
/// Those without a letter are left out.
pub fn translatable(content: &Content) -> Vec<String> {
    let plain = std::iter::once(&content.title).chain(&content.deks).chain(&content.summary);
    let blocks = content.body.blocks.iter().flat_map(|block| block.content.texts());
    plain.filter_map(|text| Form::Plain.sent(text)).chain(blocks).collect()
}

/// The story with other texts in the places of [`translatable`], in the same order.
pub fn with_texts(content: &Content, texts: Vec<String>) -> Result<Translated, WrongCount> {
    let (expected, found) = (translatable(content).len(), texts.len());
    if expected != found {
        return Err(WrongCount { expected, found });
    }
    let mut texts = texts.into_iter();
    let (mut title, mut deks, mut summary) = (content.title.clone(), content.deks.clone(), content.summary.clone());
    for text in std::iter::once(&mut title).chain(&mut deks).chain(&mut summary) {
        Form::Plain.put(text, &mut texts);
    }
    let mut blocks = super::scaffold(content);
    for block in &mut blocks {
        block.content = block.content.with_texts(&mut texts);
    }
    Ok(Translated { title, deks, summary, blocks })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::article::Seo;
    use crate::domain::body::{Body, html};
    use proptest::prelude::*;

    fn story(title: &str, deks: &[String], summary: Option<String>, body: &str) -> Content {
        Content {
            title: title.to_owned(),
            deks: deks.to_vec(),
            slug: "s".into(),
            summary,
            body: Body::from_contents(html::parse(body).contents, None),
            seo: Seo::default(),
            translation: None,
        }
    }

    #[test]
    fn a_story_is_a_list_of_texts_and_back() {
        let source = story("A <B> & C", &["d".into(), "2024".into()], Some("s".into()), "<p>a <em>b</em></p><hr><p>c");
        assert_eq!(translatable(&source), ["A &lt;B&gt; &amp; C", "d", "s", "a <em>b</em>", "c"]);
        let answers = ["가 &lt;나&gt; &amp; <b>다</b>", "라", "", "<em>b</em> a", "c"].map(str::to_owned).to_vec();
        let translated = with_texts(&source, answers).unwrap();
        assert_eq!(translated.title, "가 <나> & 다");
        assert_eq!(translated.deks, ["라", "2024"]);
        assert_eq!(translated.summary.as_deref(), Some("s"));
        let body = Body::from_blocks(translated.blocks, None, Some(&source.body));
        let ids = |body: &Body| body.blocks.iter().map(|block| block.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&body), ids(&source.body));
        assert_eq!(Body::changed_blocks(&source.body, &body).changed, [source.body.blocks[0].id.clone()]);
    }

    #[test]
    fn another_number_of_texts_is_refused() {
        let source = story("a", &[], None, "<p>b");
        let error = with_texts(&source, vec!["A".into()]).unwrap_err();
        assert_eq!(error.to_string(), "expected 2 texts, found 1");
        assert!(with_texts(&source, vec![String::new(); 3]).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn texts_put_back_unchanged_give_the_same_story(
            title in any::<String>(),
            deks in prop::collection::vec(any::<String>(), 0..3),
            summary in prop::option::of(any::<String>()),
            body in "(<(p|li|td|em|h2|blockquote|/p|/em)>|[a-z가-힣0-9 &;<\"])*",
        ) {
            let source = story(&title, &deks, summary.clone(), &body);
            let same = with_texts(&source, translatable(&source)).unwrap();
            prop_assert_eq!((same.title, same.deks, same.summary), (title, deks, summary));
            prop_assert_eq!(Body::from_blocks(same.blocks, None, Some(&source.body)), source.body);
        }
    }
}
