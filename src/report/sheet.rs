//! A page to draw on: words, lines, the photo, outlines. Lengths are points, from the upper left corner.
//!
//! Everything drawn is either tagged, for screen readers and for whoever takes the text out, or an artifact: a mere line.
//! The tags' order is the reading order, and it is the order that things are drawn in.

use krilla::color::rgb;
use krilla::geom::{Path, PathBuilder, Point, Rect, Size, Transform};
use krilla::num::NormalizedF32;
use krilla::paint::{Fill, FillRule, LineCap, LineJoin, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, BBox, ContentTag, SpanTag, Tag, TagGroup, TagKind};

use super::fonts::Fonts;
use super::picture::PagePicture;
use super::style::{HAIRLINE, TextStyle};
use crate::geometry::contour::Outline;
use crate::language::{Language, Words};
use crate::overlay::palette::{self, Rgb};

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
            sheet.surface.set_fill(Some(fill(style.colour)));
            sheet.surface.set_stroke(None);
            for run in sheet.fonts.shape(words, style.weight) {
                let font = sheet.fonts.font_of(&run);
                let start = Point::from_xy(end, y);
                sheet.surface.draw_glyphs(start, &run.glyphs, font, &run.text, style.size, false);
                end += run.width(style.size);
            }
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
            sheet.surface.set_fill(Some(fill(colour)));
            sheet.surface.set_stroke(None);
            sheet.surface.draw_path(&path);
        });
    }

    /// The photo in a rectangle (left, top, width, height), with lines on it; `described` for who cannot see it.
    pub(super) fn figure(
        &mut self,
        described: String,
        picture: &PagePicture,
        place: [f32; 4],
        lines: &[(&[Outline], Rgb)],
    ) {
        let [left, top, width, height] = place;
        let rect = Rect::from_xywh(left, top, width, height);
        let (Some(rect), Some(edge), Some(size)) = (rect, rectangle(place), Size::from_wh(width, height)) else {
            return;
        };
        let bounds = BBox::new(self.page_index, rect);
        let scale = width / picture.photo_size[0] as f32;
        self.tagged(Tag::Figure(Some(described)).with_bbox(Some(bounds)), |sheet| {
            sheet.content(ContentTag::Other, |sheet| {
                // A line at the photo's edge stays on the photo.
                sheet.surface.push_clip_path(&edge, &FillRule::NonZero);
                sheet.surface.push_transform(&Transform::from_translate(left, top));
                sheet.surface.draw_image(picture.image.clone(), size);
                for (outlines, _) in lines {
                    sheet.stroke(outlines, scale, halo());
                }
                for (outlines, colour) in lines {
                    sheet.stroke(outlines, scale, stroke(*colour, 1.1));
                }
                sheet.surface.pop();
                sheet.surface.pop();
            });
        });
    }

    fn stroke(&mut self, outlines: &[Outline], scale: f32, stroke: Stroke) {
        let mut path = PathBuilder::new();
        for outline in outlines {
            let mut points = outline.iter().map(|point| point.map(|place| place * scale));
            let Some(first) = points.next() else { continue };
            path.move_to(first[0], first[1]);
            points.for_each(|point| path.line_to(point[0], point[1]));
            path.close();
        }
        let Some(path) = path.finish() else { return };
        self.surface.set_fill(None);
        self.surface.set_stroke(Some(stroke));
        self.surface.draw_path(&path);
    }
}

fn rectangle([left, top, width, height]: [f32; 4]) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.push_rect(Rect::from_xywh(left, top, width, height)?);
    path.finish()
}

fn paint([red, green, blue]: Rgb) -> krilla::paint::Paint {
    rgb::Color::new(red, green, blue).into()
}

fn fill(colour: Rgb) -> Fill {
    Fill { paint: paint(colour), ..Fill::default() }
}

fn stroke(colour: Rgb, width: f32) -> Stroke {
    let (line_cap, line_join) = (LineCap::Round, LineJoin::Round);
    Stroke { paint: paint(colour), width, line_cap, line_join, ..Stroke::default() }
}

/// Under an outline: it shows on any skin over a dark line that shines through.
fn halo() -> Stroke {
    Stroke { opacity: NormalizedF32::new(0.6).unwrap_or(NormalizedF32::ONE), ..stroke(palette::HALO, 2.2) }
}
