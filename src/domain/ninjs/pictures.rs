//! Pictures of an item: those that the receiver may have, and those of which it only learns that it may not.

use super::Item;
use super::object::{Object, alternative, moment, text};
use crate::domain::body::render::FigureView;
use crate::domain::body::{Body, Figure};
use crate::domain::ids::ImageId;
use crate::domain::image::{DigitalSourceType, Image};
use crate::domain::partner::rights::Refusal;
use crate::domain::published::body_images;
use serde_json::{Value, json};

/// Why a receiver does not get a picture that nobody vouches for any more.
const UNKNOWN: Refusal = Refusal::NoSyndication;

impl Item<'_> {
    /// The text without the pictures that the receiver may not have. A picture that never came into the library is one
    /// that nobody vouches for.
    pub(super) fn shown(&self, body: &Body) -> Body {
        let may_have = |id: ImageId| self.refusal(id).is_none();
        body.with_figures(|figure| figure.image.is_some_and(may_have))
    }

    /// How a figure that is shown looks.
    pub(super) fn view(&self, figure: &Figure) -> FigureView {
        let (language, setting) = (&self.variant.language, &self.setting);
        let own = figure.image.and_then(|id| setting.image(id)).map_or_else(FigureView::default, |image| {
            FigureView::of_image(image, language, setting.names, setting.addresses)
        });
        own.within(figure)
    }

    /// Every picture of the story as an association, the leading one first.
    pub(super) fn pictures(&self) -> Vec<Value> {
        let leading = self.variant.lead_image();
        let inside = self.body.map(body_images).unwrap_or_default();
        let inside = inside.into_iter().filter(|id| Some(*id) != leading).map(|id| ("picture", id));
        let all = leading.map(|id| ("leadPicture", id)).into_iter().chain(inside);
        all.map(|(rel, id)| match (self.refusal(id), self.setting.image(id)) {
            (None, Some(image)) => self.picture(rel, image),
            (refusal, _) => self.withheld_picture(rel, id, refusal.unwrap_or(UNKNOWN)),
        })
        .collect()
    }

    /// The pictures that the receiver does not get, as an editor reads it.
    pub(super) fn refusals(&self) -> Vec<String> {
        let images = self.variant.lead_image().into_iter().chain(self.body.map(body_images).unwrap_or_default());
        let mut notes = Vec::new();
        for id in images {
            let note = self.refusal(id).map(|reason| format!("Without picture {id}: {reason}."));
            notes.extend(note.filter(|note| !notes.contains(note)));
        }
        notes
    }

    fn refusal(&self, id: ImageId) -> Option<Refusal> {
        let refused = self.withheld.iter().find(|(refused, _)| *refused == id).map(|(_, reason)| *reason);
        refused.or_else(|| self.setting.image(id).is_none().then_some(UNKNOWN))
    }

    /// The name of a picture; nothing is found there.
    fn picture_uri(&self, id: ImageId) -> String {
        format!("{}/images/{id}", self.setting.addresses.service)
    }

    fn withheld_picture(&self, rel: &str, id: ImageId, reason: Refusal) -> Value {
        Object::default()
            .with("uri", json!(self.picture_uri(id)))
            .with("name", json!(id))
            .with("rel", json!(rel))
            .with("type", json!("picture"))
            .with("pubStatus", json!("withheld"))
            .with("edNote", json!(reason))
            .with("by", json!(self.setting.image(id).and_then(|image| image.credit.as_ref())))
            .with("altIds", json!([alternative("image", &id)]))
            .into()
    }

    fn picture(&self, rel: &str, image: &Image) -> Value {
        let (language, setting) = (&self.variant.language, &self.setting);
        let caption = setting.best(&image.captions, language);
        let alt = setting.best(&image.alts, language);
        let named = alt.clone().or_else(|| caption.clone()).or_else(|| image.file_name.clone());
        let describe = |role, words: Option<String>| words.map(|words| text(role, "text/plain", &words));
        let descriptions: Vec<Value> =
            describe("caption", caption).into_iter().chain(describe("altText", alt)).collect();
        let terms = image.licence_url().map(str::to_owned).or_else(|| setting.addresses.licensing.clone());
        Object::default()
            .with("uri", json!(self.picture_uri(image.id)))
            .with("name", json!(named.unwrap_or_else(|| image.id.to_string())))
            .with("rel", json!(rel))
            .with("type", json!("picture"))
            .with("pubStatus", json!("usable"))
            .with("language", json!(language))
            .with("by", json!(image.credit))
            .with("usageTerms", json!(usage(image)))
            .with("expires", image.rights.expires_at.map_or(Value::Null, moment))
            .with("rightsInfo", json!(terms.map(|terms| json!({"linkedRights": terms}))))
            .with("descriptions", descriptions.into())
            .with("digitalSourceType", json!(image.digital_source_type.map(source)))
            .with("altIds", json!([alternative("image", &image.id)]))
            .with("renditions", rendition(image, setting.addresses.image(image)))
            .into()
    }
}

/// The licence, and where the picture may be shown.
fn usage(image: &Image) -> String {
    let territories = &image.rights.territories;
    let places = (!territories.is_empty()).then(|| format!("Only in: {}.", territories.join(", ")));
    image.licence.iter().cloned().chain(places).collect::<Vec<_>>().join(" ")
}

fn source(source: DigitalSourceType) -> Value {
    json!({"name": source, "uri": source.uri()})
}

/// The original file. An address that is none is left out: the standard wants a full one.
fn rendition(image: &Image, href: Option<String>) -> Value {
    let Some(href) = href.filter(|href| url::Url::parse(href).is_ok()) else { return Value::Null };
    let file = image.file.as_ref();
    let original = Object::default()
        .with("name", json!("original"))
        .with("href", json!(href))
        .with("contentType", json!(file.map(|file| &file.media_type)))
        .with("width", json!(image.width))
        .with("height", json!(image.height))
        .with("sizeInBytes", json!(file.map(|file| file.size)))
        .with("poi", point(image));
    json!([Value::from(original)])
}

/// Where to look first, in pixels from the top left.
fn point(image: &Image) -> Value {
    #[allow(clippy::cast_possible_truncation, reason = "a part of a length in pixels")]
    let pixels = |part: f64, length: u32| (part.clamp(0.0, 1.0) * f64::from(length)).round() as i64;
    match (image.focal_point, image.width, image.height) {
        (Some(point), Some(width), Some(height)) => json!({"x": pixels(point.x, width), "y": pixels(point.y, height)}),
        _ => Value::Null,
    }
}
