//! Revisions: nothing that was saved is lost, and who did what can be asked.

use crate::on_both;
use crate::support::{Newsroom, Server, Staff};
use serde_json::{Value, json};

async fn titles(server: &Server, who: &Staff, id: &str) -> Vec<String> {
    let query = "query($id: ID!) { desk { variant(id: $id) { revisions { edges { node { title } } } } } }";
    let reply = server.ask(who, query, json!({"id": id})).await;
    let edges = reply.data("/desk/variant/revisions/edges").as_array().unwrap().clone();
    edges.iter().map(|edge| edge["node"]["title"].as_str().unwrap().to_owned()).collect()
}

fn title(title: &str, autosave: bool) -> Value {
    json!({"text": {"title": title}, "autosave": autosave})
}

on_both! {
    every_save_is_a_revision_and_an_unchanged_one_is_none(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let editor = server.staff("editor").await;
        let (_, id) = server.write(&editor, "ko", "하나").await;
        for text in ["둘", "둘", "셋"] {
            server.done(&editor, "reviseVariant", &id, title(text, false)).await;
        }
        assert_eq!(titles(&server, &editor, &id).await, ["셋", "둘", "하나"]);
        let query = "query($id: ID!, $after: String) { desk { variant(id: $id) {
            revisions(first: 2, after: $after) { edges { node { title } cursor } pageInfo { hasNextPage endCursor } } } } }";
        let page = server.ask(&editor, query, json!({"id": id})).await;
        assert_eq!(page.data("/desk/variant/revisions/pageInfo/hasNextPage"), true);
        let after = page.data("/desk/variant/revisions/pageInfo/endCursor").clone();
        let page = server.ask(&editor, query, json!({"id": id, "after": after})).await;
        assert_eq!(page.data("/desk/variant/revisions/edges/0/node/title"), "하나");
        assert_eq!(page.data("/desk/variant/revisions/pageInfo/hasNextPage"), false);
    }

    autosaves_of_one_person_become_one_revision(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let (one, two) = (server.staff("editor-1").await, server.staff("editor-2").await);
        let (_, id) = server.write(&one, "ko", "처음").await;
        for (who, text) in [(&one, "a"), (&one, "ab"), (&one, "abc"), (&two, "x"), (&two, "xy"), (&one, "z")] {
            server.done(who, "reviseVariant", &id, title(text, true)).await;
        }
        server.done(&one, "reviseVariant", &id, title("끝", false)).await;
        assert_eq!(titles(&server, &one, &id).await, ["끝", "z", "xy", "abc", "처음"]);
    }

    an_autosave_that_readers_saw_is_kept(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let editor = server.staff("editor").await;
        let (_, id) = server.write(&editor, "ko", "처음").await;
        server.done(&editor, "reviseVariant", &id, title("보인 글", true)).await;
        server.bring(&editor, &id, "PUBLISHED").await;
        server.done(&editor, "reviseVariant", &id, title("다음", true)).await;
        assert_eq!(titles(&server, &editor, &id).await, ["다음", "보인 글", "처음"]);
    }

    an_older_revision_is_restored_as_a_new_one(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let editor = server.staff("editor").await;
        let (_, id) = server.write(&editor, "ko", "하나").await;
        let (_, other) = server.write(&editor, "ko", "남의 글").await;
        server.done(&editor, "reviseVariant", &id, title("둘", false)).await;
        let query = "query($id: ID!) { desk { variant(id: $id) { revisions { edges { node { id } } } } } }";
        let reply = server.ask(&editor, query, json!({"id": id})).await;
        let first = reply.data("/desk/variant/revisions/edges/1/node/id").clone();
        server.done(&editor, "restoreRevision", &id, json!({"revisionId": first})).await;
        assert_eq!(titles(&server, &editor, &id).await, ["하나", "둘", "하나"]);
        let reply = server.step(&editor, "restoreRevision", &other, json!({"revisionId": first})).await;
        assert_eq!(reply.codes(), ["NOT_FOUND"], "a revision of another story");
    }

    the_audit_says_who_did_what_from_where(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let (admin, editor) = (server.staff("admin").await, server.staff("editor").await);
        let (_, id) = server.write(&editor, "ko", "글").await;
        server.bring(&editor, &id, "WITHDRAWN").await;
        let query = "query($target: ID!) { desk { audit(filter: {target: $target}) { edges { node {
            action actorName address beforeRevisionId afterRevisionId detail } } } } }";
        let reply = server.ask(&admin, query, json!({"target": id})).await;
        let entries: Vec<&Value> = reply.data("/desk/audit/edges").as_array().unwrap().iter().map(|edge| &edge["node"]).collect();
        let actions: Vec<&str> = entries.iter().map(|entry| entry["action"].as_str().unwrap()).collect();
        assert_eq!(actions, ["variant.withdraw", "variant.publish", "variant.submit", "variant.save"]);
        assert!(entries.iter().all(|entry| entry["actorName"] == "editor" && entry["address"] == "127.0.0.1"), "{entries:#?}");
        assert_eq!(entries[0]["detail"], json!({"note": "wrong"}));
        assert!(entries[1]["afterRevisionId"].is_string());
        let signs = server.ask(&admin, "{ desk { audit(filter: {action: \"sign_in\"}) { edges { node { actorName } } } } }", json!({})).await;
        let mut names: Vec<&str> = signs.data("/desk/audit/edges").as_array().unwrap().iter().map(|edge| edge["node"]["actorName"].as_str().unwrap()).collect();
        names.sort_unstable();
        assert_eq!(names, ["admin", "editor"]);
        assert_eq!(server.ask(&editor, query, json!({"target": id})).await.codes(), ["FORBIDDEN"]);
    }
}
