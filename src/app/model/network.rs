//! The network in use, and the engine that runs it once it has.

use std::sync::Arc;

use crate::inference::{EngineChoice, EngineInfo, Model, Refusal};

/// Which engine runs which network.
#[derive(Clone, Debug)]
pub struct NetworkChoice {
    pub model: Arc<Model>,
    /// The person's choice of engine.
    pub choice: EngineChoice,
}

impl PartialEq for NetworkChoice {
    /// The same network in memory, and the same choice.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.model, &other.model) && self.choice == other.choice
    }
}

/// The network in use, and the engine that runs it once it has.
#[derive(Clone, Debug)]
pub struct NetworkState {
    /// The networks to choose from.
    pub models: Vec<Arc<Model>>,
    /// Name of the recommended one, where there is one.
    pub recommended: Option<String>,
    /// The one in use.
    pub model: Arc<Model>,
    /// Name of the one that the person chose in the window, now or before; it is remembered. Without a choice each
    /// start takes what is recommended then.
    pub chosen: Option<String>,
    /// The person's choice of engine.
    pub choice: EngineChoice,
    /// The engine that ran last.
    pub engine: Option<EngineInfo>,
    /// Engines that were passed over, and why.
    pub passed_over: Vec<Refusal>,
}

impl NetworkState {
    /// The network of that name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Arc<Model>> {
        self.models.iter().find(|model| model.card.name == name)
    }

    /// The network and engine in use.
    #[must_use]
    pub fn in_use(&self) -> NetworkChoice {
        NetworkChoice { model: Arc::clone(&self.model), choice: self.choice }
    }
}
