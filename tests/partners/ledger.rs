//! The ledger is true of partners that are disabled, of endpoints that are gone, and of those that had an older version.

use super::receiver::Receiver;
use super::sending::wait_for;
use super::world::World;
use crate::on_both;
use crate::support::run;
use serde_json::{Value, json};
use uuid::Uuid;

/// Notes that a partner received a story at a moment.
async fn received(world: &World, partner: Uuid, article: Uuid, at: i64) {
    let text = "INSERT INTO partner_story (partner_id, article_id, language, status, shown, had, sent_at, received_at, last_received_at) \
                VALUES ($1, $2, 'ko', 'usable', 'x', '{}', $3, $3, $3)";
    world.sql(text, vec![partner.into(), article.into(), at.into()]).await;
}

on_both! {
    each_notice_has_each_partner_that_had_the_story_and_when_it_was_told(kind) {
        let (world, receiver) = (World::serve(kind, &[]).await, Receiver::start().await);
        let server = world.server();
        let editor = server.staff("editor").await;
        wait_for(&world, "SELECT count(*) FROM follower WHERE name = 'partners'", 1).await;
        let silent = world.partner("silent", "standard").await;
        world.partner("told", "standard").await;
        let endpoint = world.add_endpoint("told", &receiver.url);
        let (article, variant) = server.write(&editor, "ko", "철강 수출").await;
        server.bring(&editor, &variant, "PUBLISHED").await;
        receiver.wait_taken(1).await;
        wait_for(&world, "SELECT count(*) FROM partner_story WHERE received_at IS NOT NULL", 1).await;
        wait_for(&world, "SELECT count(*) FROM partner_story", 2).await;
        let uuid = world.rows("SELECT id FROM article").await[0].try_get_by_index::<Uuid>(0).unwrap();
        let published = world.number("SELECT max(at) FROM event").await;
        // The silent one fetched the story once.
        let text = "UPDATE partner_story SET sent_at = $1, received_at = $1, last_received_at = $1 WHERE partner_id = $2";
        world.sql(text, vec![published.into(), silent.into()]).await;
        let note = json!({"variantId": variant, "kind": "RETRACTION", "text": "The figures were wrong, \"all\" of them."});
        server.changed(&editor, "addCorrection", "variant { id }", note).await;
        receiver.wait_taken(2).await;
        wait_for(&world, "SELECT count(*) FROM partner_change WHERE acked_at IS NOT NULL", 2).await;
        // Who was told to take it down need not be told again.
        server.done(&editor, "withdrawVariant", &variant, json!({"reason": "wrong"})).await;
        let late = world.partner("late", "standard").await;
        received(&world, late, uuid, i64::MAX / 2).await;
        // The endpoint is gone afterwards, and the partner disabled.
        world.endpoint(&["delete", &endpoint.id]);
        world.sql("UPDATE partner SET disabled_at = 1 WHERE slug = 'told'", vec![]).await;

        let rows = world.cli_json(&["ledger", "--article", &article]);
        let rows = rows.as_array().unwrap();
        let key = |row: &Value| format!("{} {} {}", row["kind"].as_str().unwrap(), row["correction"], row["partner"]);
        let mut keys: Vec<String> = rows.iter().map(key).collect();
        keys.sort();
        assert_eq!(keys, [
            "CORRECTED \"RETRACTION\" \"silent\"", "CORRECTED \"RETRACTION\" \"told\"",
            "WITHDRAWN null \"silent\"", "WITHDRAWN null \"told\"",
        ]);
        for row in rows {
            let was_told = row["partner"] == "told";
            assert_eq!((row["toldBy"] == "push", row["ackedAt"].is_string()), (was_told, was_told), "{row:#}");
            assert_eq!((row["overdue"].clone(), row["partnerDisabledAt"].is_string()), (json!(false), row["partner"] == "told"));
        }
        let csv = world.cli(&["ledger", "--partner", "told", "--kind", "CORRECTED", "--csv"]);
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(lines[0], "event,at,kind,correction,article,language,partner,sentAt,receivedAt,toldAt,toldBy,ackedAt,overdue,partnerDisabledAt,text");
        assert!(lines[1].ends_with("\"The figures were wrong, \"\"all\"\" of them.\""), "{csv}");
        assert_eq!(lines.len(), 2);
    }

    what_is_not_acknowledged_in_time_is_overdue_and_the_desk_pages_through_it(kind) {
        let world = World::serve(kind, &[]).await;
        let server = world.server();
        let editor = server.staff("editor").await;
        let (_, variant) = server.write(&editor, "ko", "기사").await;
        server.bring(&editor, &variant, "WITHDRAWN").await;
        let article = world.rows("SELECT id FROM article").await[0].try_get_by_index::<Uuid>(0).unwrap();
        for number in 0..3 {
            let partner = world.partner(&format!("p{number}"), "standard").await;
            received(&world, partner, article, 0).await;
        }
        let query = "query($after: String, $overdue: Boolean!) { desk { ledger(first: 2, after: $after, filter: {overdue: $overdue}) { \
                     edges { node { partner kind overdue toldAt } } pageInfo { hasNextPage endCursor } } } }";
        let page = server.ask(&editor, query, json!({"overdue": false})).await;
        let cursor = page.data("/desk/ledger/pageInfo/endCursor").clone();
        assert_eq!(page.data("/desk/ledger/pageInfo/hasNextPage"), true);
        let next = server.ask(&editor, query, json!({"overdue": false, "after": cursor})).await;
        assert_eq!(next.data("/desk/ledger/edges").as_array().unwrap().len(), 1);
        let none = server.ask(&editor, query, json!({"overdue": true})).await;
        assert_eq!(none.data("/desk/ledger/edges"), &json!([]));
        world.sql("UPDATE event SET at = at - $1", vec![(25_i64 * 3_600_000_000).into()]).await;
        let overdue = server.ask(&editor, query, json!({"overdue": true})).await;
        assert_eq!(overdue.data("/desk/ledger/edges/0/node"), &json!({"partner": "p0", "kind": "WITHDRAWN", "overdue": true, "toldAt": null}));
        let reporter = server.staff("reporter").await;
        assert_eq!(server.ask(&reporter, query, json!({"overdue": true})).await.codes(), ["FORBIDDEN"]);
        let bad = server.ask(&editor, query, json!({"overdue": true, "after": "x"})).await;
        assert!(bad.message().contains("is not a cursor"));
    }

    usage_is_counted_by_partner_story_language_and_day(kind) {
        let world = World::serve(kind, &[]).await;
        let (one, two) = (world.partner("one", "standard").await, world.partner("two", "standard").await);
        for (day, partner, way, count) in [(20_000, one, "pull", 3_i64), (20_001, one, "push", 2), (20_001, two, "pull", 1), (20_009, one, "pull", 9)] {
            let text = "INSERT INTO partner_usage (day, partner_id, article_id, language, way, deliveries) VALUES ($1, $2, $3, 'ko', $4, $5)";
            world.sql(text, vec![day.into(), partner.into(), Uuid::now_v7().into(), way.into(), count.into()]).await;
        }
        let rows = world.cli_json(&["usage", "--from", "2024-10-04", "--to", "2024-10-05", "--partner", "one"]);
        let shown: Vec<(Value, Value, Value)> = rows.as_array().unwrap().iter()
            .map(|row| (row["day"].clone(), row["way"].clone(), row["deliveries"].clone())).collect();
        assert_eq!(shown, [(json!("2024-10-04"), json!("pull"), json!(3)), (json!("2024-10-05"), json!("push"), json!(2))]);
        let editor = world.server().staff("editor").await;
        let ask = "usage(from: \"2024-10-01\", to: \"2024-12-01\", first: 3) { edges { node { day partner deliveries } } pageInfo { hasNextPage } }";
        let seen = world.server().desk(&editor, ask).await;
        assert_eq!(seen["usage"]["pageInfo"]["hasNextPage"], true);
        assert_eq!(seen["usage"]["edges"][0]["node"], json!({"day": "2024-10-04", "partner": "one", "deliveries": 3}));
        let wrong = run(&world.database, &["usage", "--from", "October", "--to", "2024-10-05"], 2);
        assert!(String::from_utf8(wrong.stderr).unwrap().contains("expected a day such as 2026-11-01"));
    }
}
