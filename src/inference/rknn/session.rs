//! [`NpuSession`]: a context with its tensors in place, warmed up: pixels in, probabilities out. Used by one thread.

use std::sync::Arc;

use super::compatibility::BoardFacts;
use super::error::RknnError;
use super::ffi::{
    CallError, Context, CoreMask, GeneralPath, RknnRuntime, TensorAttr, TensorFormat, TensorQuery, ZeroCopyPath,
};
use super::map::{self, OutputMap};
use super::reason::RknnReason;
use super::version::RuntimeVersion;
use crate::inference::npu_placement::NpuPlacement;

/// The vendor's own benchmark runs five times before it measures.
const WARM_UP_RUNS: u32 = 5;

/// Colours of a pixel.
const COLOURS: usize = 3;

/// What to load, and everything that a message about a failure needs.
#[derive(Clone)]
pub(super) struct SessionPlan {
    pub(super) runtime: &'static RknnRuntime,
    pub(super) model: String,
    pub(super) bytes: Arc<[u8]>,
    /// `[1, channels, height, width]` according to the card.
    pub(super) input: [usize; 4],
    pub(super) output: [usize; 4],
    pub(super) facts: BoardFacts,
    pub(super) core: CoreMask,
}

enum Path {
    /// Bytes from one row of the input's memory to the next.
    ZeroCopy(ZeroCopyPath, usize),
    General(GeneralPath),
}

impl Path {
    /// Bytes of input and output.
    fn tensor_bytes(&mut self, plan: &SessionPlan) -> u64 {
        let bytes = match self {
            Self::ZeroCopy(path, _) => path.input().len() + path.output().len(),
            Self::General(path) => plan.input.iter().product::<usize>() + path.output().len(),
        };
        bytes as u64
    }
}

/// A network that is ready to run.
pub(super) struct NpuSession {
    plan: SessionPlan,
    path: Path,
    map: OutputMap,
    /// Versions of runtime and driver, as the runtime reports them.
    versions: [String; 2],
    placement: NpuPlacement,
}

impl NpuSession {
    /// Loads the network into a context of its own.
    pub(super) fn open(plan: SessionPlan) -> Result<Self, RknnError> {
        let context = init(&plan)?;
        Self::on(context, plan)
    }

    /// The same network on another core: weights are shared if the library can, else loaded again.
    pub(super) fn duplicate(&mut self, core: CoreMask) -> Result<Self, RknnError> {
        let plan = SessionPlan { core, ..self.plan.clone() };
        match self.context().duplicate() {
            Some(Ok(context)) => Self::on(context, plan),
            Some(Err(error)) => {
                log::warn!("the NPU cannot share a model between contexts ({error}); loading it again");
                Self::open(plan)
            }
            None => Self::open(plan),
        }
    }

    fn on(mut context: Context, mut plan: SessionPlan) -> Result<Self, RknnError> {
        let failed = |error: CallError| RknnError::call(&plan.model, &error);
        context.set_core(plan.core).map_err(failed)?;
        let versions = context.versions().map_err(failed)?;
        let output = checked_output(&mut context, &plan)?;
        let known = |text: &str, before| RuntimeVersion::find(text).or(before);
        plan.facts.runtime = known(&versions[0], plan.facts.runtime);
        plan.facts.driver = known(&versions[1], plan.facts.driver);
        let (mut path, map) = tensors(context, &plan, &output)?;
        let placement = NpuPlacement {
            core_mask: plan.core.bits(),
            is_zero_copy: matches!(path, Path::ZeroCopy(..)),
            tensor_bytes: path.tensor_bytes(&plan),
            memory: None,
        };
        let mut session = Self { plan, path, map, versions, placement };
        session.warm_up()?;
        // A figure for a person; a runtime that does not count is no fault.
        session.placement.memory = session.context().memory().ok();
        Ok(session)
    }

    fn warm_up(&mut self) -> Result<(), RknnError> {
        let [_, channels, height, width] = self.plan.input;
        let (pixels, mut values) = (vec![0; channels * height * width], Vec::new());
        for _ in 0..WARM_UP_RUNS {
            self.run(&pixels, &mut values).map_err(|error| RknnError::WarmUp {
                model: self.plan.model.clone(),
                call: error.to_string(),
                reason: self.why_not_run(),
            })?;
        }
        Ok(())
    }

    /// Runs the network on RGB bytes, row by row, and puts its probabilities in place of what is in `values`.
    pub(super) fn run(&mut self, rgb: &[u8], values: &mut Vec<f32>) -> Result<(), CallError> {
        let row_bytes = self.plan.input[3] * COLOURS;
        match &mut self.path {
            Path::ZeroCopy(path, step) => {
                let rows = path.input().chunks_mut(*step).zip(rgb.chunks_exact(row_bytes));
                rows.for_each(|(memory, row)| memory[..row_bytes].copy_from_slice(row));
                path.run()?;
                self.map.read(path.output(), values);
            }
            Path::General(path) => {
                path.run(rgb)?;
                self.map.read(path.output(), values);
            }
        }
        Ok(())
    }

    /// Milliseconds of the last run by the NPU's own clock, if it has one.
    pub(super) fn device_millis(&mut self) -> Option<f64> {
        let micros = self.context().run_micros().ok()?;
        (micros > 0).then_some(micros as f64 / 1e3)
    }

