//! Lengths and areas as people read them, alike in the window, on pages and in tables: rounded to what is known, with the
//! uncertainty where it is known. Files for programs have the figures in full.

use super::pixel_size::PixelSize;

/// A figure as people read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownFigure {
    /// Rounded.
    pub value: String,
    /// What follows ±, in the same unit, where it is known.
    pub uncertainty: Option<String>,
    /// Empty for a bare number.
    pub unit: &'static str,
    /// Between which two it probably lies, in the same unit and with as many decimals, where that is known.
    pub range: Option<[String; 2]>,
}

/// From this uncertainty on (millimetres or square millimetres) a figure is given in whole numbers, as it would be 1.
const WHOLE: f64 = 0.95;

/// Significant digits of an area whose uncertainty nobody states: as many as its diameters have.
const AREA_DIGITS: i32 = 4;

/// The longest of 1, 2 and 5 times a power of ten up to `longest`, in any unit: the length of a scale bar.
#[must_use]
pub fn round_length(longest: f64) -> f64 {
    let power = 10_f64.powf(longest.log10().floor());
    [5.0, 2.0, 1.0].into_iter().map(|step| step * power).find(|&length| length <= longest).unwrap_or(power)
}

impl ShownFigure {
    /// A figure without uncertainty.
    #[must_use]
    pub fn of(value: String, unit: &'static str) -> Self {
        Self { value, uncertainty: None, unit, range: None }
    }

    /// With the ends between which it probably lies, in pixels or square pixels as the figure was; `unit_per_px` is the
    /// millimetres or square millimetres of one. None where both are the figure itself.
    #[must_use]
    pub fn within(self, ends_px: [f64; 2], unit_per_px: Option<f64>) -> Self {
        let places = self.value.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let ends = ends_px.map(|end| match unit_per_px {
            None => grouped(end.round() as u64),
            Some(unit) => format!("{:.places$}", end * unit),
        });
        let is_wide = ends.iter().any(|end| *end != self.value);
        Self { range: is_wide.then_some(ends), ..self }
    }

    /// A length of `px` pixels. By a ruler it has tenths of a millimetre, or hundredths below one, as far as the ruler
    /// allows; by a stated scale no digit is finer than a pixel. Pixels are whole.
    #[must_use]
    pub fn length(px: f64, pixel: Option<PixelSize>) -> Self {
        match pixel {
            None => Self::of(grouped(px.round() as u64), "px"),
            Some(PixelSize { mm, relative_uncertainty: Some(relative) }) => {
                Self::uncertain(px * mm, relative, "mm")
            }
            Some(PixelSize { mm, .. }) => Self::of(format!("{:.*}", places(mm), px * mm), "mm"),
        }
    }

    /// An area of `px` square pixels, with as many significant digits as lengths have.
    #[must_use]
    pub fn area(px: f64, pixel: Option<PixelSize>) -> Self {
        match pixel {
            None => Self::of(grouped(px.round() as u64), "px²"),
            Some(PixelSize { mm, relative_uncertainty: Some(relative) }) => {
                Self::uncertain(px * mm.powi(2), 2.0 * relative, "mm²")
            }
            Some(PixelSize { mm, .. }) => {
                let area = px * mm.powi(2);
                let whole_digits = area.max(1.0).log10().floor() as i32 + 1;
                let places = places(mm).min((AREA_DIGITS - whole_digits).max(0) as usize);
                Self::of(format!("{area:.places$}"), "mm²")
            }
        }
    }

    /// Where something lies, from an edge of the photo: a length whose uncertainty nobody asks for.
    #[must_use]
    pub fn place(px: f64, pixel: Option<PixelSize>) -> Self {
        Self { uncertainty: None, ..Self::length(px, pixel) }
    }

    /// A distance between two borders: a pixel of it matters more than of a diameter, and a ruler's uncertainty is small
    /// beside it.
    #[must_use]
    pub fn distance(px: f64, pixel: Option<PixelSize>) -> Self {
        match pixel {
            None => Self::of(format!("{px:.1}"), "px"),
            Some(PixelSize { mm, .. }) => Self::of(format!("{:.*}", places(mm).max(1), px * mm), "mm"),
        }
    }

    fn uncertain(value: f64, relative: f64, unit: &'static str) -> Self {
        let uncertainty = value * relative;
        let places = match (uncertainty, value) {
            (WHOLE.., _) => 0,
            (_, 1.0..) => 1,
            _ => 2,
        };
        // What is known better than the last digit is shown as one of it.
        let least = 10_f64.powi(-places);
        let [value, uncertainty] =
            [value, uncertainty.max(least)].map(|figure| format!("{figure:.*}", places as usize));
        Self { value, uncertainty: Some(uncertainty), unit, range: None }
    }

    /// The number with its uncertainty: `13.9 ± 0.1`.
    #[must_use]
    pub fn number(&self) -> String {
        match &self.uncertainty {
            Some(uncertainty) => format!("{} ± {uncertainty}", self.value),
            None => self.value.clone(),
        }
    }

    /// With its uncertainty and unit: `13.9 ± 0.1 mm`.
    #[must_use]
    pub fn words(&self) -> String {
        format!("{} {}", self.number(), self.unit).trim_end().to_owned()
    }

