//! A sheet of A4 to draw on: words, lines, the photo, outlines. Lengths are points, from the upper left corner.

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder as _};
use jiff::Timestamp;
use miniz_oxide::deflate::compress_to_vec_zlib;
use pdf_writer::types::{LineCapStyle, LineJoinStyle};
use pdf_writer::{Content, Date, Filter, Finish as _, Name, Pdf, Rect, Ref, Str, TextStr};

use super::PdfError;
use super::fonts::{Fonts, Weight};
use super::ink::Ink;
use crate::geometry::contour::Outline;
use crate::inference::preprocess;
use crate::language;
use crate::overlay::palette::{self, Rgb};
use crate::overlay::render;
use crate::photo::Photo;

/// A4.
pub(super) const PAGE: [f32; 2] = [595.28, 841.89];
/// Blank on all sides: 15 mm.
pub(super) const MARGIN: f32 = 42.5;

/// Longest side of the embedded photo: 300 dots an inch at the width that it is printed at.
const PHOTO_SIDE_PX: usize = 1100;
/// JPEG's quality of it.
const PHOTO_QUALITY: u8 = 88;

/// Words.
pub(super) const INK: Rgb = [0x1B, 0x1F, 0x23];
/// Words of less weight: names, units.
pub(super) const DIM: Rgb = [0x59, 0x62, 0x6B];
/// Lines.
pub(super) const HAIRLINE: Rgb = [0xD6, 0xDA, 0xDE];

/// How words are set.
#[derive(Clone, Copy)]
pub(super) struct Style {
    pub(super) size: f32,
    pub(super) weight: Weight,
    pub(super) colour: Rgb,
}

/// Ordinary words.
pub(super) const BODY: Style = Style { size: 8.5, weight: Weight::Regular, colour: INK };
/// Names and units beside them.
pub(super) const QUIET: Style = Style { colour: DIM, ..BODY };
/// Headings of columns.
pub(super) const HEADING: Style = Style { size: 10.0, weight: Weight::Strong, colour: INK };
/// The photo's name.
pub(super) const TITLE: Style = Style { size: 17.0, weight: Weight::Strong, colour: INK };

/// The photo's name in a page's resources, and that of the halo's opacity.
const PHOTO: Name<'_> = Name(b"Photo");
const HALO: Name<'_> = Name(b"Halo");

/// Names of the fonts in a page's resources, by their place.
fn font_name(face: usize) -> String {
    format!("F{face}")
}

/// The pages that are made so far.
pub(super) struct Sheets {
    pdf: Pdf,
    fonts: Fonts,
    inks: Vec<Ink>,
    font_ids: Vec<Ref>,
    pages: Vec<Ref>,
    next_id: i32,
    title: Option<String>,
    made: Option<Timestamp>,
}

/// Numbers that are given out first.
const CATALOG: i32 = 1;
const TREE: i32 = 2;
const INFO: i32 = 3;
const HALO_STATE: i32 = 4;

impl Sheets {
    pub(super) fn new() -> Result<Self, PdfError> {
        let fonts = Fonts::new()?;
        let inks = fonts.faces.iter().map(|_| Ink::default()).collect();
        let mut sheets = Self {
            pdf: Pdf::new(),
            inks,
            font_ids: Vec::new(),
            pages: Vec::new(),
            next_id: HALO_STATE + 1,
            title: None,
            made: None,
            fonts,
        };
        sheets.font_ids = (0..sheets.fonts.faces.len()).map(|_| sheets.next()).collect();
        // Its outline shows on any skin over a dark line that shines through.
        sheets.pdf.ext_graphics(Ref::new(HALO_STATE)).stroking_alpha(0.6);
        Ok(sheets)
    }

    fn next(&mut self) -> Ref {
        self.next_id += 1;
        Ref::new(self.next_id - 1)
    }

