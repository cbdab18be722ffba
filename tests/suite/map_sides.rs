//! A map's mask and runs against the probability of each pixel, also where rounding decides between two sides.

use dermaloupe::mask::ProbabilityMap;

/// Values on both sides of the thresholds, many of them so close that rounding decides.
fn map(photo_size: [u32; 2]) -> ProbabilityMap {
    let steps = [-3e-7_f32, -6e-8, 0.0, 6e-8, 3e-7, 2e-5, -2e-5, 0.25, -0.25, 0.5, -0.5];
    let values = (0..35 * 27_usize).map(|place| 0.5 + steps[place * place % 31 % steps.len()]);
    ProbabilityMap::new([35, 27], values.collect(), photo_size)
}

#[test]
fn every_pixel_is_on_the_side_that_its_own_probability_says() {
    for size in [[35, 27], [36, 28], [211, 97], [700, 30], [35, 540]] {
        let map = map(size);
        for threshold in [0.5, 0.25, 0.499_999_97, 0.500_02, 0.0, 1.0] {
            let mut expected = Vec::new();
            map.for_each_row(|row| expected.extend(row.iter().map(|&p| u8::from(p >= threshold))));
            assert_eq!(map.threshold(threshold).pixels(), expected, "{size:?} {threshold}");
            let mut runs = vec![0; expected.len()];
            map.for_each_run(threshold, |y, from, to| {
                runs[(y * size[0]) as usize..][from as usize..to as usize].fill(1);
            });
            assert_eq!(runs, expected, "{size:?} {threshold}");
        }
    }
}
