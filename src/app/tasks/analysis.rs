//! The analysis: files to photographs, photographs to masks, masks to lines and layers. The network in use stays
//! loaded between photographs.

mod listing;
mod opening;
pub(super) mod outline;

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui::ColorImage;
use strum::VariantArray as _;

pub use self::listing::{ListRequest, Listing};
pub use self::opening::OpenRequest;
pub(super) use self::opening::{is_current, overview, read_photo};
use crate::app::background::{Keyed, Outbox, Task};
use crate::app::model::current::{Derived, OutlineParts, Reference, ReferenceFile};
use crate::app::model::network::NetworkChoice;
use crate::app::model::read_ahead::ReadPhoto;
use crate::decode::{DecodeError, MaskNote, ReferenceFrame, ReferenceMask};
use crate::geometry::contour;
use crate::inference::{Engine as _, EngineChoice, EngineKind, LoadedNetworks, Refusal};
use crate::language::Words;
use crate::measure::likely_meaning;
use crate::overlay::view::OverlayView;
use crate::photo::Photo;
use crate::pipeline::{EngineHere, Segmentation, TileProgress, segment_by};
use crate::sample;

/// Histogram bins under the threshold slider.
pub(super) const HISTOGRAM_BINS: usize = 64;

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
    Outline(OutlineParts),
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

/// A photo to segment.
#[derive(Clone)]
pub struct SegmentRequest {
    pub photo: Arc<Photo>,
    /// The network to run.
    pub network: NetworkChoice,
    /// What it says of the photo, where that is known and only the steps after it have changed.
    pub known: Option<Arc<Segmentation>>,
}

/// A reference mask to read.
#[derive(Clone, Debug)]
pub struct ReferenceRequest {
    /// Where it is read from.
    pub file: ReferenceFile,
    /// The frame of its photo.
    pub frame: ReferenceFrame,
}

/// What came of it.
pub enum AnalysisOutcome {
    /// Files and folders were looked through.
    Listed(Listing),
    /// The photo is in memory.
    PhotoReady {
        /// Its pixels, and what was found of it before it was asked for.
        read: Box<ReadPhoto>,
        /// The reference mask that lies beside it, where that was asked for.
        mask_beside: Option<PathBuf>,
    },
    /// The photo could not be opened; why, with the path last.
    PhotoFailed(Words),
    /// The network has run on one more tile of the photo.
    TileDone(TileProgress),
    /// The network has run.
    Segmented {
        segmentation: Arc<Segmentation>,
        /// Counts of the probabilities, in 64 equal steps from 0 to 1.
        histogram: Vec<u32>,
        /// Engines that `auto` passed over, and why.
        passed_over: Vec<Refusal>,
    },
    /// The steps after the network have made another mask of its map.
    Remasked(Arc<Segmentation>),
    /// The network failed.
    SegmentFailed {
        reason: Words,
        /// The fastest other engine that runs it on this photo, tried.
        working: Option<EngineKind>,
    },
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

    fn segment(
        &self,
        SegmentRequest { photo, network, known }: &SegmentRequest,
        out: &Outbox<'_, AnalysisOutcome>,
    ) -> AnalysisOutcome {
        if let Some(known) = known {
            let segmentation = Arc::new(known.with_steps_after(&network.steps.after, photo));
            return AnalysisOutcome::Remasked(segmentation);
        }
        match self.run_network(photo, network, out) {
            Ok((segmentation, passed_over)) => {
                let histogram = segmentation.probability.histogram(HISTOGRAM_BINS);
                AnalysisOutcome::Segmented { segmentation: Arc::new(segmentation), histogram, passed_over }
            }
            Err(FailedRun { reason, engine }) => {
                AnalysisOutcome::SegmentFailed { reason, working: self.working_engine(photo, network, engine, out) }
            }
        }
    }

