//! What background work the state wants now, in one function. The session asks for the difference to what it asked
//! before, so that nothing is asked for twice and nothing that is no longer wanted ever lands.

mod read_ahead;

use std::sync::Arc;

use crate::app::model::compare::SideChoice;
use crate::app::model::current::{OutlineParts, Phase};
use crate::app::model::state::State;
use crate::app::tasks::analysis::{OpenRequest, ReferenceRequest, SegmentRequest};
use crate::app::tasks::inspection::{CompareRequest, MeasureRequest, SideRequest, TableRequest};
use crate::app::tasks::look_through::LookThroughRequest;
use crate::app::tasks::read_ahead::ReadAheadRequest;
use crate::app::update::Capabilities;
use crate::decode::ReferenceFrame;
use crate::inference::EngineChoice;
use crate::language::Words;
use crate::steps::ImageSteps;
use crate::words;

/// A request, and what tells it from another of its kind. Pointers are of what the request holds, so that none is
/// given out twice meanwhile.
#[derive(Clone)]
pub(super) struct WantedRequest<R> {
    pub(super) identity: Vec<IdentityPart>,
    pub(super) request: R,
}

/// A part of what a request is made of.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum IdentityPart {
    /// How often something was asked for, or a choice by its place.
    Count(u64),
    /// The very same thing in memory.
    Thing(usize),
    Share(f32),
    Engine(EngineChoice),
    Steps(Arc<ImageSteps>),
    Failure(Words),
    Nothing,
}

impl<T> From<Option<&Arc<T>>> for IdentityPart {
    fn from(thing: Option<&Arc<T>>) -> Self {
        thing.map_or(Self::Nothing, |thing| Self::Thing(Arc::as_ptr(thing).cast::<()>() as usize))
    }
}

impl<T> From<&Arc<T>> for IdentityPart {
    fn from(thing: &Arc<T>) -> Self {
        Some(thing).into()
    }
}

/// What the state wants of each kind; none where nothing is to be done.
#[derive(Clone, Default)]
pub(super) struct Wanted {
    pub(super) open: Option<WantedRequest<OpenRequest>>,
    pub(super) segment: Option<WantedRequest<SegmentRequest>>,
    pub(super) reference: Option<WantedRequest<ReferenceRequest>>,
    pub(super) outline: Option<WantedRequest<OutlineParts>>,
    pub(super) measure: Option<WantedRequest<MeasureRequest>>,
    pub(super) comparison: Option<WantedRequest<CompareRequest>>,
    pub(super) table: Option<WantedRequest<TableRequest>>,
    pub(super) read_ahead: Option<WantedRequest<ReadAheadRequest>>,
    pub(super) look_through: Option<WantedRequest<LookThroughRequest>>,
    /// What the sides of the comparison show.
    sides: Option<[SideChoice; 2]>,
}

impl Wanted {
    /// What `state` wants of a session with these capabilities.
    pub(super) fn of(state: &State, capabilities: Capabilities) -> Self {
        let mut wanted = Self {
            open: open(state, capabilities),
            segment: segment(state),
            reference: reference(state),
            outline: outline(state),
            read_ahead: read_ahead::of(state, capabilities),
            ..Self::default()
        };
        if capabilities.comparison {
            wanted.measure = measure(state);
            wanted.comparison = comparison(state);
            wanted.table = table(state);
            wanted.look_through = look_through(state);
            wanted.sides = state.comparing.is_on.then(|| state.comparing.sides.clone());
        }
        wanted
    }

