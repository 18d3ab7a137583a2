//! What a message to an endpoint says.

use super::Due;
use crate::domain::address::Addresses;
use crate::error::{Error, Result};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The body of a message, and whether it brings the story itself.
///
/// It names the story and says where it is: what the partner may have of it is decided anew when it is asked for.
pub(super) fn compose(addresses: &Addresses, due: &Due, now: OffsetDateTime) -> Result<(String, bool)> {
    let text = |at: OffsetDateTime| at.format(&Rfc3339).map_err(Error::internal);
    let Some(change) = &due.change else {
        return Ok((json!({"type": "ping", "timestamp": text(now)?, "data": {}}).to_string(), false));
    };
    let detail: Value = serde_json::from_str(&change.detail).unwrap_or_default();
    let href = format!("{}/v1/partner/articles/{}?language={}", addresses.service, change.article, change.language);
    let body = json!({
        "type": format!("article.{}", change.status),
        "timestamp": text(change.at)?,
        "data": {
            "change": change.id,
            "article": change.article,
            "language": change.language,
            "kind": change.kind,
            "status": change.status,
            "detail": detail,
            "href": href,
        },
    });
    Ok((body.to_string(), false))
}
