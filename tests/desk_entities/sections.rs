//! The tree of sections: what moves takes its stories along, in all lists at once.

use super::{pair, texts};
use crate::on_both;
use crate::support::{Kind, Newsroom, Server, Story};
use serde_json::{Value, json};

/// city > districts > gangnam, and world beside it; a story in each, in two languages.
async fn newsroom(kind: Kind) -> Server {
    let names = ["city", "districts", "gangnam", "world"];
    let stories = names.map(|name| {
        Story::new(name)
            .ko(&format!("{name} ko"))
            .en(&format!("{name} en"))
            .at("2026-01-01T09:00:00+09:00")
            .section(name)
    });
    Newsroom::of(stories)
        .file(
            "sections.yaml",
            "- { key: city, names: { ko: city, en: city } }
- { key: districts, parent: city, names: { ko: districts, en: districts } }
- { key: gangnam, parent: districts, names: { ko: gangnam, en: gangnam } }
- { key: world, names: { ko: world, en: world } }
",
        )
        .serve(kind)
        .await
}

async fn stories(server: &Server, language: &str, section: &str) -> Vec<String> {
    let query = format!(
        "{{ section(by: {{slug: {{slug: \"{section}\", language: \"{language}\"}}}}) {{ articles(language: \"{language}\") {{ \
         totalCount edges {{ variant {{ title }} }} }} }} }}"
    );
    let reply = server.query(&query).await;
    if reply.data("/section").is_null() {
        return Vec::new();
    }
    let edges = reply.data("/section/articles/edges").as_array().unwrap();
    assert_eq!(reply.data("/section/articles/totalCount"), edges.len());
    let mut titles: Vec<String> = edges
        .iter()
        .map(|edge| edge["variant"]["title"].as_str().unwrap().replace(&format!(" {language}"), ""))
        .collect();
    titles.sort();
    titles
}

async fn path(server: &Server, section: &str) -> Vec<String> {
    let query = format!(
        "{{ section(by: {{slug: {{slug: \"{section}\", language: \"ko\"}}}}) {{ ancestors {{ slug(language: \"ko\") }} }} }}"
    );
    server.texts(&query, "/section/ancestors", "/slug").await
}

