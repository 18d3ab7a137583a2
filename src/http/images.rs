//! Original image files: with their type, validators, ranges and long cache times.

use super::problem::problem;
use super::{State, caller};
use crate::domain::entity::Entity;
use crate::domain::ids::ImageId;
use crate::domain::image::ImageFile;
use crate::error::{Error, Result};
use actix_web::body::SizedStream;
use actix_web::http::Method;
use actix_web::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    Header, IF_NONE_MATCH, IF_RANGE, Range, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use futures_util::stream;
use std::io::SeekFrom;
use tokio::io::{AsyncReadExt, AsyncSeekExt};

const CHUNK: u64 = 64 * 1024;

/// The original of a picture that something published shows.
pub async fn original(state: web::Data<State>, request: HttpRequest, id: web::Path<String>) -> HttpResponse {
    match find(&state, &request, &id).await {
        Ok(file) => send(&state, &request, &file).await.unwrap_or_else(|error| problem(&error)),
        Err(error) => problem(&error),
    }
}

async fn find(state: &State, request: &HttpRequest, id: &str) -> Result<ImageFile> {
    let missing = || Error::NotFound { kind: "image", id: id.to_owned() };
    let parsed: ImageId = id.parse().map_err(|_| missing())?;
    let found = caller::reader(state, request).await?.entities(&[parsed.0]).await?;
    match found.get(&parsed.0).map(AsRef::as_ref) {
        Some(Entity::Image(image)) => image.file.clone().ok_or_else(missing),
        _ => Err(missing()),
    }
}

async fn send(state: &State, request: &HttpRequest, file: &ImageFile) -> Result<HttpResponse> {
    let etag = format!("\"{}\"", file.sha256);
    if matches(request, &etag) {
        let mut response = HttpResponse::NotModified();
        return Ok(headers(&mut response, request, file, &etag).finish());
    }
    let (mut response, first, length) = match range(request, file.size, &etag) {
        Wanted::All => (HttpResponse::Ok(), 0, file.size),
        Wanted::Part(first, last) => {
            let mut response = HttpResponse::PartialContent();
            response.insert_header((CONTENT_RANGE, format!("bytes {first}-{last}/{}", file.size)));
            (response, first, last - first + 1)
        }
        Wanted::Nothing => {
            let mut response = HttpResponse::RangeNotSatisfiable();
            return Ok(response.insert_header((CONTENT_RANGE, format!("bytes */{}", file.size))).finish());
        }
    };
    let response = headers(&mut response, request, file, &etag);
    if request.method() == Method::HEAD {
        // The length is that of the body that is not sent; an answer without a body would say 0.
        return Ok(response.body(SizedStream::new(length, stream::empty::<std::io::Result<web::Bytes>>())));
    }
    let mut open = tokio::fs::File::open(state.app.media().path(file)).await.map_err(Error::internal)?;
    open.seek(SeekFrom::Start(first)).await.map_err(Error::internal)?;
    let chunks = stream::try_unfold((open, length), |(mut open, left)| async move {
        if left == 0 {
            return Ok::<_, std::io::Error>(None);
        }
        let mut chunk = vec![0; usize::try_from(left.min(CHUNK)).unwrap_or_default()];
        open.read_exact(&mut chunk).await?;
        let left = left - chunk.len() as u64;
        Ok(Some((web::Bytes::from(chunk), (open, left))))
    });
    Ok(response.body(SizedStream::new(length, Box::pin(chunks))))
}

fn headers<'a>(
    response: &'a mut HttpResponseBuilder,
    request: &HttpRequest,
    file: &ImageFile,
    etag: &str,
) -> &'a mut HttpResponseBuilder {
    // An address with the file's hash always means this file; one without may mean another tomorrow.
    let by_hash =
        request.query_string().strip_prefix("v=").is_some_and(|hash| !hash.is_empty() && file.sha256.starts_with(hash));
    let cache = match caller::preview(request) {
        Ok(None) if by_hash => "public, max-age=31536000, immutable",
        Ok(None) => "public, max-age=300",
        _ => "no-store",
    };
    response
        .insert_header((CONTENT_TYPE, file.media_type.as_str()))
        .insert_header((ETAG, etag))
        .insert_header((CACHE_CONTROL, cache))
        .insert_header((ACCEPT_RANGES, "bytes"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((CONTENT_DISPOSITION, "inline"))
        // An SVG is a document: opened by itself it may show, but neither run nor fetch anything.
        .insert_header((CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; sandbox"))
}

fn matches(request: &HttpRequest, etag: &str) -> bool {
    let headers = request.headers().get_all(IF_NONE_MATCH).filter_map(|value| value.to_str().ok());
    headers
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

enum Wanted {
    All,
    Part(u64, u64),
    Nothing,
}

/// One range is served; several, or one in other units, are answered with everything, as RFC 9110 allows. Only
/// GET has ranges.
fn range(request: &HttpRequest, size: u64, etag: &str) -> Wanted {
    let changed = request.headers().get(IF_RANGE).is_some_and(|value| value.as_bytes() != etag.as_bytes());
    match Range::parse(request) {
        Ok(Range::Bytes(specs)) if !changed && request.method() == Method::GET => match specs.as_slice() {
            [one] => one.to_satisfiable_range(size).map_or(Wanted::Nothing, |(first, last)| Wanted::Part(first, last)),
            _ => Wanted::All,
        },
        _ => Wanted::All,
    }
}
