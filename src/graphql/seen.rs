//! Entities as a reader sees them: how they are loaded, and where it is noted what of them is read.

use super::context::Reading;
use super::scalars::Language;
use crate::domain::effect::Parts;
use crate::domain::entity::Entity;
use crate::domain::language::Localized;
use crate::error::Error;
use crate::service::Notes;
use std::sync::Arc;

/// An entity that a reader sees, and where it is noted what of it is read.
#[derive(Clone)]
pub struct Seen {
    entity: Arc<Entity>,
    notes: Notes,
}

impl Seen {
    /// An entity that a reader sees.
    pub fn new(notes: &Notes, entity: Arc<Entity>) -> Self {
        notes.note(|footprint| footprint.saw(entity.uuid(), Parts::EXISTENCE));
        Self { entity, notes: notes.clone() }
    }

    /// The entity, to read these parts of it, and what never changes of it.
    pub fn read(&self, parts: Parts) -> &Entity {
        self.notes.note(|footprint| footprint.saw(self.entity.uuid(), parts));
        &self.entity
    }

    /// The best of a kind of texts for a reader of a language.
    pub fn text(
        &self,
        reading: &Reading,
        part: Parts,
        texts: &Localized,
        language: &Language,
    ) -> Result<Option<String>, Error> {
        let asked = reading.language(Some(language))?;
        let best = reading.languages.best(texts, &asked);
        // Where another language stands in, each of the texts has a part in that.
        let own = best.filter(|(found, _)| **found == asked).map(|(found, _)| Parts::in_language(found));
        self.read(part.and(own.unwrap_or(Parts::LANGUAGES)));
        Ok(best.map(|(_, text)| text.to_owned()))
    }

    /// The same for what has at least one text.
    pub fn required_text(
        &self,
        reading: &Reading,
        part: Parts,
        texts: &Localized,
        language: &Language,
    ) -> Result<String, Error> {
        Ok(self.text(reading, part, texts, language)?.unwrap_or_default())
    }
}

/// Declares how a kind of entity is loaded and wrapped.
macro_rules! loaded {
    ($($name:ident($domain:ty, $id:ty, $variant:ident);)+) => {$(
        impl $name {
            /// By id; none if readers may not see it.
            pub async fn load(ctx: &Context<'_>, id: $id) -> Option<Result<Self>> {
                let load = async {
                    let reading = reading(ctx)?;
                    let found = reading.entity(id.0).await?;
                    Ok(found.and_then(|entity| Self::from_entity(reading.reader().notes(), entity)))
                };
                load.await.transpose()
            }

            /// Wraps an entity of this kind.
            pub fn from_entity(notes: &Notes, entity: Arc<Entity>) -> Option<Self> {
                matches!(*entity, Entity::$variant(_)).then(|| Self(Seen::new(notes, entity)))
            }

            /// What it is, to read these parts of it.
            pub fn read(&self, parts: Parts) -> Result<&$domain> {
                match self.0.read(parts) {
                    Entity::$variant(found) => Ok(found),
                    _ => Err(Error::internal("an entity of another kind").into()),
                }
            }

            /// What never changes of it, or is noted apart.
            pub fn plain(&self) -> Result<&$domain> {
                self.read(Parts::EXISTENCE)
            }
        }
    )+};
}
pub(super) use loaded;
