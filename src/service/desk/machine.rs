//! Translations by a machine: drafts that say so until a person has read them.

use crate::domain::actor::Actor;
use crate::domain::article::{Content, Origin};
use crate::domain::ids::{ArticleId, VariantId};
use crate::domain::language::LanguageTag;
use crate::domain::translation::{translatable, with_texts};
use crate::error::{Error, FieldError, Result};
use crate::machine::Texts;
use crate::service::App;

impl App {
    /// Opens a story in another language with what a machine made of the source. The machine is asked between two
    /// transactions, because it takes its time; what changed meanwhile is seen as any later change of the source is.
    pub async fn machine_translate(
        &self,
        actor: &Actor,
        article: ArticleId,
        to: &LanguageTag,
        from: Option<&LanguageTag>,
    ) -> Result<VariantId> {
        let Some(machine) = &self.machine else {
            let message = "no machine translation is configured: set machine_translation.endpoint".to_owned();
            return Err(Error::Invalid(vec![FieldError { path: "to".into(), code: "NOT_CONFIGURED", message }]));
        };
        let mut work = self.begin(actor).await?;
        let held = work.translatable_source(article, to, from).await?;
        work.commit().await?;
        let (source, content) = (held.variant.language, held.head.content);
        let texts = Texts { source, target: to.clone(), texts: translatable(&content) };
        let translated = with_texts(&content, machine.translate(texts).await?);
        let translated = translated.map_err(|error| Error::Unavailable(Box::new(error)))?;
        let mut work = self.begin(actor).await?;
        let id = Box::pin(work.translate_article(article, to, from, Some((Origin::Machine, translated)))).await?;
        work.commit().await?;
        Ok(id)
    }
}

/// What a machine made, in the place of what the source says.
pub(super) fn replaced(content: Content, by: crate::domain::translation::Translated) -> Content {
    let body = crate::domain::body::Body::from_blocks(by.blocks, None, Some(&content.body));
    Content { title: by.title, deks: by.deks, summary: by.summary, body, ..content }
}
