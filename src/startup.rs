//! [`StartupOptions`]: what the command line asks of the window. Never saved; the window's own settings are.

use std::path::PathBuf;

use crate::inference::EngineChoice;

/// The window's options, as the person gave them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StartupOptions {
    /// Photographs and folders to open; the built-in sample when empty.
    pub paths: Vec<PathBuf>,
    /// Write the window's picture here once the first result is shown, then end.
    pub screenshot: Option<PathBuf>,
    /// A folder with more networks.
    pub models: Option<PathBuf>,
    /// This ONNX Runtime library and no other.
    pub onnxruntime: Option<PathBuf>,
    /// The network's name.
    pub model: Option<String>,
    /// Which engine runs it.
    pub engine: EngineChoice,
    /// Reference mask of the first photo.
    pub reference: Option<PathBuf>,
    /// `[width, height]` of the window in points.
    pub size: Option<[f32; 2]>,
    /// Dark or light.
    pub theme: Option<ThemeName>,
    /// What lies over the photo at first.
    pub view: Option<ViewName>,
}

/// The window's colours, by their name on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum ThemeName {
    /// Light text on dark.
    Dark,
    /// Dark text on light.
    Light,
}

/// What lies over the photo, by its name on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum ViewName {
    /// The lesion's outline.
    Outline,
    /// The lesion filled.
    Fill,
    /// The probability as a heat map.
    Heat,
    /// Agreement with the reference mask.
    Error,
    /// Nothing.
    Off,
}
