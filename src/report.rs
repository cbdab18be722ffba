//! A report on one photo for a person to keep or print: lesion, photo, figures, network and review on one A4 page.
//! The figures are those of the CSV and JSON rows, calculated once for all of them. And a plot of agreement by group.

mod content;
mod crop;
mod document;
mod drawing;
mod drawing_png;
mod drawing_svg;
mod error;
mod failed_page;
mod figures;
mod fonts;
mod group_plot;
mod head;
mod heading;
mod ink;
mod lesion_marks;
mod lines;
mod page;
mod photo_canvas;
mod picture;
mod pictures;
mod sheet;
mod style;
mod tables;

pub use self::content::{Agreement, Figures, PageConfidence, PhotoReport};
pub use self::document::ReportDocument;
pub use self::error::PdfError;
pub use self::failed_page::FailedReport;
pub use self::group_plot::{GroupPlot, PlotFormat, PlotRow, PlotSection};
pub use self::picture::PagePicture;
use crate::language::Language;

/// Reports as one PDF in `language`, a page each: PDF/A-2a and PDF/UA-1. The same reports give the same bytes.
///
/// # Errors
/// [`PdfError`], for a fault of our own.
pub fn pdf(language: Language, reports: &[PhotoReport<'_>]) -> Result<Vec<u8>, PdfError> {
    let mut document = ReportDocument::new(language)?;
    reports.iter().for_each(|report| document.add(report));
    document.finish()
}
