//! What somebody does with the window: actions, strokes, decisions, lengths, comparisons, results saved.

use std::path::{Path, PathBuf};

use dermaloupe::app::command::Command;
use dermaloupe::app::command::action::Action;
use dermaloupe::app::command::change::{
    CompareChange, CorrectionChange, DisplayChange, MeasureChange, ReportChange, ReviewChange, SettingsChange,
};
use dermaloupe::app::model::compare::{ComparisonLayout, SideChoice};
use dermaloupe::app::model::editing::StrokeStep;
use dermaloupe::app::model::list_order::ListOrder;
use dermaloupe::app::model::review::ReviewFilter;
use dermaloupe::app::model::state::State;
use dermaloupe::correction::Mode;
use dermaloupe::display::Tone;
use dermaloupe::inference::EngineChoice;
use dermaloupe::records::ReviewState;
use strum::VariantArray as _;

use super::Dice;

/// They ask the system for a window of its own, or end the program.
const LEFT_OUT: [Action; 8] = [
    Action::OpenPhotos,
    Action::OpenFolder,
    Action::OpenReference,
    Action::SaveMask,
    Action::SaveOverlay,
    Action::SaveReport,
    Action::ShowInFolder,
    Action::Quit,
];

const LENGTHS: [&str; 6] = ["10 mm", "1 cm", "0", "-3 mm", "ten", "1e30 mm"];

pub(super) struct Player {
    out: PathBuf,
    photos: PathBuf,
    saved: usize,
}

impl Player {
    pub(super) fn new(out: &Path, photos: &Path) -> Self {
        Self { out: out.to_owned(), photos: photos.to_owned(), saved: 0 }
    }

    /// What comes next, in one go.
    pub(super) fn next(&mut self, dice: &mut Dice, state: &State) -> Vec<Command> {
        match dice.below(20) {
            0..=4 => vec![action(dice)],
            5..=7 => stroke(dice),
            8..=9 => vec![Command::Select(dice.below(state.entries.len().max(1)))],
            10..=11 => vec![review(dice)],
            12 => measure(dice),
            13 => vec![compare(dice, state)],
            14 => vec![line(dice)],
            15 => vec![self.save(dice)],
            16 => vec![network(dice, state)],
            17 => vec![Command::SetThreshold(dice.share()), Command::SetOpacity(dice.share())],
            18 => vec![display(dice)],
            _ => vec![self.other(dice)],
        }
    }

    fn save(&mut self, dice: &mut Dice) -> Command {
        self.saved += 1;
        // A few names, so that the disk stays small, and a folder that is not there.
        let folder = if dice.below(8) == 0 { self.out.join("missing") } else { self.out.clone() };
        let name = |ending: &str| folder.join(format!("{}.{ending}", self.saved % 7));
        match dice.below(3) {
            0 => Command::SaveMaskTo(name("png")),
            1 => Command::SaveOverlayTo(name("png")),
            _ => Command::SaveReportTo(name("pdf")),
        }
    }

    fn other(&self, dice: &mut Dice) -> Command {
        match dice.below(6) {
            0 => Command::Open(vec![self.photos.clone()]),
            1 => Command::Open(vec![self.photos.join("3.png"), self.photos.join("missing.png")]),
            2 => Command::UseReference(self.photos.join("0.png")),
            3 => Command::Settings(SettingsChange::Theme(
                *dice.of(&[dermaloupe::startup::ThemeChoice::Dark, dermaloupe::startup::ThemeChoice::Light]),
            )),
            4 => Command::Report(ReportChange::Case("A 12".into())),
            _ => Command::CloseStrip,
        }
    }
}

fn action(dice: &mut Dice) -> Command {
    let action = *dice.of(Action::VARIANTS);
    // All networks on one photograph take long, and a look at each photograph eight times too.
    let is_rare = matches!(action, Action::ToggleCareful | Action::ToggleTable | Action::LookThrough);
    if LEFT_OUT.contains(&action) || is_rare && dice.below(10) > 0 { Action::Next.into() } else { action.into() }
}

/// A point of the photograph, or beside it.
fn point(dice: &mut Dice) -> [f32; 2] {
    [340.0 * dice.share() - 10.0, 260.0 * dice.share() - 10.0]
}

fn mode(dice: &mut Dice) -> Mode {
    if dice.below(3) == 0 { Mode::Erase } else { Mode::Paint }
}

