//! [`RknnRuntime`]: `librknnrt.so` opened at run time, its functions by name. An opened library stays for the process's
//! life: contexts that hang may still be executing it.

use std::ffi::c_void;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError, Weak};

use libloading::Library;

use super::super::version::RuntimeVersion;
use super::layout::{
    ContextId, InitExtend, OutputExtend, QueryCommand, RknnInput, RknnOutput, RunExtend, TensorAttr, TensorMem,
};
use crate::files::{self, FileKind};
use crate::inference::runtime_library::{NotOpened, RuntimeLibrary, is_bare};

/// Looked for beside the program and in the system; its name has no version.
const LIBRARY: RuntimeLibrary =
    RuntimeLibrary { file_name: "librknnrt.so", variable: None, data_folder: None, searches_bare_names: false };
/// The loader's message if no folder has the library, as opposed to a missing dependency.
const ABSENT: &str = "librknnrt.so: cannot open shared object file: No such file";

type Init = unsafe extern "C" fn(*mut ContextId, *mut c_void, u32, u32, *mut InitExtend) -> i32;
type DupContext = unsafe extern "C" fn(*mut ContextId, *mut ContextId) -> i32;
type Destroy = unsafe extern "C" fn(ContextId) -> i32;
type Query = unsafe extern "C" fn(ContextId, QueryCommand, *mut c_void, u32) -> i32;
type InputsSet = unsafe extern "C" fn(ContextId, u32, *mut RknnInput) -> i32;
type RunNetwork = unsafe extern "C" fn(ContextId, *mut RunExtend) -> i32;
type OutputsGet = unsafe extern "C" fn(ContextId, u32, *mut RknnOutput, *mut OutputExtend) -> i32;
type OutputsRelease = unsafe extern "C" fn(ContextId, u32, *mut RknnOutput) -> i32;
type SetCoreMask = unsafe extern "C" fn(ContextId, u32) -> i32;
type CreateMem = unsafe extern "C" fn(ContextId, u32) -> *mut TensorMem;
type DestroyMem = unsafe extern "C" fn(ContextId, *mut TensorMem) -> i32;
type SetIoMem = unsafe extern "C" fn(ContextId, *mut TensorMem, *mut TensorAttr) -> i32;
type MemSync = unsafe extern "C" fn(ContextId, *mut TensorMem, u32) -> i32;

/// Functions for tensors in memory that CPU and NPU share; all or none.
#[derive(Clone, Copy)]
pub(super) struct SharedMemory {
    pub(super) create_mem: CreateMem,
    pub(super) destroy_mem: DestroyMem,
    pub(super) set_io_mem: SetIoMem,
    /// Newer than the others.
    pub(super) mem_sync: Option<MemSync>,
}

/// One opened library. Its function pointers are valid as long as it is, and it is never closed.
pub(in super::super) struct RknnRuntime {
    path: PathBuf,
    /// Threads that were abandoned in the middle of a call; each holds its token as long as it lives.
    given_up: Mutex<Vec<Weak<()>>>,
    pub(super) init: Init,
    pub(super) destroy: Destroy,
    pub(super) query: Query,
    pub(super) inputs_set: InputsSet,
    pub(super) run: RunNetwork,
    pub(super) outputs_get: OutputsGet,
    pub(super) outputs_release: OutputsRelease,
    pub(super) dup_context: Option<DupContext>,
    pub(super) set_core_mask: Option<SetCoreMask>,
    pub(super) shared_memory: Option<SharedMemory>,
}

