//! A network over a photograph in tiles: the photograph scaled as the card says, tile by tile through the network, and the
//! tiles' maps blended to one.
//!
//! One tile at a time, since networks have one shape, on the NPU as elsewhere; a batch of photographs keeps all cores
//! busy. Beside the photograph and the map only a row of tiles is held, and the scaled copy where there is one.

use std::borrow::Cow;
use std::time::Instant;

use super::{FoundMap, Inferred, NetworkRunner, OnTile, StageMillis, TileProgress, millis_since};
use crate::decode;
use crate::filters;
use crate::geometry::field_of_view;
use crate::inference::{
    EngineInfo, InferenceError, ModelCard, NetworkOutput, TileBlend, TileGrid, TilingFacts, preprocess,
};
use crate::mask::Mask;
use crate::photo::Photo;
use crate::resize;
use crate::steps::BeforeStep;

/// Pixels of a scaled photograph at most, twice those of one that is opened: the map takes four bytes for each.
const MOST_PIXELS: u64 = 2 * decode::MAX_PIXELS;

/// Runs `card`'s network over all tiles of `photo` at `size`.
pub(super) fn run(
    photo: &Photo,
    card: &ModelCard,
    (tiling, size): (TilingFacts, [u32; 2]),
    before: &[BeforeStep],
    network: &mut dyn NetworkRunner,
    on_tile: OnTile<'_>,
) -> Result<FoundMap, InferenceError> {
    let mut millis = StageMillis::default();
    let started = Instant::now();
    let mut rgb = scaled(photo, size);
    let image = size.map(|side| side as usize);
    before.iter().for_each(|step| filters::apply(*step, rgb.to_mut(), image));
    let grid = TileGrid::new(image, tiling.tile, tiling.overlap);
    let mut blend = TileBlend::new(grid.clone());
    millis.preprocess = millis_since(started);

    let total = grid.count();
    let mut made_by = None;
    for (row, &top) in grid.rows().iter().enumerate() {
        for (column, &left) in grid.columns().iter().enumerate() {
            let started = Instant::now();
            let input = preprocess::prepare_tile(&rgb, image, [left, top], card, network.input_form());
            millis.preprocess += millis_since(started);
            let Inferred { output, engine, infer_millis } = network.run(input)?;
            millis.infer += infer_millis;
            let started = Instant::now();
            check_size(&output, &engine, tiling.tile)?;
            blend.add(column, output.into_values());
            millis.postprocess += millis_since(started);
            made_by = Some(engine);
            let done = row * grid.columns().len() + column + 1;
            if done < total && on_tile(TileProgress { done, total }).is_break() {
                return Err(InferenceError::Cancelled);
            }
        }
    }
    let started = Instant::now();
    let engine = made_by.ok_or(InferenceError::Cancelled)?;
    let output = NetworkOutput::new(engine.kind.title(), image[0], image[1], blend.into_map())?;
    millis.postprocess += millis_since(started);
    Ok((output, engine, millis))
}

fn check_size(output: &NetworkOutput, engine: &EngineInfo, tile: usize) -> Result<(), InferenceError> {
    let [width, height] = output.size();
    if [width, height] == [tile; 2] {
        return Ok(());
    }
    let detail = format!("its map of a tile has {width}x{height} pixels, expected {tile}x{tile}");
    Err(InferenceError::Failed { engine: engine.kind.title(), detail })
}

/// `[width, height]` at which the network sees `photo`; its field of view is searched where it is needed and not known.
pub(super) fn scaled_size(
    photo: &Photo,
    tiling: TilingFacts,
    known: Option<&Mask>,
) -> Result<[u32; 2], InferenceError> {
    let scale = match (tiling.scale, tiling.field_of_view_px) {
        (Some(scale), _) => scale,
        (None, Some(px)) => {
            let field_of_view = known.map_or_else(|| Cow::Owned(field_of_view::of(photo)), Cow::Borrowed);
            px / f64::from(field_of_view::diameter_px(&field_of_view))
        }
        (None, None) => 1.0,
    };
    let [width, height] = photo.size().map(|side| (f64::from(side) * scale).round_ties_even().max(1.0));
    if width * height > MOST_PIXELS as f64 {
        return Err(InferenceError::ScaledTooLarge { width: width as u64, height: height as u64 });
    }
    Ok([width as u32, height as u32])
}

/// The pixels at that size: the photo's own where it is hers.
fn scaled(photo: &Photo, size: [u32; 2]) -> Cow<'_, [u8]> {
    if size == photo.size() {
        return Cow::Borrowed(photo.rgb());
    }
    Cow::Owned(resize::rgb(photo.rgb(), photo.size(), size))
}
