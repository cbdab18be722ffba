//! Images of a result: transparent layers for the window, and the photo with its outline for a file. Pure.

use tiny_skia::{Color, LineCap, LineJoin, Paint, PathBuilder, Pixmap, PremultipliedColorU8, Stroke, Transform};

use super::palette::{self, Rgb};
use crate::geometry::contour::Outline;
use crate::mask::{Mask, ProbabilityMap};
use crate::photo::Photo;

/// An RGBA image (not premultiplied), row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// `[width, height]` in pixels.
    pub size: [usize; 2],
    /// Four bytes a pixel.
    pub rgba: Vec<u8>,
}

/// The size of a layer over a photo: the photo's, or smaller so that no side exceeds `max_side`.
#[must_use]
pub fn layer_size(photo_size: [u32; 2], max_side: usize) -> [usize; 2] {
    let longest = photo_size[0].max(photo_size[1]) as usize;
    if longest <= max_side {
        return photo_size.map(|side| side as usize);
    }
    photo_size.map(|side| (side as usize * max_side / longest).max(1))
}

/// The lesion in the prediction's colour, everything else transparent.
#[must_use]
pub fn fill_layer(map: &ProbabilityMap, threshold: f32, max_side: usize) -> Layer {
    map_layer(map, max_side, |p| if p >= threshold { opaque(palette::PREDICTION) } else { [0; 4] })
}

/// Where the probability is at least `low` and below `high`: the band in the prediction's colour, everything else
/// transparent.
#[must_use]
pub fn band_layer(map: &ProbabilityMap, [low, high]: [f32; 2], max_side: usize) -> Layer {
    map_layer(map, max_side, |p| if (low..high).contains(&p) { opaque(palette::PREDICTION) } else { [0; 4] })
}

/// The lesion of a mask in `colour`, everything else transparent.
#[must_use]
pub fn mask_layer(mask: &Mask, colour: Rgb, max_side: usize) -> Layer {
    let photo = mask.size();
    let size = layer_size(photo, max_side);
    let mut rgba = Vec::with_capacity(size[0] * size[1] * 4);
    for y in 0..size[1] {
        let row = nearest(y, size[1], photo[1]);
        for x in 0..size[0] {
            let is_lesion = mask.is_set(nearest(x, size[0], photo[0]), row);
            rgba.extend(if is_lesion { opaque(colour) } else { [0; 4] });
        }
    }
    Layer { size, rgba }
}

/// The probability of each pixel in viridis, the more opaque the higher it is.
#[must_use]
pub fn heat_layer(map: &ProbabilityMap, max_side: usize) -> Layer {
    let colours: Vec<[u8; 4]> = (0..=255_u8)
        .map(|step| {
            let p = f32::from(step) / 255.0;
            let [r, g, b] = palette::heat(p);
            [r, g, b, (palette::heat_opacity(p) * 255.0).round() as u8]
        })
        .collect();
    map_layer(map, max_side, |p| colours[(p * 255.0).round() as usize])
}

/// Stripes of hatching along a layer's longest side, and how much of each is dark.
const STRIPES: f32 = 150.0;
const DARK_SHARE: f32 = 0.4;

/// Where network and reference differ: lesion for the network only is plain, for the reference only hatched; else
/// transparent.
///
/// # Panics
/// When the masks have different sizes.
#[must_use]
pub fn error_layer(prediction: &Mask, reference: &Mask, max_side: usize) -> Layer {
    assert_eq!(prediction.size(), reference.size(), "masks of one photo have one size");
    let photo = prediction.size();
    let size = layer_size(photo, max_side);
    let period = (size[0].max(size[1]) as f32 / STRIPES).max(4.0);
    let mut rgba = Vec::with_capacity(size[0] * size[1] * 4);
    for y in 0..size[1] {
        let row = nearest(y, size[1], photo[1]);
        for x in 0..size[0] {
            let column = nearest(x, size[0], photo[0]);
            rgba.extend(match (prediction.is_set(column, row), reference.is_set(column, row)) {
                (true, false) => opaque(palette::FALSE_POSITIVE),
                (false, true) => opaque(hatched((x + y) as f32 / period)),
                (true, true) | (false, false) => [0; 4],
            });
        }
    }
    Layer { size, rgba }
}

