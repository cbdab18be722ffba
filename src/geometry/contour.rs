//! Outlines: closed lines along a level of a field, by marching squares, in the photo's pixel coordinates.
//!
//! Coordinates have their origin at the photo's upper left corner; the centre of its first pixel is (0.5, 0.5). Where
//! the lesion runs out of the photo the outline follows the photo's border, so every line is closed.

use std::collections::HashMap;

use super::polygon::signed_area;
use crate::mask::{Mask, ProbabilityMap};

/// A closed line in photo coordinates: `[x, y]` a point; the last joins the first.
pub type Outline = Vec<[f32; 2]>;

/// Where the probability reaches `threshold`: smooth, because it follows the map between pixel centres.
#[must_use]
pub fn of_map(map: &ProbabilityMap, threshold: f32) -> Vec<Outline> {
    let [width, height] = map.network_size();
    let values = map.network_values();
    // A pixel at the threshold is lesion; just below it the line is on the other side.
    let level = threshold - 1e-6;
    trace([width, height], map.photo_size(), level, |x, y| values[y * width + x])
}

/// Around the pixels of a mask, halfway between a lesion pixel and its neighbour.
#[must_use]
pub fn of_mask(mask: &Mask) -> Vec<Outline> {
    let Some([left, top, right, bottom]) = bounds(mask) else { return Vec::new() };
    // Around the lesion alone, with a pixel of background where the photo has one: the same lines in less time.
    let [width, height] = mask.size().map(|side| side as usize);
    let [left, top] = [left, top].map(|side| side.saturating_sub(1));
    let [right, bottom] = [(right + 1).min(width), (bottom + 1).min(height)];
    let size = [right - left, bottom - top];
    let pixels = mask.pixels();
    let mut outlines =
        trace(size, size.map(|side| side as u32), 0.5, |x, y| f32::from(pixels[(top + y) * width + left + x]));
    for point in outlines.iter_mut().flatten() {
        *point = [point[0] + left as f32, point[1] + top as f32];
    }
    outlines
}

/// Left, top, right and bottom of the lesion's pixels.
pub(super) fn bounds(mask: &Mask) -> Option<[usize; 4]> {
    let width = mask.size()[0] as usize;
    let rows = || mask.pixels().chunks(width);
    let has_lesion = |row: &[u8]| row.contains(&1);
    let top = rows().position(has_lesion)?;
    let bottom = rows().rposition(has_lesion)? + 1;
    let (mut left, mut right) = (width, 0);
    for row in rows().take(bottom).skip(top) {
        left = row[..left].iter().position(|&pixel| pixel == 1).unwrap_or(left);
        right += row[right..].iter().rposition(|&pixel| pixel == 1).map_or(0, |last| last + 1);
    }
    Some([left, top, right, bottom])
}

/// Whether the line runs around a hole in the lesion rather than around lesion.
#[must_use]
pub fn is_hole(outline: &Outline) -> bool {
    signed_area(outline) < 0.0
}

/// An edge of the grid between two neighbouring corners: its first corner, and whether it runs down.
pub(super) type GridEdge = (u32, u32, bool);

/// The grid of corners: the field's values at their centres, then twice a ring at the photo's border, first with the
/// edge's values, then outside everything, so that lines close along the border.
struct Grid<F> {
    size: [usize; 2],
    scale: [f32; 2],
    photo: [f32; 2],
    value: F,
}

impl<F: Fn(usize, usize) -> f32> Grid<F> {
    /// Corners along an axis: the values and two rings on either side.
    fn corners(&self, axis: usize) -> usize {
        self.size[axis] + 4
    }

    fn value_at(&self, column: usize, row: usize) -> f32 {
        let outer = |index: usize, axis: usize| index == 0 || index == self.corners(axis) - 1;
        if outer(column, 0) || outer(row, 1) {
            return f32::NEG_INFINITY;
        }
        let inner = |index: usize, axis: usize| index.saturating_sub(2).min(self.size[axis] - 1);
        (self.value)(inner(column, 0), inner(row, 1))
    }

