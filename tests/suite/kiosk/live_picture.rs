//! The camera's picture in the kiosk: from the idle screen and beside photographs, by touch, and forgotten with its visitor.

use std::sync::Arc;

use super::*;
use crate::common_camera::FedCamera;
use dermaloupe::app::model::live::LivePhase;
use dermaloupe::capture::CaptureError;

impl Bench {
    fn with_camera(more: &str, camera: &FedCamera) -> Self {
        let mut bench = Self::new(&format!("camera = ''\n{more}"));
        bench.harness.state_mut().use_cameras(camera.access());
        bench.until("it was looked for", |kiosk| !kiosk.state().live.cameras.is_empty());
        bench.step();
        bench
    }

    /// A finger comes down on the button of that name, and is lifted.
    fn tap(&mut self, label: &str) {
        let place = self.harness.get_by_label(label).rect().center();
        for pressed in [true, false] {
            let (button, modifiers) = (egui::PointerButton::Primary, egui::Modifiers::NONE);
            self.harness.event(egui::Event::PointerMoved(place));
            self.harness.event(egui::Event::PointerButton { pos: place, button, pressed, modifiers });
            self.harness.step();
        }
        self.harness.step();
    }

    fn live_phase(&self) -> LivePhase {
        self.state().live.phase.clone()
    }
}

pub(crate) fn is_running(kiosk: &Kiosk) -> bool {
    kiosk.state().live.phase == LivePhase::Running
}

#[test]
fn one_touch_on_the_idle_screen_shows_the_cameras_picture_and_another_ends_it() {
    let camera = FedCamera::named(&["Dermatoscope"]);
    let mut bench = Bench::with_camera("", &camera);
    assert!(bench.app().screen().is_attracting && bench.shows("Live camera"));
    camera.show("phantom3.jpg");
    bench.tap("Live camera");
    assert!(!bench.app().screen().is_attracting && bench.state().live.is_on);
    bench.until("a frame is shown", is_running);
    bench.step();
    assert!(!bench.shows("Next"), "nothing is shown of the photographs");
    bench.tap("Freeze");
    assert_eq!(bench.live_phase(), LivePhase::Frozen { by_shutter: false });
    assert!(bench.shows("Frozen"));
    let still = Arc::clone(bench.state().live.shown.as_ref().unwrap());
    camera.show("phantom2.jpg");
    bench.pass(1.0);
    assert!(Arc::ptr_eq(&still, bench.state().live.shown.as_ref().unwrap()));
    bench.tap("Continue");
    bench.until("it goes on", is_running);
    bench.tap("End live");
    assert!(!bench.state().live.is_on && bench.shows("Next"));
    bench.until("the camera is let go", |_| camera.open() == 0);
    assert_eq!(bench.app().visitors(), 0, "nothing was kept");
}

#[test]
fn the_button_stands_beside_photographs_too_and_a_new_photograph_takes_the_pictures_place() {
    let camera = FedCamera::named(&["Dermatoscope"]);
    let mut bench = Bench::with_camera("", &camera);
    bench.copy("a.jpg", "phantom2.jpg");
    bench.until("it is shown", |kiosk| kiosk.visitors() == 1 && kiosk.is_settled());
    bench.step();
    camera.show("phantom3.jpg");
    bench.tap("Live camera");
    bench.until("a frame is shown", is_running);
    bench.press(Key::L);
    bench.step();
    assert!(!bench.state().live.is_on && bench.name() == "a.jpg", "the photograph is back");
    bench.press(Key::L);
    bench.until("it is shown again", is_running);
    bench.pass(4.0);
    bench.copy("b.jpg", "phantom3.jpg");
    bench.until("the new one is shown", |kiosk| kiosk.visitors() == 2 && kiosk.is_settled());
    assert!(!bench.state().live.is_on && bench.name() == "b.jpg");
}

#[test]
fn without_a_camera_or_where_the_settings_say_so_there_is_no_button() {
    let mut bench = Bench::new("camera = ''\n");
    let nothing = FedCamera::named(&[]);
    bench.harness.state_mut().use_cameras(nothing.access());
    bench.pass(1.0);
    assert!(!bench.shows("Live camera"));
    bench.press(Key::L);
    bench.step();
    assert!(!bench.state().live.is_on);
    let bench = Bench::new("camera = 'none'\n");
    assert!(!bench.shows("Live camera"));
    let bench = Bench::new("camera = '/no/such/file.mjpeg'\n");
    assert!(bench.shows("Live camera"), "a source that is named has its button, and says what is wrong");
}

#[test]
fn a_camera_that_fails_is_said_and_the_picture_comes_by_itself() {
    let camera = FedCamera::named(&["Dermatoscope"]);
    camera.refuse(Some(CaptureError::Busy { camera: "Dermatoscope".to_owned() }));
    let mut bench = Bench::with_camera("", &camera);
    bench.tap("Live camera");
    bench.until("it is said", |kiosk| matches!(kiosk.state().live.phase, LivePhase::Waiting(_)));
    bench.step();
    assert!(bench.shows("The camera gives no picture"));
    camera.refuse(None);
    camera.show("phantom3.jpg");
    bench.until("it goes on by itself", is_running);
}

#[test]
fn every_target_with_a_camera_is_large_enough_for_a_finger() {
    let camera = FedCamera::named(&["Dermatoscope"]);
    for size in [egui::vec2(1024.0, 600.0), egui::vec2(1920.0, 1080.0), egui::vec2(800.0, 480.0)] {
        let mut bench = Bench::with_camera("", &camera);
        bench.harness.set_size(size);
        bench.step();
        let mut counts = Vec::new();
        for key in [None, Some(Key::ArrowRight), Some(Key::L)] {
            if let Some(key) = key {
                camera.show("phantom3.jpg");
                bench.press(key);
                bench.step();
            }
            let buttons: Vec<egui::Rect> =
                bench.harness.query_all_by_role(egui::accesskit::Role::Button).map(|node| node.rect()).collect();
            counts.push(buttons.len());
            for rect in &buttons {
                assert!(rect.width() >= 44.0 && rect.height() >= 44.0, "{rect} on {size}");
                assert!(egui::Rect::from_min_size(egui::Pos2::ZERO, size).contains_rect(*rect), "{rect} on {size}");
            }
            for (place, rect) in buttons.iter().enumerate() {
                assert!(buttons[..place].iter().all(|other| !other.intersects(*rect)), "{rect} on {size}");
            }
        }
        assert_eq!(counts, [1, 4, 2], "{size}");
    }
}

#[test]
fn the_idle_time_ends_the_picture_after_a_countdown() {
    let camera = FedCamera::named(&["Dermatoscope"]);
    let mut bench = Bench::with_camera("idle_seconds = 60\n", &camera);
    camera.show("phantom3.jpg");
    bench.tap("Live camera");
    bench.until("a frame is shown", is_running);
    bench.pass(51.0);
    assert!(bench.app().screen().countdown.is_some() && bench.shows_part("The live picture ends in"));
    bench.press(Key::Space);
    assert!(bench.app().screen().countdown.is_none() && bench.state().live.is_on, "somebody is there");
    bench.pass(61.0);
    assert!(bench.app().screen().is_attracting && !bench.state().live.is_on);
    bench.until("the camera is let go", |_| camera.open() == 0);
}
