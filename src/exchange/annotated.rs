//! What an annotation file says about each photo, and the mask that follows from it.

use std::collections::BTreeMap;
use std::fmt;

use super::{ExchangeError, Polygon};
use crate::decode::{self, DecodeErrorKind};
use crate::geometry::polygon_union::{self, PolygonGroup};
use crate::geometry::run_length;
use crate::mask::Mask;

/// The most pixels that the pictures of one photo's annotations have together: a compressed picture is small in the
/// file, whatever its size.
const MOST_PICTURE_PIXELS: u64 = 4 * decode::MAX_PIXELS;

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Annotations {
    /// Its photos, in the file's order.
    pub photos: Vec<Annotated>,
    /// What was left out while reading.
    pub left_out: Vec<LeftOut>,
}

/// An entry that cannot be used, and why. Displays as both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Which entry: its kind and id.
    pub entry: String,
    /// The photo that it belongs to; empty if that is not known.
    pub photo: String,
    /// Why.
    pub reason: String,
}

impl fmt::Display for LeftOut {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { entry, photo, reason } = self;
        let of = if photo.is_empty() { "" } else { " of " };
        write!(out, "{entry}{of}{photo} was skipped ({reason})")
    }
}

/// The annotations of one photo in a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Annotated {
    /// The photo as the file names it.
    pub photo: String,
    /// `[width, height]` of the photo, where the file states it.
    pub size: Option<[u32; 2]>,
    /// Entries with the wanted label that were left out.
    pub left_out: usize,
    pub(super) shapes: Vec<AnnotatedShape>,
    /// An entry says that there is no lesion.
    pub(super) says_empty: bool,
}

/// A mask, and what could not be drawn into it.
#[derive(Clone, Debug, PartialEq)]
pub struct AnnotatedMask {
    /// The pixels of every entry that could be used.
    pub mask: Mask,
    /// Entries that do not fit the photo.
    pub left_out: Vec<LeftOut>,
    /// Whether an entry could be used; if there are only others, the mask is empty and means nothing.
    pub is_usable: bool,
}

/// One entry that makes pixels lesion.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct AnnotatedShape {
    /// Its kind and id.
    pub(super) entry: String,
    /// Polygons of one group lose its holes; those without a group stand alone.
    pub(super) group: Option<usize>,
    pub(super) is_hole: bool,
    pub(super) pixels: ShapePixels,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum ShapePixels {
    /// Closed lines, each inside counted.
    Polygons(Vec<Polygon>),
    /// A run-length code of a photo of `size`.
    Runs { runs: Vec<u64>, size: [u32; 2] },
    /// A compressed picture of `size` with its upper left pixel at `at`; what is not 0 is lesion.
    Picture { png: Vec<u8>, at: [i64; 2], size: [u32; 2] },
}

impl Annotated {
    /// Whether an entry is about a lesion or says that there is none. A photo without one is just not annotated: that
    /// is no empty mask.
    #[must_use]
    pub fn is_annotated(&self) -> bool {
        self.says_empty || !self.shapes.is_empty() || self.left_out > 0
    }

    /// The mask for a photo of `photo_size`: everything annotated, each group of polygons without its holes.
    ///
    /// # Errors
    /// [`ExchangeError`] when the photo does not have the stated size.
    pub fn mask(&self, photo_size: [u32; 2]) -> Result<AnnotatedMask, ExchangeError> {
        if let Some(stated) = self.size.filter(|stated| *stated != photo_size) {
            return Err(ExchangeError::Size { stated, photo: photo_size });
        }
        let mut painter = MaskPainter::of(photo_size);
        let mut left_out = Vec::new();
        for shape in &self.shapes {
            if let Err(reason) = painter.add(shape) {
                left_out.push(LeftOut { entry: shape.entry.clone(), photo: self.photo.clone(), reason });
            }
        }
        let is_usable = self.says_empty || self.shapes.len() > left_out.len();
        Ok(AnnotatedMask { mask: painter.painted(), left_out, is_usable })
    }
}