    fn position(&self, index: usize, axis: usize) -> f32 {
        if index <= 1 {
            0.0
        } else if index >= self.corners(axis) - 2 {
            self.photo[axis]
        } else {
            (index as f32 - 1.5) * self.scale[axis]
        }
    }

    /// Where `level` is crossed on an edge.
    fn crossing(&self, edge: GridEdge, level: f32) -> [f32; 2] {
        let (column, row, down) = (edge.0 as usize, edge.1 as usize, edge.2);
        let (next_column, next_row) = if down { (column, row + 1) } else { (column + 1, row) };
        let (from, to) = (self.value_at(column, row), self.value_at(next_column, next_row));
        let share = if from.is_finite() && to.is_finite() { (level - from) / (to - from) } else { 0.5 };
        let blend = |a: f32, b: f32| a + (b - a) * share.clamp(0.0, 1.0);
        [
            blend(self.position(column, 0), self.position(next_column, 0)),
            blend(self.position(row, 1), self.position(next_row, 1)),
        ]
    }
}

fn trace(size: [usize; 2], photo_size: [u32; 2], level: f32, value: impl Fn(usize, usize) -> f32) -> Vec<Outline> {
    let photo = photo_size.map(|side| side as f32);
    let scale = [photo[0] / size[0] as f32, photo[1] / size[1] as f32];
    let grid = Grid { size, scale, photo, value };
    let next = steps(&grid, level);
    link(&grid, level, next)
}

/// For each crossed edge the edge that the line goes to, lesion on the line's right hand.
fn steps<F: Fn(usize, usize) -> f32>(grid: &Grid<F>, level: f32) -> HashMap<GridEdge, GridEdge> {
    let mut next = HashMap::new();
    let columns = grid.corners(0);
    let mut above = vec![false; columns];
    let mut below = vec![false; columns];
    for row in 0..grid.corners(1) - 1 {
        for (column, inside) in below.iter_mut().enumerate() {
            *inside = grid.value_at(column, row + 1) > level;
        }
        for column in 0..columns - 1 {
            let corners = [above[column], above[column + 1], below[column + 1], below[column]];
            if corners != [corners[0]; 4] {
                let centre = || centre_is_inside(grid, column, row, level);
                for (from, to) in cell_steps(corners, centre) {
                    next.insert(cell_edge(column, row, from), cell_edge(column, row, to));
                }
            }
        }
        std::mem::swap(&mut above, &mut below);
    }
    next
}

/// The sides of a cell, clockwise from the top, and the way a line crosses it with the lesion on its right: it comes
/// in by the side that goes from outside to inside (clockwise), and leaves by the one that goes from inside to outside.
pub(super) fn cell_steps(corners: [bool; 4], centre_is_inside: impl Fn() -> bool) -> Vec<(usize, usize)> {
    let entries: Vec<usize> = (0..4).filter(|&side| !corners[side] && corners[(side + 1) % 4]).collect();
    let exits: Vec<usize> = (0..4).filter(|&side| corners[side] && !corners[(side + 1) % 4]).collect();
    match (&entries[..], &exits[..]) {
        ([entry], [exit]) => vec![(*exit, *entry)],
        // A saddle: the centre decides whether the two lesion corners are joined.
        ([..], [..]) => {
            let turn = if centre_is_inside() { 3 } else { 1 };
            entries.iter().map(|&entry| ((entry + turn) % 4, entry)).collect()
        }
    }
}

fn centre_is_inside<F: Fn(usize, usize) -> f32>(grid: &Grid<F>, column: usize, row: usize, level: f32) -> bool {
    let corners = [(0, 0), (1, 0), (1, 1), (0, 1)].map(|(dx, dy)| grid.value_at(column + dx, row + dy));
    corners.iter().sum::<f32>() / 4.0 > level
}

