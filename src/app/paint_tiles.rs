//! The mask that is being corrected, or a stroke's trace on it, on the graphics card: tiles of which only the part that
//! changed is sent again.
//!
//! A texel covers one photo pixel, or two by two, four by four and so on where the photo is seen from afar, so that a
//! texel is never much smaller than a pixel of the screen; it is as opaque as its share of lesion, or of what the stroke
//! has changed.

use std::collections::HashMap;
use std::ops::Range;

use eframe::egui::{Color32, ColorImage, Context, TextureFilter, TextureHandle, TextureId, TextureOptions};

use crate::geometry::area::Area;
use crate::mask::Mask;
use crate::overlay::palette;

/// Texels a tile is long and wide.
const TILE_TEXELS: u32 = 512;

/// Texels sent in one frame, nearly: 4 MB.
const TEXELS_A_FRAME: u32 = 1 << 20;

/// From afar edges are averaged; close to, pixels are seen as they are.
const OPTIONS: TextureOptions = TextureOptions {
    magnification: TextureFilter::Nearest,
    minification: TextureFilter::Linear,
    ..TextureOptions::LINEAR
};

const EVERYTHING: Area = Area { left: 0, top: 0, right: u32::MAX, bottom: u32::MAX };

/// What the tiles show.
#[derive(Clone, Copy)]
pub enum PaintedMask<'a> {
    /// All of a mask's lesion.
    Lesion(&'a Mask),
    /// What a stroke under way has given to the mask `before` it, and taken from it.
    Trace { mask: &'a Mask, before: &'a Mask },
}

impl PaintedMask<'_> {
    fn mask(&self) -> &Mask {
        match self {
            Self::Lesion(mask) | Self::Trace { mask, .. } => mask,
        }
    }

    fn is_trace(&self) -> bool {
        matches!(self, Self::Trace { .. })
    }
}

/// A tile, and what of it is not on the card yet.
struct Tile {
    texture: TextureHandle,
    stale: Option<Area>,
}

/// The tiles of one mask at one scale.
#[derive(Default)]
pub struct PaintTiles {
    /// They show a trace, not the lesion.
    is_trace: bool,
    /// Photo pixels that a texel is long and wide.
    stride: u32,
    tiles: HashMap<(u32, u32), Tile>,
    /// For the bench: everything is sent, at a texel a photo pixel.
    is_whole: bool,
}

impl PaintTiles {
    /// Lets go of everything.
    pub fn clear(&mut self) {
        self.tiles.clear();
    }

    /// Whether every change sends all of the mask that is in sight, at a texel a photo pixel: what the bench compares with.
    pub fn send_whole(&mut self, is_whole: bool) {
        self.is_whole = is_whole;
    }

    /// Notes that the mask has changed in `area`.
    pub fn mark(&mut self, area: Area) {
        let stride = self.stride.max(1);
        let area = if self.is_whole { EVERYTHING } else { area };
        for (&place, tile) in &mut self.tiles {
            if let Some(shared) = tile_area(place, stride).shared(area) {
                tile.stale = Some(tile.stale.map_or(shared, |stale| stale.with(shared)));
            }
        }
    }

    /// Brings what is in `sight` of a mask onto the card, as much as one frame may; returns whether all of it is there.
    pub fn bring(&mut self, ctx: &Context, painted: PaintedMask<'_>, sight: Area, zoom: f32) -> bool {
        let stride = if self.is_whole { 1 } else { stride_for(zoom) };
        if stride != self.stride || painted.is_trace() != self.is_trace {
            self.tiles.clear();
            (self.stride, self.is_trace) = (stride, painted.is_trace());
        }
        let side = TILE_TEXELS * stride;
        let (columns, rows) =
            (sight.left / side..=(sight.right - 1) / side, sight.top / side..=(sight.bottom - 1) / side);
        self.tiles.retain(|(column, row), _| columns.contains(column) && rows.contains(row));
        let mut budget = if self.is_whole { u32::MAX } else { TEXELS_A_FRAME };
        for place in rows.flat_map(|row| columns.clone().map(move |column| (column, row))) {
            let Some(whole) = tile_area(place, stride).shared(Area::whole(painted.mask().size())) else { continue };
            let wanted = self.tiles.get(&place).map_or(Some(whole), |tile| tile.stale);
            let Some(part) = wanted.and_then(|part| part.shared(whole)) else { continue };
            if budget == 0 {
                return false;
            }
            let texels = texels_of(part, stride);
            budget = budget.saturating_sub((texels.right - texels.left) * (texels.bottom - texels.top));
            let picture = picture(painted, texels, stride);
            if let Some(tile) = self.tiles.get_mut(&place) {
                let corner = [texels.left - place.0 * TILE_TEXELS, texels.top - place.1 * TILE_TEXELS];
                tile.texture.set_partial(corner.map(|side| side as usize), picture, OPTIONS);
                tile.stale = None;
            } else {
                let texture = ctx.load_texture("correction", picture, OPTIONS);
                self.tiles.insert(place, Tile { texture, stale: None });
            }
        }
        true
    }

    /// The tiles, and which photo pixels they cover; the last column and row may reach a little beyond the photo.
    pub fn shown(&self) -> impl Iterator<Item = (TextureId, Area)> + '_ {
        self.tiles.iter().map(|(&place, tile)| {
            let [width, height] = tile.texture.size().map(|side| side as u32 * self.stride);
            let Area { left, top, .. } = tile_area(place, self.stride);
            (tile.texture.id(), Area { left, top, right: left + width, bottom: top + height })
        })
    }
}

/// The largest power of two whose square of photo pixels is no larger than a screen pixel.
fn stride_for(zoom: f32) -> u32 {
    let pixels = (1.0 / zoom.max(1e-3)).max(1.0) as u32;
    1 << pixels.ilog2()
}

