//! RTen: pure Rust, built into the program, reads the same ONNX file as ONNX Runtime.

use std::sync::Arc;

use rten::{Dimension, NodeId, RunOptions, ThreadPool};
use rten_tensor::NdTensorView;
use rten_tensor::prelude::*;

use super::engine::{Engine, MakeWorker, NetworkOutput, check_shape, output_from};
use super::engine_kind::{EngineInfo, EngineKind};
use super::error::{EngineError, InferenceError};
use super::model::Model;
use super::options::EngineOptions;
use super::preprocess::InputTensor;
use super::rten_graph;

/// RTen's version, as pinned in Cargo.lock (a test checks that).
pub(super) const VERSION: &str = "0.27.0";

const TITLE: &str = "RTen";

/// One network in RTen.
pub(super) struct RtenEngine {
    info: EngineInfo,
    model: Arc<rten::Model>,
    input: NodeId,
    output: NodeId,
    /// A pool of its own; without, the process's, which has all cores.
    threads: Option<Arc<ThreadPool>>,
}

impl RtenEngine {
    pub(super) fn load(model: &Model, options: &EngineOptions) -> Result<Self, EngineError> {
        let failed = |detail: String| EngineError::Load { engine: TITLE, model: model.card.name.clone(), detail };
        let facts = &model.card;
        let onnx = rten_graph::rewritten(&model.onnx, [facts.input.height, facts.input.width]);
        let onnx = onnx.unwrap_or_else(|| model.onnx.to_vec());
        let mut loading = rten::ModelOptions::with_all_ops();
        // Matrices are put into the order of the products once.
        let graph = loading.prepack_weights(true).load(onnx).map_err(|error| failed(error.to_string()))?;
        let (&[input], &[output]) = (graph.input_ids(), graph.output_ids()) else {
            return Err(failed("expected a network with one input and one output".into()));
        };
        let shapes = [
            ("input", input, [1, 3, facts.input.height, facts.input.width]),
            ("output", output, [1, 1, facts.output.height, facts.output.width]),
        ];
        for (what, node, expected) in shapes {
            if let Some(shape) = graph.node_info(node).and_then(|info| info.shape()) {
                let sides: Vec<Option<usize>> = shape.iter().map(fixed).collect();
                check_shape(model, what, &sides, expected)?;
            }
        }
        let info = EngineInfo { kind: EngineKind::Rten, version: VERSION.to_owned() };
        Ok(Self {
            info,
            model: Arc::new(graph),
            input,
            output,
            threads: if options.one_thread { one_thread() } else { None },
        })
    }
}

fn one_thread() -> Option<Arc<ThreadPool>> {
    Some(Arc::new(ThreadPool::with_num_threads(1)))
}

fn fixed(dimension: &Dimension) -> Option<usize> {
    match dimension {
        Dimension::Fixed(side) => Some(*side),
        Dimension::Symbolic(_) => None,
    }
}

impl Engine for RtenEngine {
    fn info(&self) -> &EngineInfo {
        &self.info
    }

    fn infer(&mut self, input: &InputTensor) -> Result<NetworkOutput, InferenceError> {
        let failed = |detail: String| InferenceError::Failed { engine: TITLE, detail };
        let tensor = NdTensorView::from_data(input.shape(), input.values());
        let options = RunOptions::default().with_thread_pool(self.threads.clone());
        let [output] = self
            .model
            .run_n(vec![(self.input, tensor.into())], [self.output], Some(options))
            .map_err(|error| failed(error.to_string()))?;
        let map = output.into_tensor::<f32>().ok_or_else(|| failed("its output is not 32-bit floats".into()))?;
        let shape = map.shape().to_vec();
        output_from(TITLE, &shape, map.into_data())
    }

    /// On one thread, which takes no other work's time to wait for others.
    fn for_worker(&mut self, _worker: u32) -> Option<MakeWorker> {
        let (info, model, input, output) = (self.info.clone(), Arc::clone(&self.model), self.input, self.output);
        Some(Box::new(move || Ok(Box::new(Self { info, model, input, output, threads: one_thread() }))))
    }
}
