//! Which network runs, on which engine.

use super::Update;
use super::effect::WindowEffect;
use crate::app::model::current::Phase;

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
            self.state.network.model = model;
            self.stop_looking_through();
            self.run_network();
        }
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
            self.state.current.tiles = None;
        }
    }
}
