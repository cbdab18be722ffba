//! Agreement by group of photographs as a plot: a line a group, with its mean IoU and the 95 % interval.

use strum::EnumString;

use super::drawing::{Drawing, TextAnchor};
use super::error::PdfError;
use super::fonts::{FontWeight, Fonts};
use super::ink::LineStyle;
use super::style::{DIM, HAIRLINE, INK, TextStyle};
use super::{drawing_png, drawing_svg};
use crate::language::{Language, Words};
use crate::overlay::palette::Rgb;
use crate::words;

/// What a plot is written as; named by a file's ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString)]
#[strum(ascii_case_insensitive)]
pub enum PlotFormat {
    /// Pixels.
    Png,
    /// Lines and words.
    Svg,
}

/// The agreement of one network's outlines.
#[derive(Clone, Debug)]
pub struct GroupPlot<'a> {
    /// The network's name.
    pub network: &'a str,
    /// A group of fewer photographs is grey.
    pub small: u64,
    /// Whether intervals come from drawing whole lesions.
    pub is_by_lesion: bool,
    /// All photographs.
    pub overall: PlotRow<'a>,
    /// The groups, from the top.
    pub sections: Vec<PlotSection<'a>>,
}

/// The groups of one column.
#[derive(Clone, Debug)]
pub struct PlotSection<'a> {
    /// The column's name.
    pub heading: &'a str,
    /// Its groups.
    pub rows: Vec<PlotRow<'a>>,
}

/// One group.
#[derive(Clone, Copy, Debug)]
pub struct PlotRow<'a> {
    /// Its name; `None` where the table does not state it.
    pub label: Option<&'a str>,
    /// How many it has.
    pub photographs: u64,
    /// Mean IoU.
    pub mean: f64,
    /// The mean's interval, if it has one.
    pub interval: Option<[f64; 2]>,
    /// The share of photographs whose IoU is a failure's.
    pub share_below: f64,
    /// Whether it is too small for a statement.
    pub is_small: bool,
}

impl GroupPlot<'_> {
    /// The plot as a file, in `language`. The same figures give the same bytes.
    ///
    /// # Errors
    /// [`PdfError`], for a fault of our own.
    pub fn encoded(&self, format: PlotFormat, language: Language) -> Result<Vec<u8>, PdfError> {
        let fonts = Fonts::new()?;
        let drawing = self.drawing(&fonts, language);
        match format {
            PlotFormat::Png => drawing_png::encoded(&drawing, &fonts),
            PlotFormat::Svg => Ok(drawing_svg::encoded(&drawing).into_bytes()),
        }
    }

    fn drawing(&self, fonts: &Fonts, language: Language) -> Drawing {
        let rows: usize = 1 + self.sections.iter().map(|section| section.rows.len()).sum::<usize>();
        let axis_height = rows as f32 * ROW + self.sections.len() as f32 * SECTION;
        let height = TOP + axis_height + BELOW;
        let drawing = Drawing { size: [WIDTH, height], shapes: Vec::new() };
        let mut page = PlotPage { drawing, fonts, language, least: self.least(), bottom: TOP + axis_height };
        page.head(self);
        page.axis(self.overall.mean);
        let mut y = TOP + ROW / 2.0;
        page.row(&self.overall, words!("plot-all"), y);
        for section in &self.sections {
            y += ROW + SECTION;
            let heading = page.fonts.shortened(section.heading, LABEL_WIDTH, BOLD);
            page.drawing.text([LEFT, y - ROW + 4.0], &heading, BOLD, TextAnchor::Start);
            for (place, row) in section.rows.iter().enumerate() {
                y += if place == 0 { 0.0 } else { ROW };
                page.row(row, words!("plot-not-stated"), y);
            }
        }
        page.drawing
    }

    /// Where the axis begins: the tenth below the least figure, at most 0.9.
    fn least(&self) -> f64 {
        let rows = self.sections.iter().flat_map(|section| &section.rows).chain([&self.overall]);
        let least = rows.map(|row| row.interval.map_or(row.mean, |[low, _]| low)).fold(0.9, f64::min);
        (least * 10.0).floor() / 10.0
    }
}

