//! What is drawn over the photo while it is corrected, and the way into correcting where there is no lesion.

use crate::common_window::{Bench, phantom};
use crate::correct::{corner, correcting, edited, paint, photo};
use dermaloupe::app::command::Command;
use dermaloupe::app::command::change::CompareChange;
use dermaloupe::app::model::agreement_table::RowMask;
use dermaloupe::app::model::correction::Tool;
use dermaloupe::app::model::state::LayerOpacity;
use dermaloupe::geometry::contour;
use dermaloupe::measure::agreement::Confusion;
use dermaloupe::overlay::palette;
use dermaloupe::overlay::view::OverlayView;
use dermaloupe::provenance::CorrectionStart;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

#[test]
fn correcting_keeps_the_view_that_was_chosen_and_a_key_fills_the_lesion_and_back() {
    let (_folder, path) = photo();
    let mut bench = correcting(&path);
    assert_eq!(bench.state().overlay.view, OverlayView::Outline, "no fill over the border that is judged");
    bench.press(Key::I);
    assert_eq!(bench.state().overlay.view, OverlayView::Fill);
    bench.press(Key::I);
    assert_eq!(bench.state().overlay.view, OverlayView::Outline);
    bench.press(Key::Num3);
    bench.press(Key::E);
    bench.press(Key::E);
    assert_eq!(bench.state().overlay.view, OverlayView::Heat, "the view goes along into correcting and out of it");
    bench.press(Key::E);
    bench.press(Key::I);
    assert_eq!(bench.state().overlay.view, OverlayView::Heat, "the key is the tools' own");
}

#[test]
fn each_layer_has_an_opacity_of_its_own_and_so_has_correcting() {
    let (_folder, path) = photo();
    let mut bench = correcting(&path);
    assert_eq!(bench.state().layer_opacity(), 0.2);
    assert!(bench.harness.query_all_by_label("Opacity while correcting").next().is_some());
    bench.send(Command::SetOpacity(0.35));
    bench.press(Key::E);
    bench.press(Key::Num3);
    bench.send(Command::SetOpacity(0.7));
    let expected = LayerOpacity { correcting: 0.35, heat: 0.7, ..LayerOpacity::default() };
    assert_eq!(bench.state().overlay.opacity, expected);
    bench.press(Key::Num2);
    assert_eq!(bench.state().layer_opacity(), 0.5);
}

#[test]
fn the_networks_outline_lies_beneath_the_corrected_one_until_it_is_switched_off() {
    let (_folder, path) = photo();
    let mut bench = correcting(&path);
    let segmentation = bench.state().current.segmentation.clone().expect("a result");
    let line = corner(&bench);
    paint(&mut bench, &line);
    let derived = bench.state().current.derived.clone().expect("outlines");
    assert_eq!(derived.network_outlines(), contour::of_map(&segmentation.probability, segmentation.threshold));
    assert_eq!(derived.outlines, contour::of_mask(&edited(&bench)));
    assert_eq!(derived.colour(), palette::EDITED);
    assert!(bench.state().shows_network_outline());
    bench.press(Key::E);
    assert!(bench.state().shows_network_outline(), "also when the tools are away");
    bench.press_with(Modifiers::SHIFT, Key::V);
    assert!(!bench.state().shows_network_outline());
    bench.harness.get_by_label("Network's outline").click();
    bench.settle();
    assert!(bench.state().shows_network_outline(), "the side panel has it too");
    // The network's own mask has no line beneath it.
    bench.press(Key::V);
    assert!(!bench.state().shows_network_outline());
    let derived = bench.state().current.derived.clone().expect("outlines");
    assert_eq!((derived.colour(), derived.network_outlines()), (palette::PREDICTION, &derived.outlines[..]));
}

/// A photo on which no pixel reaches the threshold.
fn without_lesion() -> (tempfile::TempDir, Bench) {
    let (folder, path) = photo();
    let mut bench = Bench::open(&[&path]);
    bench.send(Command::SetThreshold(1.0));
    assert_eq!(bench.state().current.derived.as_ref().expect("figures").area_px, 0);
    (folder, bench)
}

