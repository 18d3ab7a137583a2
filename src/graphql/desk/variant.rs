//! A story in one language as the desk has it, and its history.

use super::compare::Lag;
use super::context::Sight;
use super::pages;
use crate::domain::body::render::{self, FigureView};
use crate::domain::body::{Block, Body, Figure};
use crate::domain::correction::outstanding;
use crate::domain::ids::RevisionId;
use crate::domain::translation::lagging;
use crate::error::Error;
use crate::graphql::connection::{Paging, bad_cursor, page_cost};
use crate::graphql::enums::{State, TranslationOrigin};
use crate::graphql::scalars::{DateTime, Html, Language};
use crate::graphql::variant::Correction;
use crate::service::{ArticleRow, RevisionRow, VariantRow};
use async_graphql::{ID, Object, Result, SimpleObject};
use std::sync::Arc;

/// A story in one language as the desk has it.
pub struct DeskVariant {
    pub(super) sight: Arc<Sight>,
    pub(super) story: Arc<ArticleRow>,
    pub(super) row: VariantRow,
    /// All languages of the story that are to be seen.
    pub(super) siblings: Arc<[VariantRow]>,
}

impl DeskVariant {
    /// What readers of the source see, else its newest revision: what a translation is compared with.
    fn source(&self) -> Option<RevisionId> {
        let language = self.row.variant.source_language.as_ref()?;
        let source = &self.siblings.iter().find(|row| row.variant.language == *language)?.variant;
        Some(source.live.unwrap_or(source.head))
    }
}

/// A story in one language as the desk has it.
#[Object]
impl DeskVariant {
    /// `var_` and 26 characters; the same as on the delivery side.
    async fn id(&self) -> ID {
        self.row.variant.id.to_string().into()
    }

    /// The story that it belongs to.
    async fn article_id(&self) -> ID {
        self.row.variant.article.to_string().into()
    }

    /// Its language.
    async fn language(&self) -> Language {
        Language(self.row.variant.language.clone())
    }

    /// Whether the story was first written in this language.
    async fn is_original(&self) -> bool {
        self.row.variant.language == self.story.article.original
    }

    /// Where it stands.
    async fn state(&self) -> State {
        self.row.variant.state.into()
    }

    /// Grows by one with each change: the `expectedVersion` of the next one.
    async fn version(&self) -> i32 {
        self.row.variant.version
    }

    /// Whether readers see something else than the newest revision says.
    async fn has_unpublished_changes(&self) -> bool {
        self.row.variant.live.is_some_and(|live| live != self.row.variant.head)
    }

    /// The newest revision.
    async fn head(&self) -> Result<Revision> {
        Ok(Revision(self.sight.revision(self.row.variant.head).await?))
    }

    /// The revision that readers see; null where they see none.
    async fn live(&self) -> Option<Result<Revision>> {
        let id = self.row.variant.live?;
        Some(self.sight.revision(id).await.map(Revision))
    }

    /// Its history, the newest revision first.
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn revisions(
        &self,
        #[graphql(desc = "How many, 0 to 100; 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
    ) -> Result<RevisionConnection> {
        let paging = Paging { first, after, ..Paging::default() };
        let amount = paging.amount()?;
        let before = paging.after.as_deref().map(|cursor| {
            cursor.strip_prefix('r').and_then(|number| number.parse().ok()).ok_or_else(|| bad_cursor("after", cursor))
        });
        let before = before.transpose()?;
        let rows = self.sight.desk().history(self.row.variant.id, before, amount.limit + 1).await?;
        let (rows, page_info) = paging.finish(amount, rows, |row| format!("r{}", row.number));
        let items = rows.into_iter().map(|row| (format!("r{}", row.number), Revision(Arc::new(row)))).collect();
        Ok(RevisionConnection::new(items, page_info.into()))
    }

    /// When it was first published.
    async fn published_at(&self) -> Option<DateTime> {
        self.row.variant.published_at.map(DateTime)
    }

    /// When what readers see of it last changed.
    async fn modified_at(&self) -> Option<DateTime> {
        self.row.variant.modified_at.map(DateTime)
    }

    /// When it is published by itself.
    async fn scheduled_at(&self) -> Option<DateTime> {
        self.row.variant.scheduled_at.map(DateTime)
    }

    /// When it is withdrawn by itself.
    async fn withdraw_at(&self) -> Option<DateTime> {
        self.row.variant.withdraw_at.map(DateTime)
    }

    /// Readers do not see it before.
    async fn embargo_until(&self) -> Option<DateTime> {
        self.row.variant.embargo_until.map(DateTime)
    }

    /// What the editor wrote who gave it back, or why it was withdrawn.
    async fn note(&self) -> Option<&str> {
        self.row.variant.note.as_deref()
    }

    /// Public notes, oldest first.
    async fn corrections(&self) -> Result<Vec<Correction>> {
        Ok(self.sight.corrections(self.row.variant.id).await?.iter().map(Correction::from).collect())
    }

    /// Where a translation lags behind what its source says now; empty for an original, and where nothing changed.
    #[graphql(complexity = "10 + 5 * child_complexity")]
    async fn lag(&self) -> Result<Vec<Lag>> {
        let head = self.sight.revision(self.row.variant.head).await?;
        let then = head.revision.content.translation.as_ref().and_then(|translation| translation.source_revision);
        let (Some(then), Some(now)) = (then, self.source()) else { return Ok(Vec::new()) };
        let (then, now) = futures_util::try_join!(self.sight.revision(then), self.sight.revision(now))?;
        let lags = lagging(&then.revision.content, &now.revision.content, &head.revision.content);
        Ok(lags.into_iter().map(Into::into).collect())
    }

