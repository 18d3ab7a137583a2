//! One line a request, and a request id that goes in and out.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use std::time::Instant;
use tracing::{Instrument, Level};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives the request an id (the client's own, if it is short and plain), logs how it went, and sends the id back.
pub async fn request<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let given = request.headers().get(&REQUEST_ID).filter(|value| is_plain(value)).cloned();
    let id = match given {
        Some(id) => id,
        None => HeaderValue::from_str(&uuid::Uuid::now_v7().simple().to_string())?,
    };
    let began = Instant::now();
    let told = tracing::enabled!(Level::INFO).then(|| (request.method().clone(), request.path().to_owned()));
    let span = tracing::info_span!("request", id = id.to_str().unwrap_or_default());
    let mut response = next.call(request).instrument(span.clone()).await?;
    response.headers_mut().insert(REQUEST_ID, id);
    let Some((method, path)) = told else { return Ok(response) };
    span.in_scope(|| {
        let milliseconds = began.elapsed().as_secs_f64() * 1_000.0;
        tracing::info!(%method, path, status = response.status().as_u16(), milliseconds, "answered");
    });
    Ok(response)
}

fn is_plain(id: &HeaderValue) -> bool {
    let bytes = id.as_bytes();
    (1..=128).contains(&bytes.len())
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:/+=".contains(byte))
}
