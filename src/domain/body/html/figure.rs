//! `<figure>`: pictures, galleries, and whatever else editors frame with a caption.

use super::quote::uncited;
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
        let caption = captioned.map(|caption| self.caption(caption, element)).unwrap_or_default();
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

    fn caption(&mut self, element: ElementRef<'a>, figure: ElementRef<'a>) -> Caption {
        let credited = element
            .descendants()
            .filter_map(ElementRef::wrap)
            .skip(1)
            .find(|part| is_credit(*part) && is_of(*part, figure));
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
    let value = element.value();
    matches!(value.name(), "cite" | "em" | "i" | "p" | "small" | "span")
        && value.classes().any(|class| class == "credit" || class.ends_with("-credit"))
}

/// The caption of this figure; WordPress sometimes wraps it in more elements.
fn caption_of(figure: ElementRef<'_>) -> Option<ElementRef<'_>> {
    let mut parts = figure.descendants().filter_map(ElementRef::wrap);
    parts.find(|part| part.value().name() == "figcaption" && is_of(*part, figure))
}

/// Whether a part belongs to this figure and not to one inside it.
fn is_of(part: ElementRef<'_>, figure: ElementRef<'_>) -> bool {
    let mut around = part.ancestors().filter_map(ElementRef::wrap);
    around.find(|around| around.value().name() == "figure").is_some_and(|nearest| nearest == figure)
}

/// Gives the caption to the one thing that it can be about and returns what is left of it: of several pictures it
/// describes none alone.
fn attach(held: &mut [Content], mut caption: Caption) -> Caption {
    let mut places = held.iter_mut().filter(|content| takes_caption(content));
    let (Some(place), None) = (places.next(), places.next()) else { return caption };
    match place {
        Content::Figure(figure) if figure.caption.is_none() && figure.credit.is_none() => {
            figure.caption = caption.html.take();
            figure.credit = caption.credit.take();
        }
        Content::Embed { caption: place, .. } | Content::Table(Table { caption: place, .. }) => {
            let lines: Vec<String> = place.take().into_iter().chain(caption.html.take()).collect();
            *place = (!lines.is_empty()).then(|| lines.join("<br>"));
        }
        Content::Quote { cite: place @ None, .. } => {
            *place = uncited(caption.html.take().into_iter().collect());
        }
        _ => {}
    }
    caption
}

fn takes_caption(content: &Content) -> bool {
    matches!(content, Content::Figure(_) | Content::Embed { .. } | Content::Table(_) | Content::Quote { .. })
}
