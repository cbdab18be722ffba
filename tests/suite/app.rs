//! The window without a screen: driven by labels and keys, judged by its state. The real window is in `tests/window`.

use crate::common_window::{Bench, folder_of_phantoms, phantom};
use dermaloupe::app::command::Command;
use dermaloupe::app::command::action::Action;
use dermaloupe::app::model::current::Phase;
use dermaloupe::app::model::geometry::ViewTransform;
use dermaloupe::app::model::sections::PanelSection;
use dermaloupe::app::model::state::{Dialog, State};
use dermaloupe::app::theme::ThemeChoice;
use dermaloupe::inference::{EngineChoice, EngineKind, Model};
use dermaloupe::language::Language;
use dermaloupe::overlay::view::OverlayView;
use egui::{Key, Modifiers, vec2};
use egui_kittest::kittest::Queryable as _;

#[test]
fn the_first_run_shows_the_sample_with_its_outline_and_a_high_dice() {
    let bench = Bench::open(&[]);
    let current = &bench.state().current;
    let derived = current.derived.as_ref().expect("a result");
    assert!(!derived.outlines.is_empty());
    let dice = derived.agreement.expect("the sample has its true mask").dice();
    assert!(dice > 0.9, "Dice {dice}");
    assert!(bench.shows("Dice") && bench.shows("Research use only"));
}

#[test]
fn arrow_keys_walk_a_folder_and_stop_at_its_ends() {
    let folder = folder_of_phantoms(3);
    let mut bench = Bench::open(&[folder.path()]);
    assert_eq!(bench.name(), "photo1.png");
    bench.press(Key::ArrowLeft);
    assert_eq!(bench.name(), "photo1.png");
    for name in ["photo2.png", "photo3.png", "photo3.png"] {
        bench.press(Key::ArrowRight);
        assert_eq!(bench.name(), name);
    }
    bench.press(Key::Home);
    assert_eq!(bench.name(), "photo1.png");
}

#[test]
fn hurried_keys_end_on_the_last_photo_and_no_stale_result_lands_on_it() {
    let folder = folder_of_phantoms(6);
    let mut bench = Bench::open(&[folder.path()]);
    for _ in 0..5 {
        bench.harness.key_press(Key::ArrowRight);
        bench.harness.step();
    }
    bench.settle();
    let current = &bench.state().current;
    let photo = current.photo.as_ref().expect("a photo");
    let result = current.segmentation.as_ref().expect("a result");
    assert_eq!(photo.source.name(), "photo6.png");
    assert_eq!(result.probability.photo_size(), photo.size());
    assert_eq!(result.mask.size(), photo.size());
}

#[test]
fn what_stands_on_the_canvas_always_belongs_together() {
    let folder = tempfile::tempdir().unwrap();
    for (name, source) in [("a.jpg", "phantom2.jpg"), ("b.jpg", "phantom3.jpg")] {
        std::fs::copy(phantom(source), folder.path().join(name)).unwrap();
    }
    let mut bench = Bench::open(&[folder.path()]);
    for round in 0..60 {
        let keys =
            if round % 2 == 0 { [Key::ArrowRight, Key::CloseBracket] } else { [Key::ArrowLeft, Key::OpenBracket] };
        for key in keys {
            bench.harness.key_press(key);
        }
        // Some rounds hurry on, some let a part of the answers come.
        for _ in 0..round % 12 {
            bench.harness.step();
            std::thread::yield_now();
            assert_belongs_together(bench.state());
        }
    }
    bench.settle();
    assert_belongs_together(bench.state());
}

fn assert_belongs_together(state: &State) {
    let current = &state.current;
    let (Some(derived), Some(result)) = (&current.derived, &current.segmentation) else { return };
    let photo = current.photo.as_ref().expect("a result has its photo");
    assert_eq!(result.probability.photo_size(), photo.size());
    let area_px = result.probability.threshold(derived.threshold).area_px();
    assert_eq!(derived.area_px, area_px, "an outline of another photo lies on {}", photo.source.name());
}

