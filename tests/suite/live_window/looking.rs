//! What a person sees of a running camera beside its outline: closer, at another size, on a machine that has become slow.

use super::*;
use crate::npu_bench::warm_board;
use dermaloupe::app::model::geometry::{Geometry, ViewTransform};
use dermaloupe::app::model::notices::Severity;
use dermaloupe::language::sentence;
use dermaloupe::overlay::palette;
use egui::{Modifiers, Rect, Shape, pos2, vec2};

impl Bench {
    /// Where the camera's picture lies.
    fn lies(&self) -> Geometry {
        self.state().geometry.expect("a frame is shown")
    }

    /// These come while the pointer is at `place`.
    fn at(&mut self, place: egui::Pos2, events: Vec<egui::Event>) {
        self.in_one_frame([vec![egui::Event::PointerMoved(place)], events].concat());
        for _ in 0..30 {
            // A wheel's notch is spread over some frames.
            self.step();
        }
    }

    /// What the outline's line covers on the screen, and the canvas that it is cut to.
    fn painted_outline(&self) -> (Rect, Rect) {
        let [r, g, b] = palette::PREDICTION;
        let wanted = egui::epaint::ColorMode::Solid(egui::Color32::from_rgb(r, g, b));
        let (mut painted, mut clip) = (Rect::NOTHING, Rect::NOTHING);
        for clipped in &self.harness.output().shapes {
            let mut shapes = vec![&clipped.shape];
            while let Some(shape) = shapes.pop() {
                match shape {
                    Shape::Vec(more) => shapes.extend(more),
                    Shape::Path(path) if path.stroke.color == wanted => {
                        path.points.iter().for_each(|point| painted.extend_with(*point));
                        clip = clipped.clip_rect;
                    }
                    _ => {}
                }
            }
        }
        (painted, clip)
    }

    /// Holds the painted outline to the frame's own, where the frame lies.
    fn assert_outline_is_on_its_frame(&self) {
        let (geometry, shown) = (self.lies(), self.state().live.shown.clone().expect("a frame is shown"));
        let points = shown.outlines.iter().flatten();
        let expected = points.fold(Rect::NOTHING, |rect, point| {
            rect.union(Rect::from_pos(geometry.screen_from_image(*point, SIZE)))
        });
        let (painted, clip) = self.painted_outline();
        let is_near =
            |one: egui::Pos2, other: egui::Pos2| (one - other).length() < 2.0 + geometry.points_per_px(SIZE);
        assert!(is_near(painted.min, expected.min) && is_near(painted.max, expected.max), "{painted} {expected}");
        assert_eq!(clip, geometry.canvas, "what is larger than the canvas is cut to it");
    }
}

fn wheel(notches: f32) -> egui::Event {
    egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Line,
        delta: vec2(0.0, notches),
        source: egui::MouseWheelSource::Wheel,
        phase: egui::TouchPhase::Move,
        modifiers: Modifiers::NONE,
    }
}

#[test]
fn the_picture_is_zoomed_by_keys_wheel_and_pinch_and_the_outline_stays_on_its_frame() {
    let camera = FedCamera::named(&["Dermatoscope"]);
    let mut bench = Bench::live(&camera);
    let fitted = bench.lies();
    bench.assert_outline_is_on_its_frame();
    bench.press(Key::Plus);
    let closer = bench.lies();
    assert!((closer.zoom / fitted.zoom - 1.25).abs() < 1e-3, "{}", closer.zoom);
    bench.press(Key::Minus);
    assert!((bench.lies().zoom - fitted.zoom).abs() < 1e-3);
    let place = fitted.photo.center() + vec2(60.0, -40.0);
    let under = fitted.image_point(place, SIZE);
    for event in [wheel(4.0), egui::Event::Zoom(1.5)] {
        let before = bench.lies().zoom;
        bench.at(place, vec![event]);
        let now = bench.lies();
        assert!(now.zoom > 1.2 * before, "{} after {before}", now.zoom);
        let [x, y] = now.image_point(place, SIZE);
        assert!((x - under[0]).abs() < 1.0 && (y - under[1]).abs() < 1.0, "the point under the pointer stays");
        bench.assert_outline_is_on_its_frame();
    }
    let near = bench.lies();
    let picture = camera.show("phantom2.jpg");
    bench.until_shown(&picture);
    assert_eq!(bench.lies(), near, "the next frame is seen as near");
    bench.assert_outline_is_on_its_frame();
    bench.press(Key::Space);
    bench.press(Key::Z);
    assert!((bench.lies().zoom - 1.0).abs() < 1e-3 && bench.state().live.is_frozen(), "a frozen one too");
    bench.click("Fit");
    assert_eq!(bench.lies().photo, fitted.photo);
}

