//! The thread that reads and keeps records. Jobs are done in their order and none is given up: the window waits for
//! them when it closes.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, unbounded};

use crate::photo::PhotoSource;
use crate::records::{
    CalibrationChange, Calibrations, Found, Home, Place, RecordsError, RecordsFault, Review, identify,
};

/// What to do.
pub enum Job {
    /// Read the records of these photos.
    Load {
        /// Counts lists.
        generation: u64,
        /// The photos.
        sources: Vec<PhotoSource>,
    },
    /// Keep a change of calibrations.
    Calibrate {
        /// The photo that it was made on.
        source: PhotoSource,
        /// The change.
        change: CalibrationChange,
    },
    /// Keep a record.
    Keep {
        /// Its photo.
        source: PhotoSource,
        /// The record.
        review: Box<Review>,
    },
}

/// What came of it.
pub enum Told {
    /// The records of a list.
    Loaded {
        /// Which list.
        generation: u64,
        /// By path, or the sample's name.
        reviews: HashMap<PathBuf, Review>,
        /// The calibrations of each folder.
        scales: HashMap<Option<PathBuf>, Calibrations>,
        /// What was wrong.
        complaints: Vec<RecordsFault>,
        /// Whether a newer program wrote any of them.
        is_newer: bool,
    },
    /// A record was kept, or not.
    Kept {
        /// The record.
        review: Box<Review>,
        /// Where, or why not.
        result: Result<Place, RecordsError>,
    },
    /// A change of calibrations was kept, or not.
    Calibrated {
        /// The photo that it was made on.
        source: PhotoSource,
        /// The change.
        change: CalibrationChange,
        /// Where, and all of the folder; or why not.
        result: Result<(Place, Calibrations), RecordsError>,
    },
}

/// Handle on the thread.
pub struct Keeper {
    jobs: Option<Sender<Job>>,
    told: Receiver<Told>,
    /// Jobs that are not done yet.
    left: Arc<AtomicUsize>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Starts the thread; `wake` is called after each answer. `data` is the data directory.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(data: Option<PathBuf>, wake: impl Fn() + Send + 'static) -> std::io::Result<Self> {
        #[allow(
            clippy::disallowed_methods,
            reason = "nothing is ever left out, and the window never waits for a disk"
        )]
        let ((jobs, inbox), (sender, told)) = (unbounded::<Job>(), unbounded());
        let left = Arc::new(AtomicUsize::new(0));
        let done = Arc::clone(&left);
        let thread = std::thread::Builder::new().name("keeper".into()).spawn(move || {
            for job in inbox {
                let answer = match job {
                    Job::Load { generation, sources } => load(generation, &sources, data.as_ref()),
                    Job::Calibrate { source, change } => calibrate(source, change, data.as_ref()),
                    Job::Keep { source, review } => keep(&source, review, data.as_ref()),
                };
                // The window may be gone: what was asked for is done all the same.
                let _ = sender.send(answer);
                done.fetch_sub(1, Ordering::AcqRel);
                wake();
            }
        })?;
        Ok(Self { jobs: Some(jobs), told, left, thread: Some(thread) })
    }

    /// Asks for a job.
    pub fn ask(&self, job: Job) {
        if let Some(jobs) = &self.jobs {
            self.left.fetch_add(1, Ordering::AcqRel);
            let _ = jobs.send(job);
        }
    }

    /// The next answer, without waiting.
    #[must_use]
    pub fn poll(&self) -> Option<Told> {
        self.told.try_recv().ok()
    }

    /// Whether everything that was asked for is done and said.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.left.load(Ordering::Acquire) == 0 && self.told.is_empty()
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            log::error!("the keeping thread ended by a panic");
        }
    }
}

fn load(generation: u64, sources: &[PhotoSource], data: Option<&PathBuf>) -> Told {
    let mut homes: HashMap<Home, Found> = HashMap::new();
    let mut folders: HashMap<Option<PathBuf>, Home> = HashMap::new();
    let mut reviews = HashMap::new();
    for source in sources {
        let folder = source.path().and_then(|path| path.parent()).map(PathBuf::from);
        let home = folders.entry(folder).or_insert_with(|| Home::of_photo(source, data.map(PathBuf::as_path)));
        let found = homes.entry(home.clone()).or_insert_with(|| home.read());
        let (key, review) = match source {
            PhotoSource::File(path) => (path.clone(), identify::review_of(path, &found.list)),
            // The sample's home has but one photo.
            PhotoSource::BuiltIn(name) => (PathBuf::from(name), found.list.photos.last()),
        };
        reviews.extend(review.map(|review| (key, review.clone())));
    }
    let is_newer = homes.values().any(|found| found.is_newer);
    let scales = folders
        .into_iter()
        .filter_map(|(folder, home)| Some((folder, homes.get(&home)?.list.calibrations.clone())));
    let scales = scales.collect();
    let complaints = homes.into_values().flat_map(|found| found.faults).collect();
    Told::Loaded { generation, reviews, scales, complaints, is_newer }
}

fn keep(source: &PhotoSource, review: Box<Review>, data: Option<&PathBuf>) -> Told {
    let home = Home::of_photo(source, data.map(PathBuf::as_path));
    let kept = home.open().and_then(|store| {
        store.keep(vec![Review::clone(&review)])?;
        Ok(store.place().clone())
    });
    Told::Kept { review, result: kept }
}

fn calibrate(source: PhotoSource, change: CalibrationChange, data: Option<&PathBuf>) -> Told {
    let home = Home::of_photo(&source, data.map(PathBuf::as_path));
    let result = home.open().and_then(|store| {
        let all = store.calibrate(change.clone())?;
        Ok((store.place().clone(), all))
    });
    Told::Calibrated { source, change, result }
}
