//! RGA, the unit for pictures of RK3588 boards, through `librga.so`, which is opened at run time: one call makes of an NV12
//! frame the network's RGB. Its driver copies nothing: both pictures lie in memory that is shared by file descriptors.
//!
//! Frames are copied into memory of our own, below 4 GB: a camera's own buffers may lie above, where the older of the two
//! kinds of RGA in the chip does not reach, and have rows that RGA refuses. It is imported once and kept, as importing for
//! each frame costs more than the conversion. Nothing here has run on a board yet.

mod ffi;
mod memory;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use self::ffi::{ColourMode, Image, PixelLayout, RgaFunctions};
use self::memory::{DmaHeap, SharedBuffer};
pub use self::memory::{FrameMemory, MemoryAccess};
use super::rga_error::RgaError;
use crate::capture::pixels::FramePixels;
use crate::capture::{ColourCoding, ColourMatrix, FrameEncoding, FrameFormat};
use crate::inference::EngineOptions;

/// `on`, `off`, or the library. Without it RGA is off: it saves little, and no board has shown yet that it works.
const VARIABLE: &str = "DERMALOUPE_RGA";

/// Rows begin at multiples of so many pixels: what the stricter kind of RGA asks of NV12 and of RGB.
const ROW_STEP: u32 = 16;

/// How much RGA reduces a side at most, and the least width that it takes.
const MOST_REDUCED: u32 = 8;
const LEAST_WIDTH: u32 = 68;

/// Where RGA is looked for.
#[derive(Clone)]
pub struct RgaPlace {
    /// The folder with `dev`; not `/` in tests.
    pub system_root: PathBuf,
    /// Only this library.
    pub library: Option<PathBuf>,
    /// Whether it is not to be used.
    pub is_off: bool,
    /// Where its memory comes from.
    pub memory: Arc<dyn FrameMemory>,
}

impl RgaPlace {
    /// On the system that engines are looked for on, where the environment switches it on.
    pub(super) fn of(options: &EngineOptions) -> Self {
        let system_root = options.rknn.system_root.clone();
        let asked = std::env::var_os(VARIABLE).filter(|value| !value.is_empty() && value != "off");
        let is_off = asked.is_none();
        let library = asked.filter(|value| value != "on").map(PathBuf::from);
        Self { memory: Arc::new(DmaHeap::below(&system_root)), system_root, library, is_off }
    }

    /// Whether it is there and switched on; nothing is opened.
    pub(super) fn is_wanted(&self) -> Result<(), RgaError> {
        match (self.device().exists(), self.is_off) {
            (false, _) => Err(RgaError::NoDevice),
            (true, true) => Err(RgaError::Off),
            (true, false) => Ok(()),
        }
    }

    fn device(&self) -> PathBuf {
        self.system_root.join("dev/rga")
    }
}

/// RGA, with the memory and handles of the format that it converts.
pub(super) struct Rga {
    functions: RgaFunctions,
    version: String,
    memory: Arc<dyn FrameMemory>,
    buffers: Option<FormatBuffers>,
}

struct FormatBuffers {
    format: FrameFormat,
    to: [u32; 2],
    frame: ImageBuffer,
    input: ImageBuffer,
}

/// A picture in shared memory that RGA knows by a handle. The handle is given back before the memory.
struct ImageBuffer {
    functions: RgaFunctions,
    image: Image,
    handle: u32,
    buffer: SharedBuffer,
}

impl Drop for ImageBuffer {
    fn drop(&mut self) {
        self.functions.release(self.handle);
    }
}

impl Rga {
    /// Opens the library of a place where RGA [is wanted](RgaPlace::is_wanted).
    pub(super) fn open(place: &RgaPlace) -> Result<Self, RgaError> {
        opens(&place.device(), &place.system_root)?;
        let (functions, version) = RgaFunctions::open(place.library.as_deref())?;
        Ok(Self { functions, version, memory: Arc::clone(&place.memory), buffers: None })
    }

    /// The library's version, and the kinds of RGA that it found.
    pub(super) fn version(&self) -> &str {
        &self.version
    }

