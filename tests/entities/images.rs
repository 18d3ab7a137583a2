//! Pictures: their facts and texts.

use crate::on_both;
use crate::support::{Newsroom, Server, Story};
use serde_json::json;

const FACTS: &str = "query($id: String!) { article(by: {externalId: {system: \"markdown\", id: $id}}) { leadImage {
    id url width height mediaType byteSize fileName alt(language: \"ko\") en: alt(language: \"en\") caption(language: \"en\") credit licence
    focalPoint { x y } digitalSourceType isAiGenerated } } }";

on_both! {
    a_picture_says_what_it_is_and_who_made_it(kind) {
        let server = Server::sample(kind).await;
        let reply = server.query_with(FACTS, json!({"id": "picture-label-editorial"})).await;
        let image = reply.data("/article/leadImage");
        let file = std::fs::metadata(crate::support::root().join("examples/newsroom/picture-label-editorial/abstract.png")).unwrap();
        assert_eq!((&image["width"], &image["height"], &image["mediaType"]), (&json!(1200), &json!(750), &json!("image/png")));
        assert_eq!(image["byteSize"].as_f64().unwrap() as u64, file.len());
        assert_eq!(image["fileName"], "abstract.png");
        assert_eq!(image["credit"], "Image: generated with AI / prompt and selection: Hangyeol Data News");
        assert_eq!((&image["digitalSourceType"], &image["isAiGenerated"]), (&json!("TRAINED_ALGORITHMIC_MEDIA"), &json!(true)));
        assert_eq!(image["alt"], "물결치는 색 띠 한가운데에 눈 모양 동그라미가 놓인 추상화");
        assert_eq!(image["en"], "Abstract picture of rippling coloured bands around an eye-like disc");
        let url = image["url"].as_str().unwrap();
        assert!(url.starts_with(&format!("https://api.news.example/images/{}/original?v=", image["id"].as_str().unwrap())), "{url}");
        let reply = server.query_with(FACTS, json!({"id": "how-we-count"})).await;
        let drawing = reply.data("/article/leadImage");
        assert_eq!((&drawing["mediaType"], &drawing["isAiGenerated"]), (&json!("image/svg+xml"), &json!(false)));
        assert_eq!(drawing["digitalSourceType"], "DIGITAL_CREATION");
        let by_id = server.query(&format!("{{ image(id: {}) {{ credit }} none: image(id: \"img_00000000000000000000000000\") {{ id }} }}", drawing["id"])).await;
        assert_eq!(by_id.json["data"], json!({"image": {"credit": "Seol A-ra / Hangyeol Data News"}, "none": null}));
    }

    a_picture_of_which_nobody_said_anything_says_nothing(kind) {
        let story = Story::new("a").en("Title").at("2026-01-01T09:00:00+09:00").picture();
        let server = Newsroom::of([story.set("en", "image", json!({"file": "lead.svg"}))]).serve(kind).await;
        let reply = server.query_with(FACTS, json!({"id": "a"})).await;
        let image = reply.data("/article/leadImage");
        // `picture` of the builder gives an alt text in the language of the file.
        assert_eq!(image["alt"], "그림");
        for field in ["caption", "credit", "licence", "focalPoint", "digitalSourceType"] {
            assert!(image[field].is_null(), "{field}");
        }
        assert_eq!((&image["width"], &image["height"], &image["isAiGenerated"]), (&json!(40), &json!(30), &json!(false)));
    }
}
