//! The explorer page: one file that works without the internet.

use super::State;
use super::problem::no_such_page;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, LOCATION, X_CONTENT_TYPE_OPTIONS};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

const PAGE: &str = include_str!("explorer.html");

macro_rules! example {
    ($title:literal, $file:literal) => {
        (
            $title,
            include_str!(concat!("../../examples/queries/", $file, ".graphql")),
            include_str!(concat!("../../examples/queries/", $file, ".json")),
        )
    };
}

/// The queries that `examples/` holds, with values that the sample newsroom knows.
const EXAMPLES: &[(&str, &str, &str)] = &[
    example!("Front page", "front-page"),
    example!("Article page", "article-page"),
    example!("Tag page", "tag-page"),
    example!("Author page", "author-page"),
    example!("Search box", "search-box"),
];

/// Leads people who open the service in a browser to the explorer.
pub async fn front(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    if state.config.http.explorer {
        HttpResponse::SeeOther().insert_header((LOCATION, "/explorer")).finish()
    } else {
        no_such_page(request).await
    }
}

/// The page, with a policy that lets it run its own script and nothing else.
pub async fn page(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    if !state.config.http.explorer {
        return no_such_page(request).await;
    }
    let nonce = uuid::Uuid::new_v4().simple().to_string();
    let examples: Vec<_> = EXAMPLES
        .iter()
        .map(|(title, query, variables)| {
            let variables: serde_json::Value = serde_json::from_str(variables).unwrap_or_default();
            json!({"title": title, "query": query, "variables": variables})
        })
        .collect();
    // Within a script element, `<` could end it.
    let examples = json!(examples).to_string().replace('<', "\\u003c");
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; \
         img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    HttpResponse::Ok()
        .insert_header((CONTENT_SECURITY_POLICY, policy))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .content_type("text/html; charset=utf-8")
        .body(PAGE.replace("__NONCE__", &nonce).replace("__EXAMPLES__", &examples))
}