on_both! {
    a_section_is_added_last_among_its_siblings(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let city = server.id_of("section", "ko", "city").await;
        let section = "section { id parentId ancestorIds position slugs { text } }";
        let top = server.changed(&editor, "createSection", section, json!({"names": texts(&[("ko", "새 면")])})).await["section"].clone();
        assert_eq!((&top["parentId"], &top["ancestorIds"], &top["position"]), (&Value::Null, &json!([]), &json!(5)));
        let input = json!({"names": texts(&[("ko", "아래")]), "parentId": city, "position": 0});
        let below = server.changed(&editor, "createSection", section, input).await["section"].clone();
        assert_eq!((&below["ancestorIds"], &below["position"]), (&json!([city]), &json!(0)));
        for (input, expected) in [
            (json!({"names": []}), pair("names", "REQUIRED")),
            (json!({"names": texts(&[("ko", "가")]), "parentId": "sec_00000000000000000000000000"}), pair("parentId", "NOT_FOUND")),
            (json!({"names": texts(&[("ko", "가")]), "position": -1}), pair("position", "INVALID")),
            (json!({"names": texts(&[("ko", "가")]), "slugs": texts(&[("ko", "city")])}), pair("slugs.ko", "TAKEN")),
        ] {
            assert_eq!(server.refused(&editor, "createSection", input).await, [expected]);
        }
    }

    a_section_that_moves_takes_what_is_below_it_into_the_lists_of_its_new_place(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let (districts, world, city) = (
            server.id_of("section", "ko", "districts").await,
            server.id_of("section", "ko", "world").await,
            server.id_of("section", "ko", "city").await,
        );
        let cursor = server.changes_after(None).await.1;
        assert_eq!(stories(&server, "en", "city").await, ["city", "districts", "gangnam"]);
        server.changed(&editor, "updateSection", "section { version }", json!({"sectionId": districts, "parentId": world})).await;
        for language in ["ko", "en"] {
            assert_eq!(stories(&server, language, "city").await, ["city"]);
            assert_eq!(stories(&server, language, "world").await, ["districts", "gangnam", "world"]);
            assert_eq!(stories(&server, language, "districts").await, ["districts", "gangnam"]);
        }
        assert_eq!(path(&server, "gangnam").await, ["districts", "world"]);
        let told = server.changes_after(Some(&cursor)).await.0;
        for id in [&districts, &world, &city] {
            assert!(told.contains(&format!("ENTITY_CHANGED {id}")), "{told:?}");
        }
        // To the top, and into the middle of another branch.
        server.changed(&editor, "updateSection", "section { version }", json!({"sectionId": districts, "parentId": null})).await;
        assert_eq!(stories(&server, "ko", "world").await, ["world"]);
        assert_eq!(path(&server, "gangnam").await, ["districts"]);
        let gangnam = server.id_of("section", "ko", "gangnam").await;
        server.changed(&editor, "updateSection", "section { version }", json!({"sectionId": world, "parentId": gangnam})).await;
        assert_eq!(stories(&server, "ko", "districts").await, ["districts", "gangnam", "world"]);
        assert_eq!(path(&server, "world").await, ["gangnam", "districts"]);
        // What is published later goes to the same lists.
        let (article, variant) = server.write(&editor, "ko", "later ko").await;
        let shared = json!({"articleId": article, "shared": {"sectionId": world}});
        server.changed(&editor, "updateArticle", "article { version }", shared).await;
        server.bring(&editor, &variant, "PUBLISHED").await;
        assert_eq!(stories(&server, "ko", "districts").await, ["districts", "gangnam", "later", "world"]);
    }

    a_section_above_appears_with_the_first_story_below_it_and_goes_with_the_last(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let names = json!({"names": texts(&[("ko", "비어 있음")])});
        let empty = server.changed(&editor, "createSection", "section { id }", names).await["section"]["id"].clone();
        let world = server.id_of("section", "ko", "world").await;
        let seen = "{ section(by: {slug: {slug: \"비어-있음\", language: \"ko\"}}) { id children { id } } }";
        assert_eq!(server.query(seen).await.data("/section"), &Value::Null);
        server.changed(&editor, "updateSection", "section { version }", json!({"sectionId": world, "parentId": empty})).await;
        assert_eq!(server.query(seen).await.data("/section"), &json!({"id": empty, "children": [{"id": world}]}));
        server.changed(&editor, "updateSection", "section { version }", json!({"sectionId": world, "parentId": null})).await;
        assert_eq!(server.query(seen).await.data("/section"), &Value::Null);
    }

    a_section_never_comes_to_lie_below_itself(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let (city, gangnam) = (server.id_of("section", "ko", "city").await, server.id_of("section", "ko", "gangnam").await);
        for parent in [&city, &gangnam] {
            let input = json!({"sectionId": city, "parentId": parent});
            assert_eq!(server.refused(&editor, "updateSection", input).await, [pair("parentId", "CYCLE")]);
        }
        // Of two that go below each other at once, one comes first and the other is refused.
        let world = server.id_of("section", "ko", "world").await;
        let move_below = |section: &str, parent: &str| server.change(&editor, "updateSection", "", json!({"sectionId": section, "parentId": parent}));
        let (one, other) = (move_below(&city, &world), move_below(&world, &gangnam));
        let (one, other) = futures_util::future::join(one, other).await;
        let refused = [&one, &other].iter().filter(|reply| reply.data("/updateSection/userErrors") != &json!([])).count();
        assert_eq!(refused, 1, "{:#} {:#}", one.json, other.json);
    }
}