/// The colour of hatching `stripes` from its beginning: dark at the beginning of each stripe, with soft edges.
fn hatched(stripes: f32) -> Rgb {
    let from_middle = (stripes.fract() - DARK_SHARE / 2.0).abs();
    let from_middle = from_middle.min(1.0 - from_middle);
    let dark = ((DARK_SHARE / 2.0 - from_middle) / 0.1 + 0.5).clamp(0.0, 1.0);
    palette::over(palette::FALSE_NEGATIVE, palette::HALO, dark)
}

fn nearest(index: usize, of: usize, photo_side: u32) -> u32 {
    ((index as f64 + 0.5) * f64::from(photo_side) / of as f64) as u32
}

fn opaque(rgb: Rgb) -> [u8; 4] {
    [rgb[0], rgb[1], rgb[2], 255]
}

fn map_layer(map: &ProbabilityMap, max_side: usize, colour: impl Fn(f32) -> [u8; 4]) -> Layer {
    let size = layer_size(map.photo_size(), max_side);
    // The same field over a smaller picture: reduced once more only where the network's output is larger still.
    let sides = size.map(|side| side as u32);
    let over_layer = ProbabilityMap::new(map.network_size(), map.network_values().to_vec(), sides);
    let mut rgba = Vec::with_capacity(size[0] * size[1] * 4);
    over_layer.for_each_row(|row| {
        for &p in row {
            rgba.extend(colour(p));
        }
    });
    Layer { size, rgba }
}

/// Outlines of one colour, for [`outlined_photo`].
#[derive(Clone, Copy, Debug)]
pub struct Stroked<'a> {
    /// Closed lines in photo coordinates.
    pub outlines: &'a [Outline],
    /// Their colour.
    pub colour: Rgb,
}

