//! Correcting in the window, without a screen: by pointer and keys, judged by its state and by what is on the disk.

use std::path::{Path, PathBuf};

use crate::common_window::{Bench, folder_of_phantoms, phantom};
use dermaloupe::app::command::Command;
use dermaloupe::app::command::action::Action;
use dermaloupe::app::command::change::CorrectionChange;
use dermaloupe::app::model::correction::{PointerDrag, SaveState, Tool};
use dermaloupe::app::model::filmstrip::Filmstrip;
use dermaloupe::mask::Mask;
use egui::{Key, Modifiers, Pos2, vec2};
use egui_kittest::kittest::Queryable as _;

/// A photo in a folder of its own.
pub(crate) fn photo() -> (tempfile::TempDir, PathBuf) {
    let folder = folder_of_phantoms(1);
    let path = folder.path().join("photo1.png");
    (folder, path)
}

pub(crate) fn correcting(path: &Path) -> Bench {
    let mut bench = Bench::open(&[path]);
    bench.press(Key::E);
    assert!(bench.state().correction.is_on);
    bench
}

pub(crate) fn edited(bench: &Bench) -> Mask {
    let edited = bench.state().current.edited.as_ref().expect("it was corrected");
    assert!(edited.is_used);
    (*edited.mask).clone()
}

/// The middle of the canvas and points around it.
pub(crate) fn middle(bench: &Bench) -> Pos2 {
    let canvas = bench.harness.query_all_by_role(egui::accesskit::Role::Image).next().expect("the canvas");
    canvas.rect().center()
}

/// Presses, moves and releases, each in a frame of its own.
fn drag(bench: &mut Bench, points: &[Pos2], button: egui::PointerButton, modifiers: Modifiers) {
    let event = |pos, pressed| egui::Event::PointerButton { pos, button, pressed, modifiers };
    bench.harness.event(egui::Event::PointerMoved(points[0]));
    bench.harness.event(event(points[0], true));
    bench.harness.step();
    for &point in &points[1..] {
        bench.harness.event(egui::Event::PointerMoved(point));
        bench.harness.step();
    }
    bench.harness.event(event(points[points.len() - 1], false));
    bench.harness.step();
    bench.settle();
}

pub(crate) fn paint(bench: &mut Bench, points: &[Pos2]) {
    drag(bench, points, egui::PointerButton::Primary, Modifiers::NONE);
}

/// A click whose press and release come in one frame.
fn click(bench: &mut Bench, at: Pos2) {
    bench.harness.event(egui::Event::PointerMoved(at));
    for pressed in [true, false] {
        let button = egui::PointerButton::Primary;
        bench.harness.event(egui::Event::PointerButton { pos: at, button, pressed, modifiers: Modifiers::NONE });
    }
    bench.harness.step();
    bench.settle();
}

pub(crate) fn corner(bench: &Bench) -> [Pos2; 2] {
    let at = middle(bench) + vec2(-330.0, -200.0);
    [at, at + vec2(60.0, 10.0)]
}

#[test]
fn a_stroke_changes_the_lesion_and_undo_takes_it_back_to_the_pixel() {
    let (_folder, path) = photo();
    let mut bench = correcting(&path);
    let network = bench.state().current.segmentation.as_ref().expect("a result").mask.clone();
    let line = corner(&bench);
    paint(&mut bench, &line);
    let painted = edited(&bench);
    assert!(painted.area_px() > network.area_px() + 500);
    let derived = bench.state().current.derived.clone().expect("figures");
    assert_eq!(derived.area_px, painted.area_px(), "the figures are the corrected mask's");
    bench.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(edited(&bench), network);
    bench.press_with(Modifiers::COMMAND, Key::Y);
    assert_eq!(edited(&bench), painted);
    assert_eq!(bench.state().correction.save_state, SaveState::Saved);
    assert!(bench.shows("Saved"));
}

#[test]
fn the_eraser_alt_and_the_right_button_take_away_what_the_brush_gave() {
    let (_folder, path) = photo();
    for way in ["eraser", "alt", "right"] {
        let mut bench = correcting(&path);
        let before = bench.state().current.edited.as_ref().map(|edited| edited.mask.area_px());
        let line = corner(&bench);
        paint(&mut bench, &line);
        let more = edited(&bench).area_px();
        match way {
            "eraser" => {
                bench.press(Key::X);
                paint(&mut bench, &line);
            }
            "alt" => drag(&mut bench, &line, egui::PointerButton::Primary, Modifiers::ALT),
            _ => drag(&mut bench, &line, egui::PointerButton::Secondary, Modifiers::NONE),
        }
        let less = edited(&bench).area_px();
        assert!(less + 500 < more, "{way}: {before:?}, {more}, {less}");
        bench.send(Action::Undo.into());
        bench.send(Action::Undo.into());
    }
}

