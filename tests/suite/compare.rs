//! Comparing without a screen: sides, layouts, the second network, the table of all networks; driven by label and key.

use std::path::Path;

use crate::common_window::{Bench, add_network, folder_of_phantoms, models_with_a_broken_one};
use dermaloupe::app::command::Command;
use dermaloupe::app::command::change::CompareChange;
use dermaloupe::app::model::agreement_table::RowMask;
use dermaloupe::app::model::compare::{ComparedSide, ComparisonLayout, SideChoice};
use dermaloupe::app::model::geometry::ViewTransform;
use dermaloupe::inference::Model;
use dermaloupe::mask::Mask;
use dermaloupe::measure::agreement::Confusion;
use dermaloupe::measure::lesion_runs::LesionArea;
use dermaloupe::overlay::view::OverlayView;
use egui::Key;
use egui_kittest::kittest::Queryable as _;

/// Three networks beside the zoo's: strict, lax, and one that cannot run.
fn networks() -> tempfile::TempDir {
    let folder = models_with_a_broken_one();
    add_network(folder.path(), "strict", |card| card["threshold"] = 0.9.into());
    add_network(folder.path(), "lax", |card| card["threshold"] = 0.1.into());
    folder
}

fn open(models: &Path) -> Bench {
    Bench::open_with(|options| {
        options.models = Some(models.to_owned());
        options.model = Some(Model::BUILT_IN.to_owned());
    })
}

fn choose(bench: &mut Bench, place: usize, choice: SideChoice) {
    bench.send(Command::Compare(CompareChange::Choose(place, choice)));
}

fn side(bench: &Bench, place: usize) -> ComparedSide {
    let answer = bench.state().comparing.results[place].as_ref().expect("there is an answer");
    answer.as_ref().expect("it ran").as_ref().clone()
}

fn model(name: &str) -> SideChoice {
    SideChoice::Model(name.to_owned())
}

#[test]
fn the_network_is_compared_with_the_reference_first() {
    let mut bench = Bench::open(&[]);
    bench.press(Key::C);
    let comparing = &bench.state().comparing;
    assert!(comparing.is_on);
    assert_eq!(comparing.sides, [model(Model::BUILT_IN), SideChoice::Reference]);
    let shown = bench.state().current.derived.as_ref().unwrap();
    let first = side(&bench, 0);
    let area = |mask: &Mask| LesionArea::of(mask).area_px;
    let mask = bench.state().current.segmentation.as_ref().unwrap().probability.threshold(shown.threshold);
    assert_eq!((first.area_px, first.agreement), (area(&mask), shown.agreement));
    assert_eq!(side(&bench, 1).area_px, area(&bench.state().current.reference.as_ref().unwrap().mask));
    let dice = shown.agreement.unwrap().dice();
    assert!((comparing.mutual_dice.unwrap() - dice).abs() < 1e-12);
    assert!(bench.shows_part(&format!("Dice {dice:.2}")), "the label says it");
    // A new threshold is a new side.
    bench.press(Key::CloseBracket);
    let shown = bench.state().current.derived.as_ref().unwrap();
    let mask = bench.state().current.segmentation.as_ref().unwrap().probability.threshold(shown.threshold);
    assert_eq!(side(&bench, 0).area_px, area(&mask));
    bench.press(Key::Escape);
    assert!(!bench.state().comparing.is_on);
}

