//! The only place that changes the model, one file a feature: a person's commands and what background work has found
//! become state, and [`Effect`]s for what lies beyond it. Nothing here waits, and nothing asks the disk.

mod agreement_table;
mod calibration;
mod compare;
mod correction;
mod correction_actions;
mod decisions;
mod display;
pub mod effect;
mod live;
mod measure;
mod network;
mod opening;
mod outcomes;
mod overlay;
mod panels;
mod queue;
mod read_ahead;
mod reference;
mod review;
mod saving;
mod settings;
mod strokes;
mod visit;

use std::path::PathBuf;

use self::effect::{Effect, FileQuestion, WindowEffect};
use super::command::Command;
use super::command::action::Action;
use super::model::editing::QueuedEdit;
use super::model::geometry::ViewTransform;
use super::model::notices::Severity;
use super::model::state::State;
use super::tasks::files::SaveContent;
use crate::language::Words;
use crate::overlay::view::OverlayView;
use crate::words;

/// What a session may do; the kiosk's may do none of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// Read and write what is decided on photographs.
    pub records: bool,
    /// Correct masks, with a journal beside the photographs.
    pub corrections: bool,
    pub references: bool,
    /// Measure, and compare networks.
    pub comparison: bool,
    /// Keep pictures of a camera as files.
    pub frames: bool,
    /// Keep photographs in memory beside the one on the canvas: the one before it, and those next to it, read ahead.
    pub reading_ahead: bool,
}

impl Capabilities {
    /// Those of the window.
    pub const ALL: Self = Self {
        records: true,
        corrections: true,
        references: true,
        comparison: true,
        frames: true,
        reading_ahead: true,
    };

    /// Those of the kiosk: of a visitor's photographs nothing is in memory but the one on the screen.
    pub const NONE: Self = Self {
        records: false,
        corrections: false,
        references: false,
        comparison: false,
        frames: false,
        reading_ahead: false,
    };
}

/// One change of the state.
pub struct Update<'a> {
    pub state: &'a mut State,
    /// What is asked for beyond it, in order.
    pub effects: &'a mut Vec<Effect>,
    /// What the session may do.
    pub capabilities: Capabilities,
    /// The data directory: records of folders that cannot be written lie there.
    pub data: Option<&'a PathBuf>,
    /// Seconds of the window's clock.
    pub now: f64,
}

