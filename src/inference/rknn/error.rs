//! [`RknnError`]: why the NPU cannot load a network, each reason in its own sentence with what to do.

use std::path::PathBuf;

use super::super::card_error::CardError;
use super::ffi::{CallError, LibraryError};
use super::header::RknnHeaderError;
use super::reason::{RknnDeviceFault, RknnReason};
use crate::language::Words;
use crate::{display_as_message, words};

/// Why the NPU cannot load a network. Displays with the path last.
#[derive(Debug, thiserror::Error)]
pub enum RknnError {
    /// Another machine.
    OtherMachine {
        /// The board model that it reports, if it reports one.
        found: Option<String>,
    },
    /// The network was not compiled for the NPU.
    NoFile {
        /// The network's name.
        model: String,
    },
    /// The file is unreadable or not the card's.
    File(CardError),
    /// The file is not for this NPU.
    Header {
        /// The network's name.
        model: String,
        /// Why.
        reason: RknnHeaderError,
        /// The file.
        path: PathBuf,
    },
    /// The runtime was not found.
    RuntimeNotFound {
        /// Where it was looked for.
        looked: String,
    },
    /// The runtime cannot be opened.
    RuntimeUnusable {
        /// The loader's message.
        detail: String,
        /// The library.
        path: PathBuf,
    },
    /// The library is a different one.
    NotTheRuntime {
        /// The missing symbol.
        symbol: &'static str,
        /// The library.
        path: PathBuf,
    },
    /// The device cannot be opened.
    Device(RknnDeviceFault),
    /// The runtime refused the network.
    Refused {
        /// The network's name.
        model: String,
        /// The runtime's code.
        code: i32,
        /// Why, with what to do.
        reason: RknnReason,
    },
    /// The network is loaded but cannot be used.
    Unusable {
        /// The network's name.
        model: String,
        /// Why.
        detail: String,
    },
    /// The first runs after loading failed.
    WarmUp {
        /// The network's name.
        model: String,
        /// Which call failed and how.
        call: String,
        /// The likely cause, with what to do.
        reason: RknnReason,
    },
    /// A call did not return.
    TimedOut {
        /// The network's name.
        model: String,
        /// How long the program waited for it.
        seconds: f32,
    },
    /// An earlier call has not returned yet.
    StillHangs,
    /// The thread that drives the NPU ended by itself, or could not start.
    Thread {
        /// How.
        detail: String,
    },
}

impl From<LibraryError> for RknnError {
    fn from(error: LibraryError) -> Self {
        match error {
            LibraryError::NotFound(looked) => Self::RuntimeNotFound { looked },
            LibraryError::Unusable(path, detail) => Self::RuntimeUnusable { detail, path },
            LibraryError::NoSymbol(path, symbol) => Self::NotTheRuntime { symbol, path },
        }
    }
}

impl RknnError {
    /// The error in words, with the path last.
    #[must_use]
    pub fn message(&self) -> Words {
        match self {
            Self::OtherMachine { found: Some(name) } => words!("npu-other-machine", found = name.as_str()),
            Self::OtherMachine { found: None } => words!("npu-unknown-machine"),
            Self::NoFile { model } => words!("npu-no-file", model = model.as_str()),
            Self::File(error) => error.message(),
            Self::Header { model, reason, path } => {
                words!("npu-header", model = model.as_str(), reason = reason.message(), path = path.as_path())
            }
            Self::RuntimeNotFound { looked } => words!("npu-runtime-not-found", looked = looked.as_str()),
            Self::RuntimeUnusable { detail, path } => {
                words!("npu-runtime-unusable", detail = detail.as_str(), path = path.as_path())
            }
            Self::NotTheRuntime { symbol, path } => {
                words!("npu-not-the-runtime", symbol = *symbol, path = path.as_path())
            }
            Self::Device(fault) => fault.message(),
            Self::Refused { model, code, reason } => {
                words!("npu-refused", model = model.as_str(), code = code.to_string(), reason = reason.message())
            }
            Self::WarmUp { model, call, reason } => {
                let detail = words!("npu-call", call = call.as_str(), reason = reason.message());
                words!("npu-unusable", model = model.as_str(), detail = detail)
            }
            Self::Unusable { model, detail } => {
                words!("npu-unusable", model = model.as_str(), detail = detail.as_str())
            }
            Self::TimedOut { model, seconds } => {
                words!("npu-timed-out", model = model.as_str(), seconds = seconds.to_string())
            }
            Self::StillHangs => words!("npu-still-hangs"),
            Self::Thread { detail } => words!("npu-thread", detail = detail.as_str()),
        }
    }

    /// A call that failed on a loaded network.
    pub(super) fn call(model: &str, error: &CallError) -> Self {
        Self::Unusable { model: model.to_owned(), detail: error.to_string() }
    }
}

display_as_message!(RknnError);
