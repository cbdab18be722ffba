//! The union of many closed lines in one sweep over the rows of a photo. Its cost is that of the lines' crossings with
//! rows and of the photo's pixels once, not of the area of every line: a hundred thousand lines around the whole photo
//! paint it once.

use std::ops::Range;

use super::polygon::{PolygonEdge, first_centre};
use crate::mask::Mask;

/// Closed lines that belong together, each by the even-odd rule: inside one of `lesion` and none of `holes`.
#[derive(Clone, Debug, Default)]
pub(crate) struct PolygonGroup<'a> {
    pub(crate) lesion: Vec<&'a [[f64; 2]]>,
    pub(crate) holes: Vec<&'a [[f64; 2]]>,
}

/// One line of a group.
struct GroupLine<'a> {
    points: &'a [[f64; 2]],
    group: usize,
    is_hole: bool,
}

/// An edge above its first row, kept small: it begins at point `at` of its line.
struct WaitingEdge {
    rows: Range<u32>,
    line: u32,
    at: u32,
}

/// An edge that crosses the row being swept.
struct ActiveEdge {
    line: usize,
    edge: PolygonEdge,
}

/// Sets the pixels of all `groups`. A line with a point that is no number holds nothing.
pub(crate) fn fill(mask: &mut Mask, groups: &[PolygonGroup<'_>]) {
    let [width, height] = mask.size().map(|side| side as usize);
    let lines = lines(groups);
    let mut waiting = waiting(&lines, height);
    let mut active: Vec<ActiveEdge> = Vec::new();
    let mut row = waiting.last().map_or(height, |edge| edge.rows.start as usize);
    let mut sweep = RowSweep { width, changes: vec![0; width + 1], columns: Vec::new(), events: Vec::new() };
    while row < height && !(active.is_empty() && waiting.is_empty()) {
        active.retain(|edge| row < edge.edge.rows.end);
        let kept = active.len();
        while let Some(edge) = waiting.pop_if(|edge| edge.rows.start as usize <= row) {
            let line = edge.line as usize;
            let [from, to] = ends(lines[line].points, edge.at as usize);
            active.extend(PolygonEdge::between(from, to, height).map(|edge| ActiveEdge { line, edge }));
        }
        if active.len() > kept {
            // Lines of one group stay together; what was sorted before is merged.
            active.sort_by_key(|edge| edge.line);
        }
        sweep.changes.fill(0);
        for group in active.chunk_by(|one, other| lines[one.line].group == lines[other.line].group) {
            if group.iter().any(|edge| lines[edge.line].is_hole) {
                sweep.add_with_holes(group, &lines, row);
            } else {
                sweep.add(group, row);
            }
        }
        sweep.paint(&mut mask.pixels_mut()[row * width..(row + 1) * width]);
        row += 1;
    }
}

/// The lines of all groups that can hold pixels, those of one group in a row.
fn lines<'a>(groups: &[PolygonGroup<'a>]) -> Vec<GroupLine<'a>> {
    let is_sound =
        |line: &&GroupLine<'_>| line.points.len() >= 3 && line.points.iter().flatten().all(|side| side.is_finite());
    let of_group = |(group, lines): (usize, &PolygonGroup<'a>)| {
        let line = |is_hole| move |points: &&'a [[f64; 2]]| GroupLine { points, group, is_hole };
        let lesion = lines.lesion.iter().map(line(false));
        lesion.chain(lines.holes.iter().map(line(true))).filter(|line| is_sound(&line)).collect::<Vec<_>>()
    };
    groups.iter().enumerate().flat_map(of_group).collect()
}

