//! Everything the window shows.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::compare::Comparing;
use super::correction::Correction;
use super::current::{Current, OutlineParts, Phase};
use super::display::Display;
use super::editing::Editing;
use super::filmstrip::Filmstrip;
use super::geometry::{Geometry, ViewTransform};
use super::list_order::DoubtQueue;
use super::live::Live;
use super::measure::Measuring;
use super::network::NetworkState;
use super::notices::Notices;
use super::preferences::Preferences;
use super::read_ahead::ReadAhead;
use super::report_fields::ReportFields;
use super::review::Reviewing;
use super::scale::Scale;
use super::sections::SectionFolds;
use crate::app::command::action::Action;
use crate::app::theme::ThemeChoice;
use crate::confidence::Confidence;
use crate::correction::History;
use crate::inference::{MaskMeaning, Model};
use crate::language::{Language, Words};
use crate::mask::Mask;
use crate::overlay::view::OverlayView;
use crate::photo::{Photo, PhotoSource};
use crate::provenance::{CorrectionSummary, MaskOrigin, MaskSource};
use crate::records::ReviewState;

/// One photo of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct PhotoEntry {
    pub source: PhotoSource,
    /// Why it could not be opened, once tried.
    pub failure: Option<Words>,
}

/// The overlay, as the person set it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Overlay {
    pub view: OverlayView,
    /// `0..=1`.
    pub threshold: f32,
    pub opacity: LayerOpacity,
    /// The network's outline is drawn dashed beneath a corrected one.
    pub shows_network_outline: bool,
}

/// How opaque each layer is, `0..=1`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LayerOpacity {
    pub fill: f32,
    /// The band around the outline.
    pub band: f32,
    /// Fill and a stroke's trace while the mask is corrected: the border has to be seen under it.
    pub correcting: f32,
    /// Of what is surely lesion; the less sure, the less.
    pub heat: f32,
    pub error: f32,
}

impl Default for LayerOpacity {
    fn default() -> Self {
        Self { fill: 0.5, band: 0.45, correcting: 0.2, heat: 0.6, error: 0.85 }
    }
}

impl LayerOpacity {
    /// That of the layer that `view` shows.
    #[must_use]
    pub fn of(&self, view: OverlayView, is_correcting: bool) -> f32 {
        let mut copy = *self;
        *copy.of_mut(view, is_correcting)
    }

    /// The same, to be changed.
    pub fn of_mut(&mut self, view: OverlayView, is_correcting: bool) -> &mut f32 {
        match view {
            OverlayView::Heat => &mut self.heat,
            OverlayView::Error => &mut self.error,
            OverlayView::Band if !is_correcting => &mut self.band,
            OverlayView::Band => &mut self.correcting,
            OverlayView::Outline | OverlayView::Fill | OverlayView::Off if is_correcting => &mut self.correcting,
            OverlayView::Outline | OverlayView::Fill | OverlayView::Off => &mut self.fill,
        }
    }

    /// Each within `0..=1`; what is no number is its default.
    #[must_use]
    pub fn within_bounds(self) -> Self {
        let usual = Self::default();
        let bounded = |value: f32, usual: f32| if value.is_finite() { value.clamp(0.0, 1.0) } else { usual };
        Self {
            fill: bounded(self.fill, usual.fill),
            band: bounded(self.band, usual.band),
            correcting: bounded(self.correcting, usual.correcting),
            heat: bounded(self.heat, usual.heat),
            error: bounded(self.error, usual.error),
        }
    }
}

/// Which dialog lies on top.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialog {
    /// None.
    #[default]
    None,
    Help,
    /// What this program is.
    About,
    Settings,
    /// What stands on a report beside the figures.
    Report,
}

/// Which panels are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Panels {
    /// Thumbnails on the left.
    pub filmstrip: bool,
    /// Controls and figures on the right.
    pub side: bool,
    /// Everything hidden but the canvas.
    pub canvas_only: bool,
}

impl Panels {
    /// Whether the controls and figures on the right are in sight.
    #[must_use]
    pub fn shows_side(self) -> bool {
        self.side && !self.canvas_only
    }
}

