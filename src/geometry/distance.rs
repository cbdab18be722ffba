//! Exact Euclidean distances from pixels to the nearest of a set of pixels, in time linear in the pixels between them.
//!
//! The separable transform of Meijster, Roerdink and Hesselink (2000), as Felzenszwalb and Huttenlocher's: first along
//! columns, then the lower envelope of parabolas along each row. It works on whole numbers (squared distances), so
//! there is nothing to round before the last square root. Rows that nobody asks for are passed over.

/// Column without a site.
const FAR: u32 = u32::MAX;

/// The distance of each column's pixel to the column's nearest site, over the rectangle that holds sites and queries.
pub(crate) struct NearestSite {
    origin: [u32; 2],
    width: usize,
    along_columns: Vec<u32>,
}

impl NearestSite {
    /// For each pixel `[x, y]` of `from`, in its order, the distance to the nearest of `sites`. Pixels of `from` come
    /// row by row; neither may be empty.
    pub(crate) fn distances(from: &[[u32; 2]], sites: &[[u32; 2]]) -> Vec<f64> {
        let columns = Self::along_columns(from, sites);
        let mut envelope = Vec::new();
        let mut row = vec![0; columns.width];
        let mut distances = Vec::with_capacity(from.len());
        for in_row in from.chunk_by(|one, next| one[1] == next[1]) {
            columns.row(in_row[0][1], &mut envelope, &mut row);
            let squared = in_row.iter().map(|[x, _]| row[(x - columns.origin[0]) as usize]);
            distances.extend(squared.map(|squared| (squared as f64).sqrt()));
        }
        distances
    }

    /// Calls `visit` with each pixel of a photo of `size` that lies at most `reach` from one of `sites`, row by row.
    pub(crate) fn each_within(sites: &[[u32; 2]], reach: f64, size: [u32; 2], mut visit: impl FnMut([u32; 2])) {
        let around = reach.ceil() as u32;
        let bounds = |axis: usize| sites.iter().map(move |site| site[axis]);
        let least = [0, 1].map(|axis| bounds(axis).min().unwrap_or_default().saturating_sub(around));
        let most = [0, 1].map(|axis| (bounds(axis).max().unwrap_or_default() + around).min(size[axis] - 1));
        let columns = Self::along_columns(&[least, most], sites);
        let mut envelope = Vec::new();
        let mut row = vec![0; columns.width];
        for y in least[1]..=most[1] {
            columns.row(y, &mut envelope, &mut row);
            for (x, squared) in (least[0]..).zip(&row) {
                if *squared as f64 <= reach * reach {
                    visit([x, y]);
                }
            }
        }
    }

    fn along_columns(from: &[[u32; 2]], sites: &[[u32; 2]]) -> Self {
        let all = || from.iter().chain(sites);
        let least = |axis: usize| all().map(|pixel| pixel[axis]).min().unwrap_or_default();
        let most = |axis: usize| all().map(|pixel| pixel[axis]).max().unwrap_or_default();
        let origin = [least(0), least(1)];
        let [width, height] = [0, 1].map(|axis| (most(axis) - origin[axis]) as usize + 1);
        let mut steps = vec![FAR; width * height];
        for [x, y] in sites {
            steps[(y - origin[1]) as usize * width + (x - origin[0]) as usize] = 0;
        }
        for y in 1..height {
            let (above, below) = steps.split_at_mut(y * width);
            one_further(&above[(y - 1) * width..], &mut below[..width]);
        }
        for y in (1..height).rev() {
            let (above, below) = steps.split_at_mut(y * width);
            one_further(&below[..width], &mut above[(y - 1) * width..]);
        }
        Self { origin, width, along_columns: steps }
    }

    /// Squared distances of all pixels of the photo's row `y`, into `squared`.
    fn row(&self, y: u32, envelope: &mut Vec<Parabola>, squared: &mut [i64]) {
        let start = (y - self.origin[1]) as usize * self.width;
        let steps = &self.along_columns[start..start + self.width];
        lower_envelope(steps, envelope);
        let mut lowest = 0;
        for (x, squared) in squared.iter_mut().enumerate() {
            let x = x as i64;
            while envelope.get(lowest + 1).is_some_and(|next| next.from <= x) {
                lowest += 1;
            }
            *squared = envelope[lowest].at(x);
        }
    }
}

fn one_further(known: &[u32], next: &mut [u32]) {
    for (next, known) in next.iter_mut().zip(known) {
        *next = (*next).min(known.saturating_add(1));
    }
}

/// Squared distances to a column's nearest site, and from which pixel of the row on it is the lowest.
struct Parabola {
    from: i64,
    column: i64,
    height: i64,
}

impl Parabola {
    fn at(&self, x: i64) -> i64 {
        (x - self.column).pow(2) + self.height
    }
}

fn lower_envelope(steps: &[u32], envelope: &mut Vec<Parabola>) {
    envelope.clear();
    for (column, &step) in steps.iter().enumerate().filter(|&(_, &step)| step != FAR) {
        let mut new = Parabola { from: 0, column: column as i64, height: i64::from(step).pow(2) };
        while envelope.last().is_some_and(|last| last.at(last.from) > new.at(last.from)) {
            envelope.pop();
        }
        if let Some(last) = envelope.last() {
            // The last pixel where the older parabola is not above the newer one, and one more.
            let difference = new.column.pow(2) - last.column.pow(2) + new.height - last.height;
            new.from = difference / (2 * (new.column - last.column)) + 1;
        }
        if new.from < steps.len() as i64 {
            envelope.push(new);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whole numbers that look random, the same in every run.
    fn scattered(count: u32, seed: u32, width: u32, height: u32) -> Vec<[u32; 2]> {
        let mut state = seed;
        let mut next = |below: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) % below
        };
        let mut pixels: Vec<[u32; 2]> = (0..count).map(|_| [next(width), next(height)]).collect();
        pixels.sort_unstable_by_key(|&[x, y]| (y, x));
        pixels
    }

    #[test]
    fn distances_equal_those_of_trying_every_pair() {
        for seed in 0..200 {
            let from = scattered(1 + seed % 40, seed, 1 + seed % 37, 1 + seed % 53);
            let sites = scattered(1 + seed % 7, seed + 1000, 1 + seed % 61, 1 + seed % 29);
            let tried = |[x, y]: &[u32; 2]| {
                let squared = |[a, b]: &[u32; 2]| x.abs_diff(*a).pow(2) + y.abs_diff(*b).pow(2);
                f64::from(sites.iter().map(squared).min().unwrap_or_default()).sqrt()
            };
            let expected: Vec<f64> = from.iter().map(tried).collect();
            assert_eq!(NearestSite::distances(&from, &sites), expected, "seed {seed}");
        }
    }
}
