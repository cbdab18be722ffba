//! The analysis: files to photographs, photographs to masks, masks to lines and layers. The network in use stays
//! loaded between photographs.

mod listing;
mod outline;

use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui::ColorImage;

pub use self::listing::{ListRequest, Listing};
pub use self::outline::OutlineRequest;
use crate::app::background::{Keyed, Outbox, Task};
use crate::app::model::current::{Derived, Reference};
use crate::app::model::network::NetworkChoice;
use crate::decode::{self, DecodeError, MaskNote, PhotoFrame, ReferenceMask};
use crate::display::Profile;
use crate::geometry::contour;
use crate::inference::{LoadedNetworks, Refusal, preprocess};
use crate::language::Words;
use crate::overlay::render;
use crate::overlay::view::OverlayView;
use crate::photo::{Photo, PhotoSource};
use crate::pipeline::{SegmentOptions, Segmentation, segment};
use crate::{mask_names, sample};

/// Longest side of the photo's overview picture, in pixels; closer looks are drawn from tiles of the photo itself.
const OVERVIEW_MAX_SIDE: usize = 2048;

/// Histogram bins under the threshold slider.
const HISTOGRAM_BINS: usize = 64;

/// What the analysis is asked for.
pub enum AnalysisRequest {
    /// Look through files and folders.
    List(ListRequest),
    Open(OpenRequest),
    /// Run a network on it.
    Segment(SegmentRequest),
    /// Read a reference mask.
    Reference(ReferenceRequest),
    /// Draw lines and layer, and count pixels.
    Outline(OutlineRequest),
}

/// The kinds of requests: of each only the newest counts. What the person waits for first comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AnalysisKind {
    /// Of [`AnalysisRequest::List`].
    List,
    /// Of [`AnalysisRequest::Open`].
    Open,
    /// Of [`AnalysisRequest::Segment`].
    Segment,
    /// Of [`AnalysisRequest::Reference`].
    Reference,
    /// Of [`AnalysisRequest::Outline`].
    Outline,
}

impl Keyed for AnalysisRequest {
    type Key = AnalysisKind;

    fn key(&self) -> AnalysisKind {
        match self {
            Self::List(_) => AnalysisKind::List,
            Self::Open(_) => AnalysisKind::Open,
            Self::Segment(_) => AnalysisKind::Segment,
            Self::Reference(_) => AnalysisKind::Reference,
            Self::Outline(_) => AnalysisKind::Outline,
        }
    }
}

/// A photo to decode.
#[derive(Clone, Debug)]
pub struct OpenRequest {
    pub source: PhotoSource,
    /// A reference mask beside it is looked for.
    pub finds_reference: bool,
}

/// A photo to segment.
#[derive(Clone)]
pub struct SegmentRequest {
    pub photo: Arc<Photo>,
    /// The network to run.
    pub network: NetworkChoice,
}

/// A reference mask to read.
#[derive(Clone, Debug)]
pub struct ReferenceRequest {
    /// The mask's file; `None` is the built-in sample's.
    pub path: Option<PathBuf>,
    /// The frame of its photo.
    pub frame: PhotoFrame,
}

/// What came of it.
pub enum AnalysisOutcome {
    /// Files and folders were looked through.
    Listed(Listing),
    /// The photo is decoded.
    PhotoReady {
        /// Its pixels.
        photo: Arc<Photo>,
        /// A picture of it in the screen's colours, at most 2048 pixels a side.
        overview: ColorImage,
        /// How its colours are meant.
        profile: Profile,
        /// The reference mask that lies beside it, where that was asked for.
        mask_beside: Option<PathBuf>,
    },
    /// The photo could not be opened; why, with the path last.
    PhotoFailed(Words),
    /// The network has run.
    Segmented {
        segmentation: Arc<Segmentation>,
        /// Counts of the probabilities, in 64 equal steps from 0 to 1.
        histogram: Vec<u32>,
        /// Engines that `auto` passed over, and why.
        passed_over: Vec<Refusal>,
    },
    /// The network failed; why.
    SegmentFailed(Words),
    /// The reference is read.
    ReferenceReady {
        reference: Arc<Reference>,
        /// How it was read, where that is not plain.
        notes: Vec<MaskNote>,
    },
    /// The reference could not be read; why, with the path last.
    ReferenceFailed(Words),
    /// Lines, figures and layer are there.
    Outlined {
        outlined: Arc<Derived>,
        /// The layer of the view that was asked for; outline and off need none.
        layer: Option<(OverlayView, ColorImage)>,
    },
}

