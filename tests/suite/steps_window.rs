//! Steps before and after the network in the window: switched in the side panel, seen at once, remembered, and said.

use dermaloupe::app::command::Command;
use dermaloupe::app::model::sections::PanelSection;
use dermaloupe::steps::ImageSteps;
use egui::vec2;

use crate::common_window::Bench;

fn steps(before: &str, after: &str) -> ImageSteps {
    let read = |typed: &str| serde_json::json!(typed);
    serde_json::from_value(serde_json::json!({ "before": read(before), "after": read(after) })).unwrap()
}

fn area_px(bench: &Bench) -> u64 {
    bench.state().current.derived.as_ref().expect("an outline").area_px
}

#[test]
fn a_step_is_switched_in_the_panel_and_seen_at_once() {
    let mut bench = Bench::open(&[]);
    let plain = area_px(&bench);
    assert!(bench.shows("Steps") && bench.shows("None"), "folded at first, and none is on");
    bench.unfold(PanelSection::Steps);
    // All of the panel is in sight.
    bench.harness.set_size(vec2(1280.0, 2400.0));
    bench.settle();
    bench.click("CLAHE");
    assert_eq!(bench.state().network.steps, steps("clahe:2", ""));
    assert!(bench.shows_part("steps: CLAHE"), "the status bar says so");
    assert_ne!(area_px(&bench), plain);
    bench.click("Opening");
    bench.click("Non-local means");
    assert_eq!(bench.state().network.steps, steps("nlm:3,clahe:2", "open:3"), "in the panel's order");
    let result = bench.state().current.segmentation.clone().unwrap();
    assert_eq!(result.steps(), steps("nlm:3,clahe:2", "open:3"));
    bench.click("Turn all off");
    assert_eq!(area_px(&bench), plain);
    assert!(!bench.shows_part("steps: "));
}

#[test]
fn steps_after_the_network_need_no_run_of_it_and_keep_the_threshold() {
    let mut bench = Bench::open(&[]);
    bench.send(Command::SetThreshold(0.3));
    let before = bench.state().current.segmentation.clone().unwrap();
    bench.send(Command::UseSteps(steps("", "open:30,largest")));
    let after = bench.state().current.segmentation.clone().unwrap();
    assert_eq!(before.millis, after.millis, "the network has not run again");
    assert_eq!(before.probability, after.probability);
    assert_eq!(bench.state().overlay.threshold, 0.3);
    assert_eq!(area_px(&bench), after.mask_at(0.3).area_px());
    assert!(bench.state().current.derived.as_ref().unwrap().regions <= 1);
    bench.send(Command::UseSteps(steps("grey-world", "open:30,largest")));
    assert_ne!(bench.state().current.segmentation.as_ref().unwrap().probability, after.probability);
}

#[test]
fn steps_are_there_at_the_next_start_and_in_the_saved_mask() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::with_settings(&folder.path().join("settings.json"));
    bench.send(Command::UseSteps(steps("clahe:3", "largest")));
    let mut bench = bench.reopen();
    assert_eq!(bench.state().network.steps, steps("clahe:3", "largest"));
    assert!(bench.shows_part("steps: CLAHE, Largest region"));
    let path = folder.path().join("mask.png");
    bench.send(Command::SaveMaskTo(path.clone()));
    let saved = image::open(path).unwrap().into_luma8();
    let white = saved.pixels().filter(|pixel| pixel.0[0] == 255).count() as u64;
    assert_eq!(white, area_px(&bench));
}
