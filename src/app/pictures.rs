//! Pictures on the graphics card: the photo's overview, tiles of it for a closer look, the overlay's layer, thumbnails.
//!
//! No texture is larger than 2048 a side, which every graphics card takes; a photo of any size is shown from tiles.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use eframe::egui::{self, ColorImage, TextureHandle, TextureOptions};

use super::background::{Newest, Report};
use super::cleared_pictures::ClearedPictures;
use super::model::state::State;
use super::outline_tiles::OutlineTiles;
use super::overview::{Overview, OverviewTextures};
use super::paint_tiles::PaintTiles;
use super::tasks::thumbnails::{self, ThumbnailTask};
use super::tasks::tiles::{self, TileRequest, TileTask};
use super::tile_area::TilePlace;
use super::update::effect::PictureChange;
use crate::display::ToSrgb;
use crate::overlay::view::OverlayView;
use crate::photo::Photo;

/// Thumbnails kept; beyond it those out of sight go.
const MOST_THUMBNAILS: usize = 512;

/// A thumbnail by its state.
pub enum ThumbnailTexture {
    Ready(TextureHandle),
    /// The file could not be read; the entry says why once it is opened.
    Failed,
}

/// Tiles put on the graphics card in one frame: each is 4 MB.
const TILES_A_FRAME: usize = 2;

/// Everything the window has on the graphics card, and the threads that make what is missing.
pub struct Pictures {
    overview: Option<OverviewTextures>,
    /// Overviews of photographs in memory, on the card before they are shown.
    overviews: Vec<OverviewTextures>,
    /// Pixels of the screen that a photo was wide on it last.
    shown_width: f32,
    tiles: HashMap<TilePlace, TextureHandle>,
    layer: Option<(OverlayView, TextureHandle)>,
    /// Layers of both sides of a comparison.
    sides: [Option<(OverlayView, TextureHandle)>; 2],
    thumbnails: HashMap<PathBuf, ThumbnailTexture>,
    /// The photo without what is hidden.
    cleared: ClearedPictures,
    /// The camera's newest frame.
    frame: Option<TextureHandle>,
    /// What the loupe shows.
    loupe: Option<TextureHandle>,
    /// The mask that is being corrected.
    pub paint: PaintTiles,
    /// Its outline, which is on no graphics card, and changes with it.
    pub outline: OutlineTiles,
    /// The photo that tiles are cut of.
    tiled: Option<(Arc<Photo>, Option<ToSrgb>)>,
    tile_work: Newest<TileTask>,
    thumbnail_work: Newest<ThumbnailTask>,
}

