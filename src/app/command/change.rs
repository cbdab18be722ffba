//! Changes with a value, one enum a feature.

use std::path::PathBuf;

use eframe::egui::KeyboardShortcut;

use super::action::Action;
use super::keys::KeySet;
use crate::app::model::compare::{ComparisonLayout, SideChoice};
use crate::app::model::correction::PointerTool;
use crate::app::model::editing::StrokeStep;
use crate::app::model::filmstrip::Filmstrip;
use crate::app::model::list_order::ListOrder;
use crate::app::model::preferences::SettingsPage;
use crate::app::model::review::ReviewFilter;
use crate::app::model::sections::PanelSection;
use crate::app::theme::ThemeChoice;
use crate::capture::SourceName;
use crate::correction::Mode;
use crate::display::Tone;
use crate::language::Language;
use crate::records::ReviewState;

/// What a person does to the mask. Points are photo coordinates.
#[derive(Clone, Debug, PartialEq)]
pub enum CorrectionChange {
    /// A step of a stroke.
    Stroke(StrokeStep),
    /// The pointer was pressed or released over the mask.
    Pointer(PointerTool),
    /// One more point of the polygon or the lasso.
    Point([f32; 2]),
    /// The polygon or the lasso is closed.
    CloseLine(Mode),
    /// The polygon or the lasso is given up.
    CancelLine,
    /// Draw the lesion by hand, where there is none to correct.
    DrawByHand,
    /// Diameter of the brush.
    BrushSize(f32),
    /// How far smoothing, growing and shrinking reach, in pixels.
    Reach(u32),
    /// Whether polygon and lasso give or take.
    Mode(Mode),
    /// The corrected mask is the lesion, or the network's is.
    UseEdited(bool),
    /// What was under way when the program was killed comes back, or is undone.
    Restore(bool),
}

/// What a person changes in the review.
#[derive(Clone, Debug, PartialEq)]
pub enum ReviewChange {
    /// Decide on the photo, and stay; `NotSeen` takes back what was decided.
    Decide(ReviewState),
    /// What stands in the note's field.
    Note(String),
    /// The note is written: save it.
    SaveNote,
    Reviewer(String),
    Filter(ReviewFilter),
    /// In which order the photos are gone through.
    Order(ListOrder),
    /// Try again to save what could not be saved.
    Retry,
}

/// A change of ruler and scale.
#[derive(Clone, Debug, PartialEq)]
pub enum MeasureChange {
    /// The ruler's line lies here.
    Line([[f64; 2]; 2]),
    /// The length was typed so.
    Length(String),
    /// For all photos of the folder with the same size, or for this one.
    ForFolder(bool),
    /// The ruler's line begins here.
    BeginLine([f64; 2]),
    /// The ruler's line is drawn.
    EndLine,
    /// The section of the ABCD descriptors was brought into sight.
    AbcdSeen,
    /// The typed length counts.
    UseLength,
    /// The ruler is closed.
    CloseRuler,
    /// The calibration of this photo is taken back.
    RemoveScale,
    /// Try again to save what could not be saved.
    SaveAgain,
}

/// A change of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub enum CompareChange {
    /// Both sides lie so.
    Layout(ComparisonLayout),
    /// The side at this place (0 or 1) shows this.
    Choose(usize, SideChoice),
    /// The swipe's line stands here, as a share of the canvas's width.
    Divider(f32),
    /// Seconds that a side is shown while blinking; none is by key alone.
    Blink(Option<f32>),
    /// Draw this row's outline on the photo, or none.
    Light(Option<usize>),
    /// The pointer or the keyboard's focus is on this row of the table, or on none.
    PointAtRow(Option<usize>),
    /// Run all networks for the table.
    RunTable,
    /// Stop running them; what is there stays.
    StopTable,
}

/// A change of how the photo is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DisplayChange {
    /// The photo is shown in this tone.
    Tone(Tone),
    /// The next photos take the tone along, or come as they are stored.
    Keep(bool),
}

/// A change of the camera's picture.
#[derive(Clone, Debug, PartialEq)]
pub enum LiveChange {
    /// Frames come from here.
    Source(SourceName),
    /// Outlines are smoothed from frame to frame, or not.
    Smoothing(bool),
    /// The picture is taken by itself once it is good, or not.
    Shutter(bool),
    /// Look for cameras.
    FindCameras,
    /// Begin anew.
    TryAgain,
    /// Ask for a file that is played as a camera.
    AskForFile,
    /// Ask for a folder that is played as a camera.
    AskForFolder,
    /// Pictures are kept in this folder.
    Folder(PathBuf),
}

/// A change of what the views remember from frame to frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ViewChange {
    /// The filmstrip was scrolled, or has followed the selected photo.
    Filmstrip(Filmstrip),
    /// The pointer is on this pixel of the photo, or beside it.
    PointedPixel(Option<[u32; 2]>),
    /// A section of the side panel was unfolded (true) or folded.
    Section(PanelSection, bool),
}

/// A change in the dialog before a report is saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReportChange {
    Case(String),
    Patient(String),
    /// Ask where to save it.
    Save,
}

/// A change in the settings dialog.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SettingsChange {
    Page(SettingsPage),
    /// Speak this language; `None` is the system's.
    Language(Option<Language>),
    Theme(ThemeChoice),
    /// Start where the last window was left.
    RememberSession(bool),
    /// Take the network that is recommended.
    Recommended,
    /// The next key is this command's.
    Wait(Action),
    /// A key was pressed; `None` is one that cannot be given away.
    Press(Option<KeyboardShortcut>),
    /// Take the keys from those that have them.
    Take,
    /// Leave everything as it is.
    GiveUp,
    /// The command gets the keys back that it came with.
    Reset(Action),
    ResetAll,
    /// The commands have the keys of this set, where the person has not given others.
    KeySet(KeySet),
}
