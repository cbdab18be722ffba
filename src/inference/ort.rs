//! ONNX Runtime, opened at run time: `--onnxruntime`, `ORT_DYLIB_PATH`, beside the program, the data directory, the
//! system. One library per process: the first that loads stays, because ONNX Runtime has process-wide state.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use ort::environment::Environment;
use ort::session::Session;
use ort::session::builder::GraphOptimizationLevel;
use ort::value::{TensorRef, ValueType};

use super::engine::{Engine, MakeWorker, NetworkOutput, check_shape, output_from};
use super::engine_kind::{EngineInfo, EngineKind};
use super::error::{EngineError, InferenceError};
use super::model::Model;
use super::options::EngineOptions;
use super::preprocess::InputTensor;
use super::runtime_library::{NotOpened, RuntimeLibrary, is_bare};
use crate::files::{self, FileKind};
use crate::folders;

const TITLE: &str = "ONNX Runtime";

/// Looked for where `ORT_DYLIB_PATH` says, beside the program, in the data directory and in the system. A library named
/// on the command line may be a bare name that the system resolves.
const LIBRARY: RuntimeLibrary = RuntimeLibrary {
    file_name: if cfg!(target_os = "windows") {
        "onnxruntime.dll"
    } else if cfg!(target_os = "macos") {
        "libonnxruntime.dylib"
    } else {
        "libonnxruntime.so"
    },
    variable: Some("ORT_DYLIB_PATH"),
    data_folder: Some(folders::data),
    searches_bare_names: true,
};

/// The library of this process: its environment, version and path.
struct OrtRuntime {
    environment: Environment,
    version: String,
    path: PathBuf,
}

static RUNTIME: OnceLock<OrtRuntime> = OnceLock::new();
static LOADING: Mutex<()> = Mutex::new(());

/// One network in ONNX Runtime.
pub(super) struct OrtEngine {
    info: EngineInfo,
    session: Session,
    name: String,
    onnx: Arc<[u8]>,
}

impl OrtEngine {
    pub(super) fn load(model: &Model, options: &EngineOptions) -> Result<Self, EngineError> {
        let runtime = runtime(options)?;
        let failed = |detail: String| EngineError::Load { engine: TITLE, model: model.card.name.clone(), detail };
        let session =
            session(&runtime.environment, &model.onnx, options.one_thread.then_some(1)).map_err(failed)?;
        let facts = &model.card;
        let ([input], [output]) = (session.inputs(), session.outputs()) else {
            return Err(failed("expected a network with one input and one output".into()));
        };
        check_shape(model, "input", &sides(input.dtype()), [1, 3, facts.input.height, facts.input.width])?;
        check_shape(model, "output", &sides(output.dtype()), [1, 1, facts.output.height, facts.output.width])?;
        let info = EngineInfo { kind: EngineKind::Ort, version: runtime.version.clone() };
        Ok(Self { info, session, name: model.card.name.clone(), onnx: Arc::clone(&model.onnx) })
    }
}

/// A session on all cores, or on so many `threads`.
fn session(environment: &Environment, onnx: &[u8], threads: Option<usize>) -> Result<Session, String> {
    let builder = Session::builder(environment).map_err(|error| error.to_string())?;
    let mut builder =
        builder.with_optimization_level(GraphOptimizationLevel::Level3).map_err(|error| error.to_string())?;
    if let Some(threads) = threads {
        builder = builder.with_intra_threads(threads).map_err(|error| error.to_string())?;
    }
    builder.commit_from_memory(onnx).map_err(|error| error.to_string())
}

fn sides(value_type: &ValueType) -> Vec<Option<usize>> {
    match value_type {
        ValueType::Tensor { shape, .. } => shape.iter().map(|&side| usize::try_from(side).ok()).collect(),
        _ => Vec::new(),
    }
}

impl Engine for OrtEngine {
    fn info(&self) -> &EngineInfo {
        &self.info
    }

    fn infer(&mut self, input: &InputTensor) -> Result<NetworkOutput, InferenceError> {
        let failed = |error: ort::Error| InferenceError::Failed { engine: TITLE, detail: error.to_string() };
        let tensor = TensorRef::from_array_view((input.shape(), input.values())).map_err(failed)?;
        let outputs = self.session.run(ort::inputs![tensor]).map_err(failed)?;
        let (shape, values) = outputs[0].try_extract_tensor::<f32>().map_err(failed)?;
        let shape: Vec<usize> = shape.iter().map(|&side| usize::try_from(side).unwrap_or(0)).collect();
        output_from(TITLE, &shape, values.to_vec())
    }

