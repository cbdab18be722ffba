//! The mask under correction: its steps, the pixels that are painted on, and what waits for its turn.

use std::collections::VecDeque;

use crate::correction::journal::Replay;
use crate::correction::{Edit, History, MaskChange, Mode};
use crate::geometry::area::Area;
use crate::geometry::toggles::Toggles;
use crate::mask::Mask;
use crate::provenance::CorrectionStart;

/// What the pointer does to a stroke of the brush. Points are photo coordinates.
#[derive(Clone, Debug, PartialEq)]
pub enum StrokeStep {
    Begin {
        mode: Mode,
        /// Of the brush.
        radius_px: f32,
        at: [f32; 2],
    },
    /// It goes on through these points.
    Along(Vec<[f32; 2]>),
    End,
    /// It is given up.
    Cancel,
}

/// What changes the mask; one after the other, each when the one before is done and on the disk.
#[derive(Clone, Debug)]
pub enum QueuedEdit {
    /// A step of a stroke.
    Stroke(StrokeStep),
    /// What lies within a line.
    Within(Edit),
    /// A change of the whole mask.
    Whole(MaskChange),
    Undo,
    Redo,
}

/// A stroke under way.
#[derive(Clone, Debug)]
pub struct Stroke {
    pub mode: Mode,
    /// Of the brush.
    pub radius_px: f32,
    /// Its points so far, in photo coordinates.
    pub points: Vec<[f32; 2]>,
    /// What it has changed so far.
    pub area: Option<Area>,
}

/// Whether the photo has a journal to write to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JournalState {
    /// It has none: the sample, or a session without records.
    #[default]
    None,
    /// It is being looked for.
    Opening,
    Open,
}

/// The correction of the photo on the canvas, beside what is shown of it.
#[derive(Clone, Debug, Default)]
pub struct Editing {
    /// Number of the photo, by which the journal's outcomes are told apart.
    pub photo: u64,
    /// Whether there is a journal.
    pub journal: JournalState,
    /// What the journal told, until the person has decided what to do with it.
    pub found: Option<Replay>,
    /// The journal is damaged and nothing was corrected since: steps may be missing.
    pub is_damaged: bool,
    /// The mask with its steps.
    pub history: Option<History>,
    /// The mask that is painted on; between strokes it is the history's.
    pub live: Option<Mask>,
    /// The stroke under way.
    pub stroke: Option<Stroke>,
    /// The beginning, until it is in the journal.
    pub begin: Option<(CorrectionStart, Toggles)>,
    /// The journal knows that a person corrects.
    pub is_open: bool,
    /// Writes that were not reported yet.
    pub unsaved: usize,
    /// The last write failed; nothing waits for the disk.
    pub is_failing: bool,
    /// What came while something was being worked out or written.
    pub queued: VecDeque<QueuedEdit>,
}

impl Editing {
    /// Whether anything was done that can be undone or redone.
    #[must_use]
    pub fn has_steps(&self) -> bool {
        self.history.as_ref().is_some_and(|history| !history.done().is_empty() || !history.undone().is_empty())
    }

    /// Adopts a mask with its steps.
    pub fn adopt(&mut self, history: History) {
        self.live = Some((**history.mask()).clone());
        self.history = Some(history);
    }
}
