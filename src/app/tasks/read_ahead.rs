//! Photographs that nobody has asked for yet: the neighbours of the one on the canvas are decoded, segmented and outlined,
//! within the memory that is left. What fails here fails again, aloud, when the person gets there.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::analysis::{HISTOGRAM_BINS, is_current, outline, read_photo, read_reference};
use crate::app::background::{Keyed, Outbox, Task};
use crate::app::model::current::{OutlineParts, ReferenceFile};
use crate::app::model::network::NetworkChoice;
use crate::app::model::read_ahead::{
    ReadAheadChoices, ReadOutline, ReadPhoto, ReferenceAhead, ReferenceChoice, SegmentedPhoto,
};
use crate::decode::{self, ReferenceFrame};
use crate::files::FileVersion;
use crate::inference::{
    Engine as _, EngineError, InferenceError, InputForm, InputTensor, LoadedNetwork, LoadedNetworks, Refusal,
};
use crate::mask_names;
use crate::photo::{Photo, PhotoSource};
use crate::pipeline::{Inferred, NetworkRunner, segment_by};

/// The most that photographs read ahead may hold together: both neighbours at 24 megapixels, of 145 MB each.
const MOST_BYTES: u64 = 384 << 20;

/// The share of the free memory that they may hold together, and that decoding one of them may take.
const SHARE_OF_FREE: u64 = 8;

/// The budget where the system does not say how much is free: both neighbours at 12 megapixels, nearly.
const UNKNOWN_BYTES: u64 = 128 << 20;

/// Memory that photographs beside the one on the canvas may hold, in bytes: an eighth of what is `free`, at most 384 MiB.
#[must_use]
pub fn budget_bytes(free: Option<u64>) -> u64 {
    free.map_or(UNKNOWN_BYTES, |free| free / SHARE_OF_FREE).min(MOST_BYTES)
}

/// A photograph to read.
#[derive(Clone, Debug)]
pub struct ReadAheadRequest {
    pub source: PhotoSource,
    /// What is known of it; only what is missing is done.
    pub known: Option<Arc<ReadPhoto>>,
    /// Memory that it may hold, in bytes.
    pub room_bytes: u64,
    pub choices: ReadAheadChoices,
}

impl Keyed for ReadAheadRequest {
    type Key = ();

    /// One photograph at a time: the newest request replaces the one before.
    fn key(&self) {}
}

/// What came of it.
#[derive(Debug)]
pub enum ReadAheadOutcome {
    /// Its file is being read from now on.
    Begun(PhotoSource),
    /// It is decoded; and once more when all else is found.
    Read(Arc<ReadPhoto>),
    /// It cannot be read, or finds no room.
    PassedOver(PhotoSource),
}

/// The task.
pub struct ReadAheadTask {
    networks: LoadedNetworks,
    /// Says how much memory is free, in bytes.
    free_bytes: fn() -> Option<u64>,
}

impl ReadAheadTask {
    /// With the networks that are loaded in the whole window, and what says how much memory is free.
    #[must_use]
    pub fn new(networks: LoadedNetworks, free_bytes: fn() -> Option<u64>) -> Self {
        Self { networks, free_bytes }
    }

    fn fits(&self, request: &ReadAheadRequest) -> bool {
        let size = request.source.path().and_then(decode::size_in_header);
        let pixels = size.map(|[width, height]| u64::from(width) * u64::from(height));
        let free = (self.free_bytes)().map_or(u64::MAX, |free| free / SHARE_OF_FREE);
        pixels.is_some_and(|pixels| ReadPhoto::expected_bytes(pixels) <= request.room_bytes.min(free))
    }

    /// What is known of it, or else the photograph decoded. None where it cannot be had, or may just be written.
    fn photo(&self, request: &ReadAheadRequest, is_stale: impl Fn() -> bool) -> Option<ReadPhoto> {
        if let Some(known) = request.known.as_deref().filter(|known| is_current(known)) {
            return Some(known.clone());
        }
        if !self.fits(request) {
            return None;
        }
        let read = read_photo(&request.source, is_stale);
        read.inspect_err(|error| log::debug!("not read ahead: {error}")).ok().filter(|read| read.file.is_some())
    }
}

