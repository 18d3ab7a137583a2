//! How a question of the JSON API is answered: from memory where everybody may see it, else made for who asks.

use super::given::Given;
use crate::domain::address::Addresses;
use crate::domain::language::{LanguageTag, Languages};
use crate::error::Result;
use crate::http::cache::Key;
use crate::http::problem::{self, refused_token};
use crate::http::public::{Anew, Found, accept_language, find_or_make, is_public, unkept, unsound, whole};
use crate::http::{State, caller};
use crate::service::Reader;
use actix_web::http::header::{CONTENT_LANGUAGE, HeaderName, HeaderValue, LINK};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::FutureExt;
use serde::Serialize;
use std::sync::Arc;

/// The media type of answers.
pub const JSON: &str = "application/json";

/// Who asks in which language, and what it is answered from.
pub struct Scene {
    /// What is published.
    pub reader: Reader,
    /// The newsroom's languages.
    pub languages: Arc<Languages>,
    /// Where things are found.
    pub addresses: Arc<Addresses>,
    /// The language to read in.
    pub language: LanguageTag,
    /// The languages to serve, best first.
    pub chain: Vec<LanguageTag>,
    /// The path that was asked for.
    pub path: String,
    /// Its parameters.
    pub given: Given,
}

impl Scene {
    /// The address of this service that asks the same with some parameters changed.
    pub fn address(&self, path: &str, others: &[(&str, Option<&str>)]) -> String {
        let query = self.given.with(others);
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{}{path}{mark}{query}", self.addresses.service.trim_end_matches('/'))
    }
}

/// A document, with what goes with it.
pub fn json(document: &impl Serialize, headers: Vec<(HeaderName, HeaderValue)>) -> Result<Found> {
    Ok(Found::Page(serde_json::to_vec(document).map_err(crate::error::Error::internal)?, headers))
}

/// A `Link`.
pub fn link(address: &str, relation: &str) -> Option<(HeaderName, HeaderValue)> {
    Some((LINK, HeaderValue::from_str(&format!("<{address}>; {relation}")).ok()?))
}

/// The language that a document is in.
pub fn content_language(language: &LanguageTag) -> Option<(HeaderName, HeaderValue)> {
    Some((CONTENT_LANGUAGE, HeaderValue::from_str(language.as_str()).ok()?))
}

/// Answers a question.
pub async fn answer(
    state: &State,
    request: &HttpRequest,
    given: Result<Given>,
    make: impl AsyncFnOnce(Scene) -> Result<Found>,
) -> HttpResponse {
    match try_answer(state, request, given, make).await {
        Ok(response) => response,
        Err(error) => refused_token(&error),
    }
}

async fn try_answer(
    state: &State,
    request: &HttpRequest,
    given: Result<Given>,
    make: impl AsyncFnOnce(Scene) -> Result<Found>,
) -> Result<HttpResponse> {
    let given = given?;
    let languages = state.app.languages().clone();
    let named = given.language(&languages)?;
    // Who names a language wants that one; what a browser prefers is a wish.
    let fallback = given.flag("fallback")?.unwrap_or(named.is_none());
    let language = named.unwrap_or_else(|| languages.negotiate(accept_language(request)));
    let chain = languages.chain(&language, fallback);
    let key = Key::of_address(&format!("{}?{}", request.path(), given.normal()), &language);
    let scene = |reader: Reader| {
        let mut addresses = state.app.addresses().clone();
        if let Some(preview) = reader.preview() {
            Arc::make_mut(&mut addresses).preview = Some(preview.token.clone());
        }
        Scene { reader, languages, addresses, language, chain, path: request.path().to_owned(), given }
    };
    if !is_public(request) {
        caller::actor(state, request).await?;
        let reader = caller::reader(state, request).await?;
        let made = Anew::from(make(scene(reader.clone())).boxed_local().await);
        // What only some may see is kept nowhere.
        let media_type = if made.is_sound { JSON } else { problem::TYPE };
        return Ok(unkept(state, (made.status, media_type), made.headers, made.body, reader.statements()));
    }
    let fresh = find_or_make(state, key, async |reader| make(scene(reader)).await.into()).await;
    if fresh.is_sound {
        return Ok(whole(state, request, &fresh.answer, JSON, fresh.statements));
    }
    Ok(unsound(state, &fresh, fresh.status, problem::TYPE))
}
