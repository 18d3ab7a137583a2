//! `Idempotency-Key`: a mutation that is sent again, because its answer was lost, is not done again
//! (draft-ietf-httpapi-idempotency-key-header).

use super::documents::Question;
use crate::domain::hex::hex;
use crate::error::{Error, Result};
use crate::service::Once;
use actix_web::HttpRequest;
use sha2::{Digest, Sha256};

const HEADER: &str = "idempotency-key";

/// The key that came with a request.
pub fn once(request: &HttpRequest, question: &Question) -> Result<Option<Once>> {
    let Some(header) = request.headers().get(HEADER) else { return Ok(None) };
    let key = header.to_str().unwrap_or_default().trim().trim_matches('"').to_owned();
    if !(1..=255).contains(&key.len()) || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::invalid("Idempotency-Key", "must be 1 to 255 visible characters of ASCII"));
    }
    let variables = serde_json::to_string(&question.variables).map_err(Error::internal)?;
    let mut digest = Sha256::new();
    for part in [question.query.as_str(), question.operation_name.as_deref().unwrap_or_default(), &variables] {
        digest.update(part.len().to_le_bytes());
        digest.update(part);
    }
    Ok(Some(Once { key, hash: hex(&digest.finalize()) }))
}
