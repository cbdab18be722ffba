//! Saving what is shown for others: mask, overlay and report, each with a line in the audit log.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Update;
use super::effect::{Effect, FileQuestion, WindowEffect};
use crate::app::command::change::ReportChange;
use crate::app::model::notices::Severity;
use crate::app::model::report_fields::ReportFields;
use crate::app::model::state::Dialog;
use crate::app::names;
use crate::app::tasks::files::{FileRequest, Protected, ReportContent, SaveContent, SaveRequest};
use crate::photo::{Photo, PhotoSource};
use crate::provenance::MaskOrigin;
use crate::records::{AuditEntry, Product};
use crate::words;

impl Update<'_> {
    /// Asks where a file shall go; its suggested name is the photo's with `ending`.
    pub(super) fn ask_where(&mut self, question: impl Fn(String) -> FileQuestion, ending: &str) {
        let Some(photo) = self.state.current.photo.as_ref().filter(|_| self.state.has_mask()) else {
            self.tell(Severity::Info, words!("nothing-to-save"));
            return;
        };
        let stem = match &photo.source {
            PhotoSource::File(path) => path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            PhotoSource::BuiltIn(_) => "sample".to_owned(),
        };
        self.ask(question(format!("{stem}_{ending}")));
    }

    /// Asks what stands on the report, before its file's name.
    pub(super) fn show_report_fields(&mut self) {
        if self.state.current.photo.is_none() || !self.state.has_mask() {
            self.tell(Severity::Info, words!("nothing-to-save"));
            return;
        }
        self.state.report_fields = self.report_fields();
        self.state.dialog = Dialog::Report;
    }

    /// Carries out a change in the report's dialog.
    pub(super) fn change_report(&mut self, change: ReportChange) {
        let mut fields = self.report_fields();
        match change {
            ReportChange::Case(case) => fields.case = case,
            ReportChange::Patient(patient) => fields.patient = patient,
            ReportChange::Save => {
                self.state.dialog = Dialog::None;
                self.ask_where(FileQuestion::SaveReport, "report.pdf");
            }
        }
        self.state.report_fields = fields;
    }

    fn report_fields(&self) -> ReportFields {
        self.state.report_fields.of(self.state.current.number)
    }

    /// Has `content` written to `path`.
    pub(super) fn save(&mut self, path: PathBuf, content: SaveContent) {
        let Some(photo) = self.state.current.photo.clone().filter(|_| self.state.has_mask()) else { return };
        let product = match content {
            SaveContent::Mask => Product::Mask,
            SaveContent::Overlay { .. } => Product::Overlay,
            SaveContent::Report(_) => Product::Report,
        };
        let open = self.state.entries.iter().filter_map(|entry| entry.source.path()).map(Path::to_owned);
        let request = SaveRequest {
            content,
            segmentation: self.state.current.segmentation.clone(),
            edited: self.state.edited_mask().cloned(),
            threshold: self.state.overlay.threshold,
            protected: Protected {
                source: photo.source.clone(),
                open: open.collect(),
                references: self.state.chosen_references.values().cloned().collect(),
            },
            line: Box::new(self.audit_line(&photo, product, &path)),
            data: self.data.cloned(),
            path,
        };
        self.effects.push(Effect::File(FileRequest::Save(request)));
    }

    /// Shows the file that was saved last in the file manager.
    pub(super) fn show_in_folder(&mut self) {
        match self.state.saved.clone() {
            Some(path) => self.effects.push(WindowEffect::ShowInFolder(path).into()),
            None => self.tell(Severity::Info, words!("nothing-saved-yet")),
        }
    }

    /// Has a page on the photo written to `path`.
    pub(super) fn save_report(&mut self, path: PathBuf) {
        self.save_note();
        let (state, current) = (&*self.state, &self.state.current);
        let Some(photo) = &current.photo else { return };
        let language = state.language;
        let title_of = |name: &str| state.network.named(name).map(|model| model.card.title.clone());
        let Some(origin) = self.mask_origin() else {
            self.tell(Severity::Info, words!("nothing-to-save"));
            return;
        };
        let fields = self.report_fields();
        let content = ReportContent {
            photo: Arc::clone(photo),
            name: names::source(&photo.source, language),
            reference: current.reference.clone(),
            reference_name: current
                .reference
                .as_deref()
                .map(|reference| names::reference(reference, language))
                .unwrap_or_default(),
            scale: state.scale(),
            answer: current
                .segmentation
                .clone()
                .zip(state.segmented_by().cloned())
                .filter(|_| state.edited_mask().is_none())
                .map(|(result, model)| (result, model, state.overlay.threshold)),
            network_title: origin.network().and_then(|(model, _)| title_of(model)),
            origin,
            review: state.reviewing.record_of(&photo.source).cloned(),
            case: fields.case,
            patient: fields.patient,
            language,
        };
        self.save(path, SaveContent::Report(Box::new(content)));
    }

    /// Whose mask is shown.
    pub(super) fn mask_origin(&self) -> Option<MaskOrigin> {
        MaskOrigin::that_counts(self.state.correction_summary(), self.network_run())
    }

    /// The audit log's line of something that is written for others.
    fn audit_line(&self, photo: &Photo, product: Product, path: &Path) -> AuditEntry {
        let origin = self.mask_origin();
        let mut entry = AuditEntry::exported(product, &[path.to_owned()], origin.as_ref());
        entry.photo = photo.source.name();
        photo.sha256().clone_into(&mut entry.sha256);
        entry.reviewer = self.state.reviewing.reviewer.trim().to_owned();
        // Of a corrected mask the network that happens to be in use made nothing.
        entry.result = match origin {
            Some(MaskOrigin::Network(run)) => Some(run),
            _ => None,
        };
        entry
    }
}