const WIDTH: f32 = 760.0;
const LEFT: f32 = 20.0;
/// The room for a group's name.
const LABEL_WIDTH: f32 = 172.0;
/// Where numbers of photographs end.
const COUNT_RIGHT: f32 = 262.0;
/// From the least figure to 1.
const AXIS: [f32; 2] = [284.0, 584.0];
/// Where means and shares end.
const MEAN_RIGHT: f32 = 652.0;
const BELOW_RIGHT: f32 = 740.0;
/// Above and below the axis.
const TOP: f32 = 94.0;
const BELOW: f32 = 34.0;
const ROW: f32 = 19.0;
/// What a heading adds.
const SECTION: f32 = 26.0;

const TITLE: TextStyle = TextStyle { size: 15.0, weight: FontWeight::SemiBold, colour: INK };
const BOLD: TextStyle = TextStyle { size: 12.5, weight: FontWeight::SemiBold, colour: INK };
const PLAIN: TextStyle = TextStyle { size: 12.0, weight: FontWeight::Regular, colour: INK };
const QUIET: TextStyle = TextStyle { colour: DIM, ..PLAIN };
const SMALL: TextStyle = TextStyle { size: 11.0, ..QUIET };

/// Okabe and Ito's blue, and a grey that is as light as nothing to be relied on.
const FIGURE: Rgb = [0x00, 0x72, 0xB2];
const PALE: Rgb = [0x9A, 0xA2, 0xAB];

/// A drawing under way.
struct PlotPage<'f> {
    drawing: Drawing,
    fonts: &'f Fonts,
    language: Language,
    /// Where the axis begins.
    least: f64,
    /// Where it ends on the page.
    bottom: f32,
}

impl PlotPage<'_> {
    #[allow(clippy::needless_pass_by_value, reason = "a message is written where it is said")]
    fn say(&self, words: Words) -> String {
        words.said_in(self.language)
    }

    /// Words whose middle height is at `y`.
    fn text(&mut self, [x, y]: [f32; 2], words: &str, style: TextStyle, anchor: TextAnchor) {
        self.drawing.text([x, y + 0.36 * style.size], words, style, anchor);
    }

    fn x(&self, value: f64) -> f32 {
        let share = ((value - self.least) / (1.0 - self.least)).clamp(0.0, 1.0) as f32;
        AXIS[0] + (AXIS[1] - AXIS[0]) * share
    }

    fn head(&mut self, plot: &GroupPlot<'_>) {
        let title = self.say(words!("plot-title", network = plot.network));
        let title = self.fonts.shortened(&title, WIDTH - 2.0 * LEFT, TITLE);
        self.text([LEFT, 24.0], &title, TITLE, TextAnchor::Start);
        let note = if plot.is_by_lesion { words!("plot-note-lesions") } else { words!("plot-note-photographs") };
        let mut note = self.say(note);
        let is_any_small = plot.sections.iter().flat_map(|section| &section.rows).any(|row| row.is_small);
        if is_any_small {
            let space = if self.language == Language::SimplifiedChinese { "" } else { " " };
            note = format!("{note}{space}{}", self.say(words!("plot-note-small", small = plot.small as usize)));
        }
        let lines = self.fonts.wrapped(&note, WIDTH - 2.0 * LEFT, QUIET);
        for (line, y) in lines.iter().zip([46.0, 62.0]) {
            self.text([LEFT, y], line.trim_end(), QUIET, TextAnchor::Start);
        }
        let heads = [
            (words!("plot-photographs"), COUNT_RIGHT),
            (words!("plot-mean"), MEAN_RIGHT),
            (words!("plot-below"), BELOW_RIGHT),
        ];
        for (words, right) in heads {
            let words = self.say(words);
            self.text([right, TOP - 14.0], &words, SMALL, TextAnchor::End);
        }
    }

    /// Lines at round figures, and a dashed one at the mean of all.
    fn axis(&mut self, overall: f64) {
        let range = 1.0 - self.least;
        let step = match range {
            _ if range < 0.25 => 0.05,
            _ if range < 0.65 => 0.1,
            _ => 0.2,
        };
        let ticks = (0..).map(|place| 1.0 - f64::from(place) * step).take_while(|tick| *tick > self.least - 1e-9);
        for tick in ticks.collect::<Vec<_>>() {
            let x = self.x(tick);
            self.drawing.line([[x, TOP], [x, self.bottom]], LineStyle::new(HAIRLINE, 1.0));
            let digits = if step < 0.1 { 2 } else { 1 };
            self.text([x, self.bottom + 14.0], &format!("{tick:.digits$}"), SMALL, TextAnchor::Middle);
        }
        let x = self.x(overall);
        let dashed = LineStyle { dash: Some(3.0), ..LineStyle::new(PALE, 1.0) };
        self.drawing.line([[x, TOP], [x, self.bottom]], dashed);
    }

    fn row(&mut self, row: &PlotRow<'_>, unnamed: Words, y: f32) {
        let label = row.label.map_or_else(|| self.say(unnamed), str::to_owned);
        let style = if row.is_small { QUIET } else { PLAIN };
        let label = self.fonts.shortened(&label, LABEL_WIDTH, style);
        self.text([LEFT, y], &label, style, TextAnchor::Start);
        self.text([COUNT_RIGHT, y], &row.photographs.to_string(), QUIET, TextAnchor::End);
        let colour = if row.is_small { PALE } else { FIGURE };
        if let Some([low, high]) = row.interval {
            self.drawing.line([[self.x(low), y], [self.x(high), y]], LineStyle::new(colour, 2.0));
        }
        self.drawing.dot([self.x(row.mean), y], 4.0, colour);
        self.text([MEAN_RIGHT, y], &format!("{:.3}", row.mean), style, TextAnchor::End);
        self.text([BELOW_RIGHT, y], &percent(row.share_below, self.language), style, TextAnchor::End);
    }
}

