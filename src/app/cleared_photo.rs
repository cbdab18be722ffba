//! A photograph without its hair or its dark corners, for the screen alone: both are found in a copy of it. Networks,
//! measures, reports and saved pictures never see this.
//!
//! What may lie beneath hair is filled in from beside it. Dark corners hide no skin: they are painted in the one colour of
//! the skin along them, so that they no longer dazzle and nobody takes them for skin.
//!
//! Hair is filled from the rim inwards and then smoothed by diffusion, as Oliveira, Bowen, McKenna and Chang do (Fast digital image
//! inpainting, VIIP 2001).

use eframe::egui::{Color32, ColorImage};

use crate::app::model::display::HiddenParts;
use crate::display::ToSrgb;
use crate::geometry::morphology;
use crate::mask::Mask;
use crate::photo::Photo;
use crate::quality::{corners, hair};
use crate::resize;

/// Pixels of the copy's longer side at most: a hair has three or more.
const SIDE: u32 = 768;

/// The soft rim of a hair around what is found of it, in pixels of the copy.
const RIM_PX: u32 = 2;

/// The fading rim of the lit field, of the copy's longer side: it is painted over too.
const FADING: f64 = 0.02;

/// How wide the skin is whose colour the corners take, of the copy's longer side.
const SKIN_BESIDE: f64 = 0.04;

/// How often what was filled in is smoothed.
const SMOOTHINGS: usize = 12;

/// What takes the place of hair and dark corners, in a copy of the photo.
pub struct ClearedPhoto {
    photo_size: [u32; 2],
    size: [u32; 2],
    /// The copy without them, in the screen's colours.
    rgb: Vec<u8>,
    /// How much of it is shown at each pixel, 0 to 255.
    cover: Vec<u8>,
}

impl ClearedPhoto {
    /// Of `photo` without what is `hidden`; its colours are converted by `to_srgb`.
    #[must_use]
    pub fn of(photo: &Photo, to_srgb: Option<&ToSrgb>, hidden: HiddenParts) -> Self {
        let longer = photo.width().max(photo.height());
        let scale = (f64::from(SIDE) / f64::from(longer)).min(1.0);
        let size = photo.size().map(|side| ((f64::from(side) * scale).round() as u32).max(1));
        let mut rgb = resize::rgb(photo.rgb(), photo.size(), size);
        let hair = hidden.hair.then(|| grown(hair::of(&rgb, size), RIM_PX));
        let longer = f64::from(size[0].max(size[1]));
        let corners = hidden.dark_corners.then(|| grown(corners::of(&rgb, size), (FADING * longer).round() as u32));
        if let Some(to_srgb) = to_srgb {
            to_srgb.apply(&mut rgb);
        }
        if let Some(hair) = &hair {
            fill(&mut rgb, hair);
        }
        if let Some(corners) = &corners {
            paint(&mut rgb, corners, (SKIN_BESIDE * longer).ceil() as u32);
        }
        let mut cover = vec![0; size[0] as usize * size[1] as usize];
        for mask in [hair, corners].into_iter().flatten() {
            cover.iter_mut().zip(mask.pixels()).for_each(|(cover, pixel)| *cover |= pixel * 255);
        }
        Self { photo_size: photo.size(), size, rgb, cover }
    }

    /// The share of the photo that is painted over.
    #[must_use]
    pub fn share(&self) -> f64 {
        self.cover.iter().filter(|&&cover| cover > 0).count() as f64 / self.cover.len() as f64
    }

    /// Paints over what is hidden in `picture`, which shows the photo's pixels from `left`, `top` to `right`, `bottom`.
    pub fn cover(&self, picture: &mut ColorImage, [left, top, right, bottom]: [u32; 4]) {
        let [columns, rows] = picture.size;
        // The place in the copy of the centre of the picture's pixel `index`, of `count` from `first` to `last`.
        let place = |index: usize, count: usize, first: u32, last: u32, axis: usize| {
            let in_photo = f64::from(first) + (index as f64 + 0.5) * f64::from(last - first) / count as f64;
            (in_photo * f64::from(self.size[axis]) / f64::from(self.photo_size[axis]) - 0.5) as f32
        };
        let across: Vec<Between> =
            (0..columns).map(|x| Between::of(place(x, columns, left, right, 0), self.size[0])).collect();
        for (y, row) in picture.pixels.chunks_exact_mut(columns.max(1)).enumerate() {
            let down = Between::of(place(y, rows, top, bottom, 1), self.size[1]);
            let covers = [down.first, down.second].map(|y| &self.cover[self.row(y)]);
            if covers.iter().all(|row| row.iter().all(|&cover| cover == 0)) {
                continue;
            }
            for (pixel, across) in row.iter_mut().zip(&across) {
                let cover = blend(|x, y| covers[y][x], across, &down) / 255.0;
                if cover > 0.0 {
                    let filled = |channel: usize| {
                        let rows = [down.first, down.second];
                        blend(|x, y| self.rgb[3 * (rows[y] * self.size[0] as usize + x) + channel], across, &down)
                    };
                    let [r, g, b] = [pixel.r(), pixel.g(), pixel.b()].map(f32::from);
                    let mix =
                        |stored: f32, channel: usize| (stored + (filled(channel) - stored) * cover).round() as u8;
                    *pixel = Color32::from_rgb(mix(r, 0), mix(g, 1), mix(b, 2));
                }
            }
        }
    }

