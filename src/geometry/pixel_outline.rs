//! Outlines along the edges of pixels, for other programs: a polygon that holds exactly the pixels of a mask.
//!
//! Points are corners of pixels in the photo's coordinates. A mask falls into parts that are connected through the sides
//! of pixels; each has one outer ring, clockwise as seen, and a ring the other way round for each of its holes.

use std::collections::BTreeMap;

use super::components::Components;
use crate::mask::Mask;

/// A closed line through corners of pixels; the last point joins the first.
pub type Ring = Vec<[u32; 2]>;

/// One connected part of a mask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartOutline {
    /// Around the part.
    pub outer: Ring,
    /// Around each of its holes.
    pub holes: Vec<Ring>,
    /// Pixels of the part, without its holes.
    pub area_px: u64,
    /// Upper left pixel, then width and height.
    pub bounds: [u32; 4],
}

/// Right, down, left, up: clockwise as seen.
const STEPS: [[i64; 2]; 4] = [[1, 0], [0, 1], [-1, 0], [0, -1]];

/// Directions in which edges leave a corner, one bit each. Sorted by row, so that a ring is begun at its uppermost corner.
type Edges = BTreeMap<[u32; 2], u8>;

/// The parts of `mask`, in reading order of their first pixels.
#[must_use]
pub fn of_mask(mask: &Mask) -> Vec<PartOutline> {
    let found = Components::of(mask);
    let mut parts: Vec<PartOutline> = found
        .list
        .iter()
        .map(|part| {
            let [width, height] = [0, 1].map(|axis| part.most[axis] - part.least[axis] + 1);
            let bounds = [part.least[0], part.least[1], width, height];
            PartOutline { outer: Ring::new(), holes: Vec::new(), area_px: part.area_px, bounds }
        })
        .collect();
    let mut edges = edges(mask);
    while let Some((&[y, x], &directions)) = edges.first_key_value() {
        // Its lesion pixel lies on the right hand: below an edge to the right, left of an edge downwards.
        let is_outer = directions & 1 != 0;
        let pixel = if is_outer { [x, y] } else { [x - 1, y] };
        let part = found.at(pixel).expect("every edge has its lesion pixel");
        let ring = follow(&mut edges, [y, x], if is_outer { 0 } else { 1 });
        let part = &mut parts[part];
        if is_outer {
            part.outer = ring;
        } else {
            part.holes.push(ring);
        }
    }
    parts
}

/// The edges between lesion and background, from corner to corner with the lesion on the right hand.
fn edges(mask: &Mask) -> Edges {
    let [width, height] = mask.size();
    let mut edges = Edges::new();
    let mut add = |x: u32, y: u32, direction: u8| *edges.entry([y, x]).or_default() |= 1 << direction;
    for y in 0..height {
        for x in (0..width).filter(|&x| mask.is_set(x, y)) {
            if y == 0 || !mask.is_set(x, y - 1) {
                add(x, y, 0);
            }
            if !mask.is_set(x + 1, y) {
                add(x + 1, y, 1);
            }
            if !mask.is_set(x, y + 1) {
                add(x + 1, y + 1, 2);
            }
            if x == 0 || !mask.is_set(x - 1, y) {
                add(x, y + 1, 3);
            }
        }
    }
    edges
}

/// Takes a ring out of `edges`, from a corner of it on. Where two rings meet it turns right, so that it stays with its
/// part: pixels that touch at a corner are not connected.
fn follow(edges: &mut Edges, start: [u32; 2], first: usize) -> Ring {
    let mut ring = Ring::new();
    let (mut corner, mut direction) = (start, first);
    // The first edge that is asked for is there, and every edge is followed by another.
    while let Some(next) = leave(edges, corner, direction) {
        if ring.is_empty() || next != direction {
            ring.push([corner[1], corner[0]]);
        }
        direction = next;
        let [dx, dy] = STEPS[direction];
        corner = [(i64::from(corner[0]) + dy) as u32, (i64::from(corner[1]) + dx) as u32];
        // A ring begins at its uppermost corner, where no other part of it comes by.
        if corner == start {
            break;
        }
    }
    ring
}

/// Takes the edge that goes on from `corner`: to the right, else straight on, else to the left.
fn leave(edges: &mut Edges, corner: [u32; 2], direction: usize) -> Option<usize> {
    let left = edges.get_mut(&corner)?;
    let next = [direction + 1, direction, direction + 3]
        .map(|next| next % 4)
        .into_iter()
        .find(|n| *left & (1 << n) != 0)?;
    *left &= !(1 << next);
    if *left == 0 {
        edges.remove(&corner);
    }
    Some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rectangle_has_four_corners() {
        let parts = of_mask(&Mask::drawn(&["....", ".##.", ".##.", "...."]));
        assert_eq!(parts.len(), 1);
        assert_eq!(parts[0].outer, [[1, 1], [3, 1], [3, 3], [1, 3]]);
        assert_eq!((parts[0].area_px, parts[0].bounds), (4, [1, 1, 2, 2]));
    }

    #[test]
    fn a_hole_is_a_ring_of_its_own_the_other_way_round() {
        let parts = of_mask(&Mask::drawn(&["###", "#.#", "###"]));
        assert_eq!(parts[0].outer, [[0, 0], [3, 0], [3, 3], [0, 3]]);
        assert_eq!(parts[0].holes, [[[1, 1], [1, 2], [2, 2], [2, 1]]]);
        assert_eq!(parts[0].area_px, 8);
    }

    #[test]
    fn pixels_that_touch_at_a_corner_are_two_parts() {
        let parts = of_mask(&Mask::drawn(&["#.", ".#"]));
        let outers: Vec<&Ring> = parts.iter().map(|part| &part.outer).collect();
        assert_eq!(outers, [&vec![[0, 0], [1, 0], [1, 1], [0, 1]], &vec![[1, 1], [2, 1], [2, 2], [1, 2]]]);
    }

    #[test]
    fn an_empty_mask_has_no_part() {
        assert!(of_mask(&Mask::drawn(&["..", ".."])).is_empty());
    }
}
