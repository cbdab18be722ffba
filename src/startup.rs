//! What the command line asks of the window and of the kiosk. Never saved; what is remembered is in `app::settings`.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::inference::{EngineChoice, EngineOptions};
use crate::language::Language;
use crate::overlay::view::OverlayView;

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
    /// For benches: frames do not wait for the screen, and nothing is written.
    pub is_benchmark: bool,
}

/// What the command line asks of the kiosk.
#[derive(Clone, Debug, Default)]
pub struct KioskOptions {
    /// The settings' file; the usual one without.
    pub config: Option<PathBuf>,
    /// A window of this size instead of the whole screen, to try it.
    pub size: Option<[f32; 2]>,
    /// A folder of networks that goes before all others.
    pub models: Option<PathBuf>,
    /// Where engines look for their libraries.
    pub libraries: EngineOptions,
    /// The service's runtime directory, where its place is kept over a restart.
    pub runtime: Option<PathBuf>,
}

/// Dark or light.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum ThemeChoice {
    /// A calm dark canvas.
    #[default]
    Dark,
    /// The same in light.
    Light,
}

impl ThemeChoice {
    /// The one that this is not.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Dark => Self::Light,
            Self::Light => Self::Dark,
        }
    }
}
