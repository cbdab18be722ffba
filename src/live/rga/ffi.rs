//! `librga.so` as C sees it: those functions of its interface im2d that have C linkage, as others can be found only by a
//! compiler's name of them. Layouts are those of version 1.10.3's header, which 1.9 has too.
#![allow(unsafe_code, reason = "a C library that is found at run time can be called in no other way")]

use std::ffi::{CStr, c_char, c_int, c_void};
use std::os::fd::{AsRawFd as _, BorrowedFd};
use std::path::Path;

use libloading::Library;

use super::super::rga_error::RgaError;
use crate::inference::runtime_library::{NotOpened, RuntimeLibrary};

/// Its names: the vendor's, and a distribution's.
const FILE_NAMES: [&str; 2] = ["librga.so", "librga.so.2"];

/// The first `[major, minor]` that has all of this for RK3588.
const LEAST_VERSION: [u32; 2] = [1, 9];

/// `RGA_VERSION`, `IM_SYNC` and `IM_STATUS_SUCCESS`.
const VERSION: c_int = 1;
const WAIT: c_int = 1 << 19;
const SUCCESS: c_int = 1;

/// `rga_buffer_t`.
#[repr(C)]
#[derive(Clone, Copy)]
struct BufferDescription {
    addresses: [*mut c_void; 2],
    fd: c_int,
    size: [c_int; 2],
    strides: [c_int; 2],
    format: c_int,
    colour_mode: c_int,
    /// What blends, fills and quantises.
    rest: [c_int; 12],
    handle: u32,
}

const NO_BUFFER: BufferDescription = BufferDescription {
    addresses: [std::ptr::null_mut(); 2],
    fd: 0,
    size: [0; 2],
    strides: [0; 2],
    format: 0,
    colour_mode: 0,
    rest: [0; 12],
    handle: 0,
};

/// `im_rect`.
#[repr(C)]
#[derive(Clone, Copy, Default)]
struct Part {
    left: c_int,
    top: c_int,
    width: c_int,
    height: c_int,
}

/// `im_handle_param_t`: the memory as pixels, not the picture in it.
#[repr(C)]
struct MemoryExtent {
    width: u32,
    height: u32,
    format: u32,
}

type Query = unsafe extern "C" fn(c_int) -> *const c_char;
type ImportFd = unsafe extern "C" fn(c_int, *mut MemoryExtent) -> u32;
type Release = unsafe extern "C" fn(u32) -> c_int;
type Describe = unsafe extern "C" fn(u32, c_int, c_int, c_int, c_int, c_int) -> BufferDescription;
type Process =
    unsafe extern "C" fn(BufferDescription, BufferDescription, BufferDescription, Part, Part, Part, c_int) -> c_int;

/// How pixels lie in memory, by `RK_FORMAT_RGB_888` and `RK_FORMAT_YCbCr_420_SP`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub(super) enum PixelLayout {
    Rgb = 0x2 << 8,
    Nv12 = 0xA << 8,
}

/// `IM_YUV_TO_RGB_*`, the modes that all of RGA has.
#[derive(Clone, Copy, Debug)]
#[repr(i32)]
pub(super) enum ColourMode {
    Bt601Limited = 1,
    Bt601Full = 2,
    Bt709Limited = 3,
}

/// A picture in memory.
#[derive(Clone, Copy, Debug)]
pub(super) struct Image {
    pub(super) size: [u32; 2],
    /// Pixels from one row to the next.
    pub(super) row: u32,
    pub(super) layout: PixelLayout,
}

impl Image {
    /// Bytes from one row of the first plane to the next.
    pub(super) fn row_bytes(&self) -> usize {
        self.row as usize * if self.layout == PixelLayout::Rgb { 3 } else { 1 }
    }

    pub(super) fn bytes(&self) -> usize {
        let rows = self.size[1] as usize;
        self.row_bytes() * if self.layout == PixelLayout::Rgb { rows } else { rows + rows / 2 }
    }
}

