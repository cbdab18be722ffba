//! The fonts in a PDF: which glyphs were drawn, and at the end the fonts themselves, cut down to these.

use std::collections::BTreeMap;

use harfrust::{FontRef, Tag};
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Filter, Finish as _, Name, Pdf, Rect, Ref, Str};
use subsetter::GlyphRemapper;

use super::PdfError;
use super::fonts::{Face, Glyph};
use super::sheet::deflated;

/// What was drawn of one font.
#[derive(Default)]
pub(super) struct Ink {
    mapper: GlyphRemapper,
    /// Width in ems and letters of each glyph by its number in the PDF.
    drawn: BTreeMap<u16, (f32, String)>,
}

impl Ink {
    /// The glyph's number in the PDF, and the width in ems that stands for it there.
    pub(super) fn draw(&mut self, glyph: &Glyph, letters: &str) -> (u16, f32) {
        let number = self.mapper.remap(glyph.id);
        let (width, _) = self.drawn.entry(number).or_insert_with(|| (glyph.advance, letters.to_owned()));
        (number, *width)
    }

    pub(super) fn is_used(&self) -> bool {
        !self.drawn.is_empty()
    }

    /// Writes the font of `face` as `font`; `next` gives the numbers of its parts.
    pub(super) fn write(
        &self,
        pdf: &mut Pdf,
        face: &Face,
        font: Ref,
        mut next: impl FnMut() -> Ref,
    ) -> Result<(), PdfError> {
        let fault = |error: &dyn std::fmt::Display| PdfError(format!("the font {}: {error}", face.name));
        let subset = subsetter::subset(face.bytes, 0, &self.mapper).map_err(|error| fault(&error))?;
        let parsed = FontRef::new(&subset).map_err(|error| fault(&error))?;
        // Of a font with cubic outlines PDF takes that table alone.
        let cubic = parsed.table_data(Tag::new(b"CFF "));
        let [cid, descriptor, cmap, file] = [next(), next(), next(), next()];
        // Six letters before the name say that it is a part of the font.
        let name = format!("DERMAL+{}", face.name);
        let name = Name(name.as_bytes());
        let system = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };
        let mut outer = pdf.type0_font(font);
        outer.base_font(name).encoding_predefined(Name(b"Identity-H")).descendant_font(cid).to_unicode(cmap);
        outer.finish();
        let mut inner = pdf.cid_font(cid);
        inner.subtype(if cubic.is_some() { CidFontType::Type0 } else { CidFontType::Type2 });
        inner.base_font(name).system_info(system).font_descriptor(descriptor).default_width(0.0);
        if cubic.is_none() {
            inner.cid_to_gid_map_predefined(Name(b"Identity"));
        }
        let mut widths = inner.widths();
        for (number, (width, _)) in &self.drawn {
            widths.consecutive(*number, [width * 1000.0]);
        }
        widths.finish();
        inner.finish();
        self.describe(pdf, face, descriptor, name, (file, cubic.is_some()));
        let mut letters = UnicodeCmap::new(Name(b"Letters"), system);
        for (number, (_, text)) in self.drawn.iter().filter(|(_, (_, text))| !text.is_empty()) {
            letters.pair_with_multiple(*number, text.chars());
        }
        let letters = deflated(letters.finish().as_slice());
        pdf.stream(cmap, &letters).filter(Filter::FlateDecode);
        let bytes = deflated(cubic.map_or(subset.as_slice(), |table| table.as_bytes()));
        let mut stream = pdf.stream(file, &bytes);
        stream.filter(Filter::FlateDecode);
        if cubic.is_some() {
            stream.pair(Name(b"Subtype"), Name(b"CIDFontType0C"));
        }
        Ok(())
    }

    fn describe(&self, pdf: &mut Pdf, face: &Face, id: Ref, name: Name<'_>, (file, is_cubic): (Ref, bool)) {
        let facts = face.facts();
        let [left, bottom, right, top] = facts.bounds;
        let mut descriptor = pdf.font_descriptor(id);
        descriptor
            .name(name)
            .flags(FontFlags::SYMBOLIC)
            .bbox(Rect::new(left, bottom, right, top))
            .italic_angle(0.0)
            .ascent(facts.ascent)
            .descent(facts.descent)
            // Only used to draw a font that is missing; this one is inside.
            .cap_height(facts.ascent)
            .stem_v(80.0);
        if is_cubic {
            descriptor.font_file3(file);
        } else {
            descriptor.font_file2(file);
        }
    }
}