    /// The likely cause of a failed run.
    pub(super) fn why_not_run(&self) -> RknnReason {
        self.plan.facts.why_not_run()
    }

    /// The facts, with the versions that the runtime reports.
    pub(super) fn facts(&self) -> &BoardFacts {
        &self.plan.facts
    }

    /// Where it runs, and what it takes.
    pub(super) fn placement(&self) -> NpuPlacement {
        self.placement
    }

    /// Runtime and driver, in words.
    pub(super) fn versions(&self) -> String {
        let short =
            |text: &str| RuntimeVersion::find(text).map_or_else(|| text.to_owned(), |version| version.to_string());
        let [runtime, driver] = &self.versions;
        format!("{} (driver {})", short(runtime), short(driver))
    }

    fn context(&mut self) -> &mut Context {
        match &mut self.path {
            Path::ZeroCopy(path, _) => path.context(),
            Path::General(path) => path.context(),
        }
    }
}

fn init(plan: &SessionPlan) -> Result<Context, RknnError> {
    Context::init(plan.runtime, &plan.bytes).map_err(|error| {
        let code = error.code.unwrap_or_default();
        RknnError::Refused { model: plan.model.clone(), code, reason: plan.facts.why_not_loaded(code) }
    })
}

/// The output by the network's own axes, once counts and shapes are the card's.
fn checked_output(context: &mut Context, plan: &SessionPlan) -> Result<TensorAttr, RknnError> {
    let failed = |error: CallError| RknnError::call(&plan.model, &error);
    let unusable = |detail: String| RknnError::Unusable { model: plan.model.clone(), detail };
    if context.counts().map_err(failed)? != [1, 1] {
        return Err(unusable("expected a network with one input and one output".to_owned()));
    }
    let input = context.tensor(TensorQuery::Input).map_err(failed)?;
    let output = context.tensor(TensorQuery::Output).map_err(failed)?;
    for (what, attr, expected) in [("input", &input, plan.input), ("output", &output, plan.output)] {
        let found = map::shape(attr).map_err(|detail| unusable(format!("its {what}: {detail}")))?;
        if found != expected {
            let words = |shape: [usize; 4]| shape.map(|side| side.to_string()).join("x");
            let (found, expected) = (words(found), words(expected));
            return Err(unusable(format!("its {what} is {found}, expected {expected}; compile it again")));
        }
    }
    Ok(output)
}

/// Shared memory if the library has it and the tensors fit it, else buffers that the runtime copies.
fn tensors(mut context: Context, plan: &SessionPlan, output: &TensorAttr) -> Result<(Path, OutputMap), RknnError> {
    if plan.runtime.has_shared_memory() {
        match zero_copy(context, plan) {
            Ok(ready) => return Ok(ready),
            Err(reason) => log::warn!("the NPU's tensors are copied, as shared memory cannot be used: {reason}"),
        }
        // That context has used shared memory; the other way needs a context of its own.
        context = init(plan)?;
        context.set_core(plan.core).map_err(|error| RknnError::call(&plan.model, &error))?;
    }
    let unusable = |detail: String| RknnError::Unusable { model: plan.model.clone(), detail };
    let map = OutputMap::of(output).map_err(|detail| unusable(format!("its output: {detail}")))?;
    fits(&map, output.size as usize).map_err(unusable)?;
    Ok((Path::General(GeneralPath::new(context, output.size)), map))
}

fn zero_copy(mut context: Context, plan: &SessionPlan) -> Result<(Path, OutputMap), String> {
    let words = |error: CallError| error.to_string();
    let input = context.tensor(TensorQuery::NativeInput).map_err(words)?;
    let output = context.tensor(TensorQuery::NativeOutput).map_err(words)?;
    let map = OutputMap::of(&output).map_err(|detail| format!("its output: {detail}"))?;
    if [map.height, map.width] != [plan.output[2], plan.output[3]] {
        return Err(format!("its output is {}x{} in memory", map.height, map.width));
    }
    let step = row_bytes(&input, plan.input)?;
    let mut path = ZeroCopyPath::new(context, input, output).map_err(words)?;
    fits(&map, path.output().len())?;
    let needed = (plan.input[2] - 1) * step + plan.input[3] * COLOURS;
    if path.input().len() < needed {
        return Err(format!("its input takes {} bytes, expected {needed}", path.input().len()));
    }
    Ok((Path::ZeroCopy(path, step), map))
}

/// Bytes from one row of the input's memory to the next.
fn row_bytes(input: &TensorAttr, expected: [usize; 4]) -> Result<usize, String> {
    let found = map::shape(input).map_err(|detail| format!("its input: {detail}"))?;
    // Pixels are written in a photo's order; a native order that groups channels is not written by hand.
    if input.format != TensorFormat::NHWC || found != expected {
        return Err(format!("its input lies as {found:?} in the order {}", input.format.0));
    }
    let stride = if input.row_stride == 0 { expected[3] } else { input.row_stride as usize };
    if stride < expected[3] { Err(format!("its input's rows are {stride} apart")) } else { Ok(stride * COLOURS) }
}

fn fits(map: &OutputMap, found: usize) -> Result<(), String> {
    let needed = map.bytes();
    if needed > found { Err(format!("its output takes {found} bytes, expected {needed}")) } else { Ok(()) }
}
