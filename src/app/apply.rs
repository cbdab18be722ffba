//! The one place where a person's commands change the state, and where work is handed to the worker.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use eframe::egui;

use super::command::{Action, Command, OverlayView};
use super::dialogs::Ask;
use super::notices::Weight;
use super::preferences::Change;
use super::settings::MOST_RECENT;
use super::state::{Dialog, Entry, Look, Phase};
use super::theme::{self, ThemeChoice};
use super::worker::{DeriveJob, ListJob, NetworkJob, OpenJob, ReferenceJob, SaveContent, SegmentJob};
use super::{Window, views};
use crate::language::Words;
use crate::photo::PhotoSource;
use crate::{language, sample, words};

/// How far a key moves the threshold.
const THRESHOLD_STEP: f32 = 0.05;

/// How far a key zooms.
const ZOOM_STEP: f32 = 1.25;

impl Window {
    /// Carries out `command`.
    pub(super) fn apply(&mut self, ctx: &egui::Context, command: Command) {
        match command {
            Command::Do(action) => self.perform(ctx, action),
            Command::Open(paths) => self.open_paths(paths),
            Command::Select(index) => self.select(index),
            Command::UseReference(path) => self.use_reference(&path),
            Command::SetThreshold(threshold) => self.set_threshold(threshold),
            Command::SetOpacity(opacity) => self.state.overlay.opacity = opacity.clamp(0.0, 1.0),
            Command::Look(look) => self.state.look = look,
            Command::UseModel(name) => self.use_model(&name),
            Command::UseEngine(choice) => {
                self.state.network.choice = choice;
                self.run_network();
            }
            Command::SaveMaskTo(path) => self.save(path, SaveContent::Mask),
            Command::SaveOverlayTo(path) => {
                if let Some(photo) = self.state.current.photo.clone() {
                    self.save(path, SaveContent::Overlay { photo });
                }
            }
            Command::SaveReportTo(path) => self.save_report(path),
            Command::DialogFailed => self.tell(ctx, Weight::Warning, words!("no-file-dialog")),
            Command::Correct(correct) => self.correct(ctx, correct),
            Command::CloseNotice(id) => self.state.notices.close(id),
            Command::Review(change) => self.change_review(ctx, change),
            Command::Measure(change) => self.change_measuring(ctx, change),
            Command::Display(change) => self.change_display(change),
            Command::Compare(change) => self.change_comparing(change),
            Command::Settings(change) => self.change_settings(ctx, change),
        }
    }

    fn perform(&mut self, ctx: &egui::Context, action: Action) {
        if self.perform_reviewing(ctx, action)
            || self.perform_measuring(ctx, action)
            || self.perform_comparing(ctx, action)
            || self.perform_display(action)
        {
            return;
        }
        match action {
            Action::OpenPhotos => self.dialogs.show(Ask::Photos),
            Action::OpenFolder => self.dialogs.show(Ask::Folder),
            Action::OpenSample => self.open_sample(),
            Action::OpenReference => match self.state.current.photo {
                Some(_) => self.dialogs.show(Ask::Reference),
                None => self.tell(ctx, Weight::Info, words!("photo-before-reference")),
            },
            Action::CloseReference => self.close_reference(),
            Action::SaveMask => self.ask_where(ctx, |suggestion| Ask::SaveMask { suggestion }, "mask.png"),
            Action::SaveOverlay => self.ask_where(ctx, |suggestion| Ask::SaveOverlay { suggestion }, "overlay.png"),
            Action::SaveReport => self.ask_where(ctx, |suggestion| Ask::SaveReport { suggestion }, "report.pdf"),
            Action::Next => self.step(1),
            Action::Previous => self.step(-1),
            Action::First => self.select(self.state.walked().first().copied().unwrap_or(0)),
            Action::Last => self.select(self.state.walked().last().copied().unwrap_or(0)),
            Action::ShowOutline => self.show(ctx, OverlayView::Outline),
            Action::ShowFill => self.show(ctx, OverlayView::Fill),
            Action::ShowHeat => self.show(ctx, OverlayView::Heat),
            Action::ShowError => self.show(ctx, OverlayView::Error),
            Action::ShowOff => self.show(ctx, OverlayView::Off),
            Action::ThresholdDown => self.set_threshold(self.state.overlay.threshold - THRESHOLD_STEP),
            Action::ThresholdUp => self.set_threshold(self.state.overlay.threshold + THRESHOLD_STEP),
            Action::ThresholdReset => self.set_threshold(self.state.network.model.card.threshold),
            Action::ZoomIn => self.zoom_by(ZOOM_STEP),
            Action::ZoomOut => self.zoom_by(1.0 / ZOOM_STEP),
            Action::ZoomFit => self.state.look = Look::Fit,
            Action::ZoomActual => {
                if let Some(geometry) = self.geometry {
                    self.state.look = geometry.zoomed_to(1.0);
                }
            }
            Action::ChooseNetwork => {
                // The menu hangs in the bar, which must be there.
                self.state.panels.canvas_only = false;
                views::open_network_menu(ctx);
            }
            Action::Retry => self.retry(),
            Action::Quit => ctx.send_viewport_cmd(egui::ViewportCommand::Close),
            _ if action.is_about_correcting() => self.perform_correction(ctx, action),
            _ => self.arrange(ctx, action),
        }
    }

