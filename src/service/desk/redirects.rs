//! Paths of a former site, or made up by an editor, that lead to a story.

pub use crate::store::desk::redirects::Redirect;

use crate::domain::address::{Addresses, check_path, plain_path};
use crate::domain::effect::Effect;
use crate::domain::ids::ArticleId;
use crate::domain::policy::{Action, Subject};
use crate::domain::published::ChangeKind;
use crate::error::{Error, FieldError, Result};
use crate::service::Work;
use crate::store::desk::entities::find_by_slug;
use crate::store::desk::redirects;
use crate::store::live::state::leading;
use crate::store::live::write;
use crate::store::log;
use serde_json::json;

impl Work {
    /// Lets a path lead to a story: at once where readers see the story, else when it is published.
    pub async fn create_redirect(&mut self, addresses: &Addresses, article: ArticleId, path: &str) -> Result<Redirect> {
        self.require(Action::EditEntity, Subject::default())?;
        let article = self.held_article(article, Action::EditEntity).await?.id;
        let path = check_path(path).map_err(|message| Error::invalid("path", message))?;
        let taken = |message: String| Error::Invalid(vec![FieldError { path: "path".into(), code: "TAKEN", message }]);
        if let Some(found) = redirects::find(&self.tx, &path).await? {
            if found.article == article {
                return Ok(found);
            }
            return Err(taken(format!("`{path}` already leads to {}", found.article)));
        }
        // A story's own address is looked at first: the redirect would never be found.
        if let Some((language, slug)) = addresses.parse(&path)
            && find_by_slug(&self.tx, "article", language.as_str(), &slug).await?.is_some()
        {
            return Err(taken(format!("`{path}` is the address of a story")));
        }
        let (created_at, created_by) = (Some(self.now), Some(self.actor.name().to_owned()));
        let redirect = Redirect { path, article, created_at, created_by };
        if !redirects::insert(&self.tx, &redirect).await? {
            return Err(taken(format!("`{}` was given to another story just now", redirect.path)));
        }
        if write::show_path(&self.tx, &redirect.path, article).await? {
            self.append_path(&redirect.path, article, Some(article)).await?;
        }
        self.note_with("redirect.create", article.0, [None, None], json!({ "path": redirect.path })).await?;
        Ok(redirect)
    }

    /// Takes a path away: readers who follow it find nothing.
    pub async fn delete_redirect(&mut self, path: &str) -> Result<Redirect> {
        self.require(Action::EditEntity, Subject::default())?;
        let path = plain_path(path.trim());
        let missing = || Error::NotFound { kind: "redirect", id: path.clone() };
        let found = redirects::find(&self.tx, &path).await?.ok_or_else(missing)?;
        self.held_article(found.article, Action::EditEntity).await.map_err(|error| match error {
            Error::NotFound { .. } => missing(),
            other => other,
        })?;
        redirects::delete(&self.tx, &path).await?;
        if write::hide_path(&self.tx, &path).await? {
            self.append_path(&path, found.article, None).await?;
        }
        self.note_with("redirect.delete", found.article.0, [None, None], json!({ "path": path })).await?;
        Ok(found)
    }

    /// Tells that a path leads elsewhere for readers.
    async fn append_path(&mut self, path: &str, article: ArticleId, target: Option<ArticleId>) -> Result<()> {
        let addresses = leading([("path", String::new(), path.to_owned())], target);
        let event = log::NewEvent {
            kind: ChangeKind::AddressChanged,
            article: Some(article),
            language: None,
            revision: None,
            at: self.now,
            payload: log::Payload::default(),
            effect: Effect { addresses, ..Effect::default() },
        };
        self.append_all(vec![event]).await
    }
}
