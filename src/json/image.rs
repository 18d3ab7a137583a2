//! A picture as JSON.

use super::Setting;
use crate::domain::entity::Entity;
use crate::domain::ids::ImageId;
use crate::domain::image::{self, DigitalSourceType};
use serde::Serialize;
use utoipa::ToSchema;

/// A picture.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Image {
    /// `img_` and 26 characters.
    #[schema(value_type = String)]
    pub id: ImageId,
    /// The original file; where only its facts were imported, the address that it had.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// The original's media type, read from its content.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// The original's size in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub byte_size: Option<u64>,
    /// The name that the file came with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    /// What a reader who can't see it is told. Plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alt: Option<String>,
    /// What stands under it. Plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// Who made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit: Option<String>,
    /// Under which terms it may be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// Where to look first when it is cut; the middle where it is not here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub focal_point: Option<FocalPoint>,
    /// How it came to be, in the words of IPTC's vocabulary.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub digital_source_type: Option<DigitalSourceType>,
    /// Whether a trained model made it or a part of it: show readers a label.
    pub is_ai_generated: bool,
}

/// Where to look first when a picture is cut.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FocalPoint {
    /// From the left, 0 to 1.
    pub x: f64,
    /// From the top, 0 to 1.
    pub y: f64,
}

impl Image {
    /// A picture that is visible.
    pub fn new(image: &image::Image, setting: &Setting<'_>) -> Self {
        let file = image.file.as_ref();
        Self {
            id: image.id,
            url: setting.addresses.image(image),
            width: image.width,
            height: image.height,
            media_type: file.map(|file| file.media_type.clone()),
            byte_size: file.map(|file| file.size),
            file_name: image.file_name.clone(),
            alt: setting.text(&image.alts),
            caption: setting.text(&image.captions),
            credit: image.credit.clone(),
            licence: image.licence.clone(),
            focal_point: image.focal_point.map(|point| FocalPoint { x: point.x, y: point.y }),
            digital_source_type: image.digital_source_type,
            is_ai_generated: image.digital_source_type.is_some_and(DigitalSourceType::is_ai_generated),
        }
    }

    /// The picture of that id, if it is visible.
    pub fn find(id: ImageId, setting: &Setting<'_>) -> Option<Self> {
        match setting.entity(id.0)? {
            Entity::Image(image) => Some(Self::new(image, setting)),
            _ => None,
        }
    }
}
