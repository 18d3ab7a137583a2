//! Original picture files on their way into the store: from a folder, or fetched.
//!
//! What a picture is called and who made it is the importers' business.

use super::Options;
use super::fetch::{Fetcher, MAX_BYTES};
use crate::error::{Error, Result};
use crate::media::{Facts, Media};
use std::path::{Component, Path, PathBuf};

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

    /// Whether files can be fetched.
    pub(super) fn can_fetch(&self) -> bool {
        self.fetcher.is_some()
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

    /// Stores what is at an address; nothing where nothing may be fetched.
    pub(super) async fn fetch(&self, url: &str) -> Result<Option<Facts>, String> {
        let Some(fetcher) = &self.fetcher else { return Ok(None) };
        let bytes = fetcher.fetch(url).await?;
        self.store(bytes).await.map(Some)
    }

    async fn store(&self, bytes: Vec<u8>) -> Result<Facts, String> {
        let (media, dry_run) = (self.media.clone(), self.dry_run);
        let stored = move || if dry_run { Media::examine(&bytes) } else { media.store(&bytes) };
        let stored = tokio::task::spawn_blocking(stored).await.map_err(|error| error.to_string())?;
        stored.map_err(|error| error.cause().unwrap_or_else(|| error.to_string()))
    }
}
