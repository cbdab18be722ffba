//! Exact Euclidean distances from pixels to the nearest of a set of pixels: of a few of them, or of all in time linear in
//! the pixels between.
//!
//! For all: the separable transform of Meijster, Roerdink and Hesselink (2000), as Felzenszwalb and Huttenlocher's: first along
//! columns, then the lower envelope of parabolas along each row. It works on whole numbers (squared distances), so
//! there is nothing to round before the last square root.

/// Side of a cell of [`SiteGrid`], in pixels.
const CELL: u32 = 16;

/// Pixels by the cell of a grid that they lie in, to find the nearest one of a pixel that lies near: surfaces do.
pub(crate) struct SiteGrid {
    /// Of the first cell, `[x, y]`.
    origin: [u32; 2],
    /// `[across, down]`.
    cells: [u32; 2],
    /// Where the sites of each cell begin, row by row, and behind the last one their number.
    starts: Vec<u32>,
    sites: Vec<[u32; 2]>,
}

impl SiteGrid {
    /// Of `[x, y]` of sites in any order, at least one.
    fn of(sites: &[[u32; 2]]) -> Self {
        let of_axis = |axis: usize| sites.iter().map(move |site| site[axis]);
        let origin = [0, 1].map(|axis| of_axis(axis).min().unwrap_or_default());
        let cells = [0, 1].map(|axis| (of_axis(axis).max().unwrap_or_default() - origin[axis]) / CELL + 1);
        let cell = |[x, y]: [u32; 2]| (((y - origin[1]) / CELL) * cells[0] + (x - origin[0]) / CELL) as usize;
        // Counted one place further on, summed up, and moved to where each cell's end comes to lie.
        let mut starts = vec![0_u32; (cells[0] * cells[1]) as usize + 1];
        sites.iter().for_each(|&site| starts[cell(site) + 1] += 1);
        for place in 1..starts.len() {
            starts[place] += starts[place - 1];
        }
        let mut next = starts.clone();
        let mut by_cell = vec![[0; 2]; sites.len()];
        for &site in sites {
            let place = &mut next[cell(site)];
            by_cell[*place as usize] = site;
            *place += 1;
        }
        Self { origin, cells, starts, sites: by_cell }
    }

    /// For each pixel `[x, y]` of `from`, in its order, the distance to the nearest of `sites`, of which there is one.
    pub(crate) fn distances(from: &[[u32; 2]], sites: &[[u32; 2]]) -> Vec<f64> {
        let grid = Self::of(sites);
        let mut before = u64::from(CELL);
        let mut distance = |&pixel: &[u32; 2]| {
            // Pixels that follow each other mostly lie as far from their sites.
            let mut reach = before + 2;
            let squared = loop {
                match grid.least_squared_within(reach, pixel) {
                    Some(squared) => break squared,
                    None => reach *= 2,
                }
            };
            let distance = (squared as f64).sqrt();
            before = distance as u64;
            distance
        };
        from.iter().map(&mut distance).collect()
    }

    /// The squared distance of the nearest site, if it is at most `reach` away: rows of cells, away from the pixel.
    fn least_squared_within(&self, reach: u64, [x, y]: [u32; 2]) -> Option<u64> {
        let beyond = reach * reach + 1;
        let mut least = beyond;
        let here = i64::from(y) - i64::from(self.origin[1]);
        let nearest_row = here.div_euclid(CELL.into()).clamp(0, i64::from(self.cells[1]) - 1);
        for up_or_down in [-1, 1] {
            let mut row = if up_or_down < 0 { nearest_row } else { nearest_row + 1 };
            while (0..self.cells[1].into()).contains(&row) {
                let top = row * i64::from(CELL);
                let apart = (top - here).max(here - (top + i64::from(CELL) - 1)).max(0) as u64;
                if apart * apart >= least {
                    break;
                }
                let beside = ((least - apart * apart) as f64).sqrt() as u64;
                least = self.sites_of(row as u32, x, beside).iter().fold(least, |least, site| {
                    least.min(u64::from(site[0].abs_diff(x)).pow(2) + u64::from(site[1].abs_diff(y)).pow(2))
                });
                row += up_or_down;
            }
        }
        (least < beyond).then_some(least)
    }

    /// The sites of those cells of a row that reach to within `beside` of column `x`; others may be among them.
    fn sites_of(&self, row: u32, x: u32, beside: u64) -> &[[u32; 2]] {
        let column = |x: u64| x.checked_sub(self.origin[0].into()).map(|x| x / u64::from(CELL));
        let x = u64::from(x);
        let first = column(x.saturating_sub(beside)).unwrap_or(0);
        let Some(last) = column(x + beside) else { return &[] };
        let (first, last) = (first.min(self.cells[0].into()), last.min(u64::from(self.cells[0]) - 1) + 1);
        let start = u64::from(row * self.cells[0]);
        let places = [first, last.max(first)].map(|column| self.starts[(start + column) as usize] as usize);
        &self.sites[places[0]..places[1]]
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
            assert_eq!(SiteGrid::distances(&from, &sites), expected, "seed {seed}");
        }
    }

    #[test]
    fn sites_in_many_cells_and_far_from_them_are_found() {
        for seed in 0..50 {
            let side = 200 + 40 * (seed % 30);
            let mut from = scattered(30, seed, side, 700);
            from.extend([[0, 0], [5000, 3], [3, 5000], [side, 699]]);
            let sites: Vec<_> =
                scattered(1 + seed % 90, seed + 500, side, 500).iter().map(|&[x, y]| [x + 150, y + 90]).collect();
            let tried = |&[x, y]: &[u32; 2]| {
                let squared = |&[a, b]: &[u32; 2]| x.abs_diff(a).pow(2) + y.abs_diff(b).pow(2);
                f64::from(sites.iter().map(squared).min().unwrap_or_default()).sqrt()
            };
            let expected: Vec<f64> = from.iter().map(tried).collect();
            assert_eq!(SiteGrid::distances(&from, &sites), expected, "seed {seed}");
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