    /// Adds a page with `picture` that `draw` fills.
    pub(super) fn add(
        &mut self,
        title: &str,
        made: Timestamp,
        picture: &Picture,
        draw: impl FnOnce(&mut Sheet<'_>),
    ) {
        let [id, content_id, photo_id] = [self.next(), self.next(), self.next()];
        let mut sheet = Sheet { content: Content::new(), fonts: &self.fonts, inks: &mut self.inks };
        draw(&mut sheet);
        let content = deflated(sheet.content.finish().as_slice());
        self.pdf.stream(content_id, &content).filter(Filter::FlateDecode);
        let mut image = self.pdf.image_xobject(photo_id, &picture.jpeg);
        image.filter(Filter::DctDecode);
        image.width(picture.jpeg_size[0] as i32).height(picture.jpeg_size[1] as i32);
        image.bits_per_component(8).interpolate(true).color_space().device_rgb();
        image.finish();
        let mut page = self.pdf.page(id);
        page.media_box(Rect::new(0.0, 0.0, PAGE[0], PAGE[1])).parent(Ref::new(TREE)).contents(content_id);
        let mut resources = page.resources();
        resources.x_objects().pair(PHOTO, photo_id);
        resources.ext_g_states().pair(HALO, Ref::new(HALO_STATE));
        let mut fonts = resources.fonts();
        for (face, font) in self.font_ids.iter().enumerate().filter(|(face, _)| self.inks[*face].is_used()) {
            fonts.pair(Name(font_name(face).as_bytes()), *font);
        }
        fonts.finish();
        resources.finish();
        page.finish();
        self.pages.push(id);
        self.title.get_or_insert_with(|| title.to_owned());
        self.made = Some(made);
    }

    pub(super) fn finish(mut self) -> Result<Vec<u8>, PdfError> {
        for (face, ink) in self.inks.iter().enumerate().filter(|(_, ink)| ink.is_used()) {
            let next_id = &mut self.next_id;
            let next = || {
                *next_id += 1;
                Ref::new(*next_id - 1)
            };
            ink.write(&mut self.pdf, &self.fonts.faces[face], self.font_ids[face], next)?;
        }
        let language = language::current().tag();
        let mut catalog = self.pdf.catalog(Ref::new(CATALOG));
        catalog.pages(Ref::new(TREE)).lang(TextStr(language));
        catalog.viewer_preferences().display_doc_title(true);
        catalog.finish();
        let count = i32::try_from(self.pages.len()).unwrap_or(i32::MAX);
        self.pdf.pages(Ref::new(TREE)).kids(self.pages).count(count);
        let mut info = self.pdf.document_info(Ref::new(INFO));
        info.title(TextStr(self.title.as_deref().unwrap_or_default()));
        info.creator(TextStr(concat!("Dermaloupe ", env!("CARGO_PKG_VERSION"))));
        if let Some(made) = self.made {
            info.creation_date(date(made));
        }
        info.finish();
        Ok(self.pdf.finish())
    }
}

fn date(time: Timestamp) -> Date {
    let text = time.strftime("%Y %m %d %H %M %S").to_string();
    let parts: Vec<u16> = text.split(' ').map(|part| part.parse().unwrap_or_default()).collect();
    let part = |place: usize| u8::try_from(parts[place]).unwrap_or_default();
    let day = Date::new(parts[0]).month(part(1)).day(part(2));
    day.hour(part(3)).minute(part(4)).second(part(5)).utc_offset_hour(0)
}

/// Compressed as PDF's FlateDecode takes it.
pub(super) fn deflated(bytes: &[u8]) -> Vec<u8> {
    const USUAL_LEVEL: u8 = 6;
    compress_to_vec_zlib(bytes, USUAL_LEVEL)
}

/// One page.
pub(super) struct Sheet<'a> {
    content: Content,
    pub(super) fonts: &'a Fonts,
    inks: &'a mut [Ink],
}

