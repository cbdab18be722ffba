//! The review of the photos that are open: what was decided on each, the note, and which of them are listed.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use strum::VariantArray as _;

use crate::language::Words;
use crate::photo::PhotoSource;
use crate::provenance::MaskSource;
use crate::records::{Review, ReviewState};

/// Which photos the filmstrip shows and the arrow keys go through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReviewFilter {
    /// All.
    #[default]
    All,
    /// Those of one state, whosever their masks are.
    Only(ReviewState),
    /// Those with a mask of that source, whatever was decided.
    Mask(MaskSource),
    /// Those whose outline is in doubt.
    Doubtful,
}

impl ReviewFilter {
    /// The filters by decision, in the order of the menu.
    pub fn by_state() -> impl Iterator<Item = Self> {
        ReviewState::VARIANTS.iter().copied().map(Self::Only)
    }

    /// The filters by mask, in the order of the menu.
    pub fn by_mask() -> impl Iterator<Item = Self> {
        MaskSource::VARIANTS.iter().copied().map(Self::Mask)
    }
}

/// A decision that can be taken back.
#[derive(Clone, Debug)]
pub struct DecisionStep {
    /// The photo that it was on.
    pub source: PhotoSource,
    /// State and reviewer before it.
    pub before: (ReviewState, String),
}

/// The most decisions that are remembered to be taken back.
pub const MOST_STEPS: usize = 1000;

/// The review of the photos that are open.
#[derive(Clone, Debug, Default)]
pub struct Reviewing {
    /// The record of each photo that has one.
    pub of: HashMap<PathBuf, Review>,
    /// Which photos are listed.
    pub filter: ReviewFilter,
    /// Who reviews; remembered.
    pub reviewer: String,
    /// What stands in the note's field.
    pub note: String,
    /// The photo that the note is of.
    pub note_of: Option<PathBuf>,
    /// Decisions since the list was opened, the newest last.
    pub steps: Vec<DecisionStep>,
    /// Records that could not be saved, with their photos.
    pub unsaved: Vec<(PhotoSource, Review)>,
    /// Why the last of them could not.
    pub unsaved_reason: Option<Words>,
    /// The records are of a newer program: they are shown and not changed.
    pub is_newer: bool,
    /// Where records are written when that is not beside the photos; said once.
    pub is_data_directory_said: bool,
    /// Counts lists of photos, so that records of a list before are dropped.
    pub list: u64,
}

/// What a photo is called here: its path, or the sample's name.
#[must_use]
pub fn key(source: &PhotoSource) -> PathBuf {
    source.path().map_or_else(|| PathBuf::from(source.name()), Path::to_owned)
}

impl Reviewing {
    /// Nothing decided yet, by `reviewer`.
    #[must_use]
    pub fn by(reviewer: &str) -> Self {
        Self { reviewer: reviewer.to_owned(), ..Self::default() }
    }

    /// Nothing of the photos stays; only who reviews.
    pub fn clear(&mut self) {
        *self = Self { reviewer: std::mem::take(&mut self.reviewer), list: self.list, ..Self::default() };
    }

    /// The state of a photo.
    #[must_use]
    pub fn state_of(&self, source: &PhotoSource) -> ReviewState {
        self.record_of(source).map(|review| review.state).unwrap_or_default()
    }

    /// The record of a photo. It is asked of every photo of a list in every frame: a file's path is not copied for it.
    #[must_use]
    pub fn record_of(&self, source: &PhotoSource) -> Option<&Review> {
        match source.path() {
            Some(path) => self.of.get(path),
            None => self.of.get(&key(source)),
        }
    }

    /// What was noted on a photo.
    #[must_use]
    pub fn note_of(&self, source: &PhotoSource) -> &str {
        self.record_of(source).map_or("", |review| review.note.trim())
    }
}
