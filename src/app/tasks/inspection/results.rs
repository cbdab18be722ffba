//! What networks say of photos at their own thresholds, kept for the next time they are asked.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::app::model::network::NetworkChoice;
use crate::app::tasks::networks::{LoadedNetworks, NetworkKey};
use crate::inference::EngineOptions;
use crate::language::Words;
use crate::mask::ProbabilityMap;
use crate::photo::Photo;
use crate::pipeline::{SegmentOptions, segment};

/// Networks that stay loaded: those of both sides of a comparison.
const MOST_NETWORKS: usize = 2;

/// Results that are kept, of all photos: a quarter of a megabyte each.
const MOST_RESULTS: usize = 64;

/// What a network says of a photo.
pub(super) struct NetworkResult {
    pub(super) map: ProbabilityMap,
    /// The network's own.
    pub(super) threshold: f32,
}

struct KnownResult {
    network: NetworkKey,
    photo_sha256: String,
    photo_size: [u32; 2],
    result: Arc<NetworkResult>,
}

/// Networks that are loaded, and the results that are kept.
pub(super) struct NetworkResults {
    networks: LoadedNetworks,
    /// Oldest first.
    known: VecDeque<KnownResult>,
}

impl NetworkResults {
    pub(super) fn new(options: EngineOptions) -> Self {
        Self { networks: LoadedNetworks::new(options, MOST_NETWORKS), known: VecDeque::new() }
    }

    /// Lets go of the engines: after a fault of ours they may be in any state.
    pub(super) fn unload(&mut self) {
        self.networks.clear();
    }

    /// What `network` says of `photo`, run now unless it was before.
    pub(super) fn of(&mut self, photo: &Photo, network: &NetworkChoice) -> Result<Arc<NetworkResult>, Words> {
        let key = NetworkKey::of(network);
        let is_same = |known: &&KnownResult| {
            known.network == key && known.photo_sha256 == photo.sha256 && known.photo_size == photo.size()
        };
        if let Some(known) = self.known.iter().find(is_same) {
            return Ok(Arc::clone(&known.result));
        }
        let engine = self.networks.load(network)?.engine.as_mut();
        let run = segment(photo, &network.model.card, engine, SegmentOptions::default());
        let segmentation = run.map_err(|error| {
            // A failed engine may be in any state; the next run loads a fresh one.
            self.networks.forget(network);
            error.message()
        })?;
        let (map, threshold) = (segmentation.probability, segmentation.threshold);
        let result = Arc::new(NetworkResult { map, threshold });
        if self.known.len() >= MOST_RESULTS {
            self.known.pop_front();
        }
        self.known.push_back(KnownResult {
            network: key,
            photo_sha256: photo.sha256.clone(),
            photo_size: photo.size(),
            result: Arc::clone(&result),
        });
        Ok(result)
    }
}
