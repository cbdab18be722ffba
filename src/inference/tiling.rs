//! Tiles: how a photograph of any size is cut into overlapping squares for a network, and how their maps become one.
//!
//! Tiles stand on a grid, evenly spaced from one edge to the other. Each counts fully in its middle and fades out
//! towards its borders, so that no seam shows. The map does not depend on the order in which the tiles of a row are
//! run: they are added up in the order of the grid when the row is complete. Beside the photograph and the finished map
//! only one row of tiles is held in memory.

use std::f32::consts::FRAC_PI_2;

use serde::{Deserialize, Serialize};

use super::card_error::CardFault;
use super::test_figures::outside;

/// Scales that a card may ask for: beyond them a slip of the pen is likelier than a purpose.
const SCALE: [f64; 2] = [1.0 / 64.0, 8.0];

/// Diameters of the field of view, in pixels, that a card may ask for.
const FIELD_OF_VIEW_PX: [f64; 2] = [64.0, 16_384.0];

/// How a card says that its network runs over a photograph in tiles. It names one of the two scales.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize)]
pub struct TilingFacts {
    /// Side of a tile, in pixels: that of the network's input and output.
    pub tile: usize,
    /// Pixels that neighbours have in common at least, below `tile`. Within them a tile fades out.
    pub overlap: usize,
    /// Pixels of the network for one of the photograph, along a side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<f64>,
    /// Fundus photographs are scaled until the round field of view has this diameter, in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field_of_view_px: Option<f64>,
}

impl TilingFacts {
    pub(super) fn fault(&self) -> Option<CardFault> {
        if self.overlap >= self.tile {
            return Some(CardFault::Overlap { overlap: self.overlap, tile: self.tile });
        }
        match (self.scale, self.field_of_view_px) {
            (Some(scale), None) => outside("scale", scale, SCALE[0], SCALE[1]),
            (None, Some(px)) => outside("field_of_view_px", px, FIELD_OF_VIEW_PX[0], FIELD_OF_VIEW_PX[1]),
            _ => Some(CardFault::TileScale),
        }
    }
}

/// Where the tiles of an image stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TileGrid {
    image: [usize; 2],
    tile: usize,
    overlap: usize,
    columns: Vec<usize>,
    rows: Vec<usize>,
}

impl TileGrid {
    /// Tiles of `tile` pixels over an image of `[width, height]`, of which neighbours share `overlap` pixels or more. An
    /// image smaller than a tile lies in the upper left of one.
    ///
    /// # Panics
    /// When `overlap` is not below `tile`: a card that says so is refused.
    #[must_use]
    pub fn new(image: [usize; 2], tile: usize, overlap: usize) -> Self {
        assert!(overlap < tile, "tiles advance");
        let [columns, rows] = image.map(|length| starts(length, tile, overlap));
        Self { image, tile, overlap, columns, rows }
    }

    /// Left edges of the tiles in a row, in pixels.
    #[must_use]
    pub fn columns(&self) -> &[usize] {
        &self.columns
    }

    /// Upper edges of the rows of tiles, in pixels.
    #[must_use]
    pub fn rows(&self) -> &[usize] {
        &self.rows
    }

    /// How many tiles there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.columns.len() * self.rows.len()
    }
}

/// Where tiles start along a side: evenly from one end to the other, with at least `overlap` pixels in common.
fn starts(length: usize, tile: usize, overlap: usize) -> Vec<usize> {
    let Some(rest) = length.checked_sub(tile).filter(|&rest| rest > 0) else { return vec![0] };
    let steps = rest.div_ceil(tile - overlap);
    (0..=steps).map(|step| (step as f64 * rest as f64 / steps as f64).round_ties_even() as usize).collect()
}

/// A tile's weight along one side: 1 inside, and a sine squared within `overlap` pixels of its ends, never 0.
fn fade(tile: usize, overlap: usize) -> Vec<f32> {
    let reach = overlap.max(1) as f32;
    let weight = |place: usize| {
        let from_edge = place.min(tile - 1 - place) as f32 + 0.5;
        ((from_edge / reach).min(1.0) * FRAC_PI_2).sin().powi(2)
    };
    (0..tile).map(weight).collect()
}

