//! Both sides of a comparison: each made on its own, and how far they agree.

use std::sync::Arc;

use eframe::egui::ColorImage;

use super::InspectionOutcome;
use super::results::NetworkResults;
use crate::app::background::Outbox;
use crate::app::model::compare::ComparedSide;
use crate::app::model::current::Reference;
use crate::app::model::network::NetworkChoice;
use crate::app::tasks::drawing::{self, LAYER_MAX_SIDE, picture};
use crate::filters::MaskMaker;
use crate::geometry::bits::Bits;
use crate::geometry::contour::{self, Outline};
use crate::language::Words;
use crate::mask::{Mask, ProbabilityMap};
use crate::measure::agreement::Confusion;
use crate::measure::lesion_runs::LesionArea;
use crate::measure::vessels;
use crate::overlay::palette;
use crate::overlay::render::{self, Layer};
use crate::overlay::view::OverlayView;
use crate::photo::Photo;
use crate::pipeline::Segmentation;

/// What a side of a comparison is made of.
#[derive(Clone)]
pub enum SideRequest {
    /// The bare photo: nothing is to be made.
    Photo,
    /// What it needs is not there yet.
    Waiting,
    /// It has failed already.
    Failed(Words),
    /// The result that the window shows.
    Shown {
        segmentation: Arc<Segmentation>,
        /// The threshold that it is shown at.
        threshold: f32,
    },
    /// Another network, at its own threshold.
    Model(NetworkChoice),
    Reference(Arc<Reference>),
    /// The mask that was corrected by hand.
    Corrected(Arc<Mask>),
}

/// Both sides of a comparison.
#[derive(Clone)]
pub struct CompareRequest {
    pub photo: Arc<Photo>,
    /// What each side is made of.
    pub sides: [SideRequest; 2],
    /// The reference, where there is one.
    pub reference: Option<Arc<Reference>>,
    /// Which layers to draw.
    pub view: OverlayView,
    /// Where vessels are compared: what of the photo counts.
    pub field_of_view: Option<Arc<Mask>>,
}

/// One side with its mask, before it is handed over.
struct Made {
    mask: Mask,
    side: ComparedSide,
    layer: Option<Layer>,
}

/// Makes both sides, the quicker one first, and says each as soon as it is there.
pub(super) fn compare(results: &mut NetworkResults, request: &CompareRequest, out: &Outbox<'_, InspectionOutcome>) {
    let mut order = [0, 1];
    order.sort_by_key(|&place| matches!(request.sides[place], SideRequest::Model(_)));
    let mut bits: [Option<Bits>; 2] = [None, None];
    for place in order {
        let made = match make(results, request, place) {
            Ok(Some(made)) => made,
            Ok(None) => continue,
            Err(error) => {
                out.send(InspectionOutcome::Side { place, result: Err(error) });
                continue;
            }
        };
        bits[place] = Some(Bits::of(&made.mask));
        let layer: Option<ColorImage> = made.layer.as_ref().map(picture);
        out.send(InspectionOutcome::Side { place, result: Ok((Arc::new(made.side), layer)) });
    }
    if let [Some(one), Some(other)] = bits {
        out.send(InspectionOutcome::MutualDice(one.dice(&other)));
    }
}

fn make(results: &mut NetworkResults, request: &CompareRequest, place: usize) -> Result<Option<Made>, Words> {
    let rgb = if place == 0 { palette::PREDICTION } else { palette::SECOND };
    Ok(match &request.sides[place] {
        SideRequest::Photo | SideRequest::Waiting => None,
        SideRequest::Failed(error) => return Err(error.clone()),
        SideRequest::Shown { segmentation, threshold } => {
            Some(of_map(request, &segmentation.probability, &segmentation.maker, *threshold, rgb))
        }
        SideRequest::Model(network) => {
            let result = results.of(&request.photo, network)?;
            Some(of_map(request, &result.map, &result.maker, result.threshold, rgb))
        }
        SideRequest::Reference(reference) => {
            let mask = reference.mask.clone();
            let fill = matches!(request.view, OverlayView::Fill | OverlayView::Heat);
            let layer = fill.then(|| render::mask_layer(&mask, palette::REFERENCE, LAYER_MAX_SIDE));
            let side = side(request, &mask, reference.outlines.clone(), None, None);
            Some(Made { mask, side, layer })
        }
        SideRequest::Corrected(mask) => Some(of_mask(request, mask, palette::EDITED)),
    })
}

/// A mask that a person made: it has no probabilities, and its heat is the mask itself.
fn of_mask(request: &CompareRequest, mask: &Mask, rgb: palette::Rgb) -> Made {
    let layer = match (request.view, &request.reference) {
        (OverlayView::Fill | OverlayView::Heat, _) => Some(render::mask_layer(mask, rgb, LAYER_MAX_SIDE)),
        (OverlayView::Error, Some(reference)) => Some(render::error_layer(mask, &reference.mask, LAYER_MAX_SIDE)),
        _ => None,
    };
    let agreement = agreement(request, mask);
    let side = side(request, mask, contour::of_mask(mask), None, agreement);
    Made { mask: mask.clone(), side, layer }
}

fn of_map(
    request: &CompareRequest,
    map: &ProbabilityMap,
    maker: &MaskMaker,
    threshold: f32,
    rgb: palette::Rgb,
) -> Made {
    let mask = maker.mask(map, threshold);
    let layer = match (request.view, &request.reference) {
        (OverlayView::Fill, _) => Some(render::mask_layer(&mask, rgb, LAYER_MAX_SIDE)),
        (OverlayView::Heat, _) => Some(render::heat_layer(map, LAYER_MAX_SIDE)),
        (OverlayView::Error, Some(reference)) => Some(render::error_layer(&mask, &reference.mask, LAYER_MAX_SIDE)),
        _ => None,
    };
    let agreement = agreement(request, &mask);
    let side = side(request, &mask, maker.outlines(map, &mask, threshold), Some(threshold), agreement);
    Made { mask, side, layer }
}

fn agreement(request: &CompareRequest, mask: &Mask) -> Option<Confusion> {
    let reference = request.reference.as_ref()?;
    Some(drawing::agreement(mask, &reference.mask, request.field_of_view.as_deref()))
}

fn side(
    request: &CompareRequest,
    mask: &Mask,
    outlines: Vec<Outline>,
    threshold: Option<f32>,
    agreement: Option<Confusion>,
) -> ComparedSide {
    let LesionArea { area_px, regions } =
        request.field_of_view.as_ref().map_or_else(|| LesionArea::of(mask), |field| vessels::area(mask, field));
    ComparedSide { outlines, area_px, regions, threshold, agreement }
}