    /// Actions that move the window's furniture.
    fn arrange(&mut self, ctx: &egui::Context, action: Action) {
        let panels = &mut self.state.panels;
        match action {
            Action::TogglePanels => panels.canvas_only = !panels.canvas_only,
            Action::ToggleFilmstrip => panels.filmstrip = !panels.filmstrip,
            Action::ToggleSidePanel => panels.side = !panels.side,
            Action::ToggleTheme => {
                self.state.theme = match self.state.theme {
                    ThemeChoice::Dark => ThemeChoice::Light,
                    ThemeChoice::Light => ThemeChoice::Dark,
                };
                theme::apply(ctx, self.state.theme);
            }
            Action::ToggleLanguage => {
                self.state.language = self.state.language.next();
                self.state.chosen_language = Some(self.state.language);
                language::set(self.state.language);
                log::info!("language: {}", self.state.language.tag());
            }
            Action::ShowHelp => self.state.dialog = Dialog::Help,
            Action::ShowAbout => self.state.dialog = Dialog::About,
            Action::ShowSettings => {
                self.state.dialog = Dialog::Settings;
                self.change_settings(ctx, Change::GiveUp);
            }
            Action::Dismiss => {
                if self.state.dialog == Dialog::None && !self.cancel_line() {
                    self.state.notices.close_newest();
                }
                self.state.dialog = Dialog::None;
            }
            _ => {}
        }
    }

    pub(super) fn tell(&mut self, ctx: &egui::Context, weight: Weight, words: Words) {
        self.state.notices.add(weight, words, ctx.input(|input| input.time));
    }

    /// Has `paths` looked through; what is found comes as an event.
    pub(super) fn open_paths(&mut self, paths: Vec<PathBuf>) {
        for path in &paths {
            self.state.recent.retain(|known| known != path);
        }
        self.state.recent.splice(0..0, paths.iter().cloned());
        self.state.recent.truncate(MOST_RECENT);
        self.worker.list(ListJob { paths });
    }

    /// Opens the sample that is inside the program.
    pub(super) fn open_sample(&mut self) {
        self.keep_note();
        self.state.entries = vec![Entry { source: sample::SOURCE, failure: None }];
        self.load_reviews();
        self.select(0);
    }

    fn step(&mut self, by: isize) {
        let walked = self.state.walked();
        let place = walked.iter().position(|&index| index == self.state.selected);
        if let Some(&index) = place.and_then(|place| walked.get(place.checked_add_signed(by)?)) {
            self.select(index);
        }
    }

    /// Asks for the photo at `index`; the one on the canvas stays until it is there.
    pub(super) fn select(&mut self, index: usize) {
        if index >= self.state.entries.len() {
            return;
        }
        self.keep_note();
        let entry = &self.state.entries[index];
        self.generation.photo += 1;
        self.generation.run += 1;
        let job =
            OpenJob { generation: self.generation, source: entry.source.clone(), network: self.network_job() };
        self.state.selected = index;
        self.state.current.phase = Phase::Loading;
        self.worker.open(job);
    }

    fn network_job(&self) -> NetworkJob {
        NetworkJob { model: Arc::clone(&self.state.network.model), choice: self.state.network.choice }
    }

