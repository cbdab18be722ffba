//! The colours of a lesion: which of dermoscopy's it has beside the skin around it, how alike both halves are, and how
//! abruptly it ends in each sector.
//!
//! Colours are the stored ones, read as sRGB: no two dermatoscopes agree on them, so these are descriptors for research.

use strum::VariantArray as _;

use super::lesion::Lesion;
use super::named_colour::{self, NamedColour, Skin};
use super::shape::{Shape, reflected};
use crate::geometry::boundary::surface;
use crate::geometry::distance::NearestSite;
use crate::lab::{self, Lab};
use crate::photo::Photo;

/// How many they are.
const COLOURS: usize = NamedColour::VARIANTS.len();

/// From this share of the lesion on a colour counts as there.
pub const PRESENT_SHARE: f64 = 0.05;

/// Sectors of the border.
pub const SECTORS: usize = 8;

/// Pixels whose colour is read: larger lesions are read at every n-th row and column.
const MOST_PIXELS: f64 = 1e6;

/// Width of the bands inside and outside the border, as a share of the diameter of the circle of the lesion's area.
const BAND_SHARE: f64 = 0.03;

/// Width of the band around the lesion whose median is the skin, as a share of the same diameter.
const SKIN_BAND_SHARE: f64 = 0.12;

/// Pixels of that band that are read.
const MOST_SKIN_PIXELS: f64 = 1e5;

/// What is measured of a lesion's colours.
#[derive(Clone, Debug, PartialEq)]
pub struct ColourShares {
    /// Share of the lesion that has each [`NamedColour`], in their order; together 1.
    pub shares: [f64; COLOURS],
    /// Mean colour of the pixels of each, where there are any.
    pub means: [Option<Lab>; COLOURS],
    /// Mean difference between a pixel and its mirror image at the major axis, where both are lesion.
    pub asymmetry_about_major_delta_e: Option<f64>,
    /// The same at the minor axis.
    pub asymmetry_about_minor_delta_e: Option<f64>,
    /// Of each sector, how far the mean colours of a narrow band inside the border and one outside are apart. Sectors of
    /// 45 degrees around the centroid, clockwise as seen from the photo's rightward direction; none where the lesion
    /// leaves the photo.
    pub border_sectors_delta_e: [Option<f64>; SECTORS],
    /// Width of each of these two bands.
    pub band_px: f64,
}

impl ColourShares {
    /// Measures the colours of `lesion`, whose shape is `shape`, in the photo it belongs to.
    ///
    /// # Panics
    /// When the photo has another size than the lesion's mask.
    #[must_use]
    pub fn of(photo: &Photo, lesion: &Lesion, shape: &Shape) -> Self {
        assert_eq!(photo.size(), lesion.photo_size(), "a mask lies over its photo");
        let along = shape.axes.direction();
        let diameter = equivalent_diameter(shape.area_px);
        let border = surface(&lesion.to_mask());
        let (shares, means) = clusters(photo, lesion, skin_around(photo, lesion, &border, diameter));
        let band_px = (BAND_SHARE * diameter).max(2.0);
        Self {
            shares,
            means,
            asymmetry_about_major_delta_e: asymmetry(photo, lesion, shape.centroid, along),
            asymmetry_about_minor_delta_e: asymmetry(photo, lesion, shape.centroid, [-along[1], along[0]]),
            border_sectors_delta_e: border_sectors(photo, lesion, &border, shape.centroid, band_px),
            band_px,
        }
    }

    /// What covers enough of the lesion to count, the largest first, with its share; pink and what has no name, too.
    #[must_use]
    pub fn present(&self) -> Vec<(NamedColour, f64)> {
        let mut found: Vec<_> = NamedColour::VARIANTS
            .iter()
            .copied()
            .zip(self.shares)
            .filter(|(_, share)| *share >= PRESENT_SHARE)
            .collect();
        found.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        found
    }
}

/// Diameter of the circle of an area.
fn equivalent_diameter(area: f64) -> f64 {
    (4.0 * area / std::f64::consts::PI).sqrt()
}

fn colour_at(photo: &Photo, [x, y]: [u32; 2]) -> Lab {
    lab::of_rgb(photo.pixel(x, y).unwrap_or_default())
}

/// The lesion's pixels, or an even part of them when they are many.
fn sampled(lesion: &Lesion) -> impl Iterator<Item = [u32; 2]> + '_ {
    let step = (lesion.area_px() as f64 / MOST_PIXELS).sqrt().ceil() as u32;
    lesion.pixels().filter(move |[x, y]| x % step == 0 && y % step == 0)
}

