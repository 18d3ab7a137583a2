//! Who is working on what. A courtesy between colleagues: the version is the safety.

use crate::domain::ids::VariantId;
use crate::domain::policy::Action;
use crate::error::{Error, FieldError, Result};
use crate::service::Work;
use crate::store::desk::presence::{self, Holder};
use time::Duration;

/// How long somebody is believed to be working on it after they last said so.
const HOLD: Duration = Duration::minutes(2);

impl Work {
    /// Says that the actor works on a variant, for two minutes; where somebody else does, only if it is to be taken over.
    pub async fn hold(&mut self, id: VariantId, take_over: bool) -> Result<()> {
        self.held_variant(id, Action::EditVariant).await?;
        let me = self.actor.to_string();
        let other = presence::find(&self.tx, id).await?.filter(|holder| holder.who != me && holder.until > self.now);
        if let Some(other) = other.filter(|_| !take_over) {
            let left = (other.until - self.now).whole_seconds();
            let message = format!("{} is working on it, for {left} s at least", other.name);
            return Err(Error::Invalid(vec![FieldError { path: "variantId".into(), code: "HELD", message }]));
        }
        let name = self.actor.name().to_owned();
        presence::set(&self.tx, id, Some(Holder { who: me, name, until: self.now + HOLD })).await
    }

    /// Says that the actor is done with it. What somebody else holds stays theirs.
    pub async fn release(&mut self, id: VariantId) -> Result<()> {
        self.held_variant(id, Action::Read).await?;
        let me = self.actor.to_string();
        match presence::find(&self.tx, id).await? {
            Some(holder) if holder.who == me => presence::set(&self.tx, id, None).await,
            _ => Ok(()),
        }
    }
}
