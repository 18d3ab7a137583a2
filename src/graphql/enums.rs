//! The closed sets of the schema. Each mirrors one of the domain's, value by value; the compiler holds them together.

use crate::domain::actor;
use crate::domain::article;
use crate::domain::entity;
use crate::domain::image;
use crate::domain::language;
use crate::domain::published;
use crate::domain::related;
use crate::domain::webhook;
use crate::domain::workflow;
use async_graphql::Enum;

/// What kind of journalism a story is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "article::Kind", name = "ArticleKind")]
pub enum Kind {
    /// What happened.
    News,
    /// What it means.
    Analysis,
    /// Graphic and data news.
    Data,
    /// Somebody's view.
    Opinion,
    /// A reporter's column: "this is not an article".
    Notebook,
    /// Questions and answers.
    Interview,
    /// The newsroom's own view.
    Editorial,
    /// A few lines.
    Brief,
}

/// What an author did for a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "article::BylineRole")]
pub enum BylineRole {
    /// Wrote it.
    Author,
    /// Took the pictures.
    Photographer,
    /// Translated it into the variant's language.
    Translator,
    /// Edited it.
    Editor,
    /// Helped.
    Contributor,
}

/// Where a variant's text came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "article::Origin")]
pub enum TranslationOrigin {
    /// Written in this language.
    Original,
    /// Translated by a person.
    Human,
    /// Translated by a machine and not reviewed.
    Machine,
    /// Translated by a machine, edited by a person.
    MachineEdited,
}

/// What a correction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "article::CorrectionKind")]
pub enum CorrectionKind {
    /// Something was wrong.
    Correction,
    /// Something could be misread.
    Clarification,
    /// Something happened since.
    Update,
    /// The story does not stand.
    Retraction,
}

/// What a tag stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::TagKind")]
pub enum TagKind {
    /// A subject.
    Topic,
    /// A person.
    Person,
    /// An organisation.
    Organisation,
    /// A place.
    Place,
    /// An event.
    Event,
}

/// Which way a language is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "language::Direction", name = "TextDirection")]
pub enum Direction {
    /// Left to right.
    Ltr,
    /// Right to left.
    Rtl,
}

/// What an entry of the change log says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "published::ChangeKind")]
pub enum ChangeKind {
    /// A variant became visible.
    Published,
    /// A visible variant was published again.
    Updated,
    /// A correction was added to a visible variant.
    Corrected,
    /// A variant is no longer visible.
    Withdrawn,
    /// What an author, tag, section or image is called changed.
    EntityChanged,
    /// A collection was published.
    CollectionPublished,
    /// A redirect leads to a story, or no longer does.
    AddressChanged,
}

/// What a person of the newsroom may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "actor::Role")]
pub enum Role {
    /// Reads what is published, with a name.
    Reader,
    /// Writes stories of their own.
    Reporter,
    /// Writes the variants that are not the original.
    Translator,
    /// Does everything editorial.
    Editor,
    /// Does everything, people and keys included.
    Admin,
}

/// What a key may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "actor::Scope", name = "KeyScope")]
pub enum Scope {
    /// Read what is published.
    ReadPublished,
    /// Read the desk.
    ReadDrafts,
    /// Create and change what is not yet published.
    Write,
    /// Publish, schedule, correct and withdraw.
    Publish,
    /// Bring content in from elsewhere.
    Import,
}

/// How an editor relates one story to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "article::Relation")]
pub enum Relation {
    /// Always shown, before all others.
    Pinned,
    /// Shown, in the editor's order.
    Curated,
    /// Never shown.
    Banned,
}

/// Where a variant stands. A published one goes on being edited: its newer revision waits beside what readers see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "workflow::State", name = "VariantState")]
pub enum State {
    /// Being written.
    Draft,
    /// Waiting for an editor.
    InReview,
    /// Will be published at a time.
    Scheduled,
    /// Readers see it.
    Published,
    /// Readers saw it once and are told that it was withdrawn.
    Withdrawn,
}

/// Why a story is related to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "related::Reason")]
pub enum RelatedReason {
    /// An editor chose it.
    Curated,
    /// It shares tags.
    SharedTags,
    /// It shares an author.
    SharedByline,
    /// It is in the same section.
    SameSection,
}

/// How a picture came to be: IPTC's digital source type NewsCodes, <http://cv.iptc.org/newscodes/digitalsourcetype/>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "image::DigitalSourceType")]
pub enum DigitalSourceType {
    /// Taken with a camera.
    DigitalCapture,
    /// Several exposures combined by the camera.
    ComputationalCapture,
    /// Scanned from a negative.
    NegativeFilm,
    /// Scanned from a slide.
    PositiveFilm,
    /// Scanned from a print.
    Print,
    /// Retouched by a person.
    HumanEdits,
    /// Enhanced by an algorithm.
    AlgorithmicallyEnhanced,
    /// Drawn by a person with digital tools.
    DigitalCreation,
    /// Drawn from data.
    DataDrivenMedia,
    /// Made by a trained model.
    TrainedAlgorithmicMedia,
    /// Made by an algorithm without training.
    AlgorithmicMedia,
    /// Taken from a screen.
    ScreenCapture,
    /// Recorded in a virtual world.
    VirtualRecording,
    /// Put together from several.
    Composite,
    /// Put together from several captures.
    CompositeCapture,
    /// Put together, at least one part synthetic.
    CompositeSynthetic,
    /// Put together, at least one part made by a trained model.
    CompositeWithTrainedAlgorithmicMedia,
}

/// What an endpoint is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "webhook::Format", name = "EndpointFormat")]
pub enum EndpointFormat {
    /// Byline's own JSON.
    Byline,
    /// IPTC ninjs 3.
    Ninjs3,
    /// IPTC ninjs 2.
    Ninjs2,
}

/// Where a message to an endpoint stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "webhook::DeliveryState")]
pub enum DeliveryState {
    /// It is to be sent, for the first time or again.
    Waiting,
    /// The endpoint took it.
    Delivered,
    /// The endpoint did not take it for as long as it was tried.
    GivenUp,
}
