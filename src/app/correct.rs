//! Correcting the mask: the one place where strokes, undo and the journal's answers change it.
//!
//! Painting happens here, on the window's thread, because the hand waits for it; edits of the whole mask and everything
//! that touches the disk happen in the [`Scribe`]. A stroke waits until the one before it is on the disk, so that no
//! kill ever loses two.

mod actions;
mod failures;
mod strokes;

use std::collections::VecDeque;
use std::sync::Arc;

use eframe::egui;

use super::Window;
use super::correction_state::{Edited, Keeping, REACH_PX};
use super::notices::Weight;
use crate::correction::journal::{Binding, Record, Replay};
use crate::correction::{Act, Answer, Change, Edit, History, Mode, Scribe, Step};
use crate::geometry::area::Area;
use crate::geometry::toggles::Toggles;
use crate::mask::Mask;
use crate::provenance::CorrectionStart;
use crate::records::Home;
use crate::words;

/// What changes the mask; one after the other, each when the one before is done and on the disk.
enum Turn {
    /// A stroke begins.
    Begin { mode: Mode, radius_px: f32, at: [f32; 2] },
    /// It goes on through these points.
    Along(Vec<[f32; 2]>),
    /// It is done.
    End,
    /// It is given up.
    Cancel,
    /// What lies within a line.
    Within(Edit),
    /// A change of the whole mask.
    Whole(Change),
    /// One step back.
    Undo,
    /// One step forth.
    Redo,
}

/// A stroke under way.
struct Stroke {
    mode: Mode,
    radius_px: f32,
    points: Vec<[f32; 2]>,
    area: Option<Area>,
}

/// What belongs to the correction of the photo on the canvas, beside the state that is shown.
pub(super) struct Correcting {
    scribe: Scribe,
    /// Number of the photo, by which the scribe's answers are told apart.
    key: u64,
    /// The photo has a journal to write to.
    has_journal: bool,
    /// Who corrects.
    pub(super) reviewer: String,
    /// What the journal told, until the person has answered what to do with it.
    found: Option<Replay>,
    history: Option<History>,
    /// The mask that is painted on; between strokes it is the history's.
    live: Option<Mask>,
    stroke: Option<Stroke>,
    /// The beginning, until it is in the journal.
    begin: Option<(CorrectionStart, Toggles)>,
    /// The journal knows that a person corrects.
    is_open: bool,
    /// Writes that are not answered.
    unkept: usize,
    /// The last write failed; nothing waits for the disk.
    is_failing: bool,
    /// What came while something was being worked out or written.
    waiting: VecDeque<Turn>,
}

impl Correcting {
    pub(super) fn new(wake: impl Fn() + Send + 'static) -> std::io::Result<Self> {
        Ok(Self {
            scribe: Scribe::start(wake)?,
            key: 0,
            has_journal: false,
            reviewer: String::new(),
            found: None,
            history: None,
            live: None,
            stroke: None,
            begin: None,
            is_open: false,
            unkept: 0,
            is_failing: false,
            waiting: VecDeque::new(),
        })
    }

    /// The mask as it is painted on.
    pub(super) fn live(&self) -> Option<&Mask> {
        self.live.as_ref()
    }

    /// The mask with its steps.
    pub(super) fn history(&self) -> Option<&History> {
        self.history.as_ref()
    }

    pub(super) fn is_idle(&self) -> bool {
        self.scribe.is_idle() && self.waiting.is_empty()
    }

    pub(super) fn poll(&self) -> Option<Answer> {
        self.scribe.poll()
    }

    /// Says in the journal that correcting has ended, where it had begun.
    fn end(&mut self) {
        if self.is_open {
            self.scribe.end(self.key, self.reviewer.trim().to_owned());
            self.is_open = false;
        }
    }

    fn has_steps(&self) -> bool {
        self.history.as_ref().is_some_and(|history| !history.done().is_empty() || !history.undone().is_empty())
    }

    /// Adopts a mask with its steps.
    fn adopt(&mut self, history: History) {
        self.live = Some((**history.mask()).clone());
        self.history = Some(history);
    }

    fn keep(&mut self, records: Vec<Record>) -> Keeping {
        if !self.has_journal {
            return Keeping::InMemory;
        }
        let mut all = Vec::new();
        if let Some((origin, toggles)) = self.begin.take() {
            all.push(Record::Begin { origin, toggles });
        }
        if !self.is_open {
            self.is_open = true;
            all.push(Record::Opened);
        }
        all.extend(records);
        self.unkept += 1;
        self.scribe.keep(self.key, all);
        Keeping::Writing
    }
}

impl Drop for Correcting {
    fn drop(&mut self) {
        self.end();
    }
}

impl Window {
    /// A new photo is on the canvas: looks for its journal.
    pub(super) fn correct_new_photo(&mut self) {
        self.end_correction_of_photo();
        let Some(photo) = &self.state.current.photo else { return };
        let longest = photo.width().max(photo.height());
        self.state.correction.reach_px = (longest / 500).clamp(*REACH_PX.start(), *REACH_PX.end());
        if self.state.correction.brush_px == 0.0 {
            self.state.correction.brush_px = (longest as f32 / 40.0).round().max(3.0);
        }
        self.correcting.key = self.generation.photo;
        let home = Home::of_photo(&photo.source, self.data.as_deref());
        if !home.is_nowhere() && !self.is_benchmark {
            let binding = Binding { sha256: photo.sha256.clone(), size: photo.size() };
            self.correcting.has_journal = true;
            self.correcting.scribe.open(self.correcting.key, home, photo.source.name(), binding);
        }
    }

