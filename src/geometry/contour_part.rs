//! The outline of a part of a mask: the lines of [`contour::of_mask`](super::contour::of_mask), cut where they leave the
//! part. Parts that lie side by side together have the whole outline, so that a brush has only those drawn anew that it
//! has touched.

use std::collections::{HashMap, HashSet};

use super::area::Area;
use super::contour::{GridEdge, cell_edge, cell_steps};
use crate::mask::Mask;

/// An open or closed line in photo coordinates; a closed one ends with its first point.
pub type Line = Vec<[f32; 2]>;

/// The lines between the corners of `part`: of the cells whose upper left pixel lies in it. A part that reaches the photo's
/// left or upper edge has the lines along that edge too.
#[must_use]
pub fn of_part(mask: &Mask, part: Area) -> Vec<Line> {
    let cells = Cells { mask, pixels: mask.pixels(), size: mask.size().map(|side| side as usize) };
    link(&cells, steps(&cells, part))
}

/// Squares between the centres of four pixels. One at column 0 has its left pixels outside the photo, where nothing is
/// lesion; one at the last column its right ones.
struct Cells<'a> {
    mask: &'a Mask,
    pixels: &'a [u8],
    size: [usize; 2],
}

impl Cells<'_> {
    fn is_lesion(&self, column: usize, row: usize) -> bool {
        let inside = (1..=self.size[0]).contains(&column) && (1..=self.size[1]).contains(&row);
        inside && self.mask.is_set(column as u32 - 1, row as u32 - 1)
    }

    /// Whether no line runs through the cells of a row, between the corners `left` and `right`: all of them are the same.
    /// Slices compare many pixels at a time.
    fn are_plain(&self, row: usize, left: usize, right: usize) -> bool {
        let [width, height] = self.size;
        let (from, to) = (left.max(1) - 1, right.min(width));
        let line = |row: usize| &self.pixels[(row - 1) * width + from..(row - 1) * width + to];
        let is_whole = left >= 1 && right <= width;
        let is_even = |line: &[u8]| line[1..] == line[..line.len() - 1];
        match (row >= 1, row < height) {
            (true, true) => {
                let (above, below) = (line(row), line(row + 1));
                above == below && is_even(above) && (is_whole || above[0] == 0)
            }
            (true, false) => !line(row).contains(&1),
            (false, _) => !line(row + 1).contains(&1),
        }
    }

    /// Halfway between a lesion pixel and its neighbour; along the photo's edge on the edge itself.
    fn crossing(&self, (column, row, down): GridEdge) -> [f32; 2] {
        let (column, row) = (column as f32, row as f32);
        let [x, y] = if down { [column - 0.5, row] } else { [column, row - 0.5] };
        [x.clamp(0.0, self.size[0] as f32), y.clamp(0.0, self.size[1] as f32)]
    }
}

/// For each crossed edge the edge that the line goes to, lesion on the line's right hand. Corners are counted from a pixel
/// outside the photo on.
fn steps(cells: &Cells<'_>, part: Area) -> HashMap<GridEdge, GridEdge> {
    // The photo's own pixels are corners from 1 on; what lies left of the first belongs to the first part.
    let from = |side: u32| if side == 0 { 0 } else { side as usize + 1 };
    let [left, top] = [from(part.left), from(part.top)];
    let [right, bottom] = [part.right as usize, part.bottom as usize];
    let mut next = HashMap::new();
    for row in top..=bottom.min(cells.size[1]) {
        if cells.are_plain(row, left, right + 1) {
            continue;
        }
        for column in left..=right.min(cells.size[0]) {
            let corners = [(0, 0), (1, 0), (1, 1), (0, 1)].map(|(dx, dy)| cells.is_lesion(column + dx, row + dy));
            if corners != [corners[0]; 4] {
                // Lesion pixels that touch at a corner are parted.
                for (from, to) in cell_steps(corners, || false) {
                    next.insert(cell_edge(column, row, from), cell_edge(column, row, to));
                }
            }
        }
    }
    next
}