#[test]
fn zooming_the_camera_leaves_the_photo_as_it_was_and_begins_anew_each_time() {
    let camera = FedCamera::named(&["Dermatoscope"]);
    let mut bench = Bench::with_camera(&camera);
    bench.press(Key::Plus);
    let of_photo = bench.state().view_transform;
    camera.show("phantom3.jpg");
    bench.press(Key::L);
    bench.until("a frame is shown", is_running);
    assert_eq!(bench.state().live.view_transform, ViewTransform::Fit);
    for _ in 0..4 {
        bench.press(Key::Plus);
    }
    assert_eq!(bench.state().view_transform, of_photo);
    bench.press(Key::Escape);
    assert_eq!(bench.state().view_transform, of_photo);
    camera.show("phantom3.jpg");
    bench.press(Key::L);
    bench.until("a frame is shown again", is_running);
    assert_eq!(bench.state().live.view_transform, ViewTransform::Fit);
}

#[test]
fn a_camera_that_changes_its_pictures_size_says_so_and_its_outline_fits() {
    let camera = FedCamera::named(&["Dermatoscope"]);
    let mut bench = Bench::live(&camera);
    let size = [400, 400];
    let picture = camera.show_sized(decode::photo_file(&phantom("phantom2.jpg")).unwrap().reduced(size), size);
    bench.until_shown(&picture);
    bench.step();
    let expected = "the camera Dermatoscope changed its picture from 320 × 240 RGB to 400 × 400 RGB";
    let notice = bench.state().notices.list().last().cloned().expect("it is said");
    assert_eq!((notice.severity, bench.notice().as_str()), (Severity::Info, expected));
    assert!(bench.shows(&sentence(expected)));
    let shown = bench.state().live.shown.clone().expect("a frame is shown");
    assert_eq!(shown.frame.format.size, size);
    let inside = Rect::from_min_size(pos2(0.0, 0.0), vec2(400.0, 400.0));
    assert!(shown.outlines.iter().flatten().all(|[x, y]| inside.contains(pos2(*x, *y))));
    let photo = bench.lies().photo;
    assert!((photo.width() - photo.height()).abs() < 0.1, "{photo}");
    bench.until("the figures follow", |window| window.state().live.figures.format == "400 × 400 RGB");
}

#[test]
fn a_machine_that_heat_slows_down_is_told_of_beside_the_figures() {
    let camera = FedCamera::named(&["Dermatoscope"]);
    for (temperature, step) in [("91000\n", "3\n"), ("41000\n", "0\n")] {
        let board = warm_board(&[], temperature, step);
        board.file("sys/class/devfreq/fdab0000.npu/governor", b"performance\n");
        let root = board.path("");
        let mut bench = Bench::open_with(|options| options.libraries.rknn.system_root = root);
        bench.harness.state_mut().use_cameras(camera.access());
        camera.show("phantom3.jpg");
        bench.press(Key::L);
        bench.until("a frame is shown", is_running);
        if step == "0\n" {
            assert!(!bench.shows_part("Running slowly"));
            continue;
        }
        bench.until("it is seen", |window| !window.state().live.figures.notices.is_empty());
        bench.step();
        assert!(
            bench.shows_part("Running slowly")
                && bench.shows_part("thermal-devfreq-0 is slowed down because of heat")
        );
    }
}
