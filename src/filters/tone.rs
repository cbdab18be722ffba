//! Intensities and colours of a whole picture, each by one rule for all of its pixels.

/// Multiplies each colour so that its mean becomes that of all three (Buchsbaum 1980); what exceeds white is white.
pub(super) fn grey_world(rgb: &mut [u8]) {
    let mut sums = [0_u64; 3];
    for pixel in rgb.chunks_exact(3) {
        sums.iter_mut().zip(pixel).for_each(|(sum, &value)| *sum += u64::from(value));
    }
    let mean = sums.iter().sum::<u64>() as f64 / 3.0;
    // A colour that is nowhere stays so.
    let factors = sums.map(|sum| if sum == 0 { 1.0 } else { mean / sum as f64 });
    let curves = factors.map(|factor| curve(|value| value * factor));
    for pixel in rgb.chunks_exact_mut(3) {
        pixel.iter_mut().zip(&curves).for_each(|(value, curve)| *value = curve[usize::from(*value)]);
    }
}

/// Spreads the intensities from the 1st to the 99th percentile of all three colours together over all levels.
pub(super) fn normalise(rgb: &mut [u8]) {
    let mut counts = [0_usize; 256];
    rgb.iter().for_each(|&value| counts[usize::from(value)] += 1);
    let [low, high] = [0.01, 0.99].map(|share| percentile(&counts, rgb.len(), share));
    spread(rgb, low, high);
}

/// Spreads the intensities from half of `width` below `level` to half of it above over all levels.
pub(super) fn window(rgb: &mut [u8], level: u16, width: u16) {
    let [level, half] = [f64::from(level), f64::from(width) / 2.0];
    spread(rgb, level - half, level + half);
}

/// What is `low` becomes black, what is `high` white; a picture of one level stays as it is.
fn spread(rgb: &mut [u8], low: f64, high: f64) {
    if high <= low {
        return;
    }
    let curve = curve(|value| (value - low) / (high - low) * 255.0);
    rgb.iter_mut().for_each(|value| *value = curve[usize::from(*value)]);
}

fn curve(of: impl Fn(f64) -> f64) -> [u8; 256] {
    std::array::from_fn(|level| of(level as f64).round().clamp(0.0, 255.0) as u8)
}

/// The level below which a share of `total` values lies, between neighbours by straight lines, as numpy's.
fn percentile(counts: &[usize; 256], total: usize, share: f64) -> f64 {
    let place = share * (total - 1) as f64;
    let at = |rank: usize| {
        let mut seen = 0;
        let level = counts.iter().position(|&count| {
            seen += count;
            seen > rank
        });
        level.unwrap_or(255) as f64
    };
    let (below, above) = (at(place as usize), at((place as usize + 1).min(total - 1)));
    below + (above - below) * place.fract()
}