#[test]
fn without_a_lesion_the_highest_probability_is_said_and_a_useful_threshold_is_one_click_away() {
    let (_folder, mut bench) = without_lesion();
    let below = bench.state().current.derived.as_ref().and_then(|derived| derived.below_threshold).expect("known");
    let map = bench.state().current.segmentation.as_ref().expect("a result").probability.clone();
    assert_eq!(below.highest, map.network_values().iter().copied().fold(0.0, f32::max));
    assert!(bench.shows_part(&format!("The highest probability is {:.2}", below.highest)));
    let useful = below.useful_threshold.expect("there is a lesion");
    bench.click_role_button(&format!("Lower the threshold to {useful:.2}"));
    assert_eq!(bench.state().overlay.threshold, useful);
    assert!(bench.state().current.derived.as_ref().expect("figures").area_px > 0);
    assert!(!bench.shows_part("The highest probability"));
}

#[test]
fn without_a_lesion_it_is_drawn_by_hand_from_an_empty_mask_on() {
    let (_folder, mut bench) = without_lesion();
    bench.press(Key::E);
    bench.press(Key::X);
    bench.press(Key::E);
    bench.click_role_button("Draw by hand");
    assert!(bench.state().correction.is_on);
    assert_eq!(bench.state().correction.tool, Tool::Brush);
    assert!(!bench.shows_part("The highest probability"), "the card makes room");
    let line = corner(&bench);
    paint(&mut bench, &line);
    assert!(edited(&bench).area_px() > 0);
    let start = bench.state().correction_summary().expect("it is corrected").start;
    assert_eq!(start, CorrectionStart::Empty);
    // A mask that was corrected to nothing says so; there is no threshold to lower.
    bench.press_with(Modifiers::SHIFT, Key::Delete);
    bench.press(Key::E);
    assert!(bench.shows_part("The corrected mask is empty"));
    assert!(!bench.shows_part("Lower the threshold"));
}

#[test]
fn the_corrected_mask_has_a_row_in_the_table_which_follows_the_next_correction() {
    let (folder, path) = photo();
    std::fs::copy(phantom("phantom2_segmentation.png"), folder.path().join("photo1_segmentation.png")).unwrap();
    let mut bench = correcting(&path);
    let line = corner(&bench);
    paint(&mut bench, &line);
    bench.press(Key::T);
    bench.send(Command::Compare(CompareChange::RunTable));
    let dice = |bench: &Bench| {
        let table = &bench.state().comparing.table;
        assert_eq!((&table.rows[0].of, &table.rows[1].of), (&RowMask::Reference, &RowMask::Corrected));
        table.dice(0, 1).expect("both are masks")
    };
    let expected = |bench: &Bench| {
        let reference = bench.state().current.reference.clone().expect("it lies beside the photo");
        Confusion::of(&edited(bench), &reference.mask).dice()
    };
    let first = dice(&bench);
    assert!((first - expected(&bench)).abs() < 1e-12);
    assert!(bench.shows_part("compared again when you put the tools away"));
    bench.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(dice(&bench), first, "who corrects is not disturbed");
    bench.press(Key::E);
    assert!((dice(&bench) - expected(&bench)).abs() < 1e-12, "the table has followed");
    assert_ne!(dice(&bench), first);
}

#[test]
fn the_table_stands_beside_the_photo_and_comes_into_sight_where_panels_were_hidden() {
    let (_folder, path) = photo();
    let mut bench = Bench::open(&[&path]);
    let before = bench.state().geometry.expect("a photo").canvas;
    bench.press(Key::T);
    let beside = bench.state().geometry.expect("a photo").canvas;
    let heading = bench.harness.get_by_label("Agreement between networks").rect();
    assert!(beside.right() <= heading.left() && beside.width() < before.width(), "{beside:?}, {heading:?}");
    bench.press_tab();
    assert!(
        bench.state().panels.canvas_only && bench.harness.query_by_label("Agreement between networks").is_none()
    );
    bench.press(Key::T);
    assert!(!bench.state().panels.canvas_only && bench.shows("Agreement between networks"));
    bench.press(Key::Escape);
    assert!(!bench.state().comparing.table.is_open);
}
