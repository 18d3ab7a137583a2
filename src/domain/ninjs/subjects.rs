//! Whom and what an item names: its makers, its section, its tags and its genre.

use super::Item;
use super::object::Object;
use crate::domain::article::{BylineRole, Kind};
use crate::domain::entity::{Entity, Tag, TagKind};
use serde_json::{Value, json};

impl Item<'_> {
    /// Who wrote it, as a line for readers. Editors and translators are in [`Item::people`].
    pub(super) fn by(&self) -> String {
        let mut names = Vec::new();
        for (role, name, _) in self.makers() {
            if !matches!(role, BylineRole::Editor | BylineRole::Translator) && !names.contains(&name) {
                names.push(name);
            }
        }
        names.join(", ")
    }

    /// Everybody who made it with what they did, then everybody whom it is about.
    pub(super) fn people(&self) -> Vec<Value> {
        let makers = self
            .makers()
            .into_iter()
            .map(|(role, name, id)| json!({"name": name, "rel": role.as_str().to_ascii_lowercase(), "literal": id}));
        makers.chain(self.about(TagKind::Person)).collect()
    }

    fn makers(&self) -> Vec<(BylineRole, String, String)> {
        let maker = |byline: crate::domain::article::Byline| match self.setting.entity(byline.author.0)? {
            Entity::Author(author) => {
                let name = self.setting.best(&author.names, &self.variant.language)?;
                Some((byline.role, name, author.id.to_string()))
            }
            _ => None,
        };
        self.variant.bylines().into_iter().filter_map(maker).collect()
    }

    /// The tags of a kind, in the editor's order.
    pub(super) fn about(&self, kind: TagKind) -> Vec<Value> {
        let tag = |tag: &Tag| {
            let name = self.setting.best(&tag.names, &self.variant.language);
            let object = Object::default().with("name", json!(name)).with("rel", json!("about"));
            Value::from(object.with("literal", json!(tag.id)))
        };
        let found = self.variant.tags().iter().filter_map(|id| match self.setting.entity(id.0)? {
            Entity::Tag(found) if found.kind == kind => Some(tag(found)),
            _ => None,
        });
        found.collect()
    }

    /// Its section, then its topics.
    pub(super) fn subjects(&self) -> Vec<Value> {
        let section = self.variant.section().and_then(|id| match self.setting.entity(id.0)? {
            Entity::Section(section) => {
                let name = self.setting.best(&section.names, &self.variant.language);
                let object = Object::default().with("name", json!(name)).with("rel", json!("section"));
                Some(Value::from(object.with("literal", json!(section.id))))
            }
            _ => None,
        });
        section.into_iter().chain(self.about(TagKind::Topic)).collect()
    }

    /// The kind of journalism, in our word and in IPTC's where it has one.
    pub(super) fn genre(&self) -> Value {
        let kind = self.variant.kind();
        let code = match kind {
            Kind::News => Some("Current"),
            Kind::Analysis => Some("Analysis"),
            Kind::Opinion | Kind::Editorial => Some("Opinion"),
            Kind::Interview => Some("Interview"),
            Kind::Data | Kind::Notebook | Kind::Brief => None,
        };
        let uri = code.map(|code| format!("http://cv.iptc.org/newscodes/genre/{code}"));
        let object = Object::default().with("name", json!(code.unwrap_or(kind.as_str()))).with("uri", json!(uri));
        object.with("literal", json!(kind)).into()
    }
}
