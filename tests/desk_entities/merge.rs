//! Two tags, or two authors, become one, and nothing published breaks.

use super::{pair, texts};
use crate::on_both;
use crate::support::{Kind, Newsroom, Server, Story};
use serde_json::{Value, json};

fn story(name: &str, day: u32) -> Story {
    Story::new(name).ko(&format!("{name} ko")).en(&format!("{name} en")).at(&format!("2026-01-{day:02}T09:00:00+09:00"))
}

fn stories() -> [Story; 4] {
    [
        story("both", 1).tags(&["x", "z", "y"]).authors(&["ann", "ben"]),
        story("only-x", 2).tags(&["x"]).authors(&["ann"]).set("en", "translators", json!(["ann", "cho"])),
        story("only-y", 3).tags(&["y"]).authors(&["ben"]),
        story("draft", 4).tags(&["z", "x"]).authors(&["ann"]).status("draft"),
    ]
}

async fn newsroom(kind: Kind) -> Server {
    Newsroom::of(stories())
        .file("tags.yaml", "x: { names: { ko: 엑스, en: X }, slugs: { ko: 엑스, en: x } }\ny: { names: { ko: 와이 }, slugs: { ko: 와이 } }\n")
        .serve(kind)
        .await
}

async fn ids(server: &Server) -> (String, String) {
    (server.id_of("tag", "ko", "엑스").await, server.id_of("tag", "ko", "와이").await)
}

