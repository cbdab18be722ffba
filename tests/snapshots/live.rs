//! The camera's picture in the window: moving, frozen, and why there is none. A photograph is played as the camera.

use dermaloupe::app::Window;
use dermaloupe::app::command::Command;
use dermaloupe::app::command::action::Action;
use dermaloupe::app::command::change::LiveChange;
use dermaloupe::capture::SourceName;
use dermaloupe::live::LiveAdvice;
use eframe::egui::Vec2;

use crate::photos;
use crate::sheet::{check, check_window};
use crate::stage::{SMALL, Stage, USUAL};

/// A window whose camera is a folder with one photograph, before its picture is shown.
fn with_camera(size: Vec2, name: &str) -> Stage<Window> {
    let folder = photos::folder(name).join("dermatoscope");
    std::fs::create_dir_all(&folder).expect("a folder");
    photos::copy(&folder, "phantom2.jpg", "1.jpg");
    let mut stage = Stage::window(size, |_| {});
    stage.send(Command::Live(LiveChange::Source(SourceName::Played(folder))));
    stage
}

fn go_live(stage: &mut Stage<Window>) {
    stage.harness.state_mut().send(Action::ToggleLive.into());
    // At first a person is told to hold still, and nothing is known of the rate.
    stage.until("the picture is good", 30, |window| {
        let live = &window.state().live;
        live.advice() == Some(LiveAdvice::Ready) && live.figures.rate > 0.0
    });
}

#[test]
fn moving() {
    let mut stage = with_camera(USUAL, "live");
    let mut pictures = Vec::new();
    for dress in [None, Some(Action::ToggleTheme), Some(Action::ToggleLanguage), Some(Action::ToggleTheme)] {
        dress.into_iter().for_each(|action| stage.send(action));
        go_live(&mut stage);
        pictures.push(stage.picture());
        stage.send(Action::ToggleLive);
    }
    pictures.swap(2, 3);
    check("live", &pictures);
}

#[test]
fn frozen() {
    for (size, name) in [(USUAL, "live-frozen"), (SMALL, "live-frozen-small")] {
        let mut stage = with_camera(size, name);
        go_live(&mut stage);
        stage.send(Action::FreezeFrame);
        check_window(name, stage);
    }
}

#[test]
fn no_camera() {
    for (size, name) in [(USUAL, "live-no-camera"), (SMALL, "live-no-camera-small")] {
        let stage = Stage::window(size, |options| options.live = Some(SourceName::Camera("/dev/video63".into())));
        check_window(name, stage);
    }
}
