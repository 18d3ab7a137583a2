//! `<ul>`, `<ol>` and `<dl>`.

use super::fold;
use super::walk::Walker;
use crate::domain::body::{Content, List, ListItem};
use scraper::ElementRef;

/// Deeper lists continue on this level. JSON readers stop at 128 levels, and a list takes three of them.
pub(in crate::domain::body) const MAX_LIST_DEPTH: usize = 8;

/// The items so far, and what had no room in them.
#[derive(Default)]
struct Items {
    items: Vec<ListItem>,
    moved: Vec<Content>,
}

impl<'a> Walker<'a> {
    pub(super) fn list(&mut self, element: ElementRef<'a>) {
        let ordered = element.value().name() == "ol";
        let start = element.value().attr("start").filter(|_| ordered).and_then(|start| start.trim().parse().ok());
        self.flush();
        self.list_depth += 1;
        let mut found = Items::default();
        for child in element.children() {
            match (ElementRef::wrap(child), child.value().as_text()) {
                (Some(item), _) if item.value().name() == "li" => {
                    let held = self.within(item);
                    self.add_item(&mut found, held);
                }
                (Some(other), _) => {
                    let held = self.captured(|walker| walker.element(other));
                    self.add_loose(&mut found, held);
                }
                (None, Some(text)) => {
                    let held = self.captured(|walker| walker.line.text(text));
                    self.add_loose(&mut found, held);
                }
                (None, None) => {}
            }
        }
        self.list_depth -= 1;
        self.place_list(List { ordered, start: start.filter(|start| *start != 1), items: found.items });
        self.place_moved(found.moved, "a list");
    }

    /// A term becomes an item, its definitions the list below it.
    pub(super) fn definitions(&mut self, element: ElementRef<'a>) {
        self.note("<dl>", "list");
        self.flush();
        self.list_depth += 1;
        let mut found = Items::default();
        self.add_definitions(&mut found, element);
        self.list_depth -= 1;
        self.place_list(List { items: found.items, ..List::default() });
        self.place_moved(found.moved, "a list");
    }

    fn add_definitions(&mut self, found: &mut Items, element: ElementRef<'a>) {
        for child in element.children() {
            let Some(child) = ElementRef::wrap(child) else {
                let text = child.value().as_text().map(|text| &**text).unwrap_or_default();
                let held = self.captured(|walker| walker.line.text(text));
                self.add_item(found, held);
                continue;
            };
            match child.value().name() {
                "div" => self.add_definitions(found, child),
                "dd" => {
                    let mut definition = Items::default();
                    self.list_depth += 1;
                    let held = self.within(child);
                    self.add_item(&mut definition, held);
                    self.list_depth -= 1;
                    found.moved.append(&mut definition.moved);
                    let list = List { items: definition.items, ..List::default() };
                    self.add_below(found, list);
                }
                "dt" => {
                    let held = self.within(child);
                    self.add_item(found, held);
                }
                _ => {
                    let held = self.captured(|walker| walker.element(child));
                    self.add_item(found, held);
                }
            }
        }
    }

    fn place_list(&mut self, list: List) {
        if !list.items.is_empty() {
            self.place(Content::List(list));
        }
    }

    /// An item with its lines, and below it its lists.
    fn add_item(&self, found: &mut Items, held: Vec<Content>) {
        let held = fold::fold(held);
        let mut lists = Vec::new();
        for other in held.others {
            match other {
                Content::List(list) => lists.push(list),
                other => found.moved.push(other),
            }
        }
        let html = held.lines.join("<br>");
        let is_needed = !html.is_empty() || (!lists.is_empty() && self.list_depth < MAX_LIST_DEPTH);
        if is_needed {
            found.items.push(ListItem { html, children: None });
        }
        lists.into_iter().for_each(|list| self.add_below(found, list));
    }

    /// Something between the items of a list: a list belongs to the item before it, all else is an item.
    fn add_loose(&self, found: &mut Items, held: Vec<Content>) {
        for content in held {
            match content {
                Content::List(list) => self.add_below(found, list),
                other => self.add_item(found, vec![other]),
            }
        }
    }

    /// Puts a list below the last item.
    fn add_below(&self, found: &mut Items, list: List) {
        match found.items.last_mut().filter(|_| self.list_depth < MAX_LIST_DEPTH) {
            _ if list.items.is_empty() => {}
            Some(ListItem { children: Some(children), .. }) => children.items.extend(list.items),
            Some(item) => item.children = Some(list),
            None => found.items.extend(list.items),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::body::html::parse;

    #[test]
    fn deep_lists_can_be_stored_and_read_again() {
        let html = format!("{}x", "<ul><li>a".repeat(40));
        let stored = serde_json::to_string(&parse(&html).contents).unwrap();
        let read: Vec<Content> = serde_json::from_str(&stored).unwrap();
        assert_eq!(read, parse(&html).contents);
        assert_eq!(stored.matches("\"a\"").count() + stored.matches("\"ax\"").count(), 40);
    }
}
