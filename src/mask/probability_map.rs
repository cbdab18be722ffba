//! [`ProbabilityMap`]: how likely each pixel of a photo is lesion.

use super::binary_mask::{Mask, RowRun};
use crate::resize;

/// The network's answer, in `0.0..=1.0`, as a field over the photo.
///
/// The values are kept at the network's own resolution and read at the photo's by bilinear interpolation between
/// pixel centres, edges clamped (PyTorch's `interpolate(mode="bilinear", align_corners=False)`); a photo smaller than
/// the network's output is reached by an antialiased reduction instead. A 12-megapixel photo so costs kilobytes, and a
/// new threshold needs no second run of the network.
#[derive(Clone, Debug, PartialEq)]
pub struct ProbabilityMap {
    network_size: [usize; 2],
    values: Vec<f32>,
    photo_size: [u32; 2],
}

impl ProbabilityMap {
    /// Wraps row-major `values` of `network_size` (`[width, height]`) as a field over a photo of `photo_size`.
    ///
    /// Values are clamped to `0..=1`; a NaN becomes 0, so that a broken network never lights a lesion up.
    ///
    /// # Panics
    /// When the length does not fit the size or a side is zero.
    #[must_use]
    pub fn new(network_size: [usize; 2], mut values: Vec<f32>, photo_size: [u32; 2]) -> Self {
        assert_eq!(values.len(), network_size[0] * network_size[1], "one value a network pixel");
        assert!(!values.is_empty() && photo_size[0] > 0 && photo_size[1] > 0, "no empty maps");
        for value in &mut values {
            *value = if value.is_nan() { 0.0 } else { value.clamp(0.0, 1.0) };
        }
        // Where the photo is smaller than the answer, reduce once with antialiasing; what is left is interpolation.
        let reduced = [network_size[0].min(photo_size[0] as usize), network_size[1].min(photo_size[1] as usize)];
        if reduced != network_size {
            let [from, to] = [network_size, reduced].map(|size| size.map(|side| side as u32));
            values = resize::floats(&values, from, to);
        }
        Self { network_size: reduced, values, photo_size }
    }

    /// `[width, height]` of the stored values: the network's output, or the photo's where that is smaller.
    #[must_use]
    pub fn network_size(&self) -> [usize; 2] {
        self.network_size
    }

    /// The stored values, row by row, at [`Self::network_size`].
    #[must_use]
    pub fn network_values(&self) -> &[f32] {
        &self.values
    }

    /// `[width, height]` of the photo this map lies over.
    #[must_use]
    pub fn photo_size(&self) -> [u32; 2] {
        self.photo_size
    }

    /// The probability at the photo's pixel `(x, y)`, or `None` outside.
    #[must_use]
    pub fn at(&self, x: u32, y: u32) -> Option<f32> {
        if x >= self.photo_size[0] || y >= self.photo_size[1] {
            return None;
        }
        let column = tap(x, self.network_size[0], self.photo_size[0]);
        let row = tap(y, self.network_size[1], self.photo_size[1]);
        Some(column.between([column.first, column.second].map(|column| self.blend_column(&row, column))))
    }

    /// Foreground where the probability is at least `threshold`, at the photo's size.
    #[must_use]
    pub fn threshold(&self, threshold: f32) -> Mask {
        Mask::of_runs(self.photo_size, self.runs(threshold))
    }

    /// The runs of [`Self::threshold`].
    pub(crate) fn runs(&self, threshold: f32) -> Vec<RowRun> {
        let mut runs = Vec::new();
        self.for_each_run(threshold, |y, from, to| runs.push(RowRun { y, from, to }));
        runs
    }

