//! Steps as they are typed: `clahe:2,nlm`. Each by its name, its figures behind colons, in the order of their work.

use std::fmt::{self, Display, Formatter};
use std::ops::Deref;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::error::StepsError;
use super::named::NamedStep;

/// Steps of one place, in the order of their work.
#[derive(Clone, Debug, PartialEq)]
pub struct StepList<S>(pub Vec<S>);

impl<S> Default for StepList<S> {
    fn default() -> Self {
        Self::NONE
    }
}

impl<S> StepList<S> {
    /// No steps.
    pub const NONE: Self = Self(Vec::new());

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<S: NamedStep> StepList<S> {
    /// The step of that name, where it is among them.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<S> {
        self.iter().copied().find(|step| step.key() == key)
    }
}

impl<S> Deref for StepList<S> {
    type Target = [S];

    fn deref(&self) -> &[S] {
        &self.0
    }
}

impl<S: NamedStep> FromStr for StepList<S> {
    type Err = StepsError;

    fn from_str(typed: &str) -> Result<Self, StepsError> {
        let mut steps: Vec<S> = Vec::new();
        for typed in typed.split(',') {
            let step = one::<S>(typed.trim())?;
            if steps.iter().any(|earlier| earlier.key() == step.key()) {
                return Err(StepsError::Twice { step: step.key() });
            }
            step.check_order(&steps)?;
            steps.push(step);
        }
        Ok(Self(steps))
    }
}

fn one<S: NamedStep>(typed: &str) -> Result<S, StepsError> {
    let mut parts = typed.split(':');
    let name = parts.next().unwrap_or_default();
    let Some(usual) = S::ALL.iter().copied().find(|step| step.key() == name) else {
        let found = S::PLACE.other().keys().iter().find(|key| **key == name);
        return Err(match found {
            Some(step) => StepsError::WrongPlace { step, place: S::PLACE.other() },
            None => StepsError::Unknown { typed: name.to_owned(), place: S::PLACE },
        });
    };
    let mut figures = usual.figures();
    let wrong = || StepsError::Figures { step: usual.key(), typed: typed.to_owned(), ranges: usual.ranges() };
    for (place, part) in parts.enumerate() {
        let range = usual.ranges().get(place).ok_or_else(wrong)?;
        figures[place] = part.parse().ok().filter(|figure| range.contains(figure)).ok_or_else(wrong)?;
    }
    Ok(usual.with(&figures))
}

impl<S: NamedStep> Display for StepList<S> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let typed: Vec<String> = self.iter().map(|step| step.typed()).collect();
        f.write_str(&typed.join(","))
    }
}

impl<S: NamedStep> Serialize for StepList<S> {
    fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, S: NamedStep> Deserialize<'de> for StepList<S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let typed = String::deserialize(deserializer)?;
        if typed.is_empty() { Ok(Self::NONE) } else { typed.parse().map_err(serde::de::Error::custom) }
    }
}
