use serde::Deserialize;

use super::*;

/// A case of tests/fixtures/tiles/make.py.
#[derive(Deserialize)]
struct Case {
    image: [usize; 2],
    tile: usize,
    overlap: usize,
    columns: Vec<usize>,
    rows: Vec<usize>,
    every: usize,
    values: Vec<f32>,
}

fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("../../../tests/fixtures/tiles/blend.json")).expect("make.py wrote it")
}

/// The map of the tile with this number.
fn pattern(tile: usize, number: usize) -> Vec<f32> {
    let value = |index: usize| 0.01 * ((7 * (index % tile) + 13 * (index / tile) + 29 * number) % 101) as f32;
    (0..tile * tile).map(value).collect()
}

/// The blended map when the tiles of a row come in the order that `order` makes of it.
fn blended(grid: &TileGrid, mut order: impl FnMut(&mut Vec<usize>)) -> Vec<f32> {
    let mut blend = TileBlend::new(grid.clone());
    for row in 0..grid.rows().len() {
        let mut columns: Vec<usize> = (0..grid.columns().len()).collect();
        order(&mut columns);
        for column in columns {
            blend.add(column, pattern(grid.tile, row * grid.columns().len() + column));
        }
    }
    blend.into_map()
}

#[test]
fn tiles_stand_and_blend_as_in_the_recipe() {
    for case in cases() {
        let grid = TileGrid::new(case.image, case.tile, case.overlap);
        assert_eq!((grid.columns(), grid.rows()), (&case.columns[..], &case.rows[..]), "{:?}", case.image);
        let map = blended(&grid, |_| {});
        assert_eq!(map.len(), case.image[0] * case.image[1]);
        for (index, (found, expected)) in map.iter().step_by(case.every).zip(&case.values).enumerate() {
            assert!((found - expected).abs() < 2e-6, "{:?}, sample {index}: {found}, not {expected}", case.image);
        }
    }
}

/// The next number of a sequence that looks random (Numerical Recipes' linear congruential generator).
fn next(state: &mut u32) -> usize {
    *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
    (*state >> 8) as usize
}

#[test]
fn the_order_of_the_tiles_changes_no_bit() {
    let mut state = 1;
    for _ in 0..60 {
        let tile = 8 + next(&mut state) % 40;
        let image = [1 + next(&mut state) % 300, 1 + next(&mut state) % 120];
        let grid = TileGrid::new(image, tile, next(&mut state) % tile);
        let in_order = blended(&grid, |_| {});
        let shuffled = blended(&grid, |columns| {
            for last in (1..columns.len()).rev() {
                columns.swap(last, next(&mut state) % (last + 1));
            }
        });
        assert_eq!(in_order, shuffled, "{grid:?}");
        assert!(in_order.iter().all(|value| (0.0..=1.000_001).contains(value)), "{grid:?}");
    }
}

#[test]
fn every_side_is_covered_with_enough_overlap() {
    let mut state = 7;
    for _ in 0..300 {
        let (length, tile) = (1 + next(&mut state) % 5000, 1 + next(&mut state) % 700);
        let overlap = next(&mut state) % tile;
        let found = starts(length, tile, overlap);
        assert_eq!((found[0], found[found.len() - 1]), (0, length.saturating_sub(tile)));
        assert!(found.windows(2).all(|pair| pair[0] < pair[1] && pair[1] - pair[0] <= tile - overlap));
    }
}

#[test]
fn a_constant_stays_constant_and_one_tile_is_its_map_to_the_last_bit() {
    let grid = TileGrid::new([200, 90], 64, 20);
    let mut blend = TileBlend::new(grid.clone());
    for number in 0..grid.count() {
        blend.add(number % grid.columns().len(), vec![0.7; 64 * 64]);
    }
    assert!(blend.into_map().iter().all(|value| (value - 0.7).abs() < 1e-6));

    let single = TileGrid::new([64, 64], 64, 20);
    assert_eq!(blended(&single, |_| {}), pattern(64, 0));
}

#[test]
fn what_is_held_beside_the_map_is_one_row_of_tiles() {
    let blend = TileBlend::new(TileGrid::new([3000, 20_000], 256, 32));
    assert_eq!(blend.band.len(), 3000 * 256);
    assert_eq!(blend.row.len(), blend.grid.columns().len());
}