    /// On one thread: several side by side are faster than one whose threads wait for each other, by turning.
    fn for_worker(&mut self, _worker: u32) -> Option<MakeWorker> {
        let environment = &RUNTIME.get()?.environment;
        let (info, name, onnx) = (self.info.clone(), self.name.clone(), Arc::clone(&self.onnx));
        Some(Box::new(move || match session(environment, &onnx, Some(1)) {
            Ok(session) => Ok(Box::new(Self { info, session, name, onnx })),
            Err(detail) => Err(EngineError::Load { engine: TITLE, model: name, detail }),
        }))
    }
}

/// Version and path of the library, loading it if necessary.
pub(super) fn describe(options: &EngineOptions) -> Result<String, EngineError> {
    let found = std::panic::catch_unwind(|| runtime(options).map(|r| (r.version.clone(), r.path.clone())));
    match found {
        Ok(Ok((version, path))) => Ok(format!("version {version}, {}", path.display())),
        Ok(Err(error)) => Err(error),
        Err(_) => Err(EngineError::Unusable {
            detail: "the library crashed when asked for its version".into(),
            path: PathBuf::new(),
        }),
    }
}

fn runtime(options: &EngineOptions) -> Result<&'static OrtRuntime, EngineError> {
    let _one_at_a_time = LOADING.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(runtime) = RUNTIME.get() {
        return match &options.onnxruntime {
            Some(path) if std::path::absolute(path).ok().as_ref() != Some(&runtime.path) => {
                Err(EngineError::Unusable {
                    detail: format!(
                        "another one is already loaded, {}; restart the program",
                        runtime.path.display()
                    ),
                    path: path.clone(),
                })
            }
            _ => Ok(runtime),
        };
    }
    // A bare name that fails was not found; a file at a path that fails is unusable.
    LIBRARY
        .open(options.onnxruntime.as_deref(), load, |_| true)
        .map(|runtime| RUNTIME.get_or_init(|| runtime))
        .map_err(|error| match error {
            NotOpened::NotFound(looked) => EngineError::NotFound { looked },
            NotOpened::Unusable(path, detail) => EngineError::Unusable { detail, path },
        })
}

fn load(path: &Path) -> Result<OrtRuntime, String> {
    let environment = ort::init_from(path)
        .map_err(|error| error.to_string())?
        .with_name("dermaloupe")
        .with_telemetry(false)
        .build()
        .map_err(|error| error.to_string())?;
    environment.set_log_level(ort::logging::LogLevel::Error);
    Ok(OrtRuntime { environment, version: version(path), path: path.to_owned() })
}

/// The version from the library's build information, `ORT Build Info: git-branch=rel-1.22.0, git-commit-id=..., ...`.
/// Wheels are built from a detached head: there the version is in the names of the library's symbols.
fn version(path: &Path) -> String {
    let info = ort::info();
    let field = |name: &str| info.split(name).nth(1).and_then(|rest| rest.split(',').next()).unwrap_or_default();
    match field("git-branch=").strip_prefix("rel-") {
        Some(version) => version.to_owned(),
        None => symbol_version(path).unwrap_or_else(|| format!("of commit {}", field("git-commit-id="))),
    }
}

/// The `1.32.0` of the `VERS_1.32.0` that ONNX Runtime's linker script puts on its symbols.
fn symbol_version(path: &Path) -> Option<String> {
    const PREFIX: &[u8] = b"VERS_";
    // What the system found by a bare name is not the file of that name here.
    let path = Some(path).filter(|path| !is_bare(path))?;
    // Names stand near the file's beginning: of 35 MB the first 30 kB are enough.
    let mut bytes = Vec::new();
    files::open(path, FileKind::EngineLibrary).ok()?.take(4 << 20).read_to_end(&mut bytes).ok()?;
    let start = memchr::memmem::find(&bytes, PREFIX)? + PREFIX.len();
    let version = bytes[start..].iter().take(16).take_while(|byte| byte.is_ascii_digit() || **byte == b'.');
    let version: String = version.map(|byte| char::from(*byte)).collect();
    (version.split('.').count() == 3).then_some(version)
}