#[test]
fn a_second_network_runs_on_demand_at_its_own_threshold_and_the_first_stays_in_use() {
    let models = networks();
    let mut bench = open(models.path());
    bench.press(Key::C);
    let in_use = bench.state().current.segmentation.clone().unwrap();
    choose(&mut bench, 1, model("strict"));
    let strict = side(&bench, 1);
    let mask = in_use.probability.threshold(0.9);
    assert_eq!((strict.area_px, strict.threshold), (LesionArea::of(&mask).area_px, Some(0.9)));
    let reference = &bench.state().current.reference.as_ref().unwrap().mask;
    assert_eq!(strict.agreement, Some(Confusion::of(&mask, reference)));
    let mutual = Confusion::of(&in_use.mask, &mask).dice();
    assert!((bench.state().comparing.mutual_dice.unwrap() - mutual).abs() < 1e-12);
    let still = bench.state().current.segmentation.clone().unwrap();
    assert!(std::sync::Arc::ptr_eq(&still, &in_use), "the network in use ran again");
    for key in [Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num1] {
        bench.press(key);
        assert_eq!(side(&bench, 1).area_px, LesionArea::of(&mask).area_px);
    }
    assert_eq!(bench.state().overlay.view, OverlayView::Outline);
}

#[test]
fn a_network_that_cannot_run_is_said_on_its_side_and_the_other_stays() {
    let models = networks();
    let mut bench = open(models.path());
    bench.press(Key::C);
    choose(&mut bench, 1, model("broken"));
    assert!(bench.state().comparing.results[1].as_ref().unwrap().is_err());
    assert!(bench.shows_part("Could not run: "), "the side says why");
    assert!(side(&bench, 0).area_px > 0);
    choose(&mut bench, 1, model("lax"));
    assert!(side(&bench, 1).area_px > 0, "the next one runs");
}

#[test]
fn both_sides_follow_to_the_next_photo() {
    let folder = folder_of_phantoms(2);
    let mask = folder.path().join("photo2_segmentation.png");
    std::fs::copy(crate::common_window::phantom("phantom2_segmentation.png"), mask).unwrap();
    let models = networks();
    let mut bench = Bench::open_with(|options| {
        options.paths = vec![folder.path().to_owned()];
        options.models = Some(models.path().to_owned());
        options.model = Some(Model::BUILT_IN.to_owned());
    });
    bench.press(Key::C);
    // Without a reference the other network in the menu's order is the second side.
    assert!(matches!(&bench.state().comparing.sides[1], SideChoice::Model(name) if name != Model::BUILT_IN));
    choose(&mut bench, 1, SideChoice::Reference);
    assert!(bench.shows_part("No reference mask for this photograph"));
    bench.press(Key::ArrowRight);
    assert_eq!(bench.name(), "photo2.png");
    assert!(side(&bench, 0).agreement.is_some() && side(&bench, 1).area_px > 0);
}

#[test]
fn layouts_are_chosen_by_their_buttons_and_share_one_look() {
    let mut bench = Bench::open(&[]);
    bench.press(Key::C);
    for (label, layout) in [
        ("Swipe", ComparisonLayout::Swipe),
        ("Blink", ComparisonLayout::Blink),
        ("Side by side", ComparisonLayout::SideBySide),
    ] {
        bench.harness.get_by_label(label).click();
        bench.settle();
        assert_eq!(bench.state().comparing.layout, layout);
    }
    bench.press(Key::Z);
    let ViewTransform::At { zoom, .. } = bench.state().view_transform else { panic!("it is zoomed") };
    assert!((zoom - 1.0).abs() < 1e-4, "both sides are at this one zoom");
}

#[test]
fn the_swipes_line_is_moved_by_keys_and_stays_on_the_canvas() {
    let mut bench = Bench::open(&[]);
    bench.press(Key::C);
    bench.send(Command::Compare(CompareChange::Layout(ComparisonLayout::Swipe)));
    let start = bench.state().comparing.divider;
    bench.press(Key::Period);
    assert!((bench.state().comparing.divider - (start + 0.05)).abs() < 1e-6);
    bench.harness.get_by_label("Line between the two sides").focus();
    bench.settle();
    for _ in 0..30 {
        bench.press(Key::ArrowLeft);
    }
    assert!((bench.state().comparing.divider - 0.02).abs() < 1e-6);
    assert_eq!(bench.state().selected, 0, "the arrows moved the line, not the photo");
}

