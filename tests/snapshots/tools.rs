//! What a person does with a result: compare, correct, measure, decide.

use dermaloupe::app::Window;
use dermaloupe::app::command::Command;
use dermaloupe::app::command::action::Action;
use dermaloupe::app::command::change::{CompareChange, CorrectionChange, MeasureChange, ReviewChange, ViewChange};
use dermaloupe::app::model::compare::ComparisonLayout;
use dermaloupe::app::model::editing::StrokeStep;
use dermaloupe::app::model::sections::PanelSection;
use dermaloupe::correction::Mode;
use dermaloupe::records::ReviewState;
use eframe::egui::Vec2;

use crate::photos;
use crate::sheet::check_window;
use crate::stage::{SMALL, Stage, USUAL};

fn stage(size: Vec2, name: &str) -> Stage<Window> {
    Stage::with_photos(size, &[photos::three(name)])
}

#[test]
fn comparison() {
    for (size, end) in [(USUAL, ""), (SMALL, "-small")] {
        let mut side_by_side = stage(size, &format!("compare{end}"));
        side_by_side.send(Action::Compare);
        check_window(&format!("compare{end}"), side_by_side);
    }
    let mut swipe = stage(USUAL, "compare-swipe");
    swipe.send(Action::Compare);
    swipe.send(Command::Compare(CompareChange::Layout(ComparisonLayout::Swipe)));
    check_window("compare-swipe", swipe);
}

#[test]
fn agreement_table() {
    let name = "agreement-table";
    let folder = photos::three(name);
    let models = photos::folder("agreement-table-models");
    photos::add_network(&models, "strict", 0.9, false);
    photos::add_network(&models, "broken", 0.5, true);
    for (size, end) in [(USUAL, ""), (SMALL, "-small")] {
        let mut stage = Stage::window(size, |options| {
            options.paths = vec![folder.clone()];
            options.models = Some(models.clone());
        });
        stage.send(Action::ToggleTable);
        stage.send(Command::Compare(CompareChange::RunTable));
        check_window(&format!("{name}{end}"), stage);
    }
}

#[test]
fn correction() {
    for (size, end) in [(USUAL, ""), (SMALL, "-small")] {
        let mut stage = stage(size, &format!("correction{end}"));
        stage.send(Action::ToggleCorrection);
        for step in [
            StrokeStep::Begin { mode: Mode::Paint, radius_px: 40.0, at: [200.0, 200.0] },
            StrokeStep::Along(vec![[300.0, 220.0], [380.0, 300.0]]),
            StrokeStep::End,
        ] {
            stage.send(Command::Correct(CorrectionChange::Stroke(step)));
        }
        check_window(&format!("correction{end}"), stage);
    }
}

#[test]
fn polygon() {
    let mut stage = stage(USUAL, "polygon");
    stage.send(Action::ToggleCorrection);
    stage.send(Action::UsePolygon);
    for point in [[200.0, 200.0], [420.0, 180.0], [460.0, 380.0]] {
        stage.send(Command::Correct(CorrectionChange::Point(point)));
    }
    check_window("polygon", stage);
}

#[test]
fn ruler_card() {
    for (size, end) in [(USUAL, ""), (SMALL, "-small")] {
        let mut stage = stage(size, &format!("ruler{end}"));
        stage.send(Action::Calibrate);
        stage.send(Command::Measure(MeasureChange::Line([[100.0, 700.0], [600.0, 700.0]])));
        stage.send(Command::Measure(MeasureChange::Length("10 mm".into())));
        check_window(&format!("ruler{end}"), stage);
    }
}

#[test]
fn measures_in_millimetres_and_abcd() {
    for (size, end) in [(USUAL, ""), (SMALL, "-small")] {
        let mut stage = stage(size, &format!("abcd{end}"));
        stage.send(Action::Calibrate);
        stage.send(Command::Measure(MeasureChange::Line([[100.0, 700.0], [600.0, 700.0]])));
        stage.send(Command::Measure(MeasureChange::Length("10 mm".into())));
        stage.send(Command::Measure(MeasureChange::UseLength));
        stage.send(Action::ToggleDiameters);
        stage.send(Action::ToggleAbcd);
        check_window(&format!("abcd{end}"), stage);
    }
}

#[test]
fn review() {
    for (size, end) in [(USUAL, ""), (SMALL, "-small")] {
        let mut stage = stage(size, &format!("review{end}"));
        stage.send(Command::Review(ReviewChange::Reviewer("Dr Li Wei".into())));
        stage.send(Command::Review(ReviewChange::Decide(ReviewState::Unsure)));
        let note = "The outline leaves out the paler part at the left; look again at the next visit.";
        stage.send(Command::Review(ReviewChange::Note(note.into())));
        stage.send(Command::Review(ReviewChange::SaveNote));
        check_window(&format!("review{end}"), stage);
    }
}

#[test]
fn sections_that_are_folded_at_first() {
    for (section, name) in [(PanelSection::Display, "display"), (PanelSection::Steps, "steps")] {
        let mut stage = stage(USUAL, name);
        for folded in [PanelSection::Review, PanelSection::Overlay, PanelSection::Agreement, PanelSection::Lesion] {
            stage.send(Command::View(ViewChange::Section(folded, false)));
        }
        stage.send(Command::View(ViewChange::Section(section, true)));
        check_window(name, stage);
    }
}

#[test]
fn vessels() {
    for (size, name) in [(USUAL, "vessels"), (SMALL, "vessels-small")] {
        let mut stage = Stage::window(size, |_| {});
        stage.send(Action::OpenFundusSample);
        check_window(name, stage);
    }
}
