//! [`RknnError`]: why the NPU does not take a network, each reason in its own sentence with what to do.

use std::path::PathBuf;

use super::super::model_card::CardError;
use super::ffi::{CallError, LibraryError};
use super::header::HeaderError;
use super::reason::{RknnDeviceFault, RknnReason};

/// Why the NPU does not take a network. Displays with the path last.
#[derive(Debug, thiserror::Error)]
pub enum RknnError {
    /// Another machine.
    #[error("this machine is no RK3588 board ({}); the NPU engine runs on nothing else", said_to_be(found.as_deref()))]
    OtherMachine {
        /// What it says it is, where it says so as boards do.
        found: Option<String>,
    },
    /// The network was not compiled for the NPU.
    #[error(
        "model '{model}' has no file for the NPU (.rknn); choose another model, or compile it with models/recipe"
    )]
    NoFile {
        /// The network's name.
        model: String,
    },
    /// The file is unreadable or not the card's.
    #[error(transparent)]
    File(CardError),
    /// The file is none for this NPU.
    #[error("model '{model}' cannot run on the NPU: {reason}: {}", path.display())]
    Header {
        /// The network's name.
        model: String,
        /// Why.
        reason: HeaderError,
        /// The file.
        path: PathBuf,
    },
    /// The runtime was found nowhere.
    #[error(
        "the NPU's runtime librknnrt.so was not found (looked for {looked}); \
         install the board vendor's package with it, or give --rknn-runtime PATH"
    )]
    RuntimeNotFound {
        /// Where it was looked for.
        looked: String,
    },
    /// The runtime does not open.
    #[error("the NPU's runtime cannot be opened ({detail}); install the one for this system: {}", path.display())]
    RuntimeUnusable {
        /// The loader's words.
        detail: String,
        /// The library.
        path: PathBuf,
    },
    /// The library is another one.
    #[error("this library is not the NPU's runtime, it has no {symbol}; give librknnrt.so instead: {}", path.display())]
    NotTheRuntime {
        /// What it lacks.
        symbol: &'static str,
        /// The library.
        path: PathBuf,
    },
    /// The device cannot be opened.
    #[error(transparent)]
    Device(RknnDeviceFault),
    /// The runtime refused the network.
    #[error("the NPU did not take model '{model}' (rknn_init answered {code}): {reason}")]
    Refused {
        /// The network's name.
        model: String,
        /// The runtime's code.
        code: i32,
        /// Why, with what to do.
        reason: RknnReason,
    },
    /// The network is loaded but cannot be used.
    #[error("model '{model}' cannot be used on the NPU: {detail}")]
    Unusable {
        /// The network's name.
        model: String,
        /// Why.
        detail: String,
    },
    /// The first runs after loading failed.
    #[error("model '{model}' cannot be used on the NPU: {call}: {reason}")]
    WarmUp {
        /// The network's name.
        model: String,
        /// Which call failed and how.
        call: String,
        /// What it is likely to come from, with what to do.
        reason: RknnReason,
    },
    /// A call did not come back.
    #[error(
        "the NPU did not answer within {seconds} s while loading model '{model}' and was given up; \
         restart the board if it stays so"
    )]
    TimedOut {
        /// The network's name.
        model: String,
        /// How long it was waited for.
        seconds: f32,
    },
    /// An earlier call has not come back yet.
    #[error("the NPU still hangs in an earlier run; restart the program, or the board if it stays so")]
    StillHangs,
    /// The thread that drives the NPU ended by itself, or could not begin.
    #[error("the thread that drives the NPU failed ({detail}); please report it")]
    Thread {
        /// How.
        detail: String,
    },
}

fn said_to_be(found: Option<&str>) -> String {
    found.map_or_else(
        || "it does not say which board it is, as boards do".to_owned(),
        |name| format!("it is {name}"),
    )
}

impl From<LibraryError> for RknnError {
    fn from(error: LibraryError) -> Self {
        match error {
            LibraryError::NotFound(paths) => {
                let looked: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
                Self::RuntimeNotFound { looked: looked.join(", ") }
            }
            LibraryError::Unusable(path, detail) => Self::RuntimeUnusable { detail, path },
            LibraryError::NoSymbol(path, symbol) => Self::NotTheRuntime { symbol, path },
        }
    }
}

impl RknnError {
    /// A call that failed on a loaded network.
    pub(super) fn call(model: &str, error: &CallError) -> Self {
        Self::Unusable { model: model.to_owned(), detail: error.to_string() }
    }
}