    fn row(&self, y: usize) -> std::ops::Range<usize> {
        let width = self.size[0] as usize;
        y * width..(y + 1) * width
    }
}

/// The two neighbours of a place on an axis, and the weight of the second.
struct Between {
    first: usize,
    second: usize,
    weight: f32,
}

impl Between {
    fn of(place: f32, count: u32) -> Self {
        let place = place.clamp(0.0, (count - 1) as f32);
        let first = place as usize;
        Self { first, second: (first + 1).min(count as usize - 1), weight: place - first as f32 }
    }
}

/// The value between four pixels; `value` takes a column and 0 or 1 for the row.
fn blend(value: impl Fn(usize, usize) -> u8, across: &Between, down: &Between) -> f32 {
    let row = |y: usize| {
        let (one, other) = (f32::from(value(across.first, y)), f32::from(value(across.second, y)));
        one + (other - one) * across.weight
    };
    let (above, below) = (row(0), row(1));
    above + (below - above) * down.weight
}

fn grown(mut mask: Mask, by_px: u32) -> Mask {
    morphology::grow(&mut mask, by_px);
    mask
}

/// Paints the pixels of `corners` in the mean colour of what lies at most `beside_px` from them.
fn paint(rgb: &mut [u8], corners: &Mask, beside_px: u32) {
    let around = grown(corners.clone(), beside_px);
    let is_beside = |(around, corner): (&u8, &u8)| around != corner;
    let beside = around.pixels().iter().zip(corners.pixels()).map(is_beside);
    let (mut sum, mut count) = ([0_u64; 3], 0_u64);
    for (pixel, _) in rgb.chunks_exact(3).zip(beside).filter(|(_, is_beside)| *is_beside) {
        sum.iter_mut().zip(pixel).for_each(|(sum, &level)| *sum += u64::from(level));
        count += 1;
    }
    if count == 0 {
        return;
    }
    let mean = sum.map(|sum| ((sum + count / 2) / count) as u8);
    for (pixel, _) in rgb.chunks_exact_mut(3).zip(corners.pixels()).filter(|(_, corner)| **corner == 1) {
        pixel.copy_from_slice(&mean);
    }
}

/// Fills the pixels of `hair` from beside them, the outermost first, then smooths them.
fn fill(rgb: &mut [u8], hair: &Mask) {
    let [width, height] = hair.size().map(|side| side as usize);
    let mut unknown: Vec<usize> = (0..width * height).filter(|&index| hair.pixels()[index] == 1).collect();
    let filled = unknown.clone();
    let mut is_known: Vec<bool> = hair.pixels().iter().map(|&pixel| pixel == 0).collect();
    while !unknown.is_empty() {
        let means: Vec<(usize, Option<[u8; 3]>)> =
            unknown.iter().map(|&index| (index, mean_around(rgb, &is_known, [width, height], index))).collect();
        unknown.clear();
        let mut has_grown = false;
        for (index, mean) in means {
            match mean {
                Some(mean) => {
                    rgb[3 * index..3 * index + 3].copy_from_slice(&mean);
                    is_known[index] = true;
                    has_grown = true;
                }
                None => unknown.push(index),
            }
        }
        // All of it is hair: nothing to fill it from.
        if !has_grown {
            return;
        }
    }
    for _ in 0..SMOOTHINGS {
        for &index in &filled {
            if let Some(mean) = mean_around(rgb, &is_known, [width, height], index) {
                rgb[3 * index..3 * index + 3].copy_from_slice(&mean);
            }
        }
    }
}

