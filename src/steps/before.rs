//! The steps before the network, by name and figures; [`crate::filters`] carries them out.

use std::ops::RangeInclusive;

use strum::IntoStaticStr;

use super::named::NamedStep;
use super::place::StepPlace;

/// A step before the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum BeforeStep {
    /// Each colour by one factor, so that their means are equal: grey-world colour constancy.
    GreyWorld,
    /// Intensities spread so that the 1st and the 99th percentile become black and white.
    Normalise,
    /// Intensities around a level are spread, and what is beyond is black or white.
    Window {
        /// The intensity that becomes the middle.
        level: u16,
        /// How many intensities are spread from black to white.
        width: u16,
    },
    /// Non-local means in CIELAB: noise is averaged over places that look alike.
    Nlm {
        /// How different places may look, in 8-bit levels.
        strength: u16,
    },
    /// Contrast-limited adaptive histogram equalisation of the lightness, in 8 by 8 tiles.
    Clahe {
        /// How many times the mean count a level may have.
        clip: u16,
    },
}

impl NamedStep for BeforeStep {
    const ALL: &'static [Self] = &[
        Self::GreyWorld,
        Self::Normalise,
        Self::Window { level: 128, width: 192 },
        Self::Nlm { strength: 3 },
        Self::Clahe { clip: 2 },
    ];
    const PLACE: StepPlace = StepPlace::Before;

    fn key(self) -> &'static str {
        self.into()
    }

    fn figures(self) -> Vec<u16> {
        match self {
            Self::GreyWorld | Self::Normalise => Vec::new(),
            Self::Window { level, width } => vec![level, width],
            Self::Nlm { strength } => vec![strength],
            Self::Clahe { clip } => vec![clip],
        }
    }

    fn ranges(self) -> &'static [RangeInclusive<u16>] {
        match self {
            Self::GreyWorld | Self::Normalise => &[],
            Self::Window { .. } => &[0..=255, 1..=510],
            Self::Nlm { .. } => &[1..=50],
            Self::Clahe { .. } => &[1..=40],
        }
    }

    fn with(self, figures: &[u16]) -> Self {
        match self {
            Self::GreyWorld | Self::Normalise => self,
            Self::Window { .. } => Self::Window { level: figures[0], width: figures[1] },
            Self::Nlm { .. } => Self::Nlm { strength: figures[0] },
            Self::Clahe { .. } => Self::Clahe { clip: figures[0] },
        }
    }

    /// Non-local means would take minutes at a photograph's own size.
    fn works_in_tiles(self) -> bool {
        !matches!(self, Self::Nlm { .. })
    }
}
