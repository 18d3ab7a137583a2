//! Pictures: what is known of them, and how they came to be.

use super::ids::ImageId;
use super::language::Localized;
use super::named::named;
use super::partner::rights::Rights;
use serde::{Deserialize, Serialize};

/// Where to look first when a picture is cut: both from 0 to 1, from the top left.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FocalPoint {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

/// Facts of an original file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageFile {
    /// SHA-256 in hexadecimal: the file's name in the store.
    pub sha256: String,
    /// Media type, read from the content.
    pub media_type: String,
    /// Bytes.
    pub size: u64,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Image {
    /// Its id.
    pub id: ImageId,
    /// The original file; nothing where only its facts are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<ImageFile>,
    /// The name that the file came with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    /// Where it came from, when it was imported from an address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_url: Option<String>,
    /// Pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Where to look first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub focal_point: Option<FocalPoint>,
    /// What a reader who can't see it is told, per language.
    #[serde(default, skip_serializing_if = "Localized::is_empty")]
    pub alts: Localized,
    /// What stands under it, per language. Plain text.
    #[serde(default, skip_serializing_if = "Localized::is_empty")]
    pub captions: Localized,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit: Option<String>,
    /// Under which terms it may be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// How it came to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digital_source_type: Option<DigitalSourceType>,
    /// What partners may do with it.
    #[serde(default, skip_serializing_if = "Rights::is_free")]
    pub rights: Rights,
}

impl Image {
    /// The terms under which it may be used, where they are given as an address.
    pub fn licence_url(&self) -> Option<&str> {
        let licence = self.licence.as_deref()?.trim();
        let is_address = url::Url::parse(licence).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        is_address.then_some(licence)
    }
}

named! {
    /// How a picture came to be: IPTC's digital source type NewsCodes
    /// (<http://cv.iptc.org/newscodes/digitalsourcetype/>), retired codes left out.
    DigitalSourceType "IPTC digital source type" {
        /// Taken with a camera.
        DigitalCapture "digitalCapture",
        /// Several exposures combined by the camera.
        ComputationalCapture "computationalCapture",
        /// Scanned from a negative.
        NegativeFilm "negativeFilm",
        /// Scanned from a slide.
        PositiveFilm "positiveFilm",
        /// Scanned from a print.
        Print "print",
        /// Retouched by a person.
        HumanEdits "humanEdits",
        /// Enhanced by an algorithm.
        AlgorithmicallyEnhanced "algorithmicallyEnhanced",
        /// Drawn by a person with digital tools.
        DigitalCreation "digitalCreation",
        /// Drawn from data.
        DataDrivenMedia "dataDrivenMedia",
        /// Made by a trained model.
        TrainedAlgorithmicMedia "trainedAlgorithmicMedia",
        /// Made by an algorithm without training.
        AlgorithmicMedia "algorithmicMedia",
        /// Taken from a screen.
        ScreenCapture "screenCapture",
        /// Recorded in a virtual world.
        VirtualRecording "virtualRecording",
        /// Put together from several.
        Composite "composite",
        /// Put together from several captures.
        CompositeCapture "compositeCapture",
        /// Put together, at least one part synthetic.
        CompositeSynthetic "compositeSynthetic",
        /// Put together, at least one part made by a trained model.
        CompositeWithTrainedAlgorithmicMedia "compositeWithTrainedAlgorithmicMedia",
    }
}

impl DigitalSourceType {
    /// The concept's address in IPTC's vocabulary.
    pub fn uri(self) -> String {
        format!("http://cv.iptc.org/newscodes/digitalsourcetype/{self}")
    }

    /// schema.org's member of the same meaning: `TrainedAlgorithmicMediaDigitalSource`. It kept the names that IPTC gave up.
    pub fn schema_org(self) -> String {
        let name = match self {
            Self::DigitalCreation => "digitalArt",
            Self::HumanEdits => "minorHumanEdits",
            Self::ComputationalCapture => "multiFrameComputationalCapture",
            other => other.as_str(),
        };
        let mut chars = name.chars();
        let first = chars.next().map(|c| c.to_ascii_uppercase()).into_iter();
        format!("https://schema.org/{}DigitalSource", first.chain(chars).collect::<String>())
    }

    /// Whether a trained model made the picture or a part of it.
    pub fn is_ai_generated(self) -> bool {
        matches!(self, Self::TrainedAlgorithmicMedia | Self::CompositeWithTrainedAlgorithmicMedia)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_type_has_its_names_in_both_vocabularies() {
        let ai = DigitalSourceType::TrainedAlgorithmicMedia;
        assert_eq!(ai.uri(), "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia");
        assert_eq!(ai.schema_org(), "https://schema.org/TrainedAlgorithmicMediaDigitalSource");
        assert_eq!(DigitalSourceType::DigitalCreation.schema_org(), "https://schema.org/DigitalArtDigitalSource");
        assert!(ai.is_ai_generated() && !DigitalSourceType::DigitalCapture.is_ai_generated());
        let error = "minorHumanEdits".parse::<DigitalSourceType>().unwrap_err().to_string();
        assert!(error.starts_with("`minorHumanEdits` is no IPTC digital source type; accepted: digitalCapture, "));
    }
}
