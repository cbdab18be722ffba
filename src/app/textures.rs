//! Pictures on the graphics card: the photo's overview, tiles of it for a closer look, the overlay's layer, thumbnails.
//!
//! No texture is larger than 2048 a side, which every graphics card takes; a photo of any size is shown from tiles.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use eframe::egui::{self, ColorImage, TextureHandle, TextureOptions};

use super::command::OverlayView;
use super::paint_tiles::PaintTiles;
use super::tiles::Place;

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
    tiles: HashMap<Place, TextureHandle>,
    layer: Option<(OverlayView, TextureHandle)>,
    /// Layers of both sides of a comparison.
    sides: [Option<(OverlayView, TextureHandle)>; 2],
    thumbnails: HashMap<PathBuf, ThumbnailTexture>,
    /// The mask that is being corrected.
    pub paint: PaintTiles,
}

impl Textures {
    /// Puts a new photo's overview in place of the old photo's pictures.
    pub fn set_photo(&mut self, ctx: &egui::Context, overview: ColorImage) {
        let options = TextureOptions { mipmap_mode: Some(egui::TextureFilter::Linear), ..TextureOptions::LINEAR };
        self.overview = Some(ctx.load_texture("photo", overview, options));
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

    /// Puts a tile of the photo in place.
    pub fn set_tile(&mut self, ctx: &egui::Context, place: Place, picture: ColorImage) {
        self.tiles.insert(place, ctx.load_texture("tile", picture, TextureOptions::LINEAR));
    }

    /// The tile at a place, once it is there.
    #[must_use]
    pub fn tile(&self, place: Place) -> Option<&TextureHandle> {
        self.tiles.get(&place)
    }

    /// Lets go of tiles that `is_in_sight` does not want, when many have gathered.
    pub fn prune_tiles(&mut self, is_in_sight: impl Fn(Place) -> bool) {
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