    /// The map at the photo's size in 8 bits: `round(255 * p)`.
    #[must_use]
    pub fn to_u8(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.photo_size[0] as usize * self.photo_size[1] as usize);
        self.for_each_row(|row| bytes.extend(row.iter().map(|&p| (p * 255.0).round() as u8)));
        bytes
    }

    /// Counts of the stored values in `bins` equal steps of `0..=1`: the histogram under the threshold slider.
    #[must_use]
    pub fn histogram(&self, bins: usize) -> Vec<u32> {
        let mut counts = vec![0; bins.max(1)];
        let last = counts.len() - 1;
        for &p in &self.values {
            counts[((p * bins as f32) as usize).min(last)] += 1;
        }
        counts
    }

    /// Calls `visit` with each row of probabilities at the photo's size, top to bottom.
    pub fn for_each_row(&self, mut visit: impl FnMut(&[f32])) {
        let [width, height] = self.photo_size;
        let columns = self.columns();
        let mut blended = vec![0.0_f32; self.network_size[0]];
        let mut row = vec![0.0_f32; width as usize];
        for y in 0..height {
            self.blend_rows(&tap(y, self.network_size[1], height), &mut blended);
            for (out, column) in row.iter_mut().zip(&columns) {
                *out = column.between([blended[column.first], blended[column.second]]);
            }
            visit(&row);
        }
    }

    /// Calls `visit` with `(y, from, to)` for every run of pixels `from..to` of the photo's row `y` that are at or above
    /// `threshold`, in reading order: the pixels that [`Self::threshold`] sets, without a mask.
    pub fn for_each_run(&self, threshold: f32, mut visit: impl FnMut(u32, u32, u32)) {
        let [width, height] = self.photo_size;
        let columns = self.columns();
        // Pixels between the same two of the map's: their probabilities rise or fall from the first to the last.
        let spans: Vec<&[Tap]> = columns.chunk_by(|one, next| one.first == next.first).collect();
        let (mut stretches, mut stretches_below) = (Vec::new(), None);
        for y in 0..height {
            let rows = tap(y, self.network_size[1], height);
            if stretches_below != Some(rows.first) {
                self.find_stretches(&rows, &spans, threshold, &mut stretches);
                stretches_below = Some(rows.first);
            }
            let mut begun = None;
            let mut change = |place: u32, is_lesion: bool| match (begun, is_lesion) {
                (None, true) => begun = Some(place),
                (Some(from), false) => {
                    visit(y, from, place);
                    begun = None;
                }
                _ => {}
            };
            for (from, stretch) in &stretches {
                match *stretch {
                    Stretch::Same(is_lesion) => change(*from, is_lesion),
                    Stretch::Mixed(span) => {
                        let ends = [span[0].first, span[0].second].map(|column| self.blend_column(&rows, column));
                        let is_lesion = |tap: &Tap| tap.between(ends) >= threshold;
                        let first = is_lesion(&span[0]);
                        change(*from, first);
                        let same = span.partition_point(|tap| is_lesion(tap) == first);
                        if same < span.len() {
                            change(*from + same as u32, !first);
                        }
                    }
                }
            }
            if let Some(from) = begun {
                visit(y, from, width);
            }
        }
    }

    /// What a row of the photo between the two of the map's `rows` consists of: the first column of each stretch, with it.
    fn find_stretches<'a>(
        &self,
        rows: &Tap,
        spans: &[&'a [Tap]],
        threshold: f32,
        stretches: &mut Vec<(u32, Stretch<'a>)>,
    ) {
        // More than interpolation rounds.
        const MARGIN: f32 = 1e-5;
        stretches.clear();
        let (above, below) = (self.network_row(rows.first), self.network_row(rows.second));
        let mut x = 0;
        for span in spans {
            let (left, right) = (span[0].first, span[0].second);
            let corners = [above[left], above[right], below[left], below[right]];
            let stretch = if corners.iter().all(|&p| p >= threshold + MARGIN) {
                Stretch::Same(true)
            } else if corners.iter().all(|&p| p < threshold - MARGIN) {
                Stretch::Same(false)
            } else {
                Stretch::Mixed(span)
            };
            match (stretches.last(), &stretch) {
                (Some((_, Stretch::Same(before))), Stretch::Same(now)) if before == now => {}
                _ => stretches.push((x, stretch)),
            }
            x += span.len() as u32;
        }
    }

    /// The taps of the photo's columns.
    fn columns(&self) -> Vec<Tap> {
        (0..self.photo_size[0]).map(|x| tap(x, self.network_size[0], self.photo_size[0])).collect()
    }

    /// The map's columns at one row of the photo.
    fn blend_rows(&self, rows: &Tap, blended: &mut [f32]) {
        let (above, below) = (self.network_row(rows.first), self.network_row(rows.second));
        for ((out, &a), &b) in blended.iter_mut().zip(above).zip(below) {
            *out = rows.between([a, b]);
        }
    }

    /// The map's column `column` at one row of the photo.
    fn blend_column(&self, rows: &Tap, column: usize) -> f32 {
        rows.between([rows.first, rows.second].map(|row| self.network_row(row)[column]))
    }

    fn network_row(&self, y: usize) -> &[f32] {
        &self.values[y * self.network_size[0]..(y + 1) * self.network_size[0]]
    }
}

