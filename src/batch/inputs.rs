//! The photos named by paths on the command line: files as they are, folders as the photos in them.

use std::path::{Path, PathBuf};

use super::UsageError;
use crate::photo_files;

/// A photo, or why a path yields none (the path last in the message).
#[derive(Debug)]
pub(super) struct PhotoInput {
    pub(super) path: PathBuf,
    pub(super) failure: Option<String>,
}

/// A file's name without its folder, for display.
pub(super) fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

impl AsRef<Path> for PhotoInput {
    fn as_ref(&self) -> &Path {
        &self.path
    }
}

/// Walks `paths` in order. A file is accepted whatever its name; decoding decides what it is.
pub(super) fn walk(paths: &[PathBuf]) -> Vec<PhotoInput> {
    let photo = |path: PathBuf| PhotoInput { path, failure: None };
    let mut inputs = Vec::new();
    for path in paths {
        if !path.is_dir() {
            inputs.push(photo(path.clone()));
            continue;
        }
        match in_folder(path) {
            Ok(photos) => inputs.extend(photos.into_iter().map(photo)),
            Err(error) => inputs.push(PhotoInput { path: path.clone(), failure: Some(error.to_string()) }),
        }
    }
    inputs
}

/// Like [`walk`], but an error if no path yields a photo: then there is nothing to do.
pub(super) fn walk_some(paths: &[PathBuf]) -> Result<Vec<PhotoInput>, UsageError> {
    let inputs = walk(paths);
    let failure = inputs.iter().find_map(|input| input.failure.clone());
    match failure {
        Some(reason) if inputs.iter().all(|input| input.failure.is_some()) => Err(UsageError::new(reason)),
        _ => Ok(inputs),
    }
}

/// The photos of `folder`; a folder without any is an error.
pub(super) fn in_folder(folder: &Path) -> Result<Vec<PathBuf>, UsageError> {
    match photo_files::in_folder(folder) {
        Ok(photos) if photos.is_empty() => Err(UsageError::new(format!(
            "no photograph in this folder, looked for names ending in {}: {}",
            photo_files::PHOTO_ENDINGS.join(", "),
            folder.display()
        ))),
        Ok(photos) => Ok(photos),
        Err(error) => Err(UsageError::new(format!("cannot read the folder ({error}): {}", folder.display()))),
    }
}
