//! What the worker says, into the state. An answer to an older photo or an older run is dropped here.

use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui::{self, ColorImage};

use super::Window;
use super::command::OverlayView;
use super::notices::Weight;
use super::state::{Current, Derived, Entry, Phase};
use super::worker::{Event, Generation, Listing};
use crate::display::Profile;
use crate::inference::Refusal;
use crate::language::{Language, Words};
use crate::photo::{Photo, PhotoSource};
use crate::pipeline::Segmentation;
use crate::words;

/// What is said when the worker met a fault of our own. It goes on with the next job.
fn crashed() -> Words {
    words!("crashed")
}

impl Window {
    /// Takes one event of the worker.
    pub(super) fn take_event(&mut self, ctx: &egui::Context, event: Event) {
        match event {
            Event::Listed(listing) => self.take_listing(ctx, listing),
            Event::PhotoReady { generation, photo, overview, profile, mask_beside }
                if self.is_photo(generation) =>
            {
                self.shown_generation = generation;
                self.take_photo(photo, profile, mask_beside);
                self.textures.set_photo(ctx, overview);
            }
            Event::PhotoFailed { generation, error } if self.is_photo(generation) => self.take_failure(error),
            Event::Segmented { generation, segmentation, histogram, passed_over } if self.is_run(generation) => {
                self.shown_generation = generation;
                self.take_segmentation(segmentation, histogram, passed_over);
            }
            Event::SegmentFailed { generation, error } if self.is_run(generation) => {
                self.shown_generation = generation;
                self.state.current.phase = Phase::NetworkFailed(error);
                self.state.current.segmentation = None;
                self.state.current.derived = None;
                self.state.current.measured = None;
                // What a person painted is there without a network.
                self.derive();
            }
            Event::ReferenceReady { generation, reference } if self.is_photo(generation) => {
                log::info!("reference: {}", reference.name.as_deref().unwrap_or("the sample's own"));
                self.state.current.reference = Some(reference);
                self.reset_table();
                self.derive();
            }
            Event::ReferenceFailed { generation, error } if self.is_photo(generation) => {
                self.tell(ctx, Weight::Failure, error);
            }
            Event::Derived { generation, derived, layer } if self.is_run(generation) => {
                self.take_derived(ctx, derived, layer);
            }
            Event::Crashed => {
                if self.state.is_busy() {
                    self.state.current.phase = Phase::NetworkFailed(crashed());
                }
                self.tell(ctx, Weight::Failure, crashed());
            }
            Event::SettingsFailed { error } => {
                self.tell(ctx, Weight::Warning, words!("settings-not-remembered", reason = error));
            }
            Event::Saved { result: Ok(path), unlogged } => {
                log::info!("saved: {}", path.display());
                self.tell(ctx, Weight::Info, words!("saved", path = path.display().to_string()));
                if let Some(reason) = unlogged {
                    self.tell(ctx, Weight::Warning, words!("not-logged", reason = reason));
                }
            }
            Event::Saved { result: Err(error), .. } => self.tell(ctx, Weight::Failure, error),
            _ => log::debug!("an answer to an older question was dropped"),
        }
    }

    fn is_photo(&self, generation: Generation) -> bool {
        generation.photo == self.generation.photo
    }

    fn is_run(&self, generation: Generation) -> bool {
        generation == self.generation
    }

    fn take_listing(&mut self, ctx: &egui::Context, listing: Listing) {
        for words in listing.failures {
            self.tell(ctx, Weight::Failure, words);
        }
        if listing.photos.is_empty() {
            match listing.references.first() {
                Some(mask) if self.state.current.photo.is_some() => self.use_reference(&mask.clone()),
                Some(mask) => {
                    // A mask is all that was opened: show it as the picture that it is.
                    self.set_entries(vec![mask.clone()], 0);
                }
                None => {}
            }
            return;
        }
        self.first_reference = self.first_reference.take().or(listing.references.into_iter().next());
        self.set_entries(listing.photos, listing.first);
    }

    fn set_entries(&mut self, photos: Vec<PathBuf>, first: usize) {
        self.keep_note();
        let entry = |path| Entry { source: PhotoSource::File(path), failure: None };
        self.state.entries = photos.into_iter().map(entry).collect();
        self.state.shown = None;
        self.load_reviews();
        self.select(first);
    }

    fn take_photo(&mut self, photo: Arc<Photo>, profile: Profile, mask_beside: Option<PathBuf>) {
        log::info!("photo: {}", photo.source.name());
        self.end_correction_of_photo();
        self.begin_display(&photo, &profile);
        self.state.current =
            Current { photo: Some(photo), profile, phase: Phase::Segmenting, ..Current::default() };
        self.state.shown = Some(self.state.selected);
        // The line was drawn on the photo before.
        self.state.measuring.ruler = None;
        self.reset_table();
        if let Some(entry) = self.state.entries.get_mut(self.state.selected) {
            entry.failure = None;
        }
        self.show_note();
        self.correct_new_photo();
        self.find_reference(mask_beside);
    }

    fn take_failure(&mut self, error: Words) {
        log::info!("photo failed: {}", error.said_in(Language::English));
        if let Some(entry) = self.state.entries.get_mut(self.state.selected) {
            entry.failure = Some(error.clone());
        }
        self.end_correction_of_photo();
        // No other photo stays behind the message: nobody shall take it for the one that failed.
        self.state.current = Current { phase: Phase::FileFailed(error), ..Current::default() };
        self.tiles.show(None);
        self.state.shown = Some(self.state.selected);
    }

    fn take_segmentation(
        &mut self,
        segmentation: Arc<Segmentation>,
        histogram: Vec<u32>,
        passed_over: Vec<Refusal>,
    ) {
        log::info!("segmented: by {} on {}", segmentation.model, segmentation.engine);
        self.state.network.engine = Some(segmentation.engine.clone());
        self.state.network.passed_over = passed_over;
        self.state.current.segmentation = Some(segmentation);
        self.state.current.histogram = histogram;
        self.state.current.phase = Phase::Done;
        self.derive();
    }

    fn take_derived(
        &mut self,
        ctx: &egui::Context,
        derived: Arc<Derived>,
        layer: Option<(OverlayView, ColorImage)>,
    ) {
        let dice = derived.agreement.map_or_else(|| "-".to_owned(), |counts| format!("{:.3}", counts.dice()));
        log::info!("outlined: threshold {:.2}, {} px, dice {dice}", derived.threshold, derived.area_px);
        let is_newest = derived.edited.as_ref().map(Arc::as_ptr) == self.state.edited_mask().map(Arc::as_ptr);
        if is_newest {
            self.state.correction.touched = None;
        }
        self.state.current.derived = Some(derived);
        if let Some((view, picture)) = layer {
            self.textures.set_layer(ctx, view, picture);
        }
    }
}
