//! What endpoints are sent: an entry of the partner's feed with the story as it is now.

use super::super::App;
use super::super::webhooks::Due;
use super::compare::decide;
use super::deliver::entry;
use super::stand::Stand;
use crate::domain::actor::Actor;
use crate::domain::ids::ArticleId;
use crate::domain::partner::{Partner, Status};
use crate::error::{Error, Result};
use crate::store::partners::records;
use serde_json::json;
use std::collections::HashMap;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The longest message, in bytes; a longer one says where the story is instead.
const LONGEST: usize = 20_000;

/// What an endpoint is to be told.
pub(in crate::service) struct Message {
    /// What it is.
    pub due: Due,
    /// What it says, as JSON.
    pub body: String,
    /// Whether it brings the story itself.
    pub brings_story: bool,
}

impl App {
    /// Composes messages from stories as they are now, and says when that was. What a partner may have is decided again: nothing
    /// is sent because it might have been once. What is due to a partner that was disabled meanwhile is left out.
    pub(in crate::service) async fn messages(&self, due: Vec<Due>) -> Result<(OffsetDateTime, Vec<Message>)> {
        let mut ids: Vec<ArticleId> = due.iter().filter_map(|due| Some(due.change.as_ref()?.article)).collect();
        ids.sort_unstable();
        ids.dedup();
        let work = self.begin(&Actor::system("webhooks")).await?;
        let now = work.now;
        let stand = work.stand(&self.db.session(), &ids).await?;
        let enabled = records::list_enabled(&work.tx).await?;
        // Nothing was written; others may write while the messages are composed.
        drop(work);
        let partners: HashMap<_, _> = enabled.into_iter().map(|partner| (partner.id, partner)).collect();
        let messages = due.into_iter().filter_map(|due| {
            let partner = partners.get(&due.partner)?;
            Some(self.message(&stand, partner, due, now))
        });
        Ok((now, messages.collect::<Result<_>>()?))
    }

    fn message(&self, stand: &Stand, partner: &Partner, due: Due, now: OffsetDateTime) -> Result<Message> {
        let Some(change) = due.change.clone() else {
            let body = json!({"type": "ping", "timestamp": text(now)?, "data": {}}).to_string();
            return Ok(Message { due, body, brings_story: false });
        };
        let (at, article, language) = (change.at, change.article, change.language.clone());
        let place = (article, language.clone());
        let should = decide(stand, &place, partner, now);
        let item = self.item(stand, &place, partner, &should, due.format)?;
        let href = format!("{}/v1/partner/articles/{article}?language={language}", self.addresses.service);
        let mut data = entry(change, partner, &should, &item)?;
        if let Some(data) = data.as_object_mut() {
            data.insert("href".into(), href.into());
        }
        let kind = format!("article.{}", should.status);
        let mut body = json!({"type": kind, "timestamp": text(at)?, "data": data}).to_string();
        let mut brings_story = should.status == Status::Usable;
        if body.len() > LONGEST {
            if let Some(data) = data.as_object_mut() {
                data.retain(|member, _| !["item", "detail"].contains(&member.as_str()));
            }
            body = json!({"type": kind, "timestamp": text(at)?, "data": data}).to_string();
            brings_story = false;
        }
        Ok(Message { due, body, brings_story })
    }
}

fn text(at: OffsetDateTime) -> Result<String> {
    at.format(&Rfc3339).map_err(Error::internal)
}
