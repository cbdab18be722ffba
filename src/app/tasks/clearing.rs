//! The photo without hair or dark corners, for the screen: what takes their place, and the overview with it.

use std::sync::Arc;

use super::analysis::overview;
use crate::app::background::{Keyed, Outbox, Task};
use crate::app::cleared_photo::ClearedPhoto;
use crate::app::model::display::HiddenParts;
use crate::app::overview::Overview;
use crate::display::Profile;
use crate::photo::Photo;

/// A photo of which something is to be hidden.
#[derive(Clone)]
pub struct ClearRequest {
    pub photo: Arc<Photo>,
    /// How its colours are meant.
    pub profile: Profile,
    pub hidden: HiddenParts,
}

impl Keyed for ClearRequest {
    type Key = ();

    fn key(&self) {}
}

/// The photo without it.
pub struct Cleared {
    pub photo: Arc<ClearedPhoto>,
    /// How it is seen whole.
    pub overview: Overview,
}

/// The task.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClearTask;

impl Task for ClearTask {
    type Request = ClearRequest;
    type Outcome = Cleared;

    fn run(&mut self, request: ClearRequest, out: &Outbox<'_, Cleared>) -> Option<ClearRequest> {
        let ClearRequest { photo, profile, hidden } = request;
        let cleared = ClearedPhoto::of(&photo, profile.to_srgb(), hidden);
        if !out.is_stale() {
            let mut overview = overview(&photo, &profile);
            overview.each(|picture| cleared.cover(picture, [0, 0, photo.width(), photo.height()]));
            out.send(Cleared { photo: Arc::new(cleared), overview });
        }
        None
    }
}
