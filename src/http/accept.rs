//! Which of GraphQL's two media types an answer has, after GraphQL over HTTP.

use actix_web::http::header::{ACCEPT, HeaderMap};

/// The media type of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaType {
    /// `application/json`: an answer that is well-formed has the status 200, whatever is in it.
    Json,
    /// `application/graphql-response+json`: the status says whether the request could be executed.
    GraphqlResponse,
}

impl MediaType {
    /// The value of `Content-Type`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        }
    }

    /// What the client likes best; none if it accepts neither. Who does not say gets JSON.
    pub fn negotiate(headers: &HeaderMap) -> Option<Self> {
        let mut best: Option<(f32, Self)> = None;
        let mut said = false;
        for range in headers.get_all(ACCEPT).filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','))
        {
            let mut parts = range.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default().to_ascii_lowercase();
            said |= !name.is_empty();
            let found = match name.as_str() {
                "application/graphql-response+json" => Self::GraphqlResponse,
                // Server-sent events are an answer of their own; what is refused before is JSON.
                "text/event-stream" => Self::GraphqlResponse,
                "application/json" | "application/*" | "*/*" => Self::Json,
                _ => continue,
            };
            let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(1.0, |q| q.parse().unwrap_or(0.0));
            if weight > 0.0 && best.is_none_or(|(most, _)| weight > most) {
                best = Some((weight, found));
            }
        }
        match best {
            Some((_, found)) => Some(found),
            None => (!said).then_some(Self::Json),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    #[test]
    fn the_heaviest_accepted_type_wins_and_silence_means_json() {
        for (accept, expected) in [
            (None, Some(MediaType::Json)),
            (Some(""), Some(MediaType::Json)),
            (Some("*/*"), Some(MediaType::Json)),
            (Some("application/json"), Some(MediaType::Json)),
            (Some("application/graphql-response+json"), Some(MediaType::GraphqlResponse)),
            (
                Some("application/graphql-response+json; charset=utf-8, application/json;q=0.9"),
                Some(MediaType::GraphqlResponse),
            ),
            (Some("application/json, application/graphql-response+json"), Some(MediaType::Json)),
            (Some("application/json;q=0.2, application/graphql-response+json;q=0.3"), Some(MediaType::GraphqlResponse)),
            (Some("text/html"), None),
            (Some("application/json;q=0"), None),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(accept) = accept {
                headers.insert(ACCEPT, HeaderValue::from_static(accept));
            }
            assert_eq!(MediaType::negotiate(&headers), expected, "{accept:?}");
        }
    }
}
