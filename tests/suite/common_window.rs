//! The window on a bench, and the folders of photographs and networks that it is opened with.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::common_app::{AppBench, Driven};
use dermaloupe::app::Window;
use dermaloupe::app::command::Command;
use dermaloupe::app::command::change::ViewChange;
use dermaloupe::app::model::sections::PanelSection;
use dermaloupe::app::model::state::State;
use dermaloupe::app::settings::Remembered;
use dermaloupe::inference::{Model, ModelLibrary};
use dermaloupe::startup::StartupOptions;
use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, HarnessBuilder};
use serde_json::{Value, json};

/// What a window is opened with.
#[derive(Default)]
pub struct WindowPlace {
    options: StartupOptions,
    /// Where its settings are read and written; none keeps none.
    settings: Option<PathBuf>,
}

impl Driven for Window {
    type Place = WindowPlace;

    const SIZE: egui::Vec2 = egui::vec2(1280.0, 900.0);
    const QUIET_FRAMES: u32 = 4;
    const SETTLES_AFTER_INPUT: bool = true;

    fn harness() -> HarnessBuilder<Self> {
        Harness::builder().with_max_steps(64)
    }

    fn create(ctx: &egui::Context, WindowPlace { options, settings }: &WindowPlace) -> Self {
        let library = ModelLibrary::discover(options.models.as_deref());
        Self::new(ctx, options.clone(), &library, Remembered::at(settings.clone())).expect("the window opens")
    }

    fn is_at_rest(&self) -> bool {
        self.is_idle()
    }

    fn state(&self) -> &State {
        self.state()
    }

    fn notices(&self) -> Vec<String> {
        self.state().notices.list().iter().map(|notice| notice.words.said_in(self.state().language)).collect()
    }
}

pub type Bench = AppBench<Window>;

impl Bench {
    pub fn open(paths: &[&Path]) -> Self {
        let paths: Vec<PathBuf> = paths.iter().map(|path| path.to_path_buf()).collect();
        Self::open_with(|options| options.paths = paths)
    }

    pub fn open_with(change: impl FnOnce(&mut StartupOptions)) -> Self {
        let mut place = WindowPlace::default();
        change(&mut place.options);
        Self::start(place)
    }

    pub fn with_settings(path: &Path) -> Self {
        Self::with_settings_and(path, |_| {})
    }

    pub fn with_settings_and(path: &Path, change: impl FnOnce(&mut StartupOptions)) -> Self {
        let mut place = WindowPlace { settings: Some(path.to_owned()), ..WindowPlace::default() };
        change(&mut place.options);
        Self::start(place)
    }

    /// The name of the photo on the canvas.
    pub fn name(&self) -> String {
        self.state().current.photo.as_ref().map(|photo| photo.source.name()).unwrap_or_default()
    }

    /// The newest notice.
    pub fn notice(&self) -> String {
        self.app().notices().pop().unwrap_or_default()
    }

    /// The Tab key comes by eframe's hook for raw input, which the bench calls itself.
    pub fn press_tab(&mut self) {
        // The frame between two keys, which the harness does not send through the hook.
        self.in_one_frame(Vec::new());
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
            self.harness.input_mut().events.append(&mut raw.events);
            self.step();
            if self.app().is_idle() {
                break;
            }
        }
        self.settle();
    }

    /// Unfolds a section of the side panel.
    pub fn unfold(&mut self, section: PanelSection) {
        self.send(Command::View(ViewChange::Section(section, true)));
    }

    /// Clicks the button of that name where other things bear it too.
    pub fn click_role_button(&mut self, label: &str) {
        let role = egui::accesskit::Role::Button;
        self.harness
            .query_all_by_role(role)
            .find(|node| node.accesskit_node().label().is_some_and(|words| words.contains(label)))
            .expect("there is such a button")
            .click();
        self.take_input();
    }

    pub fn send(&mut self, command: Command) {
        self.harness.state_mut().send(command);
        self.settle();
    }

    pub fn drop_file(&mut self, path: &Path) {
        self.harness.input_mut().dropped_files.push(Arc::new(Dropped(path.to_owned())));
        self.take_input();
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

/// A models folder with `broken`: its file is sound, but gives another size than its card says, which every engine refuses.
pub fn models_with_a_broken_one() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    add_model(folder.path(), "broken", |card| card["output"]["height"] = 64.into(), &onnx());
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