/// The edges that cross rows, the uppermost last.
fn waiting(lines: &[GroupLine<'_>], height: usize) -> Vec<WaitingEdge> {
    let mut edges = Vec::new();
    for (line, GroupLine { points, .. }) in lines.iter().enumerate() {
        for at in 0..points.len() {
            let [from, to] = ends(points, at);
            if let Some(PolygonEdge { rows, .. }) = PolygonEdge::between(from, to, height) {
                let rows = rows.start as u32..rows.end as u32;
                edges.push(WaitingEdge { rows, line: line as u32, at: at as u32 });
            }
        }
    }
    edges.sort_by_key(|edge| std::cmp::Reverse(edge.rows.start));
    edges
}

/// Both ends of the edge that begins at a point; the last point is joined to the first.
fn ends(points: &[[f64; 2]], at: usize) -> [[f64; 2]; 2] {
    [points[at], points[(at + 1) % points.len()]]
}

/// What is inside in one row.
struct RowSweep {
    width: usize,
    /// By how much the number of lines around a pixel changes at each column.
    changes: Vec<i32>,
    columns: Vec<usize>,
    /// Column, whether of a hole, and by how much its count changes.
    events: Vec<(usize, bool, i32)>,
}

impl RowSweep {
    /// Adds each line of a group without holes.
    fn add(&mut self, group: &[ActiveEdge], row: usize) {
        for line in group.chunk_by(|one, other| one.line == other.line) {
            self.cross(line, row);
            for [from, to] in self.columns.as_chunks::<2>().0 {
                self.changes[*from] += 1;
                self.changes[*to] -= 1;
            }
        }
    }

    /// Adds a group: where it is inside its lesion and outside all of its holes.
    fn add_with_holes(&mut self, group: &[ActiveEdge], lines: &[GroupLine<'_>], row: usize) {
        self.events.clear();
        for line in group.chunk_by(|one, other| one.line == other.line) {
            self.cross(line, row);
            let is_hole = lines[line[0].line].is_hole;
            for [from, to] in self.columns.as_chunks::<2>().0 {
                self.events.extend([(*from, is_hole, 1), (*to, is_hole, -1)]);
            }
        }
        self.events.sort_unstable();
        let (mut around, mut is_inside) = ([0, 0], false);
        for (column, is_hole, change) in &self.events {
            around[usize::from(*is_hole)] += change;
            let was_inside = std::mem::replace(&mut is_inside, around[0] > 0 && around[1] == 0);
            self.changes[*column] += i32::from(is_inside) - i32::from(was_inside);
        }
    }

    /// The columns where one line goes in and out of the row's pixels, in order: an even number.
    fn cross(&mut self, line: &[ActiveEdge], row: usize) {
        self.columns.clear();
        self.columns.extend(line.iter().map(|edge| first_centre(edge.edge.crossing(row), self.width)));
        self.columns.sort_unstable();
    }

    fn paint(&self, pixels: &mut [u8]) {
        let mut around = 0;
        for (pixel, change) in pixels.iter_mut().zip(&self.changes) {
            around += change;
            if around > 0 {
                *pixel = 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::polygon::{self, FillRule};

    const SIZE: [u32; 2] = [61, 47];

    /// Closed lines that look random, the same in every run; many cross themselves and leave the photo.
    fn scattered(seed: u32, count: usize) -> Vec<Vec<[f64; 2]>> {
        let mut state = seed;
        let mut next = |below: f64| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(state >> 8) / f64::from(1 << 24) * below
        };
        (0..count).map(|line| (0..3 + line % 7).map(|_| [next(80.0) - 10.0, next(60.0) - 6.0]).collect()).collect()
    }

    fn painted_one_by_one(groups: &[PolygonGroup<'_>]) -> Mask {
        let mut whole = Mask::empty(SIZE);
        for group in groups {
            let mut own = Mask::empty(SIZE);
            for (lines, is_lesion) in [(&group.lesion, true), (&group.holes, false)] {
                for line in lines {
                    polygon::fill(&mut own, line, FillRule::EvenOdd, is_lesion);
                }
            }
            whole.pixels_mut().iter_mut().zip(own.pixels()).for_each(|(pixel, own)| *pixel |= own);
        }
        whole
    }

    #[test]
    fn the_union_is_what_the_lines_hold_one_by_one() {
        for seed in 0..120 {
            let lines = scattered(seed, 1 + seed as usize % 9);
            let mut groups = vec![PolygonGroup::default(); 3];
            for (number, line) in lines.iter().enumerate() {
                let group = &mut groups[number % 3];
                // The second group has no holes.
                let is_hole = number % 3 != 1 && number / 3 == 1;
                if is_hole { group.holes.push(line) } else { group.lesion.push(line) }
            }
            let mut mask = Mask::empty(SIZE);
            fill(&mut mask, &groups);
            assert_eq!(mask, painted_one_by_one(&groups), "seed {seed}");
        }
    }

    #[test]
    fn lines_without_area_and_numbers_that_are_none_hold_nothing() {
        let odd = [vec![], vec![[1.0, 1.0], [3.0, 3.0]], vec![[f64::NAN, 0.0], [4.0, 0.0], [0.0, 4.0]]];
        let groups = [PolygonGroup { lesion: odd.iter().map(Vec::as_slice).collect(), holes: Vec::new() }];
        let mut mask = Mask::empty(SIZE);
        fill(&mut mask, &groups);
        assert!(mask.is_empty());
    }
}
