//! The steps after the network, by name and figures; [`crate::filters`] carries them out.

use std::ops::RangeInclusive;

use strum::IntoStaticStr;

use super::error::StepsError;
use super::named::NamedStep;
use super::place::StepPlace;

/// A step after the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum AfterStep {
    /// A fully connected conditional random field: the border moves to where the colours change.
    Crf {
        /// The weight of pixels that are alike in colour.
        weight: u16,
    },
    /// What is narrower than a disc is taken away.
    Open {
        /// The disc's radius, in 256ths of the photograph's shorter side.
        radius: u16,
    },
    /// What is narrower than a disc between lesion is filled.
    Close {
        /// Likewise.
        radius: u16,
    },
    /// Holes are filled.
    Fill,
    /// Only the largest region stays.
    Largest,
    /// What is known of a lesion: one region without holes, and not the dark corners around the field of view.
    Lesion,
}

impl AfterStep {
    /// Whether it looks at the photograph.
    #[must_use]
    pub fn sees_photo(self) -> bool {
        matches!(self, Self::Crf { .. } | Self::Lesion)
    }
}

impl NamedStep for AfterStep {
    const ALL: &'static [Self] = &[
        Self::Crf { weight: 3 },
        Self::Open { radius: 3 },
        Self::Close { radius: 3 },
        Self::Fill,
        Self::Largest,
        Self::Lesion,
    ];
    const PLACE: StepPlace = StepPlace::After;

    fn key(self) -> &'static str {
        self.into()
    }

    fn figures(self) -> Vec<u16> {
        match self {
            Self::Crf { weight } => vec![weight],
            Self::Open { radius } | Self::Close { radius } => vec![radius],
            Self::Fill | Self::Largest | Self::Lesion => Vec::new(),
        }
    }

    fn ranges(self) -> &'static [RangeInclusive<u16>] {
        match self {
            Self::Crf { .. } => &[1..=30],
            Self::Open { .. } | Self::Close { .. } => &[1..=32],
            Self::Fill | Self::Largest | Self::Lesion => &[],
        }
    }

    fn with(self, figures: &[u16]) -> Self {
        match self {
            Self::Crf { .. } => Self::Crf { weight: figures[0] },
            Self::Open { .. } => Self::Open { radius: figures[0] },
            Self::Close { .. } => Self::Close { radius: figures[0] },
            Self::Fill | Self::Largest | Self::Lesion => self,
        }
    }

    /// The random field works on a small copy, in which vessels are too thin to be seen.
    fn works_in_tiles(self) -> bool {
        !matches!(self, Self::Crf { .. })
    }

    /// The random field needs probabilities; the others leave a mask.
    fn check_order(self, earlier: &[Self]) -> Result<(), StepsError> {
        match self {
            Self::Crf { .. } if !earlier.is_empty() => Err(StepsError::NotFirst { step: self.key() }),
            _ => Ok(()),
        }
    }
}
