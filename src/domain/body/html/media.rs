//! Players and frames of other sites.

use super::walk::{Walker, shown};
use crate::domain::body::{embed, link};
use scraper::ElementRef;

impl<'a> Walker<'a> {
    pub(super) fn media(&mut self, element: ElementRef<'a>) {
        let attribute = if element.value().name() == "object" { "data" } else { "src" };
        match address(element, attribute) {
            Some(url) => {
                self.note(shown(element, attribute), "embed");
                self.flush();
                self.place(embed::embed(url, None));
            }
            // What an object without an address holds is what browsers show instead.
            None if element.value().name() == "object" => self.wrapper(element),
            None => self.note(shown(element, attribute), "dropped"),
        }
    }
}

fn address(element: ElementRef<'_>, attribute: &str) -> Option<String> {
    let sources = element.children().filter_map(ElementRef::wrap).filter(|child| child.value().name() == "source");
    let own = ["data-src", "data-lazy-src", attribute].into_iter().filter_map(|name| element.value().attr(name));
    let written = own.chain(sources.filter_map(|source| source.value().attr("src")));
    written.filter_map(link::address).next()
}