impl Update<'_> {
    /// Carries out `command`.
    pub fn apply(&mut self, command: Command) {
        self.leave_live_for(&command);
        match command {
            Command::Do(action) => self.perform(action),
            Command::Open(paths) => self.open_paths(paths),
            Command::Select(index) => self.select(index),
            Command::UseReference(path) => self.use_reference(path),
            Command::SetThreshold(threshold) => self.set_threshold(threshold),
            Command::SetOpacity(opacity) => self.set_opacity(opacity),
            Command::SetView(view_transform) => *self.state.view_in_use() = view_transform,
            Command::UseModel(name) => self.use_model(&name),
            Command::UseEngine(choice) => {
                self.state.network.choice = choice;
                self.run_network();
            }
            Command::UseSteps(steps) => self.use_steps(steps),
            Command::SaveMaskTo(path) => self.save(path, SaveContent::Mask),
            Command::SaveOverlayTo(path) => {
                if let Some(photo) = self.state.current.photo.clone() {
                    self.save(path, SaveContent::Overlay { photo });
                }
            }
            Command::SaveReportTo(path) => self.save_report(path),
            Command::NotShown(folder) => {
                let path = folder.display().to_string();
                self.tell(Severity::Warning, words!("no-file-manager", path = path));
            }
            Command::DialogClosed => self.state.asking = None,
            Command::DialogFailed => self.tell(Severity::Warning, words!("no-file-dialog")),
            Command::Correct(change) => self.change_correction(change),
            Command::CloseNotice(id) => self.state.notices.close(id),
            Command::CloseStrip => self.close_strip(),
            Command::Review(change) => self.change_review(change),
            Command::Measure(change) => self.change_measuring(change),
            Command::Display(change) => self.change_display(change),
            Command::Live(change) => self.change_live(change),
            Command::Compare(change) => self.change_comparing(change),
            Command::Report(change) => self.change_report(change),
            Command::Settings(change) => self.change_settings(change),
            Command::View(change) => self.change_view(change),
        }
    }

    /// Carries out `action`.
    pub fn perform(&mut self, action: Action) {
        match action {
            Action::OpenPhotos => self.ask(FileQuestion::Photos),
            Action::OpenFolder => self.ask(FileQuestion::Folder),
            Action::OpenSample | Action::OpenFundusSample => self.open_sample_of(action),
            Action::OpenReference => self.ask_for_reference(),
            Action::CloseReference => self.close_reference(),
            Action::SaveMask => self.ask_where(FileQuestion::SaveMask, "mask.png"),
            Action::SaveOverlay => self.ask_where(FileQuestion::SaveOverlay, "overlay.png"),
            Action::SaveReport => self.show_report_fields(),
            Action::ShowInFolder => self.show_in_folder(),
            Action::Next | Action::Previous => self.step(if action == Action::Next { 1 } else { -1 }),
            Action::First | Action::Last => self.go_to_end(action),
            Action::ShowOutline => self.show(OverlayView::Outline),
            Action::ShowBand => self.show(OverlayView::Band),
            Action::ShowFill => self.show(OverlayView::Fill),
            Action::ShowHeat => self.show(OverlayView::Heat),
            Action::ShowError => self.show(OverlayView::Error),
            Action::ShowOff => self.show(OverlayView::Off),
            Action::ThresholdDown | Action::ThresholdUp => self.step_threshold(sign(action == Action::ThresholdUp)),
            Action::ThresholdReset => self.set_threshold(self.state.network.model.card.threshold),
            Action::ZoomIn | Action::ZoomOut => self.zoom_in_steps(if action == Action::ZoomIn { 1 } else { -1 }),
            Action::ZoomFit => *self.state.view_in_use() = ViewTransform::Fit,
            Action::ZoomActual => self.zoom_to(1.0),
            Action::Brighter
            | Action::Darker
            | Action::MoreContrast
            | Action::LessContrast
            | Action::MoreGamma
            | Action::LessGamma
            | Action::ShowAsStored => self.step_tone(action),
            Action::ToggleHair => self.state.display.hidden.hair ^= true,
            Action::ToggleCorners => self.state.display.hidden.dark_corners ^= true,
            Action::Accept | Action::Reject | Action::MarkUnsure => self.decide_by(action),
            Action::NextUnreviewed => self.go_to_next_open(),
            Action::NextDoubtful => self.go_to_next_doubtful(),
            Action::LookThrough => self.toggle_look_through(),
            Action::UndoDecision => self.undo_decision(),
            Action::WriteNote => self.write_note(),
            Action::ToggleDiameters => self.state.measuring.shows_diameters ^= true,
            Action::ToggleAbcd => self.toggle_abcd(),
            Action::Calibrate => self.toggle_ruler(),
            Action::Compare => self.toggle_comparing(),
            Action::FlipSides => self.flip_sides(),
            Action::DividerLeft | Action::DividerRight => self.step_divider(sign(action == Action::DividerRight)),
            Action::ToggleTable => self.toggle_table(),
            Action::ChooseNetwork => self.open_network_menu(),
            Action::ToggleLive => self.toggle_live(),
            Action::FreezeFrame => self.freeze_frame(),
            Action::KeepFrame => self.keep_frame(),
            Action::ChooseFrameFolder => self.ask_for_frame_folder(false),
            Action::Retry => self.retry(),
            Action::ToggleCareful => self.toggle_careful(),
            Action::ToggleSecondLook => self.toggle_second_look(),
            Action::ToggleSecond => self.toggle_second(),
            Action::ToggleCorrection => self.toggle_correction(),
            Action::UseOtherMask => self.use_other_mask(),
            Action::UseBrush | Action::UseEraser | Action::UsePolygon | Action::UseLasso => self.take_tool(action),
            Action::BrushSmaller | Action::BrushLarger => self.step_brush(action == Action::BrushLarger),
            Action::CloseLine => self.close_line(self.state.correction.mode),
            Action::RemovePoint => drop(self.state.correction.line.pop()),
            Action::FillHoles | Action::KeepLargest | Action::Smooth | Action::Grow | Action::Shrink => {
                self.edit_whole_mask(action);
            }
            Action::ToggleFill => self.toggle_fill(),
            Action::ToggleNetworkOutline => self.state.overlay.shows_network_outline ^= true,
            Action::Undo => self.undo(),
            Action::Redo => self.queue_edit(QueuedEdit::Redo),
            Action::StartFromNetwork | Action::StartEmpty | Action::StartFromReference => self.start_again(action),
            Action::ToggleFilmstrip | Action::ToggleSidePanel | Action::TogglePanels => self.toggle_panel(action),
            Action::ToggleTheme => self.state.theme = self.state.theme.other(),
            Action::ToggleLanguage => self.toggle_language(),
            Action::ShowHelp | Action::ShowAbout | Action::ShowSettings => self.open_dialog(action),
            Action::Dismiss => self.dismiss(),
            Action::Quit => self.effects.push(WindowEffect::Close.into()),
        }
    }

    /// The first or the last photo that the filter shows.
    fn go_to_end(&mut self, action: Action) {
        let listed = self.state.listed();
        let end = if action == Action::First { listed.first() } else { listed.last() };
        self.select(end.copied().unwrap_or(0));
    }

    /// Tells the person something.
    pub fn tell(&mut self, severity: Severity, words: Words) {
        self.state.notices.add(severity, words, self.now);
    }

    fn ask(&mut self, question: FileQuestion) {
        // Each dialog is a program of the desktop's: a key that is held would start one after the other.
        if self.state.asking.is_some() {
            return self.tell(Severity::Info, words!("dialog-is-open"));
        }
        self.state.asking = Some(question.action());
        self.effects.push(WindowEffect::Ask(question).into());
    }
}

/// 1 upwards, -1 downwards.
fn sign(is_upwards: bool) -> f32 {
    if is_upwards { 1.0 } else { -1.0 }
}
