//! [`MaskMaker`]: the mask of a probability map at a threshold, with the steps after the network.

use super::dense_crf;
use crate::geometry::contour::{self, Outline};
use crate::geometry::{components, field_of_view, morphology};
use crate::mask::{Mask, ProbabilityMap};
use crate::photo::{Photo, PhotoSource};
use crate::resize;
use crate::steps::{AfterStep, StepList};

/// Pixels of the longer side of the copy of a photograph that steps look at, at most: as many as networks see.
const MOST_SIDE: u32 = 256;

/// The sides of the picture that radii are given in shares of.
const RADIUS_SHARES: u32 = 256;

/// Makes masks of one map, at any threshold.
#[derive(Clone, Debug, Default)]
pub struct MaskMaker {
    steps: StepList<AfterStep>,
    /// A small copy of the photograph, where a step looks at it.
    copy: Option<Photo>,
}

impl MaskMaker {
    /// For maps over `photo`.
    #[must_use]
    pub fn new(steps: &StepList<AfterStep>, photo: &Photo) -> Self {
        let copy = steps.iter().any(|step| step.sees_photo()).then(|| small_copy(photo));
        Self { steps: steps.clone(), copy }
    }

    /// The steps.
    #[must_use]
    pub fn steps(&self) -> &StepList<AfterStep> {
        &self.steps
    }

    /// The mask of `map` at `threshold`, at the photograph's size.
    #[must_use]
    pub fn mask(&self, map: &ProbabilityMap, threshold: f32) -> Mask {
        let (mut mask, rest) = match (&self.steps[..], &self.copy) {
            ([AfterStep::Crf { weight }, rest @ ..], Some(copy)) => {
                (refined(map, copy, threshold, f32::from(*weight)).threshold(0.5), rest)
            }
            (steps, _) => (map.threshold(threshold), steps),
        };
        rest.iter().for_each(|step| self.change(*step, &mut mask));
        mask
    }

    /// Lines around the lesion that `mask` of `map` shows: where the probability reaches the threshold, unless a step has
    /// changed it.
    #[must_use]
    pub fn outlines(&self, map: &ProbabilityMap, mask: &Mask, threshold: f32) -> Vec<Outline> {
        if self.steps.is_empty() { contour::of_map(map, threshold) } else { contour::of_mask(mask) }
    }

    fn change(&self, step: AfterStep, mask: &mut Mask) {
        let [width, height] = mask.size();
        let px = |radius: u16| {
            let scaled = u32::from(radius) * width.min(height) + RADIUS_SHARES / 2;
            (scaled / RADIUS_SHARES).max(1)
        };
        match step {
            // It is the first.
            AfterStep::Crf { .. } => {}
            AfterStep::Open { radius } => morphology::open(mask, px(radius)),
            AfterStep::Close { radius } => morphology::close(mask, px(radius)),
            AfterStep::Fill => components::fill_holes(mask),
            AfterStep::Largest => components::keep_largest(mask),
            AfterStep::Lesion => {
                self.copy.iter().for_each(|copy| clear_dark_corners(mask, copy));
                components::keep_largest(mask);
                components::fill_holes(mask);
            }
        }
    }
}

fn small_copy(photo: &Photo) -> Photo {
    let longer = photo.width().max(photo.height());
    let scale = f64::from(longer.min(MOST_SIDE)) / f64::from(longer);
    let [width, height] = photo.size().map(|side| ((f64::from(side) * scale).round() as u32).max(1));
    let rgb = resize::rgb(photo.rgb(), photo.size(), [width, height]);
    Photo::from_rgb(width, height, rgb, PhotoSource::BuiltIn("copy"))
}

/// The map after the random field, at the size of `copy`.
fn refined(map: &ProbabilityMap, copy: &Photo, threshold: f32, weight: f32) -> ProbabilityMap {
    let over_copy = ProbabilityMap::new(map.network_size(), map.network_values().to_vec(), copy.size());
    let mut values = Vec::new();
    over_copy.for_each_row(|row| values.extend_from_slice(row));
    let size = copy.size().map(|side| side as usize);
    let refined = dense_crf::refined(&values, copy.rgb(), size, threshold, weight);
    ProbabilityMap::new(size, refined, map.photo_size())
}

/// Takes away what lies outside the field of view; a photograph that is black all over has none, and loses nothing.
fn clear_dark_corners(mask: &mut Mask, copy: &Photo) {
    let field = field_of_view::of(copy);
    if field.is_empty() {
        return;
    }
    let grey: Vec<u8> = field.pixels().iter().map(|pixel| pixel * 255).collect();
    let [width, height] = mask.size();
    let inside = Mask::from_grey(width, height, resize::grey(&grey, copy.size(), [width, height]));
    mask.pixels_mut().iter_mut().zip(inside.pixels()).for_each(|(pixel, inside)| *pixel &= inside);
}
