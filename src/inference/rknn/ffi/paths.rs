//! The two ways to hand tensors over, each taking the context for itself: memory that processor and NPU share
//! ([`ZeroCopyPath`]), and buffers that the runtime copies ([`GeneralPath`]). The vendor forbids both on one context.

use std::ptr::{self, NonNull};
use std::sync::Arc;

use super::context::{Context, Handle};
use super::layout::{
    RknnInput, RknnOutput, SYNC_FROM_DEVICE, SYNC_TO_DEVICE, TensorAttr, TensorFormat, TensorMem, TensorType,
};
use super::library::SharedMemory;
use super::{CallError, checked};

/// One tensor's memory, shared by processor and NPU.
struct Memory {
    place: NonNull<TensorMem>,
    data: NonNull<u8>,
    size: usize,
    functions: SharedMemory,
    /// Keeps the context alive: its memory must be freed before it.
    handle: Arc<Handle>,
}

// SAFETY: the memory belongs to this value alone, and neither the runtime nor the kernel ties it to a thread.
unsafe impl Send for Memory {}

impl Memory {
    /// Memory of at least `size` bytes on `context`.
    fn create(context: &mut Context, functions: SharedMemory, size: u32) -> Result<Self, CallError> {
        let unusable = CallError { call: "rknn_create_mem", code: None };
        let handle = Arc::clone(&context.handle);
        // SAFETY: the context is live and borrowed exclusively.
        let place = unsafe { (functions.create_mem)(handle.id, size) };
        let place = NonNull::new(place).ok_or_else(|| unusable.clone())?;
        // SAFETY: the runtime returns a structure that lives until destroy_mem.
        let (address, given) = unsafe { ((*place.as_ptr()).address, (*place.as_ptr()).size) };
        // From here on Drop frees it, even if it cannot be used.
        let data = NonNull::new(address.cast::<u8>());
        let memory =
            Self { place, data: data.unwrap_or(NonNull::dangling()), size: given as usize, functions, handle };
        if data.is_none() || given < size { Err(unusable) } else { Ok(memory) }
    }

    /// Binds this memory to the tensor of `attr`, once.
    fn set(&mut self, mut attr: TensorAttr) -> Result<(), CallError> {
        let set = self.functions.set_io_mem;
        // SAFETY: context and memory are live; the attribute is ours, and the runtime only reads it during the call.
        checked("rknn_set_io_mem", unsafe { set(self.handle.id, self.place.as_ptr(), &raw mut attr) })
    }

    fn bytes(&self) -> &[u8] {
        // SAFETY: the runtime gave `size` bytes there; the NPU writes them only during a run, for which the path, and
        // with it this memory, is borrowed exclusively.
        unsafe { std::slice::from_raw_parts(self.data.as_ptr(), self.size) }
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: as above, and this borrow is exclusive.
        unsafe { std::slice::from_raw_parts_mut(self.data.as_ptr(), self.size) }
    }

    /// Makes writes visible to the other side, if the library has a call for it.
    fn sync(&mut self, direction: u32) -> Result<(), CallError> {
        let Some(sync) = self.functions.mem_sync else { return Ok(()) };
        // SAFETY: context and memory are live.
        checked("rknn_mem_sync", unsafe { sync(self.handle.id, self.place.as_ptr(), direction) })
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        // SAFETY: the memory came from create_mem on this context, which is alive, and is freed nowhere else.
        let code = unsafe { (self.functions.destroy_mem)(self.handle.id, self.place.as_ptr()) };
        if let Err(error) = checked("rknn_destroy_mem", code) {
            log::warn!("{error}");
        }
    }
}

/// A context whose tensors are in shared memory, bound once.
pub(in super::super) struct ZeroCopyPath {
    // Dropped in this order: memory before its context.
    input: Memory,
    output: Memory,
    context: Context,
}

