//! What is known about the pictures of figures.

use super::FigureView;
use crate::domain::address::Addresses;
use crate::domain::body::{Figure, inline};
use crate::domain::entity::Image;
use crate::domain::language::{LanguageTag, Languages, Localized};
use std::collections::HashMap;
use uuid::Uuid;

/// How each picture is shown to readers of a language.
pub fn figure_views<'a>(
    images: impl IntoIterator<Item = &'a Image>,
    language: &LanguageTag,
    languages: &Languages,
    addresses: &Addresses,
) -> HashMap<Uuid, FigureView> {
    let best = |texts: &Localized| languages.best(texts, language).map(|(_, text)| text.to_owned());
    let view = |image: &Image| FigureView {
        src: addresses.image(image).unwrap_or_default(),
        width: image.width,
        height: image.height,
        alt: best(&image.alts).unwrap_or_default(),
        credit: image.credit.clone(),
        caption: best(&image.captions).map(|text| inline::escaped(&text)),
    };
    images.into_iter().map(|image| (image.id.0, view(image))).collect()
}

/// How a figure is shown. What the text says of a picture goes before what the picture says of itself.
pub fn figure_view(figure: &Figure, views: &HashMap<Uuid, FigureView>) -> FigureView {
    let found = figure.image.and_then(|id| views.get(&id.0)).cloned();
    let mut view =
        found.unwrap_or_else(|| FigureView { src: figure.source.clone().unwrap_or_default(), ..FigureView::default() });
    if let Some(alt) = &figure.alt {
        view.alt.clone_from(alt);
    }
    view.caption = figure.caption.clone().or(view.caption);
    view.credit = figure.credit.clone().or(view.credit);
    view
}
