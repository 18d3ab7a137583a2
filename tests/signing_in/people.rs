//! People who sign in with a password.

use crate::on_both;
use crate::support::{Database, PASSWORD, Server};
use serde_json::{Value, json};

const VIEWER: &str = "{ viewer { id name role email scopes language } }";

on_both! {
    somebody_who_signs_in_is_known_and_somebody_who_does_not_is_nobody(kind) {
        let server = Server::start(Database::empty(kind).await, &[]);
        let editor = server.staff("EDITOR").await;
        let reply = server.query_as(&editor.token, VIEWER, json!({})).await;
        let viewer = json!({
            "id": editor.id, "name": "Kim Haneul", "role": "EDITOR", "email": editor.email, "scopes": null, "language": "ko",
        });
        assert_eq!(*reply.data("/viewer"), viewer);
        let nobody = server.query(VIEWER).await;
        assert_eq!((nobody.data("/viewer"), nobody.statements), (&Value::Null, 0));
    }

    an_unknown_name_and_a_wrong_password_get_the_same_answer(kind) {
        let server = Server::start(Database::empty(kind).await, &[]);
        server.database.add_person("Kim@News.Example", "EDITOR");
        assert_eq!(server.sign_in(" kim@news.example ", PASSWORD).await.0, 200);
        let wrong = server.sign_in("kim@news.example", "correct horse battery stapler").await;
        let unknown = server.sign_in("lee@news.example", PASSWORD).await;
        assert_eq!((wrong.0, wrong.1["code"].as_str()), (401, Some("UNAUTHENTICATED")));
        assert_eq!(wrong, unknown);
    }
}
