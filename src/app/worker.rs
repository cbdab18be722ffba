//! The window's hands: one thread that decodes, infers and draws layers, and one for thumbnails. The window's own
//! thread only asks and shows.
//!
//! Each kind of job has one place in the mailbox, and a newer job takes the older one's place, so the queue is bounded
//! and never lags behind the person. Every job carries its photo's generation; an answer to an older one is dropped.

mod listing;
mod mailbox;
mod page;
mod segmenter;
mod thumbnails;

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui::ColorImage;

use self::mailbox::Mailbox;
pub use self::page::ReportContent;
pub(super) use self::segmenter::picture;
pub use self::thumbnails::Thumbnails;
use super::command::OverlayView;
use super::state::{Derived, Reference};
use crate::display::Profile;
use crate::inference::{EngineChoice, EngineOptions, Model, Refusal};
use crate::language::Words;
use crate::mask::Mask;
use crate::photo::{Photo, PhotoSource};
use crate::pipeline::Segmentation;
use crate::records::{AuditEntry, Home};

/// Longest side of an overlay's picture, in pixels.
pub const LAYER_MAX_SIDE: usize = 1536;

/// Longest side of the photo's overview picture, in pixels; closer looks are drawn from tiles of the photo itself.
pub const OVERVIEW_MAX_SIDE: usize = 2048;

/// Which photo and which run of the network an answer belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Generation {
    /// Counts photos.
    pub photo: u64,
    /// Counts runs of a network, so that a slower one of before never lands.
    pub run: u64,
}

/// Files and folders to look through.
#[derive(Clone)]
pub struct ListJob {
    /// What the person opened or dropped.
    pub paths: Vec<PathBuf>,
}

/// What was found there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// The photos, in the order in which they are walked.
    pub photos: Vec<PathBuf>,
    /// The one to show first.
    pub first: usize,
    /// Reference masks among what was opened, by their names.
    pub references: Vec<PathBuf>,
    /// What could not be looked through, a sentence each.
    pub failures: Vec<Words>,
}

/// Which engine runs which network.
#[derive(Clone)]
pub struct NetworkJob {
    /// The network.
    pub model: Arc<Model>,
    /// The person's choice of engine.
    pub choice: EngineChoice,
}

/// The mask that counts: the corrected one, or the network's at `threshold`, which the result has already when it is
/// its own. None where there is neither.
pub(super) fn mask_that_counts<'a>(
    segmentation: Option<&'a Segmentation>,
    edited: Option<&'a Mask>,
    threshold: f32,
) -> Option<Cow<'a, Mask>> {
    match (edited, segmentation) {
        (Some(edited), _) => Some(Cow::Borrowed(edited)),
        (None, Some(result)) if result.threshold == threshold => Some(Cow::Borrowed(&result.mask)),
        (None, Some(result)) => Some(Cow::Owned(result.probability.threshold(threshold))),
        (None, None) => None,
    }
}

/// What a mask is to be shown like.
#[derive(Clone)]
pub struct DeriveJob {
    /// The photo's generation.
    pub generation: Generation,
    /// The network's result, where there is one.
    pub segmentation: Option<Arc<Segmentation>>,
    /// The reference, where there is one.
    pub reference: Option<Arc<Reference>>,
    /// The corrected mask, where it takes the network's place.
    pub edited: Option<Arc<Mask>>,
    /// Probability from which a pixel counts as lesion.
    pub threshold: f32,
    /// Which layer to draw.
    pub view: OverlayView,
}

/// A photo to open and segment.
#[derive(Clone)]
pub struct OpenJob {
    /// Its generation.
    pub generation: Generation,
    /// Where it is.
    pub source: PhotoSource,
    /// The network to run.
    pub network: NetworkJob,
}

/// A photo to segment again.
#[derive(Clone)]
pub struct SegmentJob {
    /// The photo's generation.
    pub generation: Generation,
    /// The photo.
    pub photo: Arc<Photo>,
    /// The network to run.
    pub network: NetworkJob,
}

/// A reference mask to read.
#[derive(Clone)]
pub struct ReferenceJob {
    /// The photo's generation.
    pub generation: Generation,
    /// The mask's file; `None` is the built-in sample's.
    pub path: Option<PathBuf>,
    /// `[width, height]` that it must have.
    pub photo_size: [u32; 2],
}

/// What to write.
#[derive(Clone)]
pub enum SaveContent {
    /// The mask, black and white.
    Mask,
    /// The photo with its outlines.
    Overlay {
        /// The photo.
        photo: Arc<Photo>,
    },
    /// A page on it as PDF.
    Report(Box<ReportContent>),
}

/// A picture to write.
#[derive(Clone)]
pub struct SaveJob {
    /// Where.
    pub path: PathBuf,
    /// What.
    pub content: SaveContent,
    /// The network's result, where there is one.
    pub segmentation: Option<Arc<Segmentation>>,
    /// The corrected mask, where it takes the network's place.
    pub edited: Option<Arc<Mask>>,
    /// The threshold that it shows it at.
    pub threshold: f32,
    /// The line that the audit log gets once it is written, and whose log.
    pub line: Option<(Home, Box<AuditEntry>)>,
}

