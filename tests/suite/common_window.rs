//! A window on a bench: opens it without a screen, drives it, and waits for its worker.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use dermaloupe::app::Window;
use dermaloupe::app::command::Command;
use dermaloupe::app::settings::Remembered;
use dermaloupe::app::state::State;
use dermaloupe::inference::{Model, ModelLibrary};
use dermaloupe::startup::StartupOptions;
use eframe::egui::{self, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use serde_json::{Value, json};

/// Longest that any result may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

pub struct Bench {
    pub harness: Harness<'static, Window>,
}

impl Bench {
    pub fn open(paths: &[&Path]) -> Self {
        let paths: Vec<PathBuf> = paths.iter().map(|path| path.to_path_buf()).collect();
        Self::open_with(|options| options.paths = paths)
    }

    pub fn open_with(change: impl FnOnce(&mut StartupOptions)) -> Self {
        let mut options = StartupOptions::default();
        change(&mut options);
        Self::start(options, None)
    }

    pub fn with_settings(path: &Path) -> Self {
        Self::with_settings_and(path, |_| {})
    }

    pub fn with_settings_and(path: &Path, change: impl FnOnce(&mut StartupOptions)) -> Self {
        let mut options = StartupOptions::default();
        change(&mut options);
        Self::start(options, Some(path.to_owned()))
    }

    fn start(options: StartupOptions, settings: Option<PathBuf>) -> Self {
        let library = ModelLibrary::discover(options.models.as_deref());
        let harness = Harness::builder()
            .with_size(egui::vec2(1280.0, 900.0))
            .with_max_steps(64)
            .with_step_dt(1.0 / 60.0)
            .build_eframe(|creation| {
                Window::new(&creation.egui_ctx, options, &library, Remembered::at(settings))
                    .expect("the window opens")
            });
        let mut bench = Self { harness };
        bench.settle();
        bench
    }

    /// Steps until nothing is left to do, and then a little on, so that animations end.
    pub fn settle(&mut self) {
        let started = Instant::now();
        let mut quiet = 0;
        while quiet < 4 {
            self.harness.step();
            quiet = if self.harness.state().is_idle() { quiet + 1 } else { 0 };
            assert!(started.elapsed() < PATIENCE, "the window never came to rest");
            std::thread::yield_now();
        }
    }

    pub fn state(&self) -> &State {
        self.harness.state().state()
    }

    /// The name of the photo on the canvas.
    pub fn name(&self) -> String {
        self.state().current.photo.as_ref().map(|photo| photo.source.name()).unwrap_or_default()
    }

    /// The newest notice.
    pub fn notice(&self) -> String {
        self.state().notices.list().last().map(|notice| notice.words.to_string()).unwrap_or_default()
    }

    pub fn press(&mut self, key: Key) {
        self.press_with(Modifiers::NONE, key);
    }

    /// The Tab key comes by eframe's hook for raw input, which the bench calls itself.
    pub fn press_tab(&mut self) {
        let event = egui::Event::Key {
            key: Key::Tab,
            physical_key: None,
            pressed: true,
            repeat: false,
            modifiers: Modifiers::NONE,
        };
        let mut raw = egui::RawInput { events: vec![event], ..egui::RawInput::default() };
        let ctx = self.harness.ctx.clone();
        eframe::App::raw_input_hook(self.harness.state_mut(), &ctx, &mut raw);
        assert!(raw.events.is_empty(), "the key is taken");
        self.settle();
    }

    /// Has `events` come in one frame, as from a slow screen, through eframe's hook for raw input.
    pub fn in_one_frame(&mut self, events: Vec<egui::Event>) {
        let ctx = self.harness.ctx.clone();
        let mut raw = egui::RawInput { events, ..egui::RawInput::default() };
        loop {
            eframe::App::raw_input_hook(self.harness.state_mut(), &ctx, &mut raw);
            if raw.events.is_empty() {
                break;
            }
            self.harness.input_mut().events.append(&mut raw.events);
            self.harness.step();
        }
        self.settle();
    }

    pub fn press_with(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.harness.step();
        self.settle();
    }

    pub fn click(&mut self, label: &str) {
        self.harness.get_by_label_contains(label).click();
        self.harness.step();
        self.settle();
    }

    /// Chooses a row of the open menu as a screen reader does, whether it is in sight or has to be scrolled to.
    pub fn choose(&mut self, label: &str) {
        self.harness.get_by_label_contains(label).click_accesskit();
        self.harness.step();
        self.settle();
    }

    /// Clicks the button of that name where other things bear it too.
    pub fn click_role_button(&mut self, label: &str) {
        let role = egui::accesskit::Role::Button;
        self.harness
            .query_all_by_role(role)
            .find(|node| node.accesskit_node().label().is_some_and(|words| words.contains(label)))
            .expect("there is such a button")
            .click();
        self.harness.step();
        self.settle();
    }

    pub fn send(&mut self, command: Command) {
        self.harness.state_mut().send(command);
        self.settle();
    }

    pub fn drop_file(&mut self, path: &Path) {
        self.harness.input_mut().dropped_files.push(Arc::new(Dropped(path.to_owned())));
        self.harness.step();
        self.settle();
    }

    pub fn shows(&self, label: &str) -> bool {
        self.harness.query_all_by_label(label).next().is_some()
    }

    pub fn shows_part(&self, words: &str) -> bool {
        self.harness.query_all_by_label_contains(words).next().is_some()
    }
}

#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}

/// A file of the committed phantoms.
pub fn phantom(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/sample").join(name)
}

/// A folder of `count` photos, `photo1.png` and on (JPEG inside: what a file is, is read from its content).
pub fn folder_of_phantoms(count: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for number in 1..=count {
        let source = if number % 2 == 1 { "phantom2.jpg" } else { "phantom3.jpg" };
        std::fs::copy(phantom(source), folder.path().join(format!("photo{number}.png"))).unwrap();
    }
    // The second photo is the first again, so that one mask fits both.
    if count > 1 {
        std::fs::copy(phantom("phantom2.jpg"), folder.path().join("photo2.png")).unwrap();
    }
    folder
}

/// A models folder with `broken`: its hash is right, but the file is no network.
pub fn models_with_a_broken_one() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    add_model(folder.path(), "broken", |_| {}, b"these bytes are no network");
    folder
}