/// With a space before the sign where the language has one.
fn percent(share: f64, language: Language) -> String {
    let space = if language == Language::SimplifiedChinese { "" } else { " " };
    format!("{:.1}{space}%", 100.0 * share)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(label: Option<&str>, mean: f64, interval: Option<[f64; 2]>) -> PlotRow<'_> {
        PlotRow { label, photographs: 25, mean, interval, share_below: 0.125, is_small: interval.is_none() }
    }

    fn plot(least: f64) -> GroupPlot<'static> {
        let rows = vec![row(Some("nv & <mel>"), 0.9, Some([least, 0.95])), row(None, 0.92, None)];
        GroupPlot {
            network: "globalatt",
            small: 20,
            is_by_lesion: true,
            overall: row(None, 0.91, Some([0.9, 0.92])),
            sections: vec![PlotSection { heading: "dx", rows }],
        }
    }

    fn svg(plot: &GroupPlot<'_>, language: Language) -> String {
        String::from_utf8(plot.encoded(PlotFormat::Svg, language).expect("it is drawn")).expect("it is UTF-8")
    }

    #[test]
    fn the_axis_begins_below_the_least_figure() {
        for (least, expected) in [(0.93, 0.9), (0.61, 0.6), (0.6, 0.6), (0.0, 0.0)] {
            assert!((plot(least).least() - expected).abs() < 1e-9, "{least}");
        }
        let svg = svg(&plot(0.61), Language::English);
        for tick in ["0.6", "0.7", "0.8", "0.9", "1.0"] {
            assert!(svg.contains(&format!(">{tick}</text>")), "{tick}: {svg}");
        }
    }

    #[test]
    fn both_languages_say_the_same_and_both_formats_are_files_of_their_kind() {
        let plot = plot(0.7);
        let (english, chinese) = (svg(&plot, Language::English), svg(&plot, Language::SimplifiedChinese));
        for (english_words, chinese_words) in
            [("All photographs", "全部照片"), ("Not stated", "未注明"), ("12.5 %", "12.5%")]
        {
            assert!(english.contains(english_words) && chinese.contains(chinese_words), "{english_words}");
        }
        assert!(english.contains("nv &amp; &lt;mel&gt;") && english.contains("fewer than 20"));
        let png = plot.encoded(PlotFormat::Png, Language::SimplifiedChinese).expect("it is drawn");
        assert_eq!(png, plot.encoded(PlotFormat::Png, Language::SimplifiedChinese).unwrap());
        assert!(image::load_from_memory(&png).is_ok_and(|picture| picture.width() == 1520));
        assert_eq!("SVG".parse(), Ok(PlotFormat::Svg));
    }
}
