//! The network in use, and the engine that runs it once it has.

use std::sync::Arc;

use crate::inference::{EngineChoice, EngineInfo, EngineKind, Model, Refusal};
use crate::pipeline::SegmentOptions;
use crate::steps::ImageSteps;

/// Which engine runs which network.
#[derive(Clone, Debug)]
pub struct NetworkChoice {
    pub model: Arc<Model>,
    /// The person's choice of engine.
    pub choice: EngineChoice,
    /// It looks at the photo eight times: turned and mirrored too.
    pub is_careful: bool,
    /// It looks again at a small lesion.
    pub takes_second_look: bool,
    /// What is done before and after it.
    pub steps: Arc<ImageSteps>,
}

impl PartialEq for NetworkChoice {
    /// The same network in memory, and the same choices and steps.
    fn eq(&self, other: &Self) -> bool {
        let choices = |choice: &Self| (choice.choice, choice.is_careful, choice.takes_second_look);
        Arc::ptr_eq(&self.model, &other.model) && choices(self) == choices(other) && self.steps == other.steps
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
    /// The steps before and after the network that the person has turned on.
    pub steps: ImageSteps,
    /// The network looks at each photo eight times: turned and mirrored too.
    pub is_careful: bool,
    /// Networks whose cards say when and where look again at a small lesion.
    pub takes_second_look: bool,
    /// Another network is asked too, and how far both agree is shown.
    pub asks_second: bool,
    /// The engine that ran last.
    pub engine: Option<EngineInfo>,
    /// Engines that were passed over, and why.
    pub passed_over: Vec<Refusal>,
    /// How long networks took on this computer since the window was opened.
    pub times: RunTimes,
    /// After a run that failed: the fastest other engine that runs this network on this photo.
    pub working: Option<EngineKind>,
}

impl NetworkChoice {
    /// What the network is asked for, at its own threshold.
    #[must_use]
    pub fn options(&self) -> SegmentOptions<'_> {
        SegmentOptions {
            is_careful: self.is_careful,
            takes_second_look: self.takes_second_look,
            steps: &self.steps,
            ..SegmentOptions::default()
        }
    }
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
        self.choice_of(&self.model)
    }

    /// Another network in the engine in use, with the steps and the looks that it can take.
    #[must_use]
    pub fn choice_of(&self, model: &Arc<Model>) -> NetworkChoice {
        let steps = self.steps.that_work(model.card.optional.tiling.is_some());
        NetworkChoice {
            model: Arc::clone(model),
            choice: self.choice,
            is_careful: self.is_careful,
            takes_second_look: self.takes_second_look && model.card.optional.second_look.is_some(),
            steps: Arc::new(steps),
        }
    }

    /// The networks as they are chosen from: those for one kind of photograph together, of these the recommended one, then
    /// the most accurate first.
    #[must_use]
    pub fn in_order(&self) -> Vec<Arc<Model>> {
        let mut models = self.models.clone();
        models.sort_by(|one, other| other.card.facts.mean_dice().total_cmp(&one.card.facts.mean_dice()));
        models.sort_by_key(|model| (model.card.subject, self.recommended.as_ref() != Some(&model.card.name)));
        models
    }

    /// The networks whose masks mean what the mask of the one in use does: only with them it is compared.
    pub fn comparable(&self) -> impl Iterator<Item = &Arc<Model>> {
        let meaning = self.model.card.meaning();
        self.models.iter().filter(move |model| model.card.meaning() == meaning)
    }

    /// The most accurate network that looks again at small lesions.
    #[must_use]
    pub fn that_looks_again(&self) -> Option<&Arc<Model>> {
        let looking = self.models.iter().filter(|model| model.card.optional.second_look.is_some());
        looking.max_by(|one, other| one.card.facts.mean_dice().total_cmp(&other.card.facts.mean_dice()))
    }

    /// The network that is asked besides the one in use: the most accurate of the others. None without another.
    #[must_use]
    pub fn second(&self) -> Option<&Arc<Model>> {
        let others = self.comparable().filter(|model| model.card.name != self.model.card.name);
        others.max_by(|one, other| one.card.facts.mean_dice().total_cmp(&other.card.facts.mean_dice()))
    }

    /// The same with what runs it, where it is to be asked.
    #[must_use]
    pub fn second_to_ask(&self) -> Option<NetworkChoice> {
        self.second().filter(|_| self.asks_second).map(|model| self.choice_of(model))
    }

    /// Milliseconds of the network of that name in the engine that ran last, as measured on this computer; `None` where
    /// it has not run yet.
    #[must_use]
    pub fn millis_here(&self, name: &str) -> Option<f64> {
        self.times.median(name, self.engine.as_ref()?.kind)
    }
}

/// One run of a network on this computer.
#[derive(Clone, Debug, PartialEq)]
pub struct TimedRun {
    /// The network's name.
    pub network: String,
    pub engine: EngineKind,
    /// The network alone, without reading and preparing the photo.
    pub millis: f64,
}

/// The most runs of a network that count, the newest: a computer that was busy for a while is not judged by it for long.
const MOST_RUNS: usize = 15;

/// How long networks took on this computer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunTimes(Vec<TimedRun>);

impl RunTimes {
    /// Counts a run.
    pub fn add(&mut self, run: TimedRun) {
        let is_same = |known: &TimedRun| known.network == run.network && known.engine == run.engine;
        if self.0.iter().filter(|known| is_same(known)).count() >= MOST_RUNS
            && let Some(oldest) = self.0.iter().position(is_same)
        {
            self.0.remove(oldest);
        }
        self.0.push(run);
    }

    /// The median of a network's runs in an engine, in milliseconds.
    #[must_use]
    pub fn median(&self, network: &str, engine: EngineKind) -> Option<f64> {
        let runs = self.0.iter().filter(|run| run.network == network && run.engine == engine);
        let mut millis: Vec<f64> = runs.map(|run| run.millis).collect();
        millis.sort_by(f64::total_cmp);
        let middle = millis.len() / 2;
        match millis.len() {
            0 => None,
            count if count % 2 == 1 => Some(millis[middle]),
            _ => Some(f64::midpoint(millis[middle - 1], millis[middle])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(network: &str, engine: EngineKind, millis: f64) -> TimedRun {
        TimedRun { network: network.to_owned(), engine, millis }
    }

    #[test]
    fn a_network_is_timed_by_the_median_of_its_last_runs_in_one_engine() {
        let mut times = RunTimes::default();
        assert_eq!(times.median("a", EngineKind::Rten), None);
        for millis in [9.0, 1.0, 3.0] {
            times.add(run("a", EngineKind::Rten, millis));
        }
        times.add(run("a", EngineKind::Ort, 100.0));
        times.add(run("b", EngineKind::Rten, 200.0));
        assert_eq!(times.median("a", EngineKind::Rten), Some(3.0));
        times.add(run("a", EngineKind::Rten, 5.0));
        assert_eq!(times.median("a", EngineKind::Rten), Some(4.0));
        for _ in 0..MOST_RUNS {
            times.add(run("a", EngineKind::Rten, 7.0));
        }
        assert_eq!(times.median("a", EngineKind::Rten), Some(7.0));
        assert_eq!(times.median("a", EngineKind::Ort), Some(100.0));
    }
}
