//! A page to draw on: words, lines, photos. Lengths are points, from the upper left corner.
//!
//! Everything drawn is either tagged, for screen readers and for whoever takes the text out, or an artifact: a mere line.
//! The tags' order is the reading order, and it is the order that things are drawn in.

use krilla::geom::Rect;
use krilla::paint::FillRule;
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, BBox, ContentTag, SpanTag, Tag, TagGroup, TagKind};

use super::fonts::Fonts;
use super::ink::{self, rectangle};
use super::photo_canvas::{PhotoCanvas, PhotoFrame};
use super::style::{HAIRLINE, TextStyle};
use crate::language::{Language, Words};
use crate::overlay::palette::Rgb;

/// One page.
pub(super) struct Sheet<'a> {
    surface: Surface<'a>,
    pub(super) fonts: &'a Fonts,
    language: Language,
    page_index: usize,
    /// The innermost tag that is open, and those that it is in.
    open: Vec<TagGroup>,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(surface: Surface<'a>, fonts: &'a Fonts, language: Language, page_index: usize) -> Self {
        Self { surface, fonts, language, page_index, open: vec![TagGroup::new(Tag::Article)] }
    }

    /// The tags of the page.
    pub(super) fn finish(mut self) -> TagGroup {
        self.surface.finish();
        self.open.swap_remove(0)
    }

    /// A message in the report's language.
    #[allow(clippy::needless_pass_by_value, reason = "a message is written where it is said")]
    pub(super) fn say(&self, words: Words) -> String {
        words.said_in(self.language)
    }

    /// What `draw` draws, under one tag.
    pub(super) fn tagged(&mut self, tag: impl Into<TagKind>, draw: impl FnOnce(&mut Self)) {
        self.open.push(TagGroup::new(tag));
        draw(self);
        let group = self.open.pop().filter(|group| !group.children.is_empty());
        if let (Some(group), Some(outer)) = (group, self.open.last_mut()) {
            outer.push(group);
        }
    }

    /// What `draw` draws, as a part of the tag that is open.
    fn content(&mut self, tag: ContentTag<'_>, draw: impl FnOnce(&mut Self)) {
        let id = self.surface.start_tagged(tag);
        draw(self);
        self.surface.end_tagged();
        if let Some(group) = self.open.last_mut() {
            group.push(id);
        }
    }

    fn artifact(&mut self, draw: impl FnOnce(&mut Self)) {
        self.surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
        draw(self);
        self.surface.end_tagged();
    }

    /// Words with their baseline at `y`; returns where they end.
    pub(super) fn text(&mut self, words: &str, [x, y]: [f32; 2], style: TextStyle) -> f32 {
        if words.is_empty() {
            return x;
        }
        let mut end = x;
        self.content(ContentTag::Span(SpanTag::empty()), |sheet| {
            end = ink::text(&mut sheet.surface, sheet.fonts, words, [x, y], style);
        });
        end
    }

    /// Words that end at `right`.
    pub(super) fn text_right(&mut self, words: &str, [right, y]: [f32; 2], style: TextStyle) {
        let left = right - self.width(words, style);
        self.text(words, [left, y], style);
    }

    /// How wide words are.
    pub(super) fn width(&self, words: &str, style: TextStyle) -> f32 {
        self.fonts.width(words, style)
    }

    /// Words in `width`, their middle left out where they are longer.
    pub(super) fn shortened(&self, words: &str, width: f32, style: TextStyle) -> String {
        self.fonts.shortened(words, width, style)
    }

    /// A line from left to right.
    pub(super) fn rule(&mut self, [left, right]: [f32; 2], y: f32) {
        self.bar([left, y, right - left, 0.5], HAIRLINE);
    }

    /// A filled rectangle: left, top, width, height.
    pub(super) fn bar(&mut self, place: [f32; 4], colour: Rgb) {
        let Some(path) = rectangle(place) else { return };
        self.artifact(|sheet| {
            ink::fill(&mut sheet.surface, &path, colour, 1.0);
        });
    }

    /// What `draw` draws on a photo in a rectangle (left, top, width, height); `described` for who cannot see it.
    pub(super) fn figure(
        &mut self,
        described: String,
        frame: PhotoFrame,
        draw: impl FnOnce(&mut PhotoCanvas<'_, 'a>),
    ) {
        let [left, top, width, height] = frame.place;
        let (Some(rect), Some(edge)) = (Rect::from_xywh(left, top, width, height), rectangle(frame.place)) else {
            return;
        };
        let bounds = BBox::new(self.page_index, rect);
        self.tagged(Tag::Figure(Some(described)).with_bbox(Some(bounds)), |sheet| {
            sheet.content(ContentTag::Other, |sheet| {
                // A line at the photo's edge stays on the photo.
                sheet.surface.push_clip_path(&edge, &FillRule::NonZero);
                draw(&mut PhotoCanvas::new(&mut sheet.surface, sheet.fonts, frame));
                sheet.surface.pop();
            });
        });
    }

    /// A small dark picture of a line in a legend: left, top, width, height.
    pub(super) fn sample(&mut self, place: [f32; 4], draw: impl FnOnce(&mut PhotoCanvas<'_, 'a>)) {
        let [_, _, width, height] = place;
        let frame = PhotoFrame { place, shown: [0.0, 0.0, width, height].map(f64::from) };
        self.artifact(|sheet| draw(&mut PhotoCanvas::new(&mut sheet.surface, sheet.fonts, frame)));
    }
}
