//! How the lesion lies in the photograph: whether it is cut by the edge, and whether it is too small.

use crate::measure::lesion::Lesion;

/// Where the lesion lies, as shares from 0 to 1.
#[derive(Clone, Copy)]
pub(super) struct LesionPlace {
    /// Pixels of the photograph's edge that are lesion, of the circumference of the circle of the lesion's area.
    pub(super) on_edge: f64,
    /// Diameter of that circle, of the photograph's longer side.
    pub(super) diameter: f64,
}

impl LesionPlace {
    pub(super) fn of(lesion: &Lesion) -> Self {
        let [width, height] = lesion.photo_size().map(i64::from);
        let rows = (0..width).flat_map(|x| [[x, 0], [x, height - 1]]);
        let columns = (0..height).flat_map(|y| [[0, y], [width - 1, y]]);
        let on_edge = rows.chain(columns).filter(|&[x, y]| lesion.is_set(x, y)).count() as f64;
        let diameter_px = (4.0 * lesion.area_px() as f64 / std::f64::consts::PI).sqrt();
        Self {
            on_edge: (on_edge / (std::f64::consts::PI * diameter_px)).min(1.0),
            diameter: diameter_px / width.max(height) as f64,
        }
    }
}
