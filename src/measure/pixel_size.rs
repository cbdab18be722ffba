//! How long a photo's pixel is, and how well that is known.

/// A pixel's length.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PixelSize {
    /// Millimetres per pixel.
    pub mm: f64,
    /// How far `mm` may be off, as a share of it: the expanded uncertainty of [`ruler_uncertainty`]. `None` where the scale
    /// is stated and nobody says how well it is known.
    pub relative_uncertainty: Option<f64>,
}

/// How far an end of a ruler's line may lie from the middle of its mark: the ends move by whole pixels.
const END_PX: f64 = 1.0;

/// How far a mark's middle may lie from the length that it stands for: half of the 0.1 mm that a fine ruler's marks are
/// wide.
const MARK_MM: f64 = 0.05;

/// Marks are narrower on a ruler that is shorter than this: there [`MARK_MM`] shrinks with the length.
const MARKED_MM: f64 = 1.0;

/// How well a scale is known that comes from a line of `length_px` pixels drawn along `length_mm` of a ruler, as a share of
/// the scale:
///
/// ```text
/// u(end)  = sqrt(END_PX² + (MARK_MM / mm per pixel)²) / sqrt(3)      pixels, for each of both ends
/// U / mm  = 2 · sqrt(2) · u(end) / length_px
/// ```
///
/// The bounds of an end (a pixel of placing, half the width of a mark) are those of rectangular distributions, so that
/// their standard deviation is the bound over √3; both ends are independent; and the factor 2 gives a level of confidence of
/// about 95 % (JCGM 100:2008, 4.3.7 and 6.3.3). A length follows the scale, so its relative uncertainty is this; an area
/// follows its square, so its is twice this. That the ruler lies as far from the camera as the lesion is taken for granted,
/// and how well the outline itself lies is not in it.
#[must_use]
pub fn ruler_uncertainty(length_px: f64, length_mm: f64) -> f64 {
    let mark_mm = MARK_MM * (length_mm / MARKED_MM).min(1.0);
    let bound = (END_PX / length_px).hypot(mark_mm / length_mm);
    2.0 * 2_f64.sqrt() * bound / 3_f64.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
    }

    #[test]
    fn a_ruler_of_ten_millimetres_is_good_to_a_tenth() {
        // Ends of 1 px and 0.05 mm on 10 mm in 1333 px: bounds of 0.00075 and 0.005 of the length.
        close(ruler_uncertainty(1333.0, 10.0), 0.008_256_4);
        assert!((0.05..0.15).contains(&(10.0 * ruler_uncertainty(1333.0, 10.0))));
    }

    #[test]
    fn a_longer_line_is_better_and_coarse_pixels_are_worse() {
        assert!(ruler_uncertainty(2000.0, 20.0) < ruler_uncertainty(1000.0, 10.0));
        assert!(ruler_uncertainty(50.0, 10.0) > ruler_uncertainty(1000.0, 10.0));
        // With pixels alone: 2 · √2 / √3 of a hundredth.
        close(ruler_uncertainty(100.0, 1e9), 0.016_329_9);
    }

    #[test]
    fn a_ruler_for_a_microscope_has_finer_marks() {
        close(ruler_uncertainty(1e9, 0.1), ruler_uncertainty(1e9, 1.0));
    }
}
