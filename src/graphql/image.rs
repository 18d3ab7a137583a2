//! `Image`: a picture's facts, texts and addresses.

use super::context::reading;
use super::enums::DigitalSourceType;
use super::scalars::{Language, Url};
use super::seen::{Seen, loaded};
use crate::domain::effect::Parts;
use crate::domain::entity::Entity;
use crate::domain::{entity, ids, image};
use crate::error::Error;
use crate::service::Notes;
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use std::sync::Arc;

/// A picture.
pub struct Image(Seen);
loaded! {
    Image(entity::Image, ids::ImageId, Image);
}

/// Where to look first when a picture is cut.
#[derive(SimpleObject)]
pub struct FocalPoint {
    /// From the left, 0 to 1.
    pub x: f64,
    /// From the top, 0 to 1.
    pub y: f64,
}

/// A picture.
#[Object]
impl Image {
    /// `img_` and 26 characters.
    pub async fn id(&self) -> Result<ID> {
        Ok(self.plain()?.id.to_string().into())
    }

    /// The original file; where only its facts were imported, the address that it had. Null if neither is known.
    async fn url(&self, ctx: &Context<'_>) -> Result<Option<Url>> {
        Ok(reading(ctx)?.addresses.image(self.read(Parts::DETAILS)?).map(Url))
    }

    /// Pixels; null if not known.
    async fn width(&self) -> Result<Option<u32>> {
        Ok(self.read(Parts::DETAILS)?.width)
    }

    /// Pixels; null if not known.
    async fn height(&self) -> Result<Option<u32>> {
        Ok(self.read(Parts::DETAILS)?.height)
    }

    /// The original's media type, read from its content; null if we do not have the file.
    async fn media_type(&self) -> Result<Option<&str>> {
        Ok(self.read(Parts::DETAILS)?.file.as_ref().map(|file| file.media_type.as_str()))
    }

    /// The original's size in bytes; null if we do not have the file.
    async fn byte_size(&self) -> Result<Option<f64>> {
        Ok(self.read(Parts::DETAILS)?.file.as_ref().map(|file| file.size as f64))
    }

    /// The name that the file came with.
    async fn file_name(&self) -> Result<Option<&str>> {
        Ok(self.read(Parts::DETAILS)?.file_name.as_deref())
    }

    /// What a reader who can't see it is told; null if nobody wrote it.
    async fn alt(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language to read in.")] language: Language,
    ) -> Result<Option<String>> {
        Ok(self.0.text(reading(ctx)?, Parts::TITLE, &self.plain()?.alts, &language)?)
    }

    /// What stands under it. Plain text.
    async fn caption(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language to read in.")] language: Language,
    ) -> Result<Option<String>> {
        Ok(self.0.text(reading(ctx)?, Parts::DEKS, &self.plain()?.captions, &language)?)
    }

    /// Who made it.
    async fn credit(&self) -> Result<Option<&str>> {
        Ok(self.read(Parts::DETAILS)?.credit.as_deref())
    }

    /// Under which terms it may be used.
    async fn licence(&self) -> Result<Option<&str>> {
        Ok(self.read(Parts::DETAILS)?.licence.as_deref())
    }

    /// Where to look first when it is cut; null for the middle.
    async fn focal_point(&self) -> Result<Option<FocalPoint>> {
        Ok(self.read(Parts::DETAILS)?.focal_point.map(|point| FocalPoint { x: point.x, y: point.y }))
    }

    /// How it came to be; null if nobody said.
    async fn digital_source_type(&self) -> Result<Option<DigitalSourceType>> {
        Ok(self.read(Parts::DETAILS)?.digital_source_type.map(Into::into))
    }

    /// Whether a trained model made it or a part of it: show readers a label.
    async fn is_ai_generated(&self) -> Result<bool> {
        Ok(self.read(Parts::DETAILS)?.digital_source_type.is_some_and(image::DigitalSourceType::is_ai_generated))
    }
}