/// Everything the window shows.
#[derive(Clone, Debug)]
pub struct State {
    /// The photos of the list.
    pub entries: Vec<PhotoEntry>,
    /// The one that was asked for last.
    pub selected: usize,
    /// The one on the canvas. While the next loads, this is still the one before.
    pub current: Current,
    /// Which entry the canvas shows; differs from `selected` while loading.
    pub shown: Option<usize>,
    /// Photos in memory beside the one on the canvas.
    pub read_ahead: ReadAhead,
    /// Which part of the photo is shown.
    pub view_transform: ViewTransform,
    /// Where the filmstrip stands.
    pub filmstrip: Filmstrip,
    /// The photo's pixel under the pointer.
    pub pointed_pixel: Option<[u32; 2]>,
    /// What draws the window, as OpenGL names it.
    pub graphics: Option<String>,
    /// Where the photo lay in the last frame, for zooming by key.
    pub geometry: Option<Geometry>,
    /// How often a photo was asked for, so that asking for the same one again is seen.
    pub open_requests: u64,
    /// How often a network was asked for.
    pub network_requests: u64,
    pub overlay: Overlay,
    /// Correcting the mask by hand.
    pub correction: Correction,
    /// The mask under correction.
    pub editing: Editing,
    pub panels: Panels,
    /// Which sections of the side panel are unfolded.
    pub sections: SectionFolds,
    /// The dialog on top.
    pub dialog: Dialog,
    pub report_fields: ReportFields,
    pub network: NetworkState,
    /// What was decided on the photos.
    pub reviewing: Reviewing,
    /// What is known of the doubt of their outlines, and the order that they are gone through in.
    pub queue: DoubtQueue,
    /// Ruler, scales, and what is drawn of the measures.
    pub measuring: Measuring,
    /// How the photo is shown.
    pub display: Display,
    /// Both sides of a comparison, and the table of all networks.
    pub comparing: Comparing,
    /// The camera's picture.
    pub live: Live,
    /// The settings dialog, and the keys that count.
    pub preferences: Preferences,
    /// The file that was saved last.
    pub saved: Option<PathBuf>,
    /// The file dialog that is open, by the action that asked for it.
    pub asking: Option<Action>,
    /// The person closed the sentence on the sample.
    pub is_sample_explained: bool,
    /// Things to tell the person.
    pub notices: Notices,
    /// The person's own folder: `~` in what is said.
    pub home: Option<PathBuf>,
    /// Files opened before, newest first.
    pub recent: Vec<PathBuf>,
    pub theme: ThemeChoice,
    /// The language that the window speaks.
    pub language: Language,
    /// The one that the person chose in the window, now or before; it is remembered. Without a choice each start takes
    /// the system's.
    pub chosen_language: Option<Language>,
    /// Reference masks chosen by the person, by photo.
    pub chosen_references: HashMap<PathBuf, PathBuf>,
    /// Photos whose reference was closed by the person.
    pub refused_references: Vec<PathBuf>,
    /// `--reference`, or a mask that was opened together with photos, until the first photo is there.
    pub first_reference: Option<PathBuf>,
}

impl State {
    /// The entry that was asked for last.
    #[must_use]
    pub fn selected_entry(&self) -> Option<&PhotoEntry> {
        self.entries.get(self.selected)
    }

    /// Whether the network's outline lies beneath a corrected one.
    #[must_use]
    pub fn shows_network_outline(&self) -> bool {
        self.overlay.shows_network_outline && self.shows_corrected()
    }

    /// Whether the mask that is shown is a person's, or is becoming it.
    #[must_use]
    pub fn shows_corrected(&self) -> bool {
        self.correction.is_on || self.edited_mask().is_some()
    }

    /// How opaque the layer is that is shown, `0..=1`.
    #[must_use]
    pub fn layer_opacity(&self) -> f32 {
        self.overlay.opacity.of(self.overlay.view, self.correction.is_on)
    }

    /// Whether the error view can be shown.
    #[must_use]
    pub fn has_reference(&self) -> bool {
        self.current.reference.is_some()
    }

    /// The network whose result is on the canvas.
    #[must_use]
    pub fn segmented_by(&self) -> Option<&Arc<Model>> {
        self.current.segmentation.as_ref().and_then(|result| self.network.named(&result.model))
    }

    /// How sure the network is of its outline that is shown, or of the one before while this one is measured; none of a
    /// mask that a person made.
    #[must_use]
    pub fn confidence(&self) -> Option<&Confidence> {
        self.current.measured.as_ref().filter(|_| !self.shows_corrected())?.confidence.as_ref()
    }

    /// Whether there is a band to be shown: of a network's outline, and not beside another.
    #[must_use]
    pub fn can_show_band(&self) -> bool {
        let has_band = self.network.model.card.optional.band.is_some();
        has_band && !self.shows_corrected() && !self.comparing.is_on
    }

    /// The corrected mask, where it is the lesion that counts.
    #[must_use]
    pub fn edited_mask(&self) -> Option<&Arc<Mask>> {
        self.current.edited_mask()
    }

