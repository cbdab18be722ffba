//! Saving what is shown for others: mask, overlay and report, each with a line in the audit log.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use eframe::egui;

use super::Window;
use super::dialogs::Ask;
use super::names;
use super::notices::Weight;
use super::worker::{ReportContent, SaveContent, SaveJob};
use crate::correction::History;
use crate::language::Words;
use crate::photo::{Photo, PhotoSource};
use crate::provenance::{CorrectionSummary, MaskOrigin};
use crate::records::{AuditEntry, Home, Product};
use crate::{files, photo_files, words};

impl Window {
    /// Asks where a file shall go; its suggested name is the photo's with `ending`.
    pub(super) fn ask_where(&mut self, ctx: &egui::Context, ask: impl Fn(String) -> Ask, ending: &str) {
        let Some(photo) = self.state.current.photo.as_ref().filter(|_| self.state.has_mask()) else {
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
        let Some(photo) = self.state.current.photo.as_ref().filter(|_| self.state.has_mask()) else { return };
        let segmentation = self.state.current.segmentation.clone();
        if let Some(words) = self.refusal(photo, &path) {
            self.state.notices.add(Weight::Failure, words, 0.0);
            return;
        }
        let product = match content {
            SaveContent::Mask => Product::Mask,
            SaveContent::Overlay { .. } => Product::Overlay,
            SaveContent::Report(_) => Product::Report,
        };
        let line = self.exported(photo, product, &path);
        let edited = self.state.edited_mask().cloned();
        let threshold = self.state.overlay.threshold;
        self.worker.save(SaveJob { path, content, segmentation, edited, threshold, line });
    }

    /// Has a page on the photo written to `path`.
    pub(super) fn save_report(&mut self, path: PathBuf) {
        self.keep_note();
        let (state, current) = (&self.state, &self.state.current);
        let Some(photo) = &current.photo else { return };
        let title_of = |name: &str| {
            let known = state.network.models.iter().find(|model| model.card.name == name);
            known.map(|model| model.card.title.clone())
        };
        let Some(origin) = self.mask_origin() else {
            self.state.notices.add(Weight::Info, words!("nothing-to-save"), 0.0);
            return;
        };
        let content = ReportContent {
            photo: Arc::clone(photo),
            name: names::source(&photo.source),
            reference: current.reference.clone(),
            reference_name: current.reference.as_deref().map(names::reference).unwrap_or_default(),
            scale: state.scale(),
            network_title: origin.network().and_then(|(model, _)| title_of(model)),
            origin,
            review: state.reviewing.record_of(&photo.source).cloned(),
            language: state.language,
        };
        self.save(path, SaveContent::Report(Box::new(content)));
    }

    /// Why nothing is written to `path`: it is a photograph, or a reference mask.
    fn refusal(&self, photo: &Photo, path: &Path) -> Option<Words> {
        // What is not there cannot be written over; and no folder of thousands is asked of the disk.
        let whole = path.canonicalize().ok()?;
        let of = photo.source.path();
        let is_target = |file: &Path| file == path || file == whole;
        let is_open = self.state.entries.iter().filter_map(|entry| entry.source.path()).any(is_target);
        let beside = of.and_then(photo_files::mask_beside);
        let mut references = self.state.chosen_references.values().chain(beside.as_ref());
        let shown = path.display().to_string();
        if is_open || of.is_some_and(|of| files::same_file(of, &whole)) {
            Some(words!("photo-never-overwritten", path = shown))
        } else if references.any(|mask| files::same_file(mask, &whole)) {
            Some(words!("reference-never-overwritten", path = shown))
        } else {
            None
        }
    }

    /// How the corrected mask that is shown came to be. One whose every correction was undone is the network's again.
    fn correction_summary(&self) -> Option<CorrectionSummary> {
        let is_shown = self.state.edited_mask().is_some() && self.state.correction.done > 0;
        self.correcting.history().filter(|_| is_shown).and_then(History::summary)
    }

    /// Whose mask is shown.
    fn mask_origin(&self) -> Option<MaskOrigin> {
        MaskOrigin::that_counts(self.correction_summary(), self.provenance())
    }

    /// The audit log's line of something that is written for others.
    fn exported(&self, photo: &Photo, product: Product, path: &Path) -> Option<(Home, Box<AuditEntry>)> {
        let home = Home::of_photo(&photo.source, self.data.as_deref());
        if home.is_nowhere() {
            return None;
        }
        let origin = self.mask_origin();
        let mut entry = AuditEntry::exported(product, &[path.to_owned()], origin.as_ref());
        entry.photo = photo.source.name();
        entry.sha256.clone_from(&photo.sha256);
        entry.reviewer = self.state.reviewing.reviewer.trim().to_owned();
        // Of a corrected mask the network that happens to be in use made nothing.
        entry.result = match origin {
            Some(MaskOrigin::Network(run)) => Some(run),
            _ => None,
        };
        Some((home, Box::new(entry)))
    }
}
