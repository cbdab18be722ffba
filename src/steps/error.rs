//! Why steps cannot be carried out as they were typed.

use std::ops::RangeInclusive;

use super::place::StepPlace;
use crate::language::Words;
use crate::{display_as_message, words};

/// What is wrong with a list of steps.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum StepsError {
    /// There is no step of that name.
    Unknown {
        /// The name.
        typed: String,
        /// Where it was to work.
        place: StepPlace,
    },
    /// The step works on the network's other side.
    WrongPlace {
        /// The step.
        step: &'static str,
        /// Where it works.
        place: StepPlace,
    },
    /// A step was named more than once.
    Twice {
        /// The step.
        step: &'static str,
    },
    /// A figure is none, lies outside its range, or is one too many.
    Figures {
        /// The step.
        step: &'static str,
        /// The step with its figures.
        typed: String,
        /// What they may be.
        ranges: &'static [RangeInclusive<u16>],
    },
    /// The step works on probabilities, and a step before it has made a mask of them.
    NotFirst {
        /// The step.
        step: &'static str,
    },
    /// The step does not work with a network that runs in tiles.
    InTiles {
        /// The step.
        step: &'static str,
    },
}

impl StepsError {
    /// The error in words.
    #[must_use]
    pub fn message(&self) -> Words {
        match self {
            Self::Unknown { typed, place } => {
                let known = place.keys().join(", ");
                match place {
                    StepPlace::Before => words!("steps-unknown-before", typed = typed.as_str(), known = known),
                    StepPlace::After => words!("steps-unknown-after", typed = typed.as_str(), known = known),
                }
            }
            Self::WrongPlace { step, place: StepPlace::Before } => words!("steps-only-before", step = *step),
            Self::WrongPlace { step, place: StepPlace::After } => words!("steps-only-after", step = *step),
            Self::Twice { step } => words!("steps-twice", step = *step),
            Self::Figures { step, typed, ranges: [] } => {
                words!("steps-no-figures", step = *step, typed = typed.as_str())
            }
            Self::Figures { step, typed, ranges } => {
                let form = ranges
                    .iter()
                    .fold((*step).to_owned(), |form, range| format!("{form}:{}–{}", range.start(), range.end()));
                words!("steps-figures", step = *step, typed = typed.as_str(), form = form)
            }
            Self::NotFirst { step } => words!("steps-not-first", step = *step),
            Self::InTiles { step } => words!("steps-in-tiles", step = *step),
        }
    }
}

display_as_message!(StepsError);
