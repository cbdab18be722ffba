//! The runtime's structures and constants, byte for byte as its C header (2.3.2) lays them out on a 64-bit system.
//!
//! Enumerations are `u32` newtypes: a newer library may return values that this program does not know.

use std::ffi::{c_char, c_void};
use std::mem::{align_of, offset_of, size_of};

/// What the functions return.
pub(in super::super) mod code {
    /// Success.
    pub const OK: i32 = 0;
    /// Any failure; most refusals of a model come as this one.
    pub const FAIL: i32 = -1;
    /// The run took too long for the driver.
    pub const TIMEOUT: i32 = -2;
    /// The device does not respond.
    pub const DEVICE_UNAVAILABLE: i32 = -3;
    /// No memory.
    pub const MALLOC: i32 = -4;
    /// An argument is wrong.
    pub const PARAM_INVALID: i32 = -5;
    /// The model is invalid.
    pub const MODEL_INVALID: i32 = -6;
    /// The context is invalid.
    pub const CONTEXT_INVALID: i32 = -7;
    /// The input is wrong.
    pub const INPUT_INVALID: i32 = -8;
    /// The output is wrong.
    pub const OUTPUT_INVALID: i32 = -9;
    /// Library and driver are incompatible.
    pub const DEVICE_MISMATCH: i32 = -10;
    /// The model was compiled ahead by another version.
    pub const PRECOMPILED_MODEL: i32 = -11;
    /// The model was optimised by another version.
    pub const OPTIMISATION_LEVEL: i32 = -12;
    /// The model is for another platform.
    pub const PLATFORM_MISMATCH: i32 = -13;

    /// The code's meaning.
    pub fn words(code: i32) -> &'static str {
        match code {
            FAIL => "an unspecified failure",
            TIMEOUT => "a time-out of the driver",
            DEVICE_UNAVAILABLE => "the device is not responding",
            MALLOC => "no memory is left for the NPU",
            PARAM_INVALID => "an argument is wrong",
            MODEL_INVALID => "it does not understand the model",
            CONTEXT_INVALID => "the context is not valid",
            INPUT_INVALID => "the input is not valid",
            OUTPUT_INVALID => "the output is not valid",
            DEVICE_MISMATCH => "library and driver do not match",
            PRECOMPILED_MODEL => "the model was compiled ahead by another version",
            OPTIMISATION_LEVEL => "the model was optimised by another version",
            PLATFORM_MISMATCH => "the model is for another platform",
            _ => "an unknown code",
        }
    }
}

/// What `rknn_query` is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub(super) struct QueryCommand(pub(super) u32);

impl QueryCommand {
    pub(super) const IN_OUT_NUM: Self = Self(0);
    pub(super) const INPUT_ATTR: Self = Self(1);
    pub(super) const OUTPUT_ATTR: Self = Self(2);
    pub(super) const PERF_RUN: Self = Self(4);
    pub(super) const SDK_VERSION: Self = Self(5);
    pub(super) const MEM_SIZE: Self = Self(6);
    pub(super) const NATIVE_INPUT_ATTR: Self = Self(8);
    pub(super) const NATIVE_OUTPUT_ATTR: Self = Self(9);
}

/// The type of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub(in super::super) struct TensorType(pub(in super::super) u32);

impl TensorType {
    pub(in super::super) const FLOAT32: Self = Self(0);
    pub(in super::super) const FLOAT16: Self = Self(1);
    pub(in super::super) const INT8: Self = Self(2);
    pub(in super::super) const UINT8: Self = Self(3);
}

/// How integers represent real numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub(in super::super) struct QuantType(pub(in super::super) u32);

impl QuantType {
    pub(in super::super) const NONE: Self = Self(0);
    pub(in super::super) const DYNAMIC_FIXED_POINT: Self = Self(1);
    pub(in super::super) const AFFINE: Self = Self(2);
}

/// Order of the axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub(in super::super) struct TensorFormat(pub(in super::super) u32);

