//! Photographs that nobody has opened, looked through one after the other for the doubt of their outlines. Nothing of a
//! photograph stays in memory but its doubt. What fails here fails again, aloud, when the person gets there.

use super::analysis::read_photo;
use super::read_ahead;
use crate::app::background::{Keyed, Outbox, Task};
use crate::app::model::network::NetworkChoice;
use crate::app::model::read_ahead::SegmentedPhoto;
use crate::confidence::{Doubt, OtherEvidence};
use crate::inference::LoadedNetworks;
use crate::photo::PhotoSource;

/// A photograph to look at.
#[derive(Clone, Debug)]
pub struct LookThroughRequest {
    pub source: PhotoSource,
    pub network: NetworkChoice,
}

impl Keyed for LookThroughRequest {
    type Key = ();

    /// One photograph at a time: the newest request replaces the one before.
    fn key(&self) {}
}

/// What came of it.
#[derive(Debug)]
pub struct LookedThrough {
    pub source: PhotoSource,
    /// None where it could not be read or segmented.
    pub doubt: Option<Doubt>,
}

/// The task.
pub struct LookThroughTask {
    networks: LoadedNetworks,
}

impl LookThroughTask {
    /// With the networks that are loaded in the whole window.
    #[must_use]
    pub fn new(networks: LoadedNetworks) -> Self {
        Self { networks }
    }
}

impl Task for LookThroughTask {
    type Request = LookThroughRequest;
    type Outcome = LookedThrough;

    fn run(
        &mut self,
        LookThroughRequest { source, network }: LookThroughRequest,
        out: &Outbox<'_, LookedThrough>,
    ) -> Option<LookThroughRequest> {
        // Nobody waits for its picture.
        let read = read_photo(&source, || true).inspect_err(|error| log::debug!("not looked at: {error}")).ok();
        let is_stale = || out.is_stale();
        let segmented =
            read.and_then(|read| read_ahead::segmented(&self.networks, &read.photo, &network, &is_stale));
        if !out.is_stale() {
            let doubt_of = |found: SegmentedPhoto| {
                found.segmentation.confidence(&network.model.card).doubt(OtherEvidence::default())
            };
            out.send(LookedThrough { source, doubt: segmented.map(doubt_of) });
        }
        None
    }

    fn recover(&mut self) {
        self.networks.clear();
    }
}
