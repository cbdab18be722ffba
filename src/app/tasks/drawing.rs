//! What several tasks draw from: the mask that counts, the lines around it, and layers as pictures.

use std::borrow::Cow;

use eframe::egui::{Color32, ColorImage};

use crate::geometry::contour::{self, Outline};
use crate::mask::Mask;
use crate::measure::agreement::Confusion;
use crate::overlay::render::Layer;
use crate::pipeline::Segmentation;

/// Longest side of an overlay's picture, in pixels.
pub(super) const LAYER_MAX_SIDE: usize = 1536;

/// The mask that counts: the corrected one, or the network's at `threshold`, which the result has already when it is
/// its own. None where there is neither.
pub(super) fn mask_that_counts<'a>(
    segmentation: Option<&'a Segmentation>,
    edited: Option<&'a Mask>,
    threshold: f32,
) -> Option<Cow<'a, Mask>> {
    match (edited, segmentation) {
        (Some(edited), _) => Some(Cow::Borrowed(edited)),
        (None, Some(result)) => Some(result.mask_at(threshold)),
        (None, None) => None,
    }
}

/// Lines around the corrected mask, or the network's.
pub(super) fn outlines(
    segmentation: Option<&Segmentation>,
    mask: &Mask,
    is_edited: bool,
    threshold: f32,
) -> Vec<Outline> {
    match segmentation.filter(|_| !is_edited) {
        Some(result) => result.maker.outlines(&result.probability, mask, threshold),
        None => contour::of_mask(mask),
    }
}

/// How a mask agrees with the reference, within the field of view where the mask means vessels.
pub(super) fn agreement(mask: &Mask, reference: &Mask, field_of_view: Option<&Mask>) -> Confusion {
    match field_of_view {
        Some(field_of_view) => Confusion::within(mask, reference, field_of_view),
        None => Confusion::of(mask, reference),
    }
}

/// A layer as egui takes it.
pub(super) fn picture(layer: &Layer) -> ColorImage {
    let pixels =
        layer.rgba.chunks_exact(4).map(|p| Color32::from_rgba_unmultiplied(p[0], p[1], p[2], p[3])).collect();
    ColorImage::new(layer.size, pixels)
}
