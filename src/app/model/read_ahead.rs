//! Photographs that are in memory beside the one on the canvas: those next to it in the list, so that walking does not
//! wait for the disk, the decoder and the network.

use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui::ColorImage;

use super::current::{Derived, OutlineParts, Reference};
use super::network::NetworkChoice;
use crate::app::overview::Overview;
use crate::decode::MaskNote;
use crate::display::Profile;
use crate::files::FileVersion;
use crate::inference::Refusal;
use crate::overlay::view::OverlayView;
use crate::photo::{Photo, PhotoSource};
use crate::pipeline::Segmentation;

/// A photograph that was read, with all that was found of it so far.
#[derive(Clone, Debug)]
pub struct ReadPhoto {
    /// The version of its file that was read; without one it is read again when it is shown.
    pub file: Option<FileVersion>,
    pub photo: Arc<Photo>,
    /// It in the screen's colours, at most 2048 pixels a side.
    pub overview: Arc<Overview>,
    /// How its colours are meant.
    pub profile: Profile,
    pub segmented: Option<SegmentedPhoto>,
    pub reference: Option<ReferenceAhead>,
    pub outline: Option<ReadOutline>,
    /// For whom all was done that can be done before it is shown.
    pub finished_for: Option<ReadAheadChoices>,
}

impl ReadPhoto {
    /// One of which nothing is known but its pixels.
    #[must_use]
    pub fn new(file: Option<FileVersion>, photo: Photo, overview: Overview, profile: Profile) -> Self {
        let (photo, overview) = (Arc::new(photo), Arc::new(overview));
        Self { file, photo, overview, profile, segmented: None, reference: None, outline: None, finished_for: None }
    }

    /// Memory that it holds, in bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        let pixels = u64::from(self.photo.width()) * u64::from(self.photo.height());
        let of_picture = |picture: &ColorImage| picture.pixels.len() as u64 * BYTES_A_TEXEL;
        let layer = self.outline.as_ref().and_then(|outline| outline.layer.as_ref());
        let masks = u64::from(self.segmented.is_some()) + u64::from(self.reference.is_some());
        let overview = self.overview.pixels() as u64 * BYTES_A_TEXEL;
        pixels * (3 + masks) + overview + layer.map_or(0, |(_, layer)| of_picture(layer))
    }

    /// Memory that a photograph of this many pixels will hold, nearly: its pixels, two masks, and an overview.
    #[must_use]
    pub fn expected_bytes(pixels: u64) -> u64 {
        pixels * 5 + (pixels * 4 / 3).min(OVERVIEW_TEXELS) * BYTES_A_TEXEL
    }
}

const BYTES_A_TEXEL: u64 = 4;

/// Texels of the largest overview of a photograph of 4:3, with its smaller pictures.
const OVERVIEW_TEXELS: u64 = 2048 * 1536 * 4 / 3;

/// What a network made of a photograph.
#[derive(Clone, Debug)]
pub struct SegmentedPhoto {
    /// Which network, in which engine.
    pub network: NetworkChoice,
    pub segmentation: Arc<Segmentation>,
    /// Counts of the probabilities, in 64 equal steps from 0 to 1.
    pub histogram: Vec<u32>,
    /// Engines that `auto` passed over, and why.
    pub passed_over: Vec<Refusal>,
    /// The time of the run is among [`RunTimes`](super::network::RunTimes).
    pub is_timed: bool,
}

/// A reference mask that was read.
#[derive(Clone, Debug)]
pub struct ReferenceAhead {
    pub path: PathBuf,
    /// The version of its file.
    pub file: FileVersion,
    pub reference: Arc<Reference>,
    /// How it was read, where that is not plain.
    pub notes: Vec<MaskNote>,
}

/// The outline of the network's mask.
#[derive(Clone, Debug)]
pub struct ReadOutline {
    pub outlined: Arc<Derived>,
    /// What it was drawn of.
    pub of: OutlineParts,
    /// The layer of the view; outline and off need none.
    pub layer: Option<(OverlayView, ColorImage)>,
}

/// What decides what is found of a photograph before it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadAheadChoices {
    pub network: NetworkChoice,
    /// Probability from which a pixel counts as lesion.
    pub threshold: f32,
    pub view: OverlayView,
    pub reference: ReferenceChoice,
}

/// Which reference mask a photograph gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReferenceChoice {
    /// None: the person closed it, or there are none here.
    None,
    /// The one that lies beside it, if one does.
    Beside,
    /// The one that the person chose.
    File(PathBuf),
}

/// The photographs in memory, and the one that is being read.
#[derive(Clone, Debug, Default)]
pub struct ReadAhead {
    /// Memory that they may hold together, in bytes; with 0 nothing is read ahead.
    pub budget_bytes: u64,
    /// The person walks towards the beginning of the list.
    pub is_backward: bool,
    /// The photograph on the canvas, to be kept when it leaves.
    on_canvas: Option<ReadPhoto>,
    /// The outline of the photograph on the canvas, until its journal has been read.
    held_outline: Option<ReadOutline>,
    photos: Vec<Arc<ReadPhoto>>,
    /// The one that is being decoded.
    under_way: Option<PhotoSource>,
    /// Neighbours of the photograph on the canvas that cannot be read, or find no room.
    passed_over: Vec<PhotoSource>,
}

