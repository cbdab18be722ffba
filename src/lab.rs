//! CIELAB: colours as far apart as they look. sRGB, white point D65, 2 degree observer; differences are CIE76's.

use std::sync::LazyLock;

/// `[L, a, b]`: lightness 0 to 100, green to red, blue to yellow.
pub type Lab = [f64; 3];

/// sRGB's decoding of each 8-bit level.
static LINEAR: LazyLock<[f64; 256]> = LazyLock::new(|| {
    std::array::from_fn(|level| {
        let value = level as f64 / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    })
});

/// sRGB to CIELAB.
#[must_use]
pub fn of_rgb(rgb: [u8; 3]) -> Lab {
    let [r, g, b] = rgb.map(|level| LINEAR[usize::from(level)]);
    // Rows are divided by the white point, so that white is (1, 1, 1).
    let x = (0.412_456_4 * r + 0.357_576_1 * g + 0.180_437_5 * b) / 0.950_47;
    let y = 0.212_672_9 * r + 0.715_152_2 * g + 0.072_175 * b;
    let z = (0.019_333_9 * r + 0.119_192 * g + 0.950_304_1 * b) / 1.088_83;
    let curve = |t: f64| if t > 216.0 / 24389.0 { t.cbrt() } else { (24389.0 / 27.0 * t + 16.0) / 116.0 };
    let [x, y, z] = [x, y, z].map(curve);
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// CIELAB to sRGB, colours that sRGB has not clipped to the nearest level of each channel.
#[must_use]
pub fn to_rgb([lightness, a, b]: Lab) -> [u8; 3] {
    let y = (lightness + 16.0) / 116.0;
    let line = |t: f64| if t > 6.0 / 29.0 { t.powi(3) } else { (116.0 * t - 16.0) * 27.0 / 24389.0 };
    let [x, y, z] = [line(y + a / 500.0) * 0.950_47, line(y), line(y - b / 200.0) * 1.088_83];
    let linear = [
        3.240_454_2 * x - 1.537_138_5 * y - 0.498_531_4 * z,
        -0.969_266 * x + 1.876_010_8 * y + 0.041_556 * z,
        0.055_643_4 * x - 0.204_025_9 * y + 1.057_225_2 * z,
    ];
    linear.map(|value| {
        let curve = if value <= 0.003_130_8 { 12.92 * value } else { 1.055 * value.powf(1.0 / 2.4) - 0.055 };
        (curve * 255.0).round().clamp(0.0, 255.0) as u8
    })
}

/// The difference of two colours (CIE76, `delta E`): 2.3 is just noticed.
#[must_use]
pub fn difference(one: Lab, other: Lab) -> f64 {
    one.iter().zip(other).map(|(one, other)| (one - other).powi(2)).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back_is_the_same_colour() {
        for level in 0..216_u32 {
            let rgb = [level % 6, level / 6 % 6, level / 36].map(|step| (step * 51) as u8);
            assert_eq!(to_rgb(of_rgb(rgb)), rgb);
        }
        assert_eq!(to_rgb([50.0, 200.0, 0.0])[1], 0, "beyond sRGB it is clipped");
    }

    #[test]
    fn known_colours_have_their_published_values() {
        // Bruce Lindbloom's calculator: sRGB, D65, no adaptation.
        let expected = [
            ([255, 255, 255], [100.0, 0.0, 0.0]),
            ([0, 0, 0], [0.0, 0.0, 0.0]),
            ([255, 0, 0], [53.24, 80.09, 67.20]),
            ([0, 0, 255], [32.30, 79.19, -107.86]),
            ([128, 128, 128], [53.59, 0.0, 0.0]),
        ];
        for (rgb, lab) in expected {
            assert!(difference(of_rgb(rgb), lab) < 0.03, "{rgb:?}: {:?}", of_rgb(rgb));
        }
    }
}
