//! The media library: an attachment that is a picture becomes an image with its facts, and with its file where that can
//! be had.

use super::addresses::{file_name, upload};
use super::classic::AttachmentRef;
use super::classic::markup::plain_text;
use super::item::WpItem;
use super::languages;
use super::plan::Site;
use crate::domain::entity::{Entity, Image};
use crate::domain::ids::ImageId;
use crate::domain::language::{LanguageTag, Localized};
use crate::domain::partner::rights::Rights;
use crate::error::{Error, Result};
use crate::import::attempt::{Attempt, Run, State, entry, fingerprint};
use crate::import::pictures::Obtained;
use crate::import::report::Outcome;
use futures_util::future::join_all;
use std::collections::HashMap;

/// What a browser shows, or what an editor would take for a picture.
const PICTURES: [&str; 13] =
    ["jpg", "jpeg", "jpe", "png", "gif", "webp", "avif", "svg", "bmp", "tif", "tiff", "heic", "ico"];

/// A picture that nothing is known of yet.
pub(super) fn unknown_image(source_url: Option<String>) -> Image {
    Image {
        id: ImageId::new(),
        file: None,
        file_name: source_url.as_deref().and_then(file_name),
        source_url,
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

/// Whether the attachment is a picture, by its name.
fn is_picture(item: &WpItem) -> bool {
    let name = item.attachment_url.as_deref().or_else(|| item.attached_file()).unwrap_or_default();
    let name = name.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    name.rsplit_once('.').is_some_and(|(_, extension)| PICTURES.contains(&extension))
}

/// Saves some attachments. Their files are fetched side by side and while no transaction is open.
pub(super) async fn import(run: &Run<'_>, state: &mut State, site: &Site, batch: Vec<WpItem>) -> Result<()> {
    let mut changed = Vec::new();
    for item in batch {
        if !is_picture(&item) {
            state.report.leave_out("attachment that is no picture", 1);
            continue;
        }
        let (before, print) = (Attempt::begin(run, state).await?, print(run, site, &item));
        let found = before.find("attachment", &id_of(&item)).await?;
        let mut has_file = !run.pictures.available();
        if let (false, Some((id, _))) = (has_file, &found) {
            let image = before.work.find_entity(*id).await?;
            has_file = matches!(image, Some(Entity::Image(Image { file: Some(_), .. })));
        }
        drop(before);
        if has_file && found.is_some_and(|(_, before)| before == print) {
            state.report.images.count(Outcome::Unchanged);
        } else {
            changed.push((item, print, has_file));
        }
    }
    let files =
        join_all(changed.iter().map(|(item, _, has_file)| async move {
            if *has_file { Obtained::Nothing } else { obtain(run, item).await }
        }));
    let files = files.await;
    for ((item, print, _), file) in changed.into_iter().zip(files) {
        let named = entry("image", id_of(&item), item.title_text(), Outcome::Unchanged);
        match save(run, state, site, (&item, &print, &file)).await {
            Err(error @ Error::Unavailable(_)) => return Err(error),
            Err(error) => state.refuse(run, named, &error),
            Ok(()) => {}
        }
    }
    Ok(())
}

fn id_of(item: &WpItem) -> String {
    item.id.map(|id| id.to_string()).or_else(|| item.guid.clone()).unwrap_or_default()
}

async fn obtain(run: &Run<'_>, item: &WpItem) -> Obtained {
    let relative = item.attached_file().map(str::to_owned);
    let relative = relative.or_else(|| item.attachment_url.as_deref().and_then(upload));
    run.pictures.obtain(relative.as_deref(), item.attachment_url.as_deref()).await
}

fn print(run: &Run<'_>, site: &Site, item: &WpItem) -> String {
    let url = item.attachment_url.as_deref().unwrap_or_default();
    let meta: Vec<&str> = ["_wp_attached_file", "_wp_attachment_image_alt", "_wp_attachment_metadata"]
        .iter()
        .map(|key| item.meta(key).unwrap_or_default())
        .collect();
    let language = languages::facts(item).language.unwrap_or_else(|| site.language.to_string());
    let rules = format!("{:?} {:?}", run.rules.credits, run.rules.source_types);
    fingerprint([url, &item.excerpt, &language, &rules, &meta.join("\n")])
}

async fn save(run: &Run<'_>, state: &mut State, site: &Site, new: (&WpItem, &str, &Obtained)) -> Result<()> {
    let (item, print, file) = new;
    let mut attempt = Attempt::begin(run, state).await?;
    let id = id_of(item);
    let mut named = entry("image", &*id, item.title_text(), Outcome::Created);
    let before = match attempt.find("attachment", &id).await? {
        Some((found, _)) => attempt.work.find_entity(found).await?,
        None => None,
    };
    let url = item.attachment_url.as_deref().and_then(|url| site.hosts.full(url)).map(String::from);
    let mut image = match before {
        Some(Entity::Image(image)) => image,
        _ => unknown_image(url.clone()),
    };
    image.source_url = url.or(image.source_url);
    if let Some(name) = item.attached_file().and_then(file_name) {
        image.file_name = Some(name);
    }
    describe(&mut image, item, site, run);
    if let Some(why) = file.give(&mut image, &mut attempt.tally.files) {
        attempt.note(image.source_url.clone().unwrap_or_else(|| id.clone()), format!("no file: {why}"));
    }
    let image_id = image.id;
    named.outcome = attempt.save(image).await?;
    attempt.remember("attachment", &id, image_id.0, print).await?;
    if let Some(key) = item.attachment_url.as_deref().and_then(|url| site.hosts.key(url)) {
        attempt.remember("url", &key, image_id.0, "").await?;
    }
    attempt.commit(named).await
}

/// What the attachment says. Where it says nothing, what the image has stays.
fn describe(image: &mut Image, item: &WpItem, site: &Site, run: &Run<'_>) {
    let own = site.language(&languages::facts(item), run.languages()).ok().flatten();
    let language = own.unwrap_or_else(|| site.language.clone());
    let facts = item.image_facts();
    if image.file.is_none() {
        image.width = facts.width.or(image.width);
        image.height = facts.height.or(image.height);
    }
    if let Some(alt) = item.alt() {
        image.alts.insert(language.clone(), plain_text(alt));
    }
    let caption = Some(plain_text(&item.excerpt)).filter(|caption| !caption.is_empty());
    let mut credit = facts.credit;
    if let Some(caption) = caption {
        match run.rules.credit(&caption) {
            Some(found) => credit = Some(found),
            None => drop(image.captions.insert(language, caption)),
        }
    }
    set_credit(image, credit, run);
}

/// Says whose picture it is, and what that says about how it came to be.
pub(super) fn set_credit(image: &mut Image, credit: Option<String>, run: &Run<'_>) {
    let Some(credit) = credit else { return };
    image.digital_source_type = run.rules.source_type(&credit).or(image.digital_source_type);
    image.credit = Some(credit);
}

impl Attempt<'_> {
    /// What the library has of the attachments that content asks for.
    pub(super) async fn library(&mut self, ids: &[u64], language: &LanguageTag) -> Result<HashMap<u64, AttachmentRef>> {
        let mut found = HashMap::new();
        for id in ids.iter().take(500) {
            let Some(image) = self.known("attachment", &id.to_string()).await? else { continue };
            let Some(Entity::Image(image)) = self.work.find_entity(image).await? else { continue };
            let best = |texts| self.run.languages().best(texts, language).map(|(_, text)| text.to_owned());
            let (alt, caption) = (best(&image.alts), best(&image.captions));
            let caption = caption.map(|caption| super::wxr::entities::escape(&caption));
            found.insert(*id, AttachmentRef { url: image.source_url.unwrap_or_default(), alt, caption });
        }
        Ok(found)
    }
}