    /// Whether nothing is wanted that was not asked for, and the other way round.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        fn is_one<R>(one: &Option<WantedRequest<R>>, other: &Option<WantedRequest<R>>) -> bool {
            one.as_ref().map(|wish| &wish.identity) == other.as_ref().map(|wish| &wish.identity)
        }
        is_one(&self.open, &other.open)
            && is_one(&self.segment, &other.segment)
            && is_one(&self.reference, &other.reference)
            && is_one(&self.outline, &other.outline)
            && is_one(&self.measure, &other.measure)
            && is_one(&self.comparison, &other.comparison)
            && is_one(&self.table, &other.table)
            && is_one(&self.read_ahead, &other.read_ahead)
            && is_one(&self.look_through, &other.look_through)
    }

    /// Leaves out a photograph to open that was not `asked` for yet.
    pub(super) fn hold_open(&mut self, asked: &Self) {
        self.open = self.open.take().filter(|wish| super::is_same(asked.open.as_ref(), wish));
    }

    /// Which sides of the comparison are about the same as in `before`, so that what they show may stay.
    pub(super) fn keeps(&self, before: &Self) -> [bool; 2] {
        let (Some(now), Some(then)) = (&self.comparison, &before.comparison) else { return [false; 2] };
        let (Some(sides), Some(sides_then)) = (&self.sides, &before.sides) else { return [false; 2] };
        let is_same_photo = Arc::ptr_eq(&now.request.photo, &then.request.photo);
        [0, 1].map(|place| is_same_photo && sides[place] == sides_then[place])
    }
}

fn open(state: &State, capabilities: Capabilities) -> Option<WantedRequest<OpenRequest>> {
    let entry = state.selected_entry().filter(|_| matches!(state.current.phase, Phase::Loading))?;
    let ahead = &state.read_ahead;
    if ahead.is_decoding(&entry.source) {
        return None;
    }
    let (source, known) = (entry.source.clone(), ahead.photo(&entry.source).cloned());
    let request = OpenRequest { source, finds_reference: capabilities.references, known };
    Some(WantedRequest { identity: vec![IdentityPart::Count(state.open_requests)], request })
}

fn segment(state: &State) -> Option<WantedRequest<SegmentRequest>> {
    let photo = state.current.photo.as_ref().filter(|_| matches!(state.current.phase, Phase::Segmenting))?;
    let known = state.current.segmentation.clone().filter(|_| state.current.keeps_map);
    let request = SegmentRequest { photo: Arc::clone(photo), network: state.network.in_use(), known };
    Some(WantedRequest { identity: vec![photo.into(), IdentityPart::Count(state.network_requests)], request })
}

fn reference(state: &State) -> Option<WantedRequest<ReferenceRequest>> {
    let photo = state.current.photo.as_ref()?;
    let (count, file) = state.current.wanted_reference.as_ref()?;
    let request = ReferenceRequest { file: file.clone(), frame: ReferenceFrame::of(photo, false) };
    Some(WantedRequest { identity: vec![photo.into(), IdentityPart::Count((*count).into())], request })
}

fn outline(state: &State) -> Option<WantedRequest<OutlineParts>> {
    let request = state.outline_parts()?;
    if state.current.known_outline.as_ref().is_some_and(|known| known.is_same(&request)) {
        return None;
    }
    let identity = vec![
        request.segmentation.as_ref().into(),
        request.reference.as_ref().into(),
        request.edited.as_ref().into(),
        IdentityPart::Share(request.threshold),
        IdentityPart::Count(request.view as u64),
    ];
    Some(WantedRequest { identity, request })
}

/// Figures of the shown outline, when they are in sight and not there yet.
fn measure(state: &State) -> Option<WantedRequest<MeasureRequest>> {
    let State { current, measuring, panels, .. } = state;
    let with_colours = measuring.shows_abcd && !state.meaning().is_vessels();
    let is_wanted = measuring.shows_diameters || with_colours || panels.shows_side();
    let (photo, of) = (current.photo.as_ref()?, current.derived.as_ref()?);
    let is_networks = of.edited.is_none() && current.segmentation.is_some() && !state.meaning().is_vessels();
    let second = state.network.second_to_ask().filter(|_| is_networks);
    let is_there = current.fresh_measures().is_some_and(|measured| {
        (measured.has_colours || !with_colours) && (measured.second.is_some() || second.is_none())
    });
    let request = MeasureRequest {
        of: Arc::clone(of),
        photo: Arc::clone(photo),
        segmentation: current.segmentation.clone(),
        model: state.segmented_by().cloned(),
        reference: current.reference.clone(),
        with_colours,
        second,
        meaning: state.meaning(),
    };
    let second = request.second.as_ref().map(|second| &second.model);
    let identity = vec![of.into(), IdentityPart::Count(with_colours.into()), second.into()];
    (is_wanted && !is_there).then_some(WantedRequest { identity, request })
}

