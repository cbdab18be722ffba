//! The network's `.rknn` file: found by its card, checked against the card's hash, its header read.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::card_error::CardError;
use super::super::library::search_directories;
use super::super::model::{Model, ModelOrigin};
use super::error::RknnError;
use super::header::Header;
use crate::decode::sha256_hex;
use crate::files::{self, FileKind};

/// The artefacts' format in a card.
const FORMAT: &str = "rknn";

/// A checked file.
pub(super) struct RknnArtefact {
    pub(super) bytes: Arc<[u8]>,
    pub(super) header: Header,
}

/// Reads the network's file for the NPU.
pub(super) fn read(model: &Model) -> Result<RknnArtefact, RknnError> {
    let card = &model.card;
    let listed = card.artefacts.iter().find(|artefact| artefact.format == FORMAT);
    let Some(listed) = listed else { return Err(RknnError::NoFile { model: card.name.clone() }) };
    let path = place(model, &listed.file);
    let bytes = files::read(&path, FileKind::Network).map_err(|error| RknnError::File(error.into()))?;
    let found = sha256_hex(&bytes);
    if found != listed.sha256 {
        return Err(RknnError::File(CardError::HashMismatch {
            name: card.name.clone(),
            file: listed.file.clone(),
            expected: listed.sha256.clone(),
            found,
            path,
        }));
    }
    let header = Header::read(&bytes).map_err(|reason| RknnError::Header {
        model: card.name.clone(),
        reason,
        path: path.clone(),
    })?;
    Ok(RknnArtefact { bytes: bytes.into(), header })
}

/// Beside the card. The built-in network's card has no folder; its file is looked for where networks are, and the hash
/// ensures that it belongs to the card.
fn place(model: &Model, file: &str) -> PathBuf {
    match &model.origin {
        ModelOrigin::Folder(folder) => folder.join(file),
        ModelOrigin::BuiltIn => {
            let folders = search_directories();
            let paths = folders.iter().map(|folder| folder.join(&model.card.name).join(file));
            paths.into_iter().find(|path| path.exists()).unwrap_or_else(|| Path::new(file).to_owned())
        }
    }
}
