//! [`LesionRuns`]: the lesion of a mask, or of a map at a level, as [`super::lesion::Lesion`] defines it, by its runs of
//! pixels alone. Pixels of the photo are never made, so it costs little even of a large photo.

use super::diameters::Diameters;
use crate::geometry::components::{Component, Components};
use crate::mask::{Mask, ProbabilityMap, RowRun, gaps};

/// How large the lesion of a mask is: no pixels and no regions where the mask is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LesionArea {
    /// Pixels of the largest region, filled holes with them.
    pub area_px: u64,
    /// Regions of the mask.
    pub regions: usize,
}

impl LesionArea {
    /// The area of the lesion of `mask`.
    #[must_use]
    pub fn of(mask: &Mask) -> Self {
        let found = LesionRuns::largest_in(mask.runs().into_owned(), mask.size());
        found.map_or_else(Self::default, |lesion| Self { area_px: lesion.area_px, regions: lesion.regions })
    }
}

/// The largest region of a mask, its holes filled.
pub struct LesionRuns {
    photo_size: [u32; 2],
    /// In reading order, holes left out.
    runs: Vec<RowRun>,
    area_px: u64,
    /// Of the mask.
    regions: usize,
}

impl LesionRuns {
    /// The lesion of `map` from `level` on, or `None` where no pixel reaches it.
    #[must_use]
    pub fn largest_of(map: &ProbabilityMap, level: f32) -> Option<Self> {
        Self::largest_in(map.runs(level), map.photo_size())
    }

    fn largest_in(runs: Vec<RowRun>, photo_size: [u32; 2]) -> Option<Self> {
        let found = Components::of_runs(runs);
        let largest = found.largest()?;
        let runs: Vec<RowRun> = found.runs_of(largest).collect();
        let area_px = found.list[largest].area_px + holes_px(&runs, found.list[largest]);
        Some(Self { photo_size, runs, area_px, regions: found.list.len() })
    }

    /// Pixels of the lesion, filled holes with them.
    #[must_use]
    pub fn area_px(&self) -> u64 {
        self.area_px
    }

    /// Its two diameters.
    #[must_use]
    pub fn diameters(&self) -> Diameters {
        let rows = self.runs.chunk_by(|one, next| one.y == next.y);
        Diameters::of_spans(rows.map(|row| {
            let (first, last) = (row[0].from, row[row.len() - 1].to - 1);
            (i64::from(row[0].y), i64::from(first), i64::from(last))
        }))
    }

    /// Its pixels along the photo's edge.
    #[must_use]
    pub fn edge_px(&self) -> u64 {
        let [width, height] = self.photo_size;
        let at_edge = |run: &RowRun| {
            if run.y == 0 || run.y + 1 == height || width == 1 {
                run.length()
            } else {
                u64::from(run.from == 0) + u64::from(run.to == width)
            }
        };
        self.runs.iter().map(at_edge).sum()
    }
}

/// Pixels of the background within a region that cannot be reached from outside it.
fn holes_px(runs: &[RowRun], Component { least, most, .. }: Component) -> u64 {
    // A region has pixels in every row of its bounds.
    let rows = runs.chunk_by(|one, next| one.y == next.y);
    let beside = rows.flat_map(|row| gaps(row, RowRun { y: row[0].y, from: least[0], to: most[0] + 1 })).collect();
    let is_hole =
        |gap: &&Component| [0, 1].iter().all(|&axis| gap.least[axis] > least[axis] && gap.most[axis] < most[axis]);
    Components::of_runs(beside).list.iter().filter(is_hole).map(|gap| gap.area_px).sum()
}

#[cfg(test)]
mod tests {
    use super::super::lesion::Lesion;
    use super::*;

    /// Numbers that look random, the same in every run (Knuth's constants for 64 bits).
    fn noise(count: usize) -> Vec<f32> {
        let mut state = 17_u64;
        let next = |_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f32 / (1_u64 << 24) as f32
        };
        (0..count).map(next).collect()
    }

    fn assert_alike(map: &ProbabilityMap, level: f32) {
        let lesion = Lesion::largest_of(&map.threshold(level));
        let found = LesionRuns::largest_of(map, level);
        assert_eq!(found.is_some(), lesion.is_some(), "{level}");
        let Some((runs, lesion)) = found.as_ref().zip(lesion.as_ref()) else { return };
        assert_eq!(runs.area_px(), lesion.area_px(), "{level} {:?}", map.photo_size());
        assert_eq!(runs.diameters(), Diameters::of(lesion), "{level} {:?}", map.photo_size());
        let [last_x, last_y] = map.photo_size().map(|side| side - 1);
        let at_edge = lesion.pixels().filter(|&[x, y]| x == 0 || y == 0 || x == last_x || y == last_y);
        assert_eq!(runs.edge_px(), at_edge.count() as u64, "{level} {:?}", map.photo_size());
        let area = LesionArea::of(&map.threshold(level));
        assert_eq!(area, LesionArea { area_px: lesion.area_px(), regions: lesion.regions() }, "{level}");
    }

    #[test]
    fn they_are_the_lesion_of_the_mask_at_any_size_and_level() {
        for photo in [[12, 9], [97, 61], [200, 9], [5, 40], [1, 7], [30, 1]] {
            let map = ProbabilityMap::new([12, 9], noise(12 * 9), photo);
            for level in [0.0, 0.2, 0.35, 0.5, 0.6, 0.8, 0.97, 1.0] {
                assert_alike(&map, level);
            }
        }
    }

    #[test]
    fn a_hole_counts_and_a_bay_does_not() {
        let rows = ["######.", "#....#.", "#.##.#.", "#....#.", "######.", "..#.#.#"];
        let values =
            rows.iter().flat_map(|row| row.bytes().map(|byte| f32::from(u8::from(byte == b'#')))).collect();
        let map = ProbabilityMap::new([7, 6], values, [7, 6]);
        let lesion = LesionRuns::largest_of(&map, 0.5).expect("there is one");
        assert_eq!((lesion.area_px(), lesion.edge_px()), (32, 6 + 4 + 2));
        assert_alike(&map, 0.5);
    }
}