/// Why there is no library.
#[derive(Debug)]
pub(in super::super) enum LibraryError {
    /// None of these exists.
    NotFound(String),
    /// It cannot be opened, with the loader's message.
    Unusable(PathBuf, String),
    /// It lacks a function: it is a different library.
    NoSymbol(PathBuf, &'static str),
}

/// Libraries of this process by their paths as asked for.
static OPENED: Mutex<Vec<(PathBuf, &'static RknnRuntime)>> = Mutex::new(Vec::new());

impl RknnRuntime {
    /// Only the library at `named`, or the one that is found; opened once per process.
    pub(in super::super) fn find(named: Option<&Path>) -> Result<&'static Self, LibraryError> {
        let mut opened = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
        let open = |path: &Path| match opened.iter().find(|(known, _)| known == path).map(|(_, runtime)| *runtime) {
            Some(runtime) => Ok(runtime),
            None => {
                let runtime: &'static Self = Box::leak(Box::new(Self::open(path)?));
                opened.push((path.to_owned(), runtime));
                Ok(runtime)
            }
        };
        // A bare name is the system's search path: not being there is 'not found', another lack is a fault.
        let is_absent = |error: &LibraryError| match error {
            LibraryError::Unusable(_, detail) => detail.contains(ABSENT),
            LibraryError::NotFound(_) | LibraryError::NoSymbol(..) => false,
        };
        LIBRARY.open(named, open, is_absent).map_err(|error| match error {
            NotOpened::NotFound(looked) => LibraryError::NotFound(looked),
            NotOpened::Unusable(_, error) => error,
        })
    }

    fn open(path: &Path) -> Result<Self, LibraryError> {
        // SAFETY: opening runs the library's initialisers. The person named it or installed it under this name.
        let library = unsafe { Library::new(path) };
        let library = library.map_err(|error| LibraryError::Unusable(path.to_owned(), cause(&error)))?;
        // SAFETY: the types are those of the functions of these names in the runtime's C header.
        let runtime = unsafe { Self::resolve(&library, path) }?;
        // Never closed: a context that hangs may still be executing it.
        std::mem::forget(library);
        Ok(runtime)
    }

    /// # Safety
    /// `library` must stay open as long as what it returns is used.
    unsafe fn resolve(library: &Library, path: &Path) -> Result<Self, LibraryError> {
        let lacks = |name| LibraryError::NoSymbol(path.to_owned(), name);
        // SAFETY: each field's type is that of the C function that is named.
        unsafe {
            Ok(Self {
                path: located(path),
                given_up: Mutex::new(Vec::new()),
                init: symbol(library, "rknn_init").map_err(lacks)?,
                destroy: symbol(library, "rknn_destroy").map_err(lacks)?,
                query: symbol(library, "rknn_query").map_err(lacks)?,
                inputs_set: symbol(library, "rknn_inputs_set").map_err(lacks)?,
                run: symbol(library, "rknn_run").map_err(lacks)?,
                outputs_get: symbol(library, "rknn_outputs_get").map_err(lacks)?,
                outputs_release: symbol(library, "rknn_outputs_release").map_err(lacks)?,
                dup_context: symbol(library, "rknn_dup_context").ok(),
                set_core_mask: symbol(library, "rknn_set_core_mask").ok(),
                shared_memory: shared_memory(library),
            })
        }
    }

    /// Its path.
    pub(in super::super) fn path(&self) -> &Path {
        &self.path
    }

    /// Notes that the thread with this token was left in the middle of a call.
    pub(in super::super) fn give_up(&self, token: Weak<()>) {
        self.given_up.lock().unwrap_or_else(PoisonError::into_inner).push(token);
    }

    /// Whether an abandoned thread still hangs.
    pub(in super::super) fn hangs(&self) -> bool {
        let mut given_up = self.given_up.lock().unwrap_or_else(PoisonError::into_inner);
        given_up.retain(|token| token.strong_count() > 0);
        !given_up.is_empty()
    }

    /// The version in the library's file, for when there is no context to query.
    pub(in super::super) fn version_in_file(&self) -> Option<RuntimeVersion> {
        const BEFORE: &[u8] = b"librknnrt version: ";
        let bytes = files::read(&self.path, FileKind::EngineLibrary).ok()?;
        let start = bytes.windows(BEFORE.len()).position(|window| window == BEFORE)? + BEFORE.len();
        let words = bytes[start..].iter().take_while(|byte| byte.is_ascii_graphic()).take(32);
        RuntimeVersion::find(&words.map(|&byte| char::from(byte)).collect::<String>())
    }

    /// Whether tensors can be in shared memory.
    pub(in super::super) fn has_shared_memory(&self) -> bool {
        self.shared_memory.is_some()
    }
}

/// # Safety
/// `F` must be the type of the C function called `name`.
unsafe fn symbol<F: Copy>(library: &Library, name: &'static str) -> Result<F, &'static str> {
    // SAFETY: the caller promises the type.
    unsafe { library.get::<F>(name.as_bytes()) }.map(|found| *found).map_err(|_| name)
}

/// # Safety
/// `library` must stay open as long as what it returns is used.
unsafe fn shared_memory(library: &Library) -> Option<SharedMemory> {
    // SAFETY: each field's type is that of the C function that is named.
    unsafe {
        Some(SharedMemory {
            create_mem: symbol(library, "rknn_create_mem").ok()?,
            destroy_mem: symbol(library, "rknn_destroy_mem").ok()?,
            set_io_mem: symbol(library, "rknn_set_io_mem").ok()?,
            mem_sync: symbol(library, "rknn_mem_sync").ok(),
        })
    }
}

/// The loader's own message, which is the source of the error that says only that it failed.
fn cause(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), ToString::to_string)
}

/// Where the system found a library that was asked for by its bare name: as the process's own map says.
fn located(path: &Path) -> PathBuf {
    let read = || files::read_text(Path::new("/proc/self/maps"), FileKind::SystemFacts).unwrap_or_default();
    let map = if is_bare(path) { read() } else { String::new() };
    let place =
        map.lines().find_map(|line| line.find('/').map(|at| &line[at..]).filter(|p| p.contains("/librknnrt.so")));
    place.map_or_else(|| path.to_owned(), PathBuf::from)
}
