//! A photo on a page, or a part of it, and what is drawn on it in the photo's coordinates: lines over a dark halo, and labels
//! that keep clear of each other.

use krilla::geom::{Size, Transform};
use krilla::image::Image;
use krilla::surface::Surface;

use super::fonts::Fonts;
use super::ink::{self, LineStyle, polylines, rectangle};
use super::style::{ON_PHOTO, TextStyle};
use crate::geometry::contour::Outline;
use crate::overlay::band::BandLines;
use crate::overlay::palette;

/// Where a part of a photo lies on a page.
#[derive(Clone, Copy, Debug)]
pub(super) struct PhotoFrame {
    /// On the page: left, top, width, height.
    pub(super) place: [f32; 4],
    /// Of the photo, in its pixels: left, top, width, height.
    pub(super) shown: [f64; 4],
}

impl PhotoFrame {
    /// Points per pixel of the photo.
    pub(super) fn points_per_px(&self) -> f64 {
        f64::from(self.place[2]) / self.shown[2]
    }

    /// A point of the photo on the page.
    pub(super) fn at(&self, point: [f64; 2]) -> [f32; 2] {
        let scale = self.points_per_px();
        [0, 1].map(|axis| self.place[axis] + ((point[axis] - self.shown[axis]) * scale) as f32)
    }

    fn holds(&self, [left, top, width, height]: [f32; 4]) -> bool {
        let [x, y, w, h] = self.place;
        left >= x && top >= y && left + width <= x + w && top + height <= y + h
    }
}

/// A photo that is drawn on.
pub(super) struct PhotoCanvas<'s, 'a> {
    surface: &'s mut Surface<'a>,
    fonts: &'s Fonts,
    pub(super) frame: PhotoFrame,
    /// Where labels are: left, top, width, height.
    taken: Vec<[f32; 4]>,
}

/// How much wider a halo is than its line, on each side.
const HALO: f32 = 0.6;
/// Ink around a label's words.
const LABEL_PAD: [f32; 2] = [3.0, 1.5];

impl<'s, 'a> PhotoCanvas<'s, 'a> {
    pub(super) fn new(surface: &'s mut Surface<'a>, fonts: &'s Fonts, frame: PhotoFrame) -> Self {
        Self { surface, fonts, frame, taken: Vec::new() }
    }

    /// The picture of what is shown.
    pub(super) fn image(&mut self, image: &Image) {
        let [left, top, width, height] = self.frame.place;
        let Some(size) = Size::from_wh(width, height) else { return };
        self.surface.push_transform(&Transform::from_translate(left, top));
        self.surface.draw_image(image.clone(), size);
        self.surface.pop();
    }

    /// All of it in a dark tone.
    pub(super) fn dark(&mut self) {
        if let Some(path) = rectangle(self.frame.place) {
            ink::fill(self.surface, &path, palette::HALO, 1.0);
        }
    }

    /// Closed lines in the photo's coordinates.
    pub(super) fn outlines(&mut self, outlines: &[Outline], style: LineStyle) {
        let on_page = self.on_page(outlines);
        self.strokes(on_page.iter().map(Vec::as_slice), true, style);
    }

    /// The area between outer and inner lines, in the style's colour, and the lines thin.
    pub(super) fn band(&mut self, band: &BandLines, style: LineStyle) {
        let on_page = [&band.outer, &band.inner].map(|outlines| self.on_page(outlines)).concat();
        let Some(path) = polylines(on_page.iter().map(Vec::as_slice), true) else { return };
        ink::shade(self.surface, &path, style.colour, style.opacity);
        // Without a halo, so that the outline between them stands out.
        ink::line(self.surface, &path, LineStyle { width: 0.6, opacity: 1.0, ..style });
    }

    fn on_page(&self, outlines: &[Outline]) -> Vec<Vec<[f32; 2]>> {
        let points = |outline: &Outline| outline.iter().map(|point| self.frame.at(point.map(f64::from))).collect();
        outlines.iter().map(points).collect()
    }

    /// A straight line between points of the page.
    pub(super) fn line(&mut self, ends: [[f32; 2]; 2], style: LineStyle) {
        self.strokes([ends.as_slice()], false, style);
    }

