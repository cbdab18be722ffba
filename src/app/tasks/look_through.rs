//! Photographs that nobody has opened, looked through one after the other for the doubt of their outlines. Nothing of a
//! photograph stays in memory but its doubt. What fails here fails again, aloud, when the person gets there.

use super::analysis::read_photo;
use super::read_ahead;
use crate::app::background::{Keyed, Outbox, Task};
use crate::app::model::network::NetworkChoice;
use crate::app::model::read_ahead::ReadPhoto;
use crate::confidence::{Doubt, OtherEvidence};
use crate::inference::LoadedNetworks;
use crate::measure::agreement::Confusion;
use crate::photo::PhotoSource;
use crate::quality::CaptureQuality;

/// A photograph to look at.
#[derive(Clone, Debug)]
pub struct LookThroughRequest {
    pub source: PhotoSource,
    pub network: NetworkChoice,
    /// The network that is asked too.
    pub second: Option<NetworkChoice>,
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
        LookThroughRequest { source, network, second }: LookThroughRequest,
        out: &Outbox<'_, LookedThrough>,
    ) -> Option<LookThroughRequest> {
        // Nobody waits for its picture.
        let read = read_photo(&source, || true).inspect_err(|error| log::debug!("not looked at: {error}")).ok();
        let doubt = read.and_then(|ReadPhoto { photo, .. }| {
            let segmented = |network| read_ahead::segmented(&self.networks, &photo, network, &|| out.is_stale());
            let found = segmented(&network)?.segmentation;
            let network_agreement = second.as_ref().and_then(|second| {
                let other = segmented(second)?.segmentation;
                Some(Confusion::of(&found.mask, &other.mask).iou())
            });
            let is_photograph_poor = CaptureQuality::of(&photo).is_poor();
            let other = OtherEvidence { network_agreement, is_photograph_poor };
            Some(found.confidence(&network.model.card).doubt(other))
        });
        if !out.is_stale() {
            out.send(LookedThrough { source, doubt });
        }
        None
    }

    fn recover(&mut self) {
        self.networks.clear();
    }
}
