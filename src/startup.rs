//! Options of the window and the kiosk from the command line. Never saved; what is remembered is in `app::settings`.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::capture::SourceName;
use crate::inference::{EngineChoice, EngineOptions};
use crate::language::Language;
use crate::overlay::view::OverlayView;

/// Options of one start of the window.
#[derive(Clone, Debug, Default)]
pub struct StartupOptions {
    /// Photos and folders to open; none opens the sample.
    pub paths: Vec<PathBuf>,
    /// Save a screenshot here once the first result is shown, then exit.
    pub screenshot: Option<PathBuf>,
    /// A folder of networks that is searched before all others.
    pub models: Option<PathBuf>,
    /// Where engines look for their libraries.
    pub libraries: EngineOptions,
    /// Network at startup.
    pub model: Option<String>,
    /// Engine at startup.
    pub engine: EngineChoice,
    /// Reference mask of the first photo.
    pub reference: Option<PathBuf>,
    /// `[width, height]` of the window in points.
    pub size: Option<[f32; 2]>,
    /// The data directory, for records of folders that cannot be written; `None` where none may be kept there.
    pub data: Option<PathBuf>,
    /// The person's own folder, which messages call `~`.
    pub home: Option<PathBuf>,
    /// Theme; overrides the remembered one.
    pub theme: Option<ThemeChoice>,
    /// Language of the window; overrides the remembered one.
    pub language: Option<Language>,
    /// Language when none is given on the command line or remembered.
    pub system_language: Language,
    /// Overlay; overrides the remembered one.
    pub view: Option<OverlayView>,
    /// Begin with the picture of this camera, or of what is played as one.
    pub live: Option<SourceName>,
    /// For benches: frames do not wait for the screen, and nothing is written.
    pub is_benchmark: bool,
}

/// Options of the kiosk.
#[derive(Clone, Debug, Default)]
pub struct KioskOptions {
    /// Settings file; `None` means `/etc/dermaloupe/kiosk.toml`.
    pub config: Option<PathBuf>,
    /// A window of this size, in points, instead of the whole screen, to try it out.
    pub size: Option<[f32; 2]>,
    /// A folder of networks that is searched before all others.
    pub models: Option<PathBuf>,
    /// Where engines look for their libraries.
    pub libraries: EngineOptions,
    /// Runtime directory of the service, where its place is kept across a restart.
    pub runtime: Option<PathBuf>,
}

/// Dark or light.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum ThemeChoice {
    /// Dark theme.
    #[default]
    Dark,
    /// Light theme.
    Light,
}

impl ThemeChoice {
    /// The other theme.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Dark => Self::Light,
            Self::Light => Self::Dark,
        }
    }
}
