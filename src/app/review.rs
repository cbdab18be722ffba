//! Reviewing in the window: what was decided on each photo, the filter, and the way from one open photo to the next.
//! A decision counts for the photo on the canvas, never for one that is still loading.

pub mod keeper;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use eframe::egui;
use jiff::Timestamp;
use strum::VariantArray as _;

use self::keeper::{Job, Told};
use super::command::Action;
use super::notices::Weight;
use super::state::{Entry, Phase, State};
use super::{Window, failures, views};
use crate::language::{SystemError, Words};
use crate::photo::PhotoSource;
use crate::provenance::NetworkRun;
use crate::records::{PhotoFile, Place, Review, ReviewState};
use crate::words;

/// Which photos the filmstrip shows and the arrow keys walk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    /// All.
    #[default]
    All,
    /// Those of one state.
    Only(ReviewState),
}

impl Filter {
    /// All filters, in the order of the menu.
    pub fn each() -> impl Iterator<Item = Self> {
        std::iter::once(Self::All).chain(ReviewState::VARIANTS.iter().copied().map(Self::Only))
    }

    fn lets(self, state: ReviewState) -> bool {
        match self {
            Self::All => true,
            Self::Only(wanted) => wanted == state,
        }
    }
}

/// What a person changes in the review.
#[derive(Clone, Debug, PartialEq)]
pub enum ReviewChange {
    /// Decide on the photo, and stay.
    Decide(ReviewState),
    /// What stands in the note's field.
    Note(String),
    /// The note is written: keep it.
    KeepNote,
    /// The reviewer's name.
    Reviewer(String),
    /// Show these photos.
    Filter(Filter),
    /// Try again to keep what could not be kept.
    Retry,
}

/// The review of the photos that are open.
#[derive(Clone, Debug, Default)]
pub struct Reviewing {
    /// The record of each photo that has one.
    of: HashMap<PathBuf, Review>,
    /// Which photos are walked.
    pub filter: Filter,
    /// Who reviews; remembered.
    pub reviewer: String,
    /// What stands in the note's field, and of which photo it is.
    pub note: String,
    note_of: Option<PathBuf>,
    /// Records that could not be kept, and why the last of them could not.
    pub unkept: Vec<Review>,
    /// Why they could not.
    pub unkept_reason: Option<Words>,
    /// The records are of a newer program: they are shown and not changed.
    pub is_newer: bool,
    /// Where records are kept when it is not beside the photos; said once.
    away_said: bool,
    /// Counts lists of photos, so that records of a list before are dropped.
    generation: u64,
}

/// What a photo is called here: its path, or the sample's name.
fn key(source: &PhotoSource) -> PathBuf {
    source.path().map_or_else(|| PathBuf::from(source.name()), Path::to_owned)
}

impl Reviewing {
    /// Nothing decided yet, by `reviewer`.
    #[must_use]
    pub fn by(reviewer: &str) -> Self {
        Self { reviewer: reviewer.to_owned(), ..Self::default() }
    }

    /// The state of a photo.
    #[must_use]
    pub fn state_of(&self, source: &PhotoSource) -> ReviewState {
        self.of.get(&key(source)).map(|review| review.state).unwrap_or_default()
    }

    /// The record of a photo.
    #[must_use]
    pub fn record_of(&self, source: &PhotoSource) -> Option<&Review> {
        self.of.get(&key(source))
    }

    /// How many of `entries` the filter would show.
    #[must_use]
    pub fn count(&self, entries: &[Entry], filter: Filter) -> usize {
        entries.iter().filter(|entry| filter.lets(self.state_of(&entry.source))).count()
    }

    /// How many of `entries` are decided.
    #[must_use]
    pub fn decided(&self, entries: &[Entry]) -> usize {
        entries.len() - self.count(entries, Filter::Only(ReviewState::NotSeen))
    }
}

impl State {
    /// Whether the photo on the canvas can be decided on: it is the one that was asked for, and its
    /// outline is there, or cannot be had.
    #[must_use]
    pub fn can_decide(&self) -> bool {
        let is_there = self.current.photo.is_some() && self.shown == Some(self.selected);
        is_there && matches!(self.current.phase, Phase::Done | Phase::NetworkFailed(_)) && !self.reviewing.is_newer
    }

    /// The photos that the filter shows, by their places; the selected one is always among them.
    #[must_use]
    pub fn walked(&self) -> Vec<usize> {
        let is_walked = |place: &usize| {
            *place == self.selected
                || self.reviewing.filter.lets(self.reviewing.state_of(&self.entries[*place].source))
        };
        (0..self.entries.len()).filter(is_walked).collect()
    }

