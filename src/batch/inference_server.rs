//! A network that serves a batch: its engines stay loaded, each on a thread of its own behind one bounded queue, while the
//! pool's threads decode, prepare and finish. There is an engine for each core, of the NPU or of the processor.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crossbeam_channel::{Sender, bounded};

use super::batch_engine::{BatchEngine, InferenceRequest};
use super::concurrency;
use super::network::Network;
use crate::free_memory::free_bytes;
use crate::inference::{Engine, EngineKind, InferenceError, InputForm, InputTensor, ModelCard, NpuPlacement};
use crate::photo::Photo;
use crate::pipeline::{Inferred, NetworkRunner, SegmentOptions, Segmentation, segment_by};

/// Cores of an RK3588's NPU.
const NPU_CORES: usize = 3;

/// The network, for the pool's threads to ask.
pub(super) struct InferenceServer<'a> {
    card: &'a ModelCard,
    form: InputForm,
    title: &'static str,
    queue: Sender<InferenceRequest>,
    engines: usize,
    placements: Vec<NpuPlacement>,
}

impl Network {
    /// How many engines the processor's cores wait for if there is work for all of them.
    pub(super) fn most_engines(&self) -> usize {
        if self.engine.info().kind == EngineKind::Rknn { NPU_CORES } else { 1 }
    }

    /// How many engines run `concurrency` photographs: of the NPU's, as many as its cores and the memory hold.
    pub(super) fn engines(&self, concurrency: usize) -> usize {
        let most = match self.engine.npu_placement() {
            Some(_) if self.workers.len() == NPU_CORES => NPU_CORES,
            Some(placement) => concurrency::contexts(free_bytes(), placement.context_bytes(), NPU_CORES),
            None => concurrency::cores(),
        };
        if concurrency > 1 { most.min(concurrency) } else { 1 }
    }

    /// Starts the engines for `concurrency` photographs at once, lets `body` work with them, and ends them.
    pub(super) fn serve<R>(&mut self, concurrency: usize, body: impl FnOnce(&InferenceServer<'_>) -> R) -> R {
        let (form, title) = (self.engine.input_form(), self.engine.info().kind.title());
        let model = Arc::clone(&self.model);
        let engines = self.batch_engines(concurrency);
        let placements = engines.iter().filter_map(BatchEngine::npu_placement).collect();
        let (working, count) = (AtomicUsize::new(engines.len()), engines.len());
        let (result, workers) = std::thread::scope(|scope| {
            let (queue, requests) = bounded(concurrency);
            let mut threads = Vec::new();
            for (number, engine) in engines.into_iter().enumerate() {
                let (requests, working) = (requests.clone(), &working);
                let started = std::thread::Builder::new()
                    .name(format!("inference {number}"))
                    .spawn_scoped(scope, move || engine.serve(&requests, working));
                match started {
                    Ok(thread) => threads.push(thread),
                    Err(_) => _ = working.fetch_sub(1, Ordering::Relaxed),
                }
            }
            drop(requests);
            let result =
                body(&InferenceServer { card: &model.card, form, title, queue, engines: count, placements });
            (result, threads.into_iter().filter_map(|thread| thread.join().ok().flatten()).collect::<Vec<_>>())
        });
        // Those before are the ones that had no part in this batch.
        self.workers.splice(..0, workers);
        result
    }

    /// The engines for `concurrency` photographs at once: workers, of which a network that was opened for a batch is one, or
    /// the network alone where there is one photograph or can be no workers.
    fn batch_engines(&mut self, concurrency: usize) -> Vec<BatchEngine<'_>> {
        let most = if concurrency > 1 { self.engines(concurrency) } else { 0 };
        let is_npu = self.engine.npu_placement().is_some();
        if is_npu {
            self.add_npu_workers(most);
        }
        let takes_part = self.is_for_batch && !is_npu && most > 0;
        let others = most - usize::from(takes_part);
        let loaded = others.min(self.workers.len());
        let mut engines: Vec<_> = self.workers.drain(..loaded).map(BatchEngine::Worker).collect();
        // The NPU's that could not be added are not tried again: with none of them the network itself serves.
        if !is_npu {
            let makers = (loaded..others).map_while(|worker| self.engine.for_worker(worker as u32));
            engines.extend(makers.map(BatchEngine::ToLoad));
        }
        if takes_part || engines.is_empty() {
            engines.insert(0, BatchEngine::Network(&mut self.engine));
        }
        engines
    }

    /// Adds to the NPU's workers until they are so many, each on a core of its own; adds none if there can be no others. They
    /// stay: the runtime is reported to keep some memory of each context that is destroyed.
    fn add_npu_workers(&mut self, most: usize) {
        for core in self.workers.len()..most {
            match self.engine.for_worker(core as u32).map(|make| make()) {
                Some(Ok(worker)) => self.workers.push(worker),
                Some(Err(error)) => {
                    log::warn!("using {} of {most} NPU cores: {error}", self.workers.len().max(1));
                    break;
                }
                None => break,
            }
        }
    }
}

impl InferenceServer<'_> {
    /// How many engines run.
    pub(super) fn engines(&self) -> usize {
        self.engines
    }

    /// Where on the NPU the engines run, one for each; empty where it is not the NPU.
    pub(super) fn placements(&self) -> &[NpuPlacement] {
        &self.placements
    }

    /// [`crate::pipeline::segment`] with the network's part on an engine's thread. An error ends with the photo's name.
    ///
    /// # Errors
    /// The engine's, with the photo's path.
    pub(super) fn segment(&self, photo: &Photo, options: SegmentOptions<'_>) -> anyhow::Result<Segmentation> {
        let go_on = &mut |_| ControlFlow::Continue(());
        segment_by(photo, self.card, &mut Asking(self), options, go_on).map_err(|error| match photo.source.path() {
            Some(path) => anyhow::anyhow!("{error}: {}", path.display()),
            None => anyhow::anyhow!("{error}: {}", photo.source.name()),
        })
    }

    fn ask(&self, input: InputTensor) -> Result<Inferred, InferenceError> {
        let ended = || InferenceError::Panicked { engine: self.title };
        let (result, inferred) = bounded(1);
        self.queue.send(InferenceRequest { input, result }).map_err(|_| ended())?;
        inferred.recv().unwrap_or_else(|_| Err(ended()))
    }
}

/// The server as one photograph's network.
struct Asking<'a>(&'a InferenceServer<'a>);

impl NetworkRunner for Asking<'_> {
    fn input_form(&self) -> InputForm {
        self.0.form
    }

    fn run(&mut self, input: InputTensor) -> Result<Inferred, InferenceError> {
        self.0.ask(input)
    }
}
