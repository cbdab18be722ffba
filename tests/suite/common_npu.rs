//! A board on paper: the folders that say 'RK3588', the darkness network, and a test double of the NPU's runtime beside
//! them. The double is no runtime and no NPU: it computes the darkness network of `fixtures/rknn/make.py` in C, and
//! holds whoever calls it to the interface. A test that misuses the interface fails when its board is dropped.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use dermaloupe::decode::sha256_hex;
use dermaloupe::inference::{EngineOptions, Model, RknnOptions};
use serde_json::{Value, json};

/// Parts of the interface that a double can lack, as older runtimes do.
pub(crate) const WITHOUT_SHARED_MEMORY: &str = "-DWITHOUT_SHARED_MEMORY";
pub(crate) const WITHOUT_SYNC: &str = "-DWITHOUT_SYNC";
pub(crate) const WITHOUT_DUP: &str = "-DWITHOUT_DUP";
pub(crate) const WITHOUT_CORES: &str = "-DWITHOUT_CORES";

/// `[height, width]` of the darkness network's input; its output is half as large.
pub(crate) const INPUT: [usize; 2] = [96, 128];

/// A board on paper.
pub(crate) struct Board {
    folder: tempfile::TempDir,
    /// How long a run may take.
    pub(crate) run_limit: Duration,
}

impl Board {
    /// With the whole double.
    pub(crate) fn new(plan: &[&str]) -> Self {
        Self::with(&[], plan)
    }

    /// With a double that lacks `parts` and does what `plan` says.
    pub(crate) fn with(parts: &[&str], plan: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let board = Self { folder, run_limit: Duration::from_secs(60) };
        board.file("proc/device-tree/compatible", b"radxa,rock-5b\0rockchip,rk3588\0");
        board.file("sys/class/drm/renderD129/device/uevent", b"DRIVER=RKNPU\n");
        board.file("dev/dri/renderD129", b"");
        board.file("librknnrt.so.plan", plan.join("\n").as_bytes());
        // A library of its own, with a state of its own.
        std::fs::copy(double(parts), board.library()).unwrap();
        board.network(|_| {});
        board
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn library(&self) -> PathBuf {
        self.path("librknnrt.so")
    }

    pub(crate) fn options(&self) -> EngineOptions {
        let rknn = RknnOptions {
            runtime: Some(self.library()),
            system_root: self.path(""),
            load_limit: self.run_limit,
            run_limit: self.run_limit,
        };
        EngineOptions { rknn, ..EngineOptions::default() }
    }

    /// Options of the command line that lead to this board.
    pub(crate) fn words(&self) -> Vec<String> {
        let path = |name: &str| self.path(name).display().to_string();
        let words =
            ["--rknn-runtime", &path("librknnrt.so"), "--system-root", &path(""), "--models", &path("models")];
        words.map(str::to_owned).to_vec()
    }

    /// Writes the darkness network as a model's folder, its card changed by `change`.
    pub(crate) fn network(&self, change: impl FnOnce(&mut Value)) {
        let onnx = fixture("model.onnx");
        let rknn = fixture("model.rk3588.rknn");
        let mut card = malunet_card();
        card["name"] = json!("darkness");
        card["title"] = json!("Darkness");
        card["input"]["height"] = json!(INPUT[0]);
        card["input"]["width"] = json!(INPUT[1]);
        card["output"]["height"] = json!(INPUT[0] / 2);
        card["output"]["width"] = json!(INPUT[1] / 2);
        card["artefacts"] =
            json!([artefact("model.onnx", "onnx", &onnx), artefact("model.rk3588.rknn", "rknn", &rknn)]);
        change(&mut card);
        self.file("models/darkness/model.onnx", &onnx);
        self.file("models/darkness/model.rk3588.rknn", &rknn);
        self.file("models/darkness/card.json", card.to_string().as_bytes());
    }

    /// Puts `bytes` in the place of the network's file for the NPU; its card knows.
    pub(crate) fn npu_file(&self, bytes: &[u8]) {
        self.network(|card| card["artefacts"][1] = artefact("model.rk3588.rknn", "rknn", bytes));
        self.file("models/darkness/model.rk3588.rknn", bytes);
    }

    pub(crate) fn model(&self) -> Model {
        Model::from_folder(&self.path("models/darkness")).unwrap()
    }

    /// What the double has noted.
    pub(crate) fn log(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.path("librknnrt.so.log")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// How many lines of the log begin so.
    pub(crate) fn count(&self, beginning: &str) -> usize {
        self.log().iter().filter(|line| line.starts_with(beginning)).count()
    }

    /// Lets every call that hangs come back.
    pub(crate) fn release(&self) {
        self.file("librknnrt.so.release", b"");
    }
}

impl Drop for Board {
    fn drop(&mut self) {
        let violations: Vec<String> = self.log().into_iter().filter(|line| line.starts_with("VIOLATION")).collect();
        if !std::thread::panicking() {
            assert!(violations.is_empty(), "the runtime's interface was misused: {violations:#?}");
        }
    }
}

pub(crate) fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/rknn").join(name)).unwrap()
}

fn malunet_card() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/zoo/malunet/card.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn artefact(file: &str, format: &str, bytes: &[u8]) -> Value {
    json!({ "file": file, "format": format, "bytes": bytes.len(), "sha256": sha256_hex(bytes) })
}

/// Compiles the double, once for each set of parts; the compiler that links the tests is there anyway.
fn double(parts: &[&str]) -> PathBuf {
    let shared = [&["-shared", "-fPIC"][..], parts].concat();
    compiled("npu-double", &shared, &[("double.c", include_str!("common_npu/double.c"))])
}

/// The program that misuses the interface, with the double inside.
pub(crate) fn misuser() -> PathBuf {
    compiled(
        "npu-misuse",
        &[],
        &[("double.c", include_str!("common_npu/double.c")), ("misuse.c", include_str!("common_npu/misuse.c"))],
    )
}

/// A library or program of C, made once.
pub(crate) fn compiled(name: &str, flags: &[&str], sources: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let header = include_str!("common_double.h");
    let hash = sha256_hex(format!("{flags:?}{sources:?}{header}").as_bytes());
    let target = folder.join(format!("{name}-{}", &hash[..16]));
    if target.exists() {
        return target;
    }
    let scratch = tempfile::tempdir_in(folder).unwrap();
    let made = scratch.path().join("made");
    let mut compiler = Command::new(std::env::var_os("CC").unwrap_or_else(|| "cc".into()));
    compiler.args(["-O1", "-std=gnu11", "-Wall", "-Wextra", "-Werror"]).args(flags).arg("-o").arg(&made);
    std::fs::write(scratch.path().join("common_double.h"), header).unwrap();
    for (file, text) in sources {
        let path = scratch.path().join(file);
        std::fs::write(&path, text).unwrap();
        compiler.arg(path);
    }
    let output = compiler.args(["-lm", "-lpthread", "-ldl"]).output().expect("cc starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    // Another test may have been quicker; both have made the same.
    std::fs::rename(&made, &target).unwrap();
    target
}
