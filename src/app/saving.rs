//! Saving what is shown for others: mask and overlay, each with a line in the audit log.

use std::path::{Path, PathBuf};

use eframe::egui;

use super::Window;
use super::dialogs::Ask;
use super::notices::Weight;
use super::state::{Current, State};
use super::worker::{SaveContent, SaveJob};
use crate::correction::Making;
use crate::photo::{Photo, PhotoSource};
use crate::records::{AuditEntry, Home, Product};
use crate::report::MaskSource;
use crate::words;

impl State {
    /// Whose mask is shown. One whose every correction was undone is the network's again.
    pub(super) fn mask_source(&self) -> MaskSource {
        match self.edited_mask() {
            Some(_) if self.correction.done > 0 => MaskSource::Corrected,
            _ => MaskSource::Network,
        }
    }
}

impl Window {
    /// Asks where a file shall go; its suggested name is the photo's with `ending`.
    pub(super) fn ask_where(&mut self, ctx: &egui::Context, ask: impl Fn(String) -> Ask, ending: &str) {
        let Current { photo: Some(photo), segmentation: Some(_), .. } = &self.state.current else {
            self.tell(ctx, Weight::Info, words!("nothing-to-save"));
            return;
        };
        let stem = match &photo.source {
            PhotoSource::File(path) => path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            PhotoSource::BuiltIn(_) => "sample".to_owned(),
        };
        self.dialogs.show(ask(format!("{stem}_{ending}")));
    }

    /// Has `content` written to `path`.
    pub(super) fn save(&mut self, path: PathBuf, content: SaveContent) {
        let current = &self.state.current;
        let (Some(photo), Some(segmentation)) = (&current.photo, current.segmentation.clone()) else { return };
        if photo.source.path().is_some_and(|source| is_same(source, &path)) {
            let words = words!("photo-never-overwritten", path = path.display().to_string());
            self.state.notices.add(Weight::Failure, words, 0.0);
            return;
        }
        let product = match content {
            SaveContent::Mask => Product::Mask,
            SaveContent::Overlay { .. } => Product::Overlay,
        };
        let line = self.exported(photo, product, &path);
        let edited = self.state.edited_mask().cloned();
        let threshold = self.state.overlay.threshold;
        self.worker.save(SaveJob { path, content, segmentation, edited, threshold, line });
    }

    /// How the corrected mask that is shown came to be.
    pub(super) fn making(&self) -> Option<Making> {
        let is_shown = self.state.mask_source() == MaskSource::Corrected;
        self.correcting.history().filter(|_| is_shown).and_then(Making::of)
    }

    /// The audit log's line of something that is written for others.
    fn exported(&self, photo: &Photo, product: Product, path: &Path) -> Option<(Home, Box<AuditEntry>)> {
        let home = Home::of_photo(&photo.source, self.data.as_deref());
        if home.is_nowhere() {
            return None;
        }
        let (source, making) = (self.state.mask_source().key(), self.making());
        let correction = making.as_ref().map(Making::to_json);
        let mut entry = AuditEntry::exported(product, &[path.to_owned()], Some(source), correction);
        entry.photo = photo.source.name();
        entry.sha256.clone_from(&photo.sha256);
        entry.reviewer = self.state.reviewing.reviewer.trim().to_owned();
        // Of a corrected mask the network that happens to be in use made nothing.
        entry.result = if making.is_none() { self.provenance() } else { None };
        Some((home, Box::new(entry)))
    }
}

/// Whether both are one file, by whatever names.
fn is_same(one: &Path, other: &Path) -> bool {
    one == other || matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}
