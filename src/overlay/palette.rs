//! The overlay's colours, safe for colour-blind eyes: Okabe and Ito's set and a light green that stands off from it, and
//! viridis for probabilities. A colour says whose a line or an area is: the network's, the reference's, or a person's.

/// 8-bit RGB.
pub type Rgb = [u8; 3];

/// The network's lesion (sky blue).
pub const PREDICTION: Rgb = [0x56, 0xB4, 0xE9];
/// The reference mask's lesion (orange).
pub const REFERENCE: Rgb = [0xE6, 0x9F, 0x00];
/// A second network's lesion beside the first one's (reddish purple).
pub const SECOND: Rgb = [0xCC, 0x79, 0xA7];
/// The lesion of the table's row under the pointer (white: it lies over any of the others for a moment).
pub const LIT: Rgb = [0xFF, 0xFF, 0xFF];
/// The corrected mask's lesion (light green): of all light colours the one that eyes with and without colour blindness
/// tell best from the network's, the reference's, white, and skin; the test below says how well.
pub const EDITED: Rgb = [0xB4, 0xFF, 0x78];

/// The outline of the lesion that counts: a mask that a person has made, or the network's.
#[must_use]
pub const fn of_lesion(is_by_hand: bool) -> Rgb {
    if is_by_hand { EDITED } else { PREDICTION }
}
/// What a stroke under way takes from the lesion (white).
pub const TAKEN: Rgb = [0xFF, 0xFF, 0xFF];
/// Lesion for the network only (blue).
pub const FALSE_POSITIVE: Rgb = [0x00, 0x72, 0xB2];
/// Lesion for the reference only (the reference's orange; it is hatched).
pub const FALSE_NEGATIVE: Rgb = REFERENCE;
/// Dark halo under an outline, so that it shows on any skin.
pub const HALO: Rgb = [0x10, 0x12, 0x14];

/// The colour of a probability in `0..=1`: viridis, from the library that the map was published with.
#[must_use]
pub fn heat(probability: f32) -> Rgb {
    let colour = colorous::VIRIDIS.eval_continuous(f64::from(probability.clamp(0.0, 1.0)));
    [colour.r, colour.g, colour.b]
}

/// The colour of a share in `0..=1` of the way from the least to the most: one hue, paler for less.
#[must_use]
pub fn one_hue(share: f64) -> Rgb {
    let colour = colorous::BLUES.eval_continuous(0.1 + 0.8 * share.clamp(0.0, 1.0));
    [colour.r, colour.g, colour.b]
}

/// How opaque a probability in `0..=1` is drawn, `0..=1`: what is surely skin stays as it is, and the doubtful shows. It
/// rises evenly from 0, so that no step of 8-bit levels is seen where the network is nearly sure of skin.
#[must_use]
pub fn heat_opacity(probability: f32) -> f32 {
    let p = probability.clamp(0.0, 1.0);
    p * (2.0 - p)
}

/// `colour` drawn over `ground` with an opacity in `0..=1`.
#[must_use]
pub fn over(ground: Rgb, colour: Rgb, opacity: f32) -> Rgb {
    std::array::from_fn(|channel| {
        let [below, above] = [ground, colour].map(|rgb| f32::from(rgb[channel]));
        (below + (above - below) * opacity.clamp(0.0, 1.0)).round() as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab;

    /// What eyes see: all of it; without long, middle or short waves (Machado, Oliveira and Fernandes 2009, severity 1, on
    /// linear light).
    const EYES: [[[f64; 3]; 3]; 4] = [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
        [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_820, 0.042_940, 0.968_881]],
        [
            [1.255_528, -0.076_749, -0.178_779],
            [-0.078_411, 0.930_809, 0.147_602],
            [0.004_733, 0.691_367, 0.303_900],
        ],
    ];

    /// Pale, light, pink, tan and brown skin, and a dark lesion.
    const GROUNDS: [Rgb; 6] = [
        [0xE8, 0xC4, 0xAE],
        [0xE2, 0xA9, 0x9C],
        [0xC4, 0x68, 0x5A],
        [0xC8, 0x98, 0x78],
        [0x8A, 0x5A, 0x44],
        [0x4A, 0x2E, 0x24],
    ];

    fn seen(rgb: Rgb, eye: &[[f64; 3]; 3]) -> Rgb {
        let light = rgb.map(|level| {
            let value = f64::from(level) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        });
        eye.map(|row| {
            let value = row.iter().zip(light).map(|(weight, light)| weight * light).sum::<f64>().clamp(0.0, 1.0);
            let level = if value <= 0.003_130_8 { value * 12.92 } else { 1.055 * value.powf(1.0 / 2.4) - 0.055 };
            (level * 255.0).round() as u8
        })
    }

    /// The least difference of two colours to any of the eyes (CIE76; 2.3 is just noticed).
    fn least_difference(one: Rgb, other: Rgb) -> f64 {
        let differences = EYES.iter().map(|eye| {
            let [one, other] = [one, other].map(|rgb| lab::of_rgb(seen(rgb, eye)));
            lab::difference(one, other)
        });
        differences.fold(f64::INFINITY, f64::min)
    }

    #[test]
    fn the_corrected_outline_is_told_from_every_other_line_and_from_skin_by_every_eye() {
        for other in [PREDICTION, REFERENCE, TAKEN, HALO].into_iter().chain(GROUNDS) {
            let found = least_difference(EDITED, other);
            assert!(found >= 25.0, "{other:02X?}: {found:.1}");
        }
    }

    #[test]
    fn the_shade_of_the_band_is_told_from_skin_and_from_its_lines_by_every_eye() {
        for ground in GROUNDS {
            let shade = over(ground, PREDICTION, 0.45);
            let apart = [ground, PREDICTION].map(|other| least_difference(shade, other));
            assert!(apart.iter().all(|&apart| apart >= 20.0), "on {ground:02X?}: {apart:.1?}");
        }
    }

    #[test]
    fn both_kinds_of_error_are_told_apart_and_from_skin_by_every_eye_as_they_are_drawn() {
        for ground in GROUNDS {
            let [too_much, missed, stripe] =
                [FALSE_POSITIVE, FALSE_NEGATIVE, HALO].map(|colour| over(ground, colour, 0.85));
            let apart = least_difference(too_much, missed);
            assert!(apart >= 50.0, "on {ground:02X?}: {apart:.1}");
            assert!(least_difference(too_much, ground) >= 30.0, "on {ground:02X?}");
            // Hatching carries the other kind where its colour alone is near that of skin.
            assert!(least_difference(missed, stripe) >= 50.0, "on {ground:02X?}");
        }
    }

    #[test]
    fn the_surer_the_network_the_more_its_heat_covers() {
        assert_eq!([0.0, 0.5, 1.0].map(heat_opacity), [0.0, 0.75, 1.0]);
        assert_eq!(over([100, 100, 100], [200, 0, 100], 0.5), [150, 50, 100]);
    }
}
