//! Pictures on the graphics card: the photo's overview, tiles of it for a closer look, the overlay's layer, thumbnails.
//!
//! No texture is larger than 2048 a side, which every graphics card takes; a photo of any size is shown from tiles,
//! made when they come into sight, a few a frame.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use eframe::egui::{self, ColorImage, Pos2, Rect, TextureHandle, TextureOptions, pos2};

use super::command::OverlayView;
use super::paint_tiles::PaintTiles;
use super::display::Overview;
use crate::display::{Dress, Tone};
use crate::photo::Photo;

/// Photo pixels a tile is long and wide, without the border it shares with its neighbours.
pub const TILE_SIDE: u32 = 1024;

/// Tiles made in one frame: each copies 4 MB.
const TILES_A_FRAME: usize = 2;

/// Thumbnails kept; beyond it those out of sight go.
const MOST_THUMBNAILS: usize = 512;

/// A thumbnail by its state.
pub enum ThumbnailTexture {
    /// There.
    Ready(TextureHandle),
    /// The file could not be read; the entry says why once it is opened.
    Failed,
}

/// Everything the window has on the graphics card.
#[derive(Default)]
pub struct Textures {
    overview: Option<TextureHandle>,
    /// The overview without a tone, for the next one.
    plain: Option<Arc<ColorImage>>,
    /// What tiles are shown through.
    dress: Dress,
    tiles: HashMap<(u32, u32), TextureHandle>,
    layer: Option<(OverlayView, TextureHandle)>,
    /// Layers of both sides of a comparison.
    sides: [Option<(OverlayView, TextureHandle)>; 2],
    thumbnails: HashMap<PathBuf, ThumbnailTexture>,
    /// The mask that is being corrected.
    pub paint: PaintTiles,
}

impl Textures {
    /// Puts a new photo's overview in place of the old photo's pictures.
    pub fn set_photo(&mut self, ctx: &egui::Context, overview: Overview, tone: Tone) {
        let Overview { plain, toned, to_srgb, .. } = overview;
        self.set_overview(ctx, toned.unwrap_or_else(|| plain.as_ref().clone()));
        self.plain = Some(plain);
        self.dress = Dress { to_srgb, tone };
        self.tiles.clear();
        self.layer = None;
        self.sides = [None, None];
    }

    /// Puts a layer over one side of a comparison in place, or takes it away.
    pub fn set_side(&mut self, place: usize, layer: Option<(&egui::Context, OverlayView, ColorImage)>) {
        let load = |(ctx, view, picture): (&egui::Context, _, _)| {
            (view, ctx.load_texture("side", picture, TextureOptions::LINEAR))
        };
        self.sides[place] = layer.map(load);
    }

    /// The layer of a side, when it is the one of `view`.
    #[must_use]
    pub fn side(&self, place: usize, view: OverlayView) -> Option<&TextureHandle> {
        self.sides[place].as_ref().filter(|(shown, _)| *shown == view).map(|(_, texture)| texture)
    }

    /// Puts the overview in another tone in place.
    pub fn set_overview(&mut self, ctx: &egui::Context, picture: ColorImage) {
        let options = TextureOptions { mipmap_mode: Some(egui::TextureFilter::Linear), ..TextureOptions::LINEAR };
        self.overview = Some(ctx.load_texture("photo", picture, options));
    }

    /// From now on tiles come in `tone`; those that are there are made again, a few a frame.
    pub fn set_tone(&mut self, tone: Tone) {
        self.dress.tone = tone;
        self.tiles.clear();
    }

    /// The overview without a tone.
    #[must_use]
    pub fn plain_overview(&self) -> Option<Arc<ColorImage>> {
        self.plain.clone()
    }

    /// The photo's overview.
    #[must_use]
    pub fn overview(&self) -> Option<&TextureHandle> {
        self.overview.as_ref()
    }

    /// Puts the overlay's layer in place.
    pub fn set_layer(&mut self, ctx: &egui::Context, view: OverlayView, picture: ColorImage) {
        match &mut self.layer {
            Some((shown, texture)) if texture.size() == picture.size => {
                *shown = view;
                texture.set(picture, TextureOptions::LINEAR);
            }
            layer => *layer = Some((view, ctx.load_texture("layer", picture, TextureOptions::LINEAR))),
        }
    }

    /// The layer, when it is the one of `view`.
    #[must_use]
    pub fn layer(&self, view: OverlayView) -> Option<&TextureHandle> {
        self.layer.as_ref().filter(|(shown, _)| *shown == view).map(|(_, texture)| texture)
    }

