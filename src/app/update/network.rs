//! Which network runs, on which engine.

use super::Update;
use super::effect::WindowEffect;
use crate::app::model::current::Phase;
use crate::app::model::notices::Severity;
use crate::inference::MaskMeaning;
use crate::steps::ImageSteps;
use crate::words;

impl Update<'_> {
    pub(super) fn open_network_menu(&mut self) {
        // The menu hangs in the bar, which must be there.
        self.state.panels.canvas_only = false;
        self.effects.push(WindowEffect::OpenNetworkMenu.into());
    }

    pub(super) fn use_model(&mut self, name: &str) {
        self.apply_model(name);
        if self.state.network.model.card.name == name {
            self.state.network.chosen = Some(name.to_owned());
        }
    }

    /// Runs the network of that name, where there is one.
    pub(super) fn apply_model(&mut self, name: &str) {
        if let Some(model) = self.state.network.named(name).cloned() {
            self.state.overlay.threshold = model.card.threshold;
            if model.card.meaning() != self.state.network.model.card.meaning() {
                // A lesion is not compared with vessels.
                let comparing = &mut self.state.comparing;
                (comparing.is_on, comparing.has_chosen_sides, comparing.table.is_open) = (false, false, false);
            }
            self.state.network.model = model;
            self.stop_looking_through();
            self.run_network();
        }
    }

    /// The network looks at each photograph eight times from now on, or once.
    pub(super) fn toggle_careful(&mut self) {
        self.state.network.is_careful ^= true;
        self.stop_looking_through();
        self.run_network();
    }

    /// The network looks again at small lesions from now on, or not; one that takes no second look is told.
    pub(super) fn toggle_second_look(&mut self) {
        let network = &self.state.network;
        if network.model.card.optional.second_look.is_none() {
            let title = network.model.card.title.clone();
            let words = match network.that_looks_again() {
                Some(other) => {
                    words!("second-look-missing-choose", title = title, other = other.card.title.clone())
                }
                None => words!("second-look-missing", title = title),
            };
            self.tell(Severity::Info, words);
            return;
        }
        self.state.network.takes_second_look ^= true;
        self.stop_looking_through();
        self.run_network();
    }

    /// A second network is asked too from now on, or not.
    pub(super) fn toggle_second(&mut self) {
        self.state.network.asks_second ^= true;
        self.stop_looking_through();
        if let Some(measured) = self.state.current.measured.clone() {
            self.note_doubt_on_canvas(&measured);
        }
    }

    /// Carries out `steps` from now on. Where those before the network stay, its map on the canvas does too.
    pub(super) fn use_steps(&mut self, steps: ImageSteps) {
        let keeps_map = matches!(self.state.current.phase, Phase::Done)
            || matches!(self.state.current.phase, Phase::Segmenting) && self.state.current.keeps_map;
        let keeps_map = keeps_map && self.state.network.steps.before == steps.before;
        self.state.network.steps = steps;
        self.run_network();
        self.state.current.keeps_map = keeps_map;
    }

    /// Changes to a network whose mask has this meaning, the smallest, unless the one in use is such; it is not remembered. A
    /// lesion's is the recommended one. False where there is none.
    pub(super) fn use_network_for(&mut self, meaning: MaskMeaning) -> bool {
        let network = &self.state.network;
        if network.model.card.meaning() == meaning {
            return true;
        }
        let of_meaning = network.models.iter().map(|model| &model.card).filter(|card| card.meaning() == meaning);
        let smallest = || of_meaning.min_by_key(|card| card.parameters).map(|card| card.name.clone());
        let recommended = network.recommended.clone().filter(|_| meaning == MaskMeaning::Lesion);
        let found = recommended.or_else(smallest);
        if let Some(name) = &found {
            self.apply_model(name);
        }
        found.is_some()
    }

    pub(super) fn retry(&mut self) {
        if self.state.current.photo.is_some() && !matches!(self.state.current.phase, Phase::FileFailed(_)) {
            self.run_network();
        } else {
            self.select(self.state.selected);
        }
    }

    /// Runs the network on the photo that is there; one that is still loading takes the new choice along.
    pub(super) fn run_network(&mut self) {
        if !matches!(self.state.current.phase, Phase::Loading) && self.state.current.photo.is_some() {
            self.state.network_requests += 1;
            self.state.current.phase = Phase::Segmenting;
            self.state.current.keeps_map = false;
            self.state.current.tiles = None;
        }
    }
}
