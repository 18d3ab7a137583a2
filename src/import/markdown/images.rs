//! Pictures of stories and authors: files beside the text, or addresses.

use super::front_matter::{Picture, Portrait};
use crate::domain::body::{Content, Figure};
use crate::domain::entity::Entity;
use crate::domain::ids::ImageId;
use crate::domain::image::{DigitalSourceType, FocalPoint, Image};
use crate::domain::language::{LanguageTag, Localized};
use crate::domain::partner::rights::Rights;
use crate::error::Result;
use crate::import::attempt::{Attempt, Run};
use crate::import::pictures::Obtained;
use percent_encoding::percent_decode_str;
use std::collections::HashMap;

/// Files by the names under which they are remembered.
pub(super) type Obtaineds = HashMap<String, Obtained>;

/// One name for a file, whatever folder names it: its path from the top, or its address.
pub(super) fn key(folder: &str, file: &str) -> String {
    if is_address(file) {
        return file.to_owned();
    }
    let decoded = percent_decode_str(file).decode_utf8_lossy().into_owned();
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in decoded.split('/') {
        match part {
            "" | "." => {}
            // Above the top there is nothing: such a path is looked for and not found.
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn is_address(file: &str) -> bool {
    file.starts_with("https://") || file.starts_with("http://")
}

/// Reads or fetches files, before a transaction is open.
pub(super) async fn obtain(run: &Run<'_>, keys: impl Iterator<Item = String>) -> Obtaineds {
    let mut files = Obtaineds::new();
    for key in keys {
        // Not `entry`: nothing may be borrowed while the network is waited for.
        if files.contains_key(&key) {
            continue;
        }
        let (relative, url) = if is_address(&key) { (None, Some(&*key)) } else { (Some(&*key), None) };
        let file = match run.pictures.obtain(relative, url).await {
            // An address is a place of its own: without permission to fetch it stays one.
            Obtained::Missing(_) if url.is_some() && !run.options.fetch_media => Obtained::Nothing,
            file => file,
        };
        files.insert(key, file);
    }
    files
}

/// What a file or a list says of a picture.
pub(super) struct Said<'a> {
    alts: Localized,
    captions: Localized,
    credit: Option<&'a String>,
    licence: Option<&'a String>,
    digital_source_type: Option<DigitalSourceType>,
    focal_point: Option<FocalPoint>,
}

impl<'a> Said<'a> {
    /// By a story's file in one language.
    pub(super) fn lead(picture: &'a Picture, language: &LanguageTag) -> Self {
        let in_language = |text: &Option<String>| text.iter().map(|text| (language.clone(), text.clone())).collect();
        Self {
            alts: in_language(&picture.alt),
            captions: in_language(&picture.caption),
            credit: picture.credit.as_ref(),
            licence: picture.licence.as_ref(),
            digital_source_type: picture.digital_source_type,
            focal_point: picture.focal_point,
        }
    }

    /// By the list of authors.
    pub(super) fn portrait(portrait: &'a Portrait) -> Self {
        Self {
            alts: portrait.alt.clone(),
            captions: portrait.caption.clone(),
            credit: portrait.credit.as_ref(),
            licence: portrait.licence.as_ref(),
            digital_source_type: portrait.digital_source_type,
            focal_point: portrait.focal_point,
        }
    }

    fn alt(alt: Option<&String>, language: &LanguageTag) -> Said<'static> {
        let alts = alt.map(|alt| (language.clone(), alt.clone())).into_iter().collect();
        let (captions, credit, licence) = (Localized::new(), None, None);
        Said { alts, captions, credit, licence, digital_source_type: None, focal_point: None }
    }

    /// What is not said stays as it is.
    fn apply(self, image: &mut Image, run: &Run<'_>) {
        image.alts.extend(self.alts);
        image.captions.extend(self.captions);
        if let Some(credit) = self.credit {
            image.digital_source_type = run.rules.source_type(credit).or(image.digital_source_type);
            image.credit = Some(credit.clone());
        }
        image.licence = self.licence.cloned().or(image.licence.take());
        image.digital_source_type = self.digital_source_type.or(image.digital_source_type);
        image.focal_point = self.focal_point.or(image.focal_point);
    }
}

impl Attempt<'_> {
    /// Adds a picture, or what changed of it.
    pub(super) async fn picture(&mut self, key: &str, said: Said<'_>, files: &Obtaineds) -> Result<ImageId> {
        let found = self.known("image", key).await?;
        let before = match found {
            Some(id) => self.work.find_entity(id).await?,
            None => None,
        };
        let mut image = match before {
            Some(Entity::Image(image)) => image,
            _ => new_image(key),
        };
        said.apply(&mut image, self.run);
        if let Some(why) = files.get(key).and_then(|file| file.give(&mut image, &mut self.tally.files)) {
            self.note(format!("picture `{key}`"), format!("no file: {why}"));
        }
        let id = image.id;
        self.save(image).await?;
        if found.is_none() {
            self.remember("image", key, id.0, "").await?;
        }
        Ok(id)
    }

    /// Says in another language what a picture shows.
    pub(super) async fn describe_picture(&mut self, id: ImageId, said: Said<'_>) -> Result<()> {
        let Some(Entity::Image(mut image)) = self.work.find_entity(id.0).await? else { return Ok(()) };
        let before = image.clone();
        said.apply(&mut image, self.run);
        if image != before {
            self.save(image).await?;
        }
        Ok(())
    }

    /// Puts pictures in the place of the files that a text names.
    pub(super) async fn show_pictures(
        &mut self,
        folder: &str,
        contents: &mut [Content],
        language: &LanguageTag,
        files: &Obtaineds,
    ) -> Result<()> {
        for content in contents {
            let Content::Figure(figure) = content else { continue };
            let Some(source) = figure.source.take() else { continue };
            let said = Said::alt(figure.alt.as_ref(), language);
            figure.image = Some(self.picture(&key(folder, &source), said, files).await?);
        }
        Ok(())
    }
}

/// The files that a text names.
pub(super) fn named<'a>(folder: &'a str, contents: &'a [Content]) -> impl Iterator<Item = String> + 'a {
    contents.iter().filter_map(move |content| match content {
        Content::Figure(Figure { source: Some(source), .. }) => Some(key(folder, source)),
        _ => None,
    })
}

fn new_image(key: &str) -> Image {
    Image {
        id: ImageId::new(),
        file: None,
        file_name: key.rsplit('/').next().map(str::to_owned),
        source_url: is_address(key).then(|| key.to_owned()),
        width: None,
        height: None,
        focal_point: None,
        alts: Localized::new(),
        captions: Localized::new(),
        credit: None,
        licence: None,
        digital_source_type: None,
        rights: Rights::default(),
    }
}
