//! Actions that correct the mask, with their keys and words, and [`Correct`]: what a hand does to it.

use eframe::egui::{Key, Modifiers};

use super::Action;
use super::keys::{CTRL, CTRL_SHIFT, NONE, SHIFT};
use crate::correction::Mode;
use crate::language::Words;
use crate::words;

impl Action {
    /// Those that correct the mask.
    pub(super) const CORRECTING: &'static [Self] = &[
        Self::ToggleCorrection,
        Self::UseOtherMask,
        Self::UseBrush,
        Self::UseEraser,
        Self::UsePolygon,
        Self::UseLasso,
        Self::BrushSmaller,
        Self::BrushLarger,
        Self::CloseLine,
        Self::RemovePoint,
        Self::FillHoles,
        Self::KeepLargest,
        Self::Smooth,
        Self::Grow,
        Self::Shrink,
        Self::Undo,
        Self::Redo,
        Self::StartFromNetwork,
        Self::StartEmpty,
        Self::StartFromReference,
    ];

    /// Whether it has to do with correcting the mask.
    #[must_use]
    pub fn is_about_correcting(self) -> bool {
        Self::CORRECTING.contains(&self)
    }

    /// Whether its keys count while the tools that correct are out, or away.
    #[must_use]
    pub fn has_keys(self, is_correcting: bool) -> bool {
        match self {
            Self::ToggleCorrection | Self::UseOtherMask => true,
            // Their keys are the brush's then.
            Self::ThresholdDown | Self::ThresholdUp | Self::ThresholdReset => !is_correcting,
            _ => is_correcting || !self.is_about_correcting(),
        }
    }

    /// The keys of an action that corrects; no other has any here.
    pub(super) fn correcting_keys(self) -> &'static [(Modifiers, Key)] {
        match self {
            Self::ToggleCorrection => &[(NONE, Key::E)],
            Self::UseOtherMask => &[(NONE, Key::V)],
            Self::UseBrush => &[(NONE, Key::B)],
            Self::UseEraser => &[(NONE, Key::X)],
            Self::UsePolygon => &[(NONE, Key::P)],
            Self::UseLasso => &[(NONE, Key::L)],
            Self::BrushSmaller => &[(NONE, Key::OpenBracket)],
            Self::BrushLarger => &[(NONE, Key::CloseBracket)],
            Self::CloseLine => &[(NONE, Key::Enter)],
            Self::RemovePoint => &[(NONE, Key::Backspace)],
            Self::FillHoles => &[(NONE, Key::H)],
            Self::KeepLargest => &[(NONE, Key::K)],
            Self::Smooth => &[(NONE, Key::S)],
            Self::Grow => &[(NONE, Key::G)],
            Self::Shrink => &[(SHIFT, Key::G)],
            Self::Undo => &[(CTRL, Key::Z)],
            Self::Redo => &[(CTRL_SHIFT, Key::Z), (CTRL, Key::Y)],
            Self::StartFromNetwork => &[(SHIFT, Key::N)],
            Self::StartEmpty => &[(SHIFT, Key::Delete)],
            Self::StartFromReference => &[(SHIFT, Key::R)],
            _ => &[],
        }
    }

    /// The words of an action that corrects.
    pub(super) fn correcting_words(self) -> Words {
        match self {
            Self::ToggleCorrection => words!("action-toggle-correction"),
            Self::UseOtherMask => words!("action-use-other-mask"),
            Self::UseBrush => words!("action-use-brush"),
            Self::UseEraser => words!("action-use-eraser"),
            Self::UsePolygon => words!("action-use-polygon"),
            Self::UseLasso => words!("action-use-lasso"),
            Self::BrushSmaller => words!("action-brush-smaller"),
            Self::BrushLarger => words!("action-brush-larger"),
            Self::CloseLine => words!("action-close-line"),
            Self::RemovePoint => words!("action-remove-point"),
            Self::FillHoles => words!("action-fill-holes"),
            Self::KeepLargest => words!("action-keep-largest"),
            Self::Smooth => words!("action-smooth"),
            Self::Grow => words!("action-grow"),
            Self::Shrink => words!("action-shrink"),
            Self::Undo => words!("action-undo"),
            Self::Redo => words!("action-redo"),
            Self::StartFromNetwork => words!("action-start-from-network"),
            Self::StartEmpty => words!("action-start-empty"),
            _ => words!("action-start-from-reference"),
        }
    }
}

/// What a hand does to the mask. Points are photo coordinates.
#[derive(Clone, Debug, PartialEq)]
pub enum Correct {
    /// A stroke begins.
    Begin {
        /// Paint or erase.
        mode: Mode,
        /// Of the brush.
        radius_px: f32,
        /// Where.
        at: [f32; 2],
    },
    /// The stroke goes on through these points.
    Along(Vec<[f32; 2]>),
    /// The stroke is done.
    End,
    /// The stroke is given up.
    Cancel,
    /// One more point of the polygon or the lasso.
    Point([f32; 2]),
    /// The polygon or the lasso is closed.
    CloseLine(Mode),
    /// The polygon or the lasso is given up.
    CancelLine,
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