impl ZeroCopyPath {
    /// Gives `context` its memory: an input of `attr_in` in bytes of RGB, an output as `attr_out` says.
    /// `None` where the library has no shared memory; then the context comes back.
    pub(in super::super) fn new(
        mut context: Context,
        attr_in: TensorAttr,
        attr_out: TensorAttr,
    ) -> Result<Self, CallError> {
        let lacks = CallError { call: "rknn_create_mem", code: None };
        let functions = context.handle.runtime.shared_memory.ok_or(lacks)?;
        let mut input = Memory::create(&mut context, functions, attr_in.size_with_stride.max(attr_in.size))?;
        let mut output = Memory::create(&mut context, functions, attr_out.size_with_stride.max(attr_out.size))?;
        // The attribute comes as INT8; raw pixels above 127 would be mangled.
        let pixels =
            TensorAttr { element: TensorType::UINT8, format: TensorFormat::NHWC, pass_through: 0, ..attr_in };
        input.set(pixels)?;
        output.set(attr_out)?;
        Ok(Self { input, output, context })
    }

    /// The input's memory, for the next run.
    pub(in super::super) fn input(&mut self) -> &mut [u8] {
        self.input.bytes_mut()
    }

    /// The output's memory, of the last run.
    pub(in super::super) fn output(&self) -> &[u8] {
        self.output.bytes()
    }

    /// Runs the network.
    pub(in super::super) fn run(&mut self) -> Result<(), CallError> {
        self.input.sync(SYNC_TO_DEVICE)?;
        self.context.run()?;
        self.output.sync(SYNC_FROM_DEVICE)
    }

    pub(in super::super) fn context(&mut self) -> &mut Context {
        &mut self.context
    }
}

/// A context whose tensors the runtime copies, into a buffer that is ours and stays.
pub(in super::super) struct GeneralPath {
    context: Context,
    output: Vec<u8>,
}

impl GeneralPath {
    /// An output of `output_bytes`.
    pub(in super::super) fn new(context: Context, output_bytes: u32) -> Self {
        Self { context, output: vec![0; output_bytes as usize] }
    }

    /// Runs the network on RGB bytes, row by row.
    pub(in super::super) fn run(&mut self, rgb: &[u8]) -> Result<(), CallError> {
        self.set_input(rgb)?;
        self.context.run()?;
        self.get_output()
    }

    fn set_input(&mut self, rgb: &[u8]) -> Result<(), CallError> {
        let runtime = self.context.handle.runtime;
        let mut input = RknnInput {
            index: 0,
            buffer: rgb.as_ptr().cast_mut().cast(),
            size: rgb.len() as u32,
            // Mean and deviation are part of the model.
            pass_through: 0,
            // Left at 0 it would be 32-bit floats.
            element: TensorType::UINT8,
            format: TensorFormat::NHWC,
        };
        // SAFETY: one input whose buffer is readable for its size; the runtime copies it during the call.
        checked("rknn_inputs_set", unsafe { (runtime.inputs_set)(self.context.handle.id, 1, &raw mut input) })
    }

    fn get_output(&mut self) -> Result<(), CallError> {
        let runtime = self.context.handle.runtime;
        let id = self.context.handle.id;
        let mut output = RknnOutput {
            want_float: 0,
            // Ours, so that nothing is allocated for a photo.
            is_preallocated: 1,
            index: 0,
            buffer: self.output.as_mut_ptr().cast(),
            size: self.output.len() as u32,
        };
        // SAFETY: one output whose buffer is writable for its size; a null extension is allowed.
        let got = unsafe { (runtime.outputs_get)(id, 1, &raw mut output, ptr::null_mut()) };
        checked("rknn_outputs_get", got)?;
        // SAFETY: each get is followed by one release of the same structure; our own buffer is left alone by it.
        checked("rknn_outputs_release", unsafe { (runtime.outputs_release)(id, 1, &raw mut output) })
    }

    /// The output of the last run.
    pub(in super::super) fn output(&self) -> &[u8] {
        &self.output
    }

    pub(in super::super) fn context(&mut self) -> &mut Context {
        &mut self.context
    }
}
