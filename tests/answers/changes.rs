//! Random changes of an editor: everything that can be noticed by readers.

use super::questions::{Dice, Pools};
use crate::support::{Server, Staff};
use serde_json::{Value, json};

/// An editor at work.
pub struct Editor {
    pub staff: Staff,
    made: u32,
    paths: Vec<String>,
}

/// How long the desk's list of a collection becomes, at most.
const LISTED: usize = 6;

impl Editor {
    pub fn new(staff: Staff) -> Self {
        Self { staff, made: 0, paths: Vec::new() }
    }

    /// Changes something; gives what was done, or nothing where it was refused.
    pub async fn change(&mut self, server: &Server, dice: &mut Dice, pools: &mut Pools) -> Option<&'static str> {
        self.made += 1;
        let number = self.made;
        let named = |all: &[[String; 2]], dice: &mut Dice| dice.pick(all).map(|named| named[0].clone());
        let variant = dice.pick(&pools.variants)?[0].clone();
        let article = dice.pick(&pools.articles)?.clone();
        // What turns many lists over at once is rare.
        let what = match dice.roll(24) {
            16 | 22 | 23 if !number.is_multiple_of(4) => 2,
            what => what,
        };
        match what {
            0..=1 => self.write(server, dice, pools).await,
            2..=4 => {
                let text = match dice.roll(5) {
                    0 => json!({"title": format!("Another headline {number}")}),
                    1 => json!({"deks": [format!("A line {number}")]}),
                    2 => json!({"slug": format!("another-{number}")}),
                    _ => json!({"body": {"markdown": format!("A text {number}.\n\nAnd more of it.")}}),
                };
                self.done(server, "reviseVariant", json!({"variantId": variant, "text": text})).await?;
                self.done(server, "publishVariant", json!({"variantId": variant})).await?;
                Some("revise")
            }
            5..=6 => {
                self.done(server, "updateArticle", json!({"articleId": article, "shared": shared(dice, pools)}))
                    .await?;
                for [id, ..] in &pools.variants.clone() {
                    if dice.roll(6) == 0 {
                        self.done(server, "publishVariant", json!({"variantId": id})).await;
                    }
                }
                Some("share")
            }
            7..=8 => {
                self.done(server, "withdrawVariant", json!({"variantId": variant, "reason": "a test"})).await?;
                Some("withdraw")
            }
            9..=11 => {
                self.done(server, "reopenVariant", json!({"variantId": variant})).await?;
                self.done(server, "publishVariant", json!({"variantId": variant})).await?;
                Some("publish again")
            }
            12 => {
                let input = json!({"variantId": variant, "kind": "UPDATE", "text": format!("A note {number}")});
                self.done(server, "addCorrection", input).await?;
                Some("correct")
            }
            13 => self.translate(server, pools, &article).await,
            14 => {
                let input = json!({"tagId": named(&pools.tags, dice)?, "names": texts(number)});
                self.done(server, "updateTag", input).await?;
                Some("rename a tag")
            }
            15 => {
                let mut input = json!({"authorId": named(&pools.authors, dice)?, "names": texts(number)});
                if let Some(image) = dice.pick(&pools.images).filter(|_| number.is_multiple_of(2)) {
                    input["portraitId"] = json!(image);
                }
                self.done(server, "updateAuthor", input).await?;
                Some("rename an author")
            }
            16 => {
                let (section, parent) = (named(&pools.sections, dice)?, named(&pools.sections, dice));
                let parent = parent.filter(|_| !number.is_multiple_of(3));
                self.done(server, "updateSection", json!({"sectionId": section, "parentId": parent})).await?;
                Some("move a section")
            }
            17 => {
                let input = json!({"sectionId": named(&pools.sections, dice)?, "names": texts(number)});
                self.done(server, "updateSection", input).await?;
                Some("rename a section")
            }
            18 => {
                let input = json!({"imageId": dice.pick(&pools.images)?, "captions": texts(number)});
                self.done(server, "updateImage", input).await?;
                Some("caption an image")
            }
            19..=20 => {
                let collection = named(&pools.collections, dice)?;
                let mut stories: Vec<&String> = (0..LISTED).filter_map(|_| dice.pick(&pools.articles)).collect();
                stories.sort();
                stories.dedup();
                let language = ["ko", "en"][dice.roll(2)];
                let input = json!({"collectionId": collection, "language": language, "articleIds": stories});
                self.done(server, "setCollectionItems", input).await?;
                self.done(server, "publishCollection", json!({"collectionId": collection})).await?;
                Some("publish a collection")
            }
            21 => {
                let path = format!("/old/{}", dice.roll(4));
                if let Some(place) = self.paths.iter().position(|known| *known == path) {
                    let path = self.paths.remove(place);
                    self.done(server, "deleteRedirect", json!({"path": path})).await?;
                    return Some("take a redirect away");
                }
                self.done(server, "createRedirect", json!({"articleId": article, "path": path})).await?;
                self.paths.push(path);
                Some("redirect")
            }
            22 if pools.tags.len() > 3 => {
                let (from, into) = (named(&pools.tags, dice)?, named(&pools.tags, dice)?);
                self.done(server, "mergeTags", json!({"fromId": from, "intoId": into})).await?;
                Some("merge tags")
            }
            23 if pools.authors.len() > 3 => {
                let (from, into) = (named(&pools.authors, dice)?, named(&pools.authors, dice)?);
                self.done(server, "mergeAuthors", json!({"fromId": from, "intoId": into})).await?;
                Some("merge authors")
            }
            _ => {
                let input = json!({"collectionId": named(&pools.collections, dice)?, "names": texts(number)});
                self.done(server, "updateCollection", input).await?;
                Some("rename a collection")
            }
        }
    }

    /// A mutation; nothing where it was refused, for whatever reason of an editor.
    async fn done(&self, server: &Server, mutation: &str, input: Value) -> Option<Value> {
        let selection = match mutation {
            "createArticle" | "translateArticle" => "variant { id articleId }",
            _ => "",
        };
        let reply = server.change(&self.staff, mutation, selection, input.clone()).await;
        let code = reply.json["errors"][0]["extensions"]["code"].as_str();
        let expected = code.is_none_or(|code| ["ILLEGAL_TRANSITION", "NOT_FOUND"].contains(&code));
        assert!(expected, "{mutation} {input}: {:#}", reply.json);
        let payload = reply.json["data"][mutation].clone();
        (payload["userErrors"] == json!([])).then_some(payload)
    }

    async fn write(&self, server: &Server, dice: &mut Dice, pools: &mut Pools) -> Option<&'static str> {
        let (number, language) = (self.made, ["ko", "en"][dice.roll(2)]);
        let (title, slug) = (format!("새 기사 {number}"), format!("new-{number}"));
        let text = json!({"title": title, "slug": slug, "body": {"markdown": format!("Text {number}.")}});
        let input = json!({"language": language, "text": text, "shared": shared(dice, pools)});
        let made = self.done(server, "createArticle", input).await?;
        let id = |name: &str| made["variant"][name].as_str().unwrap().to_owned();
        pools.articles.push(id("articleId"));
        pools.variants.push([id("id"), language.to_owned(), slug, title]);
        for step in ["submitVariant", "publishVariant"] {
            self.done(server, step, json!({"variantId": id("id")})).await?;
        }
        Some("publish")
    }

    async fn translate(&self, server: &Server, pools: &mut Pools, article: &str) -> Option<&'static str> {
        let number = self.made;
        let made = self.done(server, "translateArticle", json!({"articleId": article, "to": "en"})).await?;
        let id = made["variant"]["id"].as_str().unwrap().to_owned();
        let (title, slug) = (format!("Translated {number}"), format!("translated-{number}"));
        let input = json!({"variantId": id, "text": {"title": title, "slug": slug}});
        self.done(server, "reviseVariant", input).await?;
        pools.variants.push([id.clone(), "en".to_owned(), slug, title]);
        for step in ["submitVariant", "publishVariant"] {
            self.done(server, step, json!({"variantId": id})).await?;
        }
        Some("translate")
    }
}