/// A part of the photo's row, for [`ProbabilityMap::for_each_run`].
enum Stretch<'a> {
    /// On one side of the threshold as a whole.
    Same(bool),
    /// With columns that may lie on both sides.
    Mixed(&'a [Tap]),
}

/// The two neighbours of an output pixel and the weight of the second.
struct Tap {
    first: usize,
    second: usize,
    weight: f32,
}

impl Tap {
    /// The value between its two neighbours.
    fn between(&self, [first, second]: [f32; 2]) -> f32 {
        first + (second - first) * self.weight
    }
}

/// Half-pixel-centre bilinear taps: output pixel `index` of `to` on a line of `from` values.
fn tap(index: u32, from: usize, to: u32) -> Tap {
    let position = ((f64::from(index) + 0.5) * from as f64 / f64::from(to) - 0.5).max(0.0);
    let first = (position as usize).min(from - 1);
    Tap { first, second: (first + 1).min(from - 1), weight: (position - first as f64) as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upsampling_by_two_uses_half_pixel_centres_and_clamped_edges() {
        let map = ProbabilityMap::new([2, 1], vec![0.0, 1.0], [4, 1]);
        let mut row = Vec::new();
        map.for_each_row(|values| row.extend_from_slice(values));
        assert_eq!(row, [0.0, 0.25, 0.75, 1.0]);
        assert_eq!(map.at(2, 0), Some(0.75));
        assert_eq!(map.at(4, 0), None);
    }

    #[test]
    fn a_map_at_the_photos_size_is_unchanged() {
        let values = vec![0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
        let map = ProbabilityMap::new([3, 2], values.clone(), [3, 2]);
        let mut rows = Vec::new();
        map.for_each_row(|row| rows.extend_from_slice(row));
        assert_eq!(rows, values);
    }

    #[test]
    fn the_threshold_itself_is_foreground() {
        let map = ProbabilityMap::new([3, 1], vec![0.25, 0.5, 0.75], [3, 1]);
        assert_eq!(map.threshold(0.5).pixels(), [0, 1, 1]);
    }

    #[test]
    fn a_smaller_photo_gets_an_antialiased_map() {
        let map = ProbabilityMap::new([4, 4], vec![1.0; 16], [1, 1]);
        assert_eq!(map.network_size(), [1, 1]);
        assert!((map.at(0, 0).unwrap_or_default() - 1.0).abs() < 1e-6);
    }

    #[test]
    fn nan_and_out_of_range_values_are_contained() {
        let map = ProbabilityMap::new([3, 1], vec![f32::NAN, -1.0, 2.0], [3, 1]);
        assert_eq!(map.network_values(), [0.0, 0.0, 1.0]);
    }

    #[test]
    fn the_histogram_counts_every_value_once() {
        let map = ProbabilityMap::new([4, 1], vec![0.0, 0.49, 0.5, 1.0], [4, 1]);
        assert_eq!(map.histogram(2), [2, 2]);
    }
}
