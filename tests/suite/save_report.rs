//! 'Save report…' in the window: a page on what is shown, read back by poppler.

use crate::common_window::{Bench, folder_of_phantoms, phantom};
use crate::report_pdf::text_of;
use dermaloupe::app::command::Command;
use dermaloupe::app::command::action::Action;
use dermaloupe::app::command::change::CorrectionChange;
use dermaloupe::app::command::change::MeasureChange;
use dermaloupe::app::command::change::ReportChange;
use dermaloupe::app::command::change::ReviewChange;
use dermaloupe::app::model::state::Dialog;
use dermaloupe::language::Language;
use dermaloupe::measure::shown_figure::ShownFigure;
use dermaloupe::records::Scale;
use egui::Key;

/// The number that stands after a row's name.
fn figure(text: &str, name: &str) -> f64 {
    let line = text.lines().find(|line| line.contains(name)).unwrap_or_else(|| panic!("no {name} in\n{text}"));
    let rest = line.split_once(name).expect("it is there").1;
    let word = rest.split_whitespace().next().unwrap_or_default();
    word.parse().unwrap_or_else(|error| panic!("{name}: {word} ({error})"))
}

#[test]
fn the_page_is_about_the_mask_that_is_shown_with_review_and_scale() {
    let folder = folder_of_phantoms(1);
    let reference = folder.path().join("photo1_segmentation.png");
    std::fs::copy(phantom("phantom2_segmentation.png"), &reference).unwrap();
    let mut bench = Bench::open(&[&folder.path().join("photo1.png")]);
    bench.send(Command::Review(ReviewChange::Note("Look again in spring".into())));
    bench.send(Command::SetThreshold(0.7));
    let out = folder.path().join("network.pdf");
    bench.send(Command::SaveReportTo(out.clone()));
    assert!(bench.notice().contains("network.pdf"), "{}", bench.notice());
    let text = text_of(&out);
    for words in ["photo1.png", "Network's outline", "threshold 0.70", "Look again in spring", "px²", "Dice"] {
        assert!(text.contains(words), "{words} is not in\n{text}");
    }
    let counts = bench.state().current.derived.as_ref().unwrap().agreement.unwrap();
    assert!((figure(&text, "Dice") - counts.dice()).abs() < 0.0006);

    bench.press(Key::E);
    bench.press(Key::G);
    bench.press(Key::E);
    bench.send(Action::Calibrate.into());
    for change in [
        MeasureChange::Line([[100.0, 100.0], [300.0, 100.0]]),
        MeasureChange::Length("2 mm".into()),
        MeasureChange::UseLength,
    ] {
        bench.send(Command::Measure(change));
    }
    let out = folder.path().join("corrected.pdf");
    bench.send(Command::SaveReportTo(out.clone()));
    let text = text_of(&out);
    for words in ["Corrected outline", "One step", "0.0100 mm per pixel", "by a ruler", "mm²"] {
        assert!(text.contains(words), "{words} is not in\n{text}");
    }
    let area_px = bench.state().current.measured.as_ref().unwrap().shape.as_ref().unwrap().area_px;
    let area = ShownFigure::area(area_px, bench.state().scale().map(Scale::pixel));
    assert!(area.uncertainty.is_some() && text.contains(&area.words()), "{area:?}\n{text}");

    bench.send(Command::Correct(CorrectionChange::UseEdited(false)));
    let out = folder.path().join("again.pdf");
    bench.send(Command::SaveReportTo(out.clone()));
    assert!(text_of(&out).contains("Network's outline"), "the network's is shown again");
}

#[test]
fn the_page_speaks_the_windows_language() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::open_with(|options| options.language = Some(Language::SimplifiedChinese));
    let out = folder.path().join("报告.pdf");
    bench.send(Command::SaveReportTo(out.clone()));
    let text = text_of(&out);
    for words in ["模型勾画的轮廓", "面积", "仅供研究使用"] {
        assert!(text.contains(words), "{words} is not in\n{text}");
    }
    assert!(!text.contains("Sample"), "the sample has its Chinese name\n{text}");
    bench.send(Action::ToggleLanguage.into());
    bench.send(Command::SaveReportTo(out.clone()));
    assert!(text_of(&out).contains("Network's outline"));
}

#[test]
fn no_photograph_and_no_reference_is_written_over_and_a_failure_is_told() {
    let folder = folder_of_phantoms(2);
    let [photo, other] = ["photo1.png", "photo2.png"].map(|name| folder.path().join(name));
    let mask = folder.path().join("photo1_segmentation.png");
    std::fs::copy(phantom("phantom2_segmentation.png"), &mask).unwrap();
    let before = [&photo, &other, &mask].map(|path| std::fs::read(path).unwrap());
    let mut bench = Bench::open(&[folder.path()]);
    for path in [&photo, &other, &folder.path().join("./photo1.png")] {
        bench.send(Command::SaveReportTo(path.clone()));
        assert!(bench.notice().contains("photograph is never overwritten"), "{}", bench.notice());
    }
    bench.send(Command::SaveMaskTo(mask.clone()));
    assert!(bench.notice().contains("reference mask is never overwritten"), "{}", bench.notice());
    assert_eq!([&photo, &other, &mask].map(|path| std::fs::read(path).unwrap()), before);
    bench.send(Command::SaveReportTo(folder.path().join("no/such/r.pdf")));
    assert!(bench.notice().contains("cannot write"), "{}", bench.notice());
    bench.send(Command::SaveReportTo(folder.path().join("r.pdf")));
    assert!(folder.path().join("r.pdf").is_file(), "the next one is written");
}

#[test]
fn the_menu_has_it() {
    let mut bench = Bench::open(&[]);
    bench.click_role_button("Save");
    assert!(bench.shows_part("Save report…"));
}

#[test]
fn case_and_patient_are_printed_and_are_gone_with_the_photograph() {
    let folder = folder_of_phantoms(3);
    let mut bench = Bench::open(&[folder.path()]);
    bench.send(Action::SaveReport.into());
    assert_eq!(bench.state().dialog, Dialog::Report);
    for change in [ReportChange::Case("2026-0117".into()), ReportChange::Patient("王小明, born 1961".into())] {
        bench.send(Command::Report(change));
    }
    assert!(bench.shows_part("kept nowhere else"));
    bench.press(Key::Escape);
    assert_eq!(bench.state().dialog, Dialog::None);
    let out = folder.path().join("r.pdf");
    bench.send(Command::SaveReportTo(out.clone()));
    let text = text_of(&out);
    for words in ["Case", "2026-0117", "Patient", "王小明, born 1961"] {
        assert!(text.contains(words), "{words} is not in\n{text}");
    }
    for name in ["records.json", "audit.jsonl"] {
        let kept = std::fs::read_to_string(folder.path().join(".dermaloupe").join(name)).unwrap_or_default();
        assert!(!kept.contains("2026-0117"), "{kept}");
    }
    bench.press(Key::ArrowRight);
    bench.send(Command::SaveReportTo(out.clone()));
    let text = text_of(&out);
    assert!(text.contains("photo2.png") && !text.contains("2026-0117") && !text.contains("王小明"), "{text}");
    bench.send(Action::SaveReport.into());
    assert_eq!(bench.state().report_fields.case, "");
}
