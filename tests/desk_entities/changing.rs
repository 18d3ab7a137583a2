//! Authors, tags and pictures: added, changed, live when saved.

use super::{pair, texts};
use crate::on_both;
use crate::support::{Kind, Newsroom, Server, Story};
use serde_json::{Value, json};

async fn newsroom(kind: Kind) -> Server {
    let story = Story::new("a").ko("제목").at("2026-01-01T09:00:00+09:00").tags(&["x"]).authors(&["ann"]).picture();
    Newsroom::of([story]).serve(kind).await
}

on_both! {
    an_author_is_added_and_seen_by_readers_once_a_story_names_them(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let author = "author { id version slug names { language text } bios { text } links { label url } }";
        let input = json!({
            "names": texts(&[("ko", "정도전"), ("en", "Jeong Do-jeon")]), "bios": texts(&[("ko", "기자")]),
            "links": [{"label": "Mail", "url": "mailto:jeong@news.example"}],
        });
        let made = server.changed(&editor, "createAuthor", author, input).await["author"].clone();
        assert_eq!(made["slug"], "jeong-do-jeon");
        assert_eq!(made["names"], json!([{"language": "en", "text": "Jeong Do-jeon"}, {"language": "ko", "text": "정도전"}]));
        let by_slug = "{ author(by: {slug: \"jeong-do-jeon\"}) { name(language: \"ko\") bio(language: \"ko\") } }";
        assert_eq!(server.query(by_slug).await.data("/author"), &Value::Null);

        let (article, variant) = server.write(&editor, "ko", "글").await;
        let shared = json!({"articleId": article, "shared": {"bylines": [{"authorId": made["id"]}]}});
        server.changed(&editor, "updateArticle", "article { version }", shared).await;
        server.bring(&editor, &variant, "PUBLISHED").await;
        assert_eq!(server.query(by_slug).await.data("/author"), &json!({"name": "정도전", "bio": "기자"}));

        // What is absent stays, language by language; an empty text takes away.
        let input = json!({"authorId": made["id"], "expectedVersion": 1, "slug": "jeong", "names": texts(&[("ko", "정 도전")]), "bios": texts(&[("ko", "")])});
        let after = server.changed(&editor, "updateAuthor", author, input).await["author"].clone();
        assert_eq!(after["names"], json!([{"language": "en", "text": "Jeong Do-jeon"}, {"language": "ko", "text": "정 도전"}]));
        assert_eq!((&after["version"], &after["bios"], &after["links"]), (&json!(2), &json!([]), &made["links"]));
        assert_eq!(server.query(by_slug).await.data("/author"), &json!({"name": "정 도전", "bio": null}), "the old slug leads to the author");
        let same = server.changed(&editor, "updateAuthor", author, json!({"authorId": made["id"], "slug": "jeong"})).await;
        assert_eq!(same["author"]["version"], 2, "nothing changed");
    }

    a_portrait_is_shown_and_taken_away(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let ann = server.author_id("ann").await;
        let image = server.desk(&editor, "images { edges { node { id fileName } } }").await["images"]["edges"][0]["node"]["id"].clone();
        let portrait = "{ author(by: {slug: \"ann\"}) { portrait { id } } }";
        for given in [image, Value::Null] {
            let input = json!({"authorId": ann, "portraitId": given});
            let after = server.changed(&editor, "updateAuthor", "author { portraitId }", input).await;
            assert_eq!(after["author"]["portraitId"], given);
            let seen = server.query(portrait).await;
            assert_eq!(seen.data("/author").pointer("/portrait/id").unwrap_or(&Value::Null), &given);
        }
    }

    what_is_wrong_with_an_author_is_named_field_by_field(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let (long, ann) = ("가".repeat(201), server.author_id("ann").await);
        for (input, expected) in [
            (json!({"names": []}), vec![pair("names", "REQUIRED")]),
            (json!({"names": texts(&[("ko", "  ")])}), vec![pair("names", "REQUIRED")]),
            (json!({"names": texts(&[("ko", "가"), ("ko", "나")])}), vec![pair("names[1].language", "DUPLICATE")]),
            (json!({"names": texts(&[("ko", &long)])}), vec![pair("names.ko", "TOO_LONG")]),
            (json!({"names": texts(&[("ko", "가")]), "slug": "Not A Slug"}), vec![pair("slug", "INVALID")]),
            (json!({"names": texts(&[("ko", "가")]), "slug": "ann"}), vec![pair("slug", "TAKEN")]),
            (json!({"names": texts(&[("ko", "가")]), "portraitId": "img_00000000000000000000000000"}), vec![pair("portraitId", "NOT_FOUND")]),
            (json!({"names": texts(&[("ko", "가")]), "portraitId": ann}), vec![pair("portraitId", "INVALID")]),
            (
                json!({"names": texts(&[("ko", "가")]), "links": [{"label": "", "url": "javascript:alert(1)"}]}),
                vec![pair("links[0].label", "REQUIRED"), pair("links[0].url", "INVALID")],
            ),
        ] {
            assert_eq!(server.refused(&editor, "createAuthor", input.clone()).await, expected, "{input}");
        }
    }

    a_tag_gets_its_slugs_from_its_names_and_keeps_them(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let tag = "tag { id version kind slugs { language text } }";
        let input = json!({"kind": "PLACE", "names": texts(&[("ko", "서울 시"), ("en", "Seoul")])});
        let made = server.changed(&editor, "createTag", tag, input.clone()).await["tag"].clone();
        assert_eq!((&made["kind"], &made["slugs"]), (&json!("PLACE"), &texts(&[("en", "seoul"), ("ko", "서울-시")])));
        let second = server.changed(&editor, "createTag", tag, input).await["tag"].clone();
        assert_eq!(second["slugs"], texts(&[("en", "seoul-2"), ("ko", "서울-시-2")]), "a name may be there twice, a slug not");
        let input = json!({"tagId": made["id"], "names": texts(&[("en", "Seoul City")]), "kind": "TOPIC"});
        let after = server.changed(&editor, "updateTag", tag, input).await["tag"].clone();
        assert_eq!((&after["slugs"], &after["kind"]), (&made["slugs"], &json!("TOPIC")), "a changed name does not change the address");
        let taken = json!({"tagId": second["id"], "slugs": texts(&[("en", "seoul")])});
        assert_eq!(server.refused(&editor, "updateTag", taken).await, [pair("slugs.en", "TAKEN")]);
        assert_eq!(server.refused(&editor, "createTag", json!({"names": []})).await, [pair("names", "REQUIRED")]);
    }

    a_tag_that_readers_see_changes_at_once_and_they_are_told(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let (id, (_, cursor)) = (server.id_of("tag", "ko", "x").await, server.changes_after(None).await);
        let input = json!({"tagId": id, "names": texts(&[("ko", "새 이름")]), "slugs": texts(&[("ko", "새-이름")])});
        server.changed(&editor, "updateTag", "tag { version }", input).await;
        for slug in ["x", "새-이름"] {
            let reply = server.query(&format!("{{ tag(by: {{slug: {{slug: \"{slug}\", language: \"ko\"}}}}) {{ name(language: \"ko\") slug(language: \"ko\") }} }}")).await;
            assert_eq!(reply.data("/tag"), &json!({"name": "새 이름", "slug": "새-이름"}));
        }
        assert_eq!(server.changes_after(Some(&cursor)).await.0, [format!("ENTITY_CHANGED {id}")]);
    }

    what_is_known_of_a_picture_is_live_when_saved(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let article = server.article_id("a").await;
        let query = format!("{{ article(by: {{id: \"{article}\"}}) {{ leadImage {{ id alt(language: \"ko\") caption(language: \"en\") credit licence
            focalPoint {{ x y }} digitalSourceType isAiGenerated }} }} }}");
        let id = server.query(&query).await.data("/article/leadImage/id").clone();
        let input = json!({"imageId": id, "alts": texts(&[("ko", "새 그림")]), "captions": texts(&[("en", "A picture")]), "credit": " Midjourney ",
            "licence": "CC BY 4.0", "focalPoint": {"x": 0.25, "y": 1.0}, "digitalSourceType": "TRAINED_ALGORITHMIC_MEDIA"});
        server.changed(&editor, "updateImage", "image { version isAiGenerated }", input).await;
        let expected = json!({"id": id, "alt": "새 그림", "caption": "A picture", "credit": "Midjourney", "licence": "CC BY 4.0",
            "focalPoint": {"x": 0.25, "y": 1.0}, "digitalSourceType": "TRAINED_ALGORITHMIC_MEDIA", "isAiGenerated": true});
        assert_eq!(server.query(&query).await.data("/article/leadImage"), &expected);
        let input = json!({"imageId": id, "credit": null, "focalPoint": null, "digitalSourceType": null});
        server.changed(&editor, "updateImage", "image { version }", input).await;
        let seen = server.query(&query).await;
        let image = seen.data("/article/leadImage");
        assert_eq!((&image["credit"], &image["focalPoint"], &image["digitalSourceType"]), (&Value::Null, &Value::Null, &Value::Null));
        assert_eq!((&image["alt"], &image["licence"]), (&expected["alt"], &expected["licence"]), "what is absent stays");
        let wrong = json!({"imageId": id, "focalPoint": {"x": 1.5, "y": 0.0}, "credit": " ", "alts": texts(&[("ko", &"가".repeat(1001))])});
        let expected = [pair("alts.ko", "TOO_LONG"), pair("credit", "REQUIRED"), pair("focalPoint", "INVALID")];
        assert_eq!(server.refused(&editor, "updateImage", wrong).await, expected);
    }
}