/// Gathers the entries of a photo and paints them at once: the cost does not grow with entries that overlap.
struct MaskPainter<'a> {
    mask: Mask,
    groups: BTreeMap<usize, PolygonGroup<'a>>,
    alone: Vec<PolygonGroup<'a>>,
    codes: Vec<&'a [u64]>,
    picture_pixels: u64,
}

impl<'a> MaskPainter<'a> {
    fn of(size: [u32; 2]) -> Self {
        let mask = Mask::empty(size);
        Self { mask, groups: BTreeMap::new(), alone: Vec::new(), codes: Vec::new(), picture_pixels: 0 }
    }

    /// Adds a shape, or says why it does not fit the photo.
    fn add(&mut self, shape: &'a AnnotatedShape) -> Result<(), String> {
        let photo = self.mask.size();
        match &shape.pixels {
            ShapePixels::Polygons(polygons) => {
                if polygons.iter().all(|polygon| is_outside(polygon, photo)) {
                    return Err(format!("it lies outside the photo ({} × {})", photo[0], photo[1]));
                }
                let group = match shape.group {
                    Some(group) => self.groups.entry(group).or_default(),
                    None => self.alone.push_mut(PolygonGroup::default()),
                };
                let lines = if shape.is_hole { &mut group.holes } else { &mut group.lesion };
                lines.extend(polygons.iter().map(Vec::as_slice));
            }
            ShapePixels::Runs { size, .. } if *size != photo => {
                let [[width, height], [photo_width, photo_height]] = [*size, photo];
                return Err(format!(
                    "its run-length code is for {width} × {height}, but the photo is {photo_width} × {photo_height}"
                ));
            }
            ShapePixels::Runs { runs, .. } => {
                run_length::check(runs, photo).map_err(|error| error.to_string())?;
                self.codes.push(runs);
            }
            ShapePixels::Picture { png, at, size } => self.paint_picture(png, *at, *size)?,
        }
        Ok(())
    }

    fn paint_picture(&mut self, png: &[u8], at: [i64; 2], size: [u32; 2]) -> Result<(), String> {
        self.picture_pixels += u64::from(size[0]) * u64::from(size[1]);
        if self.picture_pixels > MOST_PICTURE_PIXELS {
            return Err(format!(
                "the mask shapes of this photo exceed {} megapixels in total",
                MOST_PICTURE_PIXELS / 1_000_000
            ));
        }
        let picture = decode::inline_mask(png, size).map_err(|error| match error {
            DecodeErrorKind::MaskSize { mask: [width, height], .. } => {
                format!("its mask image is {width} × {height}, but its box is {} × {}", size[0], size[1])
            }
            other => format!("its mask image: {other}"),
        })?;
        let [photo_width, photo_height] = self.mask.size().map(i64::from);
        let pixels = self.mask.pixels_mut();
        for (y, row) in picture.pixels().chunks_exact(size[0] as usize).enumerate() {
            let y = at[1] + y as i64;
            if !(0..photo_height).contains(&y) {
                continue;
            }
            for (x, pixel) in row.iter().enumerate() {
                let x = at[0] + x as i64;
                if (0..photo_width).contains(&x) {
                    pixels[(y * photo_width + x) as usize] |= pixel;
                }
            }
        }
        Ok(())
    }

    fn painted(mut self) -> Mask {
        let groups: Vec<PolygonGroup<'_>> = self.groups.into_values().chain(self.alone).collect();
        polygon_union::fill(&mut self.mask, &groups);
        run_length::decode(&self.codes, &mut self.mask).expect("each code was checked");
        self.mask
    }
}

/// Whether no point of a polygon's bounds lies over the photo.
fn is_outside(polygon: &[[f64; 2]], photo: [u32; 2]) -> bool {
    (0..2).any(|axis| {
        let sides = || polygon.iter().map(|point| point[axis]);
        sides().all(|side| side <= 0.0) || sides().all(|side| side >= f64::from(photo[axis]))
    })
}
