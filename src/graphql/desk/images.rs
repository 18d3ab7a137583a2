//! What is known of pictures.

use super::inputs::given;
use super::texts::{LocalizedTextInput, optional};
use super::variant::id;
use super::views::{DeskImage, shown};
use super::{begin, finish, payload};
use crate::domain::image::FocalPoint;
use crate::domain::partner::rights::Rights;
use crate::error::Error;
use crate::graphql::enums::DigitalSourceType;
use crate::graphql::scalars::DateTime;
use crate::service::ImagePatch;
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};

payload! {
    /// What changing a picture came to.
    ImagePayload {
        /// The picture as it stands now.
        image: DeskImage
    }
}

/// Where to look first when a picture is cut.
#[derive(InputObject)]
pub struct FocalPointInput {
    /// From the left, 0 to 1.
    x: f64,
    /// From the top, 0 to 1.
    y: f64,
}

/// What partners may do with a picture.
#[derive(InputObject)]
pub struct ImageRightsInput {
    /// When they end; null for never.
    expires_at: Option<DateTime>,
    /// The only territories that it may be shown in: two capital letters of ISO 3166-1 each; empty for all.
    #[graphql(default)]
    territories: Vec<String>,
    /// Whether partners may have it at all.
    #[graphql(default = true)]
    syndication: bool,
}

impl From<ImageRightsInput> for Rights {
    fn from(given: ImageRightsInput) -> Self {
        let ImageRightsInput { expires_at, territories, syndication } = given;
        Self { expires_at: expires_at.map(|at| at.0), territories, syndication }
    }
}

/// Changes to what is known of a picture: what is absent stays, null takes away.
#[derive(InputObject)]
pub struct UpdateImageInput {
    /// `img_…`
    image_id: ID,
    /// The version that you saw: another one is a CONFLICT.
    expected_version: Option<i32>,
    /// What readers who can't see it are told, in these languages; the others stay. Each at most 1,000 characters.
    alts: Option<Vec<LocalizedTextInput>>,
    /// What stands under it, in these languages; the others stay. Each at most 5,000 characters.
    captions: Option<Vec<LocalizedTextInput>>,
    /// Who made it, at most 200 characters.
    #[graphql(default)]
    credit: MaybeUndefined<String>,
    /// Under which terms it may be used, at most 200 characters.
    #[graphql(default)]
    licence: MaybeUndefined<String>,
    /// Where to look first when it is cut; null for the middle.
    #[graphql(default)]
    focal_point: MaybeUndefined<FocalPointInput>,
    /// How it came to be.
    #[graphql(default)]
    digital_source_type: MaybeUndefined<DigitalSourceType>,
    /// What partners may do with it; null for anything.
    #[graphql(default)]
    rights: MaybeUndefined<ImageRightsInput>,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

impl UpdateImageInput {
    fn patch(self) -> Result<ImagePatch, Error> {
        let point = |point: FocalPointInput| FocalPoint { x: point.x, y: point.y };
        let trimmed = |text: Option<String>| text.map(|text| text.trim().to_owned());
        Ok(ImagePatch {
            alts: optional("alts", self.alts)?,
            captions: optional("captions", self.captions)?,
            credit: given(self.credit).map(trimmed),
            licence: given(self.licence).map(trimmed),
            focal_point: given(self.focal_point).map(|given| given.map(point)),
            digital_source_type: given(self.digital_source_type).map(|given| given.map(Into::into)),
            rights: given(self.rights).map(|given| given.map(Into::into)),
        })
    }
}

/// Mutations of pictures.
#[derive(Default)]
pub struct ImageMutation;

/// Mutations of pictures.
#[Object]
impl ImageMutation {
    /// Changes what is known of a picture. Readers who see it see the change at once.
    async fn update_image(&self, ctx: &Context<'_>, input: UpdateImageInput) -> Result<ImagePayload> {
        let image = id("imageId", &input.image_id)?;
        let (mark, expected) = (input.client_mutation_id.clone(), input.expected_version);
        let mut work = begin(ctx).await?;
        let done = match input.patch() {
            Ok(patch) => work.update_image(image, patch, expected).await,
            Err(error) => Err(error),
        };
        Ok(ImagePayload::new(shown(ctx, finish(work, done).await?)?, mark))
    }
}
