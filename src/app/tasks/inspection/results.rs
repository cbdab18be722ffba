//! What networks say of photos at their own thresholds, kept for the next time they are asked.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::app::model::network::{NetworkChoice, TimedRun};
use crate::filters::MaskMaker;
use crate::inference::{EngineChoice, LoadedNetworks};
use crate::language::Words;
use crate::mask::ProbabilityMap;
use crate::photo::Photo;
use crate::pipeline::{Segmentation, segment};
use crate::steps::ImageSteps;

/// Results that are kept, of all photos: a quarter of a megabyte each.
const MOST_RESULTS: usize = 64;

/// What a network says of a photo.
pub(super) struct NetworkResult {
    pub(super) map: ProbabilityMap,
    pub(super) threshold: f32,
    pub(super) maker: MaskMaker,
}

/// What a result was made of: the network's name and file, the engine, how often it looked, the steps, the photo's file
/// and size in pixels.
#[derive(PartialEq)]
struct ResultKey {
    network: String,
    network_sha256: String,
    choice: EngineChoice,
    steps: Arc<ImageSteps>,
    is_careful: bool,
    takes_second_look: bool,
    photo_sha256: String,
    photo_size: [u32; 2],
}

impl ResultKey {
    fn of(photo: &Photo, network: &NetworkChoice) -> Self {
        let NetworkChoice { model, choice, is_careful, takes_second_look, steps } = network;
        Self {
            network: model.card.name.clone(),
            network_sha256: model.card.onnx().map(|onnx| onnx.sha256.clone()).unwrap_or_default(),
            choice: *choice,
            steps: Arc::clone(steps),
            is_careful: *is_careful,
            takes_second_look: *takes_second_look,
            photo_sha256: photo.sha256().to_owned(),
            photo_size: photo.size(),
        }
    }
}

/// Networks that are loaded, and the results that are kept.
pub(super) struct NetworkResults {
    networks: LoadedNetworks,
    known: VecDeque<(ResultKey, Arc<NetworkResult>)>,
    /// Runs that were not told yet.
    runs: Vec<TimedRun>,
}

impl NetworkResults {
    pub(super) fn new(networks: LoadedNetworks) -> Self {
        Self { networks, known: VecDeque::new(), runs: Vec::new() }
    }

    /// Unloads what nobody runs: after a fault of ours an engine may be in any state.
    pub(super) fn unload(&self) {
        self.networks.clear();
    }

    /// The runs since the last call.
    pub(super) fn take_runs(&mut self) -> Vec<TimedRun> {
        std::mem::take(&mut self.runs)
    }

    /// What `network` says of `photo`, run now unless it was before.
    pub(super) fn of(&mut self, photo: &Photo, network: &NetworkChoice) -> Result<Arc<NetworkResult>, Words> {
        let key = ResultKey::of(photo, network);
        if let Some((_, result)) = self.known.iter().find(|(known, _)| *known == key) {
            return Ok(Arc::clone(result));
        }
        let NetworkChoice { model, choice, .. } = network;
        let mut loaded = self.networks.take(model, *choice).map_err(|error| error.message())?;
        let run = segment(photo, &model.card, &mut loaded, network.options());
        let segmentation = run.map_err(|error| error.message())?;
        // A network is judged by one look.
        if !network.is_careful && segmentation.second_look.is_none() {
            self.runs.push(TimedRun {
                network: model.card.name.clone(),
                engine: segmentation.engine.kind,
                millis: segmentation.millis.infer,
            });
        }
        let Segmentation { probability: map, threshold, maker, .. } = segmentation;
        let result = Arc::new(NetworkResult { map, threshold, maker });
        if self.known.len() >= MOST_RESULTS {
            self.known.pop_front();
        }
        self.known.push_back((key, Arc::clone(&result)));
        Ok(result)
    }
}
