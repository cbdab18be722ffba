//! [`CardFault`]: what is wrong with a network's card, a variant for each sentence, so that the window can say it in the
//! person's language. The JSON parser's own words stay as they are.

/// What is wrong with a network's card.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CardFault {
    /// It is no JSON, or a key is missing or of the wrong kind.
    #[error("{0}")]
    Json(String),
    /// The fault lies within this block.
    #[error("{block}: {fault}")]
    Within {
        /// The block's key.
        block: &'static str,
        /// What is wrong in it.
        fault: Box<CardFault>,
    },
    /// A schema that this program does not know.
    #[error("schema is not 1; this program is older than the card")]
    Newer,
    /// The network's name could not be a file's.
    #[error("name must be letters, digits, '-', '_' or '.'")]
    Name,
    /// The order of the input's axes.
    #[error("input layout must be NCHW")]
    InputLayout,
    /// The order of the input's colours.
    #[error("input colour must be RGB")]
    InputColour,
    /// What the output means.
    #[error("output meaning must be probability")]
    OutputMeaning,
    /// Sizes of input and output.
    #[error("sizes must be 1 to 4096")]
    Sizes,
    /// The mean of the input's colours.
    #[error("mean must be finite")]
    Mean,
    /// Their standard deviation.
    #[error("std must be above zero")]
    Std,
    /// The threshold.
    #[error("threshold must be 0 to 1")]
    Threshold,
    /// The one file that every network has.
    #[error("no artefact of format onnx")]
    NoOnnx,
    /// A file that lies elsewhere.
    #[error("artefact files must lie beside the card")]
    ArtefactPlace,
    /// A checksum that is none.
    #[error("artefact sha256 must be 64 digits from 0 to f")]
    ArtefactHash,
    /// A figure out of its bounds.
    #[error("{key} must be {least} to {most}, found {found}")]
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
    #[error("{key} must be a number from 0 on, found {found}")]
    Negative {
        /// Its key.
        key: &'static str,
        /// What it is.
        found: f64,
    },
    /// The most comes before the least.
    #[error("estimated_millis must be the least, then the most; found {first}, {second}")]
    Order {
        /// What stands first.
        first: f64,
        /// What stands second.
        second: f64,
    },
    /// More layers on the processor than there are layers.
    #[error("{found} cpu_layers are more than the {layers} layers")]
    CpuLayers {
        /// On the processor.
        found: usize,
        /// All.
        layers: u32,
    },
    /// Words that are none.
    #[error("one sentence was expected")]
    NoSentence,
}

impl CardFault {
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
