//! [`CardError`] and [`CardFault`]: faults of a network's card or files, one variant per message. The JSON parser's own
//! messages are passed on unchanged.

use std::path::PathBuf;

use super::onnx_graph::GraphFault;
use crate::files::ReadError;
use crate::language::Words;
use crate::{display_as_message, words};

/// Why a card or its files were refused. Displays with the path last.
#[derive(Debug, thiserror::Error)]
pub enum CardError {
    /// The file could not be read.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The operating system's error.
        source: std::io::Error,
    },
    /// The card is invalid.
    Invalid {
        /// The card.
        path: PathBuf,
        /// The fault.
        fault: CardFault,
    },
    /// The file is not the one that the card was written for.
    HashMismatch {
        /// The card's name.
        name: String,
        /// The file's name.
        file: String,
        /// SHA-256 according to the card.
        expected: String,
        /// SHA-256 of the file.
        found: String,
        /// The file.
        path: PathBuf,
    },
    /// The file holds what no engine is given.
    Graph {
        /// The card's name.
        name: String,
        /// The fault.
        fault: GraphFault,
        /// The file.
        path: PathBuf,
    },
}

impl CardError {
    /// The error in words, with the path last.
    #[must_use]
    pub fn message(&self) -> Words {
        match self {
            Self::Unreadable { path, source } => words!("card-unreadable", reason = source, path = path.as_path()),
            Self::Invalid { path, fault } => {
                words!("card-invalid", detail = fault.message(), path = path.as_path())
            }
            Self::HashMismatch { name, file, expected, found, path } => {
                let short = |hash: &str| hash.get(..12).unwrap_or(hash).to_owned();
                words!(
                    "card-hash",
                    name = name.as_str(),
                    file = file.as_str(),
                    found = short(found),
                    expected = short(expected),
                    path = path.as_path()
                )
            }
            Self::Graph { name, fault, path } => {
                words!("card-graph", name = name.as_str(), detail = fault.message(), path = path.as_path())
            }
        }
    }
}

display_as_message!(CardError, CardFault);

/// A fault of a network's card.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CardFault {
    /// It is not JSON, or a key is missing or of the wrong type.
    Json(String),
    /// The fault is in this block.
    Within {
        /// The block's key.
        block: &'static str,
        /// The fault in it.
        fault: Box<CardFault>,
    },
    /// A schema that this program does not know.
    Newer,
    /// The network's name cannot be a file name.
    Name,
    /// The order of the input's axes.
    InputLayout,
    /// The order of the input's colours.
    InputColour,
    /// What the output means.
    OutputMeaning,
    /// Sizes of input and output.
    Sizes,
    /// The mean of the input's colours.
    Mean,
    /// Their standard deviation.
    Std,
    /// The threshold.
    Threshold,
    /// The file that every network must have is missing.
    NoOnnx,
    /// A file is not in the card's folder.
    ArtefactPlace,
    /// A checksum is not a SHA-256.
    ArtefactHash,
    /// A figure out of its bounds.
    Outside {
        /// Its key.
        key: &'static str,
        /// Its minimum.
        least: f64,
        /// Its maximum.
        most: f64,
        /// Its value.
        found: f64,
    },
    /// An amount below zero.
    Negative {
        /// Its key.
        key: &'static str,
        /// Its value.
        found: f64,
    },
    /// A figure that must be above zero.
    NotPositive {
        /// Its key.
        key: &'static str,
        /// Its value.
        found: f64,
    },
    /// A word that this program does not know.
    Unknown {
        /// Its key.
        key: &'static str,
        /// The word that is known.
        expected: &'static str,
        /// The word that was found.
        found: String,
    },
    /// The outer outline's level is not below the inner one's.
    BandLevels {
        /// Of the outer outline.
        outer: f64,
        /// Of the inner one.
        inner: f64,
    },
    /// A table of corrections that does not rise.
    CorrectionTable {
        /// Its key.
        key: &'static str,
    },
    /// The maximum comes before the minimum.
    Order {
        /// The first value.
        first: f64,
        /// The second value.
        second: f64,
    },
    /// More layers on the CPU than there are layers.
    CpuLayers {
        /// Layers on the CPU.
        found: usize,
        /// All layers.
        layers: u32,
    },
    /// A sentence is empty.
    NoSentence,
    /// Tiles that do not advance.
    Overlap {
        /// Pixels in common.
        overlap: usize,
        /// A tile's side.
        tile: usize,
    },
    /// Tiles without a scale, or with two.
    TileScale,
    /// A tile that is not as large as input and output.
    TileSize,
    /// A second look of a network that works in tiles or looks for vessels.
    SecondLook,
    /// A mask that photographs of that subject do not have.
    MaskOfSubject,
}

impl CardFault {
    /// The fault in words, without the path.
    #[must_use]
    pub fn message(&self) -> Words {
        let number = |value: &f64| value.to_string();
        match self {
            Self::Json(detail) => words!("card-json", detail = detail.as_str()),
            Self::Within { block, fault } => words!("card-within", block = *block, fault = fault.message()),
            Self::Newer => words!("card-newer"),
            Self::Name => words!("card-name"),
            Self::InputLayout => words!("card-input-layout"),
            Self::InputColour => words!("card-input-colour"),
            Self::OutputMeaning => words!("card-output-meaning"),
            Self::Sizes => words!("card-sizes"),
            Self::Mean => words!("card-mean"),
            Self::Std => words!("card-std"),
            Self::Threshold => words!("card-threshold"),
            Self::NoOnnx => words!("card-no-onnx"),
            Self::ArtefactPlace => words!("card-artefact-place"),
            Self::ArtefactHash => words!("card-artefact-hash"),
            Self::Outside { key, least, most, found } => {
                let (least, most, found) = (number(least), number(most), number(found));
                words!("card-outside", key = *key, least = least, most = most, found = found)
            }
            Self::Negative { key, found } => words!("card-negative", key = *key, found = number(found)),
            Self::NotPositive { key, found } => words!("card-not-positive", key = *key, found = number(found)),
            Self::Unknown { key, expected, found } => {
                words!("card-unknown", key = *key, expected = *expected, found = found.as_str())
            }
            Self::BandLevels { outer, inner } => {
                words!("card-band-levels", outer = number(outer), inner = number(inner))
            }
            Self::CorrectionTable { key } => words!("card-correction-table", key = *key),
            Self::Order { first, second } => words!("card-order", first = number(first), second = number(second)),
            Self::CpuLayers { found, layers } => {
                words!("card-cpu-layers", found = found.to_string(), layers = layers.to_string())
            }
            Self::NoSentence => words!("card-no-sentence"),
            Self::Overlap { overlap, tile } => {
                words!("card-tile-overlap", overlap = overlap.to_string(), tile = tile.to_string())
            }
            Self::TileScale => words!("card-tile-scale"),
            Self::TileSize => words!("card-tile-size"),
            Self::SecondLook => words!("card-second-look"),
            Self::MaskOfSubject => words!("card-mask-of-subject"),
        }
    }

    /// The fault, within the block called `block`.
    pub(super) fn within(self, block: &'static str) -> Self {
        Self::Within { block, fault: Box::new(self) }
    }
}

impl From<ReadError> for CardError {
    fn from(error: ReadError) -> Self {
        Self::Unreadable { path: error.path, source: error.fault.into() }
    }
}

impl From<serde_json::Error> for CardFault {
    fn from(error: serde_json::Error) -> Self {
        Self::Json(error.to_string())
    }
}
