//! The sections of the side panel: which are unfolded, as the person chose or else as there is room for them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A section that folds to its heading and what is looked at most; its name in the settings' file is the variant's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PanelSection {
    /// Folded: the decision. Unfolded: note and reviewer too.
    Review,
    /// Folded: the view. Unfolded: threshold and opacity too.
    Overlay,
    /// Folded: Dice and IoU. Unfolded: all agreement with the reference.
    Agreement,
    /// Folded: area and diameters. Unfolded: all figures of the lesion, and its scale.
    Lesion,
    /// Folded: the colour profile. Unfolded: brightness, contrast and gamma too.
    Display,
    /// Folded: which steps are on. Unfolded: all steps before and after the network.
    Steps,
    /// Folded: what a clinician chooses by. Unfolded: all that the card says.
    Network,
}

impl PanelSection {
    /// Height of the panel, in points, from which the section is unfolded where nobody chose; `None` where it is folded.
    /// With these Dice, IoU and the diameters are in sight in a window of 1024x600, and the calibration too in one of
    /// 1280x800.
    fn least_height(self) -> Option<f32> {
        match self {
            Self::Review | Self::Lesion => Some(0.0),
            Self::Overlay => Some(620.0),
            Self::Agreement => Some(900.0),
            Self::Display | Self::Steps | Self::Network => None,
        }
    }
}

/// Which sections are unfolded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SectionFolds {
    /// Those that the person unfolded (true) or folded (false).
    chosen: BTreeMap<PanelSection, bool>,
}

impl SectionFolds {
    /// Whether `section` is unfolded in a panel of `height` points.
    #[must_use]
    pub fn is_open(&self, section: PanelSection, height: f32) -> bool {
        let has_room = section.least_height().is_some_and(|least| height >= least);
        self.chosen.get(&section).copied().unwrap_or(has_room)
    }

    /// From now on `section` is unfolded, or folded, whatever the panel's height.
    pub fn choose(&mut self, section: PanelSection, is_open: bool) {
        self.chosen.insert(section, is_open);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_unfolded_where_there_is_room_until_a_person_chooses() {
        let mut folds = SectionFolds::default();
        let open = |folds: &SectionFolds, height| {
            [PanelSection::Review, PanelSection::Overlay, PanelSection::Agreement, PanelSection::Network]
                .map(|section| folds.is_open(section, height))
        };
        assert_eq!(open(&folds, 528.0), [true, false, false, false]);
        assert_eq!(open(&folds, 728.0), [true, true, false, false]);
        assert_eq!(open(&folds, 1008.0), [true, true, true, false]);
        folds.choose(PanelSection::Review, false);
        folds.choose(PanelSection::Network, true);
        assert_eq!(open(&folds, 528.0), [false, false, false, true]);
        assert_eq!(serde_json::to_string(&folds).unwrap(), r#"{"review":false,"network":true}"#);
    }
}