    /// The next open photo after the selected one, and then from the first.
    fn next_open(&self) -> Option<usize> {
        let count = self.entries.len();
        let open = |place: &usize| self.reviewing.state_of(&self.entries[*place].source) == ReviewState::NotSeen;
        (1..=count).map(|step| (self.selected + step) % count).find(open)
    }
}

impl Window {
    /// Carries out an action of the review; false for any other.
    pub(super) fn perform_reviewing(&mut self, ctx: &egui::Context, action: Action) -> bool {
        match action {
            Action::Accept => self.decide_and_go_on(ctx, ReviewState::Accepted),
            Action::Reject => self.decide_and_go_on(ctx, ReviewState::Rejected),
            Action::MarkUnsure => self.decide_and_go_on(ctx, ReviewState::Unsure),
            Action::NextUnreviewed => match self.state.next_open() {
                Some(place) => self.select(place),
                None => self.tell(ctx, Weight::Info, words!("review-all-done", count = self.state.entries.len())),
            },
            Action::WriteNote => {
                self.state.panels.side = true;
                self.state.panels.canvas_only = false;
                views::focus_note(ctx);
            }
            _ => return false,
        }
        true
    }

    /// Carries out a change of the review.
    pub(super) fn change_review(&mut self, ctx: &egui::Context, change: ReviewChange) {
        match change {
            ReviewChange::Decide(state) => {
                self.decide(ctx, state);
            }
            ReviewChange::Note(note) => {
                self.state.reviewing.note_of = self.state.current.photo.as_ref().map(|photo| key(&photo.source));
                self.state.reviewing.note = note;
            }
            ReviewChange::KeepNote => self.keep_note(),
            ReviewChange::Reviewer(name) => {
                self.correcting.reviewer.clone_from(&name);
                self.state.reviewing.reviewer = name;
            }
            ReviewChange::Filter(filter) => self.state.reviewing.filter = filter,
            ReviewChange::Retry => {
                for review in std::mem::take(&mut self.state.reviewing.unkept) {
                    self.keep(review);
                }
            }
        }
    }

    fn decide_and_go_on(&mut self, ctx: &egui::Context, state: ReviewState) {
        let next = self.state.walked().into_iter().find(|&place| place > self.state.selected);
        if self.decide(ctx, state) {
            match next {
                Some(place) => self.select(place),
                None => self.tell(ctx, Weight::Info, words!("review-last-photo")),
            }
        }
    }

    /// Decides on the photo on the canvas; false when there is none to decide on.
    fn decide(&mut self, ctx: &egui::Context, state: ReviewState) -> bool {
        if !self.state.can_decide() {
            if self.state.reviewing.is_newer {
                self.tell(ctx, Weight::Warning, words!("review-newer"));
            }
            return false;
        }
        let Some(mut review) = self.fresh_review() else { return false };
        review.state = state;
        self.put(review);
        true
    }

    /// Keeps the note that was written on the photo it was written on.
    pub(super) fn keep_note(&mut self) {
        let reviewing = &self.state.reviewing;
        let Some(photo) = &self.state.current.photo else { return };
        let known = reviewing.record_of(&photo.source).map_or("", |review| review.note.as_str());
        let is_of_this = reviewing.note_of.as_ref() == Some(&key(&photo.source));
        if !is_of_this || reviewing.note == known || reviewing.is_newer {
            return;
        }
        if let Some(review) = self.fresh_review() {
            self.put(review);
        }
    }

    /// The record of the photo on the canvas as it would be written now, its state unchanged.
    fn fresh_review(&self) -> Option<Review> {
        let (reviewing, current) = (&self.state.reviewing, &self.state.current);
        let photo = current.photo.as_ref()?;
        let file = match &photo.source {
            PhotoSource::File(path) => PhotoFile::at(path),
            PhotoSource::BuiltIn(name) => PhotoFile { name: (*name).to_owned(), ..PhotoFile::default() },
        };
        let mut review = Review::new(&photo.sha256, file.clone(), Timestamp::now());
        if let Some(known) = reviewing.record_of(&photo.source).filter(|known| known.sha256 == photo.sha256) {
            let rest = (file.name, file.bytes, file.modified);
            review = Review { changed: review.changed, ..known.clone() };
            (review.name, review.bytes, review.modified) = rest;
        }
        if reviewing.note_of.as_ref() == Some(&key(&photo.source)) {
            review.note.clone_from(&reviewing.note);
        }
        review.reviewer = reviewing.reviewer.trim().to_owned();
        review.result = self.provenance();
        Some(review)
    }

