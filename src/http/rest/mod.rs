//! The JSON API: `/v1/...`, for those who don't speak GraphQL. The same reads, rules and cursors.

mod answer;
mod articles;
mod describe;
mod directory;
mod documents;
mod given;
mod notes;
mod page;
mod parameters;
mod reads;

pub use describe::description;

use super::problem;
use crate::error::{Error, Result};
use actix_web::dev::Handler;
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use percent_encoding::percent_decode_str;
use std::str::FromStr;

/// The routes.
pub fn routes(service: &mut web::ServiceConfig) {
    read(service, "/v1/articles", articles::list);
    read(service, "/v1/articles/by-slug/{language}/{slug}", articles::by_slug);
    read(service, "/v1/articles/{id}", articles::one);
    read(service, "/v1/articles/{id}/related", articles::related);
    read(service, "/v1/search", articles::search);
    read(service, "/v1/authors", directory::authors);
    read(service, "/v1/authors/{id}", directory::one_author);
    read(service, "/v1/sections", directory::sections);
    read(service, "/v1/sections/{id}", directory::one_section);
    read(service, "/v1/tags", directory::tags);
    read(service, "/v1/tags/{id}", directory::one_tag);
    read(service, "/v1/images/{id}", directory::one_image);
    read(service, "/v1/collections", directory::collections);
    read(service, "/v1/collections/{id}", directory::one_collection);
    read(service, "/v1/collections/{id}/articles", directory::collected);
    read(service, "/v1/languages", directory::languages);
    read(service, "/v1/changes", directory::changes);
    read(service, "/openapi.json", page::openapi);
    read(service, "/docs", page::docs);
}

/// A resource that can only be read.
fn read<F, Args>(service: &mut web::ServiceConfig, path: &str, handler: F)
where
    F: Handler<Args, Output = HttpResponse>,
    Args: FromRequest + 'static,
{
    let route = web::get().to(handler.clone());
    let only = web::to(|| problem::method_not_allowed("GET, HEAD"));
    service.service(web::resource(path).route(route).route(web::head().to(handler)).default_service(only));
}

/// The parts of a path that a route names, as they are meant.
fn parts(request: &HttpRequest, names: &[&str]) -> Vec<String> {
    let found = names.iter().filter_map(|name| request.match_info().get(name));
    // The server decodes all but `%`, `/` and `+`.
    found.map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned()).collect()
}

/// The id in a path. What is no id names nothing.
fn read_id<T: FromStr>(kind: &'static str, parts: &[String]) -> Result<T> {
    let text = parts.first().map(String::as_str).unwrap_or_default();
    text.parse().map_err(|_| Error::NotFound { kind, id: text.chars().take(80).collect() })
}
