//! Everything a person can ask of the window: an [`Action`] from a button, a menu or a key, or a change with a value.

pub mod action;
pub mod action_group;
pub mod change;
pub mod key_bindings;
pub mod key_mode;
pub mod keys;

use std::path::PathBuf;

use self::action::Action;
use self::change::{
    CompareChange, CorrectionChange, DisplayChange, LiveChange, MeasureChange, ReportChange, ReviewChange,
    SettingsChange, ViewChange,
};
use super::model::editing::StrokeStep;
use super::model::geometry::ViewTransform;
use crate::inference::EngineChoice;
use crate::overlay::view::OverlayView;
use crate::steps::ImageSteps;

/// What a person asks of the window; `update` carries it out.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// An action from a button, a menu or a key.
    Do(Action),
    /// Open these files and folders.
    Open(Vec<PathBuf>),
    /// Show the photo at this place in the list.
    Select(usize),
    /// Compare with this mask.
    UseReference(PathBuf),
    /// Count pixels from this probability on as lesion.
    SetThreshold(f32),
    /// Let the overlay shine through: 0 is invisible, 1 is opaque.
    SetOpacity(f32),
    /// Zoom and move the photo, or the camera's picture, so.
    SetView(ViewTransform),
    UseModel(String),
    /// Run it on this engine.
    UseEngine(EngineChoice),
    /// Carry out these steps before and after the network.
    UseSteps(ImageSteps),
    /// Save the mask here.
    SaveMaskTo(PathBuf),
    /// Save the outlined photo here.
    SaveOverlayTo(PathBuf),
    /// Save the report here.
    SaveReportTo(PathBuf),
    /// A dialog closed at once without an answer: there may be none on this system.
    DialogFailed,
    /// No file manager shows files in this folder.
    NotShown(PathBuf),
    /// A file dialog has closed; what was chosen in it comes after.
    DialogClosed,
    Correct(CorrectionChange),
    CloseNotice(u64),
    /// Close what stands above the canvas: the sentence on the sample, or that the network failed.
    CloseStrip,
    Review(ReviewChange),
    /// A change of measuring.
    Measure(MeasureChange),
    /// A change of the display.
    Display(DisplayChange),
    /// A change of the camera's picture.
    Live(LiveChange),
    /// A change of comparing.
    Compare(CompareChange),
    /// A change of what stands on a report.
    Report(ReportChange),
    /// A change of the settings.
    Settings(SettingsChange),
    /// A change of what the views remember.
    View(ViewChange),
}

impl From<CorrectionChange> for Command {
    fn from(change: CorrectionChange) -> Self {
        Self::Correct(change)
    }
}

impl From<LiveChange> for Command {
    fn from(change: LiveChange) -> Self {
        Self::Live(change)
    }
}

impl From<StrokeStep> for Command {
    fn from(step: StrokeStep) -> Self {
        Self::Correct(CorrectionChange::Stroke(step))
    }
}

impl From<Action> for Command {
    fn from(action: Action) -> Self {
        Self::Do(action)
    }
}

impl From<OverlayView> for Action {
    fn from(view: OverlayView) -> Self {
        match view {
            OverlayView::Outline => Self::ShowOutline,
            OverlayView::Band => Self::ShowBand,
            OverlayView::Fill => Self::ShowFill,
            OverlayView::Heat => Self::ShowHeat,
            OverlayView::Error => Self::ShowError,
            OverlayView::Off => Self::ShowOff,
        }
    }
}
