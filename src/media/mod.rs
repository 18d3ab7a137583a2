//! Original image files, stored by their content: the name of a file is its SHA-256.

use crate::domain::image::ImageFile;
use crate::error::{Error, Result};
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::{Path, PathBuf};

/// A folder of original files.
#[derive(Debug, Clone)]
pub struct Media {
    folder: PathBuf,
}

/// What a file's first bytes say about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The file's place in the store.
    pub file: ImageFile,
    /// Pixels, where the header says.
    pub size: Option<(u32, u32)>,
}

/// The kinds of pictures that are taken: what browsers show.
const KINDS: &[(&str, imagesize::ImageType)] = &[
    ("image/jpeg", imagesize::ImageType::Jpeg),
    ("image/png", imagesize::ImageType::Png),
    ("image/gif", imagesize::ImageType::Gif),
    ("image/webp", imagesize::ImageType::Webp),
];

impl Media {
    /// The store in the `media` folder of the data folder. The folder is made when the first file comes.
    pub fn new(data_dir: &Path) -> Self {
        Self { folder: data_dir.join("media") }
    }

    /// Where a file is, or would be.
    pub fn path(&self, file: &ImageFile) -> PathBuf {
        let prefix: String = file.sha256.chars().take(2).collect();
        self.folder.join(prefix).join(&file.sha256)
    }

    /// Reads what a picture is from its content; an error says what is accepted.
    pub fn examine(bytes: &[u8]) -> Result<Facts> {
        let size = imagesize::blob_size(bytes).ok();
        let media_type = media_type(bytes).ok_or_else(|| {
            Error::invalid("file", "is no picture that browsers show; accepted: JPEG, PNG, GIF, WebP, AVIF, SVG")
        })?;
        let pixels = |n: usize| u32::try_from(n).ok();
        let size = match media_type {
            "image/svg+xml" => svg_size(bytes),
            _ => size.and_then(|size| Some((pixels(size.width)?, pixels(size.height)?))),
        };
        let sha256 = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Facts { file: ImageFile { sha256, media_type: media_type.to_owned(), size: bytes.len() as u64 }, size })
    }

    /// Stores a picture; gives what it is. Storing the same bytes again changes nothing.
    pub fn store(&self, bytes: &[u8]) -> Result<Facts> {
        let facts = Self::examine(bytes)?;
        let path = self.path(&facts.file);
        if !path.is_file() {
            let folder = path.parent().unwrap_or(&self.folder);
            std::fs::create_dir_all(folder).map_err(Error::internal)?;
            // Written beside and renamed, so that a file of that name is always whole.
            let partial = folder.join(format!(".{}.{}", facts.file.sha256, std::process::id()));
            let mut file = std::fs::File::create(&partial).map_err(Error::internal)?;
            file.write_all(bytes).and_then(|()| file.sync_all()).map_err(Error::internal)?;
            std::fs::rename(&partial, &path).map_err(Error::internal)?;
        }
        Ok(facts)
    }
}

fn media_type(bytes: &[u8]) -> Option<&'static str> {
    if let Ok(found) = imagesize::image_type(bytes) {
        if let Some((name, _)) = KINDS.iter().find(|(_, kind)| *kind == found) {
            return Some(name);
        }
        if matches!(found, imagesize::ImageType::Heif(imagesize::Compression::Av1)) {
            return Some("image/avif");
        }
    }
    is_svg(bytes).then_some("image/svg+xml")
}

fn is_svg(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(bytes.get(..1024).unwrap_or(bytes));
    let head = head.trim_start_matches('\u{feff}').trim_start();
    head.starts_with("<svg") || (head.starts_with("<?xml") || head.starts_with("<!--")) && head.contains("<svg")
}

/// Width and height of an SVG from its attributes, else from its view box.
fn svg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let text = String::from_utf8_lossy(bytes.get(..4096).unwrap_or(bytes));
    let tag = text.split_once("<svg")?.1.split_once('>')?.0;
    let attribute = |name: &str| {
        let rest = tag.split_once(&format!(" {name}=\""))?.1;
        Some(rest.split_once('"')?.0.to_owned())
    };
    let number = |text: &str| text.trim_end_matches("px").trim().parse::<f64>().ok().filter(|n| *n >= 1.0 && *n < 1e6);
    let whole = |n: f64| n.round() as u32;
    if let (Some(width), Some(height)) =
        (attribute("width").as_deref().and_then(number), attribute("height").as_deref().and_then(number))
    {
        return Some((whole(width), whole(height)));
    }
    let view_box: Vec<f64> = attribute("viewBox")?.split([' ', ',']).filter_map(|part| part.parse().ok()).collect();
    if let [_, _, width, height] = view_box.as_slice() { Some((whole(*width), whole(*height))) } else { None }
}