#[test]
fn by_key_blinking_shows_the_other_side_at_once_and_elsewhere_the_sides_change_places() {
    let mut bench = Bench::open(&[]);
    bench.press(Key::C);
    bench.send(Command::Compare(CompareChange::Layout(ComparisonLayout::Blink)));
    bench.send(Command::Compare(CompareChange::Blink(None)));
    assert!(bench.shows_part("A  MALUNet") && !bench.shows_part("B  Reference"));
    bench.press(Key::W);
    assert!(bench.shows_part("B  Reference") && !bench.shows_part("A  MALUNet"));
    bench.send(Command::Compare(CompareChange::Layout(ComparisonLayout::SideBySide)));
    bench.press(Key::W);
    assert_eq!(bench.state().comparing.sides, [SideChoice::Reference, model(Model::BUILT_IN)]);
}

#[test]
fn the_table_holds_the_dice_of_each_pair_and_says_what_failed() {
    let models = networks();
    let mut bench = open(models.path());
    bench.press(Key::T);
    assert!(bench.shows("Agreement between networks") && bench.state().comparing.table.rows.is_empty());
    bench.click_role_button("Run all networks");
    let table = bench.state().comparing.table.clone();
    let place = |title: &str| {
        let of = RowMask::Network(title.to_owned());
        table.rows.iter().position(|row| row.of == of).unwrap_or_else(|| panic!("{title}"))
    };
    assert_eq!(table.rows.len(), 1 + bench.state().network.comparable().count());
    assert_eq!(table.rows[0].of, RowMask::Reference, "the reference stands first");
    let map = &bench.state().current.segmentation.as_ref().unwrap().probability;
    let reference = &bench.state().current.reference.as_ref().unwrap().mask;
    let (strict, lax) = (map.threshold(0.9), map.threshold(0.1));
    for (one, other, expected) in [
        (place("Strict"), place("Lax"), Confusion::of(&strict, &lax).dice()),
        (0, place("Lax"), Confusion::of(&lax, reference).dice()),
    ] {
        assert!((table.dice(one, other).unwrap() - expected).abs() < 1e-12);
        assert!(bench.shows_part(&format!("{expected:.2}")));
    }
    let broken = place("Broken");
    assert!(table.rows[broken].result.is_err() && table.dice(0, broken).is_none());
    assert!(bench.shows_part("Broken could not run"));
    bench.send(Command::Compare(CompareChange::Light(Some(place("Lax")))));
    assert_eq!(bench.state().comparing.table.lit, Some(place("Lax")));
    // Closed and opened again it is there without another run.
    bench.press(Key::T);
    bench.press(Key::T);
    assert_eq!(bench.state().comparing.table.rows.len(), table.rows.len());
}

#[test]
fn the_table_stops_when_it_is_told_to_and_when_the_photo_changes() {
    let models = networks();
    let folder = folder_of_phantoms(2);
    std::fs::copy(crate::common_window::phantom("phantom3.jpg"), folder.path().join("photo2.png")).unwrap();
    let mut bench = Bench::open_with(|options| {
        options.paths = vec![folder.path().to_owned()];
        options.models = Some(models.path().to_owned());
    });
    bench.press(Key::T);
    bench.harness.state_mut().send(Command::Compare(CompareChange::RunTable));
    bench.harness.state_mut().send(Command::Compare(CompareChange::StopTable));
    bench.settle();
    assert!(bench.state().comparing.table.expected.is_none());
    assert!(bench.state().comparing.table.rows.is_empty(), "what comes late is dropped");
    bench.click_role_button("Run all networks");
    let rows = bench.state().comparing.table.rows.len();
    assert_eq!(rows, bench.state().network.comparable().count());
    bench.press(Key::ArrowRight);
    assert!(bench.state().comparing.table.rows.is_empty(), "another photo has a table of its own");
    bench.press(Key::ArrowLeft);
    assert_eq!(bench.state().comparing.table.rows.len(), rows, "the first photo's is kept");
}
