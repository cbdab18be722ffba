//! Reads and writes the records of photographs: reviews and calibrations, in the order in which they were made.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::app::background::{Outbox, Task};
use crate::photo::PhotoSource;
use crate::records::{
    CalibrationChange, Calibrations, Found, Home, PhotoFile, Place, RecordsError, RecordsFault, Review, identify,
};

/// What the records' writer is asked for.
pub enum RecordsRequest {
    /// Read the records of a list of photos.
    Load {
        /// The list's number, by which outcomes are told apart.
        list: u64,
        sources: Vec<PhotoSource>,
    },
    Keep {
        source: PhotoSource,
        /// The record; name, length and time of the photo's file are filled in here, and the hash of one that cannot be
        /// opened.
        review: Box<Review>,
        /// Who took back the decision before, where it comes of that.
        undone_by: Option<String>,
    },
    /// Write a change of calibrations.
    Calibrate {
        /// The photo that it was made on.
        source: PhotoSource,
        change: CalibrationChange,
    },
}

/// What came of it.
pub enum RecordsOutcome {
    /// The records of a list are read.
    Loaded {
        list: u64,
        /// By path, or the sample's name.
        reviews: HashMap<PathBuf, Review>,
        /// The calibrations of each folder.
        scales: HashMap<Option<PathBuf>, Calibrations>,
        complaints: Vec<RecordsFault>,
        /// Whether a newer program wrote any of them.
        is_newer: bool,
    },
    /// A record was written, or not.
    Kept {
        source: PhotoSource,
        /// The record, with name, length and time of the photo's file.
        review: Box<Review>,
        /// Where, or why not.
        result: Result<Place, RecordsError>,
    },
    /// A change of calibrations was written, or not.
    Calibrated {
        /// The photo that it was made on.
        source: PhotoSource,
        change: CalibrationChange,
        /// Where, and all of the folder; or why not.
        result: Result<(Place, Calibrations), RecordsError>,
    },
}

/// The task.
pub struct RecordsTask {
    data: Option<PathBuf>,
}

impl RecordsTask {
    /// `data` is the data directory: records of folders that cannot be written lie there.
    #[must_use]
    pub fn new(data: Option<PathBuf>) -> Self {
        Self { data }
    }

    fn home(&self, source: &PhotoSource) -> Home {
        Home::of_photo(source, self.data.as_deref())
    }

    fn load(&self, list: u64, sources: &[PhotoSource]) -> RecordsOutcome {
        let mut homes: HashMap<Home, Found> = HashMap::new();
        let mut folders: HashMap<Option<PathBuf>, Home> = HashMap::new();
        let mut reviews = HashMap::new();
        for source in sources {
            let folder = source.path().and_then(Path::parent).map(PathBuf::from);
            let home = folders.entry(folder).or_insert_with(|| self.home(source));
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
            .filter_map(|(folder, home)| Some((folder, homes.get(&home)?.list.calibrations.clone())))
            .collect();
        let complaints = homes.into_values().flat_map(|found| found.faults).collect();
        RecordsOutcome::Loaded { list, reviews, scales, complaints, is_newer }
    }

    fn keep(&self, source: PhotoSource, mut review: Box<Review>, undone_by: Option<&str>) -> RecordsOutcome {
        let file = match &source {
            PhotoSource::File(path) => PhotoFile::at(path),
            PhotoSource::BuiltIn(name) => PhotoFile { name: (*name).to_owned(), ..PhotoFile::default() },
        };
        if let (true, PhotoSource::File(path)) = (review.sha256.is_empty(), &source) {
            review.sha256 = identify::sha256_of(path).unwrap_or_default();
        }
        (review.name, review.bytes, review.modified) = (file.name, file.bytes, file.modified);
        let result = self.home(&source).open().and_then(|store| {
            let review = Review::clone(&review);
            match undone_by {
                Some(reviewer) => store.undo_decision(review, reviewer)?,
                None => store.keep(vec![review])?,
            };
            Ok(store.place().clone())
        });
        RecordsOutcome::Kept { source, review, result }
    }

    fn calibrate(&self, source: PhotoSource, change: CalibrationChange) -> RecordsOutcome {
        let result = self.home(&source).open().and_then(|store| {
            let all = store.calibrate(change.clone())?;
            Ok((store.place().clone(), all))
        });
        RecordsOutcome::Calibrated { source, change, result }
    }
}

impl Task for RecordsTask {
    type Request = RecordsRequest;
    type Outcome = RecordsOutcome;

    fn run(&mut self, request: RecordsRequest, out: &Outbox<'_, RecordsOutcome>) -> Option<RecordsRequest> {
        out.send(match request {
            RecordsRequest::Load { list, sources } => self.load(list, &sources),
            RecordsRequest::Keep { source, review, undone_by } => self.keep(source, review, undone_by.as_deref()),
            RecordsRequest::Calibrate { source, change } => self.calibrate(source, change),
        });
        None
    }
}