impl ReadAhead {
    /// The photograph of that source, where it is in memory.
    #[must_use]
    pub fn photo(&self, source: &PhotoSource) -> Option<&Arc<ReadPhoto>> {
        self.photos.iter().find(|read| read.photo.source == *source)
    }

    /// Whether it is being decoded, so that waiting for it is faster than decoding it once more.
    #[must_use]
    pub fn is_decoding(&self, source: &PhotoSource) -> bool {
        self.under_way.as_ref() == Some(source) && self.photo(source).is_none()
    }

    /// Whether it was tried in vain since the photograph on the canvas was chosen.
    #[must_use]
    pub fn is_passed_over(&self, source: &PhotoSource) -> bool {
        self.passed_over.contains(source)
    }

    /// The overviews of the photographs in memory, that of the one on the canvas among them.
    pub fn overviews(&self) -> impl Iterator<Item = &Arc<Overview>> {
        self.on_canvas.iter().chain(self.photos.iter().map(Arc::as_ref)).map(|read| &read.overview)
    }

    /// Memory that is held now, in bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.photos.iter().map(|read| read.bytes()).sum()
    }

    /// Memory that is left for the photograph at `source` when of all others only `nearer` stay.
    #[must_use]
    pub fn room_bytes(&self, source: &PhotoSource, nearer: &[PhotoSource]) -> u64 {
        let stays = |read: &&Arc<ReadPhoto>| read.photo.source != *source && nearer.contains(&read.photo.source);
        let taken: u64 = self.photos.iter().filter(stays).map(|read| read.bytes()).sum();
        self.budget_bytes.saturating_sub(taken)
    }

    /// Notes that it is being decoded.
    pub fn begin(&mut self, source: PhotoSource) {
        self.under_way = Some(source);
    }

    /// Nothing is being decoded any more.
    pub fn end(&mut self) {
        self.under_way = None;
    }

    /// The one that was being decoded ended in a fault of our own; it is not tried again from here.
    pub fn pass_over_what_is_under_way(&mut self) {
        self.passed_over.extend(self.under_way.take());
    }

    /// Notes that it cannot be read, or finds no room.
    pub fn pass_over(&mut self, source: PhotoSource) {
        self.under_way.take_if(|under_way| *under_way == source);
        self.passed_over.push(source);
    }

    /// Another photograph was chosen: what could not be read may have become readable, or find room.
    pub fn try_again(&mut self) {
        self.passed_over.clear();
    }

    /// Takes a photograph in, in place of what was known of it.
    pub fn put(&mut self, read: Arc<ReadPhoto>) {
        if self.budget_bytes > 0 {
            self.forget(&read.photo.source);
            self.photos.push(read);
        }
    }

    /// Notes the photograph that has come onto the canvas, where there is one; the one before stays in memory for the way
    /// back.
    pub fn change_canvas(&mut self, read: Option<ReadPhoto>) {
        if let Some(before) = self.on_canvas.take() {
            self.put(Arc::new(before));
        }
        if let Some(read) = &read {
            self.forget(&read.photo.source);
        }
        self.held_outline = None;
        // Whatever changes while it is shown is found again when it is a neighbour.
        let read = read.map(|read| ReadPhoto { finished_for: None, ..read });
        self.on_canvas = read.filter(|_| self.budget_bytes > 0);
    }

    /// Notes what the network made of the photograph on the canvas.
    pub fn note_segmented(&mut self, segmented: SegmentedPhoto) {
        if let Some(read) = &mut self.on_canvas {
            read.segmented = Some(segmented);
        }
    }

    /// Keeps the outline of the photograph on the canvas until it may be shown.
    pub fn hold_outline(&mut self, outline: ReadOutline) {
        self.held_outline = Some(outline);
    }

    /// Whether an outline waits.
    #[must_use]
    pub fn holds_outline(&self) -> bool {
        self.held_outline.is_some()
    }

    /// The outline that waits.
    pub fn release_outline(&mut self) -> Option<ReadOutline> {
        self.held_outline.take()
    }

    fn forget(&mut self, source: &PhotoSource) {
        self.photos.retain(|read| read.photo.source != *source);
    }

    /// Lets go of those that are not among `wanted`, and of the last of them until the others fit.
    pub fn keep_within_budget(&mut self, wanted: &[PhotoSource]) {
        let rank = |read: &Arc<ReadPhoto>| wanted.iter().position(|source| *source == read.photo.source);
        self.photos.retain(|read| rank(read).is_some());
        self.photos.sort_by_key(rank);
        while self.bytes() > self.budget_bytes
            && let Some(last) = self.photos.pop()
        {
            self.passed_over.push(last.photo.source.clone());
        }
    }

    /// Lets go of everything.
    pub fn clear(&mut self) {
        let Self { budget_bytes, is_backward, .. } = *self;
        *self = Self { budget_bytes, is_backward, ..Self::default() };
    }
}