/// The skin in a band around the lesion; none where the lesion fills the photo.
fn skin_around(photo: &Photo, lesion: &Lesion, border: &[[u32; 2]], diameter: f64) -> Option<Skin> {
    let band_px = (SKIN_BAND_SHARE * diameter).max(4.0);
    // A band of this width around a circle has about this many pixels.
    let step = (std::f64::consts::PI * diameter * band_px / MOST_SKIN_PIXELS).sqrt().ceil().max(1.0) as u32;
    let mut colours = Vec::new();
    NearestSite::each_within(border, band_px, photo.size(), |[x, y]| {
        if x % step == 0 && y % step == 0 && !lesion.is_set(i64::from(x), i64::from(y)) {
            colours.push(colour_at(photo, [x, y]));
        }
    });
    Skin::of(colours.into_iter())
}

/// Share and mean colour of each [`NamedColour`]. A name whose pixels' mean would not be called so is not given: those
/// pixels are none of these.
fn clusters(photo: &Photo, lesion: &Lesion, skin: Option<Skin>) -> ([f64; COLOURS], [Option<Lab>; COLOURS]) {
    let mut clusters = [Mean::default(); COLOURS];
    for [x, y] in sampled(lesion) {
        let rgb = photo.pixel(x, y).unwrap_or_default();
        clusters[named_colour::named(rgb, skin) as usize].add(lab::of_rgb(rgb));
    }
    for &name in NamedColour::VARIANTS.iter().filter(|name| **name != NamedColour::NoneOfThese) {
        let cluster = clusters[name as usize];
        if cluster.value().is_some_and(|mean| named_colour::of_lab(mean, skin) != name) {
            clusters[name as usize] = Mean::default();
            clusters[NamedColour::NoneOfThese as usize].join(cluster);
        }
    }
    let all: f64 = clusters.iter().map(|cluster| cluster.count).sum();
    (clusters.map(|cluster| cluster.count / all.max(1.0)), clusters.map(|cluster| cluster.value()))
}

/// A colour's mean.
#[derive(Clone, Copy, Default)]
struct Mean {
    sum: Lab,
    count: f64,
}

impl Mean {
    fn add(&mut self, colour: Lab) {
        for (sum, value) in self.sum.iter_mut().zip(colour) {
            *sum += value;
        }
        self.count += 1.0;
    }

    fn join(&mut self, other: Self) {
        for (sum, value) in self.sum.iter_mut().zip(other.sum) {
            *sum += value;
        }
        self.count += other.count;
    }

    fn value(&self) -> Option<Lab> {
        (self.count > 0.0).then(|| self.sum.map(|sum| sum / self.count))
    }
}

fn asymmetry(photo: &Photo, lesion: &Lesion, centre: [f64; 2], along: [f64; 2]) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0.0);
    for pixel in sampled(lesion) {
        let mirrored = reflected(pixel.map(|value| f64::from(value) + 0.5), centre, along);
        let [x, y] = mirrored.map(|value| value.floor() as i64);
        if lesion.is_set(x, y) {
            sum += lab::difference(colour_at(photo, pixel), colour_at(photo, [x as u32, y as u32]));
            count += 1.0;
        }
    }
    (count > 0.0).then(|| sum / count)
}

/// The sector of a point around `centre`.
fn sector([x, y]: [u32; 2], centre: [f64; 2]) -> usize {
    let (dx, dy) = (f64::from(x) + 0.5 - centre[0], f64::from(y) + 0.5 - centre[1]);
    let turns = dy.atan2(dx).rem_euclid(std::f64::consts::TAU) / std::f64::consts::TAU;
    ((turns * SECTORS as f64) as usize).min(SECTORS - 1)
}

