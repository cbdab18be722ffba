//! The camera's picture: shown, frozen, kept as a photo, and left again.

use std::path::PathBuf;

use jiff::Timestamp;

use super::Update;
use super::effect::{Effect, FileQuestion, PictureChange};
use crate::app::command::Command;
use crate::app::command::action::Action;
use crate::app::command::change::LiveChange;
use crate::app::events::WindowEvent;
use crate::app::model::live::LivePhase;
use crate::app::model::notices::Severity;
use crate::app::model::state::PhotoEntry;
use crate::app::tasks::files::{FileRequest, FrameRequest};
use crate::app::tasks::live::LiveReport;
use crate::capture::SourceName;
use crate::language::Words;
use crate::photo::PhotoSource;
use crate::words;

impl Update<'_> {
    /// Shows the camera's picture, or the photo again.
    pub(super) fn toggle_live(&mut self) {
        if self.state.live.is_on { self.stop_live() } else { self.start_live() }
    }

    /// Shows the picture of the source that was chosen.
    pub fn start_live(&mut self) {
        if self.state.correction.is_on {
            self.toggle_correction();
        }
        self.state.measuring.ruler = None;
        let live = &mut self.state.live;
        live.clear();
        live.is_on = true;
        live.starts += 1;
        live.searches += 1;
        WindowEvent::Live(Some(&live.phase)).emit();
    }

    /// Shows the photo again; nothing of the camera's picture stays.
    pub fn stop_live(&mut self) {
        if !self.state.live.is_on {
            return;
        }
        self.state.live.clear();
        self.effects.push(PictureChange::FrameEnded.into());
        WindowEvent::Live(None).emit();
    }

    /// Looks for cameras.
    pub fn find_cameras(&mut self) {
        self.state.live.searches += 1;
    }

    /// The source that is shown from now on.
    pub fn use_source(&mut self, source: Option<SourceName>) {
        self.state.live.source = source;
        if self.state.live.is_on {
            self.start_live();
        }
    }

    /// Carries out a change of the camera's picture.
    pub(super) fn change_live(&mut self, change: LiveChange) {
        let live = &mut self.state.live;
        match change {
            LiveChange::Source(source) => self.use_source(Some(source)),
            LiveChange::Smoothing(is_on) => live.is_smoothed = is_on,
            LiveChange::Shutter(is_on) => live.has_shutter = is_on,
            LiveChange::FindCameras => self.find_cameras(),
            LiveChange::TryAgain => self.start_live(),
            LiveChange::AskForFile => self.ask(FileQuestion::PlayedFile),
            LiveChange::AskForFolder => self.ask(FileQuestion::PlayedFolder),
            LiveChange::Folder(folder) => self.use_frame_folder(folder),
        }
    }

    /// What is about photos brings them back.
    pub(super) fn leave_live_for(&mut self, command: &Command) {
        let opens_sample = |action: Action| matches!(action, Action::OpenSample | Action::OpenFundusSample);
        let is_of_photos = matches!(command, Command::Do(action) if action.is_walking() || opens_sample(*action));
        if is_of_photos || matches!(command, Command::Open(_) | Command::Select(_) | Command::UseReference(_)) {
            self.stop_live();
        }
    }

    /// The frame that is shown stands still, or the picture goes on.
    pub fn freeze_frame(&mut self) {
        let live = &self.state.live;
        match live.phase {
            LivePhase::Running if live.shown.is_some() => self.be(LivePhase::Frozen { by_shutter: false }),
            LivePhase::Frozen { .. } if !live.is_keeping => self.be(LivePhase::Running),
            LivePhase::Starting
            | LivePhase::Running
            | LivePhase::Frozen { .. }
            | LivePhase::Waiting(_)
            | LivePhase::NetworkFailed(_) => {}
        }
    }

    /// Has the frame that is shown written as a photo, once it is known where.
    pub(super) fn keep_frame(&mut self) {
        let live = &self.state.live;
        let Some(frame) = live.shown.clone().filter(|_| self.capabilities.frames && !live.is_keeping) else {
            return;
        };
        if live.phase == LivePhase::Running {
            self.be(LivePhase::Frozen { by_shutter: false });
        }
        let Some(folder) = self.state.live.folder.clone() else {
            self.ask_for_frame_folder(true);
            return;
        };
        self.state.live.is_keeping = true;
        let taken = Timestamp::now() - frame.frame.arrived.elapsed();
        let request = FrameRequest { frame, taken, folder };
        self.effects.push(Effect::File(FileRequest::Frame(request)));
    }

    /// Asks where pictures are kept.
    pub(super) fn ask_for_frame_folder(&mut self, keeps_when_chosen: bool) {
        self.state.live.keeps_when_chosen = keeps_when_chosen;
        self.ask(FileQuestion::FrameFolder);
    }

    fn use_frame_folder(&mut self, folder: PathBuf) {
        self.state.live.folder = Some(folder);
        if std::mem::take(&mut self.state.live.keeps_when_chosen) && self.state.live.is_frozen() {
            self.keep_frame();
        }
    }

    /// The picture is on the disk, or not: it joins the photos, and the camera's picture goes on.
    pub(super) fn take_kept_frame(&mut self, result: Result<PathBuf, Words>) {
        let live = &mut self.state.live;
        live.is_keeping = false;
        match result {
            Ok(path) => {
                if live.is_frozen() {
                    self.be(LivePhase::Running);
                }
                WindowEvent::Saved(&path).emit();
                let words = words!("live-kept", path = path.display().to_string());
                self.state.notices.offer(words, Action::ShowInFolder, self.now);
                self.state.saved = Some(path.clone());
                self.state.entries.push(PhotoEntry { source: PhotoSource::File(path), failure: None });
                self.load_reviews_again();
            }
            Err(error) => self.tell(Severity::Failure, error),
        }
    }

    /// Takes what the camera and the network have to say.
    pub fn take_live(&mut self, report: LiveReport) {
        // What stands still stays.
        let is_moving = self.state.live.is_on && !self.state.live.is_frozen();
        match report {
            LiveReport::Cameras(cameras) => self.state.live.cameras = cameras,
            LiveReport::Frame { frame, picture, figures } if is_moving => {
                let by_shutter = self.state.live.has_shutter && frame.is_released;
                let live = &mut self.state.live;
                (live.shown, live.figures) = (Some(frame), figures);
                self.effects.push(PictureChange::Frame(picture).into());
                self.be(if by_shutter { LivePhase::Frozen { by_shutter } } else { LivePhase::Running });
            }
            LiveReport::Opening if is_moving => self.be_without_frame(LivePhase::Starting),
            LiveReport::Waiting(words) if is_moving => self.be_without_frame(LivePhase::Waiting(words)),
            LiveReport::NetworkFailed(words) if is_moving => self.be_without_frame(LivePhase::NetworkFailed(words)),
            LiveReport::FormatChanged(words) if is_moving => self.tell(Severity::Info, words),
            LiveReport::Frame { .. }
            | LiveReport::FormatChanged(_)
            | LiveReport::Opening
            | LiveReport::Waiting(_)
            | LiveReport::NetworkFailed(_) => {}
        }
    }

    /// An old frame is not taken for a live one.
    fn be_without_frame(&mut self, phase: LivePhase) {
        self.state.live.shown = None;
        self.effects.push(PictureChange::FrameEnded.into());
        self.be(phase);
    }

    fn be(&mut self, phase: LivePhase) {
        let before = std::mem::replace(&mut self.state.live.phase, phase);
        let phase = &self.state.live.phase;
        if std::mem::discriminant(&before) == std::mem::discriminant(phase) {
            return;
        }
        WindowEvent::Live(Some(phase)).emit();
    }
}
