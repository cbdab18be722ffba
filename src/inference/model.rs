//! [`Model`]: a network's file and its card, checked against each other; one network is built in.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;

use super::card_error::{CardError, CardFault};
use super::model_card::ModelCard;
use super::onnx_graph;
use crate::decode::sha256_hex;
use crate::files::{self, FileKind};

/// The built-in network: this line chooses it. It is the one that the zoo recommends, if it recommends any; a test
/// checks that.
macro_rules! built_in {
    () => {
        "globalatt"
    };
}

const BUILT_IN_CARD: &[u8] = include_bytes!(concat!("../../models/zoo/", built_in!(), "/card.json"));
const BUILT_IN_ONNX: &[u8] = include_bytes!(concat!("../../models/zoo/", built_in!(), "/model.onnx"));

/// Where a network came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelOrigin {
    /// Built into the program.
    BuiltIn,
    /// A folder with `card.json`.
    Folder(PathBuf),
}

impl std::fmt::Display for ModelOrigin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::BuiltIn => write!(f, "built in"),
            Self::Folder(folder) => write!(f, "{}", folder.display()),
        }
    }
}

/// A network whose file has been checked against its card.
#[derive(Clone, Debug)]
pub struct Model {
    /// Its facts.
    pub card: ModelCard,
    /// The card as written, including keys that this program does not know.
    pub written_card: Value,
    /// Where it came from.
    pub origin: ModelOrigin,
    /// The ONNX file's bytes.
    pub onnx: Arc<[u8]>,
}

impl Model {
    /// Name of the built-in network.
    pub const BUILT_IN: &'static str = built_in!();

    /// The built-in network.
    ///
    /// # Errors
    /// Never in a build whose tests passed: a test checks the built-in file against its card.
    pub fn built_in() -> Result<Self, CardError> {
        Self::checked(BUILT_IN_CARD, ModelOrigin::BuiltIn, Path::new("built in"), |_| Ok(BUILT_IN_ONNX.to_vec()))
    }

    /// The network in `folder`: `card.json` and the ONNX file that it names. Artefacts for an NPU are not read here.
    ///
    /// # Errors
    /// [`CardError`], naming the file that is unreadable, invalid or not the card's.
    pub fn from_folder(folder: &Path) -> Result<Self, CardError> {
        let card_path = folder.join("card.json");
        let json = files::read(&card_path, FileKind::Card)?;
        let read_onnx = |file: &str| Ok(files::read(&folder.join(file), FileKind::Network)?);
        Self::checked(&json, ModelOrigin::Folder(folder.to_owned()), &card_path, read_onnx)
    }

    fn checked(
        json: &[u8],
        origin: ModelOrigin,
        card_path: &Path,
        read: impl Fn(&str) -> Result<Vec<u8>, CardError>,
    ) -> Result<Self, CardError> {
        let invalid = |fault: CardFault| CardError::Invalid { path: card_path.to_owned(), fault };
        let card = ModelCard::from_json(json).map_err(invalid)?;
        let written_card = serde_json::from_slice(json).map_err(|error| invalid(error.into()))?;
        let artefact = card.onnx().ok_or_else(|| invalid(CardFault::NoOnnx))?.clone();
        let onnx = read(&artefact.file)?;
        let found = sha256_hex(&onnx);
        if found != artefact.sha256 {
            return Err(CardError::HashMismatch {
                name: card.name,
                path: card_path.with_file_name(&artefact.file),
                file: artefact.file,
                expected: artefact.sha256,
                found,
            });
        }
        if origin != ModelOrigin::BuiltIn {
            onnx_graph::check(&onnx, [card.input.height, card.input.width]).map_err(|fault| CardError::Graph {
                name: card.name.clone(),
                path: card_path.with_file_name(&artefact.file),
                fault,
            })?;
        }
        Ok(Self { card, written_card, origin, onnx: onnx.into() })
    }
}
