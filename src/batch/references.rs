//! The reference masks of a batch's photographs: where they are looked for, how they were read, and what is said of them
//! at the end.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::console::Console;
use super::table::counted;
use super::{UsageError, inputs};
use crate::decode::{MaskNote, ReferenceFrame, ReferenceMask};
use crate::files::folder_of;
use crate::inference::MaskMeaning;
use crate::mask::Mask;
use crate::mask_names::MaskFolder;
use crate::measure::likely_meaning;
use crate::photo::Photo;

/// A reference mask and its file.
pub(super) struct FoundReference {
    pub(super) mask: Mask,
    pub(super) path: PathBuf,
    pub(super) notes: Vec<MaskNote>,
}

impl FoundReference {
    /// Reads the mask at `path` for `photo`.
    pub(super) fn read(path: PathBuf, photo: &Photo, as_stored: bool) -> anyhow::Result<Self> {
        let ReferenceMask { mask, notes } = ReferenceMask::read(&path, ReferenceFrame::of(photo, as_stored))?;
        Ok(Self { mask, path, notes })
    }

    /// The same, with a note where it does not look like a mask of what the network marks.
    pub(super) fn held_to(mut self, meaning: MaskMeaning) -> Self {
        self.notes.extend(likely_meaning::note(&self.mask, meaning));
        self
    }

    /// The file's name.
    pub(super) fn name(&self) -> String {
        inputs::name(&self.path)
    }
}

/// The notes as a row has them.
pub(super) fn sentences(notes: &[MaskNote]) -> Vec<String> {
    notes.iter().map(|note| note.message().to_string()).collect()
}

/// Lists a folder of masks.
pub(super) fn list(masks: &Path) -> Result<MaskFolder, UsageError> {
    if !masks.is_dir() {
        return Err(UsageError::new(format!("--masks expects a folder: {}", masks.display())));
    }
    MaskFolder::read(masks)
        .map_err(|error| UsageError::new(format!("cannot read the folder ({error}): {}", masks.display())))
}

/// Where masks are looked for; each folder is listed once.
pub(super) enum MaskPlaces {
    /// One folder for all; a photograph without a mask is a failure.
    Folder(MaskFolder),
    /// Beside each photograph, by folder; most photographs have none.
    Beside(HashMap<PathBuf, MaskFolder>),
}

impl MaskPlaces {
    /// The folder `masks`, or beside each of `photos` without one.
    pub(super) fn of<'a>(masks: Option<&Path>, photos: impl Iterator<Item = &'a Path>) -> Result<Self, UsageError> {
        if let Some(masks) = masks {
            return list(masks).map(Self::Folder);
        }
        let mut folders = HashMap::new();
        for folder in photos.map(folder_of) {
            if !folders.contains_key(folder)
                && let Ok(listed) = MaskFolder::read(folder)
            {
                folders.insert(folder.to_owned(), listed);
            }
        }
        Ok(Self::Beside(folders))
    }

    /// The mask of the photo at `path`.
    pub(super) fn find(&self, path: &Path) -> anyhow::Result<Option<PathBuf>> {
        match self {
            Self::Folder(masks) => Ok(Some(mask_in(masks, path)?)),
            Self::Beside(folders) => Ok(folders.get(folder_of(path)).and_then(|listed| listed.mask_beside(path))),
        }
    }
}

/// The mask of the photo at `path` in a folder of masks.
pub(super) fn mask_in(masks: &MaskFolder, path: &Path) -> anyhow::Result<PathBuf> {
    masks.mask_of(path).map_err(|places| anyhow::anyhow!("no mask for {}, looked for {places}", path.display()))
}

/// A reference mask that was read, as the whole batch remembers it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ReadReference {
    file: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) notes: Vec<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_empty: bool,
}

impl ReadReference {
    /// The mask at `path`, with what is to be noted of it.
    pub(super) fn of(path: &Path, notes: &[MaskNote]) -> Self {
        let is_empty = notes.contains(&MaskNote::Empty);
        Self { file: path.to_string_lossy().into_owned(), notes: sentences(notes), is_empty }
    }
}

/// What was remarkable about the references of a whole batch.
#[derive(Default)]
pub(super) struct ReferenceSummary {
    read: u64,
    empty: u64,
    /// By sentence.
    notes: BTreeMap<String, NotedMasks>,
}

/// How many masks a note is about.
#[derive(Clone, Debug, Serialize)]
pub(super) struct NotedMasks {
    note: String,
    masks: usize,
    /// The first one's file.
    first: String,
}

impl ReferenceSummary {
    /// Counts a reference that was read.
    pub(super) fn add(&mut self, ReadReference { file, notes, is_empty }: &ReadReference) {
        self.read += 1;
        self.empty += u64::from(*is_empty);
        for note in notes {
            let first = || NotedMasks { note: note.clone(), masks: 0, first: file.clone() };
            self.notes.entry(note.clone()).or_insert_with(first).masks += 1;
        }
    }

    /// The notes, each once.
    pub(super) fn notes(&self) -> Vec<NotedMasks> {
        self.notes.values().cloned().collect()
    }

    /// What is wrong with the set as a whole.
    pub(super) fn warning(&self) -> Option<String> {
        (self.read > 0 && self.empty == self.read).then(|| {
            format!(
                "every reference mask is empty ({} of {}): Dice and IoU are 1 wherever no lesion was found, and say \
                 nothing about lesions; check the masks",
                self.empty, self.read
            )
        })
    }

    /// Says it all on stderr, a line a note; the exit code stays.
    pub(super) fn tell(&self, console: &Console) {
        for NotedMasks { note, masks, first } in self.notes.values() {
            console.warning(format!("{}: {note}: {first}", counted(*masks, "mask")));
        }
        self.tell_set(console);
    }

    /// Says what is wrong with the set as a whole, where each row has its own notes.
    pub(super) fn tell_set(&self, console: &Console) {
        if let Some(warning) = self.warning() {
            console.warning(warning);
        }
    }
}
