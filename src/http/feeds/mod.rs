//! Feeds, sitemaps and oEmbed: what readers' programs, aggregators and search engines fetch. All of it is what everybody may
//! see, so answers come from memory ([`super::public`]) and go with the first change that makes them untrue.

mod atom;
mod entry;
mod feed;
mod json;
mod oembed;
mod question;
mod rss;
mod sitemap;
mod topics;
mod websub;
mod xml;

pub use websub::Pingers;

use super::cache::Key;
use super::problem::{self, problem};
use super::public::{Found, find_or_make, unsound, whole};
use super::{State, caller};
use crate::error::Result;
use crate::service::Reader;
use actix_web::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_LANGUAGE, HeaderName, HeaderValue, LINK, VARY};
use actix_web::{HttpRequest, HttpResponse, Resource, web};
use feed::Feed;
use percent_encoding::percent_decode_str;
use question::{Format, Question};

/// What these answers depend on beside their address: neither on a language that is asked for nor on who asks.
const VARIES: HeaderValue = HeaderValue::from_static("accept-encoding");

/// What an answer says that is true until a certain moment, whatever changes.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("public, max-age=0, must-revalidate");

/// The routes.
pub fn routes(service: &mut web::ServiceConfig) {
    service
        .service(only_read("/feeds/{language}/{file}").route(web::get().to(get)).route(web::head().to(get)))
        .service(
            only_read("/feeds/{language}/{kind}/{slug}/{file}").route(web::get().to(get)).route(web::head().to(get)),
        )
        .service(only_read("/sitemap.xml").route(web::get().to(sitemap::index)).route(web::head().to(sitemap::index)))
        .service(
            only_read("/sitemaps/{language}/{file}")
                .route(web::get().to(sitemap::addresses))
                .route(web::head().to(sitemap::addresses)),
        )
        .service(
            only_read("/sitemap-news.xml").route(web::get().to(sitemap::news)).route(web::head().to(sitemap::news)),
        )
        .service(only_read("/oembed").route(web::get().to(oembed::get)).route(web::head().to(oembed::get)));
}

fn only_read(path: &str) -> Resource {
    web::resource(path).default_service(web::to(|| problem::method_not_allowed("GET, HEAD")))
}

/// An answer to be found or made.
struct Asked {
    /// What it is kept by: the one address that asks for it.
    address: String,
    content_type: &'static str,
    /// Whether it becomes untrue by itself.
    expires: bool,
}

/// Finds or makes an answer, and sends it.
async fn answer(
    state: &State,
    request: &HttpRequest,
    asked: Asked,
    make: impl AsyncFnOnce(Reader) -> Result<Found>,
) -> HttpResponse {
    // What everybody may see is nobody's secret, yet a credential that is not believed is told so, as everywhere.
    if request.headers().contains_key(AUTHORIZATION)
        && let Err(error) = caller::actor(state, request).await
    {
        return problem::refused_token(&error);
    }
    let key = Key::of_address(&asked.address, state.app.languages().default_tag());
    let fresh = find_or_make(state, key, async |reader| make(reader).await.into()).await;
    if !fresh.is_sound {
        return unsound(state, &fresh, fresh.status, problem::TYPE);
    }
    let mut response = whole(state, request, &fresh.answer, asked.content_type, fresh.statements);
    response.headers_mut().insert(VARY, VARIES);
    if asked.expires {
        response.headers_mut().insert(CACHE_CONTROL, ASK_AGAIN);
    }
    response
}

/// A feed.
async fn get(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    let parts = parts(&request, &["language", "kind", "slug", "file"]);
    let question = match Question::parse(state.app.languages(), &parts, request.query_string()) {
        Ok(question) => question,
        Err(error) => return problem(&error),
    };
    let (address, content_type) = (question.address(), question.format.content_type());
    let asked = Asked { address, content_type, expires: false };
    answer(&state, &request, asked, async |reader| {
        Ok(match feed::read(&state, &reader, &question).await? {
            feed::Found::Feed(feed) => Found::Page(written(&feed), headers(&feed)),
            feed::Found::Moved(to) => Found::Moved(to),
        })
    })
    .await
}

/// The parts of a path that a route names, as they are meant.
fn parts(request: &HttpRequest, names: &[&str]) -> Vec<String> {
    let found = names.iter().filter_map(|name| request.match_info().get(name));
    // The server decodes all but `%`, `/` and `+`.
    found.map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned()).collect()
}

fn written(feed: &Feed) -> Vec<u8> {
    match feed.question.format {
        Format::Rss => rss::write(feed),
        Format::Atom => atom::write(feed),
        Format::Json => json::write(feed),
    }
}

/// `Link` for hubs, which look there first, and the language of the text.
fn headers(feed: &Feed) -> Vec<(HeaderName, HeaderValue)> {
    let link = |(rel, address): (&str, &str)| {
        HeaderValue::from_str(&format!("<{address}>; rel=\"{rel}\"")).ok().map(|value| (LINK, value))
    };
    let links = [("self", feed.address.as_str())].into_iter();
    let links = links.chain(feed.hubs.iter().map(|hub| ("hub", hub.as_str())));
    let links = links.chain(feed.next.iter().map(|next| ("next", next.as_str())));
    let language = HeaderValue::from_str(feed.question.language.as_str()).ok().map(|tag| (CONTENT_LANGUAGE, tag));
    links.filter_map(link).chain(language).collect()
}
