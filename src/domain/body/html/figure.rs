//! `<figure>`: pictures, galleries, and whatever else editors frame with a caption.

use super::quote::sole_cite;
use super::walk::Walker;
use crate::domain::body::inline::{escaped, plain, plain_text};
use crate::domain::body::{Content, Table, embed};
use scraper::ElementRef;

/// What stands below a picture.
#[derive(Default)]
struct Caption {
    html: Option<String>,
    credit: Option<String>,
    /// Pictures and the like inside the caption.
    others: Vec<Content>,
}

impl<'a> Walker<'a> {
    pub(super) fn figure(&mut self, element: ElementRef<'a>) {
        self.flush();
        let captioned = caption_of(element);
        self.skipped.extend(captioned);
        let mut held = self.within(element);
        if captioned.is_some() {
            self.skipped.pop();
        }
        let caption = captioned.map(|element| self.caption(element)).unwrap_or_default();
        if let [Content::Paragraph { html }] = held.as_slice() {
            held = embed::linked(html).map_or(held, |embed| vec![embed]);
        }
        let rest = attach(&mut held, caption);
        held.into_iter().for_each(|content| self.place(content));
        let credit = rest.credit.as_deref().map(escaped);
        for html in rest.html.into_iter().chain(credit) {
            self.note("<figcaption>", "paragraph");
            self.place(Content::Paragraph { html });
        }
        self.place_moved(rest.others, "a caption");
    }

    fn caption(&mut self, element: ElementRef<'a>) -> Caption {
        let credited = element.descendants().filter_map(ElementRef::wrap).find(|part| is_credit(*part));
        let credit = credited.map(|credit| self.lines_within(credit)).unwrap_or_default();
        self.skipped.extend(credited);
        let held = self.lines_within(element);
        if credited.is_some() {
            self.skipped.pop();
        }
        Caption {
            html: (!held.lines.is_empty()).then(|| held.lines.join("<br>")),
            credit: plain_text(&plain(&credit.lines.join(" "))),
            others: held.others.into_iter().chain(credit.others).collect(),
        }
    }
}

fn is_credit(element: ElementRef<'_>) -> bool {
    element.value().classes().any(|class| class == "credit" || class.ends_with("-credit"))
}

/// The caption of this figure and not of one inside it.
fn caption_of(figure: ElementRef<'_>) -> Option<ElementRef<'_>> {
    figure.descendants().filter_map(ElementRef::wrap).find(|element| {
        element.value().name() == "figcaption"
            && element
                .ancestors()
                .filter_map(ElementRef::wrap)
                .find(|around| around.value().name() == "figure")
                .is_some_and(|nearest| nearest == figure)
    })
}

/// Gives the caption to the one thing that it can be about and returns what is left of it: of several pictures it
/// describes none alone.
fn attach(held: &mut [Content], mut caption: Caption) -> Caption {
    let mut places = held.iter_mut().filter(|content| takes_caption(content));
    let (Some(place), None) = (places.next(), places.next()) else { return caption };
    match place {
        Content::Figure(figure) => {
            figure.caption = caption.html.take();
            figure.credit = caption.credit.take();
        }
        Content::Embed { caption: place, .. } | Content::Table(Table { caption: place, .. }) => {
            let lines: Vec<String> = place.take().into_iter().chain(caption.html.take()).collect();
            *place = (!lines.is_empty()).then(|| lines.join("<br>"));
        }
        Content::Quote { cite, .. } => {
            *cite = caption.html.take().map(|html| sole_cite(&html).map(str::to_owned).unwrap_or(html));
        }
        _ => {}
    }
    caption
}

fn takes_caption(content: &Content) -> bool {
    match content {
        Content::Figure(figure) => figure.caption.is_none() && figure.credit.is_none(),
        Content::Quote { cite, .. } => cite.is_none(),
        Content::Embed { .. } | Content::Table(_) => true,
        _ => false,
    }
}