/// The sum of all tiles' weights at each pixel of a side.
fn weights(starts: &[usize], fade: &[f32], length: usize) -> Vec<f32> {
    let mut sums = vec![0.0; length.max(fade.len())];
    for &start in starts {
        for (sum, weight) in sums[start..].iter_mut().zip(fade) {
            *sum += weight;
        }
    }
    sums.truncate(length);
    sums
}

/// The maps of tiles on their way to one map of the image. Rows of tiles come from above to below; within a row the
/// order is free.
#[derive(Clone, Debug)]
pub struct TileBlend {
    grid: TileGrid,
    fade: Vec<f32>,
    weights_across: Vec<f32>,
    weights_down: Vec<f32>,
    /// The tiles of the present row.
    row: Vec<Option<Vec<f32>>>,
    /// Index of the present row.
    next_row: usize,
    /// Weighted sums, from the first row of pixels that is not finished, `tile` rows of them.
    band: Vec<f32>,
    /// The finished rows of pixels.
    map: Vec<f32>,
}

impl TileBlend {
    /// An empty map.
    #[must_use]
    pub fn new(grid: TileGrid) -> Self {
        let [width, height] = grid.image;
        // A single tile is its map, to the last bit.
        let fade = if grid.count() == 1 { vec![1.0; grid.tile] } else { fade(grid.tile, grid.overlap) };
        Self {
            weights_across: weights(&grid.columns, &fade, width),
            weights_down: weights(&grid.rows, &fade, height),
            row: vec![None; grid.columns.len()],
            next_row: 0,
            band: vec![0.0; width * grid.tile],
            map: Vec::with_capacity(width * height),
            fade,
            grid,
        }
    }

    /// Takes the map of the tile in `column` of the present row: `tile * tile` probabilities, row by row.
    ///
    /// # Panics
    /// When the tile has another size, there is no such column, or the map is complete.
    pub fn add(&mut self, column: usize, values: Vec<f32>) {
        assert_eq!(values.len(), self.grid.tile * self.grid.tile, "one value a pixel of the tile");
        assert!(self.next_row < self.grid.rows.len(), "a tile beyond the last row");
        self.row[column] = Some(values);
        if self.row.iter().all(Option::is_some) {
            self.finish_row();
        }
    }

    fn finish_row(&mut self) {
        for column in 0..self.row.len() {
            if let Some(values) = self.row[column].take() {
                self.add_weighted(self.grid.columns[column], &values);
            }
        }
        let top = self.grid.rows[self.next_row];
        self.next_row += 1;
        let next_top = self.grid.rows.get(self.next_row).copied().unwrap_or(self.grid.image[1]);
        self.hand_on(top, next_top);
    }

    fn add_weighted(&mut self, left: usize, values: &[f32]) {
        let width = self.grid.image[0];
        for (y, row) in values.chunks_exact(self.grid.tile).enumerate() {
            let sums = &mut self.band[y * width + left..(y + 1) * width];
            for ((sum, value), weight) in sums.iter_mut().zip(row).zip(&self.fade) {
                *sum += value * (weight * self.fade[y]);
            }
        }
    }

    /// Divides the rows of pixels from `top` to `next_top`, which no later tile reaches, and moves the others up.
    fn hand_on(&mut self, top: usize, next_top: usize) {
        let width = self.grid.image[0];
        for (y, sums) in (top..next_top).zip(self.band.chunks_exact(width)) {
            let down = self.weights_down[y];
            self.map.extend(sums.iter().zip(&self.weights_across).map(|(sum, across)| sum / (across * down)));
        }
        let finished = ((next_top - top) * width).min(self.band.len());
        self.band.copy_within(finished.., 0);
        let kept = self.band.len() - finished;
        self.band[kept..].fill(0.0);
    }

    /// The map of the image, row by row, when every tile was added.
    ///
    /// # Panics
    /// When a tile is missing.
    #[must_use]
    pub fn into_map(self) -> Vec<f32> {
        assert_eq!(self.map.len(), self.grid.image[0] * self.grid.image[1], "every tile was added");
        self.map
    }
}

#[cfg(test)]
mod tests;