impl Pictures {
    /// Starts the threads; `wake` is called after each picture.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(wake: impl Fn() + Clone + Send + 'static) -> std::io::Result<Self> {
        let tile_work = Newest::start("tiles", tiles::PRECEDENCE, TileTask::default, wake.clone())?;
        let cleared = ClearedPictures::start(wake.clone())?;
        let thumbnail_work = Newest::start("thumbnails", thumbnails::PRECEDENCE, ThumbnailTask::default, wake)?;
        Ok(Self {
            overview: None,
            overviews: Vec::new(),
            shown_width: 0.0,
            tiles: HashMap::new(),
            layer: None,
            sides: [None, None],
            thumbnails: HashMap::new(),
            cleared,
            frame: None,
            loupe: None,
            paint: PaintTiles::default(),
            outline: OutlineTiles::default(),
            tiled: None,
            tile_work,
            thumbnail_work,
        })
    }

    /// Puts a picture on the graphics card, or takes it away.
    pub fn take(&mut self, ctx: &egui::Context, picture: PictureChange) {
        match picture {
            PictureChange::Overview(overview) => self.set_photo(overview),
            PictureChange::Layer(view, layer) => self.set_layer(ctx, view, layer),
            PictureChange::Side(place, layer) => {
                self.set_side(place, layer.map(|(view, layer)| (ctx, view, layer)));
            }
            PictureChange::Frame(picture) => self.set_frame(ctx, picture),
            PictureChange::FrameEnded => self.frame = None,
            PictureChange::Painted(area) => {
                self.paint.mark(area);
                self.outline.mark(area);
            }
            PictureChange::PaintEnded => {
                self.paint.clear();
                self.outline.clear();
            }
        }
    }

    /// Takes what the threads have made, a few tiles a frame; tiles are those of `state`'s photo from now on. Returns
    /// whether a picture could not be made for a fault of our own.
    #[must_use]
    pub fn proceed(&mut self, ctx: &egui::Context, state: &State) -> bool {
        let mut has_panicked = false;
        let photo = state.current.photo.as_ref();
        if photo.map(Arc::as_ptr) != self.tiled.as_ref().map(|(tiled, _)| Arc::as_ptr(tiled)) {
            self.tiled = photo.map(|photo| (Arc::clone(photo), state.current.profile.to_srgb().cloned()));
            self.tile_work.cancel_all();
            self.tiles.clear();
        }
        let progress = self.cleared.proceed(state);
        has_panicked |= progress.has_panicked;
        if progress.has_changed {
            self.tile_work.cancel_all();
            self.tiles.clear();
        }
        self.bring_overview(ctx, state);
        while let Some(report) = self.thumbnail_work.poll() {
            match report {
                Report::Outcome((path, made)) => self.set_thumbnail(ctx, path, made),
                Report::Panicked => has_panicked = true,
            }
        }
        for _ in 0..TILES_A_FRAME {
            match self.tile_work.poll() {
                Some(Report::Outcome((place, picture))) => self.set_tile(ctx, place, picture),
                Some(Report::Panicked) => has_panicked = true,
                None => return has_panicked,
            }
        }
        ctx.request_repaint();
        has_panicked
    }

    /// Puts what the loupe shows on the graphics card.
    pub fn loupe(&mut self, ctx: &egui::Context, picture: ColorImage) -> egui::TextureId {
        if let Some(texture) = &mut self.loupe {
            texture.set(picture, TextureOptions::NEAREST);
            return texture.id();
        }
        self.loupe.insert(ctx.load_texture("loupe", picture, TextureOptions::NEAREST)).id()
    }

    /// Writes the camera's newest frame over the one before, in the same texture where it has its size.
    fn set_frame(&mut self, ctx: &egui::Context, picture: Arc<ColorImage>) {
        match &mut self.frame {
            Some(texture) if texture.size() == picture.size => {
                texture.set_partial([0, 0], picture, TextureOptions::LINEAR);
            }
            frame => *frame = Some(ctx.load_texture("frame", picture, TextureOptions::LINEAR)),
        }
    }

    /// The camera's newest frame.
    #[must_use]
    pub fn frame(&self) -> Option<&TextureHandle> {
        self.frame.as_ref()
    }

    /// Asks for a tile of the photo, unless that was done already.
    pub fn want_tile(&self, place: TilePlace) {
        if let Some((photo, to_srgb)) = &self.tiled {
            let (photo, to_srgb) = (Arc::clone(photo), to_srgb.clone());
            let cleared = self.cleared.photo().cloned();
            self.tile_work.send_once(TileRequest { place, photo, to_srgb, cleared });
        }
    }

    /// Asks for the thumbnail of `path`, unless that was done already.
    pub fn want_thumbnail(&self, path: &Path) {
        self.thumbnail_work.send_once(path.to_owned());
    }

    /// Whether every picture that was asked for is there.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.tile_work.is_idle() && self.thumbnail_work.is_idle() && self.cleared.is_idle()
    }

    /// Lets go of every picture: the visitor has left.
    pub fn forget(&mut self) {
        self.tile_work.cancel_all();
        self.thumbnail_work.cancel_all();
        (self.overview, self.layer, self.sides, self.tiled) = (None, None, [None, None], None);
        self.overviews.clear();
        (self.loupe, self.frame) = (None, None);
        self.cleared.clear();
        self.tiles.clear();
        self.thumbnails.clear();
        self.paint.clear();
        self.outline.clear();
    }

    /// Puts a new photo's overview in place of the old photo's pictures.
    fn set_photo(&mut self, overview: Arc<Overview>) {
        let known = self.overviews.iter().position(|known| Arc::ptr_eq(known.overview(), &overview));
        let next = known.map(|place| self.overviews.swap_remove(place));
        // The former one may come back, and goes where it is in memory no more.
        self.overviews.extend(self.overview.take());
        self.overview = Some(next.unwrap_or_else(|| OverviewTextures::new(overview)));
        self.layer = None;
        self.sides = [None, None];
    }

    /// Brings the overview of a photograph in memory onto the card, one a frame, when the one on the canvas is there: some
    /// megabytes. Lets go of those that are no longer in memory.
    fn bring_overview(&mut self, ctx: &egui::Context, state: &State) {
        let ahead = &state.read_ahead;
        self.overviews.retain(|there| ahead.overviews().any(|kept| Arc::ptr_eq(kept, there.overview())));
        if state.is_busy() || self.shown_width <= 0.0 {
            return;
        }
        let here = self.overview.as_ref().map(|here| Arc::as_ptr(here.overview()));
        for kept in ahead.overviews().filter(|kept| Some(Arc::as_ptr(kept)) != here) {
            if !self.overviews.iter().any(|there| Arc::ptr_eq(kept, there.overview())) {
                self.overviews.push(OverviewTextures::new(Arc::clone(kept)));
            }
        }
        let width = self.shown_width;
        if let Some(missing) = self.overviews.iter_mut().find(|there| !there.is_there(width)) {
            missing.shown(ctx, width);
            ctx.request_repaint();
        }
    }

    /// Puts a layer over one side of a comparison in place, or takes it away.
    fn set_side(&mut self, place: usize, layer: Option<(&egui::Context, OverlayView, ColorImage)>) {
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

    /// The photo as it is seen whole, `width` pixels of the screen wide: without what is hidden, once a person wants that and
    /// it is there, or as it is stored.
    pub fn overview(&mut self, ctx: &egui::Context, width: f32, is_as_stored: bool) -> Option<&TextureHandle> {
        self.shown_width = width;
        let cleared = self.cleared.overview().filter(|_| !is_as_stored);
        cleared.or(self.overview.as_mut())?.shown(ctx, width)
    }

    /// The largest picture of the photo as it is seen whole, `[width, height]`.
    #[must_use]
    pub fn overview_size(&self) -> [usize; 2] {
        self.overview.as_ref().map_or([0; 2], |overview| overview.overview().size())
    }

    /// The photo's picture that was drawn last.
    #[must_use]
    pub fn drawn_overview(&self) -> Option<&TextureHandle> {
        self.overview.as_ref().and_then(OverviewTextures::drawn)
    }

    /// Whether the photo is there without what is hidden; tiles are without it, too.
    #[must_use]
    pub fn is_cleared(&self) -> bool {
        self.cleared.photo().is_some()
    }

    /// Puts the overlay's layer in place.
    fn set_layer(&mut self, ctx: &egui::Context, view: OverlayView, picture: ColorImage) {
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
    fn set_tile(&mut self, ctx: &egui::Context, place: TilePlace, picture: ColorImage) {
        self.tiles.insert(place, ctx.load_texture("tile", picture, TextureOptions::LINEAR));
    }

    /// The tile at a place, once it is there.
    #[must_use]
    pub fn tile(&self, place: TilePlace) -> Option<&TextureHandle> {
        self.tiles.get(&place)
    }

    /// Lets go of tiles that `is_in_sight` does not want, when many have gathered.
    pub fn prune_tiles(&mut self, is_in_sight: impl Fn(TilePlace) -> bool) {
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
    fn set_thumbnail(&mut self, ctx: &egui::Context, path: PathBuf, made: Result<ColorImage, String>) {
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
