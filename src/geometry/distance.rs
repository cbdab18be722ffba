//! Exact Euclidean distances from pixels to the nearest of a set of pixels: of a few of them, or of all in time linear in
//! the pixels between.
//!
//! For all: the separable transform of Meijster, Roerdink and Hesselink (2000), as Felzenszwalb and Huttenlocher's: first along
//! columns, then the lower envelope of parabolas along each row. It works on whole numbers (squared distances), so
//! there is nothing to round before the last square root.

/// Pixels by their rows, to find the nearest one of a pixel that lies near: surfaces do, and have few pixels in a row.
pub(crate) struct SitesByRow {
    /// Row of the first site.
    top: u32,
    /// Columns of each row's sites, in order.
    rows: Vec<Vec<u32>>,
}

impl SitesByRow {
    /// Of `[x, y]` of sites in any order, at least one.
    fn of(sites: &[[u32; 2]]) -> Self {
        let [top, bottom] = [sites.iter().map(|site| site[1]).min(), sites.iter().map(|site| site[1]).max()]
            .map(Option::unwrap_or_default);
        let mut rows = vec![Vec::new(); (bottom - top) as usize + 1];
        sites.iter().for_each(|&[x, y]| rows[(y - top) as usize].push(x));
        rows.iter_mut().filter(|row| !row.is_sorted()).for_each(|row| row.sort_unstable());
        Self { top, rows }
    }

    /// For each pixel `[x, y]` of `from`, in its order, the distance to the nearest of `sites`, of which there is one.
    pub(crate) fn distances(from: &[[u32; 2]], sites: &[[u32; 2]]) -> Vec<f64> {
        let sites = Self::of(sites);
        from.iter().map(|&pixel| (sites.least_squared(pixel) as f64).sqrt()).collect()
    }

    /// Row by row away from the pixel, until a row is farther than what was found.
    fn least_squared(&self, [x, y]: [u32; 2]) -> u64 {
        let last = self.rows.len() as i64 - 1;
        let here = i64::from(y) - i64::from(self.top);
        let mut least = u64::MAX;
        for apart in (0.max(-here).max(here - last)..).take_while(|apart| *apart <= here.max(last - here)) {
            let down = (apart as u64).pow(2);
            if down >= least {
                break;
            }
            let rows = [here - apart, here + apart].map(|row| usize::try_from(row).ok());
            for row in rows.into_iter().flatten().filter_map(|row| self.rows.get(row)) {
                let after = row.partition_point(|&site| site < x);
                let beside = row[after.saturating_sub(1)..].iter().take(2);
                least = beside.map(|&site| down + u64::from(site.abs_diff(x)).pow(2)).fold(least, u64::min);
            }
        }
        least
    }
}

/// Column without a site.
const FAR: u32 = u32::MAX;

/// The distance of each column's pixel to the column's nearest site, over the rectangle that holds sites and queries.
pub(crate) struct NearestSite {
    origin: [u32; 2],
    width: usize,
    along_columns: Vec<u32>,
}

impl NearestSite {
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
            assert_eq!(SitesByRow::distances(&from, &sites), expected, "seed {seed}");
        }
    }

    #[test]
    fn pixels_within_reach_are_those_of_trying_every_pair() {
        for seed in 0..200 {
            let size = [1 + seed % 37, 1 + seed % 53];
            let sites = scattered(1 + seed % 7, seed, size[0], size[1]);
            let reach = f64::from(seed % 11) * 0.7;
            let is_within = |[x, y]: [u32; 2]| {
                let squared = |[a, b]: &[u32; 2]| x.abs_diff(*a).pow(2) + y.abs_diff(*b).pow(2);
                f64::from(sites.iter().map(squared).min().unwrap_or_default()) <= reach * reach
            };
            let pixels = (0..size[1]).flat_map(|y| (0..size[0]).map(move |x| [x, y]));
            let expected: Vec<[u32; 2]> = pixels.filter(|&pixel| is_within(pixel)).collect();
            let mut found = Vec::new();
            NearestSite::each_within(&sites, reach, size, |pixel| found.push(pixel));
            assert_eq!(found, expected, "seed {seed}");
        }
    }
}
