//! The lesion enlarged with what is measured of it, the legend below; beside it the whole photo and the figures that are read
//! first.

use krilla::tagging::Tag;

use super::content::PhotoReport;
use super::fonts::printable;
use super::ink::LineStyle;
use super::lesion_marks::{self, ACROSS, BAND, LONGEST, OUTLINE, REFERENCE, SECTOR};
use super::photo_canvas::PhotoFrame;
use super::sheet::Sheet;
use super::style::{BESIDE_CLOSE_UP, BODY, CLOSE_UP, KEY_FIGURE, LEFT, QUIET, RIGHT, ROW};
use super::tables;
use crate::geometry::area::Area;
use crate::language::Words;
use crate::measure::shown_figure::ShownFigure;
use crate::measure::table::Measure;
use crate::measure::vessels::VesselMeasure;
use crate::provenance::{MaskOrigin, MaskSource};
use crate::words;

/// The whole photo is at most so high; the second where more stands below it: ranges, and the agreement with a reference.
const WHOLE_HEIGHT: [f32; 2] = [118.0, 78.0];
/// A line's sample in the legend.
const SAMPLE: [f32; 2] = [18.0, 8.0];
/// The frame in the small picture.
const FRAME: LineStyle = LineStyle::new([255; 3], 1.0);

/// Returns where the tables begin.
pub(super) fn draw(sheet: &mut Sheet<'_>, report: &PhotoReport<'_>, top: f32) -> f32 {
    let beside = beside(sheet, report, top);
    let frame = fitted([LEFT, top, CLOSE_UP[0], CLOSE_UP[1]], report.picture.shown);
    let own = sheet.say(own_outline(report));
    let reference =
        report.reference.map(|(_, name)| sheet.say(words!("report-outline-reference", name = printable(name))));
    let described = match &reference {
        _ if report.figures.vessels.is_some() => words!("report-vessels-described", outline = own.as_str()),
        Some(reference) => {
            words!("report-overlay-described-both", outline = own.as_str(), reference = reference.as_str())
        }
        None => words!("report-overlay-described", outline = own.as_str()),
    };
    let described = sheet.say(described);
    sheet.figure(described, frame, |canvas| lesion_marks::draw(canvas, report));
    let mut entries = Vec::new();
    if !report.outlines.is_empty() {
        entries.push((own, OUTLINE));
    }
    if let Some(band) = report.confidence.and_then(|found| found.confidence.band) {
        let percent = format!("{:.0}", band.share * 100.0);
        entries.push((sheet.say(words!("key-band", percent = percent)), BAND));
    }
    entries.extend(reference.map(|reference| (reference, REFERENCE)));
    if report.figures.measures.is_some() {
        for (measure, style) in [(Measure::LongestDiameter, LONGEST), (Measure::AcrossDiameter, ACROSS)] {
            entries.extend(measure.words().map(|words| (sheet.say(words), style)));
        }
        entries.push((sheet.say(words!("report-sectors")), SECTOR));
    }
    let below = legend(sheet, &entries, top + frame.place[3] + 14.0);
    below.max(beside) + 10.0
}

/// What `area` of the photo lies in as large as it fits into `room`, at its upper left.
fn fitted([left, top, width, height]: [f32; 4], area: Area) -> PhotoFrame {
    let [width_px, height_px] = area.size().map(|side| side as f32);
    let scale = (width / width_px).min(height / height_px);
    let shown = [area.left, area.top, area.right - area.left, area.bottom - area.top].map(f64::from);
    PhotoFrame { place: [left, top, width_px * scale, height_px * scale], shown }
}

fn own_outline(report: &PhotoReport<'_>) -> Words {
    match report.origin {
        _ if report.outlines.is_empty() && report.figures.vessels.is_some() => words!("no-vessels"),
        _ if report.outlines.is_empty() => words!("report-no-lesion"),
        MaskOrigin::Network(_) => words!("report-outline-network"),
        MaskOrigin::Corrected(_) if report.origin.source() == Some(MaskSource::Drawn) => {
            words!("report-outline-drawn")
        }
        MaskOrigin::Corrected(_) => words!("report-outline-corrected"),
        MaskOrigin::Reference { name } => words!("report-outline-reference", name = printable(name)),
    }
}

/// What each line is, as many beside each other as there is room for; returns where the next line would be.
fn legend(sheet: &mut Sheet<'_>, entries: &[(String, LineStyle)], mut y: f32) -> f32 {
    let (mut x, right) = (LEFT, LEFT + CLOSE_UP[0]);
    for (words, style) in entries {
        let words = sheet.shortened(words, right - LEFT - SAMPLE[0] - 5.0, QUIET);
        let width = SAMPLE[0] + 5.0 + sheet.width(&words, QUIET);
        if x > LEFT && x + width > right {
            (x, y) = (LEFT, y + ROW);
        }
        let middle = y - 3.0;
        sheet.sample([x, middle - SAMPLE[1] / 2.0, SAMPLE[0], SAMPLE[1]], |canvas| {
            canvas.dark();
            canvas.line([[x + 2.0, middle], [x + SAMPLE[0] - 2.0, middle]], *style);
        });
        sheet.tagged(Tag::P, |sheet| {
            sheet.text(&words, [x + SAMPLE[0] + 5.0, y], QUIET);
        });
        x += width + 13.0;
    }
    y + ROW
}

