//! The PDF that pages are added to: its profile, tags, bookmarks and metadata.
//!
//! PDF/A-2a says that it can be archived and its text taken out in order, PDF/UA-1 that it can be read aloud; krilla
//! checks both and makes no file where one is not kept.

use jiff::Zoned;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::error::KrillaError;
use krilla::geom::Point;
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::tagging::TagTree;
use krilla::{Document, SerializeSettings};

use super::content::PhotoReport;
use super::error::PdfError;
use super::failed_page::{self, FailedReport};
use super::fonts::{Fonts, printable};
use super::page;
use super::sheet::Sheet;
use super::style::PAGE;
use crate::language::Language;
use crate::words;

/// A PDF that is being made, page by page: of many photos only one is held at a time.
pub struct ReportDocument {
    document: Document,
    page_settings: PageSettings,
    fonts: Fonts,
    language: Language,
    tags: TagTree,
    bookmarks: Outline,
    page_count: usize,
    title: Option<String>,
    made: Option<Zoned>,
}

impl ReportDocument {
    /// An empty one, with the program's fonts.
    ///
    /// # Errors
    /// [`PdfError`] when a font is damaged.
    pub fn new(language: Language) -> Result<Self, PdfError> {
        let configuration = ConfigurationBuilder::new()
            .with_archival_validator(Archival::A2_A)
            .with_accessibility_validator(Accessibility::UA1)
            .finish()
            .map_err(|error| PdfError(format!("its profile: {error:?}")))?;
        let settings = SerializeSettings { configuration, ..SerializeSettings::default() };
        let [width, height] = PAGE;
        Ok(Self {
            document: Document::new_with(settings),
            page_settings: PageSettings::from_wh(width, height)
                .ok_or_else(|| PdfError("its page's size".into()))?,
            fonts: Fonts::new()?,
            language,
            tags: TagTree::new().with_lang(Some(language.tag().to_owned())),
            bookmarks: Outline::new(),
            page_count: 0,
            title: None,
            made: None,
        })
    }

    /// Adds a page.
    pub fn add(&mut self, report: &PhotoReport<'_>) {
        self.add_page(&report.name, &report.made, |sheet| page::draw(sheet, report));
    }

    /// Adds the page of a photo without a result.
    pub fn add_failed(&mut self, report: &FailedReport<'_>) {
        self.add_page(&report.name, &report.made, |sheet| failed_page::draw(sheet, report));
    }

    fn add_page(&mut self, name: &str, made: &Zoned, draw: impl FnOnce(&mut Sheet<'_>)) {
        let name = printable(name);
        let title = words!("report-title", name = name.as_str()).said_in(self.language);
        let mut page = self.document.start_page_with(self.page_settings.clone());
        let mut sheet = Sheet::new(page.surface(), &self.fonts, self.language, self.page_count);
        draw(&mut sheet);
        self.tags.push(sheet.finish());
        page.finish();
        let top = XyzDestination::new(self.page_count, Point::from_xy(0.0, 0.0));
        self.bookmarks.push_child(OutlineNode::new(name, top));
        self.page_count += 1;
        self.title.get_or_insert(title);
        self.made = Some(made.clone());
    }

    /// The file's bytes.
    ///
    /// # Errors
    /// [`PdfError`], for a fault of our own.
    pub fn finish(mut self) -> Result<Vec<u8>, PdfError> {
        let mut metadata = Metadata::new()
            .title(self.title.unwrap_or_default())
            .creator(concat!("Dermaloupe ", env!("CARGO_PKG_VERSION")).to_owned())
            .language(self.language.tag().to_owned());
        if let Some(made) = self.made {
            metadata = metadata.creation_date(date_time(&made));
        }
        self.document.set_metadata(metadata);
        self.document.set_tag_tree(self.tags);
        self.document.set_outline(self.bookmarks);
        self.document.finish().map_err(|error| PdfError(detail(&error)))
    }
}

/// krilla counts what is not kept; this names it.
fn detail(error: &KrillaError) -> String {
    match error {
        KrillaError::Validation(kinds) => {
            let kinds: Vec<String> = kinds.iter().take(3).map(|(kind, _)| format!("{kind:?}")).collect();
            format!("{error}: {}", kinds.join(", "))
        }
        _ => error.to_string(),
    }
}

fn date_time(time: &Zoned) -> DateTime {
    let offset_minutes = time.offset().seconds() / 60;
    let part = |number: i8| u8::try_from(number).unwrap_or_default();
    DateTime::new(u16::try_from(time.year()).unwrap_or_default())
        .month(part(time.month()))
        .day(part(time.day()))
        .hour(part(time.hour()))
        .minute(part(time.minute()))
        .second(part(time.second()))
        .utc_offset_hour(i8::try_from(offset_minutes / 60).unwrap_or_default())
        .utc_offset_minute((offset_minutes % 60).unsigned_abs() as u8)
}

#[cfg(test)]
mod tests {
    use super::super::content::Figures;
    use super::super::pdf;
    use super::super::picture::PagePicture;
    use strum::VariantArray as _;

    use super::*;
    use crate::mask::Mask;
    use crate::photo::{Photo, PhotoSource};
    use crate::provenance::{MaskOrigin, NetworkRun};

    #[test]
    fn the_same_report_gives_the_same_bytes() {
        let photo = Photo::from_rgb(60, 60, vec![90; 60 * 60 * 3], PhotoSource::BuiltIn("drawn"));
        let mask = Mask::new(60, 60, (0..3600).map(|index| u8::from((20..40).contains(&(index % 60)))).collect());
        let origin = MaskOrigin::Network(NetworkRun {
            model: "net".into(),
            model_sha256: "0".repeat(64),
            engine: "fake".into(),
            threshold: 0.5,
            is_threshold_auto: false,
            is_careful: false,
            has_second_look: false,
            steps: Default::default(),
            program: "1".into(),
        });
        let report = PhotoReport {
            name: "照片 1.jpg".into(),
            picture: &PagePicture::of(&photo, &[], &[]).expect("it is drawn"),
            outlines: &[],
            origin: &origin,
            network_title: Some("A network"),
            reference: None,
            figures: &Figures::of(&photo, &mask, None, None),
            confidence: None,
            review: None,
            case: "",
            patient: "",
            made: jiff::Timestamp::UNIX_EPOCH.to_zoned(jiff::tz::TimeZone::UTC),
        };
        let made = |language| pdf(language, &[report.clone(), report.clone()]).expect("it keeps its profile");
        for &language in Language::VARIANTS {
            assert_eq!(made(language), made(language));
        }
        assert_ne!(made(Language::English), made(Language::SimplifiedChinese));
    }
}
