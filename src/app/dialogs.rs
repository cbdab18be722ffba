//! File dialogs and the file manager, on threads of their own: the window goes on while one is open. Choices come back
//! as commands.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::command::Command;
use super::command::change::LiveChange;
use super::file_manager;
use super::update::effect::FileQuestion;
use crate::capture::SourceName;
use crate::language::Language;
use crate::photo_files::PHOTO_ENDINGS;
use crate::tr;

/// A dialog that closes sooner than this was never seen by a person.
const UNSEEN: Duration = Duration::from_millis(400);

/// Open dialogs and what was chosen in them.
pub(super) struct Dialogs {
    sender: crossbeam_channel::Sender<Command>,
    chosen: crossbeam_channel::Receiver<Command>,
    wake: Arc<dyn Fn() + Send + Sync>,
}

impl Dialogs {
    /// `wake` is called when something was chosen.
    pub(super) fn new(wake: impl Fn() + Send + Sync + 'static) -> Self {
        let (sender, chosen) = crossbeam_channel::bounded(8);
        Self { sender, chosen, wake: Arc::new(wake) }
    }

    /// Shows a dialog; what is chosen comes by [`Self::poll`].
    pub(super) fn show(&self, question: FileQuestion, language: Language) {
        let (sender, wake) = (self.sender.clone(), Arc::clone(&self.wake));
        let started = std::thread::Builder::new().name("dialog".into()).spawn(move || {
            let opened = Instant::now();
            // A panic in the system's dialog is said like a dialog that never came.
            let chosen = catch_unwind(AssertUnwindSafe(|| chosen_in(question, language)));
            let has_failed = match &chosen {
                Ok(command) => command.is_none() && opened.elapsed() < UNSEEN,
                Err(_) => true,
            };
            let command = chosen.ok().flatten().or(has_failed.then_some(Command::DialogFailed));
            for command in [Some(Command::DialogClosed), command].into_iter().flatten() {
                let _ = sender.try_send(command);
            }
            wake();
        });
        if started.is_err() {
            for command in [Command::DialogClosed, Command::DialogFailed] {
                let _ = self.sender.try_send(command);
            }
        }
    }

    /// Shows the file at `path` in the file manager; where there is none, that comes by [`Self::poll`].
    pub(super) fn show_in_folder(&self, path: PathBuf) {
        let (sender, wake) = (self.sender.clone(), Arc::clone(&self.wake));
        let not_shown = Command::NotShown(path.parent().unwrap_or(&path).to_owned());
        let started = std::thread::Builder::new().name("file manager".into()).spawn({
            let not_shown = not_shown.clone();
            move || {
                let is_shown = catch_unwind(|| file_manager::show_in_folder(&path)).unwrap_or(false);
                if !is_shown && sender.try_send(not_shown).is_ok() {
                    wake();
                }
            }
        });
        if started.is_err() {
            let _ = self.sender.try_send(not_shown);
        }
    }

    /// What was chosen since the last call.
    pub(super) fn poll(&self) -> Vec<Command> {
        self.chosen.try_iter().collect()
    }
}

fn chosen_in(question: FileQuestion, language: Language) -> Option<Command> {
    let photos = || {
        rfd::FileDialog::new()
            .add_filter(tr!(language, "photographs"), &PHOTO_ENDINGS)
            .add_filter(tr!(language, "all-files"), &["*"])
    };
    let save = |name: String| {
        let path = rfd::FileDialog::new()
            .add_filter(tr!(language, "png-pictures"), &["png"])
            .set_file_name(name)
            .save_file();
        path.map(|path| with_ending(path, "png"))
    };
    match question {
        FileQuestion::Photos => {
            photos().set_title(tr!(language, "open-photos-title")).pick_files().map(Command::Open)
        }
        FileQuestion::Folder => {
            let folder = rfd::FileDialog::new().set_title(tr!(language, "open-folder-title")).pick_folder();
            folder.map(|folder| Command::Open(vec![folder]))
        }
        FileQuestion::Reference => {
            photos().set_title(tr!(language, "choose-reference-title")).pick_file().map(Command::UseReference)
        }
        FileQuestion::PlayedFile => {
            let file = rfd::FileDialog::new().set_title(tr!(language, "live-play-file-title")).pick_file();
            file.map(|path| LiveChange::Source(SourceName::Played(path)).into())
        }
        FileQuestion::PlayedFolder => {
            let folder = rfd::FileDialog::new().set_title(tr!(language, "live-play-folder-title")).pick_folder();
            folder.map(|path| LiveChange::Source(SourceName::Played(path)).into())
        }
        FileQuestion::FrameFolder => {
            let folder = rfd::FileDialog::new().set_title(tr!(language, "live-folder-title")).pick_folder();
            folder.map(|folder| LiveChange::Folder(folder).into())
        }
        FileQuestion::SaveMask(suggestion) => save(suggestion).map(Command::SaveMaskTo),
        FileQuestion::SaveOverlay(suggestion) => save(suggestion).map(Command::SaveOverlayTo),
        FileQuestion::SaveReport(suggestion) => {
            let dialog = rfd::FileDialog::new()
                .add_filter(tr!(language, "pdf-documents"), &["pdf"])
                .set_file_name(suggestion);
            dialog.save_file().map(|path| Command::SaveReportTo(with_ending(path, "pdf")))
        }
    }
}

/// The path with an ending put on when the person typed none.
fn with_ending(path: PathBuf, ending: &str) -> PathBuf {
    if path.extension().is_none() { path.with_extension(ending) } else { path }
}
