//! What stands around the photograph: sections that fold, the strip above it, notices, and keys that come in one burst.

use std::path::Path;

use crate::common_window::{Bench, folder_of_phantoms, models_with_a_broken_one};
use dermaloupe::app::command::Command;
use dermaloupe::app::command::change::ViewChange;
use dermaloupe::app::model::current::Phase;
use dermaloupe::app::model::notices::Severity;
use dermaloupe::app::model::sections::PanelSection;
use dermaloupe::app::model::state::Dialog;
use dermaloupe::inference::{EngineChoice, EngineKind};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, Rect, vec2};
use egui_kittest::Node;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

fn named<'a>(bench: &'a Bench, role: Role, name: &str) -> Node<'a> {
    let found =
        bench.harness.query_all_by_role(role).find(|node| node.accesskit_node().label().as_deref() == Some(name));
    found.unwrap_or_else(|| panic!("no {name}"))
}

fn is_expanded(bench: &Bench, name: &str) -> Option<bool> {
    named(bench, Role::Button, name).accesskit_node().data().is_expanded()
}

/// Where the words lie, and whether a window of that size shows them between its bars.
fn place(bench: &Bench, words: &str) -> Rect {
    bench.harness.query_all_by_label(words).next().unwrap_or_else(|| panic!("no {words}")).rect()
}

fn assert_in_sight(bench: &Bench, words: &str, height: f32) {
    let rect = place(bench, words);
    assert!(rect.top() >= 44.0 && rect.bottom() <= height - 28.0, "{words} lies at {rect:?}");
}

#[test]
fn dice_and_diameters_are_in_sight_in_a_small_window_and_the_calibration_in_a_usual_one() {
    let mut bench = Bench::open(&[]);
    for (size, words) in [
        (vec2(1024.0, 600.0), &["Dice", "IoU", "Longest diameter", "Perpendicular diameter"][..]),
        (vec2(1280.0, 800.0), &["Dice", "IoU", "Longest diameter", "Perpendicular diameter", "Calibrate…"][..]),
    ] {
        bench.harness.set_size(size);
        bench.settle();
        words.iter().for_each(|words| assert_in_sight(&bench, words, size.y));
        assert_in_sight(&bench, "Outline", size.y);
    }
}

#[test]
fn a_section_folds_by_click_key_and_screen_reader_and_stays_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.json");
    let mut bench = Bench::with_settings(&path);
    assert_eq!((is_expanded(&bench, "Review"), is_expanded(&bench, "Network")), (Some(true), Some(false)));
    assert!(bench.shows("Reviewer") && !bench.shows("Parameters"));
    named(&bench, Role::Button, "Review").click();
    bench.take_input();
    assert!(!bench.shows("Reviewer") && bench.shows("Rejected"), "the decision stays in sight");
    named(&bench, Role::Button, "Network").click_accesskit();
    bench.take_input();
    assert_eq!((is_expanded(&bench, "Review"), is_expanded(&bench, "Network")), (Some(false), Some(true)));
    named(&bench, Role::Button, "Agreement").focus();
    bench.step();
    bench.press(Key::Space);
    assert!(bench.shows("HD95") && bench.shows("Dice"));
    let mut bench = bench.reopen();
    assert!(!bench.shows("Reviewer") && bench.shows("Parameters") && bench.shows("HD95"));
    bench.send(Command::View(ViewChange::Section(PanelSection::Agreement, false)));
    assert!(bench.shows("Dice") && !bench.shows("HD95"));
}

#[test]
fn the_sample_says_that_it_is_a_drawing_and_which_line_is_whose_until_it_is_closed() {
    let mut bench = Bench::open(&[]);
    for words in ["not a photograph", "Blue: ", "Orange: "] {
        assert!(bench.shows_part(words), "{words}");
    }
    for action in ["Open photo…", "Open folder…", "Shortcuts"] {
        named(&bench, Role::Button, action);
    }
    bench.press(Key::Escape);
    assert!(!bench.shows_part("not a photograph"));
    let folder = folder_of_phantoms(1);
    let bench = Bench::open(&[folder.path()]);
    assert!(!bench.shows_part("not a photograph"), "this is one");
}

