//! Comparing on one photo: two sides at one zoom.

use std::sync::Arc;

use eframe::egui;
use serde::{Deserialize, Serialize};

use super::Window;
use super::agreement_table::Table;
use super::command::{Action, OverlayView};
use super::looker::{CompareJob, SideJob};
use super::notices::Weight;
use super::settings::Settings;
use super::state::{Derived, Dialog, Phase, Reference, State};
use super::worker::NetworkJob;
use crate::geometry::contour::Outline;
use crate::inference::Model;
use crate::language::Words;
use crate::mask::Mask;
use crate::measure::agreement::Confusion;
use crate::photo::Photo;
use crate::words;

/// How both sides lie on the canvas.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// Beside each other.
    #[default]
    SideBySide,
    /// Over each other, parted by a line that is moved.
    Swipe,
    /// Over each other, in turn.
    Blink,
}

impl Layout {
    /// All layouts, in the order of their buttons.
    pub const ALL: [Self; 3] = [Self::SideBySide, Self::Swipe, Self::Blink];
}

/// What a side shows over the photo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Choice {
    /// The bare photo.
    Photo,
    /// What the network of this name says.
    Model(String),
    /// The reference mask.
    Reference,
    /// The mask that was corrected by hand.
    Corrected,
}

/// What is known of a side once it is there.
#[derive(Clone, Debug)]
pub struct Side {
    /// Lines around the lesion.
    pub outlines: Vec<Outline>,
    /// Lesion pixels.
    pub area_px: u64,
    /// Probability from which a pixel counts, where the side is a network's.
    pub threshold: Option<f32>,
    /// Against the reference, where there is one and the side is not it.
    pub agreement: Option<Confusion>,
}

/// Everything about comparing.
#[derive(Clone, Debug)]
pub struct Comparing {
    /// Both sides are on the canvas.
    pub is_on: bool,
    /// How they lie there.
    pub layout: Layout,
    /// What each side shows.
    pub sides: [Choice; 2],
    /// The person chose that, now or before; it is remembered. Without a choice each photo has what is worth comparing.
    pub has_chosen_sides: bool,
    /// What is known of each side.
    pub answers: [Option<Result<Arc<Side>, Words>>; 2],
    /// Dice between both sides.
    pub mutual_dice: Option<f64>,
    /// Where the swipe's line stands, as a share of the canvas's width.
    pub divider: f32,
    /// Seconds that a side is shown while blinking; none is by key alone.
    pub blink_seconds: Option<f32>,
    /// Blinking shows the second side (when by key), or begins with it.
    pub shows_second: bool,
    /// The table of all networks.
    pub table: Table,
    /// The question that the answers belong to.
    pub token: u64,
    asked: Option<Asked>,
}

/// Paces of blinking, in seconds that a side is shown; none is by key alone. From one change in half a second on, well
/// below what could harm.
pub const BLINK_PACES: [Option<f32>; 4] = [Some(0.5), Some(1.0), Some(2.0), None];

/// The pace that blinking has until another is chosen.
pub const BLINK_PACE: Option<f32> = Some(1.0);

impl Default for Comparing {
    fn default() -> Self {
        Self {
            is_on: false,
            layout: Layout::default(),
            sides: [Choice::Photo, Choice::Photo],
            has_chosen_sides: false,
            answers: [None, None],
            mutual_dice: None,
            divider: 0.5,
            blink_seconds: BLINK_PACE,
            shows_second: false,
            table: Table::default(),
            token: 0,
            asked: None,
        }
    }
}

impl Comparing {
    /// As it was left. Sides with a network that is gone are forgotten.
    #[must_use]
    pub fn remembered(settings: &Settings, models: &[Arc<Model>]) -> Self {
        let is_known = |choice: &Choice| match choice {
            Choice::Model(name) => models.iter().any(|model| model.card.name == *name),
            Choice::Photo | Choice::Reference | Choice::Corrected => true,
        };
        let sides = settings.compare_sides.clone().filter(|sides| sides.iter().all(is_known));
        let has_chosen_sides = sides.is_some();
        let sides = sides.unwrap_or([Choice::Photo, Choice::Photo]);
        let (layout, blink_seconds) = (settings.compare_layout, settings.blink_seconds);
        Self { layout, blink_seconds, sides, has_chosen_sides, ..Self::default() }
    }

