//! A photograph from nothing to a result, and everything that can go wrong on the way.

use dermaloupe::app::Window;
use dermaloupe::app::command::Command;
use dermaloupe::app::command::action::Action;
use dermaloupe::app::model::current::Phase;
use dermaloupe::inference::{EngineChoice, EngineKind};
use eframe::egui::Vec2;

use crate::photos;
use crate::sheet::{check, check_window};
use crate::stage::{SMALL, Stage, USUAL};

fn folder_at(size: Vec2, name: &str) -> Stage<Window> {
    Stage::with_photos(size, &[photos::three(name)])
}

#[test]
fn first_run() {
    check_window("first-run", Stage::window(USUAL, |_| {}));
    check_window("first-run-small", Stage::window(SMALL, |_| {}));
}

#[test]
fn nothing_open() {
    check_window("nothing-open", Stage::with_photos(USUAL, &[photos::folder("nothing-open")]));
}

#[test]
fn loading() {
    let folder = photos::folder("loading");
    for number in 1..=9 {
        photos::copy(&folder, "phantom2.jpg", &format!("naevus {number}.jpg"));
    }
    let mut stage = Stage::with_photos(USUAL, &[folder]);
    let mut pictures = Vec::new();
    for dress in [Action::TogglePanels, Action::ToggleTheme, Action::ToggleLanguage, Action::ToggleTheme] {
        // The first is in the dress that it has.
        if dress != Action::TogglePanels {
            stage.send(dress);
        }
        stage.start_clock();
        // The one after the next: neighbours are read ahead.
        let further = stage.harness.state().state().selected + 2;
        stage.harness.state_mut().send(Command::Select(further));
        stage.step();
        assert!(matches!(stage.harness.state().state().current.phase, Phase::Loading));
        pictures.push(stage.picture());
        stage.settle();
    }
    pictures.swap(2, 3);
    check("loading", &pictures);
}

#[test]
fn result() {
    let folder = photos::folder("result");
    let photo = photos::copy(&folder, "phantom2.jpg", "naevus.jpg");
    check_window("result", Stage::with_photos(USUAL, &[photo]));
}

#[test]
fn result_with_reference() {
    for (action, name) in [
        (Action::ShowOutline, "reference-outline"),
        (Action::ShowFill, "reference-fill"),
        (Action::ShowHeat, "reference-heat"),
        (Action::ShowError, "reference-error"),
    ] {
        let mut stage = folder_at(USUAL, name);
        stage.send(action);
        check_window(name, stage);
    }
    let mut stage = folder_at(SMALL, "reference-error-small");
    stage.send(Action::ShowError);
    check_window("reference-error-small", stage);
}

#[test]
fn network_failed() {
    let folder = photos::folder("network-failed");
    photos::add_network(&folder.join("models"), "broken", 0.5, true);
    let photo = photos::copy(&folder, "phantom2.jpg", "naevus.jpg");
    for (size, name) in [(USUAL, "network-failed"), (SMALL, "network-failed-small")] {
        let stage = Stage::window(size, |options| {
            options.paths = vec![photo.clone()];
            options.models = Some(folder.join("models"));
            options.model = Some("broken".to_owned());
        });
        check_window(name, stage);
    }
}

#[test]
fn file_failed() {
    let folder = photos::three("file-failed");
    std::fs::write(folder.join("a.jpg"), b"no photograph").expect("it can be written");
    check_window("file-failed", Stage::with_photos(USUAL, std::slice::from_ref(&folder)));
    check_window("file-failed-small", Stage::with_photos(SMALL, &[folder]));
}

#[test]
fn no_lesion() {
    let folder = photos::folder("no-lesion");
    let photo = photos::flat(&folder, "skin.png", [1200, 900]);
    let mut stage = Stage::with_photos(USUAL, &[photo]);
    stage.send(Command::SetThreshold(0.95));
    check_window("no-lesion", stage);
}

#[test]
fn bigger_than_a_texture() {
    let folder = photos::folder("bigger-than-a-texture");
    let mut stage = Stage::with_photos(USUAL, &[photos::large(&folder)]);
    stage.send(Action::ZoomActual);
    check_window("bigger-than-a-texture", stage);
}

#[test]
fn engine_missing() {
    let folder = photos::folder("engine-missing");
    let photo = photos::copy(&folder, "phantom2.jpg", "naevus.jpg");
    let stage = Stage::window(USUAL, |options| {
        options.paths = vec![photo];
        options.engine = EngineChoice::Only(EngineKind::Ort);
        options.libraries.onnxruntime = Some("no/such/libonnxruntime.so".into());
    });
    check_window("engine-missing", stage);
}

#[test]
fn many_files() {
    let folder = photos::folder("many-files");
    for number in 1..=1000 {
        photos::flat(&folder, &format!("{number:04}.png"), [48, 36]);
    }
    photos::copy(&folder, "phantom2.jpg", "0500.png");
    let mut stage = Stage::with_photos(USUAL, &[folder]);
    stage.send(Command::Select(499));
    check_window("many-files", stage);
}

#[test]
fn long_and_chinese_names() {
    let folder = photos::folder("names");
    let long = "dermoscopy of the left upper arm with polarised light, second visit, before the biopsy, ";
    photos::copy(&folder, "phantom3.jpg", &format!("{}1.jpg", long.repeat(2)));
    photos::copy(&folder, "phantom3_segmentation.png", &format!("{}1_segmentation.png", long.repeat(2)));
    photos::copy(&folder, "phantom2.jpg", "色素痣 左上臂 复查 2.jpg");
    let mut stage = Stage::with_photos(USUAL, std::slice::from_ref(&folder));
    check_window("long-name", stage);
    stage = Stage::with_photos(SMALL, std::slice::from_ref(&folder));
    check_window("long-name-small", stage);
    stage = Stage::with_photos(USUAL, &[folder]);
    stage.send(Action::Next);
    check_window("chinese-name", stage);
}
