//! The NPU of an RK3588 board, through the vendor's runtime `librknnrt.so`, opened at run time. It computes in 8-bit
//! integers and takes the photo's bytes, because mean and deviation are part of the compiled network.
//!
//! From file to engine: [`machine`] (is it such a board), [`artefact`] and [`header`] (is the file for it), [`ffi`]
//! (the runtime, behind safe handles), [`session`] (a context with its tensors in place, read by [`map`]), [`device`]
//! (the thread it lives on, with time limits). [`error`] and [`compatibility`] say what is wrong and what to update.
//!
//! It is tested against a simulated runtime only; no board has run it yet.

mod artefact;
mod compatibility;
mod conditions;
mod device;
pub(super) mod error;
mod ffi;
mod header;
mod machine;
mod map;
pub(super) mod reason;
mod session;
mod version;

use serde::Serialize;

use self::artefact::RknnArtefact;
use self::compatibility::BoardFacts;
pub use self::conditions::{BoardConditions, HeatThrottle, Temperature};
use self::device::{Buffers, Description, Device, Limits, NoReply};
pub use self::error::RknnError;
use self::ffi::{CoreMask, RknnRuntime};
pub use self::header::RknnHeaderError;
pub use self::machine::Clock;
use self::machine::Machine;
pub use self::reason::{RknnDeviceFault, RknnReason, RknnVersions};
use self::session::{NpuSession, SessionPlan};
use self::version::RuntimeVersion;
use super::engine::{Engine, MakeWorker, NetworkOutput, output_from};
use super::engine_kind::{EngineInfo, EngineKind};
use super::error::{EngineError, InferenceError};
use super::model::Model;
use super::npu_placement::NpuPlacement;
use super::options::RknnOptions;
use super::preprocess::{InputForm, InputTensor};

const TITLE: &str = "the NPU";

/// One network on the NPU.
pub(super) struct RknnEngine {
    info: EngineInfo,
    placement: NpuPlacement,
    device: Device,
    limits: Limits,
    model: String,
    output: [usize; 4],
    /// `None` while a run hangs.
    buffers: Option<Buffers>,
}

impl RknnEngine {
    /// Loads the network on whichever core is idle, for one photograph at a time.
    pub(super) fn load(model: &Model, options: &RknnOptions) -> Result<Self, RknnError> {
        let machine = Machine::at(&options.system_root);
        machine.is_rk3588().map_err(|found| RknnError::OtherMachine { found })?;
        let artefact = artefact::read(model)?;
        let runtime = RknnRuntime::find(options.runtime.as_deref())?;
        let plan = plan(model, artefact, runtime, &machine);
        let limits = Limits { load: options.load_limit, run: options.run_limit };
        if runtime.hangs() {
            return Err(RknnError::StillHangs);
        }
        let (name, output) = (plan.model.clone(), plan.output);
        let started = Device::start(runtime, limits, move || NpuSession::open(plan));
        Self::of(started, name, output, limits)
    }

    fn of(
        started: Result<(Device, Description), Result<RknnError, NoReply>>,
        model: String,
        output: [usize; 4],
        limits: Limits,
    ) -> Result<Self, RknnError> {
        let (device, description) = started.map_err(|failure| match failure {
            Ok(error) => error,
            Err(NoReply::Hangs) => RknnError::TimedOut { model: model.clone(), seconds: limits.load.as_secs_f32() },
            Err(NoReply::Ended) => RknnError::Thread { detail: "it ended unexpectedly".to_owned() },
        })?;
        if let Some(warning) = description.warning {
            log::warn!("{warning}");
        }
        let info = EngineInfo { kind: EngineKind::Rknn, version: description.versions };
        let placement = description.placement;
        Ok(Self { info, placement, device, limits, model, output, buffers: Some(Buffers::default()) })
    }
}

fn plan(
    model: &Model,
    artefact: RknnArtefact,
    runtime: &'static RknnRuntime,
    machine: &Machine<'_>,
) -> SessionPlan {
    let card = &model.card;
    SessionPlan {
        runtime,
        model: card.name.clone(),
        bytes: artefact.bytes,
        input: [1, 3, card.input.height, card.input.width],
        output: [1, 1, card.output.height, card.output.width],
        facts: BoardFacts {
            runtime: runtime.version_in_file(),
            driver: machine.driver(),
            toolkit: artefact.header.toolkit,
            device: machine.device(),
        },
        core: CoreMask::Auto,
    }
}