    /// What the sides show, where the person chose it.
    #[must_use]
    pub fn chosen_sides(&self) -> Option<[Choice; 2]> {
        self.has_chosen_sides.then(|| self.sides.clone())
    }

    /// The line never leaves the canvas, where no hand could take it.
    fn move_divider(&mut self, share: f32) {
        self.divider = share.clamp(0.02, 0.98);
    }
}

/// What the answers were made of: whether any of it has changed tells whether to ask again.
#[derive(Clone, Debug)]
struct Asked {
    photo: Arc<Photo>,
    derived: Option<Arc<Derived>>,
    reference: Option<Arc<Reference>>,
    edited: Option<Arc<Mask>>,
    sides: [Choice; 2],
    view: OverlayView,
    network_failure: Option<Words>,
}

impl Asked {
    fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.photo, &other.photo)
            && is_one(self.reference.as_ref(), other.reference.as_ref())
            && is_one(self.derived.as_ref(), other.derived.as_ref())
            && is_one(self.edited.as_ref(), other.edited.as_ref())
            && self.sides == other.sides
            && self.view == other.view
            && self.network_failure == other.network_failure
    }
}

/// Whether both are the same one, or none.
fn is_one<T>(one: Option<&Arc<T>>, other: Option<&Arc<T>>) -> bool {
    one.map(Arc::as_ptr) == other.map(Arc::as_ptr)
}

/// A change with a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Both sides lie so.
    Layout(Layout),
    /// The side at this place (0 or 1) shows this.
    Choose(usize, Choice),
    /// The swipe's line stands here, as a share of the canvas's width.
    Divider(f32),
    /// Seconds that a side is shown while blinking; none is by key alone.
    Blink(Option<f32>),
    /// Draw this row's outline on the photo, or none.
    Light(Option<usize>),
    /// Run all networks for the table.
    RunTable,
    /// Stop running them; what is there stays.
    StopTable,
}

/// How far a key moves the swipe's line.
const DIVIDER_STEP: f32 = 0.05;

impl Window {
    /// Carries out a change of comparing.
    pub(super) fn change_comparing(&mut self, change: Change) {
        let comparing = &mut self.state.comparing;
        match change {
            Change::Layout(layout) => {
                log::info!("compared: {layout:?}");
                comparing.layout = layout;
            }
            Change::Choose(place, choice) => {
                if let Some(side) = comparing.sides.get_mut(place) {
                    *side = choice;
                    comparing.has_chosen_sides = true;
                }
            }
            Change::Divider(share) => comparing.move_divider(share),
            Change::Blink(seconds) => comparing.blink_seconds = seconds,
            Change::Light(row) => comparing.table.lit = row,
            Change::RunTable => self.run_table(),
            Change::StopTable => self.stop_table(),
        }
    }

    /// Carries out an action of comparing; whether it was one.
    pub(super) fn perform_comparing(&mut self, ctx: &egui::Context, action: Action) -> bool {
        let is_bare = self.state.dialog == Dialog::None;
        let comparing = &mut self.state.comparing;
        match action {
            Action::Compare if self.state.current.photo.is_none() => {
                self.tell(ctx, Weight::Info, words!("compare-no-photo"));
            }
            Action::Compare => self.toggle_comparing(),
            Action::FlipSides if comparing.layout == Layout::Blink => {
                comparing.shows_second = !comparing.shows_second;
            }
            Action::FlipSides => comparing.sides.swap(0, 1),
            Action::DividerLeft => comparing.move_divider(comparing.divider - DIVIDER_STEP),
            Action::DividerRight => comparing.move_divider(comparing.divider + DIVIDER_STEP),
            Action::ToggleTable => self.toggle_table(),
            Action::Dismiss if is_bare && comparing.table.is_open => self.toggle_table(),
            Action::Dismiss if is_bare && comparing.is_on => self.toggle_comparing(),
            _ => return false,
        }
        true
    }

    fn toggle_comparing(&mut self) {
        let comparing = &mut self.state.comparing;
        comparing.is_on = !comparing.is_on;
        if !comparing.is_on {
            comparing.asked = None;
            comparing.answers = [None, None];
            return;
        }
        self.state.measuring.ruler = None;
        if !self.state.comparing.has_chosen_sides {
            self.state.comparing.sides = first_sides(&self.state);
        }
    }