#[test]
fn the_threshold_moves_without_running_the_network_again() {
    let mut bench = Bench::open(&[]);
    let before = bench.state().current.clone();
    bench.press(Key::CloseBracket);
    bench.press(Key::CloseBracket);
    let after = bench.state().current.clone();
    assert!((bench.state().overlay.threshold - 0.6).abs() < 1e-6);
    let (first, second) = (before.segmentation.unwrap(), after.segmentation.unwrap());
    assert!(std::sync::Arc::ptr_eq(&first, &second), "the network ran again");
    let (wide, narrow) = (before.derived.unwrap(), after.derived.unwrap());
    assert!(narrow.area_px < wide.area_px);
    assert_eq!(narrow.area_px, second.probability.threshold(0.6).area_px());
    bench.press(Key::Backslash);
    assert!((bench.state().overlay.threshold - 0.5).abs() < 1e-6);
}

#[test]
fn every_press_counts_even_when_a_frame_is_slow() {
    let mut bench = Bench::open(&[]);
    for _ in 0..4 {
        bench.harness.key_press(Key::CloseBracket);
    }
    bench.settle();
    assert!((bench.state().overlay.threshold - 0.7).abs() < 1e-6, "{}", bench.state().overlay.threshold);
}

#[test]
fn every_view_has_its_button_and_its_key() {
    let mut bench = Bench::open(&[]);
    for (label, view) in [("Fill", OverlayView::Fill), ("Heat", OverlayView::Heat), ("Error", OverlayView::Error)] {
        bench.click(label);
        assert_eq!(bench.state().overlay.view, view);
    }
    for (key, view) in [(Key::Num5, OverlayView::Off), (Key::Num1, OverlayView::Outline)] {
        bench.press(key);
        assert_eq!(bench.state().overlay.view, view);
    }
}

#[test]
fn the_error_view_without_a_reference_says_what_it_needs() {
    let folder = folder_of_phantoms(1);
    let mut bench = Bench::open(&[folder.path()]);
    bench.press(Key::Num4);
    assert_eq!(bench.state().overlay.view, OverlayView::Outline);
    assert!(bench.notice().contains("reference mask"), "{}", bench.notice());
}

#[test]
fn a_dropped_mask_becomes_the_reference_and_can_be_taken_away() {
    let folder = folder_of_phantoms(1);
    let mask = folder.path().join("elsewhere_segmentation.png");
    std::fs::copy(phantom("phantom2_segmentation.png"), &mask).unwrap();
    let mut bench = Bench::open(&[&folder.path().join("photo1.png")]);
    bench.drop_file(&mask);
    let agreement = bench.state().current.derived.as_ref().and_then(|derived| derived.agreement);
    assert!(agreement.expect("it is compared").dice() > 0.9);
    bench.unfold(PanelSection::Agreement);
    bench.choose("Remove");
    assert!(bench.state().current.reference.is_none());
    bench.press(Key::F5);
    assert!(bench.state().current.reference.is_none(), "it stays away");
}

#[test]
fn a_mask_beside_the_photo_is_picked_up() {
    let folder = folder_of_phantoms(2);
    let mask = folder.path().join("photo2_segmentation.png");
    std::fs::copy(phantom("phantom2_segmentation.png"), mask).unwrap();
    let mut bench = Bench::open(&[folder.path()]);
    assert!(!bench.state().has_reference());
    bench.press(Key::ArrowRight);
    assert_eq!(bench.state().current.reference.as_ref().unwrap().name.as_deref(), Some("photo2_segmentation.png"));
}