fn comparison(state: &State) -> Option<WantedRequest<CompareRequest>> {
    let photo = state.current.photo.clone().filter(|_| state.comparing.is_on)?;
    let sides = [0, 1].map(|place| side(state, &state.comparing.sides[place]));
    let reference = state.current.reference.clone();
    let view = state.overlay.view;
    let mut identity = vec![(&photo).into(), reference.as_ref().into(), IdentityPart::Count(view as u64)];
    for side in &sides {
        identity.extend(parts_of(side));
    }
    let field_of_view = state.current.segmentation.as_ref().and_then(|result| result.field_of_view.clone());
    Some(WantedRequest { identity, request: CompareRequest { photo, sides, reference, view, field_of_view } })
}

fn side(state: &State, choice: &SideChoice) -> SideRequest {
    let State { current, network, .. } = state;
    match choice {
        SideChoice::Photo => SideRequest::Photo,
        SideChoice::Reference => current.reference.clone().map_or(SideRequest::Waiting, SideRequest::Reference),
        SideChoice::Corrected => match &current.edited {
            Some(edited) => SideRequest::Corrected(Arc::clone(&edited.mask)),
            None => SideRequest::Waiting,
        },
        SideChoice::Model(name) if *name == network.model.card.name => {
            match (&current.segmentation, &current.derived, &current.phase) {
                (_, _, Phase::NetworkFailed(words)) => SideRequest::Failed(words.clone()),
                (Some(segmentation), Some(derived), _) => {
                    SideRequest::Shown { segmentation: Arc::clone(segmentation), threshold: derived.threshold }
                }
                _ => SideRequest::Waiting,
            }
        }
        SideChoice::Model(name) => match network.named(name) {
            Some(model) => SideRequest::Model(network.choice_of(model)),
            None => SideRequest::Failed(words!("compare-no-model", name = name.as_str())),
        },
    }
}

fn parts_of(side: &SideRequest) -> Vec<IdentityPart> {
    match side {
        SideRequest::Photo => vec![IdentityPart::Count(0)],
        SideRequest::Waiting => vec![IdentityPart::Nothing],
        SideRequest::Failed(words) => vec![IdentityPart::Failure(words.clone())],
        SideRequest::Shown { segmentation, threshold } => {
            vec![segmentation.into(), IdentityPart::Share(*threshold)]
        }
        SideRequest::Model(network) => {
            let steps = IdentityPart::Steps(Arc::clone(&network.steps));
            vec![(&network.model).into(), IdentityPart::Engine(network.choice), steps]
        }
        SideRequest::Reference(reference) => vec![reference.into()],
        SideRequest::Corrected(mask) => vec![mask.into()],
    }
}

/// The next photograph of the list to look at in the background, once the person has asked for that.
fn look_through(state: &State) -> Option<WantedRequest<LookThroughRequest>> {
    if !state.queue.is_looking_through {
        return None;
    }
    let place = state.next_to_look_at()?;
    let source = state.entries.get(place)?.source.clone();
    let (network, second) = (state.network.in_use(), state.network.second_to_ask());
    let identity = vec![
        IdentityPart::Count(state.reviewing.list),
        IdentityPart::Count(place as u64),
        (&network.model).into(),
        IdentityPart::Engine(network.choice),
        IdentityPart::Count(network.is_careful.into()),
        IdentityPart::Count(network.takes_second_look.into()),
        IdentityPart::Steps(Arc::clone(&network.steps)),
        second.as_ref().map(|second| &second.model).into(),
    ];
    Some(WantedRequest { identity, request: LookThroughRequest { source, network, second } })
}

fn table(state: &State) -> Option<WantedRequest<TableRequest>> {
    let table = &state.comparing.table;
    let photo = state.current.photo.clone().filter(|_| table.expected.is_some())?;
    let network = &state.network;
    let networks = network.comparable().map(|model| network.choice_of(model));
    let State { current, .. } = state;
    let corrected = current.edited.as_ref().map(|edited| Arc::clone(&edited.mask));
    let request = TableRequest::new(photo, current.reference.clone(), corrected, networks.collect());
    Some(WantedRequest { identity: vec![IdentityPart::Count(table.run)], request })
}
