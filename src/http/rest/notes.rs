//! What documents were made from, as exactly as they show it: a change takes away the answers that it makes untrue, and no
//! others.

use super::answer::Scene;
use crate::domain::effect::Parts;
use crate::domain::entity::Entity;
use crate::domain::footprint::{Footprint, Presence};
use crate::domain::language::Localized;
use crate::domain::published::body_images;
use crate::domain::schema_org;
use crate::json::{Member, Members, Story};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

type Entities = HashMap<Uuid, Arc<Entity>>;

/// A text in the language that it is read in: where another one stands in, each of the texts has a part in that.
fn text(scene: &Scene, part: Parts, texts: &Localized) -> Parts {
    let best = scene.languages.best(texts, &scene.language);
    let own = best.filter(|(found, _)| **found == scene.language).map(|(found, _)| Parts::in_language(found));
    part.and(own.unwrap_or(Parts::LANGUAGES))
}

/// An entity as it is shown beside a story, or in a list of its kind where that is all that is shown of it.
pub fn brief(scene: &Scene, footprint: &mut Footprint, entity: &Entity) {
    let parts = match entity {
        Entity::Author(author) => vec![text(scene, Parts::TITLE, &author.names), Parts::SLUG],
        Entity::Section(section) => {
            vec![text(scene, Parts::TITLE, &section.names), text(scene, Parts::SLUG, &section.slugs), Parts::SECTION]
        }
        Entity::Tag(tag) => {
            vec![text(scene, Parts::TITLE, &tag.names), text(scene, Parts::SLUG, &tag.slugs), Parts::KIND]
        }
        Entity::Image(image) => {
            vec![text(scene, Parts::TITLE, &image.alts), text(scene, Parts::DEKS, &image.captions), Parts::DETAILS]
        }
        Entity::Collection(collection) => {
            vec![text(scene, Parts::TITLE, &collection.names), text(scene, Parts::SLUG, &collection.slugs)]
        }
    };
    parts.into_iter().for_each(|parts| footprint.saw(entity.uuid(), parts));
}

/// Everything of an entity.
pub fn full(footprint: &mut Footprint, entity: &Entity) {
    footprint.saw(entity.uuid(), Parts::ALL);
}

/// A story with these members.
pub fn article(scene: &Scene, story: &Story<'_>, members: &Members, entities: &Entities) {
    scene.reader.notes().note(|footprint| {
        footprint.saw(story.variant.id.0, Parts::EXISTENCE);
        for member in members.iter() {
            footprint.saw(story.variant.id.0, parts(member));
            named(scene, footprint, story, member, entities);
            let of_all = match member {
                Member::Alternates => Parts::TITLE.and(Parts::SLUG).and(Parts::PUBLISHED_AT),
                Member::Translation => Parts::TEXT,
                Member::JsonLd => Parts::ALL,
                _ => continue,
            };
            footprint.saw_presence(story.variant.article, Presence::All);
            story.languages.iter().for_each(|variant| footprint.saw(variant.id.0, of_all));
        }
    });
}

/// What a member shows of the variant itself.
fn parts(member: Member) -> Parts {
    match member {
        Member::Id | Member::VariantId | Member::Language | Member::ServedAsFallback | Member::Related => {
            Parts::EXISTENCE
        }
        Member::Kind => Parts::KIND,
        Member::Slug | Member::Path | Member::Url => Parts::SLUG,
        Member::Title => Parts::TITLE,
        Member::Deks => Parts::DEKS,
        Member::Summary => Parts::SUMMARY,
        Member::PublishedAt => Parts::PUBLISHED_AT,
        Member::ModifiedAt => Parts::MODIFIED_AT,
        Member::WordCount | Member::ReadingTimeMinutes => Parts::LENGTH,
        Member::Section => Parts::SECTION,
        Member::Tags => Parts::TAGS,
        Member::Bylines | Member::Authors => Parts::BYLINES.and(Parts::TRANSLATION),
        Member::LeadImage => Parts::IMAGE,
        Member::Corrections => Parts::CORRECTIONS,
        Member::Translation => Parts::TRANSLATION,
        Member::Alternates => Parts::EXISTENCE,
        Member::Seo => Parts::SEO.and(Parts::TITLE).and(Parts::SUMMARY).and(Parts::DEKS).and(Parts::SLUG),
        Member::JsonLd => Parts::ALL,
        Member::Html | Member::Text | Member::Markdown | Member::Blocks => Parts::BODY,
    }
}

/// What a member shows of what the story names.
fn named(scene: &Scene, footprint: &mut Footprint, story: &Story<'_>, member: Member, entities: &Entities) {
    let variant = story.variant;
    let authors = || variant.bylines().into_iter().map(|byline| byline.author.0).collect::<Vec<Uuid>>();
    let (ids, whole): (Vec<Uuid>, bool) = match member {
        Member::Section => (variant.section().map(|id| id.0).into_iter().collect(), false),
        Member::Tags => (variant.tags().iter().map(|id| id.0).collect(), false),
        Member::Bylines => (authors(), false),
        Member::LeadImage => (variant.lead_image().map(|id| id.0).into_iter().collect(), false),
        Member::Authors => (with_portraits(authors(), entities), true),
        Member::JsonLd => (schema_org::named(variant), true),
        Member::Html | Member::Markdown | Member::Blocks => {
            (story.body.map(body_images).unwrap_or_default().iter().map(|id| id.0).collect(), true)
        }
        _ => return,
    };
    for entity in ids.iter().filter_map(|id| entities.get(id)) {
        if whole { full(footprint, entity) } else { brief(scene, footprint, entity) }
    }
}

fn with_portraits(mut authors: Vec<Uuid>, entities: &Entities) -> Vec<Uuid> {
    let portrait = |id: &Uuid| match entities.get(id).map(AsRef::as_ref) {
        Some(Entity::Author(author)) => author.portrait.map(|id| id.0),
        _ => None,
    };
    let portraits: Vec<Uuid> = authors.iter().filter_map(portrait).collect();
    authors.extend(portraits);
    authors
}