    /// The tile at column and row, and where it lies in the photo (pixels) with its texture coordinates; makes it
    /// when `budget` allows.
    pub fn tile(
        &mut self,
        ctx: &egui::Context,
        photo: &Photo,
        place: (u32, u32),
        budget: &mut TileBudget,
    ) -> Option<(egui::TextureId, Rect, Rect)> {
        let area = TileArea::new(photo.size(), place);
        let texture = match self.tiles.entry(place) {
            Entry::Occupied(made) => made.into_mut(),
            Entry::Vacant(_) if budget.left == 0 => {
                budget.is_exceeded = true;
                return None;
            }
            Entry::Vacant(missing) => {
                budget.left -= 1;
                missing.insert(ctx.load_texture("tile", area.picture(photo, &self.dress), TextureOptions::LINEAR))
            }
        };
        Some((texture.id(), area.inner(), area.uv()))
    }

    /// Lets go of tiles that `is_in_sight` does not want, when many have gathered.
    pub fn prune_tiles(&mut self, is_in_sight: impl Fn((u32, u32)) -> bool) {
        if self.tiles.len() > 24 {
            self.tiles.retain(|&place, _| is_in_sight(place));
        }
    }

    /// The thumbnail of `path`, once it is made.
    #[must_use]
    pub fn thumbnail(&self, path: &Path) -> Option<&ThumbnailTexture> {
        self.thumbnails.get(path)
    }

    /// Puts a thumbnail in place.
    pub fn set_thumbnail(&mut self, ctx: &egui::Context, path: PathBuf, made: Result<ColorImage, String>) {
        if self.thumbnails.len() > MOST_THUMBNAILS {
            self.thumbnails.clear();
        }
        let thumbnail = match made {
            Ok(picture) => ThumbnailTexture::Ready(ctx.load_texture("thumbnail", picture, TextureOptions::LINEAR)),
            Err(error) => {
                log::info!("no thumbnail: {error}");
                ThumbnailTexture::Failed
            }
        };
        self.thumbnails.insert(path, thumbnail);
    }
}

/// How many tiles may still be made in this frame.
pub struct TileBudget {
    left: usize,
    /// More were wanted: another frame is needed.
    pub is_exceeded: bool,
}

impl Default for TileBudget {
    fn default() -> Self {
        Self { left: TILES_A_FRAME, is_exceeded: false }
    }
}

/// A tile's pixels: its own, and one of each neighbour, so that interpolation meets no seam.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct TileArea {
    inner: [u32; 4],
    outer: [u32; 4],
}

impl TileArea {
    fn new(size: [u32; 2], place: (u32, u32)) -> Self {
        let (left, top) = (place.0 * TILE_SIDE, place.1 * TILE_SIDE);
        let (right, bottom) = ((left + TILE_SIDE).min(size[0]), (top + TILE_SIDE).min(size[1]));
        let outer =
            [left.saturating_sub(1), top.saturating_sub(1), (right + 1).min(size[0]), (bottom + 1).min(size[1])];
        Self { inner: [left, top, right, bottom], outer }
    }

    fn inner(&self) -> Rect {
        rect(self.inner)
    }

    fn uv(&self) -> Rect {
        super::geometry::uv_of(rect(self.inner), rect(self.outer))
    }

    fn picture(&self, photo: &Photo, dress: &Dress) -> ColorImage {
        let [left, top, right, bottom] = self.outer.map(|side| side as usize);
        let stride = photo.width() as usize * 3;
        let mut rgb = Vec::with_capacity((right - left) * (bottom - top) * 3);
        for row in top..bottom {
            rgb.extend_from_slice(&photo.rgb()[row * stride + left * 3..row * stride + right * 3]);
        }
        dress.apply(&mut rgb);
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

    #[test]
    fn tiles_share_a_border_and_stop_at_the_photos_edge() {
        let area = TileArea::new([2500, 1100], (2, 1));
        assert_eq!(area.inner, [2048, 1024, 2500, 1100]);
        assert_eq!(area.outer, [2047, 1023, 2500, 1100]);
    }

    #[test]
    fn a_tile_holds_the_photos_own_pixels() {
        let rgb: Vec<u8> = (0..1030_u32 * 2).flat_map(|i| [(i % 1030 % 256) as u8, (i / 1030) as u8, 7]).collect();
        let photo = Photo::from_rgb(1030, 2, rgb, PhotoSource::BuiltIn("ramp"));
        let picture = TileArea::new(photo.size(), (1, 0)).picture(&photo, &Dress::default());
        assert_eq!(picture.size, [7, 2]);
        assert_eq!(picture.pixels[8].to_array(), [0, 1, 7, 255], "column 1024 of the second row");
    }
}
