//! Original picture files on their way into the store: from a folder, or fetched.
//!
//! What a picture is called and who made it is the importers' business.

use super::Options;
use super::fetch::{Fetcher, MAX_BYTES};
use super::report::Files;
use crate::domain::entity::Image;
use crate::error::{Error, Result};
use crate::media::{Facts, Media};
use std::path::{Component, Path, PathBuf};

/// What became of a picture's file.
#[derive(Debug, Clone)]
pub(super) enum Obtained {
    /// It was in the folder.
    Read(Facts),
    /// It was fetched.
    Fetched(Facts),
    /// It could not be had.
    Missing(String),
    /// Nobody asked for files.
    Nothing,
}

impl Obtained {
    pub(super) fn facts(&self) -> Option<&Facts> {
        match self {
            Self::Read(facts) | Self::Fetched(facts) => Some(facts),
            Self::Missing(_) | Self::Nothing => None,
        }
    }

    /// Gives a picture its file and counts that; the message says why it has none.
    pub(super) fn give(&self, image: &mut Image, files: &mut Files) -> Option<String> {
        match self {
            Self::Read(_) => files.read += 1,
            Self::Fetched(_) => files.fetched += 1,
            Self::Missing(_) => files.missing += 1,
            Self::Nothing => {}
        }
        if let Some(facts) = self.facts() {
            image.file = Some(facts.file.clone());
            (image.width, image.height) = facts.size.unzip();
        }
        if let Self::Missing(why) = self { Some(why.clone()) } else { None }
    }
}

/// Where files come from and where they go.
#[derive(Debug, Clone)]
pub(super) struct Pictures {
    media: Media,
    folder: Option<PathBuf>,
    fetcher: Option<Fetcher>,
    dry_run: bool,
}

impl Pictures {
    /// Files of `folder`, and fetched ones where the options say so.
    pub(super) fn new(media: &Media, folder: Option<&Path>, options: &Options) -> Result<Self> {
        let folder = folder.map(|folder| {
            // The real place, so that links which lead out of it are seen.
            let real = folder.canonicalize().ok().filter(|real| real.is_dir());
            real.ok_or_else(|| Error::invalid("media", format!("there is no folder `{}`", folder.display())))
        });
        let fetcher = options.fetch_media.then(|| Fetcher::new(options.allow_private_addresses));
        Ok(Self {
            media: media.clone(),
            folder: folder.transpose()?,
            fetcher: fetcher.transpose().map_err(Error::internal)?,
            dry_run: options.dry_run,
        })
    }

    /// Whether files can come from anywhere at all.
    pub(super) fn available(&self) -> bool {
        self.folder.is_some() || self.fetcher.is_some()
    }

    /// A file of the folder, else what is at the address.
    pub(super) async fn obtain(&self, relative: Option<&str>, url: Option<&str>) -> Obtained {
        if let Some(relative) = relative {
            match self.read(Path::new(relative)).await {
                Ok(Some(facts)) => return Obtained::Read(facts),
                Ok(None) => {}
                Err(why) => return Obtained::Missing(why),
            }
        }
        match (&self.fetcher, url) {
            (Some(_), Some(url)) => match self.fetch(url).await {
                Ok(facts) => Obtained::Fetched(facts),
                Err(why) => Obtained::Missing(why),
            },
            _ if self.available() => Obtained::Missing("the folder has no such file".to_owned()),
            _ => Obtained::Nothing,
        }
    }

    /// Stores a file of the folder; nothing where there is no folder or no such file in it.
    pub(super) async fn read(&self, relative: &Path) -> Result<Option<Facts>, String> {
        let Some(folder) = &self.folder else { return Ok(None) };
        let is_inside = relative.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        let Ok(real) = folder.join(relative).canonicalize() else { return Ok(None) };
        if !is_inside || !real.starts_with(folder) {
            return Err("lies outside of the folder".to_owned());
        }
        let length = std::fs::metadata(&real).map_err(|error| error.to_string())?.len();
        if length > MAX_BYTES as u64 {
            return Err(format!("larger than {} MiB", MAX_BYTES / 1024 / 1024));
        }
        let bytes = tokio::fs::read(&real).await.map_err(|error| error.to_string())?;
        self.store(bytes).await.map(Some)
    }

    async fn fetch(&self, url: &str) -> Result<Facts, String> {
        let fetcher = self.fetcher.as_ref().ok_or("nothing is fetched")?;
        self.store(fetcher.fetch(url).await?).await
    }

    async fn store(&self, bytes: Vec<u8>) -> Result<Facts, String> {
        let (media, dry_run) = (self.media.clone(), self.dry_run);
        let stored = move || if dry_run { Media::examine(&bytes) } else { media.store(&bytes) };
        let stored = tokio::task::spawn_blocking(stored).await.map_err(|error| error.to_string())?;
        stored.map_err(|error| error.cause().unwrap_or_else(|| error.to_string()))
    }
}