#[test]
fn a_failed_network_is_said_above_the_photo_and_offers_an_engine_that_was_tried() {
    let mut bench = Bench::open_with(|options| {
        options.engine = EngineChoice::Only(EngineKind::Ort);
        options.libraries.onnxruntime = Some("/no/such/libonnxruntime.so".into());
    });
    assert!(matches!(bench.state().current.phase, Phase::NetworkFailed(_)));
    let canvas = bench.state().geometry.expect("the photo stays").canvas;
    assert!(place(&bench, "Use RTen (built in)").bottom() <= canvas.top(), "it covers nothing of {canvas:?}");
    bench.press(Key::Escape);
    assert!(
        !bench.shows("Use RTen (built in)") && bench.shows("The network could not run"),
        "the status bar says so"
    );
    bench.press(Key::F5);
    assert!(bench.shows("Use RTen (built in)"), "a new run has a message of its own");
    bench.click("Use RTen");
    assert!(matches!(bench.state().current.phase, Phase::Done));
    assert_eq!(bench.state().network.engine.as_ref().unwrap().kind, EngineKind::Rten);
}

#[test]
fn no_engine_is_offered_for_a_network_that_none_can_run_and_nothing_can_be_set_without_a_result() {
    let models = models_with_a_broken_one();
    let mut bench = Bench::open_with(|options| options.models = Some(models.path().to_owned()));
    let is_enabled = |bench: &Bench, name| !named(bench, Role::RadioButton, name).accesskit_node().is_disabled();
    let slider = |bench: &Bench| !named(bench, Role::Slider, "Threshold").accesskit_node().is_disabled();
    assert!(is_enabled(&bench, "Heat") && slider(&bench));
    bench.send(Command::UseModel("broken".into()));
    assert_eq!(bench.state().network.working, None);
    assert!(!bench.shows_part("Use RTen") && bench.shows("Try again") && bench.shows("Choose network…"));
    assert!(!is_enabled(&bench, "Heat") && !slider(&bench));
}

#[test]
fn messages_say_where_a_file_is() {
    let folder = folder_of_phantoms(1);
    std::fs::write(folder.path().join("broken.jpg"), "no photo").unwrap();
    let here = std::env::current_dir().unwrap();
    let up: String = here.components().skip(1).map(|_| "../").collect();
    let relative = Path::new(&up).join(folder.path().strip_prefix("/").unwrap()).join("broken.jpg");
    assert!(relative.is_relative() && relative.exists());
    let bench = Bench::open_with(|options| {
        options.paths = vec![relative.clone()];
        options.home = Some(folder.path().to_owned());
    });
    let Phase::FileFailed(words) = &bench.state().current.phase else { panic!("it cannot be opened") };
    let words = words.to_string();
    let path = words.rsplit(": ").next().unwrap();
    assert!(Path::new(path).is_absolute(), "{words}");
    assert!(bench.state().recent[0].is_absolute());
    let home = folder.path();
    let bench = Bench::open_with(|options| {
        options.paths = vec![home.join("broken.jpg")];
        options.home = Some(home.to_owned());
    });
    assert!(bench.shows_part(": ~/broken.jpg"));
}

#[test]
fn notices_stand_beside_the_photo_one_at_a_time_and_leave_by_themselves() {
    let mut bench = Bench::open(&[]);
    let canvas = bench.state().geometry.unwrap().canvas;
    let empty = tempfile::tempdir().unwrap();
    bench.send(Command::Open(vec![empty.path().to_owned()]));
    bench.send(Command::DialogFailed);
    assert_eq!(bench.state().notices.list().len(), 2);
    assert!(bench.shows_part("No file dialog could be shown") && bench.shows("One more notice"));
    assert!(!bench.shows_part("No photographs in this folder"), "the older one waits");
    let rect = bench.harness.query_all_by_label_contains("No file dialog").next().unwrap().rect();
    assert!(rect.left() >= canvas.right(), "{rect:?} beside {canvas:?}");
    bench.press(Key::Escape);
    assert!(bench.shows_part("No photographs in this folder"));
    bench.press(Key::Escape);
    let target = tempfile::tempdir().unwrap();
    bench.send(Command::SaveMaskTo(target.path().join("mask.png")));
    assert_eq!(bench.state().notices.list()[0].severity, Severity::Info);
    bench.pass(7.0);
    assert!(bench.state().notices.list().is_empty());
}

