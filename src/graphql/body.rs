//! `Body`: a story as HTML, text, Markdown, or typed blocks that a phone renders natively.

use super::blocks::Block;
use super::context::reading;
use super::scalars::Html;
use crate::domain::body::render::FigureView;
use crate::domain::body::{self, render};
use crate::domain::entity::Entity;
use crate::domain::published::{PublishedVariant, body_images};
use async_graphql::{Context, Object, Result};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// The story of a variant.
pub struct Body {
    pub(super) variant: Arc<PublishedVariant>,
    pub(super) body: Arc<body::Body>,
}

impl Body {
    /// How each picture is shown in HTML and Markdown, in the variant's language.
    async fn figures(&self, ctx: &Context<'_>) -> Result<HashMap<Uuid, FigureView>> {
        let ids: Vec<Uuid> = body_images(&self.body).into_iter().map(|id| id.0).collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let reading = reading(ctx)?;
        let images = reading.entities(&ids).await?;
        reading.saw_entities(&images);
        Ok(images
            .iter()
            .filter_map(|entity| {
                let Entity::Image(image) = entity.as_ref() else { return None };
                let language = &self.variant.language;
                let view = FigureView::of_image(image, language, &reading.languages, &reading.addresses);
                Some((image.id.0, view))
            })
            .collect())
    }
}

fn view(figure: &body::Figure, views: &HashMap<Uuid, FigureView>) -> FigureView {
    let found = figure.image.and_then(|id| views.get(&id.0)).cloned();
    found.unwrap_or_else(|| FigureView::of_source(figure)).within(figure)
}

/// The story of a variant.
#[Object]
impl Body {
    /// As HTML: sanitised when it came in, safe to put into a page as it is. Block elements carry their `anchor` as id.
    async fn html(&self, ctx: &Context<'_>) -> Result<Html> {
        let views = self.figures(ctx).await?;
        Ok(Html(render::html(&self.body, &|figure| view(figure, &views))))
    }

    /// As plain text, paragraphs parted by blank lines.
    async fn text(&self) -> String {
        render::text(&self.body)
    }

    /// As Markdown (CommonMark with GitHub's tables).
    async fn markdown(&self, ctx: &Context<'_>) -> Result<String> {
        let views = self.figures(ctx).await?;
        Ok(render::markdown(&self.body, &|figure| view(figure, &views)))
    }

    /// As typed blocks, in reading order.
    #[graphql(complexity = "1 + 10 * child_complexity")]
    async fn blocks(&self) -> Vec<Block> {
        self.body.blocks.iter().map(|block| Block::new(&self.variant, block)).collect()
    }
}