/// The whole photo where the large picture does not show it, the figures that are read first, and the agreement; returns
/// where they end.
fn beside(sheet: &mut Sheet<'_>, report: &PhotoReport<'_>, top: f32) -> f32 {
    let column = [BESIDE_CLOSE_UP, RIGHT];
    let y = if report.picture.shown == Area::whole(report.picture.photo_size) {
        top + KEY_FIGURE.size
    } else {
        whole_photo(sheet, report, top) + 24.0
    };
    let y = key_figures(sheet, report, column, y);
    let expected = report.confidence.and_then(|found| found.confidence.expected);
    tables::agreement(sheet, report.figures, expected, column, y + 6.0)
}

/// The whole photo with the frame of the large picture, which shows less of it; returns where its caption is.
fn whole_photo(sheet: &mut Sheet<'_>, report: &PhotoReport<'_>, top: f32) -> f32 {
    let is_long = report.confidence.is_some() && report.figures.agreement.is_some();
    let room = [BESIDE_CLOSE_UP, top, RIGHT - BESIDE_CLOSE_UP, WHOLE_HEIGHT[usize::from(is_long)]];
    let frame = fitted(room, Area::whole(report.picture.photo_size));
    let described = sheet.say(words!("report-photo-described", name = printable(&report.name)));
    sheet.figure(described, frame, |canvas| {
        canvas.image(&report.picture.whole);
        canvas.outlines(report.outlines, LineStyle { width: 0.7, ..OUTLINE });
        canvas.outlines(&[corners(report.picture.shown)], FRAME);
    });
    let y = top + frame.place[3] + 13.0;
    let caption = sheet.say(words!("report-photo-whole"));
    sheet.tagged(Tag::P, |sheet| {
        sheet.text(&caption, [BESIDE_CLOSE_UP, y], QUIET);
    });
    y
}

fn corners(Area { left, top, right, bottom }: Area) -> Vec<[f32; 2]> {
    [[left, top], [right, top], [right, bottom], [left, bottom]]
        .map(|corner| corner.map(|side| side as f32))
        .to_vec()
}

/// Both diameters and the area, or what is read first of vessels, large; returns where the next would be.
fn key_figures(sheet: &mut Sheet<'_>, report: &PhotoReport<'_>, [left, right]: [f32; 2], y: f32) -> f32 {
    if let Some(vessels) = report.figures.vessels {
        let rows = [VesselMeasure::VesselDensity, VesselMeasure::CentreLineLength, VesselMeasure::MeanCalibre];
        let figure = |measure| match vessels.figure(measure).shown() {
            Some(shown) if shown.unit == "%" => sheet.say(words!("percent", number = shown.number())),
            Some(shown) => shown.short(),
            None => "–".to_owned(),
        };
        let rows = rows.map(|measure| (figure(measure), measure.words(), None));
        return large_figures(sheet, [left, right], y, rows);
    }
    let Some(measures) = &report.figures.measures else { return y - 6.0 };
    let band = report.confidence.and_then(|found| found.confidence.band);
    let shown = |measure| {
        let figure = measures.measurement(measure).shown()?;
        Some(band.map_or(figure.clone(), |band| band.about(measure, figure, measures.pixel)))
    };
    let (Some(longest), Some(across), Some(area)) =
        (shown(Measure::LongestDiameter), shown(Measure::AcrossDiameter), shown(Measure::Area))
    else {
        return y;
    };
    let of_area = match measures.regions {
        0 | 1 => words!("report-key-area"),
        regions => words!("report-key-area-of-largest", regions = regions),
    };
    let range = |figure: &ShownFigure| {
        let [low, high] = figure.range.clone()?;
        Some(sheet.say(words!("figure-range", low = low, high = high)))
    };
    let of_diameters =
        range(&longest).zip(range(&across)).map(|(long, wide)| format!("{long} × {wide} {}", across.unit));
    let of_own_area = range(&area).map(|range| format!("{range} {}", area.unit));
    let rows = [
        (format!("{} × {}", longest.value, across.short()), words!("report-key-diameters"), of_diameters),
        (area.short(), of_area, of_own_area),
    ];
    large_figures(sheet, [left, right], y, rows)
}

fn large_figures<const N: usize>(
    sheet: &mut Sheet<'_>,
    [left, right]: [f32; 2],
    mut y: f32,
    rows: [(String, Words, Option<String>); N],
) -> f32 {
    for (figure, meaning, range) in rows {
        let meaning = sheet.shortened(&sheet.say(meaning), right - left, QUIET);
        let figure = sheet.shortened(&figure, right - left, KEY_FIGURE);
        sheet.tagged(Tag::P, |sheet| {
            sheet.text(&format!("{figure} "), [left, y], KEY_FIGURE);
            sheet.text(&meaning, [left, y + 12.0], QUIET);
        });
        if let Some(range) = range {
            let range = sheet.shortened(&range, right - left, BODY);
            y += 11.5;
            sheet.tagged(Tag::P, |sheet| {
                sheet.text(&range, [left, y + 12.0], BODY);
            });
        }
        y += 36.0;
    }
    y
}