#[test]
fn the_window_finds_and_reads_masks_as_the_command_line_does_and_says_how() {
    let folder = folder_of_phantoms(1);
    let mut mask = image::open(phantom("phantom2_segmentation.png")).unwrap().into_luma8();
    mask.pixels_mut().for_each(|pixel| pixel.0[0] = u8::from(pixel.0[0] > 128));
    mask.save(folder.path().join("photo1_Segmentation.PNG")).unwrap();
    std::fs::copy(phantom("phantom2_segmentation.png"), folder.path().join("photo1_attribute_streaks.png"))
        .unwrap();
    let bench = Bench::open(&[folder.path()]);
    assert_eq!(bench.state().entries.len(), 1, "a map is no photograph");
    let agreement = bench.state().current.derived.as_ref().and_then(|derived| derived.agreement);
    assert!(agreement.expect("it is compared").dice() > 0.9);
    assert!(bench.notice().contains("0 is read as background, 1 as lesion"), "{}", bench.notice());
}

#[test]
fn a_mask_of_another_size_is_refused_with_both_sizes() {
    let folder = folder_of_phantoms(1);
    let mask = folder.path().join("photo1_segmentation.png");
    std::fs::copy(phantom("phantom_segmentation.png"), mask).unwrap();
    let bench = Bench::open(&[folder.path()]);
    let notice = bench.notice();
    assert!(notice.contains("1536 × 1152") && notice.contains("1200 × 900"), "{notice}");
    assert!(bench.state().current.derived.is_some(), "the result stays");
}

#[test]
fn a_broken_file_among_photos_is_said_and_passed() {
    let folder = folder_of_phantoms(2);
    std::fs::write(folder.path().join("photo1b.jpg"), "no photo").unwrap();
    let mut bench = Bench::open(&[folder.path()]);
    bench.press(Key::ArrowRight);
    let Phase::FileFailed(words) = &bench.state().current.phase else { panic!("it cannot be opened") };
    let words = words.to_string();
    assert!(words.contains("not JPEG") && words.ends_with("photo1b.jpg"), "{words}");
    assert!(bench.state().current.photo.is_none(), "no other photo stands behind the message");
    assert!(bench.state().entries[1].failure.is_some());
    bench.click("Next photo");
    assert_eq!(bench.name(), "photo2.png");
    assert!(matches!(bench.state().current.phase, Phase::Done));
}

#[test]
fn a_network_that_cannot_run_leaves_the_photo_and_offers_a_way_out() {
    let models = crate::common_window::models_with_a_broken_one();
    let mut bench = Bench::open_with(|options| options.models = Some(models.path().to_owned()));
    bench.send(Command::UseModel("broken".into()));
    let Phase::NetworkFailed(words) = bench.state().current.phase.clone() else { panic!("it cannot run") };
    assert!(words.to_string().contains("broken"), "{words}");
    assert!(bench.state().current.photo.is_some());
    assert!(bench.shows("Try again"));
    bench.send(Command::UseModel(Model::BUILT_IN.into()));
    assert!(matches!(bench.state().current.phase, Phase::Done));
}

#[test]
fn another_network_brings_its_own_threshold() {
    let models = crate::common_window::models_with_a_strict_one();
    let mut bench = Bench::open_with(|options| options.models = Some(models.path().to_owned()));
    bench.click_role_button("Network: ");
    bench.choose("Strict. ");
    assert_eq!(bench.state().network.model.card.name, "strict");
    assert!((bench.state().overlay.threshold - 0.8).abs() < 1e-6);
    assert_eq!(bench.state().current.segmentation.as_ref().unwrap().model, "strict");
}

#[test]
fn the_engine_can_be_chosen_and_is_named() {
    let mut bench = Bench::open(&[]);
    bench.send(Command::UseEngine(EngineChoice::Only(EngineKind::Rten)));
    assert_eq!(bench.state().network.engine.as_ref().unwrap().kind, EngineKind::Rten);
    assert!(bench.state().current.segmentation.as_ref().unwrap().millis.infer > 0.0);
}

#[test]
fn zoom_is_kept_from_photo_to_photo() {
    let folder = folder_of_phantoms(2);
    let mut bench = Bench::open(&[folder.path()]);
    bench.press(Key::Z);
    let view_transform = bench.state().view_transform;
    assert!(
        matches!(view_transform, ViewTransform::At { zoom, .. } if (zoom - 1.0).abs() < 1e-3),
        "{view_transform:?}"
    );
    bench.press(Key::ArrowRight);
    assert_eq!(bench.state().view_transform, view_transform);
    bench.press(Key::Num0);
    assert_eq!(bench.state().view_transform, ViewTransform::Fit);
}