/// The network's result. Its engine is free for the photograph on the canvas while this one is prepared, and between two
/// tiles.
pub(super) fn segmented(
    networks: &LoadedNetworks,
    photo: &Photo,
    network: &NetworkChoice,
    is_stale: &dyn Fn() -> bool,
) -> Option<SegmentedPhoto> {
    let take = || networks.take(&network.model, network.choice);
    let form = take().ok()?.input_form();
    let mut between = TakenForOneRun { take, form, passed_over: Vec::new() };
    let mut go_on = |_| if is_stale() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
    let segmentation = segment_by(photo, &network.model.card, &mut between, network.options(), &mut go_on)
        .inspect_err(|error| log::debug!("not segmented ahead: {error}"))
        .ok()?;
    let histogram = segmentation.probability.histogram(HISTOGRAM_BINS);
    Some(SegmentedPhoto {
        network: network.clone(),
        segmentation: Arc::new(segmentation),
        histogram,
        passed_over: between.passed_over,
        is_timed: false,
    })
}

/// A network that is taken for one run and given back.
struct TakenForOneRun<F> {
    take: F,
    form: InputForm,
    passed_over: Vec<Refusal>,
}

impl<F: FnMut() -> Result<LoadedNetwork, EngineError>> NetworkRunner for TakenForOneRun<F> {
    fn input_form(&self) -> InputForm {
        self.form
    }

    fn run(&mut self, input: InputTensor) -> Result<Inferred, InferenceError> {
        // Why it could not be loaded is told when the photograph comes onto the canvas.
        let mut engine = (self.take)().map_err(|_| InferenceError::Cancelled)?;
        self.passed_over = engine.passed_over().to_vec();
        Inferred::by(&mut engine, &input)
    }
}

impl Task for ReadAheadTask {
    type Request = ReadAheadRequest;
    type Outcome = ReadAheadOutcome;

    fn run(&mut self, request: ReadAheadRequest, out: &Outbox<'_, ReadAheadOutcome>) -> Option<ReadAheadRequest> {
        out.send(ReadAheadOutcome::Begun(request.source.clone()));
        let Some(mut read) = self.photo(&request, || out.is_stale()) else {
            out.send(ReadAheadOutcome::PassedOver(request.source));
            return None;
        };
        // The person may get there before the rest is found.
        out.send(ReadAheadOutcome::Read(Arc::new(read.clone())));
        let ReadAheadChoices { network, .. } = &request.choices;
        if read.segmented.as_ref().is_none_or(|segmented| segmented.network != *network) && !out.is_stale() {
            read.segmented = segmented(&self.networks, &read.photo, network, &|| out.is_stale());
        }
        if !out.is_stale() {
            read.reference = reference(&read, &request.choices.reference);
        }
        if !out.is_stale() {
            read.outline = outlined(&read, &request.choices);
            read.finished_for = Some(request.choices);
            out.send(ReadAheadOutcome::Read(Arc::new(read)));
        }
        None
    }

    fn recover(&mut self) {
        self.networks.clear();
    }
}

/// The reference mask, as it is known or read from its file.
fn reference(read: &ReadPhoto, choice: &ReferenceChoice) -> Option<ReferenceAhead> {
    let path = match choice {
        ReferenceChoice::None => None,
        ReferenceChoice::Beside => read.photo.source.path().and_then(mask_names::mask_beside),
        ReferenceChoice::File(path) => Some(path.clone()),
    }?;
    let known = read.reference.as_ref().filter(|known| known.path == path && known.file.is_at(&path));
    if let Some(known) = known {
        return Some(known.clone());
    }
    let file = FileVersion::of(&path)?;
    let (reference, notes) =
        read_reference(&ReferenceFile::File(path.clone()), ReferenceFrame::of(&read.photo, false))
            .inspect_err(|error| log::debug!("not read ahead: {error}"))
            .ok()?;
    Some(ReferenceAhead { path, file, reference: Arc::new(reference), notes })
}

