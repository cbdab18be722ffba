//! [`CardError`] and [`CardFault`]: what is wrong with a network's card or files, a variant for each sentence. The JSON parser's own words stay as
//! they are.

use std::path::PathBuf;

use crate::language::Words;
use crate::{display_as_message, words};

/// Why a card or its files were refused. Displays with the path last.
#[derive(Debug, thiserror::Error)]
pub enum CardError {
    /// The file could not be read.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The operating system's words.
        source: std::io::Error,
    },
    /// The card is no card.
    Invalid {
        /// The card.
        path: PathBuf,
        /// What is wrong.
        fault: CardFault,
    },
    /// The file is not the one that the card was written for.
    HashMismatch {
        /// The card's name.
        name: String,
        /// The file's name.
        file: String,
        /// By the card.
        expected: String,
        /// By the file.
        found: String,
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
        }
    }
}

display_as_message!(CardError, CardFault);

/// What is wrong with a network's card.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CardFault {
    /// It is no JSON, or a key is missing or of the wrong kind.
    Json(String),
    /// The fault lies within this block.
    Within {
        /// The block's key.
        block: &'static str,
        /// What is wrong in it.
        fault: Box<CardFault>,
    },
    /// A schema that this program does not know.
    Newer,
    /// The network's name could not be a file's.
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
    /// The one file that every network has.
    NoOnnx,
    /// A file that lies elsewhere.
    ArtefactPlace,
    /// A checksum that is none.
    ArtefactHash,
    /// A figure out of its bounds.
    Outside {
        /// Its key.
        key: &'static str,
        /// The least that it can be.
        least: f64,
        /// The most that it can be.
        most: f64,
        /// What it is.
        found: f64,
    },
    /// An amount below zero.
    Negative {
        /// Its key.
        key: &'static str,
        /// What it is.
        found: f64,
    },
    /// The most comes before the least.
    Order {
        /// What stands first.
        first: f64,
        /// What stands second.
        second: f64,
    },
    /// More layers on the processor than there are layers.
    CpuLayers {
        /// On the processor.
        found: usize,
        /// All.
        layers: u32,
    },
    /// Words that are none.
    NoSentence,
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
            Self::Order { first, second } => words!("card-order", first = number(first), second = number(second)),
            Self::CpuLayers { found, layers } => {
                words!("card-cpu-layers", found = found.to_string(), layers = layers.to_string())
            }
            Self::NoSentence => words!("card-no-sentence"),
        }
    }

    /// The fault, within the block called `block`.
    pub(super) fn within(self, block: &'static str) -> Self {
        Self::Within { block, fault: Box::new(self) }
    }
}

impl From<serde_json::Error> for CardFault {
    fn from(error: serde_json::Error) -> Self {
        Self::Json(error.to_string())
    }
}
