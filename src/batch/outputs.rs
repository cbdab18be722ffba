//! Where `segment` writes its results: planned for all inputs before the first is read, so that none overwrites
//! another.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Serialize, Serializer};

use super::UsageError;
use super::inputs::PhotoInput;
use crate::files::{self, FileKind, WriteError};

/// The files that one photo's results are written to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Outputs {
    #[serde(serialize_with = "lossy")]
    pub(super) mask: PathBuf,
    #[serde(serialize_with = "lossy_if_any", skip_serializing_if = "Option::is_none")]
    pub(super) overlay: Option<PathBuf>,
    #[serde(serialize_with = "lossy_if_any", skip_serializing_if = "Option::is_none")]
    pub(super) probability: Option<PathBuf>,
}

impl Outputs {
    pub(super) fn paths(&self) -> impl Iterator<Item = &PathBuf> {
        std::iter::once(&self.mask).chain(&self.overlay).chain(&self.probability)
    }
}

/// A name that is not Unicode is shown lossily, because JSON cannot hold it.
fn lossy<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.to_string_lossy())
}

fn lossy_if_any<S: Serializer>(path: &Option<PathBuf>, serializer: S) -> Result<S::Ok, S::Error> {
    path.as_ref().map(|path| path.to_string_lossy()).serialize(serializer)
}

/// A photo, and its outputs or the reason why it gets none.
pub(super) struct Planned {
    pub(super) photo: PathBuf,
    pub(super) outputs: Result<Outputs, String>,
}

impl AsRef<Path> for Planned {
    fn as_ref(&self) -> &Path {
        &self.photo
    }
}

/// Creates `folder` if it is missing.
pub(super) fn make_folder(folder: &Path) -> Result<(), UsageError> {
    let fail =
        |detail: String| UsageError::new(format!("cannot write into --out ({detail}): {}", folder.display()));
    if folder.exists() && !folder.is_dir() {
        return Err(fail("it is a file; choose a folder".into()));
    }
    files::create_folders(folder).map_err(|error| fail(error.to_string()))
}

/// Writes a file whole; the error says everything once.
pub(super) fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    files::write(path, bytes).map_err(|error| anyhow::anyhow!("{error}"))
}

/// Writes the results of one photo. A file that is there already is left if it holds the same bytes, as it does when a
/// run is repeated; one that differs is another's work, or another network's, and is replaced only if that is asked
/// for: else nothing of the photo is written.
pub(super) fn write_all(results: &[(&Path, Vec<u8>)], overwrite: bool) -> anyhow::Result<()> {
    let mut missing = Vec::new();
    for (path, bytes) in results {
        if overwrite {
            files::write(path, bytes)?;
        } else if !is_there(path, bytes)? {
            missing.push((path, bytes));
        }
    }
    for (path, bytes) in missing {
        match files::write_new(path, bytes) {
            // Another run has just written it.
            Err(error) if error.source.kind() == io::ErrorKind::AlreadyExists && is_there(path, bytes)? => {}
            result => result?,
        }
    }
    Ok(())
}

/// Whether the file holds these bytes; an error if it holds others.
fn is_there(path: &Path, bytes: &[u8]) -> anyhow::Result<bool> {
    match files::read(path, FileKind::Picture) {
        Ok(found) if found == bytes => Ok(true),
        Ok(_) => anyhow::bail!(
            "a different file already exists and was not changed; add --overwrite to replace it, or choose another --out: {}",
            path.display()
        ),
        Err(error) if error.is_not_there() => Ok(false),
        Err(error) => Err(WriteError { path: path.to_owned(), source: error.into() }.into()),
    }
}

/// Plans `STEM_mask.png` and its companions in `folder`. The first photo with a stem gets it; an input is never written
/// to.
pub(super) fn plan(found: Vec<PhotoInput>, folder: &Path, overlay: bool, probability: bool) -> Vec<Planned> {
    let inputs: HashSet<PathBuf> = found.iter().map(|input| entry(&input.path)).collect();
    let mut first_of_stem: HashMap<OsString, PathBuf> = HashMap::new();
    let mut planned = Vec::with_capacity(found.len());
    for PhotoInput { path: photo, failure } in found {
        if let Some(reason) = failure {
            planned.push(Planned { photo, outputs: Err(reason) });
            continue;
        }
        let stem = photo.file_stem().unwrap_or_default().to_owned();
        let named = |tail: &str| {
            let mut name = stem.clone();
            name.push(tail);
            folder.join(name)
        };
        let outputs = Outputs {
            mask: named("_mask.png"),
            overlay: overlay.then(|| named("_overlay.png")),
            probability: probability.then(|| named("_probability.png")),
        };
        let overwritten = outputs.paths().find(|path| inputs.contains(&entry(path))).cloned();
        let outputs = match (first_of_stem.get(&stem), overwritten) {
            (Some(first), _) => Err(format!(
                "another photo has the same name without its ending, {}; give this one another name or --out: {}",
                first.display(),
                photo.display()
            )),
            (None, Some(input)) => Err(format!(
                "its result would overwrite an input, {}; choose another --out: {}",
                input.display(),
                photo.display()
            )),
            (None, None) => Ok(outputs),
        };
        first_of_stem.entry(stem).or_insert_with(|| photo.clone());
        planned.push(Planned { photo, outputs });
    }
    planned
}

/// A path as the directory entry that a rename would replace: its folder resolved, its own name as it is.
fn entry(path: &Path) -> PathBuf {
    let folder = files::folder_of(path);
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    folder.join(path.file_name().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(names: &[&str]) -> Vec<PhotoInput> {
        names.iter().map(|name| PhotoInput { path: name.into(), failure: None }).collect()
    }

    #[test]
    fn the_second_photo_of_a_stem_is_refused() {
        let planned = plan(paths(&["x/a.jpg", "y/a.png", "y/b.png"]), Path::new("out"), false, false);
        let taken: Vec<bool> = planned.iter().map(|planned| planned.outputs.is_ok()).collect();
        assert_eq!(taken, [true, false, true]);
    }

    #[test]
    fn a_result_never_lands_on_an_input() {
        let planned = plan(paths(&["a.jpg", "./a_mask.png"]), Path::new("."), false, false);
        assert!(planned[0].outputs.is_err());
        let planned = plan(paths(&["a.jpg", "a_overlay.png"]), Path::new("."), false, false);
        assert!(planned[0].outputs.is_ok(), "no overlay is asked for");
    }
}
