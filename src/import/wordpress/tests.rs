//! Whole imports of small exports.

use crate::domain::article::Kind;
use crate::domain::body::Content;
use crate::domain::entity::{Entity, EntityKind};
use crate::domain::image::DigitalSourceType;
use crate::import::tests::{Heard, Newsroom, newsroom};
use crate::import::{Counts, Options, Report, wordpress};

/// A post of an export in the making.
#[derive(Clone, Copy)]
struct Post<'a> {
    id: u32,
    title: &'a str,
    content: &'a str,
    status: &'a str,
    more: &'a str,
}

const POST: Post<'static> = Post { id: 1, title: "", content: "", status: "publish", more: "" };

impl Post<'_> {
    fn xml(&self) -> String {
        let Self { id, title, content, status, more } = self;
        format!(
            "<item><title>{title}</title><link>https://news.example/post-{id}/</link><dc:creator>desk@news.example\
             </dc:creator><content:encoded><![CDATA[{content}]]></content:encoded><wp:post_id>{id}</wp:post_id>\
             <wp:post_date>2023-11-22 09:00:00</wp:post_date><wp:post_date_gmt>2023-11-22 00:00:00</wp:post_date_gmt>\
             <wp:post_name>post-{id}</wp:post_name><wp:status>{status}</wp:status><wp:post_type>post</wp:post_type>\
             {more}</item>"
        )
    }
}

fn meta(key: &str, value: &str) -> String {
    format!("<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value>{value}</wp:meta_value></wp:postmeta>")
}

fn attachment(id: u32, file: &str, caption: &str) -> String {
    format!(
        "<item><title>p</title><excerpt:encoded><![CDATA[{caption}]]></excerpt:encoded><wp:post_id>{id}</wp:post_id>\
         <wp:status>inherit</wp:status><wp:post_type>attachment</wp:post_type>\
         <wp:attachment_url>https://news.example/wp-content/uploads/{file}</wp:attachment_url></item>"
    )
}

async fn import(newsroom: &Newsroom, items: &str, options: &Options) -> (Report, String) {
    let xml = format!(
        "<rss><channel><title>N</title><link>https://news.example</link><language>ko-KR</language>\
         <wp:author><wp:author_login>desk@news.example</wp:author_login><wp:author_display_name>편집국\
         </wp:author_display_name></wp:author>{items}</channel></rss>"
    );
    let file = newsroom.folder.path().join("export.xml");
    std::fs::write(&file, xml).unwrap();
    let heard = Heard::default();
    let report = wordpress::run(&newsroom.app, &newsroom.config.import, &file, options, &heard).await.unwrap();
    (report, heard.lines())
}

fn split() -> Options {
    Options { split: Some("English version>>".to_owned()), ..Options::default() }
}

const BOTH: &str =
    "<p>덱 하나</p><p>본문이다.</p><p>English version&gt;&gt;</p><p>A Headline</p><p>The story is told.</p>";

#[tokio::test]
async fn a_post_with_two_languages_becomes_a_story_with_two_and_goes_stale_alone() {
    let newsroom = newsroom().await;
    let post = Post { title: "제목", content: BOTH, ..POST };
    let (report, said) = import(&newsroom, &post.xml(), &split()).await;
    assert_eq!((report.articles.created, report.variants.created, said.as_str()), (1, 2, ""));
    let story = newsroom.story("wordpress", "1").await;
    let [en, ko] = story.as_slice() else { panic!("{story:?}") };
    assert_eq!((ko.card.title.as_str(), ko.card.deks.as_slice()), ("제목", ["덱 하나".to_owned()].as_slice()));
    assert_eq!((en.card.slug.as_str(), ko.card.slug.as_str()), ("a-headline", "post-1"));
    assert!(ko.card.original && !en.card.original && !en.is_stale(&story));
    assert_eq!(ko.published_at.to_string(), "2023-11-22 9:00:00.0 +09:00:00");
    // The address shows no e-mail address.
    let Entity::Author(author) = newsroom.entity(ko.card.shared.bylines[0].author.0).await else { panic!() };
    assert_eq!(author.slug, "desk");

    let (report, _) = import(&newsroom, &post.xml(), &split()).await;
    assert_eq!(report.articles, Counts { unchanged: 1, ..Counts::default() });
    let content = BOTH.replace("본문이다.", "본문을 고쳤다.");
    let (report, _) = import(&newsroom, &Post { content: &content, ..post }.xml(), &split()).await;
    assert_eq!((report.variants.updated, report.variants.unchanged), (1, 1));
    let story = newsroom.story("wordpress", "1").await;
    assert!(story[0].is_stale(&story) && !story[1].is_stale(&story));
}