    /// The fastest engine that runs the network on this photo, of those that have not just failed; none is tried once nobody
    /// waits for the answer.
    fn working_engine(
        &self,
        photo: &Photo,
        network: &NetworkChoice,
        failed: Option<EngineKind>,
        out: &Outbox<'_, AnalysisOutcome>,
    ) -> Option<EngineKind> {
        let has_failed = |kind: EngineKind| network.choice == EngineChoice::Only(kind) || failed == Some(kind);
        EngineKind::VARIANTS.iter().copied().filter(|kind| !has_failed(*kind)).find(|kind| {
            let network = NetworkChoice { choice: EngineChoice::Only(*kind), ..network.clone() };
            !out.is_stale() && self.run_network(photo, &network, out).is_ok()
        })
    }

    fn run_network(
        &self,
        photo: &Photo,
        network: &NetworkChoice,
        out: &Outbox<'_, AnalysisOutcome>,
    ) -> Result<(Segmentation, Vec<Refusal>), FailedRun> {
        let NetworkChoice { model, choice, .. } = network;
        let mut loaded = self
            .networks
            .take(model, *choice)
            .map_err(|error| FailedRun { reason: error.message(), engine: None })?;
        let engine = Some(loaded.info().kind);
        let mut on_tile = |progress| {
            if out.is_stale() {
                return ControlFlow::Break(());
            }
            out.send(AnalysisOutcome::TileDone(progress));
            ControlFlow::Continue(())
        };
        let mut here = EngineHere(&mut loaded);
        let segmentation = segment_by(photo, &model.card, &mut here, network.options(), &mut on_tile)
            .map_err(|error| FailedRun { reason: error.message(), engine })?;
        Ok((segmentation, loaded.passed_over().to_vec()))
    }
}

/// Why a network did not run, and in which engine; none where it was not even loaded.
struct FailedRun {
    reason: Words,
    engine: Option<EngineKind>,
}

impl Task for Analysis {
    type Request = AnalysisRequest;
    type Outcome = AnalysisOutcome;

    fn run(&mut self, request: AnalysisRequest, out: &Outbox<'_, AnalysisOutcome>) -> Option<AnalysisRequest> {
        match request {
            AnalysisRequest::List(request) => out.send(AnalysisOutcome::Listed(listing::of(&request))),
            AnalysisRequest::Open(request) => opening::open(&request, out),
            AnalysisRequest::Segment(request) => out.send(self.segment(&request, out)),
            AnalysisRequest::Reference(request) => out.send(reference(&request)),
            AnalysisRequest::Outline(parts) => {
                let drawn =
                    outline::of(&parts).map(|(outlined, layer)| AnalysisOutcome::Outlined { outlined, layer });
                drawn.into_iter().for_each(|drawn| out.send(drawn));
            }
        }
        None
    }

    fn recover(&mut self) {
        self.networks.clear();
    }
}

fn reference(ReferenceRequest { file, frame }: &ReferenceRequest) -> AnalysisOutcome {
    match read_reference(file, *frame) {
        Ok((reference, notes)) => AnalysisOutcome::ReferenceReady { reference: Arc::new(reference), notes },
        Err(error) => AnalysisOutcome::ReferenceFailed(error.message()),
    }
}

/// The reference mask of a photo of that frame, with its outlines.
pub(super) fn read_reference(
    file: &ReferenceFile,
    frame: ReferenceFrame,
) -> Result<(Reference, Vec<MaskNote>), DecodeError> {
    let (ReferenceMask { mask, notes }, name) = match file {
        ReferenceFile::File(path) => (ReferenceMask::read(path, frame)?, path.file_name()),
        ReferenceFile::BuiltIn(name) => {
            (ReferenceMask { mask: sample::mask_of(name, frame.size)?, notes: Vec::new() }, None)
        }
    };
    let name = name.map(|name| name.to_string_lossy().into_owned());
    let (outlines, likely) = (contour::of_mask(&mask), likely_meaning::of(&mask));
    Ok((Reference { mask, outlines, name, likely }, notes))
}
