//! Where the tiles of a photo lie, and their pixels: squares with a border that they share with their neighbours.

use eframe::egui::{ColorImage, Pos2, Rect, pos2};

use crate::display::ToSrgb;
use crate::photo::Photo;

/// Photo pixels a tile is long and wide, without the border it shares with its neighbours.
pub const TILE_SIDE: u32 = 1024;

/// Column and row of a tile.
pub type TilePlace = (u32, u32);

/// A tile's pixels: its own, and one of each neighbour, so that interpolation meets no seam.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TileArea {
    inner: [u32; 4],
    outer: [u32; 4],
}

impl TileArea {
    pub(crate) fn new(size: [u32; 2], place: TilePlace) -> Self {
        let (left, top) = (place.0 * TILE_SIDE, place.1 * TILE_SIDE);
        let (right, bottom) = ((left + TILE_SIDE).min(size[0]), (top + TILE_SIDE).min(size[1]));
        let outer =
            [left.saturating_sub(1), top.saturating_sub(1), (right + 1).min(size[0]), (bottom + 1).min(size[1])];
        Self { inner: [left, top, right, bottom], outer }
    }

    /// Where it lies in the photo, in pixels.
    pub(crate) fn inner(&self) -> Rect {
        rect(self.inner)
    }

    /// What of the photo its texture shows: left, top, right, bottom in pixels.
    pub(crate) fn outer(&self) -> [u32; 4] {
        self.outer
    }

    /// What of its texture is its own.
    pub(crate) fn uv(&self) -> Rect {
        crate::app::model::geometry::uv_of(rect(self.inner), rect(self.outer))
    }

    pub(crate) fn picture(&self, photo: &Photo, to_srgb: Option<&ToSrgb>) -> ColorImage {
        let [left, top, right, bottom] = self.outer.map(|side| side as usize);
        let stride = photo.width() as usize * 3;
        let mut rgb = Vec::with_capacity((right - left) * (bottom - top) * 3);
        for row in top..bottom {
            rgb.extend_from_slice(&photo.rgb()[row * stride + left * 3..row * stride + right * 3]);
        }
        if let Some(to_srgb) = to_srgb {
            to_srgb.apply(&mut rgb);
        }
        ColorImage::from_rgb([right - left, bottom - top], &rgb)
    }
}

fn rect(sides: [u32; 4]) -> Rect {
    let point = |x: u32, y: u32| -> Pos2 { pos2(x as f32, y as f32) };
    Rect::from_min_max(point(sides[0], sides[1]), point(sides[2], sides[3]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::PhotoSource;

    fn ramp() -> Photo {
        let rgb: Vec<u8> = (0..1030_u32 * 2).flat_map(|i| [(i % 1030 % 256) as u8, (i / 1030) as u8, 7]).collect();
        Photo::from_rgb(1030, 2, rgb, PhotoSource::BuiltIn("ramp"))
    }

    #[test]
    fn tiles_share_a_border_and_stop_at_the_photos_edge() {
        let area = TileArea::new([2500, 1100], (2, 1));
        assert_eq!(area.inner, [2048, 1024, 2500, 1100]);
        assert_eq!(area.outer, [2047, 1023, 2500, 1100]);
    }

    #[test]
    fn a_tile_holds_the_photos_own_pixels() {
        let photo = ramp();
        let picture = TileArea::new(photo.size(), (1, 0)).picture(&photo, None);
        assert_eq!(picture.size, [7, 2]);
        assert_eq!(picture.pixels[8].to_array(), [0, 1, 7, 255], "column 1024 of the second row");
    }
}
