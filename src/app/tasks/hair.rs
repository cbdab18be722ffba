//! The photo without hair, for the screen: what takes the hair's place, and the overview with it.

use std::sync::Arc;

use eframe::egui::ColorImage;

use super::analysis::overview;
use crate::app::background::{Keyed, Outbox, Task};
use crate::app::hair_free::HairFree;
use crate::display::Profile;
use crate::photo::Photo;

/// A photo whose hair is to be hidden.
#[derive(Clone)]
pub struct HairRequest {
    pub photo: Arc<Photo>,
    /// How its colours are meant.
    pub profile: Profile,
}

impl Keyed for HairRequest {
    type Key = ();

    fn key(&self) {}
}

/// The photo without hair.
pub struct WithoutHair {
    pub free: Arc<HairFree>,
    /// The photo's overview picture.
    pub overview: ColorImage,
}

/// The task.
#[derive(Clone, Copy, Debug, Default)]
pub struct HairTask;

impl Task for HairTask {
    type Request = HairRequest;
    type Outcome = WithoutHair;

    fn run(&mut self, request: HairRequest, out: &Outbox<'_, WithoutHair>) -> Option<HairRequest> {
        let HairRequest { photo, profile } = request;
        let free = HairFree::of(&photo, profile.to_srgb());
        if !out.is_stale() {
            let mut overview = overview(&photo, &profile);
            free.cover(&mut overview, [0, 0, photo.width(), photo.height()]);
            out.send(WithoutHair { free: Arc::new(free), overview });
        }
        None
    }
}