/// A models folder with `strict`: a network of the zoo at a threshold of 0.8.
pub fn models_with_a_strict_one() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    add_model(folder.path(), "strict", |card| card["threshold"] = 0.8.into(), &onnx());
    folder
}

/// A network of the zoo under `name`, its card changed by `change`.
pub fn add_network(models: &Path, name: &str, change: impl Fn(&mut Value)) {
    add_model(models, name, change, &onnx());
}

fn zoo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("models/zoo").join(Model::BUILT_IN)
}

fn onnx() -> Vec<u8> {
    std::fs::read(zoo().join("model.onnx")).unwrap()
}

fn add_model(models: &Path, name: &str, change: impl Fn(&mut Value), onnx: &[u8]) {
    let folder = models.join(name);
    std::fs::create_dir(&folder).unwrap();
    let mut card: Value = serde_json::from_slice(&std::fs::read(zoo().join("card.json")).unwrap()).unwrap();
    card.as_object_mut().unwrap().remove("recommended");
    card["name"] = name.into();
    card["title"] = format!("{}{}", name[..1].to_uppercase(), &name[1..]).into();
    card["artefacts"] = json!([{ "file": "model.onnx", "format": "onnx", "bytes": onnx.len(),
                                 "sha256": dermaloupe::decode::sha256_hex(onnx) }]);
    change(&mut card);
    std::fs::write(folder.join("card.json"), card.to_string()).unwrap();
    std::fs::write(folder.join("model.onnx"), onnx).unwrap();
}
