//! The folders that the system gives this program.

use std::path::PathBuf;

use etcetera::base_strategy::{BaseStrategy as _, choose_native_strategy};

/// For data that stays: networks, ONNX Runtime, records of photographs in folders that cannot be written to.
#[must_use]
pub fn data() -> Option<PathBuf> {
    choose_native_strategy().ok().map(|folders| folders.data_dir().join("dermaloupe"))
}

/// For settings.
#[must_use]
pub fn settings() -> Option<PathBuf> {
    choose_native_strategy().ok().map(|folders| folders.config_dir().join("dermaloupe"))
}
