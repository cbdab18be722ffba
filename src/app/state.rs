//! What the window shows, as plain data: no textures, no threads, no files. Only `apply.rs` changes it.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::command::OverlayView;
use super::compare::Comparing;
use super::correction_state::{Correction, Edited};
use super::display::Display;
use super::measure::{Measured, Measuring};
use super::notices::Notices;
use super::preferences::Preferences;
use super::review::Reviewing;
use super::theme::ThemeChoice;
use crate::display::Profile;
use crate::geometry::contour::Outline;
use crate::inference::{EngineChoice, EngineInfo, Model, Refusal};
use crate::language::{Language, Words};
use crate::mask::Mask;
use crate::measure::agreement::Confusion;
use crate::photo::{Photo, PhotoSource};
use crate::pipeline::Segmentation;

/// Which part of the photo is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Look {
    /// All of it, whatever the window's size.
    #[default]
    Fit,
    /// A zoom in screen pixels a photo pixel, and the photo point in the middle of the canvas as shares of its size,
    /// so that going to the next photo keeps both.
    At {
        /// Screen pixels a photo pixel.
        zoom: f32,
        /// `[x, y]` in `0..=1` of the photo's width and height.
        centre: [f32; 2],
    },
}

/// One photo of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Where it is.
    pub source: PhotoSource,
    /// Why it could not be opened, once tried.
    pub failure: Option<Words>,
}

/// A reference mask over the current photo.
#[derive(Clone, Debug)]
pub struct Reference {
    /// The mask, at the photo's size.
    pub mask: Mask,
    /// Lines around it.
    pub outlines: Vec<Outline>,
    /// Its file's name; `None` is the sample's own mask.
    pub name: Option<String>,
}

/// What follows from a segmentation at one threshold.
#[derive(Clone, Debug)]
pub struct Derived {
    /// The threshold it was made at.
    pub threshold: f32,
    /// Lines around the lesion.
    pub outlines: Vec<Outline>,
    /// Lesion pixels at the photo's size.
    pub area_px: u64,
    /// Separate regions of lesion.
    pub regions: usize,
    /// Against the reference, where there is one.
    pub agreement: Option<Confusion>,
    /// The corrected mask that this describes; `None` where it is the network's.
    pub edited: Option<Arc<Mask>>,
}

/// Where the current photo stands.
#[derive(Clone, Debug, Default)]
pub enum Phase {
    /// No photo was asked for.
    #[default]
    Nothing,
    /// The file is being read; whatever was shown before still is.
    Loading,
    /// The network is running.
    Segmenting,
    /// The result is there.
    Done,
    /// The file could not be opened.
    FileFailed(Words),
    /// The photo is there, but the network failed on it.
    NetworkFailed(Words),
}

/// The photo on the canvas and what is known of it.
#[derive(Clone, Debug, Default)]
pub struct Current {
    /// Its pixels.
    pub photo: Option<Arc<Photo>>,
    /// How its colours are meant.
    pub profile: Profile,
    /// What the network says.
    pub segmentation: Option<Arc<Segmentation>>,
    /// Counts of the probabilities, for the threshold slider.
    pub histogram: Vec<u32>,
    /// The reference mask.
    pub reference: Option<Arc<Reference>>,
    /// The mask that a person has corrected.
    pub edited: Option<Edited>,
    /// Outlines and figures at the threshold.
    pub derived: Option<Arc<Derived>>,
    /// Measures of the lesion, of this outline or the one before.
    pub measured: Option<Arc<Measured>>,
    /// Where it stands.
    pub phase: Phase,
}

/// The overlay, as the person set it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Overlay {
    /// What is shown.
    pub view: OverlayView,
    /// `0..=1`.
    pub threshold: f32,
    /// Opacity of fill, heat map and error view, `0..=1`.
    pub opacity: f32,
}

/// Which dialog lies on top.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialog {
    /// None.
    #[default]
    None,
    /// Keys and gestures.
    Help,
    /// What this program is.
    About,
    /// The settings.
    Settings,
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

/// The network in use, and the engine that runs it once it has.
#[derive(Clone, Debug)]
pub struct NetworkState {
    /// The networks to choose from.
    pub models: Vec<Arc<Model>>,
    /// Name of the recommended one, where there is one.
    pub recommended: Option<String>,
    /// The one in use.
    pub model: Arc<Model>,
    /// Name of the one that the person chose in the window, now or before; it is remembered. Without a choice each
    /// start takes what is recommended then.
    pub chosen: Option<String>,
    /// The person's choice of engine.
    pub choice: EngineChoice,
    /// The engine that ran last.
    pub engine: Option<EngineInfo>,
    /// Engines that were passed over, and why.
    pub passed_over: Vec<Refusal>,
}

/// Everything the window shows.
#[derive(Clone, Debug)]
pub struct State {
    /// The photos that can be walked.
    pub entries: Vec<Entry>,
    /// The one that was asked for last.
    pub selected: usize,
    /// The one on the canvas. While the next loads, this is still the one before.
    pub current: Current,
    /// Which entry the canvas shows; differs from `selected` while loading.
    pub shown: Option<usize>,
    /// Which part is looked at.
    pub look: Look,
    /// The overlay.
    pub overlay: Overlay,
    /// Correcting the mask by hand.
    pub correction: Correction,
    /// Panels.
    pub panels: Panels,
    /// The dialog on top.
    pub dialog: Dialog,
    /// Network and engine.
    pub network: NetworkState,
    /// What was decided on the photos.
    pub reviewing: Reviewing,
    /// Ruler, scales, and what is drawn of the measures.
    pub measuring: Measuring,
    /// How the photo is shown.
    pub display: Display,
    /// Both sides of a comparison, and the table of all networks.
    pub comparing: Comparing,
    /// The settings dialog, and the keys that count.
    pub preferences: Preferences,
    /// Things to tell the person.
    pub notices: Notices,
    /// Files opened before, newest first.
    pub recent: Vec<PathBuf>,
    /// Dark or light.
    pub theme: ThemeChoice,
    /// The language that the window speaks.
    pub language: Language,
    /// The one that the person chose in the window, now or before; it is remembered. Without a choice each start takes
    /// the system's.
    pub chosen_language: Option<Language>,
    /// Reference masks chosen by hand, by photo.
    pub chosen_references: HashMap<PathBuf, PathBuf>,
    /// Photos whose reference was taken away by hand.
    pub refused_references: Vec<PathBuf>,
}

impl State {
    /// The entry that was asked for last.
    #[must_use]
    pub fn selected_entry(&self) -> Option<&Entry> {
        self.entries.get(self.selected)
    }

    /// Whether the error view can be shown.
    #[must_use]
    pub fn has_reference(&self) -> bool {
        self.current.reference.is_some()
    }

    /// The corrected mask, where it is the lesion that counts.
    #[must_use]
    pub fn edited_mask(&self) -> Option<&Arc<Mask>> {
        self.current.edited.as_ref().filter(|edited| edited.is_used).map(|edited| &edited.mask)
    }

    /// Whether there is a mask to outline, measure and save: the network's or a corrected one.
    #[must_use]
    pub fn has_mask(&self) -> bool {
        self.current.segmentation.is_some() || self.edited_mask().is_some()
    }

    /// Whether a photo is being read or segmented.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        matches!(self.current.phase, Phase::Loading | Phase::Segmenting)
    }
}