fn link(cells: &Cells<'_>, mut next: HashMap<GridEdge, GridEdge>) -> Vec<Line> {
    let reached: HashSet<GridEdge> = next.values().copied().collect();
    let in_order =
        |edges: &mut Vec<GridEdge>| edges.sort_unstable_by_key(|&(column, row, down)| (row, column, down));
    let (mut closed, mut begins): (Vec<GridEdge>, Vec<GridEdge>) =
        next.keys().copied().partition(|edge| reached.contains(edge));
    in_order(&mut begins);
    in_order(&mut closed);
    let mut lines = Vec::new();
    for begin in begins.into_iter().chain(closed) {
        let mut line = Line::new();
        let mut edge = begin;
        while let Some(following) = next.remove(&edge) {
            line.push(cells.crossing(edge));
            edge = following;
        }
        if !line.is_empty() {
            line.push(cells.crossing(edge));
            lines.push(line);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::geometry::contour;

    /// Blots, a hole, pixels that touch at a corner, and lesion at every edge of the photo.
    fn blots() -> Mask {
        let size = [53_u32, 41];
        let inside = |index: u32| {
            let (x, y) = ((index % size[0]) as f32, (index / size[0]) as f32);
            let ring = (x - 25.0).hypot(y - 20.0);
            let blot = (x * 0.7).sin() + (y * 0.9).cos() + (x * y * 0.05).sin();
            (6.0..11.0).contains(&ring) || blot > 1.1
        };
        Mask::new(size[0], size[1], (0..size[0] * size[1]).map(|index| u8::from(inside(index))).collect())
    }

    /// Each piece of a line between two points, in quarters of a pixel. Those that meet the photo's edge are left out: there
    /// the whole outline turns square corners.
    fn pieces(lines: &[Line], size: [u32; 2]) -> BTreeSet<[i32; 4]> {
        let on_edge = |[x, y]: [f32; 2]| x == 0.0 || y == 0.0 || x == size[0] as f32 || y == size[1] as f32;
        let quarters = |value: f32| (value * 4.0).round() as i32;
        lines
            .iter()
            .flat_map(|line| line.windows(2))
            .filter(|ends| ends[0] != ends[1] && !ends.iter().any(|&end| on_edge(end)))
            .map(|ends| [ends[0][0], ends[0][1], ends[1][0], ends[1][1]].map(quarters))
            .collect()
    }

    fn tiled(mask: &Mask, side: u32) -> Vec<Line> {
        let size = mask.size();
        let places = |length: u32| (0..length.div_ceil(side)).map(move |place| place * side);
        places(size[1])
            .flat_map(|top| places(size[0]).map(move |left| (left, top)))
            .flat_map(|(left, top)| {
                let part = Area { left, top, right: (left + side).min(size[0]), bottom: (top + side).min(size[1]) };
                of_part(mask, part)
            })
            .collect()
    }

    #[test]
    fn parts_side_by_side_have_the_whole_outline_once() {
        let mask = blots();
        let whole: Vec<Line> = contour::of_mask(&mask)
            .into_iter()
            .map(|mut line| {
                line.extend(line.first().copied());
                line
            })
            .collect();
        for side in [7, 16, 53] {
            let lines = tiled(&mask, side);
            assert_eq!(pieces(&lines, mask.size()), pieces(&whole, mask.size()), "parts of {side} px");
        }
    }

    #[test]
    fn a_line_inside_a_part_is_closed_and_one_that_leaves_it_is_open() {
        let mut mask = Mask::empty([40, 40]);
        for index in [5 * 40 + 5, 20 * 40 + 19, 20 * 40 + 20] {
            mask.pixels_mut()[index] = 1;
        }
        let lines = of_part(&mask, Area { left: 0, top: 0, right: 20, bottom: 40 });
        let is_closed: Vec<bool> = lines.iter().map(|line| line.first() == line.last()).collect();
        assert_eq!(is_closed, [false, true], "open lines stand first");
    }

    #[test]
    fn an_even_part_has_no_line() {
        let part = Area { left: 8, top: 8, right: 24, bottom: 24 };
        assert!(of_part(&Mask::empty([40, 40]), part).is_empty());
        assert!(of_part(&Mask::new(40, 40, vec![1; 1600]), part).is_empty());
    }

    #[test]
    fn a_full_mask_is_outlined_along_the_photos_edge() {
        let lines = tiled(&Mask::new(3, 2, vec![1; 6]), 2);
        let on_edge = |&[x, y]: &[f32; 2]| x == 0.0 || y == 0.0 || x == 3.0 || y == 2.0;
        assert!(!lines.is_empty() && lines.iter().flatten().all(on_edge), "{lines:?}");
    }
}