/// The grid's name of a cell's side: 0 top, 1 right, 2 bottom, 3 left.
pub(super) fn cell_edge(column: usize, row: usize, side: usize) -> GridEdge {
    let (column, row) = (column as u32, row as u32);
    match side {
        0 => (column, row, false),
        1 => (column + 1, row, true),
        2 => (column, row + 1, false),
        _ => (column, row, true),
    }
}

fn link<F: Fn(usize, usize) -> f32>(
    grid: &Grid<F>,
    level: f32,
    mut next: HashMap<GridEdge, GridEdge>,
) -> Vec<Outline> {
    let mut starts: Vec<GridEdge> = next.keys().copied().collect();
    starts.sort_unstable_by_key(|&(column, row, down)| (row, column, down));
    let mut outlines = Vec::new();
    for start in starts {
        let mut outline = Outline::new();
        let mut edge = start;
        while let Some(following) = next.remove(&edge) {
            let point = grid.crossing(edge, level);
            if outline.last() != Some(&point) {
                outline.push(point);
            }
            edge = following;
        }
        if outline.len() > 2 {
            outlines.push(outline);
        }
    }
    outlines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disc(size: u32, radius: f32, centre: [f32; 2]) -> Mask {
        let inside = |index: u32| {
            let (x, y) = ((index % size) as f32 + 0.5, (index / size) as f32 + 0.5);
            (x - centre[0]).hypot(y - centre[1]) <= radius
        };
        Mask::new(size, size, (0..size * size).map(|index| u8::from(inside(index))).collect())
    }

    #[test]
    fn a_disc_has_one_outline_of_its_area() {
        let outlines = of_mask(&disc(64, 20.0, [32.0, 32.0]));
        assert_eq!(outlines.len(), 1);
        assert!(!is_hole(&outlines[0]));
        let area = signed_area(&outlines[0]);
        let expected = std::f64::consts::PI * 400.0;
        assert!((area - expected).abs() < 0.03 * expected, "{area} is not {expected}");
    }

    #[test]
    fn a_full_mask_is_outlined_by_the_photos_border() {
        let outlines = of_mask(&Mask::new(3, 2, vec![1; 6]));
        assert_eq!(outlines.len(), 1);
        assert!((signed_area(&outlines[0]).abs() - 6.0).abs() < 1e-4);
    }

    #[test]
    fn an_empty_mask_has_no_outline() {
        assert!(of_mask(&Mask::new(3, 2, vec![0; 6])).is_empty());
    }

    #[test]
    fn a_hole_has_an_outline_of_its_own_the_other_way_round() {
        let mut pixels = vec![1; 49];
        pixels[24] = 0;
        let outlines = of_mask(&Mask::new(7, 7, pixels));
        assert_eq!(outlines.len(), 2);
        assert_eq!(outlines.iter().filter(|outline| is_hole(outline)).count(), 1);
    }

    #[test]
    fn two_pixels_that_touch_at_a_corner_leave_no_open_line() {
        let outlines = of_mask(&Mask::new(4, 4, vec![0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]));
        let area: f64 = outlines.iter().map(|outline| signed_area(outline).abs()).sum();
        assert!((1.0..=2.0).contains(&area), "{area}");
    }

    #[test]
    fn the_outline_of_a_map_lies_where_the_interpolated_probability_is_the_threshold() {
        let map = ProbabilityMap::new([4, 1], vec![0.0, 1.0, 1.0, 0.0], [400, 100]);
        let outlines = of_map(&map, 0.5);
        assert_eq!(outlines.len(), 1);
        let left = outlines[0].iter().map(|p| p[0]).fold(f32::INFINITY, f32::min);
        let right = outlines[0].iter().map(|p| p[0]).fold(0.0, f32::max);
        assert!((left - 100.0).abs() < 0.01 && (right - 300.0).abs() < 0.01, "{left} to {right}");
    }
}