/// The functions of an open library, which is never closed: its own threads and singletons would outlive it.
#[derive(Clone, Copy)]
pub(super) struct RgaFunctions {
    query: Query,
    import: ImportFd,
    release: Release,
    describe: Describe,
    process: Process,
    words: Query,
}

impl RgaFunctions {
    /// The library at `named`, or the one that is found, with its version.
    pub(super) fn open(named: Option<&Path>) -> Result<(Self, String), RgaError> {
        let mut missing = Vec::<String>::new();
        for file_name in FILE_NAMES {
            let library =
                RuntimeLibrary { file_name, variable: None, data_folder: None, searches_bare_names: false };
            let is_absent = |error: &String| error.contains(&format!("{file_name}: cannot open shared object"));
            match library.open(named, Self::open_at, is_absent) {
                Ok(functions) => return functions.version().map(|version| (functions, version)),
                Err(NotOpened::NotFound(looked)) => missing.push(looked),
                Err(NotOpened::Unusable(path, detail)) => {
                    return Err(RgaError::Library { detail: format!("{}: {detail}", path.display()) });
                }
            }
        }
        missing.dedup();
        Err(RgaError::Library { detail: format!("not found, looked for {}", missing.join(", ")) })
    }

    fn open_at(path: &Path) -> Result<Self, String> {
        // SAFETY: opening runs the library's initialisers. The person named it or installed it under this name.
        let library = with_stdout_on_stderr(|| unsafe { Library::new(path) });
        let library = library.map_err(|error| {
            std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string)
        })?;
        // SAFETY: each type is that of the function of this name in the library's C header.
        let functions = unsafe {
            Self {
                query: symbol(&library, "querystring")?,
                import: symbol(&library, "importbuffer_fd")?,
                release: symbol(&library, "releasebuffer_handle")?,
                describe: symbol(&library, "wrapbuffer_handle_t")?,
                process: symbol(&library, "improcess")?,
                words: symbol(&library, "imStrError_t")?,
            }
        };
        std::mem::forget(library);
        Ok(functions)
    }

    /// Asks the driver, so that what answers is there.
    fn version(&self) -> Result<String, RgaError> {
        // SAFETY: it takes a number, and returns a string of its own or none.
        let text = with_stdout_on_stderr(|| unsafe { owned((self.query)(VERSION)) });
        let values: Vec<&str> = text.lines().filter_map(|line| Some(line.split_once(':')?.1.trim())).collect();
        let number = values.first().and_then(|value| value.strip_prefix('v')).unwrap_or_default();
        let mut parts = number.split(['.', '_']).map_while(|part| part.parse().ok());
        match (parts.next(), parts.next()) {
            (Some(major), Some(minor)) if [major, minor] >= LEAST_VERSION => {
                Ok([&[number], &values[1..]].concat().join(", "))
            }
            (Some(_), Some(_)) => {
                let [major, minor] = LEAST_VERSION;
                Err(RgaError::Library { detail: format!("version {number}, expected {major}.{minor} or newer") })
            }
            _ => Err(RgaError::Call { call: "querystring", detail: text.trim().to_owned() }),
        }
    }

    /// A handle of the memory, which stays the caller's.
    pub(super) fn import(&self, memory: BorrowedFd<'_>, image: &Image) -> Result<u32, RgaError> {
        let mut extent = MemoryExtent { width: image.row, height: image.size[1], format: image.layout as u32 };
        // SAFETY: the descriptor is open, and the library keeps nothing of the extent.
        let handle = with_stdout_on_stderr(|| unsafe { (self.import)(memory.as_raw_fd(), &raw mut extent) });
        if handle == 0 { Err(self.failed("importbuffer_fd", 0)) } else { Ok(handle) }
    }

    /// Gives a handle back, before its memory.
    pub(super) fn release(&self, handle: u32) {
        // SAFETY: a handle that `import` gave, and that is used no more.
        let answer = with_stdout_on_stderr(|| unsafe { (self.release)(handle) });
        if answer != SUCCESS {
            log::warn!("{}", self.failed("releasebuffer_handle", answer));
        }
    }

    /// Converts and reduces a whole picture; it is done when this returns.
    pub(super) fn convert(
        &self,
        (from_handle, from): (u32, &Image),
        (to_handle, to): (u32, &Image),
        mode: ColourMode,
    ) -> Result<(), RgaError> {
        let source = self.describe(from_handle, from);
        let target = BufferDescription { colour_mode: mode as c_int, ..self.describe(to_handle, to) };
        let none = Part::default();
        let [from, to] = [from, to].map(whole);
        // SAFETY: both handles are of memory as large as described, which nothing else uses meanwhile.
        let answer =
            with_stdout_on_stderr(|| unsafe { (self.process)(source, target, NO_BUFFER, from, to, none, WAIT) });
        if answer == SUCCESS { Ok(()) } else { Err(self.failed("improcess", answer)) }
    }

    fn describe(&self, handle: u32, image: &Image) -> BufferDescription {
        let Part { width, height, .. } = whole(image);
        // SAFETY: numbers alone, from which the library fills its structure in.
        unsafe { (self.describe)(handle, width, height, image.row.cast_signed(), height, image.layout as c_int) }
    }

    fn failed(&self, call: &'static str, status: c_int) -> RgaError {
        // SAFETY: it takes a status, and returns a string of this thread, or none.
        let detail = with_stdout_on_stderr(|| unsafe { owned((self.words)(status)) });
        RgaError::Call { call, detail: format!("{status}, {}", detail.trim()) }
    }
}

