//! An answer as it goes over the wire, in every form in which it was asked for.

use crate::domain::language::LanguageTag;
use actix_web::http::header::{ACCEPT_ENCODING, HeaderMap, HeaderName, HeaderValue, IF_NONE_MATCH};
use actix_web::web::Bytes;
use sha2::{Digest, Sha256};
use std::io::Write;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Smaller answers are not worth compressing.
const WORTH_COMPRESSING: usize = 860;

/// What an answer is found by: the same for everybody who may see the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    /// The document; 0 where there is none.
    pub document: u64,
    /// Which of its operations.
    pub operation: Option<String>,
    /// The variables, as JSON.
    pub variables: String,
    /// The language that the reader prefers.
    pub language: LanguageTag,
}

impl Key {
    /// What is asked by a path and its parameters alone, in a normal form.
    pub fn of_address(address: String, language: LanguageTag) -> Self {
        Self { document: 0, operation: None, variables: address, language }
    }
}

/// How an answer is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// As it is.
    Identity,
    /// Brotli.
    Brotli,
    /// Zstandard.
    Zstd,
    /// gzip.
    Gzip,
}

impl Encoding {
    /// The best one that a client accepts.
    fn negotiate(headers: &HeaderMap) -> Self {
        let Some(accepted) = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()) else {
            return Self::Identity;
        };
        let accepts = |name: &str| {
            accepted.split(',').any(|part| {
                let (own, parameters) = part.split_once(';').unwrap_or((part, ""));
                own.trim().eq_ignore_ascii_case(name)
                    && !matches!(parameters.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
            })
        };
        let all = [Self::Brotli, Self::Zstd, Self::Gzip];
        all.into_iter().find(|encoding| encoding.name().is_some_and(accepts)).unwrap_or(Self::Identity)
    }

    /// As `Content-Encoding` has it.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Brotli => Some("br"),
            Self::Zstd => Some("zstd"),
            Self::Gzip => Some("gzip"),
        }
    }
}

/// One form of an answer.
#[derive(Debug, Clone)]
pub struct Form {
    /// The body.
    pub body: Bytes,
    /// The strong entity tag of exactly this body.
    pub etag: HeaderValue,
}

/// An answer as it goes over the wire.
#[derive(Debug)]
pub struct Kept {
    plain: Form,
    hash: String,
    packed: [OnceLock<Option<Form>>; 3],
    number: AtomicU64,
    /// What caches before the service may purge it by.
    keys: Option<HeaderValue>,
    /// What goes with it whenever it is sent.
    headers: Vec<(HeaderName, HeaderValue)>,
    /// What is noted beside it, roughly, in bytes.
    extra: usize,
}

impl Kept {
    /// An answer; `extra` bytes are noted beside it, `keys` go with it to caches before the service.
    pub fn new(body: Vec<u8>, extra: usize, keys: Option<HeaderValue>) -> Self {
        let digest = Sha256::digest(&body);
        let hash = crate::domain::hex::hex(digest.get(..16).unwrap_or_default());
        let plain = Form { body: body.into(), etag: tag(&hash) };
        Self { plain, hash, packed: Default::default(), number: AtomicU64::new(0), keys, headers: Vec::new(), extra }
    }

    /// The same answer with headers that always go with it.
    pub fn with_headers(self, headers: Vec<(HeaderName, HeaderValue)>) -> Self {
        let extra = self.extra + headers.iter().map(|(_, value)| value.len() + 100).sum::<usize>();
        Self { headers, extra, ..self }
    }

    /// What goes with it whenever it is sent.
    pub fn headers(&self) -> &[(HeaderName, HeaderValue)] {
        &self.headers
    }

    /// The form that a client likes best, and how it is packed. It is packed once.
    pub fn form(&self, headers: &HeaderMap) -> (Encoding, &Form) {
        let encoding =
            if self.plain.body.len() < WORTH_COMPRESSING { Encoding::Identity } else { Encoding::negotiate(headers) };
        let [brotli, zstd, gzip] = &self.packed;
        let slot = match encoding {
            Encoding::Identity => return (encoding, &self.plain),
            Encoding::Brotli => brotli,
            Encoding::Zstd => zstd,
            Encoding::Gzip => gzip,
        };
        match slot.get_or_init(|| self.pack(encoding)) {
            Some(form) => (encoding, form),
            None => (Encoding::Identity, &self.plain),
        }
    }

    fn pack(&self, encoding: Encoding) -> Option<Form> {
        let plain: &[u8] = &self.plain.body;
        let body = match encoding {
            Encoding::Identity => return None,
            Encoding::Brotli => {
                let mut packed = Vec::new();
                let mut writer = brotli::CompressorWriter::new(&mut packed, 4_096, 5, 22);
                writer.write_all(plain).ok()?;
                drop(writer);
                packed
            }
            Encoding::Zstd => zstd::encode_all(plain, 3).ok()?,
            Encoding::Gzip => {
                let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
                writer.write_all(plain).ok()?;
                writer.finish().ok()?
            }
        };
        Some(Form { body: body.into(), etag: tag(&format!("{}-{}", self.hash, encoding.name()?)) })
    }

    /// Whether a client says that it has the answer, in whatever form.
    pub fn is_known(&self, headers: &HeaderMap) -> bool {
        let tags = headers.get_all(IF_NONE_MATCH).filter_map(|value| value.to_str().ok()).flat_map(|v| v.split(','));
        tags.map(|tag| tag.trim().trim_start_matches("W/")).any(|tag| {
            let own = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')).and_then(|tag| tag.get(..32));
            tag == "*" || own == Some(self.hash.as_str())
        })
    }

    /// What caches before the service may purge it by.
    pub fn keys(&self) -> Option<&HeaderValue> {
        self.keys.as_ref()
    }

    /// How much memory it takes, roughly: with its packed forms, whether they are there yet or not.
    pub fn weight(&self) -> u64 {
        (self.plain.body.len() * 8 / 5 + self.extra + self.keys.as_ref().map_or(0, HeaderValue::len) + 600) as u64
    }

    pub(super) fn number(&self) -> u64 {
        self.number.load(Ordering::Relaxed)
    }

    pub(super) fn set_number(&self, number: u64) {
        self.number.store(number, Ordering::Relaxed);
    }
}

/// Hexadecimal digits are always a header's value.
fn tag(text: &str) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{text}\"")).unwrap_or_else(|_| HeaderValue::from_static("\"\""))
}