/// The outline of the network's mask, as it is known or drawn.
fn outlined(read: &ReadPhoto, choices: &ReadAheadChoices) -> Option<ReadOutline> {
    let segmented = read.segmented.as_ref()?;
    let of = OutlineParts {
        photo: Arc::clone(&read.photo),
        segmentation: Some(Arc::clone(&segmented.segmentation)),
        model: Some(Arc::clone(&segmented.network.model)),
        reference: read.reference.as_ref().map(|read| Arc::clone(&read.reference)),
        edited: None,
        threshold: choices.threshold,
        view: choices.view,
    };
    if let Some(known) = read.outline.as_ref().filter(|known| known.of.is_same(&of)) {
        return Some(known.clone());
    }
    let (outlined, layer) = outline::of(&of)?;
    Some(ReadOutline { outlined, of, layer })
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, sync_channel};

    use super::*;
    use crate::app::background::{Newest, Precedence, Report};
    use crate::inference::{EngineChoice, EngineOptions, Model};
    use crate::overlay::view::OverlayView;

    fn task(free_bytes: fn() -> Option<u64>) -> (Newest<ReadAheadTask>, Receiver<()>) {
        let (woken, wakes) = sync_channel(64);
        let make = move || ReadAheadTask::new(LoadedNetworks::new(EngineOptions::default(), 1), free_bytes);
        let wake = move || woken.send(()).unwrap_or_default();
        (Newest::start("read ahead alone", Precedence::SmallestKey, make, wake).unwrap(), wakes)
    }

    fn request(name: &str) -> ReadAheadRequest {
        let model = Arc::new(Model::built_in().unwrap());
        let network = NetworkChoice {
            model,
            choice: EngineChoice::Auto,
            is_careful: false,
            takes_second_look: false,
            steps: Arc::default(),
        };
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        ReadAheadRequest {
            source: PhotoSource::File(path),
            known: None,
            room_bytes: u64::MAX,
            choices: ReadAheadChoices {
                network,
                threshold: 0.5,
                view: OverlayView::Fill,
                reference: ReferenceChoice::Beside,
            },
        }
    }

    /// All that comes of a request.
    fn outcomes(request: ReadAheadRequest, free_bytes: fn() -> Option<u64>) -> Vec<ReadAheadOutcome> {
        let (work, wakes) = task(free_bytes);
        work.send(request);
        let mut outcomes = Vec::new();
        while !work.is_idle() {
            match work.poll() {
                Some(Report::Outcome(outcome)) => outcomes.push(outcome),
                Some(Report::Panicked) => panic!("a sound photograph"),
                None => wakes.recv().unwrap(),
            }
        }
        outcomes
    }

    #[test]
    fn a_photograph_is_there_decoded_before_the_rest_is_found() {
        let outcomes = outcomes(request("assets/sample/phantom2.jpg"), || None);
        let [ReadAheadOutcome::Begun(_), ReadAheadOutcome::Read(decoded), ReadAheadOutcome::Read(all)] =
            &outcomes[..]
        else {
            panic!("{outcomes:?}")
        };
        assert!(decoded.segmented.is_none() && decoded.outline.is_none() && decoded.finished_for.is_none());
        let outline = all.outline.as_ref().unwrap();
        assert!(all.segmented.is_some() && all.reference.is_some() && outline.outlined.agreement.is_some());
        assert!(outline.layer.is_some() && all.finished_for.is_some());
        let pixels = u64::from(all.photo.width()) * u64::from(all.photo.height());
        let layer = outline.layer.as_ref().map_or(0, |(_, layer)| layer.pixels.len() as u64 * 4);
        let (found, expected) = (all.bytes(), ReadPhoto::expected_bytes(pixels) + layer);
        assert!((expected - expected / 50..=expected).contains(&found), "{found} bytes, {expected} were expected");
    }

    #[test]
    fn what_is_no_photograph_or_finds_no_room_is_passed_over() {
        let small = ReadAheadRequest { room_bytes: 1 << 16, ..request("assets/sample/phantom2.jpg") };
        for (request, free) in [
            (request("Cargo.toml"), (|| None) as fn() -> Option<u64>),
            (request("assets/none.jpg"), || None),
            (request("assets"), || None),
            (small, || None),
            (request("assets/sample/phantom2.jpg"), || Some(1 << 20)),
        ] {
            let outcomes = outcomes(request, free);
            assert!(
                matches!(outcomes[..], [ReadAheadOutcome::Begun(_), ReadAheadOutcome::PassedOver(_)]),
                "{outcomes:?}"
            );
        }
    }

    #[test]
    fn the_budget_is_a_share_of_what_is_free_and_has_a_bound() {
        assert_eq!(budget_bytes(Some(800 << 20)), 100 << 20);
        assert_eq!(budget_bytes(Some(1 << 40)), MOST_BYTES);
        assert_eq!(budget_bytes(None), UNKNOWN_BYTES);
    }
}