fn tile_area((column, row): (u32, u32), stride: u32) -> Area {
    let side = TILE_TEXELS * stride;
    Area { left: column * side, top: row * side, right: (column + 1) * side, bottom: (row + 1) * side }
}

/// The texels that hold these photo pixels.
fn texels_of(part: Area, stride: u32) -> Area {
    Area {
        left: part.left / stride,
        top: part.top / stride,
        right: part.right.div_ceil(stride),
        bottom: part.bottom.div_ceil(stride),
    }
}

/// What a pixel counts for in its texel.
const GIVEN: u64 = 1;
const TAKEN: u64 = 1 << 32;

fn picture(painted: PaintedMask<'_>, texels: Area, stride: u32) -> ColorImage {
    let shades = [palette::EDITED, palette::TAKEN]
        .map(|[r, g, b]| std::array::from_fn(|share| Color32::from_rgba_unmultiplied(r, g, b, share as u8)));
    let [width, height] = painted.mask().size();
    let size = texels.size().map(|side| side as usize);
    let mut counts = vec![0_u64; size[0]];
    let mut pixels = Vec::with_capacity(size[0] * size[1]);
    for row in texels.top..texels.bottom {
        counts.fill(0);
        let (left, right) = ((texels.left * stride) as usize, (texels.right * stride).min(width) as usize);
        for y in row * stride..((row + 1) * stride).min(height) {
            let start = y as usize * width as usize;
            count_row(painted, start + left..start + right, stride as usize, &mut counts);
        }
        pixels.extend(counts.iter().map(|&count| shade(count, u64::from(stride * stride), &shades)));
    }
    ColorImage::new(size, pixels)
}

/// Adds a row's pixels to the texels that they lie in.
fn count_row(painted: PaintedMask<'_>, row: Range<usize>, stride: usize, counts: &mut [u64]) {
    match painted {
        PaintedMask::Lesion(mask) => {
            for (count, block) in counts.iter_mut().zip(mask.pixels()[row].chunks(stride)) {
                *count += block.iter().map(|&pixel| u64::from(pixel) * GIVEN).sum::<u64>();
            }
        }
        PaintedMask::Trace { mask, before } => {
            let (now, before) = (&mask.pixels()[row.clone()], &before.pixels()[row]);
            // Most rows have nothing of a stroke; slices compare many pixels at a time.
            if now == before {
                return;
            }
            for (count, (now, before)) in counts.iter_mut().zip(now.chunks(stride).zip(before.chunks(stride))) {
                for (&now, &before) in now.iter().zip(before) {
                    *count += u64::from(now & !before) * GIVEN + u64::from(before & !now) * TAKEN;
                }
            }
        }
    }
}

fn shade(count: u64, full: u64, [given, taken]: &[[Color32; 256]; 2]) -> Color32 {
    let [more, less] = [count % TAKEN, count / TAKEN];
    let (shades, share) = if less > more { (taken, less) } else { (given, more) };
    shades[(share * 255 / full) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_afar_a_texel_covers_more() {
        let strides = [8.0, 1.0, 0.9, 0.5, 0.34, 0.25, 0.12].map(stride_for);
        assert_eq!(strides, [1, 1, 1, 2, 2, 4, 8]);
    }

    #[test]
    fn a_texel_is_as_opaque_as_its_share_of_lesion() {
        let mask = Mask::new(5, 2, vec![1, 1, 1, 0, 1, 1, 1, 0, 0, 0]);
        let picture = picture(PaintedMask::Lesion(&mask), texels_of(Area::whole([5, 2]), 2), 2);
        assert_eq!(picture.size, [3, 1]);
        let alphas: Vec<u8> = picture.pixels.iter().map(|pixel| pixel.a()).collect();
        assert_eq!(alphas, [255, 63, 63]);
    }

    #[test]
    fn a_trace_shows_what_was_given_and_what_was_taken_and_nothing_else() {
        let before = Mask::new(4, 1, vec![1, 1, 0, 0]);
        let mask = Mask::new(4, 1, vec![1, 0, 1, 0]);
        let trace = PaintedMask::Trace { mask: &mask, before: &before };
        let [r, g, b] = palette::EDITED;
        let given = Color32::from_rgb(r, g, b);
        let [r, g, b] = palette::TAKEN;
        let taken = Color32::from_rgb(r, g, b);
        let picture = picture(trace, Area::whole([4, 1]), 1);
        assert_eq!(picture.pixels, [Color32::TRANSPARENT, taken, given, Color32::TRANSPARENT]);
    }

    #[test]
    fn only_the_part_that_changed_is_sent_again() {
        let ctx = Context::default();
        let mut mask = Mask::empty([1500, 900]);
        let mut tiles = PaintTiles::default();
        let sight = Area::whole(mask.size());
        assert!(
            !tiles.bring(&ctx, PaintedMask::Lesion(&mask), sight, 1.0),
            "six tiles are more than one frame may send"
        );
        assert!(tiles.bring(&ctx, PaintedMask::Lesion(&mask), sight, 1.0));
        ctx.tex_manager().write().take_delta().clear();
        mask.pixels_mut()[700 * 1500 + 600] = 1;
        tiles.mark(Area { left: 600, top: 700, right: 601, bottom: 701 });
        assert!(tiles.bring(&ctx, PaintedMask::Lesion(&mask), sight, 1.0));
        let mut delta = ctx.tex_manager().write().take_delta();
        let sent: Vec<_> = delta.set.values().flatten().map(|part| (part.pos, part.image.size())).collect();
        delta.clear();
        assert_eq!(sent, [(Some([88, 188]), [1, 1])]);
    }
}
