//! What the window shows of a correction under way, as plain data.

use std::sync::Arc;

use eframe::egui::Pos2;

use crate::correction::Mode;
use crate::mask::Mask;

/// The tool that the pointer holds over the mask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tool {
    /// Paints lesion.
    #[default]
    Brush,
    Eraser,
    /// Straight lines from point to point.
    Polygon,
    Lasso,
}

/// What the pointer does to the mask, from press to release.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum PointerDrag {
    /// No button is held.
    #[default]
    None,
    /// It moves the photo.
    Pan,
    /// It paints a stroke.
    Stroke,
    /// It draws the lasso's line.
    Lasso(Mode),
    /// It is held, but nothing follows: a corner was set, or a second finger has come.
    Ignored,
}

/// The pointer over the mask, between two frames.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PointerTool {
    pub drag: PointerDrag,
    /// When it was pressed last, in seconds of the window's clock, and where on the screen.
    pub last_press: Option<(f64, Pos2)>,
}

/// Whether what was done is on the disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SaveState {
    /// Nothing was done.
    #[default]
    Nothing,
    /// It is being written.
    Writing,
    /// It is on the disk.
    Saved,
    /// There is no place for it: the sample, or a disk that does not take it.
    InMemory,
}

/// The mask that a person has corrected.
#[derive(Clone, Debug)]
pub struct Edited {
    /// Its pixels.
    pub mask: Arc<Mask>,
    /// It is the lesion that is shown, measured and saved; otherwise the network's is.
    pub is_used: bool,
}

/// The correction of the current photo.
#[derive(Clone, Debug)]
pub struct Correction {
    /// The tools are shown.
    pub is_on: bool,
    pub tool: Tool,
    /// The pointer over the mask.
    pub pointer: PointerTool,
    /// Whether polygon and lasso give or take.
    pub mode: Mode,
    /// Diameter of brush and eraser; 0 until the first photo gives it a size.
    pub brush_px: f32,
    /// How far smoothing, growing and shrinking reach.
    pub reach_px: u32,
    /// Corners of the open polygon, or the lasso's line so far.
    pub line: Vec<[f32; 2]>,
    /// Steps that can be undone.
    pub done: usize,
    /// Steps that can be redone.
    pub undone: usize,
    /// Whether they are on the disk.
    pub save_state: SaveState,
    /// An edit of the whole mask is being worked out.
    pub is_working: bool,
    /// Steps that were under way when the program was killed; the person is asked about them.
    pub unended: Option<usize>,
}

/// Brush diameters.
pub const BRUSH_PX: std::ops::RangeInclusive<f32> = 1.0..=1000.0;

/// Reaches of smoothing, growing and shrinking.
pub const REACH_PX: std::ops::RangeInclusive<u32> = 1..=100;

impl Default for Correction {
    fn default() -> Self {
        Self {
            is_on: false,
            tool: Tool::default(),
            pointer: PointerTool::default(),
            mode: Mode::default(),
            brush_px: 0.0,
            reach_px: 4,
            line: Vec::new(),
            done: 0,
            undone: 0,
            save_state: SaveState::default(),
            is_working: false,
            unended: None,
        }
    }
}

impl Correction {
    /// For the next photo: tools and sizes stay, everything that belongs to a mask goes.
    pub fn clear(&mut self) {
        let Self { tool, pointer, mode, brush_px, reach_px, .. } = *self;
        *self = Self { tool, pointer, mode, brush_px, reach_px, ..Self::default() };
    }
}