    /// The frame at another `[width, height]`, three bytes a pixel; one that RGA [takes].
    pub(super) fn convert(&mut self, pixels: &FramePixels, to: [u32; 2]) -> Result<Vec<u8>, RgaError> {
        let (format, bytes) = pixels.raw();
        if self.buffers.as_ref().is_none_or(|held| held.format != *format || held.to != to) {
            // The old ones go first: such memory is scarce.
            self.buffers = None;
            self.buffers = Some(FormatBuffers {
                format: *format,
                to,
                frame: self.buffer(format.size, PixelLayout::Nv12)?,
                input: self.buffer(to, PixelLayout::Rgb)?,
            });
        }
        let Some(FormatBuffers { frame, input, .. }) = &mut self.buffers else { return Ok(Vec::new()) };
        let memory = self.memory.as_ref();
        let row_bytes = frame.image.row_bytes();
        let rows = bytes.chunks(format.stride as usize);
        frame.buffer.write(memory, |place| {
            for (to, from) in place.chunks_exact_mut(row_bytes).zip(rows) {
                let length = from.len().min(format.size[0] as usize);
                to[..length].copy_from_slice(&from[..length]);
            }
        })?;
        let mode = colour_mode(format.colour).unwrap_or(ColourMode::Bt601Limited);
        self.functions.convert((frame.handle, &frame.image), (input.handle, &input.image), mode)?;
        let (row_bytes, width) = (input.image.row_bytes(), 3 * to[0] as usize);
        input.buffer.read(memory, |place| {
            place.chunks_exact(row_bytes).take(to[1] as usize).flat_map(|row| &row[..width]).copied().collect()
        })
    }

    fn buffer(&self, size: [u32; 2], layout: PixelLayout) -> Result<ImageBuffer, RgaError> {
        let image = Image { size, row: size[0].next_multiple_of(ROW_STEP), layout };
        let buffer = SharedBuffer::of(self.memory.as_ref(), image.bytes())?;
        let handle = self.functions.import(buffer.fd(), &image)?;
        Ok(ImageBuffer { functions: self.functions, image, handle, buffer })
    }
}

/// Whether RGA converts such frames to `[width, height]`: NV12 with even sides, within the sizes that both of its kinds take,
/// in colours that both of them know.
pub(super) fn takes(pixels: &FramePixels, to: [u32; 2]) -> bool {
    let (format, _) = pixels.raw();
    let is_in_reach = |axis: usize| format.size[axis] <= MOST_REDUCED * to[axis] && to[axis] <= format.size[axis];
    format.encoding == FrameEncoding::Nv12
        && format.size.iter().all(|side| side.is_multiple_of(2))
        && [format.size[0], to[0]].iter().all(|&width| width >= LEAST_WIDTH)
        && [0, 1].into_iter().all(is_in_reach)
        && colour_mode(format.colour).is_some()
}

/// BT.709 in full range is left to the processor: only one of the kinds of RGA converts it.
fn colour_mode(colour: ColourCoding) -> Option<ColourMode> {
    match (colour.matrix, colour.is_full_range) {
        (ColourMatrix::Bt601, false) => Some(ColourMode::Bt601Limited),
        (ColourMatrix::Bt601, true) => Some(ColourMode::Bt601Full),
        (ColourMatrix::Bt709, false) => Some(ColourMode::Bt709Limited),
        (ColourMatrix::Bt709, true) => None,
    }
}

/// Whether a device is there and this user may open it.
fn opens(path: &Path, root: &Path) -> Result<(), RgaError> {
    #[allow(clippy::disallowed_methods, reason = "a device, to see whether it opens")]
    let opened = std::fs::OpenOptions::new().read(true).write(true).open(path);
    match opened {
        Ok(_) => Ok(()),
        Err(error) => Err(match error.kind() {
            std::io::ErrorKind::NotFound => RgaError::NoDevice,
            std::io::ErrorKind::PermissionDenied => RgaError::denied(path, root),
            _ => RgaError::Call { call: "open", detail: error.to_string() },
        }),
    }
}