    /// The photo leaves the canvas: what was done to it is on the disk or on its way.
    pub(super) fn end_correction_of_photo(&mut self) {
        self.drop_stroke();
        self.state.correction.clear();
        self.textures.paint.clear();
        let correcting = &mut self.correcting;
        correcting.end();
        correcting.key = 0;
        correcting.has_journal = false;
        correcting.is_failing = false;
        correcting.unkept = 0;
        correcting.waiting.clear();
        (correcting.found, correcting.history, correcting.live, correcting.begin) = (None, None, None, None);
    }

    /// Takes an answer of the scribe.
    pub(super) fn take_answer(&mut self, ctx: &egui::Context, answer: Answer) {
        let current = self.correcting.key;
        match answer {
            Answer::Opened { key, replay, trouble, broken_bytes } if key == current => {
                if let Some(trouble) = trouble {
                    self.tell(ctx, Weight::Warning, failures::journal(&trouble));
                }
                if broken_bytes > 0 {
                    self.tell(ctx, Weight::Warning, words!("correct-broken-tail"));
                }
                self.take_replay(replay);
            }
            Answer::Kept { key, result, away } if key == current => {
                if let Some(reason) = away {
                    self.say_away(ctx, &reason);
                }
                self.correcting.unkept = self.correcting.unkept.saturating_sub(1);
                let is_failing = result.is_err();
                self.state.correction.keeping = match (is_failing, self.correcting.unkept) {
                    (true, _) => Keeping::InMemory,
                    (false, 0) => Keeping::Kept,
                    (false, _) => Keeping::Writing,
                };
                self.correcting.is_failing = is_failing;
                match result {
                    Ok(()) => log::info!("kept: {} steps", self.state.correction.done),
                    Err(error) => self.tell(ctx, Weight::Failure, failures::journal(&error)),
                }
            }
            Answer::Changed { key, act, toggles } if key == current => self.take_change(act, toggles),
            Answer::NotLogged { error } => {
                self.tell(ctx, Weight::Warning, words!("not-logged", reason = super::failures::records(&error)));
            }
            Answer::NoPicture { error } => self.tell(ctx, Weight::Warning, super::failures::write(&error)),
            Answer::Crashed => {
                self.state.correction.is_working = false;
                self.tell(ctx, Weight::Failure, words!("correct-crashed"));
            }
            Answer::Kept { result: Err(error), .. } => self.tell(ctx, Weight::Failure, failures::journal(&error)),
            _ => log::debug!("an answer about an older photo was dropped"),
        }
        self.go_on();
    }

    fn take_replay(&mut self, replay: Option<Replay>) {
        let Some(replay) = replay.filter(|replay| replay.history().is_some()) else { return };
        let unended = replay.unended_steps();
        self.correcting.found = Some(replay);
        if unended > 0 {
            log::info!("unended: {unended} steps");
            self.state.correction.unended = Some(unended);
        } else {
            self.restore(true);
        }
    }

    /// Takes the mask that the journal told of, all of it or without what was under way when the program was killed.
    /// What is given up can be redone.
    fn restore(&mut self, is_whole: bool) {
        let Some(replay) = self.correcting.found.take() else { return };
        self.state.correction.unended = None;
        let unended = replay.unended_steps();
        self.correcting.is_open = replay.is_open();
        let Some(mut history) = replay.history().cloned() else { return };
        let mut records = Vec::new();
        if !is_whole {
            records.extend((0..unended).filter_map(|_| history.undo()).map(|_| Record::Undo));
        }
        self.correcting.adopt(history);
        self.state.correction.keeping = Keeping::Kept;
        if !records.is_empty() {
            self.state.correction.keeping = self.correcting.keep(records);
        }
        if !self.state.correction.is_on {
            self.correcting.end();
        }
        self.show_edited(None);
        log::info!("restored: {} steps", self.state.correction.done);
    }

    /// What was worked out becomes a step, or the beginning.
    fn take_change(&mut self, act: Act, toggles: Toggles) {
        self.state.correction.is_working = false;
        let Some(photo) = &self.state.current.photo else { return };
        match (act, &mut self.correcting.history) {
            (Act::Start(origin), None) => {
                let mut mask = Mask::empty(photo.size());
                toggles.apply(&mut mask);
                self.correcting.begin = Some((origin.clone(), toggles));
                self.correcting.adopt(History::begin(origin, mask));
                self.textures.paint.clear();
                log::info!("correcting");
            }
            (act, Some(_)) if !toggles.is_empty() => {
                if let Some(live) = &mut self.correcting.live {
                    toggles.apply(live);
                }
                self.push(act, toggles);
            }
            _ => {}
        }
    }

    /// A step is done: into the history, the journal, onto the canvas.
    fn push(&mut self, act: Act, toggles: Toggles) {
        let Some(history) = &mut self.correcting.history else { return };
        let step = Arc::new(Step::now(act, toggles));
        let area = history.push(Arc::clone(&step));
        let surplus = history.surplus();
        history.forget(surplus);
        let mut records = vec![Record::Step(step)];
        if surplus > 0 {
            records.push(Record::Forget(surplus as u32));
        }
        self.state.correction.keeping = self.correcting.keep(records);
        self.show_edited(area);
    }

    /// The history's mask is the lesion from now on; it has changed in `area`.
    fn show_edited(&mut self, area: Option<Area>) {
        let Some(history) = &self.correcting.history else { return };
        let correction = &mut self.state.correction;
        (correction.done, correction.undone) = (history.done().len(), history.undone().len());
        if let Some(area) = area {
            self.textures.paint.mark(area);
            correction.touched = Some(correction.touched.map_or(area, |touched| touched.with(area)));
        }
        log::info!("corrected: {} steps, {} px", correction.done, history.mask().area_px());
        self.state.current.edited = Some(Edited { mask: Arc::clone(history.mask()), is_used: true });
        self.derive();
    }
}
