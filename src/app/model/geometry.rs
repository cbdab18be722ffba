//! Where the photo lies on the canvas: from photo pixels to screen points and back.

use eframe::egui::{Pos2, Rect, Vec2, pos2, vec2};
use serde::{Deserialize, Serialize};

/// Space left around a photo that is fitted, in points.
const FIT_MARGIN: f32 = 28.0;

/// Smallest and largest zoom in screen pixels a photo pixel.
const ZOOM_RANGE: std::ops::RangeInclusive<f32> = 0.02..=40.0;

/// Which part of the photo is shown: zoom and centre.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ViewTransform {
    /// All of it, whatever the window's size.
    #[default]
    Fit,
    /// A zoom in screen pixels a photo pixel, and the photo point in the middle of the canvas as shares of its size,
    /// so that going to the next photo keeps both.
    At {
        /// Screen pixels a photo pixel.
        zoom: f32,
        /// `[x, y]` in `0..=1` of the photo's width and height.
        centre: [f32; 2],
    },
}

/// The photo on the canvas.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Geometry {
    /// The canvas, in points.
    pub canvas: Rect,
    /// The whole photo, in points; may reach far beyond the canvas.
    pub photo: Rect,
    /// Screen pixels a photo pixel.
    pub zoom: f32,
}

impl Geometry {
    /// Lays a photo of `size` pixels on `canvas` as `view_transform` says; `pixels_per_point` is the screen's.
    #[must_use]
    pub fn new(canvas: Rect, size: [u32; 2], view_transform: ViewTransform, pixels_per_point: f32) -> Self {
        let size = vec2(size[0] as f32, size[1] as f32);
        let (zoom, centre) = match view_transform {
            ViewTransform::Fit => (fit_zoom(canvas, size) * pixels_per_point, [0.5, 0.5]),
            ViewTransform::At { zoom, centre } => (zoom, centre),
        };
        let on_screen = size * (zoom / pixels_per_point);
        let corner = canvas.center() - vec2(on_screen.x * centre[0], on_screen.y * centre[1]);
        Self { canvas, photo: Rect::from_min_size(corner, on_screen), zoom }
    }

    /// Points a photo pixel.
    #[must_use]
    pub fn points_per_px(&self, size: [u32; 2]) -> f32 {
        self.photo.width() / size[0] as f32
    }

    /// The screen point of a photo coordinate.
    #[must_use]
    pub fn screen_from_image(&self, point: [f32; 2], size: [u32; 2]) -> Pos2 {
        let scale = self.points_per_px(size);
        self.photo.min + vec2(point[0], point[1]) * scale
    }

    /// The photo coordinate of a screen point, also beside the photo.
    #[must_use]
    pub fn image_point(&self, point: Pos2, size: [u32; 2]) -> [f32; 2] {
        let inside = (point - self.photo.min) / self.points_per_px(size);
        [inside.x, inside.y]
    }

    /// The photo pixel under a screen point, or `None` beside the photo.
    #[must_use]
    pub fn image_from_screen(&self, point: Pos2, size: [u32; 2]) -> Option<[u32; 2]> {
        let inside = (point - self.photo.min) / self.points_per_px(size);
        let is_inside =
            inside.x >= 0.0 && inside.y >= 0.0 && inside.x < size[0] as f32 && inside.y < size[1] as f32;
        is_inside.then_some([inside.x as u32, inside.y as u32])
    }

    /// The view after zooming by `factor` with the photo point under `anchor` staying where it is.
    #[must_use]
    pub fn zoomed(&self, factor: f32, anchor: Pos2) -> ViewTransform {
        let zoom = (self.zoom * factor).clamp(*ZOOM_RANGE.start(), *ZOOM_RANGE.end());
        let factor = zoom / self.zoom;
        let corner = anchor + (self.photo.min - anchor) * factor;
        self.transform_of(Rect::from_min_size(corner, self.photo.size() * factor), zoom)
    }

    /// The view after moving the photo by `delta` points.
    #[must_use]
    pub fn panned(&self, delta: Vec2) -> ViewTransform {
        self.transform_of(self.photo.translate(delta), self.zoom)
    }

