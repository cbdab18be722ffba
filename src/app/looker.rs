//! A second thread beside the segmenting one, for what a person looks closer at: measures of the lesion, a second
//! network, all networks. It never holds up the photo, the network in use or its outline.
//!
//! As with the segmenting thread each kind of job has one place, and a newer job takes the older one's. An answer
//! carries what it was made of, and counts only while that very thing is shown.

mod sides;
mod thread;

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use crossbeam_channel::{Receiver, Sender};
use eframe::egui::ColorImage;

use super::agreement_table::Row;
use super::command::OverlayView;
use super::compare::Side;
use super::measure::Measured;
use super::state::{Derived, Reference};
use super::worker::NetworkJob;
use crate::geometry::bits::Bits;
use crate::inference::EngineOptions;
use crate::language::Words;
use crate::mask::Mask;
use crate::photo::Photo;
use crate::pipeline::Segmentation;

/// A lesion to measure.
#[derive(Clone)]
pub struct MeasureJob {
    /// What is shown: outlines and threshold.
    pub of: Arc<Derived>,
    /// The photo.
    pub photo: Arc<Photo>,
    /// The network's result, where there is one.
    pub segmentation: Option<Arc<Segmentation>>,
    /// The reference, where there is one.
    pub reference: Option<Arc<Reference>>,
    /// Colours too: they take longer than all else.
    pub with_colours: bool,
}

/// What a side of a comparison is made of.
#[derive(Clone)]
pub enum SideJob {
    /// The bare photo: nothing is to be made.
    Photo,
    /// What it needs is not there yet.
    Waiting,
    /// It has failed already.
    Failed(Words),
    /// The result that the window shows.
    Shown {
        /// The result.
        segmentation: Arc<Segmentation>,
        /// The threshold that it is shown at.
        threshold: f32,
    },
    /// Another network, at its own threshold.
    Model(NetworkJob),
    /// The reference mask.
    Reference(Arc<Reference>),
    /// The mask that was corrected by hand.
    Corrected(Arc<Mask>),
}

/// Both sides of a comparison.
#[derive(Clone)]
pub struct CompareJob {
    /// Counts questions.
    pub token: u64,
    /// The photo.
    pub photo: Arc<Photo>,
    /// What each side is made of.
    pub sides: [SideJob; 2],
    /// The reference, where there is one.
    pub reference: Option<Arc<Reference>>,
    /// Which layers to draw.
    pub view: OverlayView,
}

/// The table of all networks; a row is made at a time, and what the person waits for goes between.
pub struct TableJob {
    token: u64,
    photo: Arc<Photo>,
    reference: Option<Arc<Reference>>,
    networks: VecDeque<NetworkJob>,
    /// The masks of the rows that are made; none for one that failed.
    masks: Vec<Option<Bits>>,
}

impl TableJob {
    /// A table of `reference` and `networks`, in this order, that none of is made yet.
    #[must_use]
    pub fn new(
        token: u64,
        photo: Arc<Photo>,
        reference: Option<Arc<Reference>>,
        networks: Vec<NetworkJob>,
    ) -> Self {
        Self { token, photo, reference, networks: networks.into(), masks: Vec::new() }
    }

    fn is_done(&self) -> bool {
        self.reference.is_none() && self.networks.is_empty()
    }
}

/// What the thread has to say.
pub enum Event {
    /// A lesion is measured.
    Measured(Arc<Measured>),
    /// A side of a comparison is there, or has failed.
    Side {
        /// The question's number.
        token: u64,
        /// 0 or 1.
        place: usize,
        /// Outlines and figures, and the layer of the view; or why not.
        answer: Result<(Arc<Side>, Option<ColorImage>), Words>,
    },
    /// How far both sides agree.
    Mutual {
        /// The question's number.
        token: u64,
        /// Dice between both.
        dice: f64,
    },
    /// A row of the table.
    Row {
        /// The run's number.
        token: u64,
        /// The row.
        row: Row,
    },
    /// A job ended by a panic; the thread goes on.
    Crashed,
}

/// A job to do, taken in this order.
enum Job {
    Measure(MeasureJob),
    Compare(CompareJob),
    Table(TableJob),
}

#[derive(Default)]
struct Slots {
    measure: Option<MeasureJob>,
    compare: Option<CompareJob>,
    table: Option<TableJob>,
    /// The run of the table that is wanted.
    table_token: u64,
    is_closed: bool,
    is_busy: bool,
}

impl Slots {
    fn take(&mut self) -> Option<Job> {
        let next = self.measure.take().map(Job::Measure);
        let next = next.or_else(|| self.compare.take().map(Job::Compare));
        next.or_else(|| self.table.take().map(Job::Table))
    }

    fn is_empty(&self) -> bool {
        self.measure.is_none() && self.compare.is_none() && self.table.is_none()
    }
}

#[derive(Default)]
struct Mailbox {
    slots: Mutex<Slots>,
    filled: Condvar,
}

impl Mailbox {
    fn put(&self, change: impl FnOnce(&mut Slots)) {
        change(&mut self.slots.lock().unwrap_or_else(PoisonError::into_inner));
        self.filled.notify_one();
    }

    /// Waits for a job; `None` when the window is gone.
    fn take(&self) -> Option<Job> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.is_busy = false;
        loop {
            if slots.is_closed {
                return None;
            }
            if let Some(job) = slots.take() {
                slots.is_busy = true;
                return Some(job);
            }
            slots = self.filled.wait(slots).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn is_idle(&self) -> bool {
        let slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.is_empty() && !slots.is_busy
    }
}

/// Handle on the thread; it ends when the handle is dropped.
pub struct Looker {
    mailbox: Arc<Mailbox>,
    events: Option<Receiver<Event>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Looker {
    /// Starts the thread; `wake` is called after each event, so that the window looks.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(options: EngineOptions, wake: impl Fn() + Send + 'static) -> std::io::Result<Self> {
        let mailbox = Arc::new(Mailbox::default());
        let (sender, events): (Sender<Event>, _) = crossbeam_channel::bounded(32);
        let inbox = Arc::clone(&mailbox);
        let thread = std::thread::Builder::new()
            .name("looker".into())
            .spawn(move || thread::run(&inbox, &sender, options, wake))?;
        Ok(Self { mailbox, events: Some(events), thread: Some(thread) })
    }

    /// Measures a lesion.
    pub fn measure(&self, job: MeasureJob) {
        self.mailbox.put(|slots| slots.measure = Some(job));
    }

    /// Makes both sides of a comparison.
    pub fn compare(&self, job: CompareJob) {
        self.mailbox.put(|slots| slots.compare = Some(job));
    }

    /// Makes the table of all networks.
    pub fn table(&self, job: TableJob) {
        self.mailbox.put(|slots| {
            slots.table_token = job.token;
            slots.table = Some(job);
        });
    }

    /// Stops making a table; `token` is a number beyond its run's.
    pub fn stop_table(&self, token: u64) {
        self.mailbox.put(|slots| {
            slots.table_token = token;
            slots.table = None;
        });
    }

    /// Whether everything that was asked for is done and said.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.mailbox.is_idle() && self.events.as_ref().is_none_or(Receiver::is_empty)
    }

    /// The next thing the thread has to say, without waiting.
    #[must_use]
    pub fn poll(&self) -> Option<Event> {
        self.events.as_ref()?.try_recv().ok()
    }
}

impl Drop for Looker {
    fn drop(&mut self) {
        self.mailbox.put(|slots| slots.is_closed = true);
        // Without a receiver no send waits.
        self.events = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            log::error!("the looking thread ended by a panic");
        }
    }
}