    /// Has both sides made, when what they are made of has changed.
    pub(super) fn ask_for_comparison(&mut self) {
        let State { current, comparing, overlay, .. } = &self.state;
        let Some(photo) = current.photo.clone().filter(|_| comparing.is_on) else { return };
        let network_failure = match &current.phase {
            Phase::NetworkFailed(words) => Some(words.clone()),
            _ => None,
        };
        let asked = Asked {
            photo: Arc::clone(&photo),
            derived: current.derived.clone(),
            reference: current.reference.clone(),
            edited: current.edited.as_ref().map(|edited| Arc::clone(&edited.mask)),
            sides: comparing.sides.clone(),
            view: overlay.view,
            network_failure,
        };
        if comparing.asked.as_ref().is_some_and(|before| before.is_same(&asked)) {
            return;
        }
        let sides = [0, 1].map(|place| self.side_job(&comparing.sides[place]));
        let reference = current.reference.clone();
        let view = overlay.view;
        // What a side shows stays until its new answer is there, unless it is about something else.
        let before = comparing.asked.as_ref();
        let keeps = [0, 1].map(|place| {
            before.is_some_and(|b| Arc::ptr_eq(&b.photo, &photo) && b.sides[place] == comparing.sides[place])
        });
        let comparing = &mut self.state.comparing;
        for (place, keeps) in keeps.into_iter().enumerate() {
            if !keeps {
                comparing.answers[place] = None;
                self.textures.set_side(place, None);
            }
        }
        if keeps != [true, true] {
            comparing.mutual_dice = None;
        }
        comparing.asked = Some(asked);
        comparing.token += 1;
        self.looker.compare(CompareJob { token: comparing.token, photo, sides, reference, view });
    }

    fn side_job(&self, choice: &Choice) -> SideJob {
        let State { current, network, .. } = &self.state;
        match choice {
            Choice::Photo => SideJob::Photo,
            Choice::Reference => current.reference.clone().map_or(SideJob::Waiting, SideJob::Reference),
            Choice::Corrected => match &current.edited {
                Some(edited) => SideJob::Corrected(Arc::clone(&edited.mask)),
                None => SideJob::Waiting,
            },
            Choice::Model(name) if *name == network.model.card.name => {
                match (&current.segmentation, &current.derived, &current.phase) {
                    (_, _, Phase::NetworkFailed(words)) => SideJob::Failed(words.clone()),
                    (Some(segmentation), Some(derived), _) => {
                        SideJob::Shown { segmentation: Arc::clone(segmentation), threshold: derived.threshold }
                    }
                    _ => SideJob::Waiting,
                }
            }
            Choice::Model(name) => match network.models.iter().find(|model| model.card.name == *name) {
                Some(model) => SideJob::Model(NetworkJob { model: Arc::clone(model), choice: network.choice }),
                None => SideJob::Failed(words!("compare-no-model", name = name.as_str())),
            },
        }
    }

    /// Takes a side's answer; one to an older question is dropped.
    pub(super) fn take_side(
        &mut self,
        ctx: &egui::Context,
        token: u64,
        place: usize,
        answer: Result<(Arc<Side>, Option<egui::ColorImage>), Words>,
    ) {
        if token != self.state.comparing.token {
            return;
        }
        let answer = answer.map(|(side, layer)| {
            log::info!("side {place}: {} px", side.area_px);
            self.textures.set_side(place, layer.map(|picture| (ctx, self.state.overlay.view, picture)));
            side
        });
        if let Err(error) = &answer {
            log::info!("side {place} failed: {error}");
            self.textures.set_side(place, None);
        }
        self.state.comparing.answers[place] = Some(answer);
    }
}

/// What is worth comparing at first: the network in use, and the corrected mask, the reference, or else another network.
fn first_sides(state: &State) -> [Choice; 2] {
    let used = &state.network.model.card.name;
    let other = state.network.models.iter().map(|model| &model.card.name).find(|name| *name != used);
    let second = match (state.has_reference(), other) {
        _ if state.current.edited.is_some() => Choice::Corrected,
        (true, _) => Choice::Reference,
        (false, Some(name)) => Choice::Model(name.clone()),
        (false, None) => Choice::Photo,
    };
    match second {
        Choice::Photo => [Choice::Photo, Choice::Model(used.clone())],
        second => [Choice::Model(used.clone()), second],
    }
}
