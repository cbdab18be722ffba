//! How sure the network is, in the window and on the page: the band, the ranges of area and diameters, and the agreement to be
//! expected. What a person has corrected has none of it, and a card that knows none of it shows none.

use crate::common_window::{Bench, add_network, folder_of_phantoms};
use crate::report_pdf::text_of;
use dermaloupe::app::command::Command;
use dermaloupe::geometry::polygon::signed_area;
use dermaloupe::measure::shown_figure::ShownFigure;
use dermaloupe::measure::table::Measure;
use dermaloupe::overlay::view::OverlayView;
use egui::Key;
use egui_kittest::kittest::Queryable as _;

/// Whether there is a choice of that name beside the other overlays.
fn has_choice(bench: &Bench, name: &str) -> bool {
    bench.harness.query_by_role_and_label(egui::accesskit::Role::RadioButton, name).is_some()
}

/// A network of the zoo whose card says nothing of how sure it is.
fn plain_network() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    add_network(folder.path(), "plain", |card| {
        card.as_object_mut()
            .unwrap()
            .retain(|key, _| !["calibration", "band", "expected_agreement"].contains(&&**key));
    });
    folder
}

#[test]
fn the_band_lies_about_the_outline_by_key_and_is_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("settings.json");
    let mut bench = Bench::with_settings(&settings);
    assert!(bench.state().current.derived.as_ref().unwrap().band.is_none(), "it is not drawn unless it is shown");
    bench.press(Key::B);
    assert_eq!(bench.state().overlay.view, OverlayView::Band);
    let area = |lines: &[Vec<[f32; 2]>]| lines.iter().map(|line| signed_area(line)).sum::<f64>();
    let areas = |bench: &Bench| {
        let derived = bench.state().current.derived.clone().unwrap();
        let band = derived.band.as_ref().expect("it is shown");
        [&band.inner, &derived.outlines, &band.outer].map(|lines| area(lines))
    };
    let [inner, own, outer] = areas(&bench);
    assert!(0.0 < inner && inner < own && own < outer, "{inner} {own} {outer}");
    // Beyond a level of the band the outline takes its place.
    bench.send(Command::SetThreshold(1.0));
    let [inner, own, _] = areas(&bench);
    assert!((inner - own).abs() < 1e-3);
    assert_eq!(bench.state().layer_opacity(), 0.45);
    bench.send(Command::SetOpacity(0.25));
    let bench = bench.reopen();
    assert_eq!((bench.state().overlay.view, bench.state().layer_opacity()), (OverlayView::Band, 0.25));
    assert!(bench.state().current.derived.as_ref().unwrap().band.is_some());
}

#[test]
fn area_and_diameters_have_their_range_and_the_agreement_is_expected() {
    // Without a reference, which else is the agreement that is told.
    let folder = folder_of_phantoms(1);
    let bench = Bench::open(&[&folder.path().join("photo1.png")]);
    let state = bench.state();
    let measured = state.current.measured.as_ref().unwrap();
    let (shape, confidence) = (measured.shape.as_ref().unwrap(), measured.confidence.as_ref().unwrap());
    let band = confidence.band.unwrap();
    for (measure, figure) in [
        (Measure::Area, ShownFigure::area(shape.area_px, None)),
        (Measure::LongestDiameter, ShownFigure::length(shape.longest_diameter_px(), None)),
        (Measure::AcrossDiameter, ShownFigure::length(shape.across_diameter_px(), None)),
    ] {
        let [low, high] = band.about(measure, figure, None).range.expect("its ends differ");
        assert!(bench.shows(&format!("{low} to {high}")), "{measure:?}: {low} to {high}");
    }
    let expected = confidence.expected.unwrap();
    assert!(bench.shows("Expected agreement (IoU)") && bench.shows(&format!("{:.2}", expected.iou)));
    assert!(0.5 < expected.iou && expected.iou < expected.dice && expected.dice < 1.0, "{expected:?}");
}

#[test]
fn a_corrected_mask_has_no_band_no_range_and_no_expectation() {
    let folder = folder_of_phantoms(1);
    let path = folder.path().join("photo1.png");
    let mut bench = Bench::open(&[&path]);
    bench.press(Key::B);
    bench.press(Key::E);
    bench.press(Key::B);
    assert_eq!(
        bench.state().overlay.view,
        OverlayView::Band,
        "the key is the brush's own while the mask is corrected"
    );
    bench.press(Key::G);
    bench.press(Key::E);
    assert!(bench.state().edited_mask().is_some());
    assert!(bench.state().current.derived.as_ref().unwrap().band.is_none());
    assert!(bench.state().confidence().is_none() && bench.state().doubt(0).is_none());
    assert!(!bench.shows_part(" to ") && !bench.shows("Expected agreement (IoU)"));
    let page = folder.path().join("page.pdf");
    bench.send(Command::SaveReportTo(page.clone()));
    let text = text_of(&page);
    assert!(!text.contains("Likely border") && !text.contains("Expected"), "{text}");
    assert_eq!(text.matches(" to ").count(), 1, "the sectors alone, 1 to 8: {text}");
    // The network's mask is in doubt again, as it was before.
    bench.press(Key::V);
    assert!(bench.state().current.derived.as_ref().unwrap().band.is_some() && bench.shows_part(" to "));
}

#[test]
fn a_card_that_says_nothing_of_it_shows_nothing_of_it() {
    let models = plain_network();
    let mut bench = Bench::open_with(|options| {
        options.models = Some(models.path().to_owned());
        options.model = Some("plain".into());
    });
    assert_eq!(bench.state().network.model.card.name, "plain");
    assert!(!has_choice(&bench, "Band") && has_choice(&bench, "Fill"));
    bench.press(Key::B);
    assert!(bench.state().current.derived.as_ref().unwrap().band.is_none());
    assert!(!bench.shows_part(" to ") && !bench.shows("Expected agreement (IoU)"));
    bench.press(Key::Y);
    assert!(bench.notice().contains("does not say how sure"), "{}", bench.notice());
}

#[test]
fn the_page_shows_band_range_and_expected_agreement() {
    let folder = folder_of_phantoms(1);
    let mut bench = Bench::open(&[&folder.path().join("photo1.png")]);
    let page = folder.path().join("page.pdf");
    bench.send(Command::SaveReportTo(page.clone()));
    let text = text_of(&page);
    let expected = bench.state().confidence().unwrap().expected.unwrap();
    assert!(text.matches(" to ").count() > 3, "{text}");
    for words in ["Likely border (90 %)", "Expected agreement", &format!("{:.2}", expected.dice)] {
        assert!(text.contains(words), "{words} is not in\n{text}");
    }
}
