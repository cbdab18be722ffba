//! One person at photographs: the model, the background work, and what connects them. The window and the kiosk each
//! have one. What a kiosk may not do is a capability that its session does not get: the threads for it are not there.

mod live;
mod look_through;
mod reading_ahead;
mod wanted;

use std::path::PathBuf;

use self::live::LiveWorks;
use self::wanted::{Wanted, WantedRequest};
use super::background::{InOrder, Keyed, Newest, Precedence, Report, Task};
use super::command::Command;
use super::model::geometry::Geometry;
use super::model::notices::Severity;
use super::model::restore_point::RestorePoint;
use super::model::state::State;
use super::tasks::analysis::{Analysis, AnalysisKind, AnalysisRequest};
use super::tasks::files::{FileRequest, FileWriter, SettingsRequest};
use super::tasks::inspection::{Inspection, InspectionKind, InspectionRequest};
use super::tasks::journal::JournalTask;
use super::tasks::live::CameraAccess;
use super::tasks::look_through::LookThroughTask;
use super::tasks::read_ahead::ReadAheadTask;
use super::tasks::records::RecordsTask;
use super::update::effect::{Effect, WindowEffect};
use super::update::{Capabilities, Update};
use crate::free_memory::free_bytes;
use crate::inference::{EngineOptions, LoadedNetworks};
use crate::language::Words;
use crate::words;

/// Requests that may wait for a slow disk before the person is told that nothing more can be kept.
const MOST_WRITES: usize = 1024;

/// Networks that stay loaded for the whole session: the one in use, and those of both sides of a comparison.
const MOST_NETWORKS: usize = 3;

/// The model and its background work.
pub struct PhotoSession {
    state: State,
    capabilities: Capabilities,
    data: Option<PathBuf>,
    analysis: Newest<Analysis>,
    inspection: Option<Newest<Inspection>>,
    records: Option<InOrder<RecordsTask>>,
    journal: Option<InOrder<JournalTask>>,
    files: Option<InOrder<FileWriter>>,
    read_ahead: Option<Newest<ReadAheadTask>>,
    look_through: Option<Newest<LookThroughTask>>,
    live: LiveWorks,
    /// What was asked of the background last.
    asked: Wanted,
    /// No further photograph is opened for now.
    holds_opening: bool,
}