impl TensorFormat {
    pub(in super::super) const NCHW: Self = Self(0);
    pub(in super::super) const NHWC: Self = Self(1);
    /// Channels in groups of `C2`, the NPU's own.
    pub(in super::super) const NC1HWC2: Self = Self(2);
}

/// `rknn_mem_sync`: makes the CPU's writes visible to the NPU.
pub(super) const SYNC_TO_DEVICE: u32 = 1;
/// `rknn_mem_sync`: makes the NPU's writes visible to the CPU.
pub(super) const SYNC_FROM_DEVICE: u32 = 2;

/// Most dimensions of a tensor.
pub(in super::super) const MAX_DIMS: usize = 16;
const NAME_BYTES: usize = 256;

/// `rknn_context` on a 64-bit system.
pub(super) type ContextId = u64;

/// `rknn_input_output_num`.
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct InputOutputNum {
    pub(super) inputs: u32,
    pub(super) outputs: u32,
}

/// `rknn_tensor_attr`: what the runtime says of a tensor.
#[derive(Clone, Copy)]
#[repr(C)]
pub(in super::super) struct TensorAttr {
    pub(in super::super) index: u32,
    pub(in super::super) n_dims: u32,
    pub(in super::super) dims: [u32; MAX_DIMS],
    pub(in super::super) name: [c_char; NAME_BYTES],
    pub(in super::super) n_elems: u32,
    /// Bytes without padding.
    pub(in super::super) size: u32,
    pub(in super::super) format: TensorFormat,
    pub(in super::super) element: TensorType,
    pub(in super::super) quantisation: QuantType,
    /// Fractional bits of [`QuantType::DYNAMIC_FIXED_POINT`].
    pub(in super::super) fraction_bits: i8,
    pub(in super::super) zero_point: i32,
    pub(in super::super) scale: f32,
    /// Elements from one row to the next; 0 is the width.
    pub(in super::super) row_stride: u32,
    /// Bytes with padding.
    pub(in super::super) size_with_stride: u32,
    pub(in super::super) pass_through: u8,
    pub(in super::super) height_stride: u32,
}

/// `rknn_perf_run`.
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct PerfRun {
    pub(super) micros: i64,
}

/// `rknn_mem_size`.
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct MemSize {
    pub(super) weights: u32,
    pub(super) internal: u32,
    pub(super) dma: u64,
    pub(super) sram: u32,
    pub(super) free_sram: u32,
    pub(super) reserved: [u32; 10],
}

/// `rknn_sdk_version`.
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct SdkVersion {
    pub(super) runtime: [c_char; NAME_BYTES],
    pub(super) driver: [c_char; NAME_BYTES],
}

/// `rknn_tensor_mem`; made and freed by the runtime.
#[repr(C)]
pub(super) struct TensorMem {
    pub(super) address: *mut c_void,
    pub(super) physical_address: u64,
    pub(super) fd: i32,
    pub(super) offset: i32,
    pub(super) size: u32,
    pub(super) flags: u32,
    pub(super) private: *mut c_void,
}

/// `rknn_input`.
#[repr(C)]
pub(super) struct RknnInput {
    pub(super) index: u32,
    pub(super) buffer: *mut c_void,
    pub(super) size: u32,
    pub(super) pass_through: u8,
    pub(super) element: TensorType,
    pub(super) format: TensorFormat,
}

/// `rknn_output`.
#[repr(C)]
pub(super) struct RknnOutput {
    pub(super) want_float: u8,
    pub(super) is_preallocated: u8,
    pub(super) index: u32,
    pub(super) buffer: *mut c_void,
    pub(super) size: u32,
}

/// `rknn_init_extend`; never made here, null is handed over.
#[repr(C)]
pub(super) struct InitExtend {
    pub(super) context: ContextId,
    pub(super) real_model_offset: i32,
    pub(super) real_model_size: u32,
    pub(super) model_buffer_fd: i32,
    pub(super) model_buffer_flags: u32,
    pub(super) reserved: [u8; 112],
}