#[tokio::test]
async fn where_a_post_stands_follows_the_source() {
    let newsroom = newsroom().await;
    let post = Post { title: "제목", content: "<p>본문이다.</p>", ..POST };
    let (report, _) = import(&newsroom, &Post { status: "draft", ..post }.xml(), &Options::default()).await;
    assert_eq!((report.articles.created, newsroom.story("wordpress", "1").await.len()), (1, 0));
    for status in ["pending", "draft", "pending", "private"] {
        let (report, _) = import(&newsroom, &Post { status, ..post }.xml(), &Options::default()).await;
        assert_eq!((report.articles.updated, report.articles.failed), (1, 0), "{status}");
        assert_eq!(newsroom.story("wordpress", "1").await.len(), 0);
    }
    for status in ["draft", "trash", "private", "pending"] {
        let (report, _) = import(&newsroom, &post.xml(), &Options::default()).await;
        assert_eq!((report.articles.updated, newsroom.story("wordpress", "1").await.len()), (1, 1), "{status}");
        let (report, said) = import(&newsroom, &Post { status, ..post }.xml(), &Options::default()).await;
        assert_eq!((report.articles.withdrawn, newsroom.story("wordpress", "1").await.len()), (1, 0), "{said}");
        assert!(said.contains("withdrawn: it is not published in the source any more"), "{said}");
    }
    // A schedule whose time has passed says nothing about what became of the story here.
    let overdue = Post { status: "future", ..post };
    for (status, live) in [("pending", 0), ("publish", 1)] {
        import(&newsroom, &Post { status, ..post }.xml(), &Options::default()).await;
        let (report, _) = import(&newsroom, &overdue.xml(), &Options::default()).await;
        assert_eq!((report.articles.failed, report.articles.withdrawn), (0, 0));
        assert_eq!(newsroom.story("wordpress", "1").await.len(), live, "{status}");
    }
    let trash = Post { id: 2, status: "trash", ..post };
    let (report, _) = import(&newsroom, &trash.xml(), &Options::default()).await;
    assert_eq!(report.articles.skipped, 1);
}

#[tokio::test]
async fn translations_of_polylang_are_languages_of_one_story() {
    let newsroom = newsroom().await;
    let terms = |language: &str| {
        format!(
            "<category domain=\"language\" nicename=\"{language}\">x</category>\
             <category domain=\"post_translations\" nicename=\"pll_1\">x</category>\
             <category domain=\"post_tag\" nicename=\"harbour-{language}\">Harbour {language}</category>"
        )
    };
    let (korean, english, french) = (terms("ko"), terms("en"), terms("fr"));
    let ko = Post { title: "제목", content: "<p>본문이다.</p>", more: &korean, ..POST }.xml();
    let en = Post { id: 2, title: "Title", content: "<p>Text.</p>", more: &english, ..POST }.xml();
    let fr = Post { id: 3, title: "Titre", content: "<p>Texte.</p>", more: &french, ..POST }.xml();
    let again = Post { id: 4, title: "Other", content: "<p>Text.</p>", more: &english, ..POST }.xml();
    let (report, said) = import(&newsroom, &[ko, en, fr, again].concat(), &Options::default()).await;
    assert_eq!((report.articles.created, report.articles.skipped, report.variants.created), (3, 1, 3), "{said}");
    assert!(said.contains("language `fr`: left out"), "{said}");
    assert!(said.contains("a story of its own: the language is taken"), "{said}");
    assert!(
        said.contains("tags of a translation: “Harbour en”: left out: the story has those of its original"),
        "{said}"
    );
    let (one, two) = (newsroom.story("wordpress", "1").await, newsroom.story("wordpress", "2").await);
    assert_eq!((one.len(), one[0].article, one[0].article), (2, one[1].article, two[0].article));
    assert!(one[0].card.translation.is_some() && one[1].card.original);
    assert_ne!(newsroom.story("wordpress", "4").await[0].article, one[0].article);
}