impl PhotoSession {
    /// Starts the threads that `capabilities` need. `libraries` says where engines look for theirs, `data` is the data
    /// directory, and `wake` is called after each outcome.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(
        state: State,
        capabilities: Capabilities,
        libraries: &EngineOptions,
        data: Option<PathBuf>,
        wake: impl Fn() + Clone + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        let Capabilities { records, corrections, comparison, reading_ahead, .. } = capabilities;
        let networks = LoadedNetworks::new(libraries.clone(), MOST_NETWORKS);
        let (of_analysis, of_read_ahead) = (networks.clone(), networks.clone());
        let make = move || Analysis::new(of_analysis);
        let analysis = Newest::start("analysis", Precedence::SmallestKey, make, wake.clone())?;
        let of_look_through = networks.clone();
        let live = LiveWorks::new(networks.clone(), wake.clone());
        let make = move || Inspection::new(networks);
        let inspection = comparison
            .then(|| Newest::start("inspection", Precedence::SmallestKey, make, wake.clone()))
            .transpose()?;
        let folder = data.clone();
        let make = move || RecordsTask::new(folder);
        let records =
            records.then(|| InOrder::start("records writer", MOST_WRITES, make, wake.clone())).transpose()?;
        let journal = corrections
            .then(|| InOrder::start("journal writer", MOST_WRITES, JournalTask::default, wake.clone()))
            .transpose()?;
        let files = (capabilities != Capabilities::NONE)
            .then(|| InOrder::start("file writer", MOST_WRITES, FileWriter::default, wake.clone()))
            .transpose()?;
        let first = state.network.in_use();
        let make = move || {
            // While the first photograph is decoded, which takes as long. What fails is said when it is asked for.
            drop(of_read_ahead.take(&first.model, first.choice));
            ReadAheadTask::new(of_read_ahead, free_bytes)
        };
        let read_ahead = reading_ahead
            .then(|| Newest::start("read ahead", Precedence::SmallestKey, make, wake.clone()))
            .transpose()?;
        let make = move || LookThroughTask::new(of_look_through);
        let look_through =
            comparison.then(|| Newest::start("look through", Precedence::SmallestKey, make, wake)).transpose()?;
        let asked = Wanted::default();
        let mut session = Self {
            state,
            capabilities,
            data,
            analysis,
            inspection,
            records,
            journal,
            files,
            read_ahead,
            look_through,
            live,
            asked,
            holds_opening: false,
        };
        session.read_ahead(true);
        Ok(session)
    }

    /// What is open, shown and chosen.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Whether nothing is left to do: no photo to read, no network to run, nothing to write.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        let wanted = Wanted::of(&self.state, self.capabilities);
        wanted.is_same(&self.asked)
            && self.analysis.is_idle()
            && self.inspection.as_ref().is_none_or(Newest::is_idle)
            && self.records.as_ref().is_none_or(InOrder::is_idle)
            && self.journal.as_ref().is_none_or(InOrder::is_idle)
            && self.files.as_ref().is_none_or(InOrder::is_idle)
            && self.read_ahead.as_ref().is_none_or(Newest::is_idle)
            && self.look_through.as_ref().is_none_or(Newest::is_idle)
            && self.live.is_idle()
            && self.state.editing.queued.is_empty()
            && !self.state.is_busy()
    }

    /// How many photos and networks were asked for: another number is another work to wait for.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.state.open_requests + self.state.network_requests
    }

    /// Carries out `command` at `now` seconds of the window's clock; returns what only the window can do.
    #[must_use]
    pub fn apply(&mut self, command: Command, now: f64) -> Vec<WindowEffect> {
        self.update(now, |update| update.apply(command))
    }

    /// Goes back to where the last window was left.
    #[must_use]
    pub fn restore(&mut self, point: RestorePoint) -> Vec<WindowEffect> {
        self.update(0.0, |update| update.restore(point))
    }

    /// Tells the person something.
    pub fn tell(&mut self, severity: Severity, words: Words, now: f64) {
        self.state.notices.add(severity, words, now);
    }

    /// Notes where the photo lay in this frame.
    pub fn note_geometry(&mut self, geometry: Option<Geometry>) {
        self.state.geometry = geometry;
    }

    /// Notes what draws the window.
    pub fn note_graphics(&mut self, name: String) {
        self.state.graphics = Some(name);
    }

    /// Notes whether the graphics card shows photographs brighter and darker.
    pub fn note_tone_shader(&mut self, can_adjust: bool) {
        self.state.display.can_adjust = can_adjust;
    }

    /// Takes what the background has found. Before the first outcome and after each what is no longer wanted is given up,
    /// so that what was found of the photo before, ready in the frame in which the next one is asked for or is ready, never
    /// lands on it.
    #[must_use]
    pub fn proceed(&mut self, now: f64) -> Vec<WindowEffect> {
        self.state.notices.expire(now);
        let mut effects = self.ask_for_wanted(now);
        while let Some(report) = self.analysis.poll() {
            effects.extend(self.update(now, |update| match report {
                Report::Outcome(outcome) => update.take_analysis(outcome),
                Report::Panicked => update.take_analysis_panic(),
            }));
            effects.extend(self.ask_for_wanted(now));
        }
        while let Some(report) = self.inspection.as_ref().and_then(Newest::poll) {
            effects.extend(self.update(now, |update| match report {
                Report::Outcome(outcome) => update.take_inspection(outcome),
                Report::Panicked => update.tell(Severity::Failure, words!("inspection-crashed")),
            }));
            effects.extend(self.ask_for_wanted(now));
        }
        while let Some(report) = self.records.as_ref().and_then(InOrder::poll) {
            effects.extend(self.update(now, |update| match report {
                Report::Outcome(outcome) => update.take_records(outcome),
                Report::Panicked => update.tell(Severity::Failure, words!("records-crashed")),
            }));
            effects.extend(self.ask_for_wanted(now));
        }
        while let Some(report) = self.journal.as_ref().and_then(InOrder::poll) {
            effects.extend(self.update(now, |update| match report {
                Report::Outcome(outcome) => update.take_journal(outcome),
                Report::Panicked => update.take_journal_panic(),
            }));
            effects.extend(self.ask_for_wanted(now));
        }
        while let Some(report) = self.files.as_ref().and_then(InOrder::poll) {
            effects.extend(self.update(now, |update| match report {
                Report::Outcome(outcome) => update.take_file(outcome),
                Report::Panicked => update.take_file_panic(),
            }));
            effects.extend(self.ask_for_wanted(now));
        }
        while let Some(report) = self.read_ahead.as_ref().and_then(Newest::poll) {
            effects.extend(self.update(now, |update| match report {
                Report::Outcome(outcome) => update.take_read_ahead(outcome),
                Report::Panicked => update.take_read_ahead_panic(),
            }));
            effects.extend(self.ask_for_wanted(now));
        }
        while let Some(report) = self.look_through.as_ref().and_then(Newest::poll) {
            let source = self.asked.look_through.as_ref().map(|asked| asked.request.source.clone());
            effects.extend(self.update(now, |update| match report {
                Report::Outcome(outcome) => update.take_looked_through(outcome),
                Report::Panicked => update.take_look_through_panic(source),
            }));
            effects.extend(self.ask_for_wanted(now));
        }
        while let Some(report) = self.live.poll() {
            effects.extend(self.update(now, |update| update.take_live(report)));
            effects.extend(self.ask_for_wanted(now));
        }
        effects
    }

    /// Whether the next photograph waits to be opened until this is called with `false`. What is being opened goes on.
    pub fn hold_opening(&mut self, holds: bool) {
        self.holds_opening = holds;
    }

    /// Asks the background for what the state wants and was not asked yet, and gives up what it no longer wants.
    #[must_use]
    pub fn ask_for_wanted(&mut self, now: f64) -> Vec<WindowEffect> {
        self.live.ask(&self.state);
        let mut wanted = Wanted::of(&self.state, self.capabilities);
        if self.holds_opening {
            wanted.hold_open(&self.asked);
        }
        let (read_ahead, look_through) = (wanted.read_ahead.take(), wanted.look_through.take());
        let mut before = std::mem::replace(&mut self.asked, wanted.clone());
        let (asked_ahead, asked_through) = (before.read_ahead.take(), before.look_through.take());
        let analysis = &self.analysis;
        ask(analysis, &AnalysisKind::Open, &before.open, &wanted.open, AnalysisRequest::Open);
        ask(analysis, &AnalysisKind::Segment, &before.segment, &wanted.segment, AnalysisRequest::Segment);
        ask(analysis, &AnalysisKind::Reference, &before.reference, &wanted.reference, AnalysisRequest::Reference);
        ask(analysis, &AnalysisKind::Outline, &before.outline, &wanted.outline, AnalysisRequest::Outline);
        let effects = self.ask_to_inspect(&before, &wanted, now);
        self.ask_to_read_ahead(&asked_ahead, read_ahead, now);
        self.ask_to_look_through(&asked_through, look_through);
        effects
    }

    fn ask_to_inspect(&mut self, before: &Wanted, wanted: &Wanted, now: f64) -> Vec<WindowEffect> {
        let Some(inspection) = &self.inspection else { return Vec::new() };
        ask(inspection, &InspectionKind::Measure, &before.measure, &wanted.measure, InspectionRequest::Measure);
        ask(inspection, &InspectionKind::Table, &before.table, &wanted.table, InspectionRequest::Table);
        let (kind, then, now_wanted) = (&InspectionKind::Compare, &before.comparison, &wanted.comparison);
        if ask(inspection, kind, then, now_wanted, InspectionRequest::Compare) {
            let keeps = wanted.keeps(before);
            return self.update(now, |update| update.begin_comparison(keeps));
        }
        Vec::new()
    }

    /// Finds and opens cameras by `access` from now on.
    pub fn use_cameras(&mut self, access: CameraAccess) {
        self.live.use_cameras(access);
    }

    /// Has the settings written to `path`.
    pub fn remember(&mut self, path: PathBuf, json: Vec<u8>) {
        self.carry_out(Effect::File(FileRequest::Settings(SettingsRequest { path, json })), 0.0);
    }

    /// The window closes: notes and corrections under way are handed to their writers, which finish before it ends.
    pub fn end(&mut self) {
        drop(self.update(0.0, |update| {
            update.save_note();
            update.end_editing();
        }));
    }

    /// Changes the state; returns what only the window can do.
    #[must_use]
    pub(super) fn update(&mut self, now: f64, change: impl FnOnce(&mut Update<'_>)) -> Vec<WindowEffect> {
        let mut effects = Vec::new();
        change(&mut Update {
            state: &mut self.state,
            effects: &mut effects,
            capabilities: self.capabilities,
            data: self.data.as_ref(),
            now,
        });
        effects.into_iter().filter_map(|effect| self.carry_out(effect, now)).collect()
    }

    /// Hands `effect` to its thread; returns what only the window can do.
    fn carry_out(&mut self, effect: Effect, now: f64) -> Option<WindowEffect> {
        let is_taken = match effect {
            Effect::Window(effect) => return Some(effect),
            Effect::List(request) => {
                self.analysis.send(AnalysisRequest::List(request));
                true
            }
            Effect::Records(request) => self.records.as_ref().is_none_or(|work| work.send(request).is_ok()),
            Effect::Journal(request) => self.journal.as_ref().is_none_or(|work| work.send(request).is_ok()),
            Effect::File(request) => self.files.as_ref().is_none_or(|work| work.send(request).is_ok()),
        };
        if !is_taken {
            self.tell(Severity::Failure, words!("disk-too-slow"), now);
        }
        None
    }
}

/// Asks for what is wanted `now` where it is another than `before`, and gives up what is no longer wanted. Returns
/// whether it asked.
fn ask<T, R>(
    work: &Newest<T>,
    kind: &<T::Request as Keyed>::Key,
    before: &Option<WantedRequest<R>>,
    now: &Option<WantedRequest<R>>,
    request: impl FnOnce(R) -> T::Request,
) -> bool
where
    T: Task + 'static,
    T::Request: Keyed,
    R: Clone,
{
    match now {
        Some(now) if is_same(before.as_ref(), now) => false,
        Some(now) => {
            work.send(request(now.request.clone()));
            true
        }
        None => {
            if before.is_some() {
                work.cancel(kind);
            }
            false
        }
    }
}

/// Whether both ask for the same.
fn is_same<R>(before: Option<&WantedRequest<R>>, now: &WantedRequest<R>) -> bool {
    before.is_some_and(|before| before.identity == now.identity)
}

impl Drop for PhotoSession {
    fn drop(&mut self) {
        self.end();
    }
}

#[cfg(test)]
mod tests;
