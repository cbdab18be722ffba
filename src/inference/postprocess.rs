//! The network's output to a map at the photo's own size.

use super::engine::NetworkOutput;
use crate::mask::{Mask, ProbabilityMap};
use crate::photo::Photo;

/// The map over `photo`. Where there is a field of view, nothing is likely outside it.
#[must_use]
pub fn map_over(output: NetworkOutput, photo: &Photo, field_of_view: Option<&Mask>) -> ProbabilityMap {
    let size = output.size();
    let mut values = output.into_values();
    if let Some(field_of_view) = field_of_view {
        clear_outside(&mut values, size, field_of_view);
    }
    ProbabilityMap::new(size, values, photo.size())
}

/// Nothing is likely where the middle of a map's pixel lies outside the field of view.
fn clear_outside(values: &mut [f32], [width, height]: [usize; 2], field_of_view: &Mask) {
    let middle =
        |place: usize, length: usize, of: u32| ((place as f64 + 0.5) * f64::from(of) / length as f64) as u32;
    let [photo_width, photo_height] = field_of_view.size();
    let columns: Vec<u32> = (0..width).map(|x| middle(x, width, photo_width)).collect();
    for (y, row) in values.chunks_exact_mut(width).enumerate() {
        let photo_y = middle(y, height, photo_height);
        for (value, &photo_x) in row.iter_mut().zip(&columns) {
            if !field_of_view.is_set(photo_x, photo_y) {
                *value = 0.0;
            }
        }
    }
}