/// `rknn_run_extend`; never made here: the vendor's guide supports nothing but null on any platform, so the runtime's
/// own time-out cannot be asked for.
#[repr(C)]
pub(super) struct RunExtend {
    pub(super) frame_id: u64,
    pub(super) non_block: i32,
    pub(super) timeout_ms: i32,
    pub(super) fence_fd: i32,
}

/// `rknn_output_extend`; never made here, null is handed over.
#[repr(C)]
pub(super) struct OutputExtend {
    pub(super) frame_id: u64,
}

/// Checks a structure's size, alignment and field offsets at compile time.
macro_rules! laid_out {
    ($type:ty, $size:literal, $align:literal, $($field:ident @ $offset:literal),+) => {
        const _: () = {
            assert!(size_of::<$type>() == $size && align_of::<$type>() == $align);
            $(assert!(offset_of!($type, $field) == $offset);)+
        };
    };
}

laid_out!(InputOutputNum, 8, 4, inputs @ 0, outputs @ 4);
laid_out!(TensorAttr, 376, 4, index @ 0, n_dims @ 4, dims @ 8, name @ 72, n_elems @ 328, size @ 332, format @ 336,
    element @ 340, quantisation @ 344, fraction_bits @ 348, zero_point @ 352, scale @ 356, row_stride @ 360,
    size_with_stride @ 364, pass_through @ 368, height_stride @ 372);
laid_out!(PerfRun, 8, 8, micros @ 0);
laid_out!(MemSize, 64, 8, weights @ 0, internal @ 4, dma @ 8, sram @ 16, free_sram @ 20, reserved @ 24);
laid_out!(SdkVersion, 512, 1, runtime @ 0, driver @ 256);
laid_out!(TensorMem, 40, 8, address @ 0, physical_address @ 8, fd @ 16, offset @ 20, size @ 24, flags @ 28,
    private @ 32);
laid_out!(RknnInput, 32, 8, index @ 0, buffer @ 8, size @ 16, pass_through @ 20, element @ 24, format @ 28);
laid_out!(RknnOutput, 24, 8, want_float @ 0, is_preallocated @ 1, index @ 4, buffer @ 8, size @ 16);
laid_out!(InitExtend, 136, 8, context @ 0, real_model_offset @ 8, real_model_size @ 12, model_buffer_fd @ 16,
    model_buffer_flags @ 20, reserved @ 24);
laid_out!(RunExtend, 24, 8, frame_id @ 0, non_block @ 8, timeout_ms @ 12, fence_fd @ 16);
laid_out!(OutputExtend, 8, 8, frame_id @ 0);

/// A structure that the runtime fills: any bytes are a valid value, including all zeros.
///
/// # Safety
/// The type must be `repr(C)` and hold nothing but numbers.
pub(super) unsafe trait QueryResult: Copy {
    /// All zeros.
    fn zeroed() -> Self {
        // SAFETY: the trait promises that a value of all zeros is valid.
        unsafe { std::mem::zeroed() }
    }
}

// SAFETY: two numbers.
unsafe impl QueryResult for InputOutputNum {}
// SAFETY: numbers and arrays of numbers.
unsafe impl QueryResult for TensorAttr {}
// SAFETY: one number.
unsafe impl QueryResult for PerfRun {}
// SAFETY: numbers and an array of numbers.
unsafe impl QueryResult for MemSize {}
// SAFETY: arrays of numbers.
unsafe impl QueryResult for SdkVersion {}

impl Default for TensorAttr {
    fn default() -> Self {
        Self::zeroed()
    }
}

/// The text of a fixed field, up to its first NUL.
pub(super) fn text(field: &[c_char]) -> String {
    let bytes: Vec<u8> = field.iter().map(|unit| unit.to_ne_bytes()[0]).take_while(|&byte| byte != 0).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}
