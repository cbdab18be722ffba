//! The photo without hair on the graphics card, while a person wants to see it so, and the thread that makes it.

use std::sync::Arc;

use eframe::egui::{ColorImage, Context, TextureHandle};

use super::background::{Newest, Precedence, Report};
use super::hair_free::HairFree;
use super::model::state::State;
use super::tasks::hair::{HairRequest, HairTask, WithoutHair};
use crate::photo::Photo;

/// The photo without hair, once it is there.
pub struct HairPictures {
    work: Newest<HairTask>,
    /// The photo that it was asked of.
    asked: Option<Arc<Photo>>,
    shown: Option<(Arc<HairFree>, TextureHandle)>,
}

/// What has come of a frame.
#[derive(Clone, Copy, Debug, Default)]
pub struct HairProgress {
    /// The photo is shown with hair from now on, or without.
    pub has_changed: bool,
    /// It could not be made for a fault of our own.
    pub has_panicked: bool,
}

impl HairPictures {
    /// Starts the thread; `wake` is called once a picture is there.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(wake: impl Fn() + Send + 'static) -> std::io::Result<Self> {
        let work = Newest::start("hair", Precedence::SmallestKey, HairTask::default, wake)?;
        Ok(Self { work, asked: None, shown: None })
    }

    /// Asks for what `state` wants, and takes what is there; `load` puts a picture on the graphics card.
    pub fn proceed(
        &mut self,
        ctx: &Context,
        state: &State,
        load: impl Fn(&Context, ColorImage) -> TextureHandle,
    ) -> HairProgress {
        let mut progress = HairProgress::default();
        let wanted = state.current.photo.as_ref().filter(|_| state.display.hides_hair);
        if wanted.map(Arc::as_ptr) != self.asked.as_ref().map(Arc::as_ptr) {
            progress.has_changed = self.shown.take().is_some();
            self.work.cancel_all();
            self.asked = wanted.cloned();
            if let Some(photo) = wanted {
                let profile = state.current.profile.clone();
                self.work.send(HairRequest { photo: Arc::clone(photo), profile });
            }
        }
        while let Some(report) = self.work.poll() {
            match report {
                Report::Outcome(WithoutHair { free, overview }) => {
                    self.shown = Some((free, load(ctx, overview)));
                    progress.has_changed = true;
                }
                Report::Panicked => progress.has_panicked = true,
            }
        }
        progress
    }

    /// What takes the hair's place in the photo, once it is there.
    #[must_use]
    pub fn free(&self) -> Option<&Arc<HairFree>> {
        self.shown.as_ref().map(|(free, _)| free)
    }

    /// The photo's overview without hair, once it is there.
    #[must_use]
    pub fn overview(&self) -> Option<&TextureHandle> {
        self.shown.as_ref().map(|(_, overview)| overview)
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