fn whole(image: &Image) -> Part {
    let [width, height] = image.size.map(u32::cast_signed);
    Part { left: 0, top: 0, width, height }
}

/// # Safety
/// `F` must be the type of the C function called `name`, and the library must stay open as long as it is used.
unsafe fn symbol<F: Copy>(library: &Library, name: &str) -> Result<F, String> {
    // SAFETY: the caller promises the type.
    let found = unsafe { library.get::<F>(name.as_bytes()) };
    found.map(|found| *found).map_err(|_| format!("it has no {name}"))
}

/// # Safety
/// `text` must be null or a C string.
unsafe fn owned(text: *const c_char) -> String {
    if text.is_null() {
        return String::new();
    }
    // SAFETY: the caller promises it.
    unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
}

/// The library prints what it thinks on stdout, which belongs to the program's own results.
fn with_stdout_on_stderr<T>(call: impl FnOnce() -> T) -> T {
    // SAFETY: descriptors are numbers; where there is no stdout nothing is moved. C's own buffer is emptied before it is back.
    let saved = unsafe { libc::fcntl(libc::STDOUT_FILENO, libc::F_DUPFD_CLOEXEC, 3) };
    if saved >= 0 {
        // SAFETY: as above.
        unsafe { libc::dup2(libc::STDERR_FILENO, libc::STDOUT_FILENO) };
    }
    let done = call();
    if saved >= 0 {
        // SAFETY: as above.
        unsafe {
            libc::fflush(std::ptr::null_mut());
            libc::dup2(saved, libc::STDOUT_FILENO);
            libc::close(saved);
        }
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_are_those_of_the_header() {
        #[cfg(target_pointer_width = "64")]
        assert_eq!(size_of::<BufferDescription>(), 96);
        assert_eq!(std::mem::offset_of!(BufferDescription, colour_mode), 2 * size_of::<usize>() + 24);
        assert_eq!(std::mem::offset_of!(BufferDescription, handle), 2 * size_of::<usize>() + 76);
        assert_eq!((size_of::<Part>(), size_of::<MemoryExtent>()), (16, 12));
        assert_eq!((PixelLayout::Rgb as i32, PixelLayout::Nv12 as i32), (0x200, 0xA00));
    }
}