    /// The view at `zoom` around the middle of the canvas.
    #[must_use]
    pub fn zoomed_to(&self, zoom: f32) -> ViewTransform {
        self.zoomed(zoom / self.zoom, self.canvas.center())
    }

    /// The view that shows `photo` so; some of the photo always stays in sight.
    fn transform_of(&self, photo: Rect, zoom: f32) -> ViewTransform {
        let share = (self.canvas.center() - photo.min) / photo.size();
        ViewTransform::At { zoom, centre: [share.x.clamp(0.0, 1.0), share.y.clamp(0.0, 1.0)] }
    }
}

/// Points a photo pixel at which the whole photo is seen.
fn fit_zoom(canvas: Rect, size: Vec2) -> f32 {
    let room = (canvas.size() - Vec2::splat(2.0 * FIT_MARGIN)).max(Vec2::splat(16.0));
    (room.x / size.x).min(room.y / size.y)
}

/// The part of the photo that is in sight, as texture coordinates of `of`.
#[must_use]
pub fn uv_of(part: Rect, of: Rect) -> Rect {
    let share = |point: Pos2| {
        let inside = (point - of.min) / of.size();
        pos2(inside.x, inside.y)
    };
    Rect::from_min_max(share(part.min), share(part.max))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANVAS: Rect = Rect { min: pos2(100.0, 50.0), max: pos2(900.0, 650.0) };
    const SIZE: [u32; 2] = [4000, 3000];

    #[test]
    fn a_fitted_photo_lies_in_the_middle_with_its_margin() {
        let geometry = Geometry::new(CANVAS, SIZE, ViewTransform::Fit, 1.0);
        assert_eq!(geometry.photo.center(), CANVAS.center());
        assert!((geometry.photo.height() - (600.0 - 2.0 * FIT_MARGIN)).abs() < 0.01);
    }

    #[test]
    fn zooming_keeps_the_point_under_the_cursor() {
        let geometry = Geometry::new(CANVAS, SIZE, ViewTransform::Fit, 2.0);
        let cursor = pos2(300.0, 200.0);
        let before = geometry.image_from_screen(cursor, SIZE);
        let zoomed = Geometry::new(CANVAS, SIZE, geometry.zoomed(3.0, cursor), 2.0);
        assert!((zoomed.zoom / geometry.zoom - 3.0).abs() < 1e-4);
        let after = zoomed.image_from_screen(cursor, SIZE);
        let (Some(before), Some(after)) = (before, after) else { panic!("the cursor is on the photo") };
        assert!(before[0].abs_diff(after[0]) <= 2 && before[1].abs_diff(after[1]) <= 2, "{before:?} {after:?}");
    }

    #[test]
    fn one_to_one_is_a_screen_pixel_a_photo_pixel_on_a_fine_screen() {
        let geometry = Geometry::new(CANVAS, SIZE, ViewTransform::At { zoom: 1.0, centre: [0.5, 0.5] }, 2.0);
        assert!((geometry.points_per_px(SIZE) - 0.5).abs() < 1e-6);
    }

    #[test]
    fn screen_and_image_coordinates_are_each_others_inverse() {
        let geometry = Geometry::new(CANVAS, SIZE, ViewTransform::At { zoom: 1.7, centre: [0.3, 0.8] }, 1.0);
        let screen = geometry.screen_from_image([1234.5, 2345.5], SIZE);
        assert_eq!(geometry.image_from_screen(screen, SIZE), Some([1234, 2345]));
        assert_eq!(geometry.image_from_screen(pos2(-1e6, 0.0), SIZE), None);
    }

    #[test]
    fn a_photo_can_be_moved_aside_but_not_lost() {
        let geometry = Geometry::new(CANVAS, SIZE, ViewTransform::Fit, 1.0);
        let ViewTransform::At { centre, .. } = geometry.panned(vec2(1e5, -1e5)) else { panic!("a pan is no fit") };
        assert_eq!(centre, [0.0, 1.0]);
    }
}