#[tokio::test]
async fn pictures_are_found_by_number_and_by_every_size() {
    let newsroom = newsroom().await;
    let uploads = newsroom.folder.path().join("uploads");
    std::fs::create_dir_all(uploads.join("2023/11")).unwrap();
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"30\"/>";
    std::fs::write(uploads.join("2023/11/a.jpg"), svg).unwrap();
    std::fs::write(newsroom.folder.path().join("secret.jpg"), svg).unwrap();
    let thumbnail = meta("_thumbnail_id", "9");
    let content = "<p>본문이다.</p>\
        <img class=\"wp-image-9\" src=\"https://cdn.example/x.jpg\">\
        <figure><img src=\"http://www.news.example/wp-content/uploads/2023/11/a-300x200.jpg?x\" alt=\"배\">\
        <figcaption>Image: Midjouney</figcaption></figure>\
        <img src=\"https://other.example/wp-content/uploads/b.jpg\"><img src=\"../wp-content/uploads/../../secret.jpg\">";
    let post = Post { title: "제목", content, more: &thumbnail, ..POST }.xml();
    let items = [attachment(9, "2023/11/a.jpg", "해온항의 배"), attachment(8, "../secret.jpg", ""), post].concat();
    let options = Options { media: Some(uploads), ..Options::default() };
    let (report, said) = import(&newsroom, &items, &options).await;
    assert_eq!((report.files.read, report.articles.created), (1, 1), "{said}");
    assert!(said.contains("https://other.example/wp-content/uploads/b.jpg: no file"), "{said}");
    let story = newsroom.story("wordpress", "1").await;
    let lead = story[0].lead_image().unwrap();
    let shown: Vec<_> = newsroom.body(&story[0]).await.image_ids().collect();
    assert_eq!((shown.len(), shown[0], shown[1]), (4, lead, lead));
    let Entity::Image(image) = newsroom.entity(lead.0).await else { panic!() };
    assert_eq!((image.width, image.height, image.credit.as_deref()), (Some(40), Some(30), Some("Midjouney")));
    assert_eq!(image.digital_source_type, Some(DigitalSourceType::TrainedAlgorithmicMedia));
    let texts = (image.alts.values().next().cloned(), image.captions.values().next().cloned());
    assert_eq!(texts, (Some("배".to_owned()), Some("해온항의 배".to_owned())));
    let body = newsroom.body(&story[0]).await;
    let Content::Figure(figure) = &body.blocks[2].content else { panic!() };
    assert_eq!((&figure.caption, &figure.credit, &figure.source), (&None, &None, &None));
    assert_eq!(newsroom.visible(EntityKind::Image).await, 3);
    // What a text taught about a picture stays when the library is read again.
    let (report, _) = import(&newsroom, &items, &options).await;
    assert_eq!((report.articles.unchanged, report.images.unchanged), (1, 2));
}

#[tokio::test]
async fn terms_become_a_section_and_tags_and_the_rest_is_said() {
    let newsroom = newsroom().await;
    let category = |slug: &str, parent: &str, id: u32| {
        format!(
            "<wp:category><wp:term_id>{id}</wp:term_id><wp:category_nicename>{slug}</wp:category_nicename>\
             <wp:category_parent>{parent}</wp:category_parent><wp:cat_name>{slug} &amp;amp; co</wp:cat_name></wp:category>"
        )
    };
    let terms = "<category domain=\"category\" nicename=\"ai\">ai &amp;amp; co</category>\
        <category domain=\"category\" nicename=\"opinion\">Opinion</category>\
        <category domain=\"post_tag\" nicename=\"%ed%83%9c%ea%b7%b8\">태그</category>\
        <category domain=\"series\" nicename=\"s\">연재</category><wp:is_sticky>1</wp:is_sticky>\
        <wp:comment><wp:comment_id>1</wp:comment_id></wp:comment>";
    let more = format!("{terms}{}", meta("_yoast_wpseo_primary_category", "2"));
    let post = Post { title: "제목", content: "<p>본문이다.</p>", more: &more, ..POST }.xml();
    let page = post.replace(">post<", ">page<");
    // The child comes before its parent.
    let items = [category("ai", "tech", 1), category("opinion", "", 2), category("tech", "", 3), post, page].concat();
    let (report, said) = import(&newsroom, &items, &Options::default()).await;
    assert_eq!((report.sections.created, report.tags.created, report.left_out["page"]), (3, 2, 1));
    assert_eq!(report.left_out["comments"], 2);
    for part in ["category “ai & co”: tag", "series “연재”: left out", "kept on top of the front page: left out"]
    {
        assert!(said.contains(part), "{part} in {said}");
    }
    let story = newsroom.story("wordpress", "1").await;
    assert_eq!(story[0].kind(), Kind::Opinion);
    let Entity::Section(section) = newsroom.entity(story[0].section().unwrap().0).await else { panic!() };
    assert_eq!(section.slugs.values().next().unwrap(), "opinion");
    let Entity::Tag(tag) = newsroom.entity(story[0].tags()[0].0).await else { panic!() };
    assert_eq!(tag.slugs.values().next().unwrap(), "태그");
    let (report, _) = import(&newsroom, &items, &Options::default()).await;
    assert_eq!((report.sections.unchanged, report.articles.unchanged), (3, 1));
}