/// Headlines by tag or author, and what the list counts.
async fn listed(server: &Server, of: &str, language: &str) -> Vec<String> {
    let query = format!(
        "{{ node(id: \"{of}\") {{ ... on Tag {{ ...T }} ... on Author {{ ...A }} }} }}
        fragment T on Tag {{ articles(language: \"{language}\") {{ totalCount edges {{ variant {{ title }} }} }} }}
        fragment A on Author {{ articles(language: \"{language}\") {{ totalCount edges {{ variant {{ title }} }} }} }}"
    );
    let reply = server.query(&query).await;
    let edges = reply.data("/node/articles/edges").as_array().unwrap();
    assert_eq!(reply.data("/node/articles/totalCount"), edges.len());
    edges.iter().map(|edge| edge["variant"]["title"].as_str().unwrap().to_owned()).collect()
}

async fn tags_of(server: &Server, folder: &str) -> Value {
    let query = "query($id: String!) { article(by: {externalId: {system: \"markdown\", id: $id}}) { tags { id } } }";
    server.query_with(query, json!({"id": folder})).await.data("/article/tags").clone()
}

/// (article, Korean variant) of the draft.
async fn draft(server: &Server, who: &crate::support::Staff) -> (String, String) {
    let found = server
        .desk(who, "articles(filter: {states: [DRAFT]}) { edges { node { id variant(language: \"ko\") { id } } } }")
        .await;
    let node = &found["articles"]["edges"][0]["node"];
    (node["id"].as_str().unwrap().to_owned(), node["variant"]["id"].as_str().unwrap().to_owned())
}

on_both! {
    a_tag_takes_the_place_of_another_in_everything_that_is_published(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let (x, y) = ids(&server).await;
        let z = server.id_of("tag", "ko", "z").await;
        let modified = "{ articles(language: \"ko\") { nodes { variant(language: \"ko\") { modifiedAt } } } }";
        let (before, cursor) = (server.query(modified).await.json, server.changes_after(None).await.1);
        let done = server.changed(&editor, "mergeTags", "tag { id version updatedBy }", json!({"fromId": x, "intoId": y, "expectedVersion": 1, "expectedFromVersion": 1})).await;
        assert_eq!(done["tag"], json!({"id": y, "version": 2, "updatedBy": "editor"}));

        for language in ["ko", "en"] {
            let expected = ["only-y", "only-x", "both"].map(|name| format!("{name} {language}"));
            assert_eq!(listed(&server, &y, language).await, expected);
            let filter = format!("{{ articles(language: \"{language}\", filter: {{tagsAll: [\"{y}\"]}}) {{ totalCount }} }}");
            assert_eq!(server.query(&filter).await.data("/articles/totalCount"), 3);
        }
        assert_eq!(tags_of(&server, "both").await, json!([{"id": y}, {"id": z}]), "once, at the first place");
        assert_eq!(tags_of(&server, "only-x").await, json!([{"id": y}]));
        assert_eq!(server.texts("{ tags { nodes { id } } }", "/tags/nodes", "/id").await.len(), 2, "the tag that went is on no list");
        for (slug, language) in [("엑스", "ko"), ("x", "en"), ("와이", "ko")] {
            assert_eq!(server.id_of("tag", language, slug).await, y, "{slug}");
        }
        let node = server.query(&format!("{{ node(id: \"{x}\") {{ id }} nodes(ids: [\"{x}\", \"{y}\"]) {{ id }} }}")).await;
        assert_eq!(node.json["data"], json!({"node": {"id": y}, "nodes": [{"id": y}, {"id": y}]}));
        assert_eq!(server.desk(&editor, &format!("tag(id: \"{x}\") {{ id }}")).await["tag"]["id"], json!(y));
        assert_eq!(server.query(modified).await.json, before, "the texts did not change");

        let mut told = server.changes_after(Some(&cursor)).await.0;
        assert_eq!(told.split_off(4), [format!("ENTITY_CHANGED {y}"), format!("ENTITY_CHANGED {x}")]);
        told.sort();
        assert_eq!(told, ["UPDATED en", "UPDATED en", "UPDATED ko", "UPDATED ko"]);
    }

    what_is_published_or_restored_after_a_merge_names_the_survivor(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let (x, y) = ids(&server).await;
        let z = server.id_of("tag", "ko", "z").await;
        let (article, variant) = draft(&server, &editor).await;
        server.changed(&editor, "mergeTags", "tag { id }", json!({"fromId": x, "intoId": y})).await;
        let desk = server.desk(&editor, &format!("article(id: \"{article}\") {{ tagIds version }}")).await;
        assert_eq!(desk["article"]["tagIds"], json!([z, y]));
        server.bring(&editor, &variant, "PUBLISHED").await;
        assert_eq!(tags_of(&server, "draft").await, json!([{"id": z}, {"id": y}]));
        assert_eq!(listed(&server, &y, "ko").await[0], "draft ko");

        let history = server.desk(&editor, &format!("variant(id: \"{variant}\") {{ revisions {{ edges {{ node {{ id }} }} }} }}")).await;
        let oldest = history["variant"]["revisions"]["edges"].as_array().unwrap().last().unwrap()["node"]["id"].clone();
        server.done(&editor, "restoreRevision", &variant, json!({"revisionId": oldest})).await;
        server.done(&editor, "publishVariant", &variant, json!({})).await;
        assert_eq!(tags_of(&server, "draft").await, json!([{"id": z}, {"id": y}]));
        // An editor's screen that was open before the merge still sends the old id.
        server.changed(&editor, "updateArticle", "article { version }", json!({"articleId": article, "shared": {"tagIds": [x, y]}})).await;
        let desk = server.desk(&editor, &format!("article(id: \"{article}\") {{ tagIds }}")).await;
        assert_eq!(desk["article"]["tagIds"], json!([y]));
    }

    a_merge_of_a_merge_leads_to_the_last_survivor(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let ((x, y), z) = (ids(&server).await, server.id_of("tag", "ko", "z").await);
        server.changed(&editor, "mergeTags", "tag { id }", json!({"fromId": x, "intoId": y})).await;
        server.changed(&editor, "mergeTags", "tag { id }", json!({"fromId": y, "intoId": z})).await;
        let nodes = server.query(&format!("{{ nodes(ids: [\"{x}\", \"{y}\"]) {{ id }} }}")).await;
        assert_eq!(nodes.data("/nodes"), &json!([{"id": z}, {"id": z}]));
        assert_eq!(server.id_of("tag", "en", "x").await, z);
        assert_eq!(tags_of(&server, "both").await, json!([{"id": z}]));
        let reply = server.change(&editor, "mergeTags", "", json!({"fromId": x, "intoId": z})).await;
        assert_eq!(reply.codes(), ["NOT_FOUND"], "what was merged is no more");
    }

    a_merge_survives_that_the_newsroom_is_imported_again(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let (x, y) = ids(&server).await;
        server.changed(&editor, "mergeTags", "tag { id }", json!({"fromId": x, "intoId": y})).await;
        let [both, ..] = stories();
        Newsroom::of([both.body("ko", "Changed.\n")]).import(&server.database);
        let z = server.id_of("tag", "ko", "z").await;
        assert_eq!(tags_of(&server, "both").await, json!([{"id": y}, {"id": z}]));
        assert_eq!(server.texts("{ tags { nodes { id } } }", "/tags/nodes", "/id").await.len(), 2);
    }

    an_author_takes_the_place_of_another_in_every_role(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let (ann, ben) = (server.author_id("ann").await, server.author_id("ben").await);
        let portrait = server.desk(&editor, "authors { edges { node { id } } }").await;
        assert_eq!(portrait["authors"]["edges"].as_array().unwrap().len(), 3);
        server.changed(&editor, "mergeAuthors", "author { id version }", json!({"fromId": ann, "intoId": ben})).await;
        assert_eq!(listed(&server, &ben, "ko").await, ["only-y ko", "only-x ko", "both ko"]);
        let query = "query($id: String!) { article(by: {externalId: {system: \"markdown\", id: $id}}) {
            variants { language bylines { role author { slug } } } } }";
        let bylines = async |folder: &str, language: usize| {
            let reply = server.query_with(query, json!({"id": folder})).await;
            let lines = reply.data(&format!("/article/variants/{language}/bylines")).as_array().unwrap().clone();
            lines.iter().map(|line| format!("{} {}", line["author"]["slug"].as_str().unwrap(), line["role"].as_str().unwrap())).collect::<Vec<_>>()
        };
        assert_eq!(bylines("both", 1).await, ["ben AUTHOR"]);
        assert_eq!(bylines("only-x", 0).await, ["ben AUTHOR", "ben TRANSLATOR", "cho TRANSLATOR"]);
        assert_eq!(server.author_id("ann").await, ben, "the old slug leads to the survivor");
        let (article, variant) = draft(&server, &editor).await;
        server.bring(&editor, &variant, "PUBLISHED").await;
        let story = server.query(&format!("{{ article(by: {{id: \"{article}\"}}) {{ bylines {{ author {{ id }} }} }} }}")).await;
        assert_eq!(story.data("/article/bylines"), &json!([{"author": {"id": ben}}]));
        // A text that was saved before the merge names its old translator; published again, it names the survivor.
        let found = server.query_with("query($id: String!) { article(by: {externalId: {system: \"markdown\", id: $id}}) { variant(language: \"en\") { id } } }", json!({"id": "only-x"})).await;
        let english = found.data("/article/variant/id").as_str().unwrap().to_owned();
        server.done(&editor, "publishVariant", &english, json!({})).await;
        assert_eq!(bylines("only-x", 0).await, ["ben AUTHOR", "ben TRANSLATOR", "cho TRANSLATOR"]);
    }

    the_one_that_stays_shows_its_portrait_and_what_nobody_sees_is_merged_quietly(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let ann = server.author_id("ann").await;
        let made = server.changed(&editor, "createAuthor", "author { id }", json!({"names": texts(&[("en", "Unseen")])})).await;
        let unseen = made["author"]["id"].as_str().unwrap();
        let second = server.changed(&editor, "createAuthor", "author { id }", json!({"names": texts(&[("en", "Second")])})).await;
        let cursor = server.changes_after(None).await.1;
        server.changed(&editor, "mergeAuthors", "author { id }", json!({"fromId": second["author"]["id"], "intoId": unseen})).await;
        assert!(server.changes_after(Some(&cursor)).await.0.is_empty());
        assert_eq!(server.query("{ author(by: {slug: \"second\"}) { id } }").await.data("/author"), &Value::Null);
        // Readers did not know the survivor until now.
        server.changed(&editor, "mergeAuthors", "author { id }", json!({"fromId": ann, "intoId": unseen})).await;
        for slug in ["ann", "unseen", "second"] {
            assert_eq!(server.author_id(slug).await, unseen, "{slug}");
        }
        assert_eq!(listed(&server, unseen, "ko").await, ["only-x ko", "both ko"]);
    }

    what_cannot_be_merged_is_refused(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let (x, y) = ids(&server).await;
        assert_eq!(server.refused(&editor, "mergeTags", json!({"fromId": x, "intoId": x})).await, [pair("intoId", "INVALID")]);
        server.changed(&editor, "archiveEntity", "entity { id }", json!({"id": y})).await;
        assert_eq!(server.refused(&editor, "mergeTags", json!({"fromId": x, "intoId": y})).await, [pair("intoId", "ARCHIVED")]);
        assert_eq!(tags_of(&server, "only-x").await, json!([{"id": x}]));
        // From the archive into use.
        server.changed(&editor, "mergeTags", "tag { id }", json!({"fromId": y, "intoId": x})).await;
        assert_eq!(listed(&server, &x, "ko").await.len(), 3);
    }
}
