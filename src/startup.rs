//! What the command line asks of the window. Never saved; what is remembered is in `app::settings`.

use std::path::PathBuf;

use crate::app::brush_bench::Measured;
use crate::app::command::OverlayView;
use crate::app::theme::ThemeChoice;
use crate::inference::{EngineChoice, EngineOptions};
use crate::language::Language;

/// Options of one start of the window.
#[derive(Clone, Debug, Default)]
pub struct StartupOptions {
    /// Photos and folders to open; none opens the sample.
    pub paths: Vec<PathBuf>,
    /// Write the window's picture here once the first result is there, and end.
    pub screenshot: Option<PathBuf>,
    /// A folder of networks that goes before all others.
    pub models: Option<PathBuf>,
    /// Where engines look for their libraries.
    pub libraries: EngineOptions,
    /// The network to begin with.
    pub model: Option<String>,
    /// The engine to begin with.
    pub engine: EngineChoice,
    /// Reference mask of the first photo.
    pub reference: Option<PathBuf>,
    /// `[width, height]` of the window in points.
    pub size: Option<[f32; 2]>,
    /// The data directory, for records of folders that cannot be written; none in a program that shall keep none there.
    pub data: Option<PathBuf>,
    /// Dark or light, whatever is remembered.
    pub theme: Option<ThemeChoice>,
    /// The window's language, whatever is remembered.
    pub language: Option<Language>,
    /// The language without a choice, from the command line or remembered.
    pub system_language: Language,
    /// What lies over the photo, whatever is remembered.
    pub view: Option<OverlayView>,
    /// Measure the brush, then end. Nothing is written.
    pub brush_bench: Option<BrushBenchOptions>,
}

/// How the brush is measured.
#[derive(Clone, Debug)]
pub struct BrushBenchOptions {
    /// Frames of each row.
    pub frames: usize,
    /// Where the figures go.
    pub measured: Measured,
}
