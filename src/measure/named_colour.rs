//! [`NamedColour`]: the colours of dermoscopy, judged against the skin around the lesion.
//!
//! White is a finding (regression, scar) only where it is lighter than the skin, and the same pigment looks different on
//! light and on dark skin and under another white balance. So a pixel is first seen as it would look beside
//! a reference skin, and then takes the nearest prototype by CIE76. Prototypes and limits are ours: chosen on drawn
//! colours on four skins under five white balances (see the tests) and looked at on twelve photographs.

use crate::lab::{self, Lab};

/// The six colours of the ABCD rule, and what is none of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "snake_case")]
#[expect(missing_docs, reason = "they are colours")]
pub enum NamedColour {
    White,
    Red,
    LightBrown,
    DarkBrown,
    BlueGrey,
    Black,
    /// About as the skin around, or a little redder. No finding of the ABCD rule.
    PinkOrSkin,
    /// Far from every other, such as glare.
    #[default]
    NoneOfThese,
}

/// What a pixel is compared with, as seen beside [`REFERENCE_SKIN`].
const PROTOTYPES: [(NamedColour, Lab); 9] = [
    (NamedColour::White, [LIGHTEST, 3.0, 5.0]),
    (NamedColour::Red, [50.0, 42.0, 16.0]),
    (NamedColour::LightBrown, [54.0, 17.0, 28.0]),
    (NamedColour::LightBrown, [46.0, 24.0, 30.0]),
    (NamedColour::DarkBrown, [31.0, 15.0, 16.0]),
    (NamedColour::BlueGrey, [45.0, 2.0, -2.0]),
    (NamedColour::Black, [13.0, 5.0, 6.0]),
    (NamedColour::PinkOrSkin, REFERENCE_SKIN),
    (NamedColour::PinkOrSkin, [63.0, 20.0, 14.0]),
];

/// The median skin of twelve dermoscopy photographs.
const REFERENCE_SKIN: Lab = [66.0, 10.0, 12.0];

/// Beyond this lightness all is alike: white.
const LIGHTEST: f64 = 82.0;

/// A colour that is farther from every prototype is none of them.
const FARTHEST: f64 = 28.0;

/// From this level on in all channels a pixel is glare of the lamp, and says nothing of the skin.
const GLARE: u8 = 250;

/// Darker than this is no skin but a hair, or the corner that the dermatoscope leaves dark.
const DARKEST_SKIN: f64 = 20.0;

impl NamedColour {
    /// As rows and columns call it, such as `light_brown`.
    #[must_use]
    pub fn key(self) -> &'static str {
        self.into()
    }

    /// As people call it, in English.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::White => "white",
            Self::Red => "red",
            Self::LightBrown => "light brown",
            Self::DarkBrown => "dark brown",
            Self::BlueGrey => "blue-grey",
            Self::Black => "black",
            Self::PinkOrSkin => "pink or skin-coloured",
            Self::NoneOfThese => "none of these",
        }
    }
}

/// The skin around a lesion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Skin(Lab);

impl Skin {
    /// The median of the colours around a lesion; none where there is no skin among them.
    pub(super) fn of(colours: impl Iterator<Item = Lab>) -> Option<Self> {
        let mut colours: Vec<Lab> = colours.filter(|colour| colour[0] > DARKEST_SKIN).collect();
        if colours.is_empty() {
            return None;
        }
        let middle = colours.len() / 2;
        let mut median = |channel: usize| {
            colours.select_nth_unstable_by(middle, |a, b| a[channel].total_cmp(&b[channel])).1[channel]
        };
        Some(Self([median(0), median(1), median(2)]))
    }

    /// How `colour` would look beside [`REFERENCE_SKIN`].
    fn adapted(self, colour: Lab) -> Lab {
        let Self(skin) = self;
        // On dark skin pigments are darker in proportion; on light skin they keep more of their own lightness.
        let ratio = REFERENCE_SKIN[0] / skin[0];
        let lightness = colour[0] * if ratio > 1.0 { ratio } else { ratio.sqrt() };
        // A cast of the light shifts a dark colour less than the lighter skin, as CIELAB's lightness runs.
        let weight = (colour[0] + 16.0) / (skin[0] + 16.0);
        let shifted = |channel: usize| colour[channel] - (skin[channel] - REFERENCE_SKIN[channel]) * weight;
        [lightness.min(LIGHTEST), shifted(1), shifted(2)]
    }
}

/// The colour that a pixel has beside `skin`. Without skin in the photo nothing can be called white.
pub(super) fn named(rgb: [u8; 3], skin: Option<Skin>) -> NamedColour {
    if rgb.iter().all(|&level| level >= GLARE) {
        return NamedColour::NoneOfThese;
    }
    of_lab(lab::of_rgb(rgb), skin)
}

