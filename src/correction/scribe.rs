//! The thread that keeps the journal and does what takes time: it reads and writes, waits for the disk, and carries out
//! edits of the whole mask. Jobs are done in their order, none is ever passed over.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crossbeam_channel::{Receiver, Sender, unbounded};
use serde_json::json;

use super::edit::Edit;
use super::history::Act;
use super::journal::{Binding, Journal, JournalError, Record, Replay};
use crate::files;
use crate::geometry::area::Area;
use crate::geometry::toggles::Toggles;
use crate::language::SystemError;
use crate::mask::Mask;
use crate::overlay::png;
use crate::pipeline::Segmentation;
use crate::provenance::CorrectionStart;
use crate::records::{AuditEntry, Event, Home, Place, RecordsError};

/// A change of the whole mask.
#[derive(Clone, Debug)]
pub enum Change {
    /// An edit that looks at every pixel.
    Edit(Edit),
    /// The network's mask at a threshold.
    Network {
        /// What the network said.
        segmentation: Arc<Segmentation>,
        /// Probability from which a pixel is lesion.
        threshold: f32,
    },
    /// No lesion.
    Empty,
    /// The reference.
    Reference {
        /// What it is called.
        name: String,
        /// Its pixels.
        mask: Mask,
    },
}

/// What the thread is asked for. `key` is the photo's number, by which answers are told apart.
enum Job {
    Open { key: u64, home: Home, name: String, binding: Binding },
    Keep { key: u64, records: Vec<Record> },
    Change { key: u64, mask: Arc<Mask>, change: Change },
    End { key: u64, reviewer: String },
}

/// What it answers.
#[derive(Debug)]
pub enum Answer {
    /// The journal was looked for.
    Opened {
        /// Of the photo.
        key: u64,
        /// What it tells, where there is one.
        replay: Option<Replay>,
        /// What was wrong with it.
        trouble: Option<JournalError>,
        /// Bytes of a record that was cut short.
        broken_bytes: u64,
    },
    /// Records are on the disk, or not.
    Kept {
        /// Of the photo.
        key: u64,
        /// Why not.
        result: Result<(), JournalError>,
        /// Why they are in the data directory, where they are.
        away: Option<SystemError>,
    },
    /// A change was worked out.
    Changed {
        /// Of the photo.
        key: u64,
        /// What it is.
        act: Act,
        /// Which pixels it changes.
        toggles: Toggles,
    },
    /// The mask's picture could not be written.
    NoPicture {
        /// Why, with the path last.
        error: files::WriteError,
    },
    /// The correction does not stand in the audit log.
    NotLogged {
        /// Why, with the path last.
        error: RecordsError,
    },
    /// A job ended by a fault of our own.
    Crashed,
}

/// Journals longer than this are written anew, as short as they can be, when they have also doubled.
const COMPACT_BYTES: u64 = 16 << 20;

/// Handle on the thread. When it is dropped, everything that was asked for is done first.
pub struct Scribe {
    jobs: Option<Sender<Job>>,
    answers: Receiver<Answer>,
    /// Jobs that are not answered yet.
    open_jobs: Arc<AtomicUsize>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Scribe {
    /// Starts the thread; `wake` is called after each answer.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(wake: impl Fn() + Send + 'static) -> std::io::Result<Self> {
        Self::start_compacting_at(COMPACT_BYTES, wake)
    }

    /// The same, with journals written anew from `bytes` on.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start_compacting_at(bytes: u64, wake: impl Fn() + Send + 'static) -> std::io::Result<Self> {
        #[allow(
            clippy::disallowed_methods,
            reason = "nothing is ever left out, and the window never waits for a disk"
        )]
        let ((jobs, inbox), (outbox, answers)) = (unbounded(), unbounded());
        let open_jobs = Arc::new(AtomicUsize::new(0));
        let left = Arc::clone(&open_jobs);
        let thread = std::thread::Builder::new().name("scribe".into()).spawn(move || {
            let mut desk = Desk { book: None, outbox, compact_bytes: bytes };
            for job in inbox {
                if catch_unwind(AssertUnwindSafe(|| desk.carry_out(job))).is_err() {
                    desk.say(Answer::Crashed);
                }
                left.fetch_sub(1, Ordering::Release);
                wake();
            }
        })?;
        Ok(Self { jobs: Some(jobs), answers, open_jobs, thread: Some(thread) })
    }

    fn ask(&self, job: Job) {
        self.open_jobs.fetch_add(1, Ordering::Acquire);
        if let Some(jobs) = &self.jobs {
            // The thread lives as long as this handle.
            let _ = jobs.send(job);
        }
    }

    /// Reads the journal of the photo of `binding`, whose file has `name`, and makes it ready to be written.
    pub fn open(&self, key: u64, home: Home, name: String, binding: Binding) {
        self.ask(Job::Open { key, home, name, binding });
    }

    /// Puts records on the disk.
    pub fn keep(&self, key: u64, records: Vec<Record>) {
        self.ask(Job::Keep { key, records });
    }

    /// Works out what `change` does to `mask`.
    pub fn change(&self, key: u64, mask: Arc<Mask>, change: Change) {
        self.ask(Job::Change { key, mask, change });
    }

    /// A person has ended correcting: says so in the journal and in the audit log, and writes the mask as PNG beside the
    /// journal.
    pub fn end(&self, key: u64, reviewer: String) {
        self.ask(Job::End { key, reviewer });
    }

    /// The next answer, without waiting.
    #[must_use]
    pub fn poll(&self) -> Option<Answer> {
        self.answers.try_recv().ok()
    }

    /// The next answer; `None` when the thread is gone.
    #[must_use]
    pub fn wait(&self) -> Option<Answer> {
        self.answers.recv().ok()
    }

    /// Whether everything that was asked for is done and was heard.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.open_jobs.load(Ordering::Acquire) == 0 && self.answers.is_empty()
    }
}

