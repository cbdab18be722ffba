//! A photo as it is seen whole: at several sizes, each half the one before, so that a picture is always drawn from one that is
//! little larger than itself. A graphics card would make the smaller ones too, but in the frame that brings the photo.

use std::sync::Arc;

use eframe::egui::{ColorImage, Context, TextureHandle, TextureOptions};

use crate::display::ToSrgb;
use crate::overlay::render;
use crate::resize;

/// Pixels of the longer side of the largest picture at most; closer looks are drawn from tiles of the photo itself.
const MOST_SIDE: usize = 2048;

/// The smallest picture has no longer side than this, unless the photo itself has.
const LEAST_SIDE: u32 = 512;

/// The pictures, the largest first; none where nobody waits for them.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    levels: Vec<Arc<ColorImage>>,
}

impl Overview {
    /// Of a photo of `size` = `[width, height]`, three bytes a pixel, reduced with antialiasing, in the screen's colours.
    #[must_use]
    pub fn of(rgb: &[u8], size: [u32; 2], to_srgb: Option<&ToSrgb>) -> Self {
        let mut size_now = render::layer_size(size, MOST_SIDE).map(|side| side as u32);
        let mut level = if size_now == size { rgb.to_vec() } else { resize::rgb(rgb, size, size_now) };
        if let Some(to_srgb) = to_srgb {
            to_srgb.apply(&mut level);
        }
        let mut levels = Vec::new();
        loop {
            levels.push(Arc::new(ColorImage::from_rgb(size_now.map(|side| side as usize), &level)));
            if size_now[0].max(size_now[1]) <= LEAST_SIDE {
                return Self { levels };
            }
            let half = size_now.map(|side| side.div_ceil(2));
            level = resize::rgb(&level, size_now, half);
            size_now = half;
        }
    }

    /// `[width, height]` of the largest picture.
    #[must_use]
    pub fn size(&self) -> [usize; 2] {
        self.levels.first().map_or([0; 2], |level| level.size)
    }

    /// Pixels of all pictures.
    #[must_use]
    pub fn pixels(&self) -> usize {
        self.levels.iter().map(|level| level.pixels.len()).sum()
    }

    /// Changes each picture.
    pub fn each(&mut self, change: impl Fn(&mut ColorImage)) {
        self.levels.iter_mut().map(Arc::make_mut).for_each(change);
    }

    /// The place of the smallest picture that is at least `width` pixels wide, or of the largest.
    fn level_for(&self, width: f32) -> usize {
        // Half a pixel is what rounding a photo's place on the screen makes.
        self.levels.iter().rposition(|level| level.size[0] as f32 + 0.5 >= width).unwrap_or(0)
    }
}

/// An overview on the graphics card: only those of its pictures that were drawn.
pub struct OverviewTextures {
    of: Arc<Overview>,
    levels: Vec<Option<TextureHandle>>,
    /// The place of the one that was drawn last.
    drawn: usize,
}

impl OverviewTextures {
    /// Nothing of it is on the card yet.
    #[must_use]
    pub fn new(of: Arc<Overview>) -> Self {
        let levels = vec![None; of.levels.len()];
        Self { of, levels, drawn: 0 }
    }

    /// What it shows.
    #[must_use]
    pub fn overview(&self) -> &Arc<Overview> {
        &self.of
    }

    /// The picture to be drawn `width` pixels of the screen wide, put on the card where it is not there yet.
    pub fn shown(&mut self, ctx: &Context, width: f32) -> Option<&TextureHandle> {
        let level = self.of.level_for(width);
        self.drawn = level;
        let (picture, texture) = (self.of.levels.get(level)?, self.levels.get_mut(level)?);
        let load = || ctx.load_texture("photo", Arc::clone(picture), TextureOptions::LINEAR);
        Some(texture.get_or_insert_with(load))
    }

    /// The picture that was drawn last, where one was.
    #[must_use]
    pub fn drawn(&self) -> Option<&TextureHandle> {
        self.levels.get(self.drawn)?.as_ref()
    }

    /// Whether the picture to be drawn `width` pixels wide is on the card.
    #[must_use]
    pub fn is_there(&self, width: f32) -> bool {
        self.levels.get(self.of.level_for(width)).is_none_or(Option::is_some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(size: [u32; 2]) -> Overview {
        let rgb: Vec<u8> = (0..size[0] * size[1]).flat_map(|at| [(at % size[0] % 251) as u8, 90, 7]).collect();
        Overview::of(&rgb, size, None)
    }

    fn sizes(overview: &Overview) -> Vec<[usize; 2]> {
        overview.levels.iter().map(|level| level.size).collect()
    }

    #[test]
    fn each_picture_is_half_the_one_before_down_to_a_small_one() {
        assert_eq!(sizes(&of([4097, 300])), [[2048, 149], [1024, 75], [512, 38]]);
        assert_eq!(sizes(&of([700, 900])), [[700, 900], [350, 450]]);
        assert_eq!(sizes(&of([300, 2])), [[300, 2]]);
        assert_eq!(of([700, 900]).pixels(), 700 * 900 + 350 * 450);
    }

    #[test]
    fn a_photo_is_drawn_from_the_smallest_that_is_large_enough() {
        let overview = of([2000, 100]);
        let places = [3000.0, 2000.0, 1001.0, 1000.4, 501.0, 500.0, 10.0].map(|width| overview.level_for(width));
        assert_eq!(places, [0, 0, 0, 1, 1, 2, 2]);
    }

    #[test]
    fn only_what_is_drawn_goes_to_the_card_and_once() {
        let ctx = Context::default();
        let mut textures = OverviewTextures::new(Arc::new(of([2000, 100])));
        assert!(!textures.is_there(900.0));
        let size = textures.shown(&ctx, 900.0).map(TextureHandle::size);
        assert_eq!(size, Some([1000, 50]));
        assert!(textures.is_there(900.0) && !textures.is_there(1100.0));
        ctx.tex_manager().write().take_delta().clear();
        textures.shown(&ctx, 950.0);
        assert!(ctx.tex_manager().write().take_delta().set.is_empty());
        assert!(OverviewTextures::new(Arc::default()).shown(&ctx, 1.0).is_none());
    }
}
