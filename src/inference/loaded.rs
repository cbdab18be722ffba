//! [`LoadedNetworks`]: the loaded networks, one engine for each network and choice of engine in the whole program. A
//! user takes one, runs it, and returns it by dropping it.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::engine::{Engine, MakeWorker, NetworkOutput};
use super::engine_kind::{EngineChoice, EngineInfo};
use super::engines::{self, OpenedEngine};
use super::error::{EngineError, InferenceError, PassedOver};
use super::model::Model;
use super::npu_placement::NpuPlacement;
use super::options::EngineOptions;
use super::preprocess::{InputForm, InputTensor};

/// Which network, by name and file, in which engine.
#[derive(Clone, Debug, PartialEq, Eq)]
struct NetworkKey {
    name: String,
    sha256: String,
    choice: EngineChoice,
}

impl NetworkKey {
    fn of(model: &Model, choice: EngineChoice) -> Self {
        let sha256 = model.card.onnx().map(|onnx| onnx.sha256.clone()).unwrap_or_default();
        Self { name: model.card.name.clone(), sha256, choice }
    }
}

/// One network in its engine.
struct LoadedEngine {
    engine: Box<dyn Engine>,
    passed_over: Arc<[PassedOver]>,
}

#[derive(Default)]
struct Pool {
    /// The one that was returned last is last.
    idle: Vec<(NetworkKey, LoadedEngine)>,
    /// Those that are being run or loaded.
    taken: Vec<NetworkKey>,
}

/// [`engines::open`], but in tests.
pub(crate) type Open =
    Box<dyn Fn(EngineChoice, &Model, &EngineOptions) -> Result<OpenedEngine, EngineError> + Send + Sync>;

struct Shared {
    open: Open,
    options: EngineOptions,
    most: usize,
    pool: Mutex<Pool>,
    given_back: Condvar,
}

/// The networks that are loaded. Clones are the same ones, for other threads.
#[derive(Clone)]
pub struct LoadedNetworks(Arc<Shared>);

impl LoadedNetworks {
    /// Loads nothing yet. At most `most` networks stay loaded; one more replaces the one that was returned longest ago.
    #[must_use]
    pub fn new(options: EngineOptions, most: usize) -> Self {
        Self::opened_by(Box::new(engines::open), options, most)
    }

    /// As [`Self::new`], with engines of the caller's own.
    pub(crate) fn opened_by(open: Open, options: EngineOptions, most: usize) -> Self {
        Self(Arc::new(Shared { open, options, most, pool: Mutex::default(), given_back: Condvar::new() }))
    }

    /// The network of `model` in the engine of `choice`, loaded if necessary. Waits while another thread has it, so a
    /// thread must not take a network that it already has.
    ///
    /// # Errors
    /// [`EngineError`] when no engine can load it.
    pub fn take(&self, model: &Model, choice: EngineChoice) -> Result<LoadedNetwork, EngineError> {
        let key = NetworkKey::of(model, choice);
        let mut pool = self.0.lock();
        while pool.taken.contains(&key) {
            pool = self.0.given_back.wait(pool).unwrap_or_else(PoisonError::into_inner);
        }
        pool.taken.push(key.clone());
        let found = pool.idle.iter().position(|(known, _)| *known == key).map(|place| pool.idle.remove(place).1);
        // Returned at once if loading fails or panics.
        let mut network = LoadedNetwork { shared: Arc::clone(&self.0), key, loaded: found, is_broken: false };
        if network.loaded.is_none() {
            // The old one is dropped before the new one is loaded: an NPU has little memory.
            let excess = (pool.idle.len() + pool.taken.len()).saturating_sub(self.0.most).min(pool.idle.len());
            let gone: Vec<_> = pool.idle.drain(..excess).collect();
            drop(pool);
            drop(gone);
            let opened = (self.0.open)(choice, model, &self.0.options)?;
            network.loaded = Some(LoadedEngine { engine: opened.engine, passed_over: opened.passed_over.into() });
        }
        Ok(network)
    }

    /// What they are opened with.
    pub(crate) fn options(&self) -> &EngineOptions {
        &self.0.options
    }

