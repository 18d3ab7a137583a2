//! The policy's table, replayed over HTTP: every role does every step in every state, to its own and to others' texts.

use crate::on_both;
use crate::support::{Newsroom, Server, Staff};
use byline::domain::actor::Role;
use byline::domain::policy::{Action, Subject, may};
use byline::domain::workflow::State;
use serde_json::{Value, json};

const STEPS: [(&str, Action); 9] = [
    ("reviseVariant", Action::EditVariant),
    ("submitVariant", Action::Submit),
    ("sendBackVariant", Action::SendBack),
    ("scheduleVariant", Action::Schedule),
    ("publishVariant", Action::Publish),
    ("withdrawVariant", Action::Withdraw),
    ("reopenVariant", Action::Reopen),
    ("addCorrection", Action::Correct),
    ("reviewTranslation", Action::Review),
];

fn input(mutation: &str) -> Value {
    match mutation {
        "reviseVariant" => json!({"text": {"summary": "x"}}),
        "sendBackVariant" => json!({"note": "x"}),
        "scheduleVariant" => json!({"at": "2099-01-01T00:00:00Z"}),
        "withdrawVariant" => json!({"reason": "x"}),
        "addCorrection" => json!({"kind": "UPDATE", "text": "x"}),
        _ => json!({}),
    }
}

/// What came of it: what the policy says shows as one of three answers, whatever the workflow says afterwards.
fn answer(reply: &crate::support::Reply) -> &'static str {
    match reply.json["errors"][0]["extensions"]["code"].as_str() {
        Some("NOT_FOUND") => "invisible",
        Some("FORBIDDEN") => "denied",
        None | Some("ILLEGAL_TRANSITION") => "allowed",
        Some(other) => panic!("{other}: {:#}", reply.json),
    }
}

fn expected(role: Role, action: Action, subject: Subject) -> &'static str {
    match (may(role, Action::Read, subject), may(role, action, subject)) {
        (false, _) => "invisible",
        (true, false) => "denied",
        (true, true) => "allowed",
    }
}

async fn variant(server: &Server, writer: &Staff, editor: &Staff, original: bool, state: State) -> String {
    let (article, source) = server.write(writer, "ko", "글").await;
    let id = if original {
        source
    } else {
        server.bring(editor, &source, "PUBLISHED").await;
        let query = "mutation($input: TranslateArticleInput!) { translateArticle(input: $input) { variant { id } userErrors { code } } }";
        let reply = server.ask(editor, query, json!({"input": {"articleId": article, "to": "en"}})).await;
        reply.data("/translateArticle/variant/id").as_str().unwrap().to_owned()
    };
    server.bring(editor, &id, state.as_str()).await;
    id
}

on_both! {
    the_table_holds_over_http_for_every_role_step_and_state(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let (reporter, editor) = (server.staff("reporter-own").await, server.staff("editor").await);
        let people = [
            (Role::Reporter, reporter.clone()),
            (Role::Reporter, server.staff("reporter-other").await),
            (Role::Translator, server.staff("translator").await),
            (Role::Reader, server.staff("reader").await),
        ];
        for original in [true, false] {
            for state in State::ALL {
                for (mutation, action) in STEPS {
                    let id = variant(&server, &reporter, &editor, original, *state).await;
                    // Who may least comes first: those do not change where it stands.
                    for (role, person) in people.iter().rev() {
                        let own = original && person.email == reporter.email;
                        let subject = Subject { state: Some(*state), original, own };
                        let reply = server.step(person, mutation, &id, input(mutation)).await;
                        let (found, expected) = (answer(&reply), expected(*role, action, subject));
                        assert_eq!(found, expected, "{role} {action} {state} original {original} own {own}");
                        if found == "allowed" {
                            break;
                        }
                    }
                }
            }
        }
    }

    nobody_in_particular_and_readers_have_no_business_on_the_desk(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let (reader, editor) = (server.staff("reader").await, server.staff("editor").await);
        let (_, id) = server.write(&editor, "ko", "비밀").await;
        let desk = "{ desk { articles { edges { node { id } } } } }";
        assert_eq!(server.query(desk).await.codes(), ["UNAUTHENTICATED"]);
        assert_eq!(server.ask(&reader, desk, json!({})).await.codes(), ["FORBIDDEN"]);
        let publish = format!("mutation {{ publishVariant(input: {{variantId: \"{id}\"}}) {{ variant {{ id }} }} }}");
        assert_eq!(server.query(&publish).await.codes(), ["UNAUTHENTICATED"]);
        let write = "mutation { createArticle(input: {language: \"ko\", text: {title: \"x\"}}) { variant { id } } }";
        assert_eq!(server.query(write).await.codes(), ["UNAUTHENTICATED"]);
        assert_eq!(server.ask(&reader, write, json!({})).await.codes(), ["FORBIDDEN"]);
        let unknown = "var_00000000000000000000000001";
        for (mutation, _) in STEPS {
            assert_eq!(server.step(&editor, mutation, unknown, input(mutation)).await.codes(), ["NOT_FOUND"], "{mutation}");
        }
    }

    what_the_list_shows_is_what_the_policy_lets_somebody_read(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let (reporter, editor) = (server.staff("reporter-own").await, server.staff("editor").await);
        let people = [
            (Role::Reporter, reporter.clone()),
            (Role::Reporter, server.staff("reporter-other").await),
            (Role::Translator, server.staff("translator").await),
            (Role::Editor, editor.clone()),
        ];
        let mut stories = Vec::new();
        for state in State::ALL {
            for writer in [&reporter, &editor] {
                let (article, id) = server.write(writer, "ko", "글").await;
                server.bring(&editor, &id, state.as_str()).await;
                stories.push((article, *state, writer.email.clone()));
            }
        }
        for (role, person) in &people {
            let list = server.ask(person, "{ desk { articles(first: 100) { edges { node { id } } } } }", json!({})).await;
            let listed: Vec<&str> = list.data("/desk/articles/edges").as_array().unwrap().iter().map(|edge| edge["node"]["id"].as_str().unwrap()).collect();
            for (article, state, writer) in &stories {
                let subject = Subject { state: Some(*state), original: true, own: *writer == person.email };
                let sees = may(*role, Action::Read, subject);
                assert_eq!(listed.contains(&article.as_str()), sees, "list: {role} {state} {writer}");
                let one = server.ask(person, "query($id: ID!) { desk { article(id: $id) { id } } }", json!({"id": article})).await;
                assert_eq!(one.data("/desk/article").is_object(), sees, "by id: {role} {state} {writer}");
            }
        }
    }
}
