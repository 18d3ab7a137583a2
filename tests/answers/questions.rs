//! Random questions of readers, made from the schema: every field, list and relation that there is.

use crate::support::{Server, root};
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{BaseType, FieldDefinition, Type, TypeKind, TypeSystemDefinition};
use serde_json::Value;
use std::collections::HashMap;

/// Numbers that look random and are the same for the same seed (xorshift64*).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// 0 to `sides - 1`.
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % sides.max(1)
    }

    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        if all.is_empty() { None } else { all.get(self.roll(all.len())) }
    }
}

/// What there is to ask for.
#[derive(Default)]
pub struct Pools {
    pub articles: Vec<String>,
    /// Id, language, slug, title.
    pub variants: Vec<[String; 4]>,
    pub tags: Vec<[String; 2]>,
    pub authors: Vec<[String; 2]>,
    pub sections: Vec<[String; 2]>,
    pub collections: Vec<[String; 2]>,
    pub images: Vec<String>,
    cursors: Vec<String>,
}

const EVERYTHING: &str = r#"{
  articles(language: "ko", fallback: true, first: 100) {
    edges { cursor node { id leadImage { id } variants { id language slug title } } } }
  tags(first: 100) { nodes { id slug(language: "ko") } }
  authors(first: 100) { nodes { id slug } }
  sections { id slug(language: "ko") children { id slug(language: "ko") } }
  collections(first: 100) { nodes { id slug(language: "ko") } }
}"#;

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

impl Pools {
    /// What the newsroom has.
    pub async fn of(server: &Server) -> Self {
        let reply = server.query(EVERYTHING).await;
        let list = |pointer: &str| reply.data(pointer).as_array().unwrap().clone();
        let named = |values: &[Value]| values.iter().map(|value| [text(&value["id"]), text(&value["slug"])]).collect();
        let mut pools = Self {
            tags: named(&list("/tags/nodes")),
            authors: named(&list("/authors/nodes")),
            collections: named(&list("/collections/nodes")),
            sections: named(&list("/sections")),
            ..Self::default()
        };
        for section in list("/sections") {
            let below: Vec<[String; 2]> = named(section["children"].as_array().unwrap());
            pools.sections.extend(below);
        }
        for edge in list("/articles/edges") {
            pools.cursors.push(text(&edge["cursor"]));
            pools.articles.push(text(&edge["node"]["id"]));
            pools.images.extend(edge["node"]["leadImage"]["id"].as_str().map(str::to_owned));
            for variant in edge["node"]["variants"].as_array().unwrap() {
                pools.variants.push(["id", "language", "slug", "title"].map(|name| text(&variant[name])));
            }
        }
        pools
    }

    fn any_id(&self, dice: &mut Dice) -> String {
        let of = |all: &[[String; 2]], dice: &mut Dice| dice.pick(all).map(|named| named[0].clone());
        let found = match dice.roll(7) {
            0 => dice.pick(&self.articles).cloned(),
            1 => dice.pick(&self.variants).map(|variant| variant[0].clone()),
            2 => of(&self.tags, dice),
            3 => of(&self.authors, dice),
            4 => of(&self.sections, dice),
            5 => of(&self.collections, dice),
            _ => dice.pick(&self.images).cloned(),
        };
        found.unwrap_or_else(|| self.articles[0].clone())
    }
}

/// The types of the schema.
pub struct Schema(HashMap<String, TypeKind>);

impl Schema {
    pub fn read() -> Self {
        let text = std::fs::read_to_string(root().join("schema.graphql")).unwrap();
        let document = parse_schema(text).unwrap();
        let types = document.definitions.into_iter().filter_map(|definition| match definition {
            TypeSystemDefinition::Type(of) => Some((of.node.name.node.to_string(), of.node.kind)),
            _ => None,
        });
        Self(types.collect())
    }

    /// A question of a reader.
    pub fn question(&self, dice: &mut Dice, pools: &Pools) -> String {
        let TypeKind::Object(query) = &self.0["Query"] else { panic!("no Query") };
        let hidden = ["desk", "viewer", "preview"];
        let roots: Vec<&FieldDefinition> = query
            .fields
            .iter()
            .map(|field| &field.node)
            .filter(|field| !hidden.contains(&field.name.node.as_str()))
            .collect();
        let mut asker = Asker { schema: self, dice, pools, budget: 40 };
        // Pages of articles are what readers ask for.
        let favourites: Vec<&FieldDefinition> =
            roots.iter().copied().filter(|field| ["article", "articles"].contains(&field.name.node.as_str())).collect();
        let root = if asker.dice.roll(3) > 0 { &favourites } else { &roots };
        let field = *asker.dice.pick(root).unwrap();
        format!("{{ {} }}", asker.field(field, "Query", 3))
    }
}

