//! Which photograph is read before anybody asks for it: the one that the person walks towards, then the one behind.

use std::sync::Arc;

use super::{IdentityPart, WantedRequest};
use crate::app::model::current::Phase;
use crate::app::model::read_ahead::{ReadAheadChoices, ReferenceChoice};
use crate::app::model::state::{PhotoEntry, State};
use crate::app::tasks::read_ahead::ReadAheadRequest;
use crate::app::update::Capabilities;
use crate::photo::PhotoSource;

/// None where nothing is missing, or nothing more finds room.
pub(super) fn of(state: &State, capabilities: Capabilities) -> Option<WantedRequest<ReadAheadRequest>> {
    let ahead = &state.read_ahead;
    if ahead.budget_bytes == 0 {
        return None;
    }
    // One that is being decoded and is now asked for is brought to its end; it is shown from there.
    let selected = state
        .selected_entry()
        .filter(|entry| matches!(state.current.phase, Phase::Loading) && ahead.is_decoding(&entry.source));
    let mut nearer: Vec<PhotoSource> = Vec::new();
    for place in selected.map(|_| state.selected).into_iter().chain(state.neighbours()) {
        let Some(PhotoEntry { source, .. }) = state.entries.get(place) else { continue };
        let choices = choices(state, source, capabilities);
        let known = ahead.photo(source);
        let is_finished = known.is_some_and(|known| known.finished_for.as_ref() == Some(&choices));
        if !is_finished && !ahead.is_passed_over(source) {
            let room_bytes = ahead.room_bytes(source, &nearer);
            let request = ReadAheadRequest { source: source.clone(), known: known.cloned(), room_bytes, choices };
            return Some(WantedRequest { identity: identity(state, place, &request.choices), request });
        }
        nearer.push(source.clone());
    }
    None
}

fn choices(state: &State, source: &PhotoSource, capabilities: Capabilities) -> ReadAheadChoices {
    let path = source.path().filter(|_| capabilities.references);
    let chosen = path.and_then(|path| state.chosen_references.get(path));
    let is_refused = path.is_some_and(|path| state.refused_references.iter().any(|refused| refused == path));
    let reference = match (path, chosen) {
        (_, Some(chosen)) => ReferenceChoice::File(chosen.clone()),
        (Some(_), None) if !is_refused => ReferenceChoice::Beside,
        _ => ReferenceChoice::None,
    };
    ReadAheadChoices {
        network: state.network.in_use(),
        threshold: state.overlay.threshold,
        view: state.overlay.view,
        reference,
    }
}

fn identity(state: &State, place: usize, choices: &ReadAheadChoices) -> Vec<IdentityPart> {
    let reference = match choices.reference {
        ReferenceChoice::None => 0,
        ReferenceChoice::Beside => 1,
        ReferenceChoice::File(_) => 2,
    };
    vec![
        IdentityPart::Count(state.reviewing.list),
        IdentityPart::Count(place as u64),
        (&choices.network.model).into(),
        IdentityPart::Engine(choices.network.choice),
        IdentityPart::Steps(Arc::clone(&choices.network.steps)),
        IdentityPart::Count(choices.network.is_careful.into()),
        IdentityPart::Count(choices.network.takes_second_look.into()),
        IdentityPart::Share(choices.threshold),
        IdentityPart::Count(choices.view as u64),
        IdentityPart::Count(reference),
    ]
}
