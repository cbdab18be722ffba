//! `--screenshot FILE`: once everything that was asked for is shown, the window's own picture goes to the file.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use image::ExtendedColorType;

use super::model::current::Phase;
use super::observe::Observer;
use super::window::Window;
use crate::files;
use crate::language::Language;
use crate::overlay::png;
use crate::terminal::error_words;

/// Frames in a row without work after which the window counts as settled: animations and textures have ended.
const SETTLED_FRAMES: u32 = 12;

/// Seconds after which waiting has no sense.
const GIVE_UP_SECONDS: f64 = 120.0;

/// How it went, told across the end of the window.
#[derive(Clone, Debug, Default)]
pub struct Outcome(Arc<Mutex<Option<String>>>);

impl Outcome {
    fn fail(&self, words: String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(words);
    }

    /// The failure, as an error.
    pub(super) fn result(&self) -> anyhow::Result<()> {
        match self.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(words) => Err(anyhow::anyhow!(words)),
            None => Ok(()),
        }
    }
}

/// A picture that is to be taken.
pub(super) struct Screenshot {
    path: PathBuf,
    outcome: Outcome,
    quiet_frames: u32,
    is_asked: bool,
    taken: Arc<Mutex<Option<Arc<egui::ColorImage>>>>,
}

impl Screenshot {
    pub(super) fn new(path: PathBuf, outcome: Outcome) -> Self {
        outcome.fail("the window was closed before the screenshot was taken".into());
        Self { path, outcome, quiet_frames: 0, is_asked: false, taken: Arc::default() }
    }

    fn write(&self, picture: &egui::ColorImage) -> anyhow::Result<()> {
        let rgb: Vec<u8> = picture.pixels.iter().flat_map(|p| [p.r(), p.g(), p.b()]).collect();
        let size = picture.size.map(|side| side as u32);
        let png = png::encoded(size, &rgb, ExtendedColorType::Rgb8);
        files::write(&self.path, &png).context("cannot save the screenshot")
    }
}

impl Observer for Screenshot {
    /// Asks for the picture when nothing is left to do, and writes it when it is there.
    fn begin_frame(&mut self, window: &mut Window, ctx: &egui::Context) {
        // Of the photographs beside it nothing is in the picture.
        window.read_ahead(false);
        self.quiet_frames = if window.is_idle() { self.quiet_frames + 1 } else { 0 };
        if self.quiet_frames >= SETTLED_FRAMES && !self.is_asked {
            self.is_asked = true;
            let place = Arc::clone(&self.taken);
            ctx.request_screenshot(move |picture| {
                *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(picture);
            });
        }
        let picture = self.taken.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(picture) = picture {
            match (self.write(&picture), failure_of(window)) {
                (Err(error), _) => self.outcome.fail(error_words(&error)),
                (Ok(()), Some(failure)) => self.outcome.fail(failure),
                (Ok(()), None) => drop(self.outcome.result()),
            }
            ctx.send_viewport_cmd(egui::ViewportCommand::Close);
        } else if ctx.input(|input| input.time) > GIVE_UP_SECONDS {
            self.outcome.fail(format!("no result after {GIVE_UP_SECONDS} seconds; no screenshot was saved"));
            ctx.send_viewport_cmd(egui::ViewportCommand::Close);
        }
        ctx.request_repaint();
    }
}

/// Why the photo has no result, in the command line's language.
fn failure_of(window: &Window) -> Option<String> {
    match &window.state().current.phase {
        Phase::FileFailed(words) | Phase::NetworkFailed(words) => Some(words.said_in(Language::English)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screenshot_that_cannot_be_written_is_said_with_the_path_last() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("missing/a.png");
        let screenshot = Screenshot::new(path.clone(), Outcome::default());
        let picture = egui::ColorImage::filled([2, 2], egui::Color32::BLACK);
        let words = error_words(&screenshot.write(&picture).unwrap_err());
        assert!(words.starts_with("cannot save the screenshot: cannot write ("), "{words}");
        assert!(words.ends_with(&format!("writable: {}", path.display())), "{words}");
    }
}
