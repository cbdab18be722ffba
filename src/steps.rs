//! Steps before and after the network: named, in the order that they are typed in, and none unless a person asks for it.
//!
//! Before the network they change the colours that it is given, and nothing else: the photograph is shown and measured as
//! it is. After it they change the mask; the probability map stays the network's own.

mod after;
mod before;
mod error;
mod list;
mod named;
mod place;

use serde::{Deserialize, Serialize};

pub use self::after::AfterStep;
pub use self::before::BeforeStep;
pub use self::error::StepsError;
pub use self::list::StepList;
pub use self::named::NamedStep;
pub use self::place::StepPlace;

/// The steps of a run, each in its place.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImageSteps {
    /// Before the network.
    #[serde(skip_serializing_if = "StepList::is_empty")]
    pub before: StepList<BeforeStep>,
    /// After it.
    #[serde(skip_serializing_if = "StepList::is_empty")]
    pub after: StepList<AfterStep>,
}

/// No steps.
static NONE: ImageSteps = ImageSteps { before: StepList::NONE, after: StepList::NONE };

impl Default for &ImageSteps {
    fn default() -> Self {
        &NONE
    }
}

impl ImageSteps {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.before.is_empty() && self.after.is_empty()
    }

    /// As they are typed, behind other facts of a run: `, before clahe:2, after largest`; empty where there are none.
    #[must_use]
    pub fn said(&self) -> String {
        let (before, after) = (self.before.to_string(), self.after.to_string());
        let said = [("before", before), ("after", after)].into_iter().filter(|(_, steps)| !steps.is_empty());
        said.map(|(place, steps)| format!(", {place} {steps}")).collect()
    }

    /// Checks that all of them work with a network that runs over the photograph in tiles, where `is_tiled`.
    ///
    /// # Errors
    /// [`StepsError::InTiles`] for the first that sees a small copy of the photograph alone.
    pub fn check_tiles(&self, is_tiled: bool) -> Result<(), StepsError> {
        let before = self.before.iter().filter(|step| !step.works_in_tiles()).map(|step| step.key());
        let after = self.after.iter().filter(|step| !step.works_in_tiles()).map(|step| step.key());
        match before.chain(after).next() {
            Some(step) if is_tiled => Err(StepsError::InTiles { step }),
            _ => Ok(()),
        }
    }

    /// The steps that work with such a network: all of them where it is not `is_tiled`.
    #[must_use]
    pub fn that_work(&self, is_tiled: bool) -> Self {
        let mut steps = self.clone();
        steps.before.0.retain(|step| !is_tiled || step.works_in_tiles());
        steps.after.0.retain(|step| !is_tiled || step.works_in_tiles());
        steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    fn before(typed: &str) -> StepList<BeforeStep> {
        typed.parse().unwrap()
    }

    fn after(typed: &str) -> StepList<AfterStep> {
        typed.parse().unwrap()
    }

    #[test]
    fn the_names_of_each_place_are_those_of_its_steps() {
        let keys: Vec<&str> = BeforeStep::ALL.iter().map(|step| step.key()).collect();
        assert_eq!(keys, StepPlace::Before.keys());
        let keys: Vec<&str> = AfterStep::ALL.iter().map(|step| step.key()).collect();
        assert_eq!(keys, StepPlace::After.keys());
    }

    #[test]
    fn lists_are_read_as_they_are_said() {
        let steps = before("clahe, nlm:10,window:100:50");
        let expected = [
            BeforeStep::Clahe { clip: 2 },
            BeforeStep::Nlm { strength: 10 },
            BeforeStep::Window { level: 100, width: 50 },
        ];
        assert_eq!(steps[..], expected);
        assert_eq!(steps.to_string(), "clahe:2,nlm:10,window:100:50");
        assert_eq!(before(&steps.to_string()), steps);
        assert_eq!(after("crf,open:5,largest").to_string(), "crf:3,open:5,largest");
        assert_eq!(before("window:100").find("window"), Some(BeforeStep::Window { level: 100, width: 192 }));
        let all = ImageSteps { before: steps, after: after("fill,lesion") };
        let json = serde_json::to_string(&all).unwrap();
        assert_eq!(json, r#"{"before":"clahe:2,nlm:10,window:100:50","after":"fill,lesion"}"#);
        assert_eq!(serde_json::from_str::<ImageSteps>(&json).unwrap(), all);
        assert_eq!(serde_json::to_string(&ImageSteps::default()).unwrap(), "{}");
        assert_eq!(serde_json::from_str::<ImageSteps>("{}").unwrap(), ImageSteps::default());
    }

    #[test]
    fn what_is_wrong_with_a_list_is_said_with_what_there_is() {
        let of_before = |typed: &str| typed.parse::<StepList<BeforeStep>>().unwrap_err();
        let of_after = |typed: &str| typed.parse::<StepList<AfterStep>>().unwrap_err();
        let ways = [
            (of_before("clahe,blur"), ["blur", "clahe"]),
            (of_before(""), ["grey-world", "nlm"]),
            (of_before("largest"), ["largest", "--after"]),
            (of_after("clahe"), ["clahe", "--before"]),
            (of_before("clahe,clahe:3"), ["clahe", "twice"]),
            (of_before("clahe:0"), ["clahe:0", "1–40"]),
            (of_before("clahe:two"), ["clahe:two", "1–40"]),
            (of_before("clahe:2:3"), ["clahe:2:3", "1–40"]),
            (of_before("window:256"), ["window:256", "0–255"]),
            (of_after("open:33"), ["open:33", "1–32"]),
            (of_after("largest:1"), ["largest:1", "no values"]),
            (of_after("open,crf"), ["crf", "first"]),
        ];
        for (error, words) in ways {
            let said = error.message().said_in(Language::English);
            assert!(words.iter().all(|word| said.contains(word)), "{said}");
            let chinese = error.message().said_in(Language::SimplifiedChinese);
            assert!(chinese != said && chinese.contains(words[0]), "{chinese}");
        }
        let tiled = ImageSteps { before: before("clahe,nlm"), after: after("largest") };
        assert_eq!(tiled.check_tiles(false), Ok(()));
        assert_eq!(tiled.check_tiles(true), Err(StepsError::InTiles { step: "nlm" }));
        assert_eq!(tiled.that_work(true), ImageSteps { before: before("clahe"), after: after("largest") });
        assert_eq!(tiled.that_work(false), tiled);
    }
}
