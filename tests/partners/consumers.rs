//! The consumers of the examples.

use super::pull::{Partner, following, newsroom, publish};
use crate::support::Kind;
use serde_json::json;

/// The two consumers of `examples/partner`, killed and started again, have what is published and nothing else.
#[tokio::test]
async fn the_consumers_of_the_examples_keep_a_true_copy() {
    let server = newsroom().serve(Kind::Sqlite).await;
    following(&server.database).await;
    let editor = server.staff("editor").await;
    for (slug, program) in [("python", "consumer.py"), ("shell", "consumer.sh")] {
        let partner = Partner::add(&server, slug, &["--languages", "ko"]);
        let folder = tempfile::TempDir::new().unwrap();
        let consume = async || {
            let path = crate::support::root().join("examples/partner").join(program);
            let status = tokio::process::Command::new(path)
                .args([server.address(), folder.path().to_str().unwrap(), "--once"])
                .env("BYLINE_KEY", &partner.key)
                .status();
            assert!(status.await.unwrap().success(), "{program}");
        };
        consume().await;
        let (_, variant) = publish(&server, &editor, &format!("{slug} 새 소식")).await;
        let (_, gone) = publish(&server, &editor, &format!("{slug} 헛소문")).await;
        partner.next(&json!("0")).await;
        consume().await;
        server.done(&editor, "withdrawVariant", &gone, json!({"reason": "wrong"})).await;
        let note = json!({"variantId": variant, "kind": "CORRECTION", "text": "고침"});
        server.changed(&editor, "addCorrection", "variant { id }", note).await;
        super::sending::wait_in(
            &server.database.connect().await,
            &format!(
                "SELECT count(*) FROM partner_change c JOIN partner p ON p.id = c.partner_id WHERE p.slug = '{slug}' \
                 AND c.kind IN ('CANCELED', 'CORRECTED')"
            ),
            2,
        )
        .await;
        consume().await;
        let stories = std::fs::read_dir(folder.path().join("stories")).unwrap();
        let copy: Vec<String> = stories.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect();
        let (titles, _) = partner.snapshot().await;
        assert_eq!(copy.len(), titles.len(), "{program}");
        assert!(copy.iter().any(|story| story.contains("새 소식") && story.contains("고침")), "{program}");
        assert!(!copy.iter().any(|story| story.contains(&format!("{slug} 헛소문"))), "{program}");
    }
}