/// The same for a colour in CIELAB.
pub(super) fn of_lab(colour: Lab, skin: Option<Skin>) -> NamedColour {
    let may_be_white = skin.is_some_and(|Skin(skin)| colour[0] > skin[0]);
    let adapted = skin.unwrap_or(Skin(REFERENCE_SKIN)).adapted(colour);
    let nearest = PROTOTYPES
        .iter()
        .filter(|(name, _)| may_be_white || *name != NamedColour::White)
        .map(|(name, prototype)| (*name, lab::difference(adapted, *prototype)))
        .min_by(|(_, one), (_, other)| one.total_cmp(other));
    nearest.filter(|(_, distance)| *distance <= FARTHEST).map(|(name, _)| name).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SKINS: [(&str, [u8; 3]); 4] = [
        ("light", [236, 198, 178]),
        ("medium", [190, 140, 110]),
        ("dark", [110, 74, 56]),
        ("very dark", [75, 52, 42]),
    ];

    /// Each colour drawn by eye on each of the skins.
    const DRAWN: [(NamedColour, [[u8; 3]; 4]); 6] = [
        (NamedColour::White, [[248, 245, 240], [228, 212, 200], [165, 145, 132], [125, 110, 102]]),
        (NamedColour::Red, [[190, 60, 60], [165, 45, 42], [130, 32, 30], [105, 24, 24]]),
        (NamedColour::DarkBrown, [[100, 64, 50], [90, 56, 42], [58, 34, 26], [38, 22, 16]]),
        (NamedColour::BlueGrey, [[105, 115, 130], [90, 98, 112], [62, 70, 84], [40, 47, 60]]),
        (NamedColour::Black, [[30, 28, 28], [28, 25, 25], [20, 18, 18], [14, 13, 13]]),
        (NamedColour::PinkOrSkin, [[228, 176, 165], [182, 126, 102], [106, 68, 54], [74, 50, 42]]),
    ];

    /// Gains of red, green and blue.
    const WHITE_BALANCES: [[f64; 3]; 5] =
        [[1.0, 1.0, 1.0], [1.05, 1.0, 0.88], [0.92, 1.0, 1.05], [1.0, 0.94, 1.04], [1.0, 1.03, 0.9]];

    fn lit(rgb: [u8; 3], gains: [f64; 3]) -> [u8; 3] {
        std::array::from_fn(|channel| (f64::from(rgb[channel]) * gains[channel]).round().min(249.0) as u8)
    }

    fn skin(rgb: [u8; 3]) -> Option<Skin> {
        Skin::of(std::iter::once(lab::of_rgb(rgb)))
    }

    #[test]
    fn drawn_colours_are_named_on_every_skin_and_under_every_light() {
        let mut wrong = Vec::new();
        for gains in WHITE_BALANCES {
            for (expected, colours) in DRAWN {
                for ((name, skin_rgb), rgb) in SKINS.into_iter().zip(colours) {
                    let found = named(lit(rgb, gains), skin(lit(skin_rgb, gains)));
                    if found != expected {
                        wrong.push(format!("{} on {name} skin, {gains:?}: {}", expected.name(), found.name()));
                    }
                }
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
    }

    #[test]
    fn light_brown_is_named_where_skin_is_lighter() {
        for (skin_rgb, rgb) in [([236, 198, 178], [190, 140, 100]), ([190, 140, 110], [150, 96, 62])] {
            assert_eq!(named(rgb, skin(skin_rgb)), NamedColour::LightBrown);
        }
    }

    #[test]
    fn a_pale_pink_lesion_is_not_white() {
        // The colours of an amelanotic-looking lesion and of the skin around it, as photographed.
        assert_eq!(named([212, 177, 177], skin([212, 189, 194])), NamedColour::PinkOrSkin);
        assert_eq!(named([205, 165, 168], skin([212, 189, 194])), NamedColour::PinkOrSkin);
    }

    #[test]
    fn nothing_is_white_that_is_not_lighter_than_the_skin() {
        let pale = [235, 230, 225];
        assert_eq!(named(pale, skin([200, 165, 150])), NamedColour::White);
        assert_ne!(named(pale, skin([240, 234, 228])), NamedColour::White);
        assert_ne!(named(pale, None), NamedColour::White);
    }

    #[test]
    fn glare_and_odd_colours_are_none_of_these() {
        for rgb in [[255, 255, 255], [252, 250, 251], [20, 90, 230], [0, 200, 60]] {
            assert_eq!(named(rgb, skin([210, 170, 150])), NamedColour::NoneOfThese, "{rgb:?}");
        }
    }

    #[test]
    fn skin_is_the_median_without_hairs_and_dark_corners() {
        let colours = [[70.0, 10.0, 12.0], [68.0, 11.0, 13.0], [69.0, 9.0, 14.0], [5.0, 0.0, 0.0], [8.0, 1.0, 0.0]];
        assert_eq!(Skin::of(colours.into_iter()), Some(Skin([69.0, 10.0, 13.0])));
        assert_eq!(Skin::of([[5.0, 0.0, 0.0]].into_iter()), None);
    }
}