impl Engine for RknnEngine {
    fn info(&self) -> &EngineInfo {
        &self.info
    }

    fn input_form(&self) -> InputForm {
        InputForm::Pixels
    }

    fn infer(&mut self, input: &InputTensor) -> Result<NetworkOutput, InferenceError> {
        let failed = |detail: String| InferenceError::Failed { engine: TITLE, detail };
        let seconds = self.limits.run.as_secs_f32();
        let mut buffers =
            self.buffers.take().ok_or_else(|| failed("it was abandoned in an earlier run".to_owned()))?;
        buffers.rgb.clear();
        buffers.rgb.extend_from_slice(input.rgb());
        let (buffers, result) = self.device.run(buffers).map_err(|none| match none {
            NoReply::Hangs => InferenceError::TimedOut { engine: TITLE, seconds },
            NoReply::Ended => InferenceError::Panicked { engine: TITLE },
        })?;
        let buffers = self.buffers.insert(buffers);
        result.map_err(|fault| InferenceError::NpuFailed { call: fault.call, reason: fault.reason })?;
        output_from(TITLE, &self.output, buffers.values.clone())
    }

    fn device_millis(&self) -> Option<f64> {
        self.buffers.as_ref().and_then(|buffers| buffers.device_millis)
    }

    fn npu_placement(&self) -> Option<NpuPlacement> {
        Some(self.placement)
    }

    fn for_worker(&mut self, worker: u32) -> Option<MakeWorker> {
        let started = self.device.duplicate(CoreMask::Core(worker));
        let engine = Self::of(started, self.model.clone(), self.output, self.limits);
        let engine = engine.map(|engine| Box::new(engine) as Box<dyn Engine>).map_err(EngineError::from);
        Some(Box::new(|| engine))
    }
}

/// Version and path of the runtime, and the device's state.
pub(super) fn describe(options: &RknnOptions) -> Result<String, RknnError> {
    let machine = Machine::at(&options.system_root);
    machine.is_rk3588().map_err(|found| RknnError::OtherMachine { found })?;
    let runtime = RknnRuntime::find(options.runtime.as_deref())?;
    let device = machine.device();
    if let Some(fault) = device.fault() {
        return Err(RknnError::Device(fault));
    }
    let word = |version: Option<RuntimeVersion>| version.map_or_else(|| "unknown".into(), |v| v.to_string());
    let seen = match &device {
        machine::DeviceState::Opens(path) => format!("device {}", path.display()),
        _ => "no device node of it was recognised".to_owned(),
    };
    let [version, driver] = [runtime.version_in_file(), machine.driver()].map(word);
    Ok(format!("version {version}, {}; driver {driver}, {seen}", runtime.path().display()))
}

/// The machine as a report on speed has it.
#[derive(Clone, Debug, Serialize)]
pub struct MeasuredMachine {
    /// The board's name in its device tree.
    pub board: Option<String>,
    /// The kernel's release.
    pub kernel: Option<String>,
    /// The version of the NPU's driver, where the system gives it.
    pub npu_driver: Option<String>,
    /// The NPU's runtime with its place, and its device; or why it cannot be used.
    pub npu: String,
    /// `aarch64` or `x86_64`.
    pub processor: &'static str,
    /// Cores of the processor that this program may use.
    pub cores: usize,
}

impl MeasuredMachine {
    /// The machine below `options`' root.
    #[must_use]
    pub fn of(options: &RknnOptions) -> Self {
        let machine = Machine::at(&options.system_root);
        Self {
            board: machine.board(),
            kernel: machine.kernel(),
            npu_driver: machine.driver().map(|version| version.to_string()),
            npu: describe(options).unwrap_or_else(|error| error.to_string()),
            processor: std::env::consts::ARCH,
            cores: std::thread::available_parallelism().map_or(1, usize::from),
        }
    }
}
