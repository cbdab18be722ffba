//! The shown mask at a threshold: lines around it, its figures, and the layer of the chosen view.

use std::sync::Arc;

use eframe::egui::ColorImage;

use crate::app::model::current::{Derived, OutlineParts};
use crate::app::tasks::drawing::{self, LAYER_MAX_SIDE, mask_that_counts, outlines, picture};
use crate::geometry::contour;
use crate::inference::BandFacts;
use crate::mask::{Mask, ProbabilityMap};
use crate::measure::below_threshold::BelowThreshold;
use crate::overlay::band::BandLines;
use crate::overlay::palette;
use crate::overlay::render::{self, Layer};
use crate::overlay::surroundings;
use crate::overlay::view::OverlayView;

/// An outline with its figures, and the layer of the view that was asked for.
pub(in super::super) type DrawnOutline = (Arc<Derived>, Option<(OverlayView, ColorImage)>);

/// None where there is no mask.
pub(in super::super) fn of(request: &OutlineParts) -> Option<DrawnOutline> {
    let (segmentation, edited) = (request.segmentation.as_deref(), request.edited.as_deref());
    let mask = mask_that_counts(segmentation, edited, request.threshold)?;
    let map = segmentation.map(|result| &result.probability);
    let outlines = outlines(segmentation, &mask, edited.is_some(), request.threshold);
    let band = request.model.as_ref().and_then(|model| model.card.optional.band.as_ref());
    let band = band.filter(|_| request.view == OverlayView::Band && edited.is_none());
    let layer = layer(request, &mask, band);
    let outlined = Derived {
        threshold: request.threshold,
        regions: outlines.iter().filter(|outline| !contour::is_hole(outline)).count(),
        outlines,
        area_px: mask.area_px(),
        mean_probability: map.filter(|_| edited.is_none()).and_then(|map| mean_from(map, request.threshold)),
        network_outlines: segmentation
            .filter(|_| edited.is_some())
            .map(|result| result.outlines_at(request.threshold))
            .unwrap_or_default(),
        below_threshold: map
            .filter(|_| edited.is_none() && mask.area_px() == 0)
            .map(|map| BelowThreshold::of(map, request.threshold)),
        band: map.zip(band).map(|(map, band)| BandLines::of(map, band, request.threshold)),
        surroundings: map.map_or([0x80; 3], |map| surroundings::of_lesion(&request.photo, map)),
        edited: request.edited.clone(),
        agreement: request.reference.as_ref().map(|reference| {
            let field_of_view = segmentation.and_then(|result| result.field_of_view.as_deref());
            drawing::agreement(&mask, &reference.mask, field_of_view)
        }),
    };
    Some((Arc::new(outlined), layer.map(|layer| (request.view, picture(&layer)))))
}

/// Mean of the map's values that are at least `threshold`; none where no value is.
fn mean_from(map: &ProbabilityMap, threshold: f32) -> Option<f32> {
    let inside = map.network_values().iter().filter(|&&p| p >= threshold);
    let (sum, count) = inside.fold((0.0_f32, 0_u32), |(sum, count), p| (sum + p, count + 1));
    (count > 0).then(|| sum / count as f32)
}

fn layer(request: &OutlineParts, mask: &Mask, band: Option<&BandFacts>) -> Option<Layer> {
    let map = request.segmentation.as_deref().map(|result| &result.probability);
    let has_steps_after = request.segmentation.as_ref().is_some_and(|result| !result.maker.steps().is_empty());
    match (request.view, map, &request.reference) {
        (OverlayView::Band, Some(map), _) => {
            band.map(|band| render::band_layer(map, band.levels_about(request.threshold), LAYER_MAX_SIDE))
        }
        (OverlayView::Fill, Some(map), _) if request.edited.is_none() && !has_steps_after => {
            Some(render::fill_layer(map, request.threshold, LAYER_MAX_SIDE))
        }
        (OverlayView::Fill, ..) => {
            Some(render::mask_layer(mask, palette::of_lesion(request.edited.is_some()), LAYER_MAX_SIDE))
        }
        (OverlayView::Heat, Some(map), _) => Some(render::heat_layer(map, LAYER_MAX_SIDE)),
        (OverlayView::Error, _, Some(reference)) => {
            Some(render::error_layer(mask, &reference.mask, LAYER_MAX_SIDE))
        }
        _ => None,
    }
}
