//! Measuring without a screen: figures, the ruler, what is drawn; driven by label, judged by state and by what is shown.

use crate::common_window::{Bench, folder_of_phantoms, phantom};
use dermaloupe::app::command::Command;
use dermaloupe::app::command::action::Action;
use dermaloupe::app::command::change::MeasureChange;
use dermaloupe::app::model::scale::{LengthError, ScaleSource};
use dermaloupe::app::model::sections::PanelSection;
use dermaloupe::measure::lesion::Lesion;
use dermaloupe::measure::shape::Shape;
use dermaloupe::measure::shown_figure::ShownFigure;
use dermaloupe::measure::surface_distances::SurfaceDistances;
use egui::{Event, Key, PointerButton, Pos2, pos2};
use egui_kittest::kittest::Queryable as _;

fn shape(bench: &Bench) -> Shape {
    bench.state().current.fresh_measures().and_then(|measured| measured.shape.clone()).expect("it is measured")
}

/// Draws along the photo with the pointer, in steps as a hand does.
fn drag(bench: &mut Bench, from: Pos2, to: Pos2) {
    let button = |pos, pressed| Event::PointerButton {
        pos,
        button: PointerButton::Primary,
        pressed,
        modifiers: egui::Modifiers::NONE,
    };
    bench.harness.input_mut().events.push(Event::PointerMoved(from));
    bench.harness.step();
    bench.harness.input_mut().events.push(button(from, true));
    bench.harness.step();
    for step in 1..=8 {
        let place = from + (to - from) * (step as f32 / 8.0);
        bench.harness.input_mut().events.push(Event::PointerMoved(place));
        bench.harness.step();
    }
    bench.harness.input_mut().events.push(button(to, false));
    bench.harness.step();
    bench.settle();
}

fn type_length(bench: &mut Bench, text: &str) {
    bench.send(Command::Measure(MeasureChange::Length(text.to_owned())));
}

#[test]
fn the_figures_are_the_librarys_own_for_the_shown_outline() {
    let mut bench = Bench::open(&[]);
    let direct = |bench: &Bench| {
        let current = &bench.state().current;
        let mask = current.segmentation.as_ref().unwrap().probability.threshold(bench.state().overlay.threshold);
        let reference = &current.reference.as_ref().unwrap().mask;
        (Shape::of(&Lesion::largest_of(&mask).unwrap()), SurfaceDistances::of(&mask, reference))
    };
    let (expected, distances) = direct(&bench);
    assert_eq!(shape(&bench), expected);
    assert_eq!(bench.state().current.fresh_measures().unwrap().distances, Some(distances));
    bench.press(Key::CloseBracket);
    bench.press(Key::CloseBracket);
    assert_eq!(shape(&bench), direct(&bench).0, "a new outline has new figures");
    bench.unfold(PanelSection::Agreement);
    for name in ["Area", "Perimeter", "Longest diameter", "Perpendicular diameter", "HD", "HD95", "ASSD"] {
        assert!(bench.shows(name), "{name}");
    }
}

#[test]
fn figures_wait_until_they_are_in_sight() {
    let mut bench = Bench::open(&[]);
    bench.press_tab();
    let folder = folder_of_phantoms(1);
    bench.send(Command::Open(vec![folder.path().to_owned()]));
    assert!(bench.state().current.measured.is_none(), "no one sees them");
    bench.press_tab();
    assert!(bench.state().current.fresh_measures().is_some());
}

#[test]
fn a_ruler_drawn_by_hand_makes_every_length_millimetres() {
    let mut bench = Bench::open(&[]);
    let longest_px = shape(&bench).longest_diameter_px();
    assert!(bench.shows("px") && !bench.shows("mm"), "without a scale there are pixels only");
    bench.choose("Calibrate…");
    drag(&mut bench, pos2(200.0, 600.0), pos2(600.0, 600.0));
    let ruler = bench.state().measuring.ruler.clone().expect("the card is open");
    assert_eq!(ruler.start, None, "the line is drawn to its end");
    let length_px = ruler.length_px();
    let per_px = 400.0 / length_px;
    assert!((0.2..2.0).contains(&per_px), "{length_px} px of the photo for 400 points");
    let [from, to] = ruler.ends.unwrap();
    assert!((from[1] - to[1]).abs() < 0.01 && to[0] > from[0], "{from:?} to {to:?}");
    // After drawing the field has the focus: the length is typed at once, and Enter takes it.
    bench.harness.event(Event::Text("1 cm".into()));
    bench.settle();
    bench.press(Key::Enter);
    assert!(bench.state().measuring.ruler.is_none(), "the ruler is put away");
    let scale = bench.state().scale().expect("there is a scale");
    assert_eq!(scale.source, ScaleSource::Photo);
    assert!((scale.mm_per_px - 10.0 / length_px).abs() < 1e-12);
    let longest = ShownFigure::length(longest_px, Some(scale.pixel()));
    assert!(
        longest.uncertainty.is_some() && bench.shows(&longest.number()),
        "the longest diameter in mm: {longest:?}"
    );
    assert!(bench.shows("mm") && bench.shows("mm²") && bench.shows("mm/px"));
    assert!(bench.shows_part("Calibrated along a ruler in this photograph, ±\u{a0}"));
    // What is in pixels is the network's input and output, in a section that is folded.
    assert_eq!(bench.harness.query_all_by_label("px").count(), 0, "units are not mixed");
    bench.press(Key::R);
    bench.press(Key::Escape);
    assert!(bench.state().measuring.ruler.is_none() && bench.state().scale().is_some());
    bench.harness.query_all_by_label("Remove").next().unwrap();
    bench.send(Command::Measure(MeasureChange::RemoveScale));
    assert!(bench.state().scale().is_none() && !bench.shows("mm"));
}

