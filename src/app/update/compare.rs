//! Comparing on one photo: two sides at one zoom.

use std::sync::Arc;

use eframe::egui::ColorImage;

use super::Update;
use super::effect::PictureChange;
use crate::app::command::change::CompareChange;
use crate::app::events::WindowEvent;
use crate::app::model::compare::{ComparedSide, ComparisonLayout, SideChoice};
use crate::app::model::notices::Severity;
use crate::app::model::state::State;
use crate::language::Words;
use crate::words;

/// How far a key moves the swipe's line.
const DIVIDER_STEP: f32 = 0.05;

impl Update<'_> {
    /// Carries out a change of comparing.
    pub(super) fn change_comparing(&mut self, change: CompareChange) {
        let comparing = &mut self.state.comparing;
        match change {
            CompareChange::Layout(layout) => {
                WindowEvent::Compared(layout).emit();
                comparing.layout = layout;
            }
            CompareChange::Choose(place, choice) => {
                if let Some(side) = comparing.sides.get_mut(place) {
                    *side = choice;
                    comparing.has_chosen_sides = true;
                }
            }
            CompareChange::Divider(share) => comparing.move_divider(share),
            CompareChange::Blink(seconds) => comparing.blink_seconds = seconds,
            CompareChange::Light(row) => comparing.table.lit = row,
            CompareChange::PointAtRow(row) => comparing.table.pointed = row,
            CompareChange::RunTable => self.run_table(),
            CompareChange::StopTable => self.stop_table(),
        }
    }

    pub(super) fn flip_sides(&mut self) {
        let comparing = &mut self.state.comparing;
        match comparing.layout {
            ComparisonLayout::Blink => comparing.shows_second = !comparing.shows_second,
            ComparisonLayout::SideBySide | ComparisonLayout::Swipe => comparing.sides.swap(0, 1),
        }
    }

    pub(super) fn step_divider(&mut self, steps: f32) {
        let comparing = &mut self.state.comparing;
        comparing.move_divider(comparing.divider + steps * DIVIDER_STEP);
    }

    pub(super) fn toggle_comparing(&mut self) {
        let comparing = &mut self.state.comparing;
        if comparing.is_on {
            comparing.is_on = false;
            comparing.results = [None, None];
            return;
        }
        if self.state.current.photo.is_none() {
            self.tell(Severity::Info, words!("compare-no-photo"));
            return;
        }
        comparing.is_on = true;
        self.state.measuring.ruler = None;
        if !self.state.comparing.has_chosen_sides {
            self.state.comparing.sides = first_sides(self.state);
        }
    }

    /// Both sides are made anew. What a side shows stays until its new result is there, unless it is about something else.
    pub fn begin_comparison(&mut self, keeps: [bool; 2]) {
        for (place, keeps) in keeps.into_iter().enumerate() {
            if !keeps {
                self.state.comparing.results[place] = None;
                self.effects.push(PictureChange::Side(place, None).into());
            }
        }
        if keeps != [true, true] {
            self.state.comparing.mutual_dice = None;
        }
    }

    pub(super) fn take_side(
        &mut self,
        place: usize,
        result: Result<(Arc<ComparedSide>, Option<ColorImage>), Words>,
    ) {
        let (side, layer) = match result {
            Ok((side, layer)) => {
                WindowEvent::Side { place, area_px: side.area_px }.emit();
                (Ok(side), layer.map(|picture| (self.state.overlay.view, picture)))
            }
            Err(error) => {
                WindowEvent::SideFailed { place, reason: &error }.emit();
                (Err(error), None)
            }
        };
        self.effects.push(PictureChange::Side(place, layer).into());
        self.state.comparing.results[place] = Some(side);
    }
}

/// What is worth comparing at first: the network in use, and the corrected mask, the reference, or else another network.
fn first_sides(state: &State) -> [SideChoice; 2] {
    let used = &state.network.model.card.name;
    let other = state.network.comparable().map(|model| &model.card.name).find(|name| *name != used);
    let second = match (state.has_reference(), other) {
        _ if state.current.edited.is_some() => SideChoice::Corrected,
        (true, _) => SideChoice::Reference,
        (false, Some(name)) => SideChoice::Model(name.clone()),
        (false, None) => SideChoice::Photo,
    };
    match second {
        SideChoice::Photo => [SideChoice::Photo, SideChoice::Model(used.clone())],
        second => [SideChoice::Model(used.clone()), second],
    }
}
