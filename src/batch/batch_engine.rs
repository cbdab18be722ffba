//! An engine of a batch, on a thread of its own: it runs the network for whichever photograph asks next.

use std::sync::atomic::{AtomicUsize, Ordering};

use crossbeam_channel::{Receiver, Sender};

use crate::inference::{Engine, InferenceError, InputTensor, LoadedNetwork, MakeWorker, NpuPlacement};
use crate::pipeline::Inferred;

/// An input, and where its sender waits for the result.
pub(super) struct InferenceRequest {
    pub(super) input: InputTensor,
    pub(super) result: Sender<Result<Inferred, InferenceError>>,
}

/// One of the engines that share a batch's photographs.
pub(super) enum BatchEngine<'a> {
    /// The network itself.
    Network(&'a mut LoadedNetwork),
    /// Another of it.
    Worker(Box<dyn Engine>),
    /// Another of it, loaded on its own thread while photographs are decoded already.
    ToLoad(MakeWorker),
}

impl BatchEngine<'_> {
    /// Where on the NPU it runs, if it does.
    pub(super) fn npu_placement(&self) -> Option<NpuPlacement> {
        match self {
            Self::Network(engine) => engine.npu_placement(),
            Self::Worker(engine) => engine.npu_placement(),
            Self::ToLoad(_) => None,
        }
    }

    /// Runs the network until there are no more requests; returns the worker for the next batch, unless it hangs.
    /// `working` counts the batch's engines that do not.
    pub(super) fn serve(
        self,
        requests: &Receiver<InferenceRequest>,
        working: &AtomicUsize,
    ) -> Option<Box<dyn Engine>> {
        let mut worker = match self {
            Self::Network(engine) => {
                run(engine, requests, working);
                return None;
            }
            Self::Worker(worker) => worker,
            Self::ToLoad(make) => match make() {
                Ok(worker) => worker,
                Err(error) => {
                    log::warn!("using one core less: {error}");
                    working.fetch_sub(1, Ordering::Relaxed);
                    return None;
                }
            },
        };
        let hangs = run(worker.as_mut(), requests, working);
        (!hangs).then_some(worker)
    }
}

/// Runs the network until there are no more requests; returns whether it hangs.
fn run(engine: &mut dyn Engine, requests: &Receiver<InferenceRequest>, working: &AtomicUsize) -> bool {
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
