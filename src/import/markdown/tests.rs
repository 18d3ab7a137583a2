//! Whole imports of small folders, and what a file may hold.

use super::front_matter::read;
use super::images::key;
use super::readable;
use crate::domain::entity::Entity;
use crate::import::tests::{Heard, Newsroom, newsroom};
use crate::import::{Counts, Options, Report, markdown};
use std::path::Path;

async fn import(newsroom: &Newsroom, folder: &Path) -> (Report, String) {
    let heard = Heard::default();
    let options = Options::default();
    let report = markdown::run(&newsroom.app, &newsroom.config.import, folder, &options, &heard).await.unwrap();
    (report, heard.lines())
}

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

#[test]
fn a_wrong_head_is_refused_by_file_and_key() {
    for (head, reason) in [
        ("titel: x", "unknown field `titel`"),
        ("deks: [x]", "missing field `title`"),
        ("title: x\nkind: COLUMN", "unknown variant `COLUMN`"),
        ("title: x\nauthors: [{ slug: a, role: WRITER }]", "expected an author's slug"),
        ("title: x\nrelated: [{ article: a }]", "expected a folder's name"),
        ("title: x\npublishedAt: yesterday", "publishedAt"),
        ("title: x\nimage: { file: a.png, size: 3 }", "unknown field `size`"),
        ("title: x\nseo: { keywords: a }", "unknown field `keywords`"),
        ("title: x\ntranslation: { from: ko }", "missing field `origin`"),
        ("title: [", "at line"),
    ] {
        let error = read("story/ko.md", &format!("---\n{head}\n---\ntext")).unwrap_err().to_string();
        assert!(error.starts_with("story/ko.md: ") && error.contains(reason), "{error}");
    }
    for text in ["title: x\n", "---\ntitle: x\n", ""] {
        let error = read("story/ko.md", text).unwrap_err().to_string();
        assert!(error.contains("must begin with a line `---`"), "{error}");
    }
    // Lines are counted as an editor does.
    let error = read("story/ko.md", "---\ntitle: x\nslugg: y\n---\n").unwrap_err().to_string();
    assert!(error.contains("line 3"), "{error}");
    let (head, body) = read("story/ko.md", "\u{feff}---\r\ntitle: x\r\n---\r\n\r\ntext\r\n---\r\n").unwrap();
    assert_eq!((head.title.as_str(), body.as_str()), ("x", "\ntext\n---\n"));
}

#[test]
fn names_of_files_and_people() {
    for (folder, file, expected) in [
        ("story", "a.png", "story/a.png"),
        ("story", "./%EA%B0%80%20b.png", "story/가 b.png"),
        ("story", "../shared/a.png", "shared/a.png"),
        ("story", "../../etc/passwd", "../etc/passwd"),
        ("", "portraits/a.png", "portraits/a.png"),
        ("story", "https://x.example/a.png", "https://x.example/a.png"),
    ] {
        assert_eq!(key(folder, file), expected);
    }
    assert_eq!(readable("han-seo-yun"), "Han Seo Yun");
    assert_eq!(readable("여객선"), "여객선");
}

#[tokio::test]
async fn the_sample_newsroom_comes_in_twice_without_a_change_and_then_one_story_goes_stale() {
    let newsroom = newsroom().await;
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let (report, said) = import(&newsroom, &examples.join("newsroom")).await;
    assert_eq!((report.articles.failed, report.files.missing, said.as_str()), (0, 0, ""));
    assert!(report.articles.created > 20 && report.variants.created > 40);
    let (again, said) = import(&newsroom, &examples.join("newsroom")).await;
    assert_eq!(again.articles, Counts { unchanged: report.articles.created, ..Counts::default() }, "{said}");
    for counts in [again.authors, again.tags, again.sections, again.images, again.collections] {
        assert_eq!((counts.created, counts.updated, counts.failed), (0, 0, 0));
    }
    let story = newsroom.story("markdown", "harbour-ferry-charging").await;
    assert_eq!((story.len(), story[0].related().len(), story[0].is_stale(&story)), (2, 3, false));
    // A correction is in its place, and a draft is not.
    assert_eq!(newsroom.story("markdown", "crosswalk-seconds").await[0].card.corrections.len(), 1);
    assert!(newsroom.story("markdown", "storm-after-action").await.is_empty());

    let (report, said) = import(&newsroom, &examples.join("newsroom-later")).await;
    assert_eq!((report.articles.updated, report.variants.updated, said.as_str()), (1, 1, ""));
    let story = newsroom.story("markdown", "harbour-ferry-charging").await;
    assert!(story[0].is_stale(&story) && !story[1].is_stale(&story));
    let Entity::Image(image) = newsroom.entity(story[0].lead_image().unwrap().0).await else { panic!() };
    assert_eq!((image.alts.len(), image.captions.len()), (2, 2));
    let (report, _) = import(&newsroom, &examples.join("newsroom-later")).await;
    assert_eq!(report.articles, Counts { unchanged: 1, ..Counts::default() });
}

#[tokio::test]
async fn a_folder_without_lists_makes_what_it_needs_and_says_so() {
    let newsroom = newsroom().await;
    let folder = newsroom.folder.path().join("stories");
    write(
        &folder,
        &[
            (
                "b-story/en.md",
                "---\ntitle: B\nauthors: [jo-hye]\ntags: [big-tag]\nsection: city-life\nrelated: [a-story, nowhere]\n---\nText.\n",
            ),
            (
                "a-story/ko.md",
                "---\ntitle: 가\nauthors: [jo-hye]\nrelated: [b-story]\nimage: { file: ../../secret.png }\n---\n글.\n",
            ),
            ("a-story/en.md", "---\ntitle: A\ntranslation: { origin: MACHINE, from: ko }\n---\nText.\n"),
            ("a-story/notes.md", "notes"),
            ("c-story/en.md", "---\ntitle: C\ntranslation: { origin: HUMAN, from: ko }\n---\nText.\n"),
            ("_hidden/en.md", "nothing"),
            ("tags.yaml", "big-tag: { names: { en: Big }, colour: red }"),
        ],
    );
    let (report, said) = import(&newsroom, &folder).await;
    assert_eq!((report.articles.created, report.articles.failed, report.damaged), (2, 1, 1), "{said}");
    for part in [
        "file tags.yaml Failed file: tags.yaml: big-tag: unknown field `colour`",
        "author `jo-hye`: added as “Jo Hye”",
        "tag `big-tag`: added as “Big Tag”",
        "section `city-life`: added as “City Life”",
        "`notes.md`: left out",
        "related story `nowhere`: left out",
        "article c-story Failed article: c-story: holds no original",
        "picture `../secret.png`: no file",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    let (a, b) = (newsroom.story("markdown", "a-story").await, newsroom.story("markdown", "b-story").await);
    assert_eq!((a[0].related()[0].article, b[0].related()[0].article), (b[0].article, a[0].article));
    let (report, said) = import(&newsroom, &folder).await;
    assert_eq!((report.articles.unchanged, report.articles.updated), (2, 0), "{said}");
}
