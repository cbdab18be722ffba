//! The state that a window begins with: of the command line, of what is remembered, and of the networks at hand.

use std::collections::HashMap;
use std::sync::Arc;

use super::model::compare::{Comparing, SideChoice};
use super::model::correction::Correction;
use super::model::current::Current;
use super::model::display::{Display, HiddenParts};
use super::model::editing::Editing;
use super::model::filmstrip::Filmstrip;
use super::model::geometry::ViewTransform;
use super::model::list_order::DoubtQueue;
use super::model::live::Live;
use super::model::measure::Measuring;
use super::model::network::{NetworkState, RunTimes};
use super::model::notices::Notices;
use super::model::preferences::Preferences;
use super::model::read_ahead::ReadAhead;
use super::model::report_fields::ReportFields;
use super::model::review::Reviewing;
use super::model::state::{Dialog, Overlay, Panels, State};
use super::settings::Settings;
use crate::display::Tone;
use crate::inference::{EngineChoice, Model, ModelLibrary};
use crate::startup::StartupOptions;

/// The network and the engine to begin with: the command line's, else the remembered ones, else the recommended or
/// built-in network in the fastest engine.
///
/// # Errors
/// When the command line names a network that is not there. One that is remembered but gone is passed over.
pub(super) fn first_network(
    library: &ModelLibrary,
    settings: &Settings,
    options: &StartupOptions,
) -> anyhow::Result<NetworkState> {
    let remembered = || settings.model.as_deref().and_then(|name| library.find(Some(name)).ok());
    let model = match (&options.model, remembered()) {
        (None, Some(model)) => model,
        (name, _) => library.find(name.as_deref()).map_err(anyhow::Error::msg)?,
    };
    let choice = match (options.engine, settings.engine) {
        (EngineChoice::Auto, Some(kind)) => EngineChoice::Only(kind),
        (choice, _) => choice,
    };
    Ok(NetworkState {
        models: library.models().to_vec(),
        recommended: library.recommended().map(|model| model.card.name.clone()),
        model,
        chosen: settings.model.clone(),
        choice,
        steps: settings.steps.clone(),
        is_careful: false,
        takes_second_look: false,
        asks_second: false,
        engine: None,
        passed_over: Vec::new(),
        times: RunTimes::default(),
        working: None,
    })
}

/// The comparison as it was left. Sides with a network that is gone are forgotten.
fn remembered_comparison(settings: &Settings, models: &[Arc<Model>]) -> Comparing {
    let is_known = |choice: &SideChoice| match choice {
        SideChoice::Model(name) => models.iter().any(|model| model.card.name == *name),
        SideChoice::Photo | SideChoice::Reference | SideChoice::Corrected => true,
    };
    let sides = settings.compare_sides.clone().filter(|sides| sides.iter().all(is_known));
    let has_chosen_sides = sides.is_some();
    let sides = sides.unwrap_or([SideChoice::Photo, SideChoice::Photo]);
    let (layout, blink_seconds) = (settings.compare_layout, settings.blink_seconds);
    Comparing { layout, blink_seconds, sides, has_chosen_sides, ..Comparing::default() }
}

/// The state of a window that has just been opened.
pub(super) fn first_state(settings: &Settings, options: &StartupOptions, network: NetworkState) -> State {
    let comparing = remembered_comparison(settings, &network.models);
    let display = Display {
        tone: Tone::default(),
        hidden: HiddenParts::default(),
        keeps_tone: settings.keeps_tone,
        can_adjust: true,
    };
    State {
        entries: Vec::new(),
        selected: 0,
        current: Current::default(),
        shown: None,
        read_ahead: ReadAhead::default(),
        view_transform: ViewTransform::Fit,
        filmstrip: Filmstrip::default(),
        pointed_pixel: None,
        graphics: None,
        geometry: None,
        open_requests: 0,
        network_requests: 0,
        overlay: Overlay {
            view: options.view.unwrap_or(settings.view),
            threshold: network.model.card.threshold,
            opacity: settings.opacity,
            shows_network_outline: settings.network_outline,
        },
        correction: Correction::default(),
        editing: Editing::default(),
        panels: Panels { filmstrip: settings.filmstrip, side: settings.side_panel, canvas_only: false },
        sections: settings.sections.clone(),
        dialog: Dialog::None,
        report_fields: ReportFields::default(),
        network,
        reviewing: Reviewing::by(&settings.reviewer),
        queue: DoubtQueue::default(),
        measuring: Measuring::default(),
        comparing,
        live: Live { source: options.live.clone(), ..Live::default() },
        preferences: Preferences {
            remembers_session: settings.remember_session,
            system_language: options.system_language,
            ..Preferences::default()
        },
        // As it was left, but never in a tone that nobody sees being set.
        display,
        saved: None,
        asking: None,
        is_sample_explained: false,
        notices: Notices::default(),
        home: options.home.clone(),
        recent: settings.recent.clone(),
        theme: options.theme.unwrap_or(settings.theme),
        language: options.language.or(settings.language).unwrap_or(options.system_language),
        chosen_language: settings.language,
        chosen_references: HashMap::new(),
        refused_references: Vec::new(),
        first_reference: None,
    }
}
