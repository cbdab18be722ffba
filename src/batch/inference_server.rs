//! A network that serves a batch: its engines stay loaded, each on a thread of its own behind one bounded queue, while the
//! pool's threads decode, prepare and finish. There is an engine for each core, of the NPU or of the processor.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::ScopedJoinHandle;

use crossbeam_channel::{Receiver, Sender, bounded};

use super::concurrency;
use super::network::Network;
use crate::free_memory::free_bytes;
use crate::inference::{Engine, EngineKind, InferenceError, InputForm, InputTensor, ModelCard, NpuPlacement};
use crate::photo::Photo;
use crate::pipeline::{Inferred, NetworkRunner, SegmentOptions, Segmentation, segment_by};

/// Cores of an RK3588's NPU.
const NPU_CORES: usize = 3;

/// An input, and where its sender waits for the result.
struct InferenceRequest {
    input: InputTensor,
    result: Sender<Result<Inferred, InferenceError>>,
}

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
        let engines = self.engines(concurrency);
        if concurrency > 1 {
            add_workers(&mut self.workers, &mut self.engine, engines);
        }
        let has_workers = !self.workers.is_empty() && concurrency > 1;
        let engines: Vec<&mut dyn Engine> = if has_workers {
            self.workers.iter_mut().take(engines).map(|worker| &mut **worker as &mut dyn Engine).collect()
        } else {
            vec![&mut self.engine]
        };
        let (form, title) = (engines[0].input_form(), engines[0].info().kind.title());
        let working = AtomicUsize::new(engines.len());
        let count = engines.len();
        let placements = engines.iter().filter_map(|engine| engine.npu_placement()).collect();
        let (result, mut are_lost) = std::thread::scope(|scope| {
            let (queue, requests) = bounded(concurrency);
            let mut threads = Vec::new();
            for (number, engine) in engines.into_iter().enumerate() {
                let (requests, working) = (requests.clone(), &working);
                let started = std::thread::Builder::new()
                    .name(format!("inference {number}"))
                    .spawn_scoped(scope, move || serve(engine, &requests, working));
                if started.is_err() {
                    working.fetch_sub(1, Ordering::Relaxed);
                }
                threads.push(started.ok());
            }
            drop(requests);
            let result =
                body(&InferenceServer { card: &self.model.card, form, title, queue, engines: count, placements });
            let is_lost = |thread: ScopedJoinHandle<'_, bool>| thread.join().unwrap_or(true);
            (result, threads.into_iter().map(|thread| thread.is_some_and(is_lost)).collect::<Vec<_>>().into_iter())
        });
        // The next batch gets another in the place of one that hangs.
        self.workers.retain(|_| !(has_workers && are_lost.next().unwrap_or(false)));
        result
    }
}

/// Adds to `workers` until they are so many, each on a core of its own; adds none if there can be no others. They stay: the
/// runtime is reported to keep some memory of each context that is destroyed.
fn add_workers(workers: &mut Vec<Box<dyn Engine>>, engine: &mut dyn Engine, engines: usize) {
    for core in workers.len()..engines {
        match engine.for_worker(core as u32) {
            Some(Ok(worker)) => workers.push(worker),
            Some(Err(error)) => {
                let cores = if engine.info().kind == EngineKind::Rknn { "NPU cores" } else { "cores" };
                log::warn!("using {} {cores} instead of {}: {error}", workers.len().max(1), core + 1);
                break;
            }
            None => break,
        }
    }
}

/// Runs the network until there are no more requests; returns whether it hangs.
fn serve(engine: &mut dyn Engine, requests: &Receiver<InferenceRequest>, working: &AtomicUsize) -> bool {
    let mut hangs = false;
    for InferenceRequest { input, result } in requests {
        let inferred = Inferred::by(engine, &input);
        let is_lost = matches!(inferred, Err(InferenceError::TimedOut { .. }));
        // The requester may have ended.
        let _ = result.send(inferred);
        hangs |= is_lost;
        // One that hangs cannot be used any more: the others take over, but the last one stays to report why.
        if is_lost && working.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| (n > 1).then(|| n - 1)).is_ok()
        {
            break;
        }
    }
    hangs
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
