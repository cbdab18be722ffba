//! [`Edit`]: what a person does to a mask, as data.

use serde::{Deserialize, Serialize};

use crate::geometry::area::Area;
use crate::geometry::polygon::{self, FillRule};
use crate::geometry::{components, morphology, rasterise};
use crate::mask::Mask;

/// Whether a shape becomes lesion or background.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mode {
    /// Lesion.
    #[default]
    Paint,
    /// Background.
    Erase,
}

/// One edit. Points are photo coordinates: the centre of the first pixel is (0.5, 0.5).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Edit {
    /// A round brush along a line.
    Brush {
        /// Paint or erase.
        mode: Mode,
        /// Of the disc.
        radius_px: f32,
        /// The line.
        points: Vec<[f32; 2]>,
    },
    /// The inside of a polygon, by the even-odd rule where its lines cross.
    Polygon {
        /// Paint or erase.
        mode: Mode,
        /// Its corners.
        points: Vec<[f32; 2]>,
    },
    /// The area that a freehand line encloses.
    Lasso {
        /// Paint or erase.
        mode: Mode,
        /// The line.
        points: Vec<[f32; 2]>,
    },
    /// Fills holes: background that lesion encloses becomes lesion.
    FillHoles,
    /// Removes all connected components but the largest.
    KeepLargest,
    /// A morphological opening and a closing with a disc.
    Smooth {
        /// Of the disc.
        radius_px: u32,
    },
    /// A dilation with a disc.
    Grow {
        /// How near.
        by_px: u32,
    },
    /// An erosion with a disc.
    Shrink {
        /// How near.
        by_px: u32,
    },
}

impl Edit {
    /// Whether its lengths and points are numbers.
    pub(super) fn is_finite(&self) -> bool {
        let are_finite = |points: &[[f32; 2]]| points.as_flattened().iter().all(|place| place.is_finite());
        match self {
            Self::Brush { radius_px, points, .. } => radius_px.is_finite() && are_finite(points),
            Self::Polygon { points, .. } | Self::Lasso { points, .. } => are_finite(points),
            Self::FillHoles | Self::KeepLargest | Self::Smooth { .. } | Self::Grow { .. } | Self::Shrink { .. } => {
                true
            }
        }
    }

    /// Applies it; returns an area that contains every changed pixel.
    pub fn carry_out(&self, mask: &mut Mask) -> Option<Area> {
        let is_lesion = |mode: &Mode| *mode == Mode::Paint;
        match self {
            Self::Brush { mode, radius_px, points } => {
                return rasterise::stroke(mask, points, *radius_px, is_lesion(mode));
            }
            Self::Polygon { mode, points } => {
                return polygon::fill(mask, &ring(points), FillRule::EvenOdd, is_lesion(mode));
            }
            Self::Lasso { mode, points } => {
                return polygon::fill(mask, &ring(points), FillRule::NonZero, is_lesion(mode));
            }
            Self::FillHoles => components::fill_holes(mask),
            Self::KeepLargest => components::keep_largest(mask),
            Self::Smooth { radius_px } => morphology::smooth(mask, *radius_px),
            Self::Grow { by_px } => morphology::grow(mask, *by_px),
            Self::Shrink { by_px } => morphology::shrink(mask, *by_px),
        }
        Some(Area::whole(mask.size()))
    }
}

fn ring(points: &[[f32; 2]]) -> Vec<[f64; 2]> {
    points.iter().map(|point| point.map(f64::from)).collect()
}