fn stroke(dice: &mut Dice) -> Vec<Command> {
    let (mode, radius_px, at) = (mode(dice), 1.0 + 30.0 * dice.share(), point(dice));
    let mut steps = vec![StrokeStep::Begin { mode, radius_px, at }];
    for _ in 0..dice.below(4) {
        steps.push(StrokeStep::Along((0..1 + dice.below(6)).map(|_| point(dice)).collect()));
    }
    // Now and then it stays open, or is given up.
    match dice.below(8) {
        0 => {}
        1 => steps.push(StrokeStep::Cancel),
        _ => steps.push(StrokeStep::End),
    }
    let begin = (dice.below(2) == 0).then(|| Action::ToggleCorrection.into());
    begin.into_iter().chain(steps.into_iter().map(Command::from)).collect()
}

fn line(dice: &mut Dice) -> Command {
    match dice.below(6) {
        0..=2 => CorrectionChange::Point(point(dice)),
        3 => CorrectionChange::CloseLine(mode(dice)),
        4 => CorrectionChange::BrushSize(1.0 + 80.0 * dice.share()),
        _ => CorrectionChange::Restore(dice.below(2) == 0),
    }
    .into()
}

fn review(dice: &mut Dice) -> Command {
    Command::Review(match dice.below(12) {
        0..=5 => ReviewChange::Decide(*dice.of(ReviewState::VARIANTS)),
        6 => ReviewChange::Note(format!("note {}", dice.below(1000))),
        7 => ReviewChange::SaveNote,
        8 => ReviewChange::Reviewer((*dice.of(&["", "A. B.", "李"])).to_owned()),
        9 => ReviewChange::Filter(*dice.of(&[ReviewFilter::All, ReviewFilter::Only(ReviewState::Accepted)])),
        10 => ReviewChange::Order(*dice.of(ListOrder::VARIANTS)),
        _ => ReviewChange::Retry,
    })
}

fn measure(dice: &mut Dice) -> Vec<Command> {
    let place = |dice: &mut Dice| point(dice).map(f64::from);
    let (from, to) = (place(dice), place(dice));
    let length = MeasureChange::Length((*dice.of(&LENGTHS)).to_owned());
    let all = [
        MeasureChange::BeginLine(from),
        MeasureChange::Line([from, to]),
        MeasureChange::EndLine,
        MeasureChange::ForFolder(dice.below(2) == 0),
        length,
        MeasureChange::UseLength,
    ];
    let calibrate =
        std::iter::once(Action::Calibrate.into()).chain(all.into_iter().map(Command::Measure)).collect();
    match dice.below(4) {
        0 => vec![Command::Measure(MeasureChange::RemoveScale)],
        1 => vec![Command::Measure(MeasureChange::SaveAgain)],
        _ => calibrate,
    }
}

fn compare(dice: &mut Dice, state: &State) -> Command {
    let side = match dice.below(4) {
        0 => SideChoice::Photo,
        1 => SideChoice::Reference,
        2 => SideChoice::Corrected,
        _ => SideChoice::Model(name_of_network(dice, state)),
    };
    Command::Compare(match dice.below(6) {
        0 | 1 => CompareChange::Choose(dice.below(2), side),
        2 => CompareChange::Layout(*dice.of(&[ComparisonLayout::SideBySide, ComparisonLayout::Swipe])),
        3 => CompareChange::Divider(dice.share()),
        4 => CompareChange::StopTable,
        _ => CompareChange::Light(None),
    })
}

fn name_of_network(dice: &mut Dice, state: &State) -> String {
    let names: Vec<String> = state.network.models.iter().map(|model| model.card.name.clone()).collect();
    match dice.below(10) {
        0 => "broken".to_owned(),
        _ if names.is_empty() => "malunet".to_owned(),
        _ => dice.of(&names).clone(),
    }
}

fn network(dice: &mut Dice, state: &State) -> Command {
    match dice.below(5) {
        0 => Command::UseEngine(EngineChoice::Auto),
        1 => Command::UseSteps("clahe".parse().map_or_else(
            |_| Default::default(),
            |before| dermaloupe::steps::ImageSteps { before, ..Default::default() },
        )),
        2 => Command::UseSteps(Default::default()),
        _ => Command::UseModel(name_of_network(dice, state)),
    }
}

fn display(dice: &mut Dice) -> Command {
    let tone = Tone { brightness: dice.share() - 0.5, contrast: dice.share() - 0.5, gamma: 0.5 + dice.share() };
    Command::Display(if dice.below(2) == 0 {
        DisplayChange::Tone(tone)
    } else {
        DisplayChange::Keep(dice.below(2) == 0)
    })
}
