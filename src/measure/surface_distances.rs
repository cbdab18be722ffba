//! How far apart the borders of two masks lie: Hausdorff distance, its 95th percentile, and mean surface distance.
//!
//! Defined as in MedPy, so that figures compare with papers. The surface of a mask is every lesion pixel with a
//! neighbour to its left, right, above or below that is not lesion; outside the photo nothing is. For each surface
//! pixel of one mask its distance is the Euclidean one to the nearest surface pixel of the other, centre to centre.
//! A mask without lesion has no surface, so no distance is defined, not even between two such masks: [`NoSurface`].

use serde::{Deserialize, Serialize};

use super::quantile;
use crate::geometry::boundary::surface;
use crate::geometry::distance::SiteGrid;
use crate::mask::Mask;

/// Distances between the surfaces of two masks, in pixels of the photo.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SurfaceDistances {
    /// Hausdorff distance: the largest distance, of both directions.
    pub hd_px: f64,
    /// 95th percentile of the distances of both directions together, linear between neighbours as numpy's.
    pub hd95_px: f64,
    /// Average symmetric surface distance: each direction's mean, and the mean of these two.
    pub assd_px: f64,
}

/// [`SurfaceDistances`] in millimetres.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SurfaceDistancesMm {
    /// Hausdorff distance.
    pub hd_mm: f64,
    /// 95th percentile of both directions' distances.
    pub hd95_mm: f64,
    /// Average symmetric surface distance.
    pub assd_mm: f64,
}

/// Why two masks have no surface distance: which of them has no lesion, or that they mean none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum NoSurface {
    /// The network found nothing.
    #[error("the prediction has no lesion, so there is no distance")]
    Prediction,
    /// The reference has nothing.
    #[error("the reference mask has no lesion, so there is no distance")]
    Reference,
    /// Neither has anything.
    #[error("neither the prediction nor the reference mask has a lesion, so there is no distance")]
    Both,
    /// The masks mean vessels, whose borders run side by side: clDice compares their centre lines instead.
    #[error("distances between borders are not measured of vessels")]
    Vessels,
}

impl SurfaceDistances {
    /// Measures between two masks of one size. The figures do not change when the masks change places.
    ///
    /// # Errors
    /// [`NoSurface`] when a mask is empty.
    ///
    /// # Panics
    /// When the sizes differ; a reference of another size is refused when it is read.
    pub fn of(prediction: &Mask, reference: &Mask) -> Result<Self, NoSurface> {
        assert_eq!(prediction.size(), reference.size(), "masks of one photo have one size");
        let (one, other) = (surface(prediction), surface(reference));
        match (one.is_empty(), other.is_empty()) {
            (true, true) => return Err(NoSurface::Both),
            (true, false) => return Err(NoSurface::Prediction),
            (false, true) => return Err(NoSurface::Reference),
            (false, false) => {}
        }
        let mut distances = SiteGrid::distances(&one, &other);
        let back = SiteGrid::distances(&other, &one);
        let assd_px = f64::midpoint(mean(&distances), mean(&back));
        distances.extend(back);
        distances.sort_unstable_by(f64::total_cmp);
        let hd_px = distances.last().copied().unwrap_or_default();
        Ok(Self { hd_px, hd95_px: quantile::of_sorted(&distances, 0.95), assd_px })
    }