    /// Corrections of other languages that this one neither carries nor was excused from, oldest first.
    #[graphql(complexity = "10 + 5 * child_complexity")]
    async fn outstanding_corrections(&self) -> Result<Vec<Correction>> {
        let own = self.row.variant.id;
        let others = self.siblings.iter().map(|row| row.variant.id).filter(|id| *id != own);
        let others = futures_util::future::try_join_all(others.map(|id| self.sight.corrections(id)));
        let (others, here, dismissed) =
            futures_util::try_join!(others, self.sight.corrections(own), self.sight.dismissed(own))?;
        let others: Vec<_> = others.into_iter().flatten().collect();
        Ok(outstanding(&others, &here, &dismissed).into_iter().map(Correction::from).collect())
    }

    /// When it was changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.row.updated_at)
    }

    /// The name of who changed it last.
    async fn updated_by(&self) -> Option<&str> {
        self.row.variant.updated_by.as_deref()
    }

    /// Who says to be working on it now. A courtesy: the version is the safety.
    async fn held_by(&self) -> Option<&str> {
        let now = time::OffsetDateTime::now_utc();
        self.row.held.as_ref().filter(|holder| holder.until > now).map(|holder| holder.name.as_str())
    }
}

pages!("A page of a history, the newest revision first.", RevisionConnection, RevisionEdge, Revision);

/// An immutable snapshot of a variant, and of what its story was then.
pub struct Revision(pub(super) Arc<RevisionRow>);

/// Where a text came from.
#[derive(SimpleObject)]
pub struct DeskTranslation {
    /// Who or what made it.
    origin: TranslationOrigin,
    /// The language that it was made from.
    source_language: Language,
    /// The revision of the source that it follows.
    source_revision_id: Option<ID>,
    /// Who read it against the source.
    reviewed_by: Option<String>,
}

/// One block of a draft.
#[derive(SimpleObject)]
pub struct DeskBlock {
    /// Survives edits: send it back with the block.
    id: String,
    /// Changes exactly when the content does.
    hash: String,
    /// The block as HTML.
    html: Html,
}

/// An immutable snapshot of a variant, and of what its story was then.
#[Object]
impl Revision {
    /// `rev_` and 26 characters.
    async fn id(&self) -> ID {
        self.0.revision.id.to_string().into()
    }

    /// The version that the variant had with it.
    async fn version(&self) -> i32 {
        self.0.number
    }

    /// When it was saved.
    async fn saved_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// The name of who saved it.
    async fn saved_by(&self) -> &str {
        &self.0.actor_name
    }

    /// The id of who saved it: `usr_…`, `key_…`, or a part of the service.
    async fn saved_by_id(&self) -> &str {
        &self.0.actor
    }

    /// Whether it was saved by itself while somebody typed.
    async fn autosaved(&self) -> bool {
        self.0.revision.autosaved
    }

    /// The headline.
    async fn title(&self) -> &str {
        &self.0.revision.content.title
    }

    /// The lines under the headline.
    async fn deks(&self) -> &[String] {
        &self.0.revision.content.deks
    }

    /// The part of the address that names the story.
    async fn slug(&self) -> &str {
        &self.0.revision.content.slug
    }

    /// A few sentences for lists.
    async fn summary(&self) -> Option<&str> {
        self.0.revision.content.summary.as_deref()
    }

    /// What search engines are told instead of the headline.
    async fn seo_title(&self) -> Option<&str> {
        self.0.revision.content.seo.title.as_deref()
    }

    /// What search engines are told instead of the summary.
    async fn seo_description(&self) -> Option<&str> {
        self.0.revision.content.seo.description.as_deref()
    }

    /// Where the text came from; null for an original.
    async fn translation(&self) -> Option<DeskTranslation> {
        let translation = self.0.revision.content.translation.as_ref()?;
        Some(DeskTranslation {
            origin: translation.origin.into(),
            source_language: Language(translation.source_language.clone()),
            source_revision_id: translation.source_revision.map(|id| id.to_string().into()),
            reviewed_by: translation.reviewed_by.clone(),
        })
    }

    /// The story as HTML. Pictures of the library have their id as address.
    async fn html(&self) -> Html {
        Html(render::html(&self.0.revision.content.body, &by_id))
    }

    /// The story as Markdown. Pictures of the library have their id as address.
    async fn markdown(&self) -> String {
        render::markdown(&self.0.revision.content.body, &by_id)
    }

    /// The story block by block.
    #[graphql(complexity = "1 + 10 * child_complexity")]
    async fn blocks(&self) -> Vec<DeskBlock> {
        let block =
            |block: &Block| DeskBlock { id: block.id.clone(), hash: block.hash.clone(), html: block_html(block) };
        self.0.revision.content.body.blocks.iter().map(block).collect()
    }
}

/// A block as HTML.
pub(super) fn block_html(block: &Block) -> Html {
    Html(render::html(&Body { blocks: vec![block.clone()] }, &by_id))
}

/// A picture as the desk writes it: by its id, so that it comes back as the same picture.
fn by_id(figure: &Figure) -> FigureView {
    let src = figure.image.map(|id| id.to_string()).or_else(|| figure.source.clone()).unwrap_or_default();
    FigureView {
        src,
        alt: figure.alt.clone().unwrap_or_default(),
        credit: figure.credit.clone(),
        caption: figure.caption.clone(),
        ..FigureView::default()
    }
}

/// An id in an argument; an error that names the argument.
pub(super) fn id<T: std::str::FromStr<Err = crate::domain::ids::InvalidId>>(
    path: &str,
    id: &ID,
) -> std::result::Result<T, Error> {
    id.as_str().parse().map_err(|error| Error::invalid(path, error))
}
