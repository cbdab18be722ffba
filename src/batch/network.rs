//! From names on the command line to a network in an engine.

use std::path::PathBuf;
use std::sync::Arc;

use super::UsageError;
use super::console::one_line;
use crate::inference::{
    Engine, EngineChoice, EngineError, EngineOptions, LoadedNetwork, LoadedNetworks, Model, ModelLibrary,
};
use crate::steps::ImageSteps;

/// The network and the engine, and where both are looked for.
#[derive(Clone, Debug, Default)]
pub struct NetworkOptions {
    /// A folder with more networks.
    pub models: Option<PathBuf>,
    /// The network's name; the recommended one without, or the built-in one where none is recommended.
    pub model: Option<String>,
    /// The engine.
    pub engine: EngineChoice,
    /// Photographs that a batch works on at once; without, as many as cores and free memory allow.
    pub concurrency: Option<usize>,
    /// Where engines look for their libraries.
    pub libraries: EngineOptions,
}

/// A network ready to run.
pub(super) struct Network {
    pub(super) model: Arc<Model>,
    pub(super) engine: LoadedNetwork,
    /// Whether `engine` has one thread of the processor, as each of a batch's engines has, and is one of them.
    pub(super) is_for_batch: bool,
    /// More engines of it for the threads of a batch; they stay loaded once they are.
    pub(super) workers: Vec<Box<dyn Engine>>,
}

impl Network {
    pub(super) fn new(model: Arc<Model>, engine: LoadedNetwork) -> Self {
        Self { model, engine, is_for_batch: false, workers: Vec::new() }
    }

    /// Checks that the steps work with it, before anything is read or written.
    ///
    /// # Errors
    /// [`UsageError`] where one does not.
    pub(super) fn check_steps(&self, steps: &ImageSteps) -> Result<(), UsageError> {
        let is_tiled = self.model.card.optional.tiling.is_some();
        steps.check_tiles(is_tiled).map_err(|error| UsageError::new(error.to_string()))
    }
}

impl NetworkOptions {
    /// The available networks.
    ///
    /// # Errors
    /// [`UsageError`] when `models` is not a folder.
    pub fn library(&self) -> Result<ModelLibrary, UsageError> {
        self.check_folder().map(|()| ModelLibrary::discover(self.models.as_deref()))
    }

    fn check_folder(&self) -> Result<(), UsageError> {
        let folder = self.models.as_ref().filter(|folder| !folder.is_dir());
        folder.map_or(Ok(()), |folder| {
            Err(UsageError::new(format!("--models expects a folder with networks: {}", folder.display())))
        })
    }

    /// The network of these options.
    pub(super) fn find(&self) -> Result<Arc<Model>, UsageError> {
        self.check_folder()?;
        ModelLibrary::find_among(self.models.as_deref(), self.model.as_deref()).map_err(UsageError::new)
    }

    /// The network of these options, loaded into its engine, for that many photographs.
    pub(super) fn open_for(&self, photographs: usize) -> Result<Network, UsageError> {
        self.opened(photographs > 1 && self.concurrency != Some(1))
    }

    /// The network of these options, loaded into an engine that takes all cores for one photograph.
    pub(super) fn open(&self) -> Result<Network, UsageError> {
        self.opened(false)
    }

    fn opened(&self, is_for_batch: bool) -> Result<Network, UsageError> {
        let model = self.find()?;
        let networks = LoadedNetworks::new(EngineOptions { one_thread: is_for_batch, ..self.libraries.clone() }, 1);
        let engine = networks.take(&model, self.engine).map_err(|error| refused(&error, &model))?;
        for other in engine.passed_over().iter() {
            // Whoever names a library wants to know that it is not used; whoever does not can ask `doctor`.
            let wanted = self.libraries.names_library_of(other.kind);
            let level = if wanted { log::Level::Warn } else { log::Level::Info };
            log::log!(level, "{} is not used: {}", other.kind.title(), other.error);
        }
        log::info!("{} runs on {}", model.card.title, engine.info());
        Ok(Network { is_for_batch, ..Network::new(model, engine) })
    }
}

/// Why an engine did not take the network; where the network's file is at fault, its place comes last.
fn refused(error: &EngineError, model: &Model) -> UsageError {
    match error {
        EngineError::NotFound { .. } | EngineError::Unusable { .. } | EngineError::Npu(_) => {
            UsageError::new(error.to_string())
        }
        EngineError::Load { .. } | EngineError::Shape { .. } | EngineError::None { .. } => {
            UsageError::new(format!("{}: {}", one_line(&error.to_string()), model.origin))
        }
    }
}