fn texts(number: u32) -> Value {
    json!([{"language": "ko", "text": format!("이름 {number}")}])
}

/// What the languages of a story share.
fn shared(dice: &mut Dice, pools: &Pools) -> Value {
    let mut some = |all: &[[String; 2]], most: usize| {
        let mut ids: Vec<String> =
            (0..dice.roll(most + 1)).filter_map(|_| dice.pick(all).map(|named| named[0].clone())).collect();
        ids.sort();
        ids.dedup();
        ids
    };
    let (tags, authors, section) = (some(&pools.tags, 3), some(&pools.authors, 2), some(&pools.sections, 1));
    let bylines: Vec<Value> = authors.iter().map(|id| json!({"authorId": id})).collect();
    let mut shared = json!({"tagIds": tags, "bylines": bylines, "sectionId": section.first()});
    if dice.roll(3) == 0 {
        shared["leadImageId"] = json!(dice.pick(&pools.images));
    }
    if dice.roll(3) == 0 {
        let relation = ["CURATED", "PINNED", "BANNED"][dice.roll(3)];
        shared["related"] = json!([{"articleId": dice.pick(&pools.articles), "relation": relation}]);
    }
    shared["kind"] = json!(["NEWS", "DATA"][dice.roll(2)]);
    shared
}