/// The mean of the known pixels among the eight around `index`.
fn mean_around(rgb: &[u8], is_known: &[bool], [width, height]: [usize; 2], index: usize) -> Option<[u8; 3]> {
    let (x, y) = (index % width, index / width);
    let (mut sum, mut count) = ([0_u32; 3], 0);
    for row in y.saturating_sub(1)..(y + 2).min(height) {
        for column in x.saturating_sub(1)..(x + 2).min(width) {
            let near = row * width + column;
            if near != index && is_known[near] {
                for (sum, &level) in sum.iter_mut().zip(&rgb[3 * near..3 * near + 3]) {
                    *sum += u32::from(level);
                }
                count += 1;
            }
        }
    }
    (count > 0).then(|| sum.map(|sum| ((sum + count / 2) / count) as u8))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::PhotoSource;

    const HAIR: HiddenParts = HiddenParts { hair: true, dark_corners: false };
    const CORNERS: HiddenParts = HiddenParts { hair: false, dark_corners: true };
    const BOTH: HiddenParts = HiddenParts { hair: true, dark_corners: true };

    /// Skin with a dark hair of five pixels across it.
    fn hairy(width: u32, height: u32) -> Photo {
        let rgb = (0..width * height).flat_map(|index| {
            let (x, y) = (f64::from(index % width), f64::from(index / width));
            let from_hair = (y - f64::from(height) / 2.0 - x * 0.3 + f64::from(width) * 0.15).abs();
            if from_hair < 2.5 { [60, 40, 35] } else { [214, 172, 150] }
        });
        Photo::from_rgb(width, height, rgb.collect(), PhotoSource::BuiltIn("hairy"))
    }

    #[test]
    fn a_hair_is_covered_by_skin_in_the_overview_and_in_a_tile() {
        let photo = hairy(400, 300);
        let stored = photo.rgb().to_vec();
        let free = ClearedPhoto::of(&photo, None, HAIR);
        assert!(free.share() > 0.01 && free.share() < 0.1, "{}", free.share());
        for area in [[0, 0, 400, 300], [100, 100, 300, 200]] {
            let [left, top, right, bottom] = area;
            let size = [right - left, bottom - top].map(|side| side as usize);
            let pixels = (top..bottom).flat_map(|y| (left..right).map(move |x| (x, y)));
            let pixels = pixels.map(|(x, y)| {
                let [r, g, b] = photo.pixel(x, y).expect("within");
                Color32::from_rgb(r, g, b)
            });
            let mut picture = ColorImage::new(size, pixels.collect());
            free.cover(&mut picture, area);
            // Close to the photo's edge hair stays.
            let inner = picture.pixels.iter().enumerate().filter(|(index, _)| {
                let x = index % size[0];
                x > 30 && x + 30 < size[0]
            });
            let dark = inner.filter(|(_, pixel)| pixel.r() < 150).count();
            assert_eq!(dark, 0, "in {area:?}");
        }
        assert_eq!(photo.rgb(), stored);
    }

    #[test]
    fn dark_corners_take_the_colour_of_the_skin_along_them_and_the_field_stays() {
        // A field of 140 pixels around the middle of 300 x 200, and a dark lesion in it.
        let from_middle = |x: f64, y: f64| (x - 149.5).hypot(y - 99.5);
        let rgb =
            (0..300 * 200).flat_map(|index| match from_middle(f64::from(index % 300), f64::from(index / 300)) {
                ..30.0 => [50, 35, 30],
                30.0..140.0 => [214, 172, 150],
                _ => [3, 3, 4],
            });
        let photo = Photo::from_rgb(300, 200, rgb.collect(), PhotoSource::BuiltIn("corners"));
        let mut picture = ColorImage::from_rgb([300, 200], photo.rgb());
        let before = picture.pixels.clone();
        ClearedPhoto::of(&photo, None, HAIR).cover(&mut picture, [0, 0, 300, 200]);
        // The tips of the corners are as thin and dark as a hair.
        let hair = picture.pixels.iter().zip(&before).filter(|(now, before)| now != before).count();
        assert!(hair < 300 * 200 / 50, "{hair} pixels of hair, where there is none");
        picture.pixels.clone_from(&before);
        ClearedPhoto::of(&photo, None, CORNERS).cover(&mut picture, [0, 0, 300, 200]);
        let dark = picture.pixels.iter().zip(&before).filter(|(now, _)| now.r() < 100);
        assert!(dark.clone().all(|(now, before)| now == before && before.r() == 50), "but for the lesion");
        assert!(dark.count() > 2700);
        for corner in [0, 299, 300 * 199, 300 * 200 - 1] {
            assert_eq!(picture.pixels[corner], Color32::from_rgb(214, 172, 150));
        }
    }

    #[test]
    fn skin_without_hair_is_shown_as_it_is_and_the_smallest_photo_does_no_harm() {
        let plain = Photo::from_rgb(60, 40, [200, 160, 140].repeat(2400), PhotoSource::BuiltIn("plain"));
        let mut picture = ColorImage::from_rgb([60, 40], plain.rgb());
        let before = picture.pixels.clone();
        ClearedPhoto::of(&plain, None, BOTH).cover(&mut picture, [0, 0, 60, 40]);
        assert_eq!(picture.pixels, before);
        let one = Photo::from_rgb(1, 1, vec![0, 0, 0], PhotoSource::BuiltIn("one"));
        let mut picture = ColorImage::from_rgb([1, 1], one.rgb());
        ClearedPhoto::of(&one, None, BOTH).cover(&mut picture, [0, 0, 1, 1]);
        assert_eq!(picture.pixels, [Color32::BLACK]);
    }

    #[test]
    fn what_is_hair_everywhere_stays() {
        let mut rgb = vec![9; 27];
        fill(&mut rgb, &Mask::new(3, 3, vec![1; 9]));
        assert_eq!(rgb, vec![9; 27]);
    }
}