    /// The same in millimetres, on a photo of `mm_per_px`.
    #[must_use]
    pub fn in_mm(&self, mm_per_px: f64) -> SurfaceDistancesMm {
        let [hd_mm, hd95_mm, assd_mm] = [self.hd_px, self.hd95_px, self.assd_px].map(|px| px * mm_per_px);
        SurfaceDistancesMm { hd_mm, hd95_mm, assd_mm }
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A mask of `size` with the pixels for which `inside` holds.
    fn drawn(size: [u32; 2], inside: impl Fn(i64, i64) -> bool) -> Mask {
        let pixel = |index: u32| u8::from(inside(i64::from(index % size[0]), i64::from(index / size[0])));
        Mask::new(size[0], size[1], (0..size[0] * size[1]).map(pixel).collect())
    }

    fn square(size: u32, left: i64, top: i64, side: i64) -> Mask {
        drawn([size, size], |x, y| (left..left + side).contains(&x) && (top..top + side).contains(&y))
    }

    fn close(left: f64, right: f64) {
        assert!((left - right).abs() < 1e-12, "{left} is not {right}");
    }

    fn measured(one: &Mask, other: &Mask) -> SurfaceDistances {
        SurfaceDistances::of(one, other).expect("both have lesion")
    }

    #[test]
    fn a_mask_lies_at_no_distance_from_itself() {
        let found = measured(&square(9, 2, 3, 5), &square(9, 2, 3, 5));
        assert_eq!(found, SurfaceDistances { hd_px: 0.0, hd95_px: 0.0, assd_px: 0.0 });
    }

    #[test]
    fn two_pixels_lie_as_far_apart_as_pythagoras_says() {
        let found = measured(&square(10, 1, 1, 1), &square(10, 4, 5, 1));
        assert_eq!(found, SurfaceDistances { hd_px: 5.0, hd95_px: 5.0, assd_px: 5.0 });
        let in_mm = found.in_mm(0.05);
        close(in_mm.hd_mm, 0.25);
        close(in_mm.assd_mm, 0.25);
    }

    #[test]
    fn a_square_within_a_square_is_as_on_paper() {
        // The rim of 3x3 (8 pixels) within that of 7x7 (24), two pixels apart. Inner to outer: 2 each. Outer to inner:
        // four corners at sqrt(8), eight pixels beside them at sqrt(5), twelve facing the inner square at 2.
        let found = measured(&square(11, 4, 4, 3), &square(11, 2, 2, 7));
        let outer = (4.0 * 8.0_f64.sqrt() + 8.0 * 5.0_f64.sqrt() + 12.0 * 2.0) / 24.0;
        close(found.hd_px, 8.0_f64.sqrt());
        close(found.assd_px, f64::midpoint(2.0, outer));
        // 32 distances, sorted: 20 times 2, 8 times sqrt(5), 4 times sqrt(8); 0.95 * 31 = 29.45 lies among the last four.
        close(found.hd95_px, 8.0_f64.sqrt());
    }

    #[test]
    fn the_percentile_lies_between_its_neighbours() {
        // A row of 10 pixels against its first one: 0 to 9 one way, 0 the other. Of the eleven distances
        // 0, 0, 1 .. 9 the 95th percentile is at 9.5, between 8 and 9.
        let row = drawn([12, 3], |x, y| y == 1 && (1..11).contains(&x));
        let found = measured(&row, &drawn([12, 3], |x, y| (x, y) == (1, 1)));
        close(found.hd_px, 9.0);
        close(found.hd95_px, 8.5);
        close(found.assd_px, f64::midpoint(4.5, 0.0));
    }

    #[test]
    fn the_order_of_the_masks_does_not_matter() {
        let (one, other) = (square(20, 1, 2, 7), drawn([20, 20], |x, y| (x - 12).pow(2) + (y - 11).pow(2) < 30));
        assert_eq!(measured(&one, &other), measured(&other, &one));
    }

    #[test]
    fn an_empty_mask_has_no_distance_and_it_is_said_why() {
        let (empty, full) = (square(4, 0, 0, 0), square(4, 1, 1, 2));
        assert_eq!(SurfaceDistances::of(&empty, &full), Err(NoSurface::Prediction));
        assert_eq!(SurfaceDistances::of(&full, &empty), Err(NoSurface::Reference));
        assert_eq!(SurfaceDistances::of(&empty, &empty), Err(NoSurface::Both));
        assert!(NoSurface::Both.to_string().starts_with("neither"));
    }
}
