//! The mask that a person has corrected, for whoever only reads it: the command line, and other views of a photo.

use std::sync::Arc;

use serde_json::{Value, json};

use super::edit::Origin;
use super::history::{Act, History};
use super::journal::{Binding, Journal, JournalError};
use crate::mask::Mask;
use crate::records::Home;

/// A corrected mask and how it came to be.
#[derive(Clone, Debug)]
pub struct Corrected {
    /// Its pixels.
    pub mask: Arc<Mask>,
    /// How.
    pub making: Making,
}

/// How a corrected mask came to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Making {
    /// What the last beginning was.
    pub origin: Origin,
    /// Steps that stand, as far as they are remembered.
    pub steps: usize,
    /// Seconds since 1970 of the last of them.
    pub unix_seconds: u64,
}

impl Making {
    /// How the mask of `history` came to be; `None` where no step stands: then nothing is corrected.
    #[must_use]
    pub fn of(history: &History) -> Option<Self> {
        let last = history.done().last()?;
        let begun = history.done().iter().rev().find_map(|step| match &step.act {
            Act::Start(origin) => Some(origin.clone()),
            Act::Edit(_) => None,
        });
        Some(Self {
            origin: begun.unwrap_or_else(|| history.origin().clone()),
            steps: history.done().len(),
            unix_seconds: last.unix_seconds,
        })
    }

    /// The same for the audit log.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let begun_from = match &self.origin {
            Origin::Network { model, threshold } => {
                json!({ "from": "network", "model": model, "threshold": threshold })
            }
            Origin::Empty => json!({ "from": "empty" }),
            Origin::Reference { name } => json!({ "from": "reference", "name": name }),
        };
        json!({ "begun": begun_from, "steps": self.steps })
    }
}

impl Corrected {
    /// The corrected mask of the photo of `binding`, where its home has one. Nothing is written.
    ///
    /// # Errors
    /// [`JournalError`] when there is a journal and none can be read.
    pub fn of(home: &Home, binding: &Binding) -> Result<Option<Self>, JournalError> {
        let found = Journal::open_in(home, binding).1;
        let history = found.told.as_ref().and_then(|told| told.replay.history());
        match (history, found.trouble) {
            (None, Some(error)) => Err(error),
            (None, None) => Ok(None),
            (Some(history), trouble) => {
                if let Some(error) = trouble {
                    log::warn!("{error}");
                }
                Ok(Making::of(history).map(|making| Self { mask: Arc::clone(history.mask()), making }))
            }
        }
    }
}