    /// Whether there is a mask to outline, measure and save: the network's or a corrected one.
    #[must_use]
    pub fn has_mask(&self) -> bool {
        self.current.segmentation.is_some() || self.edited_mask().is_some()
    }

    /// What the mask on the canvas means; of the network in use where none is there yet.
    #[must_use]
    pub fn meaning(&self) -> MaskMeaning {
        match &self.current.segmentation {
            Some(result) if result.field_of_view.is_some() => MaskMeaning::Vessels,
            Some(_) => MaskMeaning::Lesion,
            None => self.network.model.card.meaning(),
        }
    }

    /// Whether the sentence that says what the sample is stands above it.
    #[must_use]
    pub fn explains_sample(&self) -> bool {
        let is_sample = |photo: &Arc<Photo>| matches!(photo.source, PhotoSource::BuiltIn(_));
        let is_bare = self.comparing.is_on || self.correction.is_on || self.panels.canvas_only;
        !self.is_sample_explained && !is_bare && self.current.photo.as_ref().is_some_and(is_sample)
    }

    /// What the outline of that mask is drawn of.
    #[must_use]
    pub fn outline_parts(&self) -> Option<OutlineParts> {
        let photo = self.current.photo.clone().filter(|_| self.has_mask())?;
        Some(OutlineParts {
            photo,
            segmentation: self.current.segmentation.clone(),
            model: self.segmented_by().cloned(),
            reference: self.current.reference.clone(),
            edited: self.edited_mask().cloned(),
            threshold: self.overlay.threshold,
            view: self.overlay.view,
        })
    }

    /// Whether a photo is being read or segmented.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        matches!(self.current.phase, Phase::Loading | Phase::Segmenting)
    }

    /// Whether the photo on the canvas is still the one before, because the one that was asked for is being read.
    #[must_use]
    pub fn shows_former(&self) -> bool {
        let asked = self.selected_entry().map(|entry| &entry.source);
        let shown = self.current.photo.as_ref().map(|photo| &photo.source);
        matches!(self.current.phase, Phase::Loading) && shown.is_some() && shown != asked
    }

    /// How the corrected mask that is shown came to be. One whose every correction was undone is the network's again.
    #[must_use]
    pub fn correction_summary(&self) -> Option<CorrectionSummary> {
        let is_shown = self.edited_mask().is_some() && self.correction.done > 0;
        let summary = self.editing.history.as_ref().filter(|_| is_shown).and_then(History::summary)?;
        Some(CorrectionSummary { is_damaged: self.editing.is_damaged, ..summary })
    }

    /// The scale of the photo on the canvas.
    #[must_use]
    pub fn scale(&self) -> Option<Scale> {
        self.current.photo.as_ref().and_then(|photo| self.measuring.scales.of(photo))
    }

    /// What is reviewed: the photo on the canvas, or the file that could not be opened in its place.
    #[must_use]
    pub fn reviewed_source(&self) -> Option<&PhotoSource> {
        if let Some(photo) = &self.current.photo {
            return Some(&photo.source);
        }
        let place = self.shown.filter(|_| matches!(self.current.phase, Phase::FileFailed(_)))?;
        self.entries.get(place).map(|entry| &entry.source)
    }

    /// Whether `decision` can be made on what is reviewed: it is what was asked for, and its outline is there, or cannot
    /// be had. A file that cannot be opened has none to accept.
    #[must_use]
    pub fn can_decide(&self, decision: ReviewState) -> bool {
        let is_asked_for = self.shown == Some(self.selected) && self.reviewed_source().is_some();
        let is_ready = match self.current.phase {
            Phase::Done | Phase::NetworkFailed(_) => true,
            Phase::FileFailed(_) => decision != ReviewState::Accepted,
            Phase::Nothing | Phase::Loading | Phase::Segmenting => false,
        };
        is_asked_for && is_ready && !self.reviewing.is_newer
    }

    /// Whose mask the photo at `place` has: of the one on the canvas as it stands, of others as their records say.
    #[must_use]
    pub fn mask_source(&self, place: usize) -> MaskSource {
        let is_on_canvas = self.shown == Some(place) && self.current.photo.is_some();
        let correction = if is_on_canvas { self.correction_summary() } else { None };
        if let Some(source) = correction.and_then(|summary| MaskOrigin::Corrected(summary).source()) {
            return source;
        }
        let record = self.entries.get(place).and_then(|entry| self.reviewing.record_of(&entry.source));
        record.map(|review| review.mask).unwrap_or_default()
    }
}
