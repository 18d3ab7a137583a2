//! What is known of pictures. The files come with imports.

use super::directory::EntityRow;
use super::entities::{NAME, TEXT, check_text, check_texts, settle};
use crate::domain::entity::{Entity, EntityKind};
use crate::domain::ids::ImageId;
use crate::domain::image::{DigitalSourceType, FocalPoint, Image};
use crate::domain::language::{Localized, laid_over};
use crate::domain::partner::rights::Rights;
use crate::domain::partner::rights::territory;
use crate::error::{Error, FieldError, Result};
use crate::service::Work;

/// Change what is known of a picture; what is `None` stays as it is, `Some(None)` takes away.
#[derive(Debug, Clone, Default)]
pub struct ImagePatch {
    /// Texts for who can't see it, by language.
    pub alts: Option<Localized>,
    /// Texts under it, by language.
    pub captions: Option<Localized>,
    /// Who made it.
    pub credit: Option<Option<String>>,
    /// Under which terms it may be used.
    pub licence: Option<Option<String>>,
    /// Where to look first when it is cut.
    pub focal_point: Option<Option<FocalPoint>>,
    /// How it came to be.
    pub digital_source_type: Option<Option<DigitalSourceType>>,
    /// What partners may do with it; `Some(None)`: anything.
    pub rights: Option<Option<Rights>>,
}

/// The longest text for who can't see a picture, in characters.
const ALT: usize = 1_000;

impl Work {
    /// Changes what is known of a picture. Readers who see it see the change at once.
    pub async fn update_image(&mut self, id: ImageId, patch: ImagePatch, expected: Option<i32>) -> Result<EntityRow> {
        let Entity::Image(before) = self.held_entity(EntityKind::Image, id.0, expected).await?.entity else {
            return Err(Error::internal("an entity of another kind"));
        };
        let image = Image {
            alts: laid_over(before.alts, patch.alts),
            captions: laid_over(before.captions, patch.captions),
            credit: patch.credit.unwrap_or(before.credit),
            licence: patch.licence.unwrap_or(before.licence),
            focal_point: patch.focal_point.unwrap_or(before.focal_point),
            digital_source_type: patch.digital_source_type.unwrap_or(before.digital_source_type),
            rights: patch.rights.map_or(before.rights, Option::unwrap_or_default),
            ..before
        };
        let mut errors = Vec::new();
        for (index, text) in image.rights.territories.iter().enumerate() {
            if territory(text).as_ref() != Some(text) {
                let message =
                    format!("`{text}` is no territory: expected two capital letters (ISO 3166-1), such as KR");
                errors.push(FieldError { path: format!("rights.territories[{index}]"), code: "INVALID", message });
            }
        }
        check_texts(&mut errors, "alts", &image.alts, ALT);
        check_texts(&mut errors, "captions", &image.captions, TEXT);
        for (path, text) in [("credit", &image.credit), ("licence", &image.licence)] {
            if let Some(text) = text {
                check_text(&mut errors, path.to_owned(), text, NAME);
            }
        }
        let within = |value: f64| (0.0..=1.0).contains(&value);
        if image.focal_point.is_some_and(|point| !within(point.x) || !within(point.y)) {
            let message = "both must be from 0 to 1".to_owned();
            errors.push(FieldError { path: "focalPoint".into(), code: "INVALID", message });
        }
        settle(errors)?;
        self.save_row(image).await
    }
}