#[test]
fn a_length_that_is_none_is_explained_and_the_line_stays() {
    let mut bench = Bench::open(&[]);
    bench.press(Key::R);
    bench.click("Place a line");
    for (text, error) in
        [("", LengthError::Empty), ("ten", LengthError::Unreadable), ("0", LengthError::OutOfRange)]
    {
        type_length(&mut bench, text);
        bench.click_role_button("Apply");
        let ruler = bench.state().measuring.ruler.clone().expect("the card stays");
        assert_eq!(ruler.complaint, Some(error));
        assert!(bench.shows(&error.words().to_string()), "{error}");
        assert!(bench.state().scale().is_none());
    }
    type_length(&mut bench, "１０ 毫米");
    bench.click_role_button("Apply");
    assert!(bench.state().scale().is_some());
}

#[test]
fn the_ends_move_by_hand_and_by_key() {
    let mut bench = Bench::open(&[]);
    bench.press(Key::R);
    drag(&mut bench, pos2(200.0, 600.0), pos2(600.0, 600.0));
    let before = bench.state().measuring.ruler.clone().unwrap().ends.unwrap();
    drag(&mut bench, pos2(600.0, 600.0), pos2(640.0, 640.0));
    let moved = bench.state().measuring.ruler.clone().unwrap().ends.unwrap();
    assert!(moved[0] == before[0] && moved[1][0] > before[1][0] && moved[1][1] > before[1][1], "{moved:?}");
    bench.harness.get_by_label("First end of the ruler's line").focus();
    bench.settle();
    bench.press(Key::ArrowLeft);
    let keyed = bench.state().measuring.ruler.clone().unwrap().ends.unwrap();
    assert!((keyed[0][0] - (moved[0][0] - 1.0)).abs() < 1e-9 && keyed[1] == moved[1], "{keyed:?}");
}

#[test]
fn a_scale_for_the_folder_holds_for_photos_of_the_same_size() {
    let folder = folder_of_phantoms(3);
    let mut bench = Bench::open(&[folder.path()]);
    bench.press(Key::R);
    bench.click("Place a line");
    bench.click("For all photographs of the same size");
    type_length(&mut bench, "10");
    bench.click_role_button("Apply");
    bench.press(Key::ArrowRight);
    bench.press(Key::ArrowRight);
    assert_eq!(bench.name(), "photo3.png");
    // The third photo is the first again: its own calibration is found by its content.
    assert_eq!(bench.state().scale().map(|scale| scale.source), Some(ScaleSource::Photo));
    let other = folder.path().join("photo4.png");
    std::fs::copy(phantom("phantom3.jpg"), &other).unwrap();
    bench.send(Command::Open(vec![other]));
    assert_eq!(bench.state().scale().map(|scale| scale.source), Some(ScaleSource::Folder));
    assert!(bench.shows_part("Calibrated for photographs of this size in this folder"));
}

#[test]
fn the_ruler_goes_with_its_photo() {
    let folder = folder_of_phantoms(2);
    let mut bench = Bench::open(&[folder.path()]);
    bench.press(Key::R);
    bench.click("Place a line");
    bench.press(Key::Escape);
    bench.press(Key::R);
    bench.press(Key::ArrowRight);
    assert!(bench.state().measuring.ruler.is_none());
}

#[test]
fn abcd_is_explained_without_a_total_or_a_diagnosis() {
    let mut bench = Bench::open(&[]);
    assert!(bench.state().current.fresh_measures().unwrap().colours.is_none(), "colours are measured on demand");
    bench.press(Key::A);
    assert!(!bench.state().measuring.scrolls_to_abcd, "the section was brought into sight once");
    let measured = bench.state().current.fresh_measures().unwrap().clone();
    let colours = measured.colours.as_ref().expect("colours are measured");
    for words in ["Asymmetry", "Border", "Colour", "Diameter", "Irregularity"] {
        assert!(bench.shows(words), "{words}");
    }
    let shape = measured.shape.as_ref().unwrap();
    assert!(bench.shows(&format!("{:.2}", shape.asymmetry_about_major)));
    let figures: Vec<String> = colours
        .border_sectors_delta_e
        .iter()
        .map(|delta_e| delta_e.map_or_else(|| "–".to_owned(), |delta_e| format!("{delta_e:.0}")))
        .collect();
    assert!(bench.shows_part(&figures.join(", ")), "{figures:?}");
    for (named, share) in colours.present() {
        assert!(bench.shows(&format!("{:.0}", share * 100.0)), "{}", named.name());
    }
    for words in ["Total", "TDS", "malignant", "benign", "melanoma", "Score"] {
        assert!(!bench.shows_part(words), "{words}");
    }
    bench.send(Command::Do(Action::ToggleAbcd));
    assert!(!bench.shows("Asymmetry"));
}

#[test]
fn where_nothing_is_lesion_nothing_is_measured() {
    let mut bench = Bench::open(&[]);
    bench.press(Key::A);
    bench.press(Key::D);
    bench.send(Command::SetThreshold(1.0));
    assert_eq!(bench.state().current.derived.as_ref().unwrap().area_px, 0);
    let measured = bench.state().current.fresh_measures().expect("it was looked at");
    assert!(measured.shape.is_none() && measured.distances.as_ref().is_some_and(Result::is_err));
    assert!(bench.shows("There is no lesion to describe.") && !bench.shows("Longest diameter"));
}
