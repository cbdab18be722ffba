//! The thread that keeps the journal and does what takes time: it reads and writes, waits for the disk, and carries out
//! edits of the whole mask. Jobs are done in their order, none is ever passed over.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crossbeam_channel::{Receiver, Sender, unbounded};

use super::edit::{Edit, Origin};
use super::history::Act;
use super::journal::{Binding, Journal, JournalError, Record, Replay};
use super::{Area, Toggles};
use crate::mask::Mask;
use crate::pipeline::Segmentation;
use crate::write;

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
    Open { key: u64, folder: PathBuf, binding: Binding },
    Keep { key: u64, records: Vec<Record> },
    Change { key: u64, mask: Arc<Mask>, change: Change },
    End { key: u64 },
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
        error: write::WriteError,
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
        let (jobs, inbox) = unbounded();
        let (outbox, answers) = unbounded();
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

    /// Reads the journal in `folder` of the photo of `binding`, and makes it ready to be written.
    pub fn open(&self, key: u64, folder: PathBuf, binding: Binding) {
        self.ask(Job::Open { key, folder, binding });
    }

    /// Puts records on the disk.
    pub fn keep(&self, key: u64, records: Vec<Record>) {
        self.ask(Job::Keep { key, records });
    }

    /// Works out what `change` does to `mask`.
    pub fn change(&self, key: u64, mask: Arc<Mask>, change: Change) {
        self.ask(Job::Change { key, mask, change });
    }

    /// A person has ended correcting: says so in the journal and writes the mask as PNG beside it.
    pub fn end(&self, key: u64) {
        self.ask(Job::End { key });
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
    picture: PathBuf,
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
            Job::Open { key, folder, binding } => self.open(key, &folder, binding),
            Job::Keep { key, records } => {
                if let Some(book) = self.book.as_mut().filter(|book| book.key == key) {
                    let result = book.keep(&records, self.compact_bytes);
                    self.say(Answer::Kept { key, result });
                }
            }
            Job::Change { key, mask, change } => {
                let (act, toggles) = worked_out(&mask, change);
                self.say(Answer::Changed { key, act, toggles });
            }
            Job::End { key } => {
                if let Some(book) = self.book.as_mut().filter(|book| book.key == key)
                    && let Err(error) = book.end()
                {
                    self.say(Answer::NoPicture { error });
                }
            }
        }
    }

    fn open(&mut self, key: u64, folder: &std::path::Path, binding: Binding) {
        // The old one first: its lock goes with it.
        self.book = None;
        let picture = folder.join(format!("{}.png", binding.sha256));
        let (journal, told) = Journal::open(Journal::path_in(folder, &binding.sha256), binding.clone());
        let (replay, trouble, broken_bytes) = match told {
            Ok(Some(told)) => (Some(told.replay), None, told.broken_bytes),
            Ok(None) => (None, None, 0),
            Err(error) => (None, Some(error), 0),
        };
        let most_bytes = self.compact_bytes.max(journal.bytes());
        let kept = replay.clone().unwrap_or_default();
        self.book = Some(Book { key, journal, replay: kept, binding, picture, most_bytes });
        self.say(Answer::Opened { key, replay, trouble, broken_bytes });
    }
}

impl Book {
    fn keep(&mut self, records: &[Record], compact_bytes: u64) -> Result<(), JournalError> {
        // Also what cannot be written now: the journal keeps it for the next time.
        for record in records {
            if self.replay.take(record.clone(), self.binding.size).is_err() {
                log::error!("a correction was recorded that does not follow from those before");
            }
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

    fn end(&mut self) -> Result<(), write::WriteError> {
        if !self.replay.is_open() {
            return Ok(());
        }
        if let Err(error) = self.keep(&[Record::Closed], u64::MAX) {
            log::warn!("{error}");
        }
        match self.replay.history() {
            Some(history) => write::whole_file(&self.picture, &write::mask_png(history.mask())),
            None => Ok(()),
        }
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
            let origin = Origin::Network { model: segmentation.model.clone(), threshold };
            if threshold == segmentation.threshold {
                return start(origin, &segmentation.mask);
            }
            start(origin, &segmentation.probability.threshold(threshold))
        }
        Change::Empty => start(Origin::Empty, &Mask::empty(mask.size())),
        Change::Reference { name, mask: reference } => start(Origin::Reference { name }, &reference),
    }
}
