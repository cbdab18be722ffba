//! A ruler in the photograph: marks of the same distance along a straight line.
//!
//! A ruler that is etched into glass is a thin dark line with marks on it: the straightest dark lines are found by their
//! votes (Duda and Hart, 1972), and lines beside them are read. A ruler of tape lies at an edge: lines along the edges are
//! read. Where what is read repeats itself after some pixels, and after twice and three times as many, while it is reversed
//! or unrelated half a mark later, there are marks; hair and skin lines do not keep their distance so well. The measure is
//! the least of the three autocorrelations.

use super::hair::standing_out;
use super::reduced::ReducedPhoto;
use crate::geometry::field_of_view::mean_filter;

/// Levels that a ruler's line stands out by at least.
const LINE_CONTRAST: u8 = 10;

/// Directions over half a turn that lines are looked for in.
const DIRECTIONS: usize = 90;

/// Lines that are looked at closer: those with most votes.
const MOST_LINES: usize = 12;

/// The shortest ruler, in longer sides.
const SHORTEST: f64 = 0.2;

/// How many pixels of a line may be missing in a row.
const MOST_MISSING: usize = 3;

/// How far beside a line marks are looked for, in pixels.
const BESIDE: isize = 6;

/// How far from an edge a ruler of tape may lie, in longer sides, and how long a stretch of it is read.
const EDGE: f64 = 0.12;
const TAPE: f64 = 0.375;

/// The least distance between marks, in pixels of the copy.
const LEAST_LAG: usize = 3;

/// Light and dark that change more slowly than over this radius in pixels are left out,
const RADIUS: usize = 6;

/// as are differences above these levels, so that one hair does not outweigh all marks.
const MOST_LEVELS: f32 = 25.0;

/// Standard deviation, in levels, of what is read across marks on glass and on tape at least.
const GLASS_CONTRAST: f32 = 2.0;
const TAPE_CONTRAST: f32 = 14.0;

/// How regular the most regular marks are, from 0 to 1; `contrast` is that of the copy's thin lines.
pub(super) fn regularity(copy: &ReducedPhoto, contrast: &[u8]) -> f64 {
    let [width, height] = copy.size;
    let slow = mean_filter(&copy.luma, width, height, RADIUS);
    let levels = copy.luma.iter().zip(&slow);
    let relief = Relief {
        values: levels.map(|(luma, slow)| (luma - slow).clamp(-MOST_LEVELS, MOST_LEVELS)).collect(),
        size: copy.size,
    };
    f64::from(on_glass(copy, contrast, &relief).max(on_tape(copy, &relief)))
}

/// Beside the straightest dark lines.
fn on_glass(copy: &ReducedPhoto, contrast: &[u8], relief: &Relief) -> f32 {
    let thin = standing_out(contrast, LINE_CONTRAST);
    let shortest = (copy.longer_side() as f64 * SHORTEST) as usize;
    let mut most = 0.0_f32;
    for line in straightest(&thin, copy.size, shortest) {
        for part in line.parts(&thin, copy.size, shortest) {
            for beside in -BESIDE..=BESIDE {
                let read: Vec<f32> = part
                    .clone()
                    .filter_map(|along| relief.at(line.point(copy.size, along, beside as f32)))
                    .collect();
                most = most.max(repeats(&read, GLASS_CONTRAST));
            }
        }
    }
    most
}

/// Along the edges.
fn on_tape(copy: &ReducedPhoto, relief: &Relief) -> f32 {
    let [width, height] = copy.size;
    let longer = copy.longer_side() as f64;
    let (deep, stretch) = ((longer * EDGE) as usize, (longer * TAPE) as usize);
    let mut most = 0.0_f32;
    for from_edge in 0..deep {
        let row = |y: usize| (0..width).map(|x| relief.values[y * width + x]).collect::<Vec<f32>>();
        let column = |x: usize| (0..height).map(|y| relief.values[y * width + x]).collect::<Vec<f32>>();
        let rows = [from_edge, height.saturating_sub(1 + from_edge)].map(|y| row(y.min(height - 1)));
        let columns = [from_edge, width.saturating_sub(1 + from_edge)].map(|x| column(x.min(width - 1)));
        for line in rows.iter().chain(&columns).filter(|line| line.len() >= stretch && stretch > 0) {
            for first in (0..=line.len() - stretch).step_by(stretch.div_ceil(3)) {
                most = most.max(repeats(&line[first..first + stretch], TAPE_CONTRAST));
            }
        }
    }
    most
}

/// The copy's lightness without what changes slowly.
struct Relief {
    values: Vec<f32>,
    size: [usize; 2],
}

