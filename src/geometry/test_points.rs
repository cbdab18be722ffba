//! Points for tests: scattered ones that are the same in every run, and the centres of a small photo's pixels.

pub(super) const SIZE: [u32; 2] = [61, 47];

/// Numbers that look random in `0..below`, the same in every run.
pub(super) fn scattered(seed: u32) -> impl FnMut(f32) -> f32 {
    let mut state = seed;
    move |below| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 24) as f32 * below
    }
}

pub(super) fn centres() -> impl Iterator<Item = (u32, u32, [f64; 2])> {
    (0..SIZE[1]).flat_map(|y| (0..SIZE[0]).map(move |x| (x, y, [f64::from(x) + 0.5, f64::from(y) + 0.5])))
}
