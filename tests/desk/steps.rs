//! The way of a variant: what each step does, and what it refuses.

use crate::on_both;
use crate::support::{Newsroom, Server};
use serde_json::{Value, json};

const TITLES: &str = "{ articles(language: \"ko\") { totalCount edges { node { id } variant { title } } } }";

async fn newsroom(kind: crate::support::Kind) -> Server {
    Newsroom::of([]).serve(kind).await
}

async fn titles(server: &Server) -> Vec<String> {
    server.texts(TITLES, "/articles/edges", "/variant/title").await
}

on_both! {
    a_story_goes_from_draft_to_published_correction_and_withdrawal(kind) {
        let server = newsroom(kind).await;
        let (reporter, editor) = (server.staff("reporter").await, server.staff("editor").await);
        let (article, variant) = server.write(&reporter, "ko", "첫 기사").await;
        assert_eq!(server.done(&reporter, "submitVariant", &variant, json!({"expectedVersion": 1})).await, 2);
        assert!(titles(&server).await.is_empty());
        server.done(&editor, "sendBackVariant", &variant, json!({"note": "출처를 밝혀 주세요"})).await;
        let note = server.ask(&reporter, "query($id: ID!) { desk { variant(id: $id) { note state } } }", json!({"id": variant})).await;
        assert_eq!(note.data("/desk/variant"), &json!({"note": "출처를 밝혀 주세요", "state": "DRAFT"}));
        server.done(&reporter, "reviseVariant", &variant, json!({"text": {"title": "고친 기사"}})).await;
        server.bring(&editor, &variant, "PUBLISHED").await;
        assert_eq!(titles(&server).await, ["고친 기사"]);

        server.done(&editor, "reviseVariant", &variant, json!({"text": {"title": "아직 아무도 못 본 제목"}})).await;
        assert_eq!(titles(&server).await, ["고친 기사"]);
        server.done(&editor, "addCorrection", &variant, json!({"kind": "CORRECTION", "text": "숫자를 바로잡습니다"})).await;
        let query = "query($id: ID!) { article(by: {id: $id}) { variant(language: \"ko\") {
            title publishedAt modifiedAt corrections { kind text signed } } } }";
        let seen = server.query_with(query, json!({"id": article})).await;
        let live = seen.data("/article/variant");
        assert_eq!(live["title"], "고친 기사", "a correction changes nothing else");
        assert_eq!(live["publishedAt"], live["modifiedAt"]);
        assert_eq!(live["corrections"], json!([{"kind": "CORRECTION", "text": "숫자를 바로잡습니다", "signed": "editor"}]));
        let reply = server.step(&editor, "discardChanges", &variant, json!({})).await;
        assert_eq!(reply.data("/discardChanges/variant/state"), "PUBLISHED");
        server.done(&editor, "publishVariant", &variant, json!({})).await;
        assert_eq!(titles(&server).await, ["고친 기사"]);

        server.done(&editor, "withdrawVariant", &variant, json!({"reason": "근거가 없었습니다"})).await;
        assert!(titles(&server).await.is_empty());
        let gone = server.query_with(query, json!({"id": article})).await;
        assert_eq!(gone.codes(), ["WITHDRAWN"]);
        let kinds = server.texts("{ changes(first: 10) { edges { node { kind } } } }", "/changes/edges", "/node/kind").await;
        assert_eq!(kinds, ["PUBLISHED", "CORRECTED", "UPDATED", "WITHDRAWN"]);
        server.done(&editor, "reopenVariant", &variant, json!({})).await;
    }

    a_step_that_the_workflow_does_not_know_is_refused_by_name(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let steps = [
            ("submitVariant", json!({}), "SUBMIT", vec!["DRAFT"]),
            ("sendBackVariant", json!({"note": "x"}), "SEND_BACK", vec!["IN_REVIEW", "SCHEDULED"]),
            ("scheduleVariant", json!({"at": "2099-01-01T00:00:00Z"}), "SCHEDULE", vec!["IN_REVIEW", "SCHEDULED"]),
            ("publishVariant", json!({}), "PUBLISH", vec!["IN_REVIEW", "SCHEDULED", "PUBLISHED"]),
            ("withdrawVariant", json!({"reason": "x"}), "WITHDRAW", vec!["PUBLISHED"]),
            ("reopenVariant", json!({}), "REOPEN", vec!["WITHDRAWN"]),
        ];
        for state in ["DRAFT", "IN_REVIEW", "SCHEDULED", "PUBLISHED", "WITHDRAWN"] {
            for (mutation, more, name, legal) in &steps {
                let (_, variant) = server.write(&editor, "ko", &format!("{state} {name}")).await;
                server.bring(&editor, &variant, state).await;
                let reply = server.step(&editor, mutation, &variant, more.clone()).await;
                if legal.contains(&state) {
                    assert_eq!(reply.data(&format!("/{mutation}/userErrors")), &json!([]), "{state} {name}");
                } else {
                    assert_eq!(reply.codes(), ["ILLEGAL_TRANSITION"], "{state} {name}");
                    assert_eq!(reply.message(), format!("a variant that is {state} cannot {name}"));
                }
            }
        }
    }

    whoever_saves_second_learns_who_was_first(kind) {
        let server = newsroom(kind).await;
        let (first, second) = (server.staff("editor-1").await, server.staff("editor-2").await);
        let (_, variant) = server.write(&first, "ko", "둘이 고친 글").await;
        let change = |title: &str| json!({"expectedVersion": 1, "text": {"title": title}});
        server.done(&first, "reviseVariant", &variant, change("하나")).await;
        let reply = server.step(&second, "reviseVariant", &variant, change("둘")).await;
        assert_eq!(reply.codes(), ["CONFLICT"]);
        let extensions = &reply.json["errors"][0]["extensions"];
        assert_eq!(extensions, &json!({"code": "CONFLICT", "expected": 1, "found": 2, "by": "editor-1"}));
        for (mutation, more) in [("submitVariant", json!({})), ("publishVariant", json!({})), ("withdrawVariant", json!({"reason": "x"}))] {
            let mut more = more;
            more["expectedVersion"] = json!(1);
            assert_eq!(server.step(&second, mutation, &variant, more).await.codes(), ["CONFLICT"], "{mutation}");
        }
    }

    of_many_who_publish_the_same_version_at_once_one_succeeds(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let (_, variant) = server.write(&editor, "ko", "한 번만").await;
        let version = server.done(&editor, "submitVariant", &variant, json!({})).await;
        let publish = || server.step(&editor, "publishVariant", &variant, json!({"expectedVersion": version}));
        let replies = futures_util::future::join_all((0..8).map(|_| publish())).await;
        let won = replies.iter().filter(|reply| reply.json.get("errors").is_none()).count();
        assert_eq!(won, 1, "{replies:#?}");
        for reply in replies.iter().filter(|reply| reply.json.get("errors").is_some()) {
            assert_eq!(reply.codes(), ["CONFLICT"]);
        }
        let kinds = server.texts("{ changes(first: 10) { edges { node { kind } } } }", "/changes/edges", "/node/kind").await;
        assert_eq!(kinds, ["PUBLISHED"]);
    }

    what_an_editor_can_correct_comes_back_with_its_field(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let (_, taken) = server.write(&editor, "ko", "이름").await;
        server.done(&editor, "reviseVariant", &taken, json!({"text": {"slug": "taken"}})).await;
        let (_, variant) = server.write(&editor, "ko", "다른 글").await;
        let errors = async |mutation: &str, more: Value| {
            let reply = server.step(&editor, mutation, &variant, more).await;
            let errors = reply.data(&format!("/{mutation}/userErrors")).as_array().unwrap().clone();
            errors.iter().map(|error| format!("{} {}", error["path"].as_str().unwrap(), error["code"].as_str().unwrap())).collect::<Vec<_>>()
        };
        let long = "가".repeat(501);
        assert_eq!(errors("reviseVariant", json!({"text": {"title": " ", "deks": ["x", ""]}})).await, ["title REQUIRED", "deks[1] REQUIRED"]);
        assert_eq!(errors("reviseVariant", json!({"text": {"title": long}})).await, ["title TOO_LONG"]);
        assert_eq!(errors("reviseVariant", json!({"text": {"slug": "a b"}})).await, ["slug INVALID"]);
        assert_eq!(errors("reviseVariant", json!({"text": {"slug": "taken"}})).await, ["slug TAKEN"]);
        assert_eq!(errors("addCorrection", json!({"kind": "CORRECTION", "text": "x"})).await, ["variantId INVALID"]);
        server.done(&editor, "submitVariant", &variant, json!({})).await;
        assert_eq!(errors("sendBackVariant", json!({"note": " "})).await, ["note REQUIRED"]);
        assert_eq!(errors("scheduleVariant", json!({"at": "2020-01-01T00:00:00Z"})).await, ["at INVALID"]);
        server.done(&editor, "publishVariant", &variant, json!({})).await;
        assert_eq!(errors("withdrawVariant", json!({"reason": ""})).await, ["reason REQUIRED"]);
    }

    what_is_under_embargo_is_not_published_before(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let (_, variant) = server.write(&editor, "ko", "엠바고").await;
        let until = "2099-05-01T09:00:00+09:00";
        server.done(&editor, "reviseVariant", &variant, json!({"text": {"embargoUntil": until}})).await;
        server.done(&editor, "submitVariant", &variant, json!({})).await;
        let reply = server.step(&editor, "publishVariant", &variant, json!({})).await;
        assert_eq!(reply.data("/publishVariant/userErrors/0/code"), "EMBARGOED");
        let reply = server.step(&editor, "scheduleVariant", &variant, json!({"at": "2099-04-30T23:00:00Z"})).await;
        assert_eq!(reply.data("/scheduleVariant/userErrors/0/code"), "EMBARGOED");
        server.done(&editor, "scheduleVariant", &variant, json!({"at": until})).await;
        assert!(titles(&server).await.is_empty());
    }

    what_an_article_refers_to_has_to_be_there(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let (article, _) = server.write(&editor, "ko", "글").await;
        let query = "mutation($input: UpdateArticleInput!) { updateArticle(input: $input) { article { version kind } userErrors { path code } } }";
        let nothing = "tag_00000000000000000000000001";
        let shared = json!({"tagIds": [nothing], "related": [{"articleId": article}]});
        let reply = server.ask(&editor, query, json!({"input": {"articleId": article, "shared": shared}})).await;
        let expected = json!([{"path": "tags[0]", "code": "NOT_FOUND"}, {"path": "related[0].article", "code": "INVALID"}]);
        assert_eq!(reply.data("/updateArticle/userErrors"), &expected);
        let shared = json!({"kind": "DATA"});
        let input = json!({"articleId": article, "expectedVersion": 1, "shared": shared});
        let reply = server.ask(&editor, query, json!({"input": input})).await;
        assert_eq!(reply.data("/updateArticle/article"), &json!({"version": 2, "kind": "DATA"}));
        assert_eq!(server.ask(&editor, query, json!({"input": input})).await.codes(), ["CONFLICT"]);
    }

    only_what_nobody_reads_goes_into_the_archive(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let (article, variant) = server.write(&editor, "ko", "글").await;
        server.bring(&editor, &variant, "PUBLISHED").await;
        let query = "mutation($input: ArchiveArticleInput!) { archiveArticle(input: $input) { article { archivedAt } userErrors { path code } } }";
        let reply = server.ask(&editor, query, json!({"input": {"articleId": article}})).await;
        assert_eq!(reply.data("/archiveArticle/userErrors/0/path"), "articleId");
        server.done(&editor, "withdrawVariant", &variant, json!({"reason": "x"})).await;
        let reply = server.ask(&editor, query, json!({"input": {"articleId": article}})).await;
        assert!(reply.data("/archiveArticle/article/archivedAt").is_string());
        for (archived, expected) in [(false, 0), (true, 1)] {
            let list = "query($archived: Boolean!) { desk { articles(filter: {archived: $archived}) { edges { node { id } } } } }";
            let reply = server.ask(&editor, list, json!({"archived": archived})).await;
            assert_eq!(reply.data("/desk/articles/edges").as_array().unwrap().len(), expected);
        }
        server.done(&editor, "reopenVariant", &variant, json!({})).await;
        server.done(&editor, "submitVariant", &variant, json!({})).await;
        let reply = server.step(&editor, "publishVariant", &variant, json!({})).await;
        assert_eq!(reply.data("/publishVariant/userErrors/0/path"), "variantId");
    }
}