    /// Unloads networks that nobody is running.
    pub fn clear(&self) {
        let gone = std::mem::take(&mut self.0.lock().idle);
        drop(gone);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A loaded network that nobody else is running. It is an [`Engine`]; dropping it returns it, or unloads it after a run
/// that failed or panicked, because it may be in any state: the next user gets a fresh one.
pub struct LoadedNetwork {
    shared: Arc<Shared>,
    key: NetworkKey,
    /// `None` only until it is loaded.
    loaded: Option<LoadedEngine>,
    is_broken: bool,
}

impl LoadedNetwork {
    /// Engines that `auto` would have preferred, with the reason why not.
    #[must_use]
    pub fn passed_over(&self) -> Arc<[PassedOver]> {
        Arc::clone(&self.loaded().passed_over)
    }

    fn loaded(&self) -> &LoadedEngine {
        self.loaded.as_ref().expect("it is handed out only when it is loaded")
    }

    fn engine_mut(&mut self) -> &mut dyn Engine {
        self.loaded.as_mut().expect("it is handed out only when it is loaded").engine.as_mut()
    }
}

impl Engine for LoadedNetwork {
    fn info(&self) -> &EngineInfo {
        self.loaded().engine.info()
    }

    fn infer(&mut self, input: &InputTensor) -> Result<NetworkOutput, InferenceError> {
        // Stays so if the library panics.
        self.is_broken = true;
        let output = self.engine_mut().infer(input)?;
        self.is_broken = false;
        Ok(output)
    }

    fn input_form(&self) -> InputForm {
        self.loaded().engine.input_form()
    }

    fn device_millis(&self) -> Option<f64> {
        self.loaded().engine.device_millis()
    }

    fn npu_placement(&self) -> Option<NpuPlacement> {
        self.loaded().engine.npu_placement()
    }

    fn for_worker(&mut self, worker: u32) -> Option<MakeWorker> {
        self.engine_mut().for_worker(worker)
    }
}

impl Drop for LoadedNetwork {
    fn drop(&mut self) {
        if self.is_broken {
            // The next one may be loaded only after this one is dropped.
            self.loaded = None;
        }
        let mut pool = self.shared.lock();
        pool.idle.extend(self.loaded.take().map(|loaded| (self.key.clone(), loaded)));
        pool.taken.retain(|key| *key != self.key);
        let excess = pool.idle.len().saturating_sub(self.shared.most);
        let gone: Vec<_> = pool.idle.drain(..excess).collect();
        drop(pool);
        drop(gone);
        self.shared.given_back.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::inference::EngineKind;
    use crate::photo::{Photo, PhotoSource};

    /// Fails, panics or succeeds by the pixel that it is given: 1, 2 or any other.
    struct Fake(EngineInfo);

    impl Engine for Fake {
        fn info(&self) -> &EngineInfo {
            &self.0
        }

        fn infer(&mut self, input: &InputTensor) -> Result<NetworkOutput, InferenceError> {
            match input.rgb()[0] {
                1 => Err(InferenceError::Panicked { engine: "fake" }),
                2 => panic!("as a library may"),
                _ => NetworkOutput::new("fake", 1, 1, vec![0.0]),
            }
        }
    }

    /// How many engines were opened, and the networks that count them.
    fn counted(most: usize) -> (Arc<AtomicUsize>, LoadedNetworks, [Model; 2]) {
        let opened = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&opened);
        let open: Open = Box::new(move |_, _, _| {
            count.fetch_add(1, Ordering::Relaxed);
            let info = EngineInfo { kind: EngineKind::Rten, version: "fake".to_owned() };
            Ok(OpenedEngine { engine: Box::new(Fake(info)), passed_over: Vec::new() })
        });
        let one = Model::built_in().expect("the built-in network is sound");
        let mut other = one.clone();
        other.card.name = "other".to_owned();
        (opened, LoadedNetworks::opened_by(open, EngineOptions::default(), most), [one, other])
    }

    fn input(model: &Model, value: u8) -> InputTensor {
        let [width, height] = [model.card.input.width, model.card.input.height];
        let photo = Photo::from_rgb(
            width as u32,
            height as u32,
            vec![value; width * height * 3],
            PhotoSource::BuiltIn("grey"),
        );
        super::super::preprocess::prepare(&photo, &model.card, InputForm::Pixels)
    }

    #[test]
    fn a_network_is_loaded_once_and_the_oldest_makes_room() {
        let (opened, networks, [one, other]) = counted(1);
        let take = |model| drop(networks.take(model, EngineChoice::Auto).expect("it loads"));
        take(&one);
        take(&one);
        assert_eq!(opened.load(Ordering::Relaxed), 1, "the second time it stands there");
        take(&other);
        take(&one);
        assert_eq!(opened.load(Ordering::Relaxed), 3, "one stays loaded, not two");
        networks.clear();
        take(&one);
        assert_eq!(opened.load(Ordering::Relaxed), 4);
    }

    #[test]
    fn an_engine_that_failed_or_panicked_is_not_given_out_again() {
        let (opened, networks, [model, _]) = counted(2);
        for (value, loaded) in [(0, 1), (1, 1), (2, 2), (0, 3), (0, 3)] {
            let mut network = networks.take(&model, EngineChoice::Auto).expect("it loads");
            let input = input(&model, value);
            let run = std::panic::AssertUnwindSafe(|| network.infer(&input).is_ok());
            assert_eq!(std::panic::catch_unwind(run).unwrap_or(false), value == 0);
            assert_eq!(opened.load(Ordering::Relaxed), loaded, "at value {value}");
        }
    }

    #[test]
    fn two_threads_take_turns_with_one_engine() {
        let (opened, networks, [model, _]) = counted(1);
        let first = networks.take(&model, EngineChoice::Auto).expect("it loads");
        std::thread::scope(|scope| {
            let second = scope.spawn(|| networks.take(&model, EngineChoice::Auto).is_ok());
            drop(first);
            assert!(second.join().expect("it ends"));
        });
        assert_eq!(opened.load(Ordering::Relaxed), 1);
    }
}
