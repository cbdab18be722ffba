//! A mask painted by hand where no network could run: it is outlined, measured and saved as any other.

use std::path::PathBuf;

use crate::common_window::Bench;
use crate::correct::{corner, edited, paint, photo};
use dermaloupe::app::command::Command;
use dermaloupe::app::command::action::Action;
use dermaloupe::app::model::current::Phase;
use egui::Key;

#[test]
fn what_was_painted_without_a_network_is_outlined_measured_and_saved() {
    let (folder, path) = photo();
    let models = crate::common_window::models_with_a_broken_one();
    let mut bench = Bench::open_with(|options| {
        options.paths = vec![path];
        options.models = Some(models.path().to_owned());
        options.model = Some("broken".into());
    });
    assert!(matches!(bench.state().current.phase, Phase::NetworkFailed(_)) && !bench.state().has_mask());
    bench.press(Key::E);
    assert!(!bench.shows("Try again"), "the message does not lie on what is painted");
    let line = corner(&bench);
    paint(&mut bench, &line);
    let painted = edited(&bench);
    assert!(painted.area_px() > 0);
    bench.press(Key::E);
    assert!(bench.shows("Try again"));
    let is_outlined = |bench: &Bench| {
        let derived = bench.state().current.derived.clone().expect("it is outlined");
        assert_eq!((derived.area_px, derived.outlines.len()), (painted.area_px(), 1));
        let shape = bench.state().current.fresh_measures().and_then(|measured| measured.shape.clone());
        assert!((shape.expect("it is measured").area_px - painted.area_px() as f64).abs() < 0.5);
    };
    is_outlined(&bench);
    bench.send(Action::Retry.into());
    is_outlined(&bench);
    let mut bench = bench.reopen();
    assert!(bench.state().current.segmentation.is_none());
    is_outlined(&bench);
    for (name, save) in [
        ("mask.png", Command::SaveMaskTo as fn(PathBuf) -> Command),
        ("overlay.png", Command::SaveOverlayTo),
        ("page.pdf", Command::SaveReportTo),
    ] {
        bench.send(save(folder.path().join(name)));
        assert!(bench.notice().contains(name) && folder.path().join(name).exists(), "{}", bench.notice());
    }
    let saved = image::open(folder.path().join("mask.png")).unwrap().into_luma8();
    assert_eq!(saved.pixels().filter(|pixel| pixel.0[0] == 255).count() as u64, painted.area_px());
}