    fn strokes<'p>(&mut self, lines: impl IntoIterator<Item = &'p [[f32; 2]]>, is_closed: bool, style: LineStyle) {
        let Some(path) = polylines(lines, is_closed) else { return };
        let halo = LineStyle {
            colour: palette::HALO,
            width: style.width + 2.0 * HALO,
            opacity: 0.6 * style.opacity,
            ..style
        };
        ink::line(self.surface, &path, halo);
        ink::line(self.surface, &path, style);
    }

    /// Width and height of the plate under a label's words.
    pub(super) fn label_size(&self, words: &str, style: TextStyle) -> [f32; 2] {
        [self.fonts.width(words, style) + 2.0 * LABEL_PAD[0], style.size + 2.0 * LABEL_PAD[1]]
    }

    /// Words on a dark plate, their middle at the first of `centres` where they lie on the photo and on no other label.
    /// Returns whether there was one.
    pub(super) fn label(&mut self, words: &str, centres: &[[f32; 2]], style: TextStyle) -> bool {
        let [width, height] = self.label_size(words, style);
        let places = centres.iter().map(|[x, y]| [x - width / 2.0, y - height / 2.0, width, height]);
        let is_free =
            |place: &[f32; 4]| self.frame.holds(*place) && !self.taken.iter().any(|other| meet(*place, *other));
        let Some(place) = places.into_iter().find(is_free) else { return false };
        self.plate(words, place, style);
        true
    }

    fn plate(&mut self, words: &str, place: [f32; 4], style: TextStyle) {
        self.taken.push(place);
        let Some(path) = rectangle(place) else { return };
        ink::fill(self.surface, &path, palette::HALO, 0.62);
        let [left, top, _, height] = place;
        let baseline = top + height / 2.0 + style.size * 0.36;
        ink::text(self.surface, self.fonts, words, [left + LABEL_PAD[0], baseline], style);
    }

    /// A bar of `length` points and what it stands for, in the lower left corner.
    pub(super) fn scale_bar(&mut self, length: f32, words: &str) {
        let [left, top, _, height] = self.frame.place;
        let (pad, words_width) = (7.0, self.fonts.width(words, ON_PHOTO));
        let plate = [left + 6.0, top + height - 25.0, length.max(words_width) + 2.0 * pad, 19.0];
        self.taken.push(plate);
        if let Some(path) = rectangle(plate) {
            ink::fill(self.surface, &path, palette::HALO, 0.62);
        }
        let middle = plate[0] + plate[2] / 2.0;
        let [from, to] = [middle - length / 2.0, middle + length / 2.0];
        let y = plate[1] + plate[3] - 4.5;
        for ends in [[[from, y], [to, y]], [[from, y - 2.5], [from, y + 2.5]], [[to, y - 2.5], [to, y + 2.5]]] {
            if let Some(path) = polylines([ends.as_slice()], false) {
                ink::line(self.surface, &path, LineStyle::new(ON_PHOTO.colour, 1.2));
            }
        }
        ink::text(self.surface, self.fonts, words, [middle - words_width / 2.0, y - 4.5], ON_PHOTO);
    }
}

fn meet([left, top, width, height]: [f32; 4], [x, y, w, h]: [f32; 4]) -> bool {
    left < x + w && x < left + width && top < y + h && y < top + height
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_of_the_photo_lies_where_its_part_is_shown() {
        let frame = PhotoFrame { place: [40.0, 100.0, 300.0, 200.0], shown: [1000.0, 500.0, 600.0, 400.0] };
        assert_eq!(frame.at([1000.0, 500.0]), [40.0, 100.0]);
        assert_eq!(frame.at([1600.0, 700.0]), [340.0, 200.0]);
        assert!(frame.holds([40.0, 100.0, 10.0, 10.0]) && !frame.holds([335.0, 100.0, 10.0, 10.0]));
    }

    #[test]
    fn plates_that_touch_do_not_meet() {
        assert!(!meet([0.0, 0.0, 10.0, 10.0], [10.0, 0.0, 10.0, 10.0]));
        assert!(meet([0.0, 0.0, 10.0, 10.0], [9.0, 9.0, 10.0, 10.0]));
    }
}
