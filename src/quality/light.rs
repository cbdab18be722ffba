//! Exposure and glare, from levels: how bright the skin is, how much is burnt out, and how much is covered by reflections.

use super::reduced::ReducedPhoto;
use crate::measure::quantile;

/// The quantile of lightness that is taken for the skin, which is lighter than most lesions, also beside a large one.
const SKIN: f64 = 0.9;

/// From this level on a channel has nothing left to show: compressed copies do not reach 255.
const CLIPPED: u8 = 250;

/// A reflection shows the lamp: it is near white in every channel,
const GLARE_LEVEL: u8 = 225;

/// and stands out from the skin by so many levels of lightness, which skin that is burnt out as a whole does not.
const GLARE_ABOVE_SKIN: f64 = 30.0;

/// What is measured of the light, as shares from 0 to 1.
#[derive(Clone, Copy)]
pub(super) struct Light {
    /// Lightness of the skin, of full white.
    pub(super) skin: f64,
    /// Part of the field of view that is burnt out in at least two channels, reflections left out.
    pub(super) burnt_out: f64,
    /// Part of the photograph that reflections cover.
    pub(super) glare: f64,
}

impl Light {
    pub(super) fn of(copy: &ReducedPhoto) -> Self {
        let inside = || copy.is_inside.iter().enumerate().filter(|(_, inside)| **inside).map(|(index, _)| index);
        let mut lightness: Vec<f64> = inside().map(|index| f64::from(copy.luma[index])).collect();
        lightness.sort_unstable_by(f64::total_cmp);
        let skin = quantile::of_sorted(&lightness, SKIN);
        let pixel = |index: usize| &copy.rgb[3 * index..3 * index + 3];
        let is_glare = |index: usize| {
            pixel(index).iter().all(|&level| level >= GLARE_LEVEL)
                && f64::from(copy.luma[index]) >= skin + GLARE_ABOVE_SKIN
        };
        let is_burnt_out =
            |index: usize| pixel(index).iter().filter(|&&level| level >= CLIPPED).count() >= 2 && !is_glare(index);
        let burnt_out = inside().filter(|&index| is_burnt_out(index)).count();
        let glare = (0..copy.luma.len()).filter(|&index| is_glare(index)).count();
        Self {
            skin: skin / 255.0,
            burnt_out: burnt_out as f64 / lightness.len() as f64,
            glare: glare as f64 / copy.luma.len() as f64,
        }
    }
}