/// Settings to write.
#[derive(Clone)]
pub struct SettingsJob {
    /// Where.
    pub path: PathBuf,
    /// The file's bytes.
    pub json: Vec<u8>,
}

/// What the worker has to say.
pub enum Event {
    /// Files and folders were looked through.
    Listed(Listing),
    /// The photo is decoded.
    PhotoReady {
        /// Its generation.
        generation: Generation,
        /// Its pixels.
        photo: Arc<Photo>,
        /// A picture of it in the screen's colours, at most [`OVERVIEW_MAX_SIDE`] a side.
        overview: ColorImage,
        /// How its colours are meant.
        profile: Profile,
        /// The reference mask that lies beside it.
        mask_beside: Option<PathBuf>,
    },
    /// The photo could not be opened.
    PhotoFailed {
        /// Its generation.
        generation: Generation,
        /// Why, with the path last.
        error: Words,
    },
    /// The network has run.
    Segmented {
        /// The photo's generation.
        generation: Generation,
        /// What it says.
        segmentation: Arc<Segmentation>,
        /// Counts of the probabilities.
        histogram: Vec<u32>,
        /// Engines that `auto` passed over.
        passed_over: Vec<Refusal>,
    },
    /// The network failed.
    SegmentFailed {
        /// The photo's generation.
        generation: Generation,
        /// Why.
        error: Words,
    },
    /// The reference is read.
    ReferenceReady {
        /// The photo's generation.
        generation: Generation,
        /// The reference.
        reference: Arc<Reference>,
    },
    /// The reference could not be read.
    ReferenceFailed {
        /// The photo's generation.
        generation: Generation,
        /// Why, with the path last.
        error: Words,
    },
    /// Outlines, figures and layer at a threshold.
    Derived {
        /// The photo's generation.
        generation: Generation,
        /// Outlines and figures.
        derived: Arc<Derived>,
        /// The layer of the view that was asked for; outline and off need none.
        layer: Option<(OverlayView, ColorImage)>,
    },
    /// A job ended by a panic; the worker goes on.
    Crashed,
    /// Settings could not be written.
    SettingsFailed {
        /// Why, with the path last.
        error: Words,
    },
    /// A picture was written, or not.
    Saved {
        /// The file, or why not.
        result: Result<PathBuf, Words>,
        /// Why the audit log has no line of it.
        unlogged: Option<Words>,
    },
}

/// Histogram bins under the threshold slider.
pub const HISTOGRAM_BINS: usize = 64;

/// Handle on the segmenting thread; it ends when the handle is dropped.
pub struct Worker {
    mailbox: Arc<Mailbox>,
    events: Option<crossbeam_channel::Receiver<Event>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Worker {
    /// Starts the thread; `wake` is called after each event, so that the window looks.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(options: EngineOptions, wake: impl Fn() + Send + 'static) -> std::io::Result<Self> {
        let mailbox = Arc::new(Mailbox::default());
        let (sender, events) = crossbeam_channel::bounded(32);
        let inbox = Arc::clone(&mailbox);
        let thread = std::thread::Builder::new()
            .name("segmenter".into())
            .spawn(move || segmenter::run(&inbox, &sender, options, wake))?;
        Ok(Self { mailbox, events: Some(events), thread: Some(thread) })
    }

    /// Looks through files and folders.
    pub fn list(&self, job: ListJob) {
        self.mailbox.put(|slots| slots.list = Some(job));
    }

    /// Whether everything that was asked for is done and said.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.mailbox.is_idle() && self.events.as_ref().is_none_or(crossbeam_channel::Receiver::is_empty)
    }

    /// Opens a photo and segments it; whatever else was under way for the photo before it is given up.
    pub fn open(&self, job: OpenJob) {
        self.mailbox.put(|slots| {
            slots.open = Some(job);
            slots.segment = None;
            slots.reference = None;
            slots.derive = None;
        });
    }

    /// Segments a photo again.
    pub fn segment(&self, job: SegmentJob) {
        self.mailbox.put(|slots| slots.segment = Some(job));
    }

    /// Reads a reference mask.
    pub fn reference(&self, job: ReferenceJob) {
        self.mailbox.put(|slots| slots.reference = Some(job));
    }

    /// Draws outlines and layer.
    pub fn derive(&self, job: DeriveJob) {
        self.mailbox.put(|slots| slots.derive = Some(job));
    }

    /// Writes a picture. Saves are never given up for a newer one.
    pub fn save(&self, job: SaveJob) {
        self.mailbox.put(|slots| slots.saves.push_back(job));
    }

    /// Writes the settings; the newest are the ones that count.
    pub fn remember(&self, job: SettingsJob) {
        self.mailbox.put(|slots| slots.settings = Some(job));
    }

    /// The next thing the worker has to say, without waiting.
    #[must_use]
    pub fn poll(&self) -> Option<Event> {
        self.events.as_ref()?.try_recv().ok()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.mailbox.close();
        // Without a receiver no send waits; what is being saved is finished before the program ends.
        self.events = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            log::error!("the segmenting thread ended by a panic");
        }
    }
}