/// Figures and diameters are in a small window as long as a notice is there, and it can be acted on and closed.
#[test]
fn in_a_small_window_a_notice_that_passes_takes_no_figure_out_of_sight() {
    let folder = folder_of_phantoms(2);
    let mut bench = Bench::open(&[folder.path()]);
    let height = 600.0;
    bench.harness.set_size(vec2(1024.0, height));
    bench.settle();
    // A few frames, so that no clock runs out however busy the machine is.
    let frames = |bench: &mut Bench| {
        (0..4).for_each(|_| bench.step());
        bench.settle_at_once();
    };
    bench.harness.key_press(Key::Num6);
    frames(&mut bench);
    assert_eq!(bench.state().notices.list().len(), 1);
    for words in ["Longest diameter", "Perpendicular diameter"] {
        assert_in_sight(&bench, words, height);
    }
    let undo = named(&bench, Role::Button, "Undo").rect();
    assert!(undo.top() >= height - 28.0 && undo.right() < 512.0, "in the status bar, left of its middle: {undo:?}");
    named(&bench, Role::Button, "Undo").click();
    frames(&mut bench);
    assert_eq!(bench.state().selected, 0, "back at the photograph");
    bench.settle();
    bench.harness.key_press(Key::Num6);
    frames(&mut bench);
    named(&bench, Role::Button, "Close notice").click();
    frames(&mut bench);
    assert!(bench.state().notices.list().is_empty());
    // What went wrong has the room that it needs to be read.
    bench.send(Command::DialogFailed);
    assert!(bench.harness.query_all_by_label_contains("No file dialog").next().unwrap().rect().left() > 512.0);
}

fn key(key: Key) -> Event {
    Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers: Modifiers::NONE }
}

fn letter(letter: &str) -> Event {
    Event::Text(letter.to_owned())
}

#[test]
fn keys_of_one_burst_mean_what_they_mean_one_after_the_other() {
    let mut bench = Bench::open(&[]);
    let rows = |bench: &Bench| bench.harness.query_all_by_role(Role::MenuItemRadio).count();
    bench.press(Key::Questionmark);
    assert_eq!(bench.state().dialog, Dialog::Help);
    bench.in_one_frame(vec![key(Key::Escape), key(Key::N), letter("n")]);
    assert!(bench.state().dialog == Dialog::None && rows(&bench) > 0, "the menu opens when the dialog has closed");
    bench.in_one_frame(vec![key(Key::Escape), key(Key::N), letter("n")]);
    assert!(rows(&bench) > 0, "it closes, and opens again");
    bench.in_one_frame(vec![key(Key::Escape), key(Key::CloseBracket)]);
    assert!(rows(&bench) == 0 && (bench.state().overlay.threshold - 0.55).abs() < 1e-6);
    bench.in_one_frame(vec![key(Key::M), letter("m"), key(Key::A), letter("a"), key(Key::Num6), letter("6")]);
    assert_eq!(bench.state().reviewing.note, "a6", "what follows the key is the note's");
}

#[test]
fn a_network_is_chosen_by_keys_of_one_burst() {
    let models = tempfile::tempdir().unwrap();
    for name in ["one", "two"] {
        crate::common_window::add_network(models.path(), name, |_| {});
    }
    let mut bench = Bench::open_with(|options| options.models = Some(models.path().to_owned()));
    let order: Vec<String> = bench.state().network.in_order().iter().map(|model| model.card.name.clone()).collect();
    let used = order.iter().position(|name| *name == bench.state().network.model.card.name).unwrap();
    bench.in_one_frame(vec![key(Key::N), letter("n"), key(Key::ArrowDown), key(Key::Enter)]);
    assert_eq!(bench.state().network.model.card.name, order[(used + 1) % order.len()]);
}