#[test]
fn brackets_size_the_brush_while_correcting_and_the_threshold_otherwise() {
    let (_folder, path) = photo();
    let mut bench = correcting(&path);
    let before = bench.state().correction.brush_px;
    bench.press(Key::CloseBracket);
    bench.press(Key::CloseBracket);
    assert!(bench.state().correction.brush_px > before * 1.3);
    assert!((bench.state().overlay.threshold - 0.5).abs() < 1e-6);
    bench.press(Key::E);
    bench.press(Key::CloseBracket);
    assert!((bench.state().overlay.threshold - 0.55).abs() < 1e-6);
}

#[test]
fn a_polygon_is_closed_by_enter_and_given_up_by_escape() {
    let (_folder, path) = photo();
    let mut bench = correcting(&path);
    bench.press(Key::P);
    assert_eq!(bench.state().correction.tool, Tool::Polygon);
    let at = middle(&bench) + vec2(-330.0, -200.0);
    let corners = [at, at + vec2(60.0, 0.0), at + vec2(60.0, 60.0), at + vec2(0.0, 60.0)];
    for corner in corners {
        click(&mut bench, corner);
    }
    assert_eq!(bench.state().correction.line.len(), 4);
    bench.press(Key::Escape);
    assert!(bench.state().correction.line.is_empty() && bench.state().current.edited.is_none());
    for corner in corners {
        click(&mut bench, corner);
    }
    bench.press(Key::Backspace);
    assert_eq!(bench.state().correction.line.len(), 3);
    bench.press(Key::Enter);
    let mask = edited(&bench);
    let network = bench.state().current.segmentation.as_ref().expect("a result").mask.area_px();
    // A right triangle of 60 by 60 points, in photo pixels.
    let scale = mask.size()[0] as f32 / shown_width(&bench);
    let expected = 60.0 * 60.0 / 2.0 * scale * scale;
    let found = (mask.area_px() - network) as f32;
    assert!((found - expected).abs() < 0.03 * expected, "{found} px, expected {expected}");
}

/// Points that the photo is wide on the canvas: as high or as wide as the canvas without its margins.
fn shown_width(bench: &Bench) -> f32 {
    let canvas = bench.harness.query_all_by_role(egui::accesskit::Role::Image).next().expect("the canvas").rect();
    let size = bench.state().current.photo.as_ref().expect("a photo").size().map(|side| side as f32);
    let zoom = ((canvas.width() - 56.0) / size[0]).min((canvas.height() - 56.0) / size[1]);
    size[0] * zoom
}

#[test]
fn a_lasso_fills_what_it_goes_around() {
    let (_folder, path) = photo();
    let mut bench = correcting(&path);
    bench.press(Key::L);
    let at = middle(&bench) + vec2(-300.0, -180.0);
    let circle: Vec<Pos2> = (0..40)
        .map(|step| {
            let angle = step as f32 / 40.0 * std::f32::consts::TAU;
            at + vec2(angle.cos(), angle.sin()) * 40.0
        })
        .collect();
    paint(&mut bench, &circle);
    let network = bench.state().current.segmentation.as_ref().expect("a result").mask.area_px();
    let scale = edited(&bench).size()[0] as f32 / shown_width(&bench);
    let expected = std::f32::consts::PI * 1600.0 * scale * scale;
    let found = (edited(&bench).area_px() - network) as f32;
    assert!((found - expected).abs() < 0.05 * expected, "{found} px, expected {expected}");
}

#[test]
fn space_and_the_middle_button_move_the_photo_and_paint_nothing() {
    let (_folder, path) = photo();
    let mut bench = correcting(&path);
    let line = corner(&bench);
    let view_transform = bench.state().view_transform;
    drag(&mut bench, &line, egui::PointerButton::Middle, Modifiers::NONE);
    assert_ne!(bench.state().view_transform, view_transform);
    assert_eq!(bench.state().correction.pointer.drag, PointerDrag::None, "the button was released");
    assert!(bench.state().current.edited.is_none());
}

