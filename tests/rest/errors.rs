//! Bad questions: each is told what is wrong and what is accepted.

use super::{fetch, fetch_with};
use crate::support::{Kind, Server};

#[tokio::test]
async fn what_is_wrong_is_named_with_what_is_accepted() {
    let server = Server::sample(Kind::Sqlite).await;
    for (path, status, part) in [
        ("/v1/languages?frist=1", 400, "frist: is not a parameter of this address"),
        ("/v1/articles?first=1&first=2", 400, "first: is given twice"),
        ("/v1/articles?first=101", 400, "first: 101 is not accepted: expected 0 to 100"),
        ("/v1/articles?first=1&last=1", 400, "last: first and last exclude each other"),
        ("/v1/articles?after=x", 400, "after: `x` is not a cursor of this list"),
        ("/v1/articles?language=xx", 400, "language: "),
        ("/v1/articles?fallback=maybe", 400, "fallback: expected true or false"),
        ("/v1/articles?fields=titel", 400, "fields[0]: `titel` is no member of an article; accepted: id, "),
        ("/v1/articles?include=related", 400, "include: related stories are shown with one story"),
        ("/v1/articles?kinds=NEWS,GOSSIP", 400, "kinds[1]: `GOSSIP` is no kind; accepted: NEWS, "),
        ("/v1/articles?publishedFrom=yesterday", 400, "publishedFrom: is not a moment"),
        ("/v1/articles?tagsAny=tag_1", 400, "tagsAny[0]: "),
        ("/v1/search", 400, "query: is needed"),
        ("/v1/articles?text=%00", 400, "text: holds a character that no text has"),
        ("/v1/articles/art_00000000000000000000000000", 404, "there is no article"),
        ("/v1/articles/by-slug/en/no-such-story", 404, "there is no article `no-such-story`"),
        ("/v1/articles/by-slug/en/%00", 404, "there is no article"),
        ("/v1/tags/art_1", 404, "there is no tag `art_1`"),
        ("/v1/nothing", 404, "there is no page"),
    ] {
        let page = fetch(&server, path).await;
        let problem = page.problem();
        assert_eq!((page.status, problem["status"].as_u64()), (status, Some(u64::from(status))), "{path}: {problem}");
        assert!(problem["detail"].as_str().unwrap().contains(part), "{path}: {problem}");
    }
    let refused = server.post("/v1/articles").send().await.unwrap();
    assert_eq!((refused.status().as_u16(), refused.headers()["allow"].to_str().unwrap()), (405, "GET, HEAD"));
    let unbelieved = fetch_with(&server, "/v1/articles", &[("authorization", "Bearer nonsense")]).await;
    assert_eq!((unbelieved.status, unbelieved.problem()["code"].as_str().unwrap()), (401, "UNAUTHENTICATED"));
}
