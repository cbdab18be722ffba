//! The outline of the mask that is being corrected, in tiles of which only those that the brush has touched are drawn
//! anew: it follows the brush, whatever the size of the photo.

use crate::geometry::area::Area;
use crate::geometry::contour_part::{self, Line};
use crate::mask::Mask;

/// Photo pixels a tile is long and wide: a stroke's step touches a few, and a line crosses few on its way.
const SIDE: u32 = 256;

/// The lines of one mask by tile, row by row; none where a tile's lines are not known.
#[derive(Default)]
pub struct OutlineTiles {
    size: [u32; 2],
    tiles: Vec<Option<Vec<Line>>>,
}

impl OutlineTiles {
    /// Lets go of everything.
    pub fn clear(&mut self) {
        self.tiles.clear();
    }

    /// Notes that the mask has changed in `area`. A pixel's lines may lie in the tile before its own.
    pub fn mark(&mut self, area: Area) {
        let Area { left, top, right, bottom } = area;
        let wide = Area { left: left.saturating_sub(1), top: top.saturating_sub(1), right, bottom };
        for place in places(self.size, wide) {
            if let Some(tile) = self.tiles.get_mut(place) {
                *tile = None;
            }
        }
    }

    /// The lines of `mask` in `sight`, with those around it that share its tiles.
    pub fn in_sight(&mut self, mask: &Mask, sight: Area) -> Vec<&Line> {
        let size = mask.size();
        let [columns, rows] = size.map(|side| side.div_ceil(SIDE));
        let count = columns as usize * rows as usize;
        if self.size != size || self.tiles.len() != count {
            self.size = size;
            self.tiles = vec![None; count];
        }
        for place in places(size, sight) {
            let tile = &mut self.tiles[place];
            if tile.is_none() {
                let (column, row) = (place as u32 % columns, place as u32 / columns);
                let (left, top) = (column * SIDE, row * SIDE);
                let part = Area { left, top, right: (left + SIDE).min(size[0]), bottom: (top + SIDE).min(size[1]) };
                *tile = Some(contour_part::of_part(mask, part));
            }
        }
        places(size, sight).filter_map(|place| self.tiles[place].as_ref()).flatten().collect()
    }
}

/// The tiles of a photo of `size` that `area` shares.
fn places(size: [u32; 2], area: Area) -> impl Iterator<Item = usize> {
    let [columns, rows] = size.map(|side| side.div_ceil(SIDE));
    let across = area.left / SIDE..area.right.div_ceil(SIDE).min(columns);
    let down = area.top / SIDE..area.bottom.div_ceil(SIDE).min(rows);
    down.flat_map(move |row| across.clone().map(move |column| (row * columns + column) as usize))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(tiles: &OutlineTiles) -> Vec<bool> {
        tiles.tiles.iter().map(Option::is_some).collect()
    }

    #[test]
    fn only_what_is_in_sight_and_has_changed_is_traced_again() {
        let mut mask = Mask::empty([600, 300]);
        let mut tiles = OutlineTiles::default();
        assert!(tiles.in_sight(&mask, Area { left: 0, top: 0, right: 300, bottom: 200 }).is_empty());
        assert_eq!(known(&tiles), [true, true, false, false, false, false]);
        let whole = Area::whole(mask.size());
        tiles.in_sight(&mask, whole);
        // At the corner of four tiles: its lines run through all of them.
        mask.pixels_mut()[256 * 600 + 256] = 1;
        tiles.mark(Area { left: 256, top: 256, right: 257, bottom: 257 });
        assert_eq!(known(&tiles), [false, false, true, false, false, true]);
        let lines = tiles.in_sight(&mask, whole);
        assert_eq!(lines.iter().map(|line| line.len() - 1).sum::<usize>(), 4, "a rhombus around the pixel");
    }

    #[test]
    fn another_size_or_a_clear_forgets_every_line() {
        let full = Mask::new(300, 10, vec![1; 3000]);
        let mut tiles = OutlineTiles::default();
        assert!(!tiles.in_sight(&full, Area::whole([300, 10])).is_empty());
        assert!(tiles.in_sight(&Mask::empty([10, 300]), Area::whole([10, 300])).is_empty());
        tiles.clear();
        assert!(!tiles.in_sight(&full, Area::whole([300, 10])).is_empty());
    }
}
