//! Endpoints: who may change them, what they accept, and that secrets rotate without a gap.

use super::receiver::Receiver;
use super::world::World;
use crate::on_both;
use crate::support::{Kind, run};
use serde_json::json;

on_both! {
    administrators_manage_endpoints_and_editors_see_them(kind) {
        let (world, receiver) = (World::serve(kind, &[]).await, Receiver::start().await);
        let server = world.server();
        world.partner("wire", "standard").await;
        let (admin, editor) = (server.staff("admin").await, server.staff("editor").await);
        let reporter = server.staff("reporter").await;
        let add = json!({"partner": "wire", "url": receiver.url, "format": "NINJS3"});
        for who in [&editor, &reporter] {
            assert_eq!(server.change(who, "addEndpoint", "made { secret }", add.clone()).await.codes(), ["FORBIDDEN"]);
        }
        let selection = "made { secret publicKey endpoint { id partner format } }";
        let made = server.changed(&admin, "addEndpoint", selection, add).await;
        let id = made["made"]["endpoint"]["id"].clone();
        assert!(made["made"]["secret"].as_str().unwrap().starts_with("whsec_"));
        assert!(made["made"]["publicKey"].as_str().unwrap().starts_with("whpk_"));
        let seen = server.desk(&editor, "endpoints(partner: \"wire\") { id url format waiting disabledAt }").await;
        assert_eq!(seen["endpoints"], json!([{"id": id, "url": receiver.url, "format": "NINJS3", "waiting": 0, "disabledAt": null}]));
        let reply = server.ask(&reporter, "{ desk { endpoints { id } } }", json!({})).await;
        assert_eq!(reply.codes(), ["FORBIDDEN"]);
        server.changed(&admin, "pingEndpoint", "endpoint { id }", json!({"endpointId": id})).await;
        receiver.wait_taken(1).await;
        let disabled = json!({"endpointId": id, "reason": "moves house"});
        let off = server.changed(&admin, "disableEndpoint", "endpoint { disabledReason }", disabled).await;
        assert_eq!(off["endpoint"]["disabledReason"], "moves house");
        assert_eq!(server.refused(&admin, "pingEndpoint", json!({"endpointId": id})).await, [("endpoint".into(), "INVALID".into())]);
        server.changed(&admin, "enableEndpoint", "endpoint { id }", json!({"endpointId": id})).await;
        server.changed(&admin, "deleteEndpoint", "endpoint { id }", json!({"endpointId": id})).await;
        assert_eq!(server.desk(&editor, "endpoints { id }").await["endpoints"], json!([]));
        let audit = "SELECT count(DISTINCT action) FROM audit WHERE action LIKE 'endpoint.%'";
        assert_eq!(world.number(audit).await, 4);
    }

    a_secret_that_is_rotated_signs_beside_the_new_one_until_it_ends(kind) {
        let (world, receiver) = (World::serve(kind, &[]).await, Receiver::start().await);
        world.partner("wire", "standard").await;
        let old = world.add_endpoint("wire", &receiver.url);
        let new = world.cli_json(&["partner", "endpoint", "rotate", &old.id]);
        let new = new["secret"].as_str().unwrap();
        assert_ne!(new, old.secret);
        world.endpoint(&["ping", &old.id]);
        let message = receiver.wait_taken(1).await.remove(0);
        assert!(message.is_signed_by(new) && message.is_signed_by(&old.secret));
        // The end of the old one comes.
        let ended = "replace(secrets, '\"ends_at\":\"20', '\"ends_at\":\"19')";
        world.sql(&format!("UPDATE webhook_endpoint SET secrets = {ended}"), vec![]).await;
        world.endpoint(&["ping", &old.id]);
        let message = receiver.wait_taken(2).await.remove(1);
        assert!(message.is_signed_by(new) && !message.is_signed_by(&old.secret));
    }
}

#[tokio::test]
async fn an_address_that_nothing_may_be_sent_to_is_refused_with_what_is_accepted() {
    let world = World::serve(Kind::Sqlite, &[]).await;
    std::fs::write(world.database.folder().join("byline.toml"), "").unwrap();
    world.partner("wire", "standard").await;
    for (url, reason) in [
        ("http://news.example/hook", "must be an https address"),
        ("ftp://news.example/hook", "must be an https address"),
        ("news.example", "is no address"),
        ("https://me:secret@news.example/", "must not have a user or password"),
        ("https://127.0.0.1/hook", "is not on the public internet, nor in webhooks.allow_networks"),
        ("https://[::ffff:10.0.0.1]/hook", "is not on the public internet"),
        ("https://2130706433/hook", "is not on the public internet"),
        ("https://169.254.169.254/latest", "is not on the public internet"),
    ] {
        let output = run(&world.database, &["partner", "endpoint", "add", "wire", url], 2);
        let printed = String::from_utf8(output.stderr).unwrap();
        assert!(printed.contains(reason) && printed.contains("url"), "{url}: {printed}");
    }
    let output = run(&world.database, &["partner", "endpoint", "add", "nobody", "https://news.example/"], 2);
    assert!(String::from_utf8(output.stderr).unwrap().contains("there is no partner `nobody`"));
}
