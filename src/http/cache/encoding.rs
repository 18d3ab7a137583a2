//! How an answer is packed for its way over the wire, and while it is kept.

use actix_web::http::header::{ACCEPT_ENCODING, HeaderMap};
use std::cell::RefCell;
use std::io::{Result, Write};
use zstd::bulk::{Compressor, Decompressor};

/// zstd's own choice: on a page of 8 KB it takes as long as the levels below, some 20 microseconds.
const LEVEL: i32 = 3;

thread_local! {
    // Each takes hundreds of kilobytes, which cost more to get than a page to pack.
    static PACK: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    static UNPACK: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

/// How an answer is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// As it is.
    Identity,
    /// Zstandard: how answers are kept.
    Zstd,
    /// Brotli.
    Brotli,
    /// gzip.
    Gzip,
}

impl Encoding {
    /// The best one that a client accepts: zstd first, because it need not be made.
    pub(super) fn negotiate(headers: &HeaderMap) -> Self {
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
        let all = [Self::Zstd, Self::Brotli, Self::Gzip];
        all.into_iter().find(|encoding| encoding.name().is_some_and(accepts)).unwrap_or(Self::Identity)
    }

    /// As `Content-Encoding` has it.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Zstd => Some("zstd"),
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
        }
    }

    /// Packs a plain body.
    pub(super) fn pack(self, plain: &[u8]) -> Result<Vec<u8>> {
        match self {
            Self::Identity => Ok(plain.to_vec()),
            Self::Zstd => PACK.with_borrow_mut(|packer| match packer {
                Some(packer) => packer.compress(plain),
                None => packer.insert(Compressor::new(LEVEL)?).compress(plain),
            }),
            Self::Brotli => {
                let mut packed = Vec::new();
                let mut writer = brotli::CompressorWriter::new(&mut packed, 4_096, 5, 22);
                writer.write_all(plain)?;
                drop(writer);
                Ok(packed)
            }
            Self::Gzip => {
                let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
                writer.write_all(plain)?;
                writer.finish()
            }
        }
    }
}

/// What zstd packed, which had `length` bytes.
pub(super) fn unpack(packed: &[u8], length: usize) -> Result<Vec<u8>> {
    UNPACK.with_borrow_mut(|unpacker| match unpacker {
        Some(unpacker) => unpacker.decompress(packed, length),
        None => unpacker.insert(Decompressor::new()?).decompress(packed, length),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    #[test]
    fn what_need_not_be_made_is_preferred_and_what_is_refused_is_not_sent() {
        for (accepted, expected) in [
            ("gzip, deflate, br, zstd", Encoding::Zstd),
            ("gzip, deflate, br", Encoding::Brotli),
            ("br;q=0, gzip;q=0.5", Encoding::Gzip),
            ("ZSTD", Encoding::Zstd),
            ("zstd;q=0.0", Encoding::Identity),
            ("deflate", Encoding::Identity),
            ("", Encoding::Identity),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(accepted))]);
            assert_eq!(Encoding::negotiate(&headers), expected, "{accepted}");
        }
        assert_eq!(Encoding::negotiate(&HeaderMap::new()), Encoding::Identity);
    }

    #[test]
    fn what_is_packed_is_found_again() {
        for plain in ["", "a", &"기사 본문 ".repeat(2_000)] {
            let packed = Encoding::Zstd.pack(plain.as_bytes()).unwrap();
            assert_eq!(unpack(&packed, plain.len()).unwrap(), plain.as_bytes());
        }
        assert!(unpack(b"not packed", 10).is_err());
    }
}