/// The photo at full size, RGB, with each set of outlines drawn over a dark halo. The line is 2 px wide on a photo of
/// 1000 px and grows with the photo, so that it looks the same at any size.
#[must_use]
pub fn outlined_photo(photo: &Photo, strokes: &[Stroked<'_>]) -> Vec<u8> {
    let Some(mut canvas) = Pixmap::new(photo.width(), photo.height()) else { return photo.rgb().to_vec() };
    for (target, pixel) in canvas.pixels_mut().iter_mut().zip(photo.rgb().chunks_exact(3)) {
        if let Some(colour) = PremultipliedColorU8::from_rgba(pixel[0], pixel[1], pixel[2], 255) {
            *target = colour;
        }
    }
    let line_px = (photo.width().max(photo.height()) as f32 / 500.0).max(1.5);
    for stroke in strokes {
        draw_outlines(&mut canvas, stroke.outlines, palette::HALO, 0.6, line_px * 2.0);
    }
    for stroke in strokes {
        draw_outlines(&mut canvas, stroke.outlines, stroke.colour, 1.0, line_px);
    }
    canvas.pixels().iter().flat_map(|p| [p.red(), p.green(), p.blue()]).collect()
}

fn draw_outlines(canvas: &mut Pixmap, outlines: &[Outline], colour: Rgb, opacity: f32, width_px: f32) {
    let mut path = PathBuilder::new();
    for outline in outlines {
        let mut points = outline.iter();
        let Some(first) = points.next() else { continue };
        path.move_to(first[0], first[1]);
        for point in points {
            path.line_to(point[0], point[1]);
        }
        path.close();
    }
    let Some(path) = path.finish() else { return };
    let [r, g, b] = colour.map(|channel| f32::from(channel) / 255.0);
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    paint.set_color(Color::from_rgba(r, g, b, opacity).unwrap_or(Color::WHITE));
    let stroke =
        Stroke { width: width_px, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() };
    canvas.stroke_path(&path, &paint, &stroke, Transform::identity(), None);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::PhotoSource;

    #[test]
    fn the_error_view_shows_both_kinds_of_error_and_leaves_what_both_agree_on() {
        let prediction = Mask::new(4, 1, vec![1, 1, 0, 0]);
        let reference = Mask::new(4, 1, vec![1, 0, 1, 0]);
        let layer = error_layer(&prediction, &reference, 100);
        assert_eq!(layer.size, [4, 1]);
        let colours: Vec<&[u8]> = layer.rgba.chunks_exact(4).collect();
        assert_eq!(colours[0], [0; 4]);
        assert_eq!(colours[1], opaque(palette::FALSE_POSITIVE));
        assert_eq!(colours[2], opaque(hatched(0.5)));
        assert_eq!(colours[3], [0; 4]);
    }

    #[test]
    fn what_the_network_misses_is_hatched_across_its_whole_area() {
        let layer = error_layer(&Mask::empty([300, 200]), &Mask::new(300, 200, vec![1; 60_000]), 300);
        let shades = [palette::FALSE_NEGATIVE, palette::HALO].map(opaque);
        let counts = shades.map(|shade| layer.rgba.chunks_exact(4).filter(|pixel| **pixel == shade).count());
        assert!(counts.iter().all(|&count| count >= 15_000), "orange and dark: {counts:?}");
        let first_row = || layer.rgba.chunks_exact(4).take(300);
        let turns = first_row().zip(first_row().skip(1)).filter(|(one, next)| **next == shades[1] && one != next);
        assert_eq!(turns.count(), 75, "stripes of four pixels");
    }

    #[test]
    fn the_band_covers_what_lies_between_its_levels() {
        let map = ProbabilityMap::new([4, 1], vec![0.1, 0.2, 0.5, 0.9], [4, 1]);
        let layer = band_layer(&map, [0.2, 0.9], 100);
        let alphas: Vec<u8> = layer.rgba.chunks_exact(4).map(|pixel| pixel[3]).collect();
        assert_eq!(alphas, [0, 255, 255, 0]);
    }

    #[test]
    fn heat_leaves_skin_bare_and_covers_what_is_surely_lesion() {
        let map = ProbabilityMap::new([3, 1], vec![0.0, 0.25, 1.0], [3, 1]);
        let layer = heat_layer(&map, 100);
        let alphas: Vec<u8> = layer.rgba.chunks_exact(4).map(|pixel| pixel[3]).collect();
        assert_eq!(alphas, [0, 112, 255]);
        assert_eq!(layer.rgba[8..11], palette::heat(1.0));
    }

    #[test]
    fn a_layer_never_exceeds_its_largest_side_and_keeps_the_shape() {
        assert_eq!(layer_size([4000, 3000], 1000), [1000, 750]);
        assert_eq!(layer_size([40, 30], 1000), [40, 30]);
        assert_eq!(layer_size([100_000, 3], 1000), [1000, 1]);
    }

    #[test]
    fn the_fill_lights_exactly_the_mask() {
        let map = ProbabilityMap::new([4, 4], (0..16).map(|i| i as f32 / 15.0).collect(), [9, 7]);
        let mask = map.threshold(0.4);
        let layer = fill_layer(&map, 0.4, 100);
        let lit: Vec<u8> = layer.rgba.chunks_exact(4).map(|pixel| u8::from(pixel[3] > 0)).collect();
        assert_eq!(lit, mask.pixels());
    }

    #[test]
    fn a_masks_layer_lights_its_pixels_in_its_colour() {
        let layer = mask_layer(&Mask::new(3, 1, vec![0, 1, 0]), palette::SECOND, 100);
        assert_eq!(layer.rgba, [[0; 4], opaque(palette::SECOND), [0; 4]].concat());
    }

    #[test]
    fn an_outlined_photo_changes_along_the_line_only() {
        let photo = Photo::from_rgb(60, 40, vec![200; 60 * 40 * 3], PhotoSource::BuiltIn("grey"));
        let square = vec![[20.0, 10.0], [40.0, 10.0], [40.0, 30.0], [20.0, 30.0]];
        let rgb = outlined_photo(&photo, &[Stroked { outlines: &[square], colour: palette::PREDICTION }]);
        let at = |x: usize, y: usize| &rgb[(y * 60 + x) * 3..(y * 60 + x) * 3 + 3];
        assert_eq!(at(2, 2), [200; 3]);
        assert_eq!(at(30, 20), [200; 3]);
        assert!(at(30, 10)[2] > at(30, 10)[0], "the line is blue");
    }
}
