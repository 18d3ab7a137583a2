//! An answer as it is kept.

use super::encoding::{Encoding, unpack};
use crate::domain::hex::hex;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue, IF_NONE_MATCH};
use actix_web::web::Bytes;
use sha2::{Digest, Sha256};
use std::io::Result;

/// Smaller answers are not worth packing.
const WORTH_PACKING: usize = 860;

/// What each kept answer takes beside what is counted, in bytes: its place in the cache and in the index, the question as it
/// was written, and what the allocator keeps for itself.
const BESIDE: usize = 900;

/// What a body takes, in bytes: allocators have sizes of their own, an eighth apart.
pub(super) fn allocated(body: &Bytes) -> usize {
    body.len() + body.len() / 8
}

/// How the body is kept.
#[derive(Debug)]
enum Body {
    Plain(Bytes),
    /// By zstd; how many bytes it was.
    Packed(Bytes, usize),
}

/// An answer as it is kept.
#[derive(Debug)]
pub struct Kept {
    body: Body,
    /// The first half of the plain body's SHA-256, as hexadecimal digits.
    hash: [u8; 32],
    number: u64,
    /// What caches before the service may purge it by.
    keys: Option<HeaderValue>,
    /// What goes with it whenever it is sent.
    headers: Box<[(HeaderName, HeaderValue)]>,
    /// What is noted beside it, roughly, in bytes.
    extra: usize,
}

impl Kept {
    /// An answer; `keys` go with it to caches before the service, `headers` to everybody.
    pub fn new(body: Vec<u8>, keys: Option<HeaderValue>, headers: Vec<(HeaderName, HeaderValue)>) -> Self {
        let digest = Sha256::digest(&body);
        let digits = hex(digest.get(..16).unwrap_or_default());
        let hash = digits.as_bytes().try_into().unwrap_or_default();
        Self { body: Body::Plain(body.into()), hash, number: 0, keys, headers: headers.into(), extra: 0 }
    }

    /// What goes with it whenever it is sent.
    pub fn headers(&self) -> &[(HeaderName, HeaderValue)] {
        &self.headers
    }

    /// How to send it to a client.
    pub fn encoding(&self, headers: &HeaderMap) -> Encoding {
        let length = match &self.body {
            Body::Plain(plain) => plain.len(),
            Body::Packed(_, length) => *length,
        };
        if length < WORTH_PACKING { Encoding::Identity } else { Encoding::negotiate(headers) }
    }

    /// The strong entity tag of exactly what is sent.
    pub fn etag(&self, encoding: Encoding) -> HeaderValue {
        // Put together anew: to share one costs as much as to write it, and room.
        let (dash, name) = encoding.name().map_or(("", ""), |name| ("-", name));
        let tag = [b"\"", self.hash.as_slice(), dash.as_bytes(), name.as_bytes(), b"\""].concat();
        // Digits are always a header's value.
        HeaderValue::try_from(tag).unwrap_or_else(|_| HeaderValue::from_static("\"\""))
    }

    /// Whether a client says that it has the answer, in whatever form.
    pub fn is_known(&self, headers: &HeaderMap) -> bool {
        let tags = headers.get_all(IF_NONE_MATCH).filter_map(|value| value.to_str().ok()).flat_map(|v| v.split(','));
        tags.map(|tag| tag.trim().trim_start_matches("W/")).any(|tag| {
            let own =
                tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')).and_then(|tag| tag.as_bytes().get(..32));
            tag == "*" || own == Some(&self.hash)
        })
    }

    /// What caches before the service may purge it by.
    pub fn keys(&self) -> Option<&HeaderValue> {
        self.keys.as_ref()
    }

    /// The same answer as it is kept: packed. Gives the plain body, if it is not part of it any more.
    /// `extra` bytes are noted beside it.
    pub(super) fn packed(mut self, extra: usize) -> (Self, Option<Bytes>) {
        self.extra = extra;
        let Body::Plain(plain) = &self.body else { return (self, None) };
        if plain.len() < WORTH_PACKING {
            return (self, None);
        }
        let Ok(packed) = Encoding::Zstd.pack(plain) else { return (self, None) };
        // The packer's list is as long as the plain body.
        let (plain, packed) = (plain.clone(), Bytes::copy_from_slice(&packed));
        self.body = Body::Packed(packed, plain.len());
        (self, Some(plain))
    }

    /// The body in a form that need not be made.
    pub(super) fn ready(&self, encoding: Encoding) -> Option<&Bytes> {
        match (&self.body, encoding) {
            (Body::Plain(body), Encoding::Identity) | (Body::Packed(body, _), Encoding::Zstd) => Some(body),
            _ => None,
        }
    }

    /// Makes the body in whatever form.
    pub(super) fn made(&self, encoding: Encoding) -> Result<Bytes> {
        let plain = match &self.body {
            Body::Plain(plain) => plain.clone(),
            Body::Packed(packed, length) => unpack(packed, *length)?.into(),
        };
        if encoding == Encoding::Identity { Ok(plain) } else { encoding.pack(&plain).map(Into::into) }
    }

    /// How much memory it takes, roughly, in bytes.
    pub(super) fn weight(&self) -> u64 {
        let (Body::Plain(body) | Body::Packed(body, _)) = &self.body;
        let headers: usize = self.headers.iter().map(|(_, value)| value.len() + 100).sum();
        (allocated(body) + headers + self.keys.as_ref().map_or(0, HeaderValue::len) + self.extra + BESIDE) as u64
    }

    /// What the index knows it by; 0 for what is not kept.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    pub(super) fn set_number(&mut self, number: u64) {
        self.number = number;
    }
}
