//! What a person looks closer at: measures of the lesion, a second network, all networks. On a thread of its own, so
//! that it never holds up the photo or its outline.

mod results;
mod sides;
mod table;

use std::sync::{Arc, Weak};

use eframe::egui::ColorImage;

use self::results::NetworkResults;
pub use self::sides::{CompareRequest, SideRequest};
pub use self::table::TableRequest;
use super::drawing::mask_that_counts;
use crate::app::background::{Keyed, Outbox, Task};
use crate::app::model::agreement_table::AgreementRow;
use crate::app::model::compare::ComparedSide;
use crate::app::model::current::{Derived, Reference};
use crate::app::model::measure::{Measured, MeasuredVessels, SecondNetwork};
use crate::app::model::network::{NetworkChoice, TimedRun};
use crate::confidence::Confidence;
use crate::geometry::field_of_view;
use crate::inference::{LoadedNetworks, MaskMeaning, Model};
use crate::language::Words;
use crate::mask::Mask;
use crate::measure::agreement::Confusion;
use crate::measure::colours::ColourShares;
use crate::measure::lesion::Lesion;
use crate::measure::shape::Shape;
use crate::measure::surface_distances::SurfaceDistances;
use crate::measure::vessels::{self, VesselMeasures};
use crate::photo::Photo;
use crate::pipeline::Segmentation;
use crate::quality::CaptureQuality;

/// What the inspection is asked for.
pub enum InspectionRequest {
    Measure(MeasureRequest),
    /// Make both sides of a comparison.
    Compare(CompareRequest),
    /// Make the table of all networks.
    Table(TableRequest),
}

/// The kinds of requests: of each only the newest counts. What takes the shortest comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InspectionKind {
    /// Of [`InspectionRequest::Measure`].
    Measure,
    /// Of [`InspectionRequest::Compare`].
    Compare,
    /// Of [`InspectionRequest::Table`].
    Table,
}

impl Keyed for InspectionRequest {
    type Key = InspectionKind;

    fn key(&self) -> InspectionKind {
        match self {
            Self::Measure(_) => InspectionKind::Measure,
            Self::Compare(_) => InspectionKind::Compare,
            Self::Table(_) => InspectionKind::Table,
        }
    }
}

/// A lesion to measure.
#[derive(Clone)]
pub struct MeasureRequest {
    /// What is shown: outlines and threshold.
    pub of: Arc<Derived>,
    pub photo: Arc<Photo>,
    /// The network's result, where there is one.
    pub segmentation: Option<Arc<Segmentation>>,
    /// The network that it is of.
    pub model: Option<Arc<Model>>,
    /// The reference, where there is one.
    pub reference: Option<Arc<Reference>>,
    /// Colours too: they take longer than all else.
    pub with_colours: bool,
    /// The network that is asked too: only beside another network's outline.
    pub second: Option<NetworkChoice>,
    /// What the mask means.
    pub meaning: MaskMeaning,
}

/// What came of it.
pub enum InspectionOutcome {
    /// A lesion is measured.
    Measured(Arc<Measured>),
    /// A side of a comparison is there, or has failed.
    Side {
        /// 0 or 1.
        place: usize,
        /// Outlines and figures, and the layer of the view; or why not.
        result: Result<(Arc<ComparedSide>, Option<ColorImage>), Words>,
    },
    /// Dice between both sides.
    MutualDice(f64),
    /// The table's next row.
    Row(AgreementRow),
    /// A network has run, and took so long.
    Timed(TimedRun),
}

/// The task; it keeps the results of networks on photos.
pub struct Inspection {
    results: NetworkResults,
    /// Of the photo that was measured last, without a lesion: it does not change with the threshold.
    quality: Option<(Weak<Photo>, CaptureQuality)>,
}

impl Inspection {
    /// With the networks that are loaded in the whole window.
    #[must_use]
    pub fn new(networks: LoadedNetworks) -> Self {
        Self { results: NetworkResults::new(networks), quality: None }
    }

    fn quality_of(&mut self, photo: &Arc<Photo>) -> CaptureQuality {
        let known = self.quality.as_ref().filter(|(of, _)| of.as_ptr() == Arc::as_ptr(photo));
        let quality = known.map_or_else(|| CaptureQuality::of(photo), |(_, quality)| *quality);
        self.quality = Some((Arc::downgrade(photo), quality));
        quality
    }

