//! What can be wrong with an export, in words that name the post and the place in the file.
//!
//! When each of these is raised, and where reading goes on, is decided in `wxr`.

/// What could not be read. Reading goes on after each of these except `Io`, `Utf16` and `Truncated`.
#[derive(Debug, thiserror::Error)]
pub enum WxrError {
    /// The input failed.
    #[error("reading failed at byte {at}: {source}")]
    Io {
        /// Where.
        at: u64,
        /// Why.
        source: std::io::Error,
    },
    /// UTF-16 has to be converted first.
    #[error("the file is UTF-16; convert it to UTF-8 first")]
    Utf16,
    /// The file declares an encoding other than UTF-8. It is read as UTF-8 all the same.
    #[error("the file says that its encoding is {0}; only UTF-8 is read, other bytes become U+FFFD")]
    Encoding(String),
    /// A record other than an item has bytes that are not UTF-8. It was read, with U+FFFD in their place.
    #[error("<{what}> at byte {at} is not UTF-8; what could not be read became U+FFFD")]
    NotUtf8 {
        /// Offset of the record.
        at: u64,
        /// The record's element.
        what: &'static str,
    },
    /// The file has neither a channel nor a record.
    #[error("no channel and no item was found: is this a WordPress export?")]
    NotAnExport,
    /// An item is larger than the limit and was left out.
    #[error("{} at byte {at} is larger than {limit} bytes and was left out", post(.id, .title))]
    TooLarge {
        /// Offset of the item.
        at: u64,
        /// The limit that it passed.
        limit: usize,
        /// Its id, if it could be found.
        id: Option<u64>,
        /// Its title, if it could be found.
        title: Option<String>,
    },
    /// A record is not whole and was left out.
    #[error("{} is damaged: bytes {from} to {to} were left out", post(.id, .title))]
    Damaged {
        /// Offset of the first lost byte.
        from: u64,
        /// Offset of the first byte that is read again.
        to: u64,
        /// The item's id, if it could be found.
        id: Option<u64>,
        /// The item's title, or what else is damaged.
        title: Option<String>,
    },
    /// The file ends before the channel does.
    #[error("the file is truncated at byte {at}{}", inside(.id, .title))]
    Truncated {
        /// The size of what is there.
        at: u64,
        /// The id of the item that is cut, if it could be found.
        id: Option<u64>,
        /// The title of the item that is cut, if it could be found.
        title: Option<String>,
    },
}

fn post(id: &Option<u64>, title: &Option<String>) -> String {
    match (id, title) {
        (Some(id), Some(title)) => format!("post {id} “{title}”"),
        (Some(id), None) => format!("post {id}"),
        (None, Some(title)) => format!("“{title}”"),
        (None, None) => "an unknown post".to_owned(),
    }
}

fn inside(id: &Option<u64>, title: &Option<String>) -> String {
    if id.is_none() && title.is_none() { String::new() } else { format!(", inside {}", post(id, title)) }
}
