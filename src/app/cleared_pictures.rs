//! The photo without hair or dark corners on the graphics card, while a person wants to see it so, and the thread that
//! makes it.

use std::sync::Arc;

use super::background::{Newest, Precedence, Report};
use super::cleared_photo::ClearedPhoto;
use super::model::display::HiddenParts;
use super::model::state::State;
use super::overview::OverviewTextures;
use super::tasks::clearing::{ClearRequest, ClearTask, Cleared};
use crate::photo::Photo;

/// The photo without what is hidden, once it is there.
pub struct ClearedPictures {
    work: Newest<ClearTask>,
    /// The photo that it was asked of, and without what.
    asked: Option<(Arc<Photo>, HiddenParts)>,
    shown: Option<(Arc<ClearedPhoto>, OverviewTextures)>,
}

/// What has come of a frame.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClearingProgress {
    /// The photo is shown from now on with something hidden that was not, or the other way round.
    pub has_changed: bool,
    /// It could not be made for a fault of our own.
    pub has_panicked: bool,
}

impl ClearedPictures {
    /// Starts the thread; `wake` is called once a picture is there.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(wake: impl Fn() + Send + 'static) -> std::io::Result<Self> {
        let work = Newest::start("clearing", Precedence::SmallestKey, ClearTask::default, wake)?;
        Ok(Self { work, asked: None, shown: None })
    }

    /// Asks for what `state` wants, and takes what is there.
    pub fn proceed(&mut self, state: &State) -> ClearingProgress {
        let mut progress = ClearingProgress::default();
        let hidden = state.display.hidden;
        let wanted = state.current.photo.as_ref().filter(|_| hidden != HiddenParts::default());
        let is_asked = match (wanted, &self.asked) {
            (Some(photo), Some((asked, without))) => Arc::ptr_eq(photo, asked) && hidden == *without,
            (wanted, asked) => wanted.is_none() && asked.is_none(),
        };
        if !is_asked {
            progress.has_changed = self.shown.take().is_some();
            self.work.cancel_all();
            self.asked = wanted.map(|photo| (Arc::clone(photo), hidden));
            if let Some(photo) = wanted {
                let profile = state.current.profile.clone();
                self.work.send(ClearRequest { photo: Arc::clone(photo), profile, hidden });
            }
        }
        while let Some(report) = self.work.poll() {
            match report {
                Report::Outcome(Cleared { photo, overview }) => {
                    self.shown = Some((photo, OverviewTextures::new(Arc::new(overview))));
                    progress.has_changed = true;
                }
                Report::Panicked => progress.has_panicked = true,
            }
        }
        progress
    }

    /// What takes the place of what is hidden, once it is there.
    #[must_use]
    pub fn photo(&self) -> Option<&Arc<ClearedPhoto>> {
        self.shown.as_ref().map(|(photo, _)| photo)
    }

    /// The photo as it is seen whole without it, once it is there.
    pub fn overview(&mut self) -> Option<&mut OverviewTextures> {
        self.shown.as_mut().map(|(_, overview)| overview)
    }

    /// Whether nothing is being made.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.work.is_idle()
    }

    /// Lets go of everything.
    pub fn clear(&mut self) {
        self.work.cancel_all();
        (self.asked, self.shown) = (None, None);
    }
}