fn border_sectors(
    photo: &Photo,
    lesion: &Lesion,
    border: &[[u32; 2]],
    centre: [f64; 2],
    band_px: f64,
) -> [Option<f64>; SECTORS] {
    let mut inside = [Mean::default(); SECTORS];
    let mut outside = [Mean::default(); SECTORS];
    NearestSite::each_within(border, band_px, photo.size(), |pixel| {
        let bands =
            if lesion.is_set(i64::from(pixel[0]), i64::from(pixel[1])) { &mut inside } else { &mut outside };
        bands[sector(pixel, centre)].add(colour_at(photo, pixel));
    });
    std::array::from_fn(|sector| Some(lab::difference(inside[sector].value()?, outside[sector].value()?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::Mask;
    use crate::photo::PhotoSource;

    const SIDE: u32 = 200;
    const SKIN: [u8; 3] = [225, 185, 165];

    fn disc(x: u32, y: u32) -> bool {
        (f64::from(x) - 99.5).hypot(f64::from(y) - 99.5) <= 60.0
    }

    /// A disc of 60 pixels in `colour` of its pixels, on skin.
    fn measured(colour: impl Fn(u32, u32) -> [u8; 3]) -> ColourShares {
        let places = || (0..SIDE * SIDE).map(|index| (index % SIDE, index / SIDE));
        let rgb = places().flat_map(|(x, y)| if disc(x, y) { colour(x, y) } else { SKIN }).collect();
        let photo = Photo::from_rgb(SIDE, SIDE, rgb, PhotoSource::BuiltIn("drawn"));
        let mask = Mask::new(SIDE, SIDE, places().map(|(x, y)| u8::from(disc(x, y))).collect());
        let lesion = Lesion::largest_of(&mask).expect("it is drawn");
        ColourShares::of(&photo, &lesion, &Shape::of(&lesion))
    }

    const DARK_BROWN: [u8; 3] = [100, 64, 50];
    const BLACK: [u8; 3] = [30, 28, 28];

    #[test]
    fn one_colour_is_named_and_symmetric() {
        let colours = measured(|_, _| DARK_BROWN);
        let present: Vec<&str> = colours.present().iter().map(|(colour, _)| colour.name()).collect();
        assert_eq!(present, ["dark brown"]);
        assert_eq!(colours.shares.iter().sum::<f64>(), 1.0);
        assert_eq!(colours.asymmetry_about_major_delta_e, Some(0.0));
    }

    #[test]
    fn every_sectors_contrast_is_that_of_lesion_and_skin() {
        let expected = lab::difference(lab::of_rgb(DARK_BROWN), lab::of_rgb(SKIN));
        for contrast in measured(|_, _| DARK_BROWN).border_sectors_delta_e {
            assert!((contrast.expect("skin is all around") - expected).abs() < 1e-9, "{contrast:?}");
        }
    }

    #[test]
    fn a_sector_that_fades_into_skin_is_the_less_abrupt_one() {
        // The quarter to the lower right is skin's colour: the first two sectors, clockwise from the right.
        let colours = measured(|x, y| if x >= 100 && y >= 100 { SKIN } else { BLACK });
        let abrupt: Vec<bool> =
            colours.border_sectors_delta_e.iter().map(|contrast| contrast.is_some_and(|c| c > 1.0)).collect();
        assert_eq!(abrupt, [false, false, true, true, true, true, true, true]);
    }

    #[test]
    fn two_halves_of_two_colours_are_counted_and_asymmetric() {
        let colours = measured(|x, _| if x < 100 { BLACK } else { DARK_BROWN });
        let [dark, black] = [NamedColour::DarkBrown, NamedColour::Black].map(|name| colours.shares[name as usize]);
        assert!((dark - 0.5).abs() < 0.01 && (black - 0.5).abs() < 0.01, "{colours:?}");
        let apart = lab::difference(lab::of_rgb(BLACK), lab::of_rgb(DARK_BROWN));
        // A circle's axes may lie anywhere, but they stand at right angles: what one folds together the other does not.
        let folds = [colours.asymmetry_about_major_delta_e, colours.asymmetry_about_minor_delta_e];
        let most = folds.into_iter().flatten().fold(0.0, f64::max);
        assert!(most > 0.4 * apart && most <= apart + 1e-9, "{folds:?} of {apart}");
    }

    #[test]
    fn a_patch_as_the_skin_around_is_pink_or_skin_and_the_light_one_white() {
        let shares = |colour: [u8; 3]| {
            let colours = measured(|x, _| if x < 100 { colour } else { DARK_BROWN });
            [NamedColour::White, NamedColour::PinkOrSkin].map(|name| colours.shares[name as usize] > 0.4)
        };
        assert_eq!(shares([222, 180, 164]), [false, true]);
        assert_eq!(shares([248, 244, 240]), [true, false]);
    }

    #[test]
    fn pixels_whose_mean_has_another_colour_are_not_named() {
        let skin = Skin::of(std::iter::once(lab::of_rgb(SKIN)));
        let colours = measured(|x, y| [(60 + (x * 7 + y * 3) % 150) as u8, 60, (40 + (y * 11 + x) % 120) as u8]);
        for &name in NamedColour::VARIANTS.iter().filter(|name| **name != NamedColour::NoneOfThese) {
            if let Some(mean) = colours.means[name as usize] {
                assert_eq!(named_colour::of_lab(mean, skin), name);
            }
        }
    }

    #[test]
    fn a_lesion_that_fills_the_photo_has_no_border_to_compare() {
        let photo = Photo::from_rgb(9, 9, [90; 243].to_vec(), PhotoSource::BuiltIn("drawn"));
        let lesion = Lesion::largest_of(&Mask::new(9, 9, vec![1; 81])).expect("it is drawn");
        let colours = ColourShares::of(&photo, &lesion, &Shape::of(&lesion));
        assert_eq!(colours.border_sectors_delta_e, [None; SECTORS]);
    }
}