#[test]
fn going_to_the_next_photo_and_back_keeps_the_tool_and_the_filmstrips_place() {
    let folder = folder_of_phantoms(16);
    let mut bench = Bench::open(&[folder.path()]);
    bench.send(Command::Select(3));
    bench.press(Key::E);
    bench.press(Key::L);
    assert_eq!(bench.state().filmstrip, Filmstrip { offset: 0.0, followed: Some(3) });
    // A person scrolls a little: photos 4 and 5 stay in sight.
    let wheel = egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: vec2(0.0, -60.0),
        source: egui::MouseWheelSource::Trackpad,
        phase: egui::TouchPhase::Move,
        modifiers: Modifiers::NONE,
    };
    bench.in_one_frame(vec![egui::Event::PointerMoved(egui::pos2(60.0, 400.0)), wheel]);
    let scrolled = bench.state().filmstrip;
    assert!(scrolled.offset > 20.0, "{scrolled:?}");
    bench.press(Key::ArrowRight);
    assert_eq!(bench.state().filmstrip, Filmstrip { followed: Some(4), ..scrolled });
    bench.press(Key::ArrowLeft);
    assert_eq!(bench.state().filmstrip, scrolled);
    bench.press(Key::E);
    assert_eq!(bench.state().correction.tool, Tool::Lasso);
    // The last is out of sight: the strip follows.
    bench.press(Key::End);
    assert!(bench.state().filmstrip.offset > scrolled.offset + 500.0, "{:?}", bench.state().filmstrip);
}

#[test]
fn edits_of_the_whole_mask_are_done_in_their_order() {
    let (_folder, path) = photo();
    let mut bench = correcting(&path);
    bench.harness.key_press(Key::G);
    bench.harness.key_press(Key::G);
    bench.harness.key_press(Key::K);
    bench.harness.step();
    bench.settle();
    let grown = edited(&bench);
    let network = bench.state().current.segmentation.as_ref().expect("a result").mask.clone();
    assert!(grown.area_px() > network.area_px());
    assert!(bench.state().correction.done >= 2);
    bench.press_with(Modifiers::SHIFT, Key::N);
    assert_eq!(edited(&bench), network, "the network's mask is back, as a step");
    bench.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(edited(&bench), grown);
}

#[test]
fn a_correction_comes_back_with_its_undo_on_the_next_photo_and_the_next_start() {
    // The last of them has another content: a correction belongs to its photo's pixels, whatever the file is called.
    let folder = folder_of_phantoms(4);
    let mut bench = Bench::open(&[folder.path()]);
    let network = bench.state().current.segmentation.as_ref().expect("a result").mask.clone();
    bench.press(Key::E);
    let line = corner(&bench);
    paint(&mut bench, &line);
    let painted = edited(&bench);
    bench.press(Key::End);
    assert!(bench.state().current.edited.is_none() && !bench.state().correction.is_on);
    bench.press(Key::Home);
    assert_eq!(edited(&bench), painted);
    drop(bench);

    let mut bench = Bench::open(&[folder.path()]);
    assert_eq!(bench.state().correction.unended, None, "it was ended well");
    assert_eq!(edited(&bench), painted);
    bench.press(Key::E);
    bench.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(edited(&bench), network);
}

/// The folder as a power cut would leave it: what is on the disk while the window is open.
fn after_a_kill(folder: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().expect("a folder");
    let masks = Path::new(".dermaloupe/masks");
    std::fs::create_dir_all(copy.path().join(masks)).expect("it is made");
    for inner in [Path::new(""), masks] {
        for entry in std::fs::read_dir(folder.join(inner)).expect("it is there") {
            let path = entry.expect("an entry").path();
            if path.is_file() {
                let name = path.file_name().expect("a name");
                std::fs::copy(&path, copy.path().join(inner).join(name)).expect("it is copied");
            }
        }
    }
    copy
}

#[test]
fn after_a_kill_the_window_asks_and_restores_or_discards() {
    let (folder, path) = photo();
    let mut bench = correcting(&path);
    let network = bench.state().current.segmentation.as_ref().expect("a result").mask.clone();
    let line = corner(&bench);
    paint(&mut bench, &line);
    bench.press(Key::X);
    paint(&mut bench, &[line[1], line[1] + vec2(0.0, 30.0)]);
    let painted = edited(&bench);
    let (one, other) = (after_a_kill(folder.path()), after_a_kill(folder.path()));
    drop(bench);

    let mut bench = Bench::open(&[&one.path().join("photo1.png")]);
    assert_eq!(bench.state().correction.unended, Some(2));
    assert!(bench.shows_part("2 steps were saved"));
    bench.click("Restore");
    assert_eq!(edited(&bench), painted);
    drop(bench);

    let mut bench = Bench::open(&[&other.path().join("photo1.png")]);
    bench.click("Discard");
    assert_eq!(edited(&bench), network);
    bench.press(Key::E);
    bench.press_with(Modifiers::COMMAND, Key::Y);
    bench.press_with(Modifiers::COMMAND, Key::Y);
    assert_eq!(edited(&bench), painted, "what was discarded can be redone");
}