#[tokio::test]
async fn one_bad_post_stops_nothing_and_a_dry_run_keeps_nothing() {
    let newsroom = newsroom().await;
    let long = "가".repeat(501);
    let bad = Post { title: &long, content: "<p>본문이다.</p>", ..POST }.xml();
    let empty = Post { id: 2, ..POST }.xml();
    let untitled = Post { id: 3, content: "<p>본문이다. 또 하나.</p>", ..POST }.xml();
    let items = [bad, empty, untitled].concat();
    let dry = Options { dry_run: true, ..Options::default() };
    for options in [dry, Options::default()] {
        let (report, said) = import(&newsroom, &items, &options).await;
        assert_eq!((report.articles.failed, report.articles.created), (2, 1), "{said}");
        assert!(said.contains("article 1 Failed article: title: may have at most 500 characters, has 501"), "{said}");
        assert!(said.contains("the post has neither a title nor text"), "{said}");
        assert!(said.contains("titled “본문이다. 또 하나.”"), "{said}");
        assert_eq!(newsroom.story("wordpress", "3").await.is_empty(), options.dry_run);
    }
    let (report, _) = import(&newsroom, &items, &Options::default()).await;
    assert_eq!((report.articles.failed, report.articles.unchanged), (2, 1));
}

#[tokio::test]
async fn pictures_are_fetched_where_that_is_allowed_and_whatever_comes_the_rest_stays() {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, mut request) = (stream.unwrap(), [0; 2048]);
            let read = stream.read(&mut request).unwrap();
            let body = match String::from_utf8_lossy(&request[..read]).split(' ').nth(1).unwrap_or_default() {
                "/a.svg" => "<svg viewBox=\"0 0 8 6\"></svg>",
                _ => "<html>Not a picture</html>",
            };
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            let _ = stream.write_all(format!("{head}{body}").as_bytes());
        }
    });
    let newsroom = newsroom().await;
    let content = format!(
        "<p>본문이다.</p><img src=\"http://127.0.0.1:{port}/a.svg\"><img src=\"http://localhost:{port}/b.jpg\">"
    );
    let post = Post { title: "제목", content: &content, ..POST }.xml();
    for (fetch_media, allow_private_addresses, fetched, missing, reason) in [
        (false, false, 0, 0, ""),
        (true, false, 0, 2, "127.0.0.1 is not an address of the public internet"),
        (true, true, 1, 1, "is no picture that browsers show"),
    ] {
        let options = Options { fetch_media, allow_private_addresses, ..Options::default() };
        // A fetch that failed is tried again with the next import that may fetch and sees a changed post.
        let changed = post.replace("본문이다.", &format!("본문이다. {reason}"));
        let (report, said) = import(&newsroom, &changed, &options).await;
        assert_eq!((report.files.fetched, report.files.missing), (fetched, missing), "{said}");
        assert!(said.contains(reason), "{said}");
        let story = newsroom.story("wordpress", "1").await;
        assert_eq!(newsroom.body(&story[0]).await.image_ids().count(), 2);
    }
    let story = newsroom.story("wordpress", "1").await;
    let shown = newsroom.body(&story[0]).await.image_ids().next().unwrap();
    let Entity::Image(image) = newsroom.entity(shown.0).await else { panic!() };
    let file = image.file.unwrap();
    assert_eq!((image.width, image.height, file.media_type.as_str()), (Some(8), Some(6), "image/svg+xml"));
    assert!(newsroom.app.media().path(&file).is_file());
}
