//! What the tests share: a folder of their own, the program run in it, and photographs to give it.

use std::path::{Path, PathBuf};
use std::process::Command;

use dermaloupe::inference::Model;
use serde_json::Value;

/// The checkout.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Whether a missing optional thing is a failure: on the project's own CI everything is there.
pub(crate) fn everything_must_be_there() -> bool {
    std::env::var("CI").is_ok_and(|ci| ci == "true")
}

/// The real photographs, when they are here.
pub(crate) fn real_photographs() -> Option<PathBuf> {
    let named = std::env::var_os("DERMALOUPE_DATA").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| root().join("../shared/data"));
    let found = folder.join("isic2017/splits.csv").exists();
    println!("real photographs: {}", if found { "yes" } else { "no" });
    assert!(
        found || !everything_must_be_there(),
        "with CI=true the photographs must be there: {}",
        folder.display()
    );
    found.then_some(folder)
}

/// A folder of one test, gone when the test ends.
pub(crate) struct Workplace {
    folder: tempfile::TempDir,
}

/// What a run of the program left.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Workplace {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder can be made") }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, making its folders.
    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("it lies in our folder")).expect("folders can be made");
        std::fs::write(&path, bytes).expect("the file can be written");
        path
    }

    /// The drawn phantom (1536x1152) under a name.
    pub(crate) fn phantom(&self, name: &str) -> PathBuf {
        self.file(name, phantom_jpeg())
    }

    /// The phantom's true mask under a name.
    pub(crate) fn phantom_mask(&self, name: &str) -> PathBuf {
        self.file(
            name,
            std::fs::read(root().join("assets/sample/phantom_segmentation.png")).expect("it is committed"),
        )
    }

    /// A folder with a network of the zoo, to be spoilt by `change`: its card and its ONNX file.
    pub(crate) fn network(&self, name: &str, change: impl FnOnce(&mut Value, &mut Vec<u8>)) {
        let zoo = root().join("models/zoo").join(Model::BUILT_IN);
        let card = std::fs::read(zoo.join("card.json")).expect("the card is committed");
        let mut card: Value = serde_json::from_slice(&card).expect("the card is JSON");
        let mut onnx = std::fs::read(zoo.join("model.onnx")).expect("the network is committed");
        card["name"] = name.into();
        card.as_object_mut().expect("a card is an object").remove("recommended");
        change(&mut card, &mut onnx);
        self.file(&format!("models/{name}/card.json"), card.to_string());
        self.file(&format!("models/{name}/model.onnx"), onnx);
    }

    /// Runs the program in this folder. Words are split at spaces.
    pub(crate) fn run(&self, line: &str) -> Run {
        self.run_words(&line.split_whitespace().collect::<Vec<_>>())
    }

    pub(crate) fn run_words(&self, words: &[&str]) -> Run {
        let mut command = self.command();
        let output = command.args(words).output().expect("the program starts");
        Run {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
        }
    }

    /// The program, in this folder, with nothing of the person's own settings.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dermaloupe"));
        command.current_dir(self.folder.path()).env_remove("RUST_LOG");
        command
    }

    /// The names in a folder, sorted; empty when there is none.
    pub(crate) fn names(&self, folder: &str) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.path(folder)) else { return Vec::new() };
        let mut names: Vec<String> =
            entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

impl Run {
    /// All inputs were done.
    pub(crate) fn went_well(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:?}");
        self
    }

    /// Some inputs failed; the program says so on `count` lines of stderr.
    pub(crate) fn failed_on(self, count: usize) -> Self {
        assert_eq!(self.code, Some(1), "{self:?}");
        assert_eq!(self.stderr.lines().count(), count, "{self:?}");
        self
    }

    /// Nothing was begun.
    pub(crate) fn was_refused(self) -> Self {
        assert_eq!(self.code, Some(2), "{self:?}");
        self
    }

    /// Stderr has one line with all of `words`, and it ends with `path`.
    pub(crate) fn says(self, words: &[&str], path: &str) -> Self {
        let fits = |line: &&str| words.iter().all(|word| line.contains(word)) && line.ends_with(path);
        let line = self.stderr.lines().find(fits);
        let start = line.unwrap_or_else(|| panic!("no line with {words:?} that ends in {path}: {self:?}"));
        assert!(start.starts_with("dermaloupe: "), "{start}");
        self
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub(crate) fn json_lines(&self) -> Vec<Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
    }
}

/// The keys of a JSON object.
pub(crate) fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

/// The drawn phantom, 1536x1152.
pub(crate) fn phantom_jpeg() -> Vec<u8> {
    std::fs::read(root().join("assets/sample/phantom.jpg")).expect("the sample is committed")
}

/// A photograph of bare skin, 30x22: the smallest in which networks find their lesion.
#[cfg(target_os = "linux")]
pub(crate) fn small_photo(place: &Workplace, name: &str) -> PathBuf {
    let path = place.file(name, "");
    image::RgbImage::from_pixel(30, 22, image::Rgb([180, 140, 120])).save(&path).expect("it can be written");
    path
}

/// Makes a pipe, for which whoever opens it would wait.
pub(crate) fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().expect("coreutils are there").success());
}

/// What a file of JSON holds.
pub(crate) fn json_at(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).expect("it is there")).expect("it is JSON")
}

/// For a test that measures this process's memory: runs it again in a process of its own, where no other test takes any,
/// and answers true there. `name` is the test's, with its file: `npu::memory_is_flat`.
#[cfg(target_os = "linux")]
pub(crate) fn is_alone(name: &str) -> bool {
    const ALONE: &str = "DERMALOUPE_TEST_ALONE";
    if std::env::var_os(ALONE).is_some() {
        return true;
    }
    let program = std::env::current_exe().expect("this program");
    let run = Command::new(program).args(["--exact", name, "--nocapture"]).env(ALONE, "1").output();
    let run = run.expect("it starts");
    let said = String::from_utf8_lossy(&run.stdout);
    println!("{said}");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    assert!(said.contains("1 passed"), "there is no test {name}");
    false
}

/// Kilobytes of this process that are in memory.
#[cfg(target_os = "linux")]
pub(crate) fn resident_kib() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux has it");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("it is there");
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).expect("a number")
}