#[test]
fn the_corrected_mask_is_saved_compared_and_written_beside_the_journal() {
    let (folder, path) = photo();
    let reference = folder.path().join("r_segmentation.png");
    std::fs::copy(phantom("phantom2_segmentation.png"), &reference).unwrap();
    let before = std::fs::read(&path).unwrap();
    let mut bench = correcting(&path);
    bench.drop_file(&reference);
    let dice = |bench: &Bench| bench.state().current.derived.as_ref().unwrap().agreement.unwrap().dice();
    let of_network = dice(&bench);
    bench.press_with(Modifiers::SHIFT, Key::R);
    assert!((dice(&bench) - 1.0).abs() < 1e-9 && of_network < 1.0, "it is the reference now");
    bench.press(Key::E);
    let out = folder.path().join("out.png");
    bench.send(Command::SaveMaskTo(out.clone()));
    let (mask, expected) = (image::open(&out).unwrap().into_luma8(), image::open(&reference).unwrap().into_luma8());
    assert!(mask == expected, "the corrected mask is what is saved");
    let sha256 = bench.state().current.photo.as_ref().unwrap().sha256().to_owned();
    let beside = folder.path().join(format!(".dermaloupe/masks/{sha256}.png"));
    assert!(image::open(beside).unwrap().into_luma8() == expected);

    bench.click_role_button("Network");
    bench.send(Command::Correct(CorrectionChange::UseEdited(false)));
    assert!((dice(&bench) - of_network).abs() < 1e-9);
    bench.send(Command::Correct(CorrectionChange::UseEdited(true)));
    assert!((dice(&bench) - 1.0).abs() < 1e-9);
    assert_eq!(std::fs::read(&path).unwrap(), before, "the photograph is untouched");
}

#[test]
fn a_disk_that_takes_nothing_is_said_and_the_work_goes_on() {
    let (folder, path) = photo();
    // A file where the folder would be: no journal can be made.
    std::fs::write(folder.path().join(".dermaloupe"), "in the way").unwrap();
    let mut bench = correcting(&path);
    let line = corner(&bench);
    paint(&mut bench, &line);
    assert!(bench.notice().contains("cannot be saved"), "{}", bench.notice());
    assert_eq!(bench.state().correction.save_state, SaveState::InMemory);
    let one = edited(&bench).area_px();
    paint(&mut bench, &[line[0] + vec2(0.0, 60.0), line[1] + vec2(0.0, 60.0)]);
    assert!(edited(&bench).area_px() > one);
    std::fs::remove_file(folder.path().join(".dermaloupe")).unwrap();
    bench.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(bench.state().correction.save_state, SaveState::Saved, "what waited was written too");
    assert_eq!(edited(&bench.reopen()).area_px(), one);
}

#[test]
fn the_sample_can_be_corrected_and_says_that_nothing_is_kept() {
    let mut bench = Bench::open(&[]);
    bench.press(Key::E);
    bench.press(Key::G);
    assert_eq!(bench.state().correction.save_state, SaveState::InMemory);
    assert!(bench.shows("Not saved"));
    bench.press(Key::E);
    assert!(!bench.state().correction.is_on && bench.state().current.edited.is_some());
}

#[test]
fn every_tool_has_a_button_with_a_name() {
    let (_folder, path) = photo();
    let mut bench = correcting(&path);
    for name in ["Brush", "Eraser", "Polygon", "Lasso", "Fill holes", "Keep largest", "Smooth", "Grow", "Shrink"] {
        assert!(bench.shows(name), "{name}");
    }
    for name in ["Undo", "Redo", "Start again", "Done"] {
        assert!(bench.shows(name), "{name}");
    }
    bench.harness.set_size(vec2(1024.0, 600.0));
    bench.settle();
    bench.click("Done");
    assert!(!bench.state().correction.is_on);
}