/// The task; the network in use stays loaded between photographs.
pub struct Analysis {
    networks: LoadedNetworks,
}

impl Analysis {
    /// With the networks that are loaded in the whole window.
    #[must_use]
    pub fn new(networks: LoadedNetworks) -> Self {
        Self { networks }
    }

    fn segment(&self, SegmentRequest { photo, network }: &SegmentRequest) -> AnalysisOutcome {
        match self.run_network(photo, network) {
            Ok((segmentation, passed_over)) => {
                let histogram = segmentation.probability.histogram(HISTOGRAM_BINS);
                AnalysisOutcome::Segmented { segmentation: Arc::new(segmentation), histogram, passed_over }
            }
            Err(error) => AnalysisOutcome::SegmentFailed(error),
        }
    }

    fn run_network(&self, photo: &Photo, network: &NetworkChoice) -> Result<(Segmentation, Vec<Refusal>), Words> {
        let NetworkChoice { model, choice } = network;
        let mut loaded = self.networks.take(model, *choice).map_err(|error| error.message())?;
        let segmentation =
            segment(photo, &model.card, &mut loaded, SegmentOptions::default()).map_err(|error| error.message())?;
        Ok((segmentation, loaded.passed_over().to_vec()))
    }
}

impl Task for Analysis {
    type Request = AnalysisRequest;
    type Outcome = AnalysisOutcome;

    fn run(&mut self, request: AnalysisRequest, out: &Outbox<'_, AnalysisOutcome>) -> Option<AnalysisRequest> {
        match request {
            AnalysisRequest::List(request) => out.send(AnalysisOutcome::Listed(listing::of(&request))),
            AnalysisRequest::Open(request) => open(&request, out),
            AnalysisRequest::Segment(request) => out.send(self.segment(&request)),
            AnalysisRequest::Reference(request) => out.send(reference(&request)),
            AnalysisRequest::Outline(request) => outline::of(&request).into_iter().for_each(|made| out.send(made)),
        }
        None
    }

    fn recover(&mut self) {
        self.networks.clear();
    }
}

fn open(request: &OpenRequest, out: &Outbox<'_, AnalysisOutcome>) {
    match read(&request.source) {
        // Somebody who walks fast through photographs waits for no picture of those between.
        Ok(_) if out.is_stale() => {}
        Ok(photo) => {
            let profile = Profile::of(&photo.profile);
            let overview = overview(&photo, &profile);
            let path = request.source.path().filter(|_| request.finds_reference);
            let mask_beside = path.and_then(mask_names::mask_beside);
            out.send(AnalysisOutcome::PhotoReady { photo: Arc::new(photo), overview, profile, mask_beside });
        }
        Err(error) => out.send(AnalysisOutcome::PhotoFailed(error.message())),
    }
}

fn read(source: &PhotoSource) -> Result<Photo, DecodeError> {
    match source {
        PhotoSource::File(path) => decode::photo_file(path),
        PhotoSource::BuiltIn(name) => sample::named(name),
    }
}

/// The photo as a picture of at most [`OVERVIEW_MAX_SIDE`] a side, reduced with antialiasing, in the screen's colours.
fn overview(photo: &Photo, profile: &Profile) -> ColorImage {
    let size = render::layer_size(photo.size(), OVERVIEW_MAX_SIDE);
    let mut rgb = if size == photo.size().map(|side| side as usize) {
        photo.rgb().to_vec()
    } else {
        preprocess::squash(photo, size[0] as u32, size[1] as u32)
    };
    if let Some(to_srgb) = profile.to_srgb() {
        to_srgb.apply(&mut rgb);
    }
    ColorImage::from_rgb(size, &rgb)
}

fn reference(ReferenceRequest { path, frame }: &ReferenceRequest) -> AnalysisOutcome {
    let (read, name) = match path {
        Some(path) => {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            (ReferenceMask::read(path, *frame), name)
        }
        None => (sample::mask(frame.size).map(|mask| ReferenceMask { mask, notes: Vec::new() }), None),
    };
    match read {
        Ok(ReferenceMask { mask, notes }) => {
            let outlines = contour::of_mask(&mask);
            AnalysisOutcome::ReferenceReady { reference: Arc::new(Reference { mask, outlines, name }), notes }
        }
        Err(error) => AnalysisOutcome::ReferenceFailed(error.message()),
    }
}