impl Sheet<'_> {
    /// Words with their baseline at `y`; answers where they end.
    pub(super) fn text(&mut self, words: &str, [x, y]: [f32; 2], style: Style) -> f32 {
        let [red, green, blue] = shares(style.colour);
        self.content.begin_text().set_fill_rgb(red, green, blue);
        let mut at = x;
        for run in self.fonts.shape(words, style.weight) {
            let name = font_name(run.face);
            self.content.set_font(Name(name.as_bytes()), style.size);
            self.content.set_text_matrix([1.0, 0.0, 0.0, 1.0, at, PAGE[1] - y]);
            let mut line = self.content.show_positioned();
            let mut items = line.items();
            let mut last = usize::MAX;
            for glyph in &run.glyphs {
                // Of several glyphs for the same letters the first says them.
                let letters = if glyph.letters.start == last { "" } else { &run.text[glyph.letters.clone()] };
                last = glyph.letters.start;
                let (number, width) = self.inks[run.face].draw(glyph, letters);
                if glyph.shift != 0.0 {
                    items.adjust(-1000.0 * glyph.shift);
                }
                items.show(Str(&number.to_be_bytes()));
                let back = width - glyph.advance + glyph.shift;
                if back.abs() > 1e-5 {
                    items.adjust(1000.0 * back);
                }
            }
            items.finish();
            line.finish();
            at += run.width(style.size);
        }
        self.content.end_text();
        at
    }

    /// Words that end at `right`; answers where they begin.
    pub(super) fn text_right(&mut self, words: &str, [right, y]: [f32; 2], style: Style) -> f32 {
        let left = right - self.width(words, style);
        self.text(words, [left, y], style);
        left
    }

    /// How wide words are.
    pub(super) fn width(&self, words: &str, style: Style) -> f32 {
        self.fonts.width(words, style.size, style.weight)
    }

    /// Words in `width`, their middle left out where they are longer.
    pub(super) fn shortened(&self, words: &str, width: f32, style: Style) -> String {
        self.fonts.shortened(words, style.size, style.weight, width)
    }

    /// A line from left to right.
    pub(super) fn rule(&mut self, [left, right]: [f32; 2], y: f32) {
        self.bar([left, y, right - left, 0.5], HAIRLINE);
    }

    /// A filled rectangle: left, top, width, height.
    pub(super) fn bar(&mut self, [left, top, width, height]: [f32; 4], colour: Rgb) {
        let [red, green, blue] = shares(colour);
        self.content.set_fill_rgb(red, green, blue);
        self.content.rect(left, PAGE[1] - top - height, width, height).fill_nonzero();
    }

    /// The photo in a rectangle, with lines on it.
    pub(super) fn photo(&mut self, photo_size: [u32; 2], place: [f32; 4], lines: &[(&[Outline], Rgb)]) {
        let [left, top, width, height] = place;
        self.content.save_state();
        // A line at the photo's edge stays on the photo.
        self.content.rect(left, PAGE[1] - top - height, width, height).clip_nonzero().end_path();
        self.content.save_state();
        self.content.transform([width, 0.0, 0.0, height, left, PAGE[1] - top - height]).x_object(PHOTO);
        self.content.restore_state();
        // From here on in the photo's own directions: y grows downwards.
        self.content.transform([1.0, 0.0, 0.0, -1.0, left, PAGE[1] - top]);
        self.content.set_line_cap(LineCapStyle::RoundCap).set_line_join(LineJoinStyle::RoundJoin);
        let scale = width / photo_size[0] as f32;
        self.content.save_state().set_parameters(HALO);
        for (outlines, _) in lines {
            self.stroke(outlines, scale, palette::HALO, 2.2);
        }
        self.content.restore_state();
        for (outlines, colour) in lines {
            self.stroke(outlines, scale, *colour, 1.1);
        }
        self.content.restore_state();
    }

    fn stroke(&mut self, outlines: &[Outline], scale: f32, colour: Rgb, width: f32) {
        let [red, green, blue] = shares(colour);
        self.content.set_stroke_rgb(red, green, blue).set_line_width(width);
        for outline in outlines {
            let mut points = outline.iter().map(|point| point.map(|place| place * scale));
            let Some(first) = points.next() else { continue };
            self.content.move_to(first[0], first[1]);
            for point in points {
                self.content.line_to(point[0], point[1]);
            }
            self.content.close_path();
        }
        self.content.stroke();
    }
}

/// A photo as a page shows it: a JPEG of a size for print, some hundred kilobytes of an original's many megabytes.
#[derive(Clone, Debug)]
pub struct Picture {
    jpeg: Vec<u8>,
    jpeg_size: [u32; 2],
    pub(super) photo_size: [u32; 2],
    pub(super) photo_sha256: String,
}

impl Picture {
    /// The picture of `photo`.
    ///
    /// # Errors
    /// [`PdfError`] when it cannot be compressed.
    pub fn of(photo: &Photo) -> Result<Self, PdfError> {
        let [width, height] = render::layer_size(photo.size(), PHOTO_SIDE_PX).map(|side| side as u32);
        let reduced;
        let rgb = if [width, height] == photo.size() {
            photo.rgb()
        } else {
            reduced = preprocess::squash(photo, width, height);
            &reduced
        };
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, PHOTO_QUALITY)
            .write_image(rgb, width, height, ExtendedColorType::Rgb8)
            .map_err(|error| PdfError(error.to_string()))?;
        Ok(Self { jpeg, jpeg_size: [width, height], photo_size: photo.size(), photo_sha256: photo.sha256.clone() })
    }
}

/// A colour in shares of 1.
fn shares(colour: Rgb) -> [f32; 3] {
    colour.map(|channel| f32::from(channel) / 255.0)
}