impl Relief {
    /// The value between four pixels; none outside.
    fn at(&self, [x, y]: [f32; 2]) -> Option<f32> {
        let [width, height] = self.size;
        if x < 0.0 || y < 0.0 || x >= (width - 1) as f32 || y >= (height - 1) as f32 {
            return None;
        }
        let (column, row) = (x as usize, y as usize);
        let (right, down) = (x - column as f32, y - row as f32);
        let value = |x: usize, y: usize| self.values[y * width + x];
        let above = value(column, row) * (1.0 - right) + value(column + 1, row) * right;
        let below = value(column, row + 1) * (1.0 - right) + value(column + 1, row + 1) * right;
        Some(above * (1.0 - down) + below * down)
    }
}

/// A straight line: its direction, and how far it passes the middle.
#[derive(Clone, Copy)]
struct StraightLine {
    turn: f32,
    offset: f32,
}

impl StraightLine {
    /// A point so far along the line, and so far beside it.
    fn point(self, [width, height]: [usize; 2], along: isize, beside: f32) -> [f32; 2] {
        let ((sin, cos), across, along) = (self.turn.sin_cos(), self.offset + beside, along as f32);
        [width as f32 / 2.0 + along * cos - across * sin, height as f32 / 2.0 + along * sin + across * cos]
    }

    /// Where the line is dark without a longer gap, over `shortest` pixels or more.
    fn parts(self, thin: &[u8], size: [usize; 2], shortest: usize) -> Vec<std::ops::RangeInclusive<isize>> {
        let reach = half_diagonal(size);
        let is_dark = |along: isize| {
            [-1.0, 0.0, 1.0].iter().any(|&beside| {
                let [x, y] = self.point(size, along, beside).map(|place| place.floor());
                let is_within = x >= 0.0 && y >= 0.0 && x < size[0] as f32 && y < size[1] as f32;
                is_within && thin[y as usize * size[0] + x as usize] == 1
            })
        };
        let mut parts = Vec::new();
        let mut part: Option<[isize; 2]> = None;
        for along in -reach..=reach + MOST_MISSING as isize + 1 {
            if is_dark(along) {
                part = Some([part.map_or(along, |[first, _]| first), along]);
            } else if let Some([first, last]) = part.filter(|[_, last]| along - last > MOST_MISSING as isize) {
                if (last - first) as usize >= shortest {
                    parts.push(first..=last);
                }
                part = None;
            }
        }
        parts
    }
}

fn half_diagonal([width, height]: [usize; 2]) -> isize {
    ((width as f32).hypot(height as f32) / 2.0) as isize + 1
}

/// The lines through most dark pixels, none close to another.
fn straightest(thin: &[u8], size: [usize; 2], shortest: usize) -> Vec<StraightLine> {
    let reach = half_diagonal(size);
    let rows = (2 * reach + 1) as usize;
    let turns: Vec<f32> =
        (0..DIRECTIONS).map(|direction| direction as f32 * std::f32::consts::PI / DIRECTIONS as f32).collect();
    let mut votes = vec![0_u16; DIRECTIONS * rows];
    for (index, _) in thin.iter().enumerate().filter(|(_, pixel)| **pixel == 1) {
        let x = (index % size[0]) as f32 + 0.5 - size[0] as f32 / 2.0;
        let y = (index / size[0]) as f32 + 0.5 - size[1] as f32 / 2.0;
        for (direction, turn) in turns.iter().enumerate() {
            let offset = (y * turn.cos() - x * turn.sin()).round() as isize;
            let place = direction * rows + (offset + reach) as usize;
            votes[place] = votes[place].saturating_add(1);
        }
    }
    let mut lines = Vec::new();
    while lines.len() < MOST_LINES {
        let Some((place, &most)) = votes.iter().enumerate().max_by_key(|(_, votes)| **votes) else { break };
        if usize::from(most) < shortest / 2 {
            break;
        }
        let (direction, row) = (place / rows, place % rows);
        lines.push(StraightLine { turn: turns[direction], offset: (row as isize - reach) as f32 });
        for near in direction.saturating_sub(3)..(direction + 4).min(DIRECTIONS) {
            votes[near * rows + row.saturating_sub(5)..near * rows + (row + 6).min(rows)].fill(0);
        }
    }
    lines
}

/// How well a stretch repeats itself at the best distance; nothing where it varies by less than `contrast`.
fn repeats(stretch: &[f32], contrast: f32) -> f32 {
    let count = stretch.len() as f32;
    let mean = stretch.iter().sum::<f32>() / count;
    let power = stretch.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / count;
    if stretch.len() < 5 * LEAST_LAG || power < contrast * contrast {
        return 0.0;
    }
    let correlation = |lag: usize| {
        let pairs = stretch.iter().zip(&stretch[lag..]);
        let sum: f32 = pairs.map(|(one, other)| (one - mean) * (other - mean)).sum();
        sum / (stretch.len() - lag) as f32 / power
    };
    let mut most = 0.0_f32;
    for lag in LEAST_LAG..=stretch.len() / 5 {
        let once = correlation(lag);
        if once > most && correlation(lag + lag / 2) < 0.1 {
            most = most.max(once.min(correlation(2 * lag)).min(correlation(3 * lag)));
        }
    }
    most
}