    /// What made the outline on the canvas, as it stands.
    pub(super) fn provenance(&self) -> Option<NetworkRun> {
        let segmentation = self.state.current.segmentation.as_ref()?;
        let models = &self.state.network.models;
        let model = models.iter().find(|model| model.card.name == segmentation.model);
        Some(NetworkRun {
            model: segmentation.model.clone(),
            model_sha256: model
                .and_then(|model| model.card.onnx())
                .map(|onnx| onnx.sha256.clone())
                .unwrap_or_default(),
            engine: segmentation.engine.to_string(),
            threshold: self.state.overlay.threshold,
            program: env!("CARGO_PKG_VERSION").to_owned(),
        })
    }

    /// Shows a record at once, and has it kept.
    fn put(&mut self, review: Review) {
        let Some(photo) = &self.state.current.photo else { return };
        self.state.reviewing.of.insert(key(&photo.source), review.clone());
        self.keep(review);
    }

    fn keep(&mut self, review: Review) {
        let source = self.state.entries.iter().map(|entry| &entry.source);
        let of = &self.state.reviewing.of;
        let mut source = source.filter(|source| of.get(&key(source)).is_some_and(|r| r.sha256 == review.sha256));
        if let Some(source) = source.next() {
            self.keeper.ask(Job::Keep { source: source.clone(), review: Box::new(review) });
        }
    }

    /// Asks for the records of a new list of photos.
    pub(super) fn load_reviews(&mut self) {
        let reviewing = &mut self.state.reviewing;
        reviewing.generation += 1;
        (reviewing.of, reviewing.is_newer, reviewing.away_said) = (HashMap::new(), false, false);
        (reviewing.note, reviewing.note_of, reviewing.filter) = (String::new(), None, Filter::All);
        let sources = self.state.entries.iter().map(|entry| entry.source.clone()).collect();
        self.state.measuring.scales.ask();
        self.keeper.ask(Job::Load { generation: self.state.reviewing.generation, sources });
    }

    /// The note of the photo that has come onto the canvas.
    pub(super) fn show_note(&mut self) {
        let reviewing = &mut self.state.reviewing;
        let source = self.state.current.photo.as_ref().map(|photo| photo.source.clone());
        let record = source.as_ref().and_then(|source| reviewing.record_of(source));
        reviewing.note = record.map(|review| review.note.clone()).unwrap_or_default();
        reviewing.note_of = source.as_ref().map(key);
    }

    /// Says once for a list of photos that their records are not beside them.
    pub(super) fn say_away(&mut self, ctx: &egui::Context, reason: &SystemError) {
        if !std::mem::replace(&mut self.state.reviewing.away_said, true) {
            self.tell(ctx, Weight::Info, words!("review-kept-away", reason = reason));
        }
    }

    /// Takes what the keeping thread says.
    pub(super) fn take_told(&mut self, ctx: &egui::Context, told: Told) {
        match told {
            Told::Loaded { generation, reviews, scales, complaints, is_newer } => {
                if generation != self.state.reviewing.generation {
                    return;
                }
                for complaint in complaints {
                    self.tell(ctx, Weight::Warning, failures::complaint(&complaint));
                }
                self.state.measuring.scales.take(scales);
                // What was decided while the list was read is the newer.
                let decided = std::mem::replace(&mut self.state.reviewing.of, reviews);
                self.state.reviewing.of.extend(decided);
                self.state.reviewing.is_newer = is_newer;
                self.show_note();
                log::info!("reviews: {}", self.state.reviewing.of.len());
            }
            Told::Kept { review, result: Ok(place) } => {
                log::info!("kept: {} {}", review.name, review.state.key());
                self.state.reviewing.unkept.retain(|unkept| unkept.sha256 != review.sha256);
                if let Place::Away { reason: Some(reason) } = place {
                    self.say_away(ctx, &reason);
                }
            }
            Told::Calibrated { source, change, result } => self.take_calibrated(ctx, source, change, result),
            Told::Kept { review, result: Err(error) } => {
                let reason = failures::records(&error);
                self.tell(
                    ctx,
                    Weight::Failure,
                    words!("review-not-kept", name = review.name.as_str(), reason = reason.clone()),
                );
                let reviewing = &mut self.state.reviewing;
                reviewing.unkept.retain(|unkept| unkept.sha256 != review.sha256);
                reviewing.unkept.push(*review);
                reviewing.unkept_reason = Some(reason);
            }
        }
    }
}
