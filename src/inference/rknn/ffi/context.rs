//! [`Context`]: one network on the NPU. Destroyed exactly once, after everything that was allocated on it.

use std::cell::Cell;
use std::ffi::c_void;
use std::marker::PhantomData;
use std::ptr;
use std::sync::Arc;

use super::layout::{
    ContextId, InputOutputNum, MemSize, PerfRun, QueryCommand, QueryResult, SdkVersion, TensorAttr, code, text,
};
use super::library::RknnRuntime;
use super::{CallError, checked};
use crate::inference::npu_placement::NpuMemory;

/// Which of the NPU's three cores a context runs on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in super::super) enum CoreMask {
    /// Whichever is idle.
    #[default]
    Auto,
    /// The core of this number, 0 to 2; higher numbers wrap around.
    Core(u32),
}

impl CoreMask {
    /// 0, 1, 2 or 4. Other sums split one run over cores, which does not pay for networks as small as ours.
    pub(in super::super) fn bits(self) -> u32 {
        match self {
            Self::Auto => 0,
            Self::Core(number) => 1 << (number % 3),
        }
    }
}

/// A tensor to ask for.
#[derive(Clone, Copy, Debug)]
pub(in super::super) enum TensorQuery {
    /// The input, in the network's own axes.
    Input,
    /// The output, in the network's own axes.
    Output,
    /// The input in the NPU's memory layout.
    NativeInput,
    /// The output in the NPU's memory layout.
    NativeOutput,
}

impl TensorQuery {
    fn command(self) -> QueryCommand {
        match self {
            Self::Input => QueryCommand::INPUT_ATTR,
            Self::Output => QueryCommand::OUTPUT_ATTR,
            Self::NativeInput => QueryCommand::NATIVE_INPUT_ATTR,
            Self::NativeOutput => QueryCommand::NATIVE_OUTPUT_ATTR,
        }
    }
}

/// The runtime's context itself; destroyed when the last user is dropped.
pub(super) struct Handle {
    pub(super) runtime: &'static RknnRuntime,
    pub(super) id: ContextId,
    /// The context whose weights this one shares: it must outlive it.
    _weights: Option<Arc<Handle>>,
}

impl Drop for Handle {
    fn drop(&mut self) {
        // SAFETY: the id came from rknn_init or rknn_dup_context and is destroyed nowhere else; memory that was
        // allocated on it holds an Arc of this handle and is gone.
        let code = unsafe { (self.runtime.destroy)(self.id) };
        if let Err(error) = checked("rknn_destroy", code) {
            log::warn!("{error}");
        }
    }
}

/// One network on the NPU. It may move to another thread, but two threads never use it at once.
pub(in super::super) struct Context {
    pub(super) handle: Arc<Handle>,
    /// The runtime promises nothing about two threads on one context. A `Cell` may be sent and not shared.
    _not_sync: PhantomData<Cell<()>>,
}

impl Context {
    /// Loads a model. The runtime copies its bytes.
    pub(in super::super) fn init(runtime: &'static RknnRuntime, model: &[u8]) -> Result<Self, CallError> {
        let unusable = CallError { call: "rknn_init", code: Some(code::PARAM_INVALID) };
        // A size of 0 would make the runtime take the bytes for a path.
        let size = u32::try_from(model.len()).ok().filter(|&size| size > 0).ok_or(unusable)?;
        let mut id: ContextId = 0;
        // SAFETY: `id` is writable; the model's bytes are readable for `size` and only read, although C's type does
        // not say so; a null extension is allowed.
        let code =
            unsafe { (runtime.init)(&raw mut id, model.as_ptr().cast_mut().cast(), size, 0, ptr::null_mut()) };
        checked("rknn_init", code)?;
        Ok(Self::of(runtime, id, None))
    }

    /// A second context with the same weights, or `None` if the library cannot do that. It needs its own core mask.
    pub(in super::super) fn duplicate(&mut self) -> Option<Result<Self, CallError>> {
        let runtime = self.handle.runtime;
        let duplicate = runtime.dup_context?;
        let mut from = self.handle.id;
        let mut id: ContextId = 0;
        // SAFETY: both ids are writable, and `from` is a live context that no other thread uses: `self` is borrowed
        // exclusively.
        let code = unsafe { duplicate(&raw mut from, &raw mut id) };
        let weights = Arc::clone(&self.handle);
        Some(checked("rknn_dup_context", code).map(|()| Self::of(runtime, id, Some(weights))))
    }

    fn of(runtime: &'static RknnRuntime, id: ContextId, weights: Option<Arc<Handle>>) -> Self {
        Self { handle: Arc::new(Handle { runtime, id, _weights: weights }), _not_sync: PhantomData }
    }

    /// Chooses the core. A library without the function chooses one by itself.
    pub(in super::super) fn set_core(&mut self, core: CoreMask) -> Result<(), CallError> {
        let Some(set) = self.handle.runtime.set_core_mask else { return Ok(()) };
        // SAFETY: the context is live and ours.
        checked("rknn_set_core_mask", unsafe { set(self.handle.id, core.bits()) })
    }

    /// How many inputs and outputs the network has.
    pub(in super::super) fn counts(&mut self) -> Result<[u32; 2], CallError> {
        let counts = self.query(QueryCommand::IN_OUT_NUM, InputOutputNum::zeroed())?;
        Ok([counts.inputs, counts.outputs])
    }

    /// What the runtime says of the first such tensor.
    pub(in super::super) fn tensor(&mut self, which: TensorQuery) -> Result<TensorAttr, CallError> {
        // The index is asked with: 0 is the first.
        self.query(which.command(), TensorAttr { index: 0, ..TensorAttr::default() })
    }

    /// Versions of the runtime and of the kernel's driver, as they report them.
    pub(in super::super) fn versions(&mut self) -> Result<[String; 2], CallError> {
        let versions = self.query(QueryCommand::SDK_VERSION, SdkVersion::zeroed())?;
        Ok([text(&versions.runtime), text(&versions.driver)])
    }

    /// Microseconds of the last run by the NPU's own clock, without converting tensors.
    pub(in super::super) fn run_micros(&mut self) -> Result<i64, CallError> {
        Ok(self.query(QueryCommand::PERF_RUN, PerfRun::zeroed())?.micros)
    }

    /// Bytes that the network takes, as the runtime counts them.
    pub(in super::super) fn memory(&mut self) -> Result<NpuMemory, CallError> {
        let found = self.query(QueryCommand::MEM_SIZE, MemSize::zeroed())?;
        Ok(NpuMemory {
            weights_bytes: found.weights.into(),
            internal_bytes: found.internal.into(),
            dma_bytes: found.dma,
            sram_bytes: found.sram.into(),
            free_sram_bytes: found.free_sram.into(),
        })
    }

    /// Runs the network and waits for it.
    pub(super) fn run(&mut self) -> Result<(), CallError> {
        // SAFETY: the context is live and ours; the guide allows no extension but null.
        checked("rknn_run", unsafe { (self.handle.runtime.run)(self.handle.id, ptr::null_mut()) })
    }

    fn query<T: QueryResult>(&mut self, command: QueryCommand, mut result: T) -> Result<T, CallError> {
        let place: *mut c_void = (&raw mut result).cast();
        // SAFETY: `place` is writable for the size that is handed over, and any bytes make a `T`.
        let code = unsafe { (self.handle.runtime.query)(self.handle.id, command, place, size_of::<T>() as u32) };
        checked("rknn_query", code)?;
        Ok(result)
    }
}
