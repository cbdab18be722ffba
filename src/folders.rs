//! The folders that the system gives this program.

use std::path::PathBuf;

use directories::ProjectDirs;

fn ours() -> Option<ProjectDirs> {
    ProjectDirs::from("", "", "dermaloupe")
}

/// For data that stays: networks, ONNX Runtime, records of photographs in folders that cannot be written to.
#[must_use]
pub fn data() -> Option<PathBuf> {
    ours().map(|folders| folders.data_dir().to_owned())
}

/// For settings.
#[must_use]
pub fn settings() -> Option<PathBuf> {
    ours().map(|folders| folders.config_dir().to_owned())
}