#[test]
fn help_lists_every_action_and_escape_closes_it() {
    let mut bench = Bench::open(&[]);
    bench.press(Key::Questionmark);
    assert_eq!(bench.state().dialog, Dialog::Help);
    for action in Action::all() {
        assert!(
            bench.shows(action.label(Language::English).trim_end_matches('…')),
            "{} is not listed",
            action.label(Language::English)
        );
    }
    bench.press(Key::Escape);
    assert_eq!(bench.state().dialog, Dialog::None);
}

#[test]
fn about_says_research_use_only() {
    let mut bench = Bench::open(&[]);
    bench.press_with(Modifiers::COMMAND, Key::I);
    assert!(bench.shows_part("not a medical device"));
}

#[test]
fn tab_leaves_the_photo_alone_and_brings_everything_back() {
    let mut bench = Bench::open(&[]);
    bench.press_tab();
    assert!(bench.state().panels.canvas_only && !bench.shows("Overlay"));
    bench.press_tab();
    assert!(bench.shows("Overlay"));
}

#[test]
fn settings_are_remembered_for_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/settings.json");
    let mut bench = Bench::with_settings(&path);
    bench.press(Key::Num3);
    bench.press_with(Modifiers::COMMAND, Key::T);
    bench.send(Command::UseEngine(EngineChoice::Only(EngineKind::Rten)));
    let bench = bench.reopen();
    assert_eq!(bench.state().network.choice, EngineChoice::Only(EngineKind::Rten));
    assert_eq!(bench.state().overlay.view, OverlayView::Heat);
    assert_eq!(bench.state().theme, ThemeChoice::Light);
}

#[test]
fn saving_writes_the_mask_at_the_photos_size_and_never_onto_the_photo() {
    let folder = folder_of_phantoms(1);
    let photo = folder.path().join("photo1.png");
    let before = std::fs::read(&photo).unwrap();
    let mut bench = Bench::open(&[&photo]);
    let target = folder.path().join("out.png");
    bench.send(Command::SaveMaskTo(target.clone()));
    let saved = image::open(&target).unwrap().into_luma8();
    assert_eq!([saved.width(), saved.height()], bench.state().current.photo.as_ref().unwrap().size());
    let lesion = saved.pixels().filter(|pixel| pixel.0[0] == 255).count() as u64;
    assert_eq!(lesion, bench.state().current.derived.as_ref().unwrap().area_px);
    bench.send(Command::SaveMaskTo(photo.clone()));
    assert!(bench.notice().contains("never overwritten"));
    assert_eq!(std::fs::read(&photo).unwrap(), before);
    bench.send(Command::SaveOverlayTo(folder.path().join("no/such/folder.png")));
    assert!(bench.notice().contains("cannot write"), "{}", bench.notice());
}

#[test]
fn a_folder_of_thousands_asks_for_thumbnails_in_sight_only() {
    let folder = tempfile::tempdir().unwrap();
    for index in 0..3000 {
        std::fs::write(folder.path().join(format!("p{index}.jpg")), "x").unwrap();
    }
    let bench = Bench::open(&[folder.path()]);
    assert_eq!(bench.state().entries.len(), 3000);
    let shown = bench.harness.query_all_by_label_contains("p").filter(|node| node.rect().width() > 90.0).count();
    assert!(shown < 60, "{shown} rows were drawn");
}

#[test]
fn long_and_chinese_names_and_a_small_window_are_drawn() {
    let folder = tempfile::tempdir().unwrap();
    let name = format!("{} 皮肤镜.png", "very long name ".repeat(12));
    std::fs::copy(phantom("phantom2.jpg"), folder.path().join(&name)).unwrap();
    let mut bench = Bench::open(&[&folder.path().join(&name)]);
    bench.harness.set_size(vec2(1024.0, 600.0));
    bench.settle();
    assert_eq!(bench.name(), name);
}