    /// Without its uncertainty, where there is little room: `13.9 mm`.
    #[must_use]
    pub fn short(&self) -> String {
        format!("{} {}", self.value, self.unit).trim_end().to_owned()
    }
}

/// Decimals of a length in millimetres by a stated scale: the last is about a pixel, and none is finer than a hundredth.
fn places(mm_per_px: f64) -> usize {
    (-mm_per_px.log10()).round().clamp(0.0, 2.0) as usize
}

/// A whole number with thin spaces between groups of three: `12 345 678`.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut words = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            words.push('\u{2009}');
        }
        words.push(digit);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Millimetres per pixel by a ruler of 10 mm on 1333 px, good to 0.8 %.
    const RULER: Option<PixelSize> = Some(PixelSize { mm: 0.0075, relative_uncertainty: Some(0.0083) });

    fn stated(mm: f64) -> Option<PixelSize> {
        Some(PixelSize { mm, relative_uncertainty: None })
    }

    #[test]
    fn a_hand_drawn_ruler_gives_tenths_and_its_uncertainty() {
        assert_eq!(ShownFigure::length(1851.7, RULER).words(), "13.9 ± 0.1 mm");
        assert_eq!(ShownFigure::length(400.0, RULER).words(), "3.0 ± 0.1 mm");
        assert_eq!(ShownFigure::length(66.7, RULER).words(), "0.50 ± 0.01 mm");
        assert_eq!(ShownFigure::length(1851.7, RULER).short(), "13.9 mm");
        assert_eq!(ShownFigure::area(1_704_356.0, RULER).words(), "96 ± 2 mm²");
        assert_eq!(ShownFigure::area(126_222.0, RULER).words(), "7.1 ± 0.1 mm²");
        assert_eq!(ShownFigure::length(40_000.0, RULER).words(), "300 ± 2 mm");
        assert_eq!(ShownFigure::place(1851.7, RULER).words(), "13.9 mm");
    }

    #[test]
    fn a_stated_scale_gives_no_digit_finer_than_a_pixel() {
        let lengths = [0.005, 0.02, 0.05, 0.4].map(|mm| ShownFigure::length(12.346 / mm, stated(mm)).words());
        assert_eq!(lengths, ["12.35 mm", "12.35 mm", "12.3 mm", "12 mm"]);
        let areas = [95.873, 4.0, 1234.4].map(|mm2| ShownFigure::area(mm2 * 1e4, stated(0.01)).words());
        assert_eq!(areas, ["95.87 mm²", "4.00 mm²", "1234 mm²"]);
    }

    #[test]
    fn pixels_are_whole_but_between_borders() {
        assert_eq!(ShownFigure::length(425.4, None).words(), "425 px");
        assert_eq!(ShownFigure::area(1_611_390.0, None).words(), "1\u{2009}611\u{2009}390 px²");
        assert_eq!(ShownFigure::distance(3.24, None).words(), "3.2 px");
        assert_eq!(ShownFigure::distance(46.5, RULER).words(), "0.35 mm");
    }

    #[test]
    fn the_ends_of_a_range_have_the_figures_own_decimals() {
        let [area, length] = [1_704_356.0, 1851.7];
        let found =
            |figure: ShownFigure| (figure.words(), figure.range.map(|[low, high]| format!("{low} to {high}")));
        let of = |words: &str, range: &str| (words.to_owned(), Some(range.to_owned()));
        let ends = [1546.6, 1995.1];
        let mm = RULER.map(|pixel| pixel.mm);
        assert_eq!(found(ShownFigure::length(length, RULER).within(ends, mm)), of("13.9 ± 0.1 mm", "11.6 to 15.0"));
        assert_eq!(
            found(ShownFigure::length(length, None).within(ends, None)),
            of("1\u{2009}852 px", "1\u{2009}547 to 1\u{2009}995")
        );
        let area = ShownFigure::area(area, RULER).within([1_600_000.0, 2_010_000.0], mm.map(|mm| mm * mm));
        assert_eq!(found(area), of("96 ± 2 mm²", "90 to 113"));
        let stated = ShownFigure::length(617.3, stated(0.02)).within([600.0, 617.4], Some(0.02));
        assert_eq!(found(stated), of("12.35 mm", "12.00 to 12.35"));
        let none = ShownFigure::length(617.3, None).within([617.1, 617.4], None);
        assert_eq!(found(none), ("617 px".to_owned(), None));
        assert_eq!(ShownFigure::length(3.0, None).within([0.0, 5.0], None).range, Some(["0".into(), "5".into()]));
    }

    #[test]
    fn numbers_are_grouped_by_three() {
        let spaced = |number| grouped(number).replace('\u{2009}', " ");
        assert_eq!(spaced(7), "7");
        assert_eq!(spaced(177_943), "177 943");
        assert_eq!(spaced(12_192_768), "12 192 768");
    }

    #[test]
    fn scale_bars_have_round_lengths_that_fit() {
        for (longest, expected) in [(160.0, 100.0), (99.0, 50.0), (4.9, 2.0), (0.37, 0.2), (1.0, 1.0)] {
            assert!((round_length(longest) - expected).abs() < 1e-4, "{longest}");
        }
    }
}