    fn show(&mut self, ctx: &egui::Context, view: OverlayView) {
        if view == OverlayView::Error && !self.state.has_reference() {
            self.tell(
                ctx,
                Weight::Info,
                words!("error-view-needs-reference", key = Action::OpenReference.shortcut_text()),
            );
            return;
        }
        self.state.overlay.view = view;
        self.derive();
    }

    pub(super) fn set_threshold(&mut self, threshold: f32) {
        // In steps of a hundredth, as it is shown; never 0, where every pixel would be lesion.
        self.state.overlay.threshold = ((threshold * 100.0).round() / 100.0).clamp(0.01, 1.0);
        self.derive();
    }

    fn zoom_by(&mut self, factor: f32) {
        if let Some(geometry) = self.geometry {
            self.state.look = geometry.zoomed(factor, geometry.canvas.center());
        }
    }

    fn use_model(&mut self, name: &str) {
        self.apply_model(name);
        if self.state.network.model.card.name == name {
            self.state.network.chosen = Some(name.to_owned());
        }
    }

    /// Runs the network of that name, where there is one.
    pub(super) fn apply_model(&mut self, name: &str) {
        let found = self.state.network.models.iter().find(|model| model.card.name == name);
        if let Some(model) = found.cloned() {
            self.state.overlay.threshold = model.card.threshold;
            self.state.network.model = model;
            self.run_network();
        }
    }

    fn retry(&mut self) {
        if self.state.current.photo.is_some() && !matches!(self.state.current.phase, Phase::FileFailed(_)) {
            self.run_network();
        } else {
            self.select(self.state.selected);
        }
    }

    /// Runs the network on the photo that is there; one that is still loading takes the new choice along.
    fn run_network(&mut self) {
        if matches!(self.state.current.phase, Phase::Loading) {
            self.select(self.state.selected);
            return;
        }
        let Some(photo) = self.state.current.photo.clone() else { return };
        self.generation.run += 1;
        self.state.current.phase = Phase::Segmenting;
        self.worker.segment(SegmentJob { generation: self.generation, photo, network: self.network_job() });
    }

    /// Has outlines, figures and layer made for what is chosen now.
    pub(super) fn derive(&mut self) {
        if !self.state.has_mask() {
            return;
        }
        // Of the result that is shown: while the next photo loads, the answer is an old one and is dropped.
        self.worker.derive(DeriveJob {
            generation: self.shown_generation,
            segmentation: self.state.current.segmentation.clone(),
            reference: self.state.current.reference.clone(),
            edited: self.state.edited_mask().cloned(),
            threshold: self.state.overlay.threshold,
            view: self.state.overlay.view,
        });
    }

    /// Compares the photo with the mask at `path` from now on.
    pub(super) fn use_reference(&mut self, path: &Path) {
        let Some(photo) = &self.state.current.photo else { return };
        if let Some(of) = photo.source.path() {
            self.state.chosen_references.insert(of.to_owned(), path.to_owned());
            self.state.refused_references.retain(|refused| refused != of);
        }
        let photo_size = photo.size();
        self.worker.reference(ReferenceJob {
            generation: self.shown_generation,
            path: Some(path.to_owned()),
            photo_size,
        });
    }

    /// Asks for the reference that belongs to a photo that has just come.
    pub(super) fn find_reference(&mut self, mask_beside: Option<PathBuf>) {
        let Some(photo) = &self.state.current.photo else { return };
        let path = match &photo.source {
            PhotoSource::BuiltIn(_) => None,
            PhotoSource::File(of) => {
                let chosen = self.state.chosen_references.get(of).cloned();
                let allowed = mask_beside.filter(|_| !self.state.refused_references.contains(of));
                match self.first_reference.take().or(chosen).or(allowed) {
                    Some(path) => Some(path),
                    None => return,
                }
            }
        };
        let photo_size = photo.size();
        self.worker.reference(ReferenceJob { generation: self.shown_generation, path, photo_size });
    }

    fn close_reference(&mut self) {
        if let Some(of) = self.state.current.photo.as_ref().and_then(|photo| photo.source.path()) {
            self.state.chosen_references.remove(of);
            self.state.refused_references.push(of.to_owned());
        }
        self.state.current.reference = None;
        self.reset_table();
        if self.state.overlay.view == OverlayView::Error {
            self.state.overlay.view = OverlayView::Outline;
        }
        self.derive();
    }
}