    /// What the second network makes of the photo, where one is to be asked.
    fn ask_second(&mut self, request: &MeasureRequest) -> Option<SecondNetwork> {
        let (network, shown) = (request.second.as_ref()?, &request.of);
        let mask = mask_that_counts(request.segmentation.as_deref(), shown.edited.as_deref(), shown.threshold)?;
        let found = self.results.of(&request.photo, network);
        let agreement =
            found.map(|found| Confusion::of(&mask, &found.maker.mask(&found.map, found.threshold)).iou());
        Some(SecondNetwork { title: network.model.card.title.clone(), agreement })
    }

    fn tell_runs(&mut self, out: &Outbox<'_, InspectionOutcome>) {
        self.results.take_runs().into_iter().for_each(|run| out.send(InspectionOutcome::Timed(run)));
    }
}

impl Task for Inspection {
    type Request = InspectionRequest;
    type Outcome = InspectionOutcome;

    fn run(
        &mut self,
        request: InspectionRequest,
        out: &Outbox<'_, InspectionOutcome>,
    ) -> Option<InspectionRequest> {
        let mut left = None;
        match request {
            InspectionRequest::Measure(request) => {
                let quality = self.quality_of(&request.photo);
                if let Some(measured) = measure(&request, quality) {
                    let measured = Arc::new(measured);
                    out.send(InspectionOutcome::Measured(Arc::clone(&measured)));
                    let second = self.ask_second(&request);
                    second.into_iter().for_each(|second| {
                        let with_second = Measured { second: Some(second), ..(*measured).clone() };
                        out.send(InspectionOutcome::Measured(Arc::new(with_second)));
                    });
                }
            }
            InspectionRequest::Compare(request) => sides::compare(&mut self.results, &request, out),
            InspectionRequest::Table(mut request) => {
                let row = table::next_row(&mut self.results, &mut request);
                // Before the row: after the last one nothing more of the table is wanted.
                self.tell_runs(out);
                row.into_iter().for_each(|row| out.send(InspectionOutcome::Row(row)));
                left = (!request.is_done()).then_some(InspectionRequest::Table(request));
            }
        }
        self.tell_runs(out);
        left
    }

    fn recover(&mut self) {
        self.results.unload();
    }
}

/// The figures of the lesion that is shown; none where there is no mask.
fn measure(request: &MeasureRequest, quality: CaptureQuality) -> Option<Measured> {
    let shown = &request.of;
    let mask = mask_that_counts(request.segmentation.as_deref(), shown.edited.as_deref(), shown.threshold)?;
    if request.meaning.is_vessels() {
        return Some(of_vessels(request, &mask));
    }
    let lesion = Lesion::largest_of(&mask);
    let shape = lesion.as_ref().map(Shape::of);
    let colours = match (&lesion, &shape) {
        (Some(lesion), Some(shape)) if request.with_colours => {
            Some(ColourShares::of(&request.photo, lesion, shape))
        }
        _ => None,
    };
    let network = request.segmentation.as_ref().zip(request.model.as_ref()).filter(|_| shown.edited.is_none());
    let reference = request.reference.as_ref();
    Some(Measured {
        of: Arc::clone(shown),
        quality: quality.with_lesion(lesion.as_ref()),
        regions: lesion.map_or(0, |lesion| lesion.regions()),
        shape,
        has_colours: request.with_colours,
        colours,
        vessels: None,
        confidence: network
            .map(|(result, model)| Confidence::of(&result.probability, &model.card, shown.threshold)),
        second: None,
        distances: reference.map(|reference| SurfaceDistances::of(&mask, &reference.mask)),
    })
}

/// The figures of the vessels that are shown; without a network's result the field of view is searched here.
fn of_vessels(request: &MeasureRequest, mask: &Mask) -> Measured {
    let known = request.segmentation.as_ref().and_then(|result| result.field_of_view.clone());
    let field_of_view = known.unwrap_or_else(|| Arc::new(field_of_view::of(&request.photo)));
    let measures = VesselMeasures::of(mask, &field_of_view, None);
    let reference = request.reference.as_ref();
    let centre_line_dice = reference.map(|of| vessels::centre_line_dice(mask, &of.mask, &field_of_view));
    Measured {
        of: Arc::clone(&request.of),
        regions: measures.regions,
        shape: None,
        has_colours: false,
        colours: None,
        vessels: Some(MeasuredVessels { measures, centre_line_dice }),
        confidence: None,
        second: None,
        distances: None,
        quality: CaptureQuality::unchecked(),
    }
}
