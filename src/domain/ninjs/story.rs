//! A story that may be shown, as an item.

use super::object::{Object, alternative, moment, text};
use super::{Item, corrections, uri};
use crate::domain::article::Origin;
use crate::domain::body::measure::word_count;
use crate::domain::body::{Body, render};
use crate::domain::entity::TagKind;
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;

const HTML: &str = "text/html";
const PLAIN: &str = "text/plain";

/// A story that may be shown, as ninjs 3.1.
pub fn item(item: &Item<'_>) -> Value {
    let (variant, card) = (item.variant, &item.variant.card);
    let deks = card.deks.iter().map(|dek| text("dek", PLAIN, dek));
    let headlines: Vec<Value> = std::iter::once(text("main", PLAIN, &card.title)).chain(deks).collect();
    let summary: Vec<Value> = card.summary.iter().map(|words| text("summary", PLAIN, words)).collect();
    let addresses = item.setting.addresses;
    Object::default()
        .with("uri", json!(item.uri()))
        .with("type", json!("text"))
        .with("representationType", json!(if item.body.is_some() { "full" } else { "partial" }))
        .with("version", json!(item.version))
        .with("firstCreated", moment(variant.published_at))
        .with("versionCreated", moment(variant.updated_at()))
        .with("embargoedUntil", item.embargoed_until.map_or(Value::Null, moment))
        .with("pubStatus", json!("usable"))
        .with("language", json!(variant.language))
        .with("title", json!(card.title))
        .with("slugline", json!(card.slug))
        .with("by", json!(item.by()))
        .with("edNote", json!(item.notes().join("\n")))
        .with("usageTerms", json!(item.terms()))
        .with("headlines", headlines.into())
        .with("descriptions", summary.into())
        .with("bodies", item.body.map(|body| item.bodies(body)).unwrap_or_default().into())
        .with("people", item.people().into())
        .with("organisations", item.about(TagKind::Organisation).into())
        .with("places", item.about(TagKind::Place).into())
        .with("events", item.about(TagKind::Event).into())
        .with("subjects", item.subjects().into())
        .with("genres", json!([item.genre()]))
        .with("infoSources", json!([{"name": addresses.site_name, "role": "publisher", "uri": addresses.site}]))
        .with("altIds", item.alternatives())
        .with("renditions", item.page())
        .with("associations", item.associations().into())
        .into()
}

impl Item<'_> {
    fn uri(&self) -> String {
        uri(self.setting.addresses, self.variant.article, &self.variant.language)
    }

    fn alternatives(&self) -> Value {
        let variant = self.variant;
        json!([
            alternative("article", &variant.article),
            alternative("variant", &variant.id),
            alternative("revision", &variant.revision),
        ])
    }

    /// The page on the site; nothing as long as nobody sees it there.
    fn page(&self) -> Value {
        let href = self.setting.addresses.variant_url(self.variant);
        if self.embargoed_until.is_some() {
            return Value::Null;
        }
        json!([{"name": "web", "href": href, "contentType": HTML, "title": self.variant.card.title}])
    }

    fn bodies(&self, body: &Body) -> Vec<Value> {
        let shown = self.shown(body);
        // The standard counts without captions.
        let plain = render::text(&body.with_figures(|_| false));
        let html = render::html(&shown, &|figure| self.view(figure));
        let words = word_count(&plain, self.variant.language.as_str());
        let characters = plain.chars().count();
        let main = |media_type, value: String| {
            let role = "main";
            json!({"role": role, "contentType": media_type, "value": value, "wordCount": words, "charCount": characters})
        };
        vec![main(HTML, html), main(PLAIN, render::text(&shown))]
    }

    /// What the receiver's editors should know before they use it.
    fn notes(&self) -> Vec<String> {
        let embargo = self.embargoed_until.and_then(|until| until.format(&Rfc3339).ok());
        let embargo = embargo.map(|until| format!("Under embargo: not to be published before {until}."));
        let translation = self.variant.card.translation.as_ref().and_then(|record| {
            (record.origin == Origin::Machine)
                .then(|| format!("Translated from {} by a machine, not reviewed.", record.source_language))
        });
        let corrections = self.variant.card.corrections.iter().map(corrections::sentence);
        embargo.into_iter().chain(translation).chain(corrections).chain(self.refusals()).collect()
    }

    fn terms(&self) -> Option<&'static str> {
        self.embargoed_until.map(|_| "Not to be published, quoted or passed on before the embargo ends.")
    }

    /// Its pictures, the other languages, the corrections.
    fn associations(&self) -> Vec<Value> {
        let item = self.uri();
        let others = self.languages.iter().filter(|other| other.id != self.variant.id);
        let translations = others.map(|other| {
            json!({
                "uri": uri(self.setting.addresses, other.article, &other.language),
                "name": other.card.title,
                "rel": "translation",
                "type": "text",
                "language": other.language,
            })
        });
        let corrections = self.variant.card.corrections.iter().map(|one| {
            let blocks = self.changed.iter().find(|(id, _)| *id == one.id).map(|(_, blocks)| blocks.as_slice());
            corrections::association(one, &item, &self.variant.language, blocks.unwrap_or_default())
        });
        self.pictures().into_iter().chain(translations).chain(corrections).collect()
    }
}
