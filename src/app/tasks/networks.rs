//! Networks for the tasks: which one in which engine, and those that stay loaded.

use std::collections::VecDeque;

use crate::app::model::network::NetworkChoice;
use crate::inference::{self, Engine, EngineChoice, EngineOptions, Refusal};
use crate::language::Words;
use crate::words;

/// A network by its file, in an engine.
#[derive(Clone, PartialEq)]
pub(super) struct NetworkKey {
    name: String,
    sha256: String,
    choice: EngineChoice,
}

impl NetworkKey {
    pub(super) fn of(network: &NetworkChoice) -> Self {
        let card = &network.model.card;
        let sha256 = card.onnx().map(|onnx| onnx.sha256.clone()).unwrap_or_default();
        Self { name: card.name.clone(), sha256, choice: network.choice }
    }
}

/// A network that is loaded.
pub(super) struct LoadedNetwork {
    key: NetworkKey,
    pub(super) engine: Box<dyn Engine>,
    /// Engines that `auto` passed over, and why.
    pub(super) passed_over: Vec<Refusal>,
}

/// The networks that stay loaded, those used last.
pub(super) struct LoadedNetworks {
    options: EngineOptions,
    most: usize,
    /// Used longest ago first.
    networks: VecDeque<LoadedNetwork>,
}

impl LoadedNetworks {
    /// None yet; `most` may stay.
    pub(super) fn new(options: EngineOptions, most: usize) -> Self {
        Self { options, most, networks: VecDeque::new() }
    }

    /// The network, loaded now unless it was before.
    pub(super) fn load(&mut self, network: &NetworkChoice) -> Result<&mut LoadedNetwork, Words> {
        let key = NetworkKey::of(network);
        if let Some(place) = self.networks.iter().position(|loaded| loaded.key == key) {
            let used = self.networks.remove(place);
            self.networks.extend(used);
        } else {
            // Before the next is opened: memory, and the places of an NPU, are few.
            while self.networks.len() >= self.most {
                self.networks.pop_front();
            }
            let opened =
                inference::open(network.choice, &network.model, &self.options).map_err(|error| error.message())?;
            let (engine, passed_over) = (opened.engine, opened.passed_over);
            self.networks.push_back(LoadedNetwork { key, engine, passed_over });
        }
        self.networks.back_mut().ok_or_else(|| words!("no-engine"))
    }

    /// Lets go of a network: one that failed may be in any state.
    pub(super) fn forget(&mut self, network: &NetworkChoice) {
        let key = NetworkKey::of(network);
        self.networks.retain(|loaded| loaded.key != key);
    }

    /// Lets go of all.
    pub(super) fn clear(&mut self) {
        self.networks.clear();
    }
}