struct Asker<'a> {
    schema: &'a Schema,
    dice: &'a mut Dice,
    pools: &'a Pools,
    /// How many fields may still be asked for.
    budget: i32,
}

fn named(of: &Type) -> &str {
    match &of.base {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(of) => named(of),
    }
}

fn is_list(of: &Type) -> bool {
    matches!(of.base, BaseType::List(_))
}

impl Asker<'_> {
    fn field(&mut self, field: &FieldDefinition, parent: &str, depth: u32) -> String {
        self.budget -= 1;
        let name = field.name.node.as_str();
        let ordered = self.dice.roll(4) == 0;
        let mut arguments = Vec::new();
        for argument in &field.arguments {
            let (argument, of) = (argument.node.name.node.as_str(), &argument.node.ty.node);
            let skip = of.nullable && self.dice.roll(5) < 2 || argument == "last" || argument == "before";
            let misplaced = match argument {
                "after" => ordered || parent == "Collection" || !matches!(name, "articles" | "search"),
                "orderBy" => !ordered,
                _ => false,
            };
            if misplaced || skip && argument != "first" {
                continue;
            }
            if let Some(value) = self.value(argument, of, named(&field.ty.node)) {
                arguments.push(format!("{argument}: {value}"));
            }
        }
        let arguments = if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(", ")) };
        format!("{name}{arguments}{}", self.selection(named(&field.ty.node), depth))
    }

    fn selection(&mut self, of: &str, depth: u32) -> String {
        match self.schema.0.get(of) {
            Some(TypeKind::Object(object)) => {
                let fields: Vec<&FieldDefinition> = object.fields.iter().map(|field| &field.node).collect();
                format!(" {{ __typename {} }}", self.fields(&fields, of, depth))
            }
            Some(TypeKind::Interface(_)) => {
                let implements = |kind: &TypeKind| match kind {
                    TypeKind::Object(object) => object.implements.iter().any(|name| name.node.as_str() == of),
                    _ => false,
                };
                let mut kinds: Vec<&String> =
                    self.schema.0.iter().filter(|(_, kind)| implements(kind)).map(|(name, _)| name).collect();
                kinds.sort();
                let mut parts = String::new();
                for (index, kind) in kinds.into_iter().enumerate() {
                    // Fields of one name in two types may not be in each other's way.
                    if let TypeKind::Object(object) = &self.schema.0[kind.as_str()]
                        && let Some(field) = object.fields.iter().map(|field| &field.node).find(|field| {
                            field.arguments.is_empty()
                                && !self.is_object(named(&field.ty.node))
                                && field.name.node != "id"
                        })
                    {
                        parts += &format!("... on {kind} {{ f{index}: {} }} ", field.name.node);
                    }
                }
                format!(" {{ __typename id {parts} }}")
            }
            _ => String::new(),
        }
    }

    fn is_object(&self, of: &str) -> bool {
        matches!(self.schema.0.get(of), Some(TypeKind::Object(_) | TypeKind::Interface(_)))
    }

    fn fields(&mut self, all: &[&FieldDefinition], parent: &str, depth: u32) -> String {
        let mut asked = Vec::new();
        // Clients that keep what they read ask for what tells it apart.
        if let Some(name) = ["id", "cursor"].into_iter().find(|name| all.iter().any(|field| field.name.node == **name))
        {
            asked.push((name, name.to_owned()));
        }
        let wanted = 1 + self.dice.roll(4);
        for _ in 0..wanted {
            let Some(field) = self.dice.pick(all).copied() else { break };
            let name = field.name.node.as_str();
            let nests = self.is_object(named(&field.ty.node));
            if asked.iter().any(|(known, _)| *known == name) || nests && (depth == 0 || self.budget < 0) {
                continue;
            }
            let left = if matches!(name, "edges" | "node" | "nodes" | "variant" | "variants") {
                depth
            } else {
                depth.saturating_sub(1)
            };
            asked.push((name, self.field(field, parent, if nests { left } else { 0 })));
        }
        asked.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(" ")
    }

    fn language(&mut self) -> String {
        ["\"ko\"", "\"en\""][self.dice.roll(2)].to_owned()
    }

    fn ids(&mut self, of: &str) -> String {
        let all: Vec<&String> = match of {
            "tags" => self.pools.tags.iter().map(|named| &named[0]).collect(),
            "authors" => self.pools.authors.iter().map(|named| &named[0]).collect(),
            "sections" => self.pools.sections.iter().map(|named| &named[0]).collect(),
            _ => self.pools.articles.iter().collect(),
        };
        let count = 1 + self.dice.roll(2);
        let ids: Vec<String> = (0..count).filter_map(|_| self.dice.pick(&all).map(|id| format!("{id:?}"))).collect();
        format!("[{}]", ids.join(", "))
    }

    fn filter(&mut self) -> String {
        let mut parts = Vec::new();
        for name in ["sections", "tagsAny", "tagsAll", "tagsNone", "authors", "kinds", "hasVariants", "text", "ids"] {
            if self.dice.roll(5) > 0 {
                continue;
            }
            let value = match name {
                "sections" => self.ids("sections"),
                "tagsAny" | "tagsAll" | "tagsNone" => self.ids("tags"),
                "authors" => self.ids("authors"),
                "kinds" => ["[NEWS]", "[DATA]", "[NEWS, DATA]"][self.dice.roll(3)].to_owned(),
                "hasVariants" => format!("[{}]", self.language()),
                "ids" => self.ids("articles"),
                _ => format!("{:?}", self.word()),
            };
            parts.push(format!("{name}: {value}"));
        }
        if self.dice.roll(6) == 0 {
            parts.push("sectionsOnly: true".into());
        }
        format!("{{{}}}", parts.join(", "))
    }

    fn word(&mut self) -> String {
        let title = self.dice.pick(&self.pools.variants).map(|variant| variant[3].clone()).unwrap_or_default();
        title.split_whitespace().next().unwrap_or("a").to_owned()
    }

    /// How to name one of a kind.
    fn by(&mut self, wanted: &str) -> Option<String> {
        let all = match wanted {
            "Article" => {
                let [_, language, slug, _] = self.dice.pick(&self.pools.variants)?.clone();
                return Some(match self.dice.roll(3) {
                    0 => format!("{{id: {:?}}}", self.dice.pick(&self.pools.articles)?),
                    1 => format!("{{path: \"/{language}/{slug}\"}}"),
                    _ => format!("{{slug: {{slug: {slug:?}, language: {language:?}}}}}"),
                });
            }
            "Author" => {
                let [id, slug] = self.dice.pick(&self.pools.authors)?;
                return Some(if self.dice.roll(2) == 0 {
                    format!("{{id: {id:?}}}")
                } else {
                    format!("{{slug: {slug:?}}}")
                });
            }
            "Section" => &self.pools.sections,
            "Tag" => &self.pools.tags,
            _ => &self.pools.collections,
        };
        let [id, slug] = self.dice.pick(all)?;
        Some(match self.dice.roll(2) {
            0 => format!("{{id: {id:?}}}"),
            _ => format!("{{slug: {{slug: {slug:?}, language: \"ko\"}}}}"),
        })
    }

    fn value(&mut self, name: &str, of: &Type, wanted: &str) -> Option<String> {
        Some(match (name, named(of)) {
            ("first", _) => (1 + self.dice.roll(6)).to_string(),
            ("after", _) => format!("{:?}", self.dice.pick(&self.pools.cursors)?),
            ("query", _) => format!("{:?}", self.word()),
            ("ids", _) => format!("[{:?}, {:?}]", self.pools.any_id(self.dice), self.pools.any_id(self.dice)),
            ("id", _) if wanted == "Image" => format!("{:?}", self.dice.pick(&self.pools.images)?),
            ("id", _) => format!("{:?}", self.pools.any_id(self.dice)),
            ("by", "RelatedReason") => {
                ["[CURATED]", "[SHARED_TAGS]", "[SAME_SECTION, SHARED_BYLINE]"][self.dice.roll(3)].to_owned()
            }
            ("by", _) => self.by(wanted)?,
            (_, "LanguageTag") if !is_list(of) => self.language(),
            (_, "Boolean") => ["true", "false"][self.dice.roll(2)].to_owned(),
            (_, "ArticleFilter") => self.filter(),
            (_, "ArticleOrder") => format!(
                "{{field: {}, direction: {}}}",
                ["PUBLISHED_AT", "MODIFIED_AT"][self.dice.roll(2)],
                ["ASC", "DESC"][self.dice.roll(2)]
            ),
            (_, "TagKind") => "TOPIC".to_owned(),
            _ => return None,
        })
    }
}