impl Drop for Scribe {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            log::error!("the thread that keeps the journal ended by a panic");
        }
    }
}

/// The journal that is open.
struct Book {
    key: u64,
    journal: Journal,
    replay: Replay,
    binding: Binding,
    home: Home,
    /// Of the photo's file.
    name: String,
    /// The mask is not what the audit log last said of it.
    is_changed: bool,
    /// Length after which it is written anew.
    most_bytes: u64,
}

struct Desk {
    book: Option<Book>,
    outbox: Sender<Answer>,
    compact_bytes: u64,
}

impl Desk {
    fn say(&self, answer: Answer) {
        // When the window is gone there is no one to tell.
        let _ = self.outbox.send(answer);
    }

    fn carry_out(&mut self, job: Job) {
        match job {
            Job::Open { key, home, name, binding } => self.open(key, home, name, binding),
            Job::Keep { key, records } => {
                if let Some(book) = self.book.as_mut().filter(|book| book.key == key) {
                    let result = book.keep(&records, self.compact_bytes);
                    let away = match book.journal.place() {
                        Some(Place::Away { reason }) => reason.clone(),
                        _ => None,
                    };
                    self.say(Answer::Kept { key, result, away });
                }
            }
            Job::Change { key, mask, change } => {
                let (act, toggles) = worked_out(&mask, change);
                self.say(Answer::Changed { key, act, toggles });
            }
            Job::End { key, reviewer } => {
                let Some(book) = self.book.as_mut().filter(|book| book.key == key) else { return };
                let picture = book.end().err().map(|error| Answer::NoPicture { error });
                let line = book.log(reviewer).err().map(|error| Answer::NotLogged { error });
                picture.into_iter().chain(line).for_each(|answer| self.say(answer));
            }
        }
    }

    fn open(&mut self, key: u64, home: Home, name: String, binding: Binding) {
        // The old one first: its lock goes with it.
        self.book = None;
        let (journal, found) = Journal::open_in(&home, &binding);
        let (replay, broken_bytes) = match found.content {
            Some(content) => (Some(content.replay), content.broken_bytes),
            None => (None, 0),
        };
        let most_bytes = self.compact_bytes.max(journal.bytes());
        let kept = replay.clone().unwrap_or_default();
        self.book = Some(Book { key, journal, replay: kept, binding, home, name, is_changed: false, most_bytes });
        self.say(Answer::Opened { key, replay, trouble: found.error, broken_bytes });
    }
}

impl Book {
    fn keep(&mut self, records: &[Record], compact_bytes: u64) -> Result<(), JournalError> {
        let settled = self.journal.settle(&self.replay);
        // Also what cannot be written now: the journal keeps it for the next time.
        for record in records {
            if self.replay.take(record.clone(), self.binding.size).is_err() {
                log::error!("a correction was recorded that does not follow from those before");
            }
            self.is_changed |= matches!(record, Record::Step(_) | Record::Undo | Record::Redo);
        }
        if let Err(error) = settled {
            self.journal.defer(records);
            return Err(error);
        }
        self.journal.append(records)?;
        if self.journal.bytes() > self.most_bytes {
            // A longer journal is no loss; the next record tries again.
            match self.journal.rewrite(&self.replay) {
                Ok(()) => self.most_bytes = compact_bytes.max(2 * self.journal.bytes()),
                Err(error) => log::warn!("{error}"),
            }
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), files::WriteError> {
        if !self.replay.is_open() {
            return Ok(());
        }
        if let Err(error) = self.keep(&[Record::Closed], u64::MAX) {
            log::warn!("{error}");
        }
        match self.replay.history() {
            Some(history) => {
                files::write(&self.journal.path().with_extension("png"), &png::of_mask(history.mask()))
            }
            None => Ok(()),
        }
    }

    /// A line of the audit log, where the mask has changed since the last.
    fn log(&mut self, reviewer: String) -> Result<(), RecordsError> {
        let Some(history) = self.replay.history().filter(|_| self.is_changed) else { return Ok(()) };
        // Without a step left the network's mask counts again, and that is said too.
        let mut detail = history.summary().map_or_else(|| json!({ "steps": 0 }), |summary| json!(summary));
        detail["lesion_px"] = history.mask().area_px().into();
        let mut entry = AuditEntry::of_folder(Event::Corrected, jiff::Timestamp::now(), detail);
        entry.photo.clone_from(&self.name);
        entry.sha256.clone_from(&self.binding.sha256);
        entry.reviewer = reviewer;
        self.home.open()?.log(&[entry])?;
        self.is_changed = false;
        Ok(())
    }
}

fn worked_out(mask: &Mask, change: Change) -> (Act, Toggles) {
    let whole = Area::whole(mask.size());
    let start = |origin, new: &Mask| (Act::Start(origin), Toggles::between(mask, new, whole));
    match change {
        Change::Edit(edit) => {
            let mut changed = mask.clone();
            let area = edit.carry_out(&mut changed);
            let toggles = area.map(|area| Toggles::between(mask, &changed, area)).unwrap_or_default();
            (Act::Edit(edit), toggles)
        }
        Change::Network { segmentation, threshold } => {
            let origin = CorrectionStart::Network { model: segmentation.model.clone(), threshold };
            if threshold == segmentation.threshold {
                return start(origin, &segmentation.mask);
            }
            start(origin, &segmentation.probability.threshold(threshold))
        }
        Change::Empty => start(CorrectionStart::Empty, &Mask::empty(mask.size())),
        Change::Reference { name, mask: reference } => start(CorrectionStart::Reference { name }, &reference),
    }
}
