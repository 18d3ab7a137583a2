//! Requests that come twice, and colleagues who are on the same text.

use crate::on_both;
use crate::support::{Newsroom, Reply, Server, Staff};
use serde_json::{Value, json};

const CREATE: &str = "mutation($title: String!) {
    a: createArticle(input: {language: \"ko\", text: {title: $title}}) { variant { id } userErrors { code } }
    b: createArticle(input: {language: \"en\", text: {title: $title}}) { variant { id } userErrors { code } } }";

/// The same request, with a key; the answer, and whether it was given before.
async fn send(server: &Server, who: &Staff, key: &str, title: &str) -> (Reply, bool) {
    let request = server.post("/graphql").bearer_auth(&who.access).header("idempotency-key", key);
    let request = request.header("accept", "application/graphql-response+json");
    let response = request.json(&json!({"query": CREATE, "variables": {"title": title}})).send().await.unwrap();
    let again = response.headers().contains_key("idempotency-replayed");
    (Reply::of(response).await, again)
}

async fn stories(server: &Server, who: &Staff) -> usize {
    let reply = server.ask(who, "{ desk { articles(first: 100) { edges { node { id } } } } }", json!({})).await;
    reply.data("/desk/articles/edges").as_array().unwrap().len()
}

on_both! {
    a_request_that_comes_again_is_answered_again_and_done_once(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let (editor, other) = (server.staff("editor").await, server.staff("editor-2").await);
        let (first, again) = send(&server, &editor, "key-1", "글").await;
        assert!(!again);
        first.data("/b/variant/id");
        let beside = server.beside();
        for server in [&server, &beside] {
            let (second, again) = send(server, &editor, "key-1", "글").await;
            assert_eq!((&second.json, again), (&first.json, true));
        }
        assert_eq!(stories(&server, &editor).await, 2);
        // A key is one person's, and one request's.
        let (theirs, again) = send(&server, &other, "key-1", "글").await;
        assert!(!again && theirs.json != first.json);
        let (wrong, _) = send(&server, &editor, "key-1", "다른 글").await;
        assert_eq!((wrong.status, wrong.codes()), (400, vec!["INVALID"]));
        for key in ["", " ", &"x".repeat(256)] {
            assert_eq!(send(&server, &editor, key, "글").await.0.codes(), ["INVALID"], "{key:?}");
        }
        assert_eq!(stories(&server, &editor).await, 4);
    }

    requests_that_come_at_once_are_done_once(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let editor = server.staff("editor").await;
        let beside = server.beside();
        let sent = (0..6).map(|number| send(if number % 2 == 0 { &server } else { &beside }, &editor, "once", "글"));
        for (reply, _) in futures_util::future::join_all(sent).await {
            if reply.json["errors"].is_null() {
                reply.data("/a/variant/id");
            } else {
                assert!(reply.codes().iter().all(|code| *code == "ALREADY_DONE"), "{:#}", reply.json);
            }
        }
        assert_eq!(stories(&server, &editor).await, 2);
        let (reply, _) = send(&server, &editor, "once", "글").await;
        reply.data("/a/variant/id");
    }

    an_answer_that_was_lost_is_not_an_excuse_to_do_it_again(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let editor = server.staff("editor").await;
        send(&server, &editor, "lost", "글").await;
        // As if the server had been killed between the commit and the answer.
        let database = server.database.connect().await;
        let statement = "DELETE FROM idempotency WHERE response IS NOT NULL";
        sea_orm::ConnectionTrait::execute_unprepared(&database, statement).await.unwrap();
        let (reply, _) = send(&server, &editor, "lost", "글").await;
        assert_eq!(reply.codes(), ["ALREADY_DONE"]);
        assert_eq!(stories(&server, &editor).await, 2);
    }

    colleagues_learn_who_is_on_a_text_and_are_not_kept_from_it(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let (mina, jun) = (server.staff("editor-mina").await, server.staff("editor-jun").await);
        let reporter = server.staff("reporter").await;
        let (_, id) = server.write(&mina, "ko", "글").await;
        let hold = |who: Staff, more: Value| {
            let (server, id) = (&server, id.clone());
            async move {
                let mut input = more;
                input["variantId"] = json!(id);
                server.change(&who, "holdVariant", "variant { heldBy version }", input).await
            }
        };
        let held = hold(mina.clone(), json!({})).await;
        assert_eq!(held.data("/holdVariant/variant"), &json!({"heldBy": "editor-mina", "version": 1}));
        let refused = hold(jun.clone(), json!({})).await;
        assert_eq!(refused.data("/holdVariant/userErrors/0/code"), "HELD");
        // A courtesy, no lock.
        server.done(&jun, "reviseVariant", &id, json!({"text": {"title": "고침"}, "expectedVersion": 1})).await;
        let released = server.changed(&jun, "releaseVariant", "variant { heldBy }", json!({"variantId": id})).await;
        assert_eq!(released["variant"]["heldBy"], "editor-mina", "it is not theirs to release");
        let taken = hold(jun.clone(), json!({"takeOver": true})).await;
        assert_eq!(taken.data("/holdVariant/variant/heldBy"), "editor-jun");
        let released = server.changed(&jun, "releaseVariant", "variant { heldBy }", json!({"variantId": id})).await;
        assert_eq!(released["variant"]["heldBy"], Value::Null);
        hold(mina.clone(), json!({})).await.data("/holdVariant/variant/heldBy");
        let database = server.database.connect().await;
        sea_orm::ConnectionTrait::execute_unprepared(&database, "UPDATE variant SET held_until = 1").await.unwrap();
        assert_eq!(hold(jun, json!({})).await.data("/holdVariant/variant/heldBy"), "editor-jun", "two minutes are over");
        assert_eq!(hold(reporter, json!({})).await.codes(), ["NOT_FOUND"]);
        let anonymous = format!("mutation {{ holdVariant(input: {{variantId: \"{id}\"}}) {{ variant {{ id }} }} }}");
        assert_eq!(server.query(&anonymous).await.codes(), ["UNAUTHENTICATED"]);
    }

    the_desk_is_in_the_schema_of_those_who_can_use_it(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let (editor, reader) = (server.staff("editor").await, server.staff("reader").await);
        let query = "{ __schema { mutationType { name } types { name } queryType { fields { name } } } }";
        let desk = |reply: &Reply| {
            let schema = reply.data("/__schema");
            let has = |list: &Value, wanted: &str| list.as_array().unwrap().iter().any(|item| item["name"] == wanted);
            let types = ["DeskVariant", "CreateArticleInput", "AuditEntry", "Mutation"].map(|name| has(&schema["types"], name));
            let all = [has(&schema["queryType"]["fields"], "desk"), !schema["mutationType"].is_null()];
            types.into_iter().chain(all).collect::<Vec<bool>>()
        };
        assert_eq!(desk(&server.ask(&editor, query, json!({})).await), [true; 6]);
        assert_eq!(desk(&server.ask(&reader, query, json!({})).await), [false; 6]);
        assert_eq!(desk(&server.query(query).await), [false; 6]);
    }

    without_a_translator_a_machine_translation_says_so(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let editor = server.staff("editor").await;
        let (article, _) = server.write(&editor, "ko", "글").await;
        let query = "mutation($id: ID!) { requestMachineTranslation(input: {articleId: $id, to: \"en\"}) {
            variant { id } userErrors { path code message } } }";
        let reply = server.ask(&editor, query, json!({"id": article})).await;
        let errors = reply.data("/requestMachineTranslation/userErrors");
        assert_eq!(errors[0]["code"], "NOT_CONFIGURED", "{errors:#}");
    }
}
