//! Writes the journal of the photo being corrected, one request after the other: reads an earlier journal, writes steps
//! to disk, and calculates edits of the whole mask. It blocks on the disk, so it runs on a thread of its own.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;

use super::edit::Edit;
use super::history::Act;
use super::journal::{Binding, Journal, JournalContent, JournalDamage, JournalError, Record, Replay};
use crate::files;
use crate::geometry::area::Area;
use crate::geometry::toggles::Toggles;
use crate::language::SystemError;
use crate::mask::Mask;
use crate::overlay::png;
use crate::photo::PhotoSource;
use crate::pipeline::Segmentation;
use crate::provenance::CorrectionStart;
use crate::records::{AuditEntry, Event, Home, Place, RecordsError};

/// A change of the whole mask.
#[derive(Clone, Debug)]
pub enum MaskChange {
    /// An edit that looks at every pixel.
    Edit(Edit),
    /// The network's mask at a threshold.
    Network {
        /// The network's probability map.
        segmentation: Arc<Segmentation>,
        /// Probability from which a pixel counts as lesion.
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

/// A request to the journal writer. `photo` is the photo's number, which identifies outcomes.
#[derive(Debug)]
pub enum JournalRequest {
    /// Read the photo's journal and open it for writing; the previous one is closed.
    Open {
        /// Of the photo.
        photo: u64,
        /// Where it is.
        source: PhotoSource,
        /// The data directory, for journals of folders that are not writable.
        data: Option<PathBuf>,
        /// The pixels that the journal belongs to.
        binding: Binding,
    },
    /// Write records to disk.
    Keep {
        /// Of the photo.
        photo: u64,
        /// In their order.
        records: Vec<Record>,
    },
    /// Calculate what a change does to a mask.
    Change {
        /// Of the photo.
        photo: u64,
        /// The mask as it is.
        mask: Arc<Mask>,
        /// The change.
        change: MaskChange,
    },
    /// Correcting has ended: record that in the journal and the audit log, and write the mask as PNG beside the
    /// journal.
    End {
        /// Of the photo.
        photo: u64,
        /// Who corrected.
        reviewer: String,
    },
}

/// What is known of the last steps of a journal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JournalEnd {
    /// None is missing, or there is no journal.
    #[default]
    Whole,
    /// The last record is incomplete; it was never acknowledged.
    Broken,
    /// An older version wrote it: it cannot be told whether its last steps are missing.
    Unknown,
}

impl JournalEnd {
    fn of(content: Option<&JournalContent>) -> Self {
        match content {
            Some(content) if content.damage == Some(JournalDamage::Tail) => Self::Broken,
            Some(content) if content.damage.is_none() && !content.is_end_known() => Self::Unknown,
            _ => Self::Whole,
        }
    }
}

/// What came of it.
#[derive(Debug)]
pub enum JournalOutcome {
    /// The journal was looked for.
    Opened {
        /// Of the photo.
        photo: u64,
        /// Whether there is a place for one; otherwise nothing is opened.
        has_journal: bool,
        /// Its content, if there is one.
        replay: Option<Replay>,
        /// What was wrong with it; the content is then what can be saved of it.
        trouble: Option<JournalError>,
        /// What is known of its last steps.
        end: JournalEnd,
    },
    /// Records were written to disk, or were not.
    Kept {
        /// Of the photo.
        photo: u64,
        /// Why not.
        result: Result<(), JournalError>,
        /// Why they are in the data directory, where they are.
        away: Option<SystemError>,
    },
    /// A change was calculated.
    Changed {
        /// Of the photo.
        photo: u64,
        /// What it is.
        act: Act,
        /// Which pixels it changes.
        toggles: Toggles,
    },
    /// The mask's PNG could not be written.
    NoPicture {
        /// Why, with the path last.
        error: files::WriteError,
    },
    /// The correction could not be added to the audit log.
    NotLogged {
        /// Why, with the path last.
        error: RecordsError,
    },
}

/// Journals longer than this are rewritten as short as possible, and again whenever they have grown by as much.
const COMPACT_BYTES: u64 = 16 << 20;

/// The writer: it keeps at most one journal open and locked.
pub struct JournalWriter {
    open: Option<OpenJournal>,
    compact_bytes: u64,
}

impl Default for JournalWriter {
    fn default() -> Self {
        Self::compacting_at(COMPACT_BYTES)
    }
}

impl JournalWriter {
    /// Without an open journal; journals longer than `bytes` are rewritten.
    #[must_use]
    pub fn compacting_at(bytes: u64) -> Self {
        Self { open: None, compact_bytes: bytes }
    }

    /// Carries out `request`; what it returns is already on disk.
    pub fn handle(&mut self, request: JournalRequest) -> Vec<JournalOutcome> {
        match request {
            JournalRequest::Open { photo, source, data, binding } => {
                let home = Home::of_photo(&source, data.as_deref());
                vec![self.open(photo, home, source.name(), binding)]
            }
            JournalRequest::Keep { photo, records } => self.keep(photo, &records).into_iter().collect(),
            JournalRequest::Change { photo, mask, change } => {
                let (act, toggles) = worked_out(&mask, change);
                vec![JournalOutcome::Changed { photo, act, toggles }]
            }
            JournalRequest::End { photo, reviewer } => self.end(photo, reviewer),
        }
    }

    fn open(&mut self, photo: u64, home: Home, name: String, binding: Binding) -> JournalOutcome {
        // The old one first: this releases its lock.
        self.open = None;
        if home.is_nowhere() {
            let (replay, trouble, end) = (None, None, JournalEnd::default());
            return JournalOutcome::Opened { photo, has_journal: false, replay, trouble, end };
        }
        let (journal, found) = Journal::open_in(&home, &binding);
        let damage = found.content.as_ref().and_then(|content| content.damage);
        let lossy = found.content.as_ref().filter(|_| damage == Some(JournalDamage::Loss));
        let trouble = found.error.or_else(|| lossy.map(|content| journal.lossy(content)));
        let end = JournalEnd::of(found.content.as_ref());
        let replay = found.content.map(|content| content.replay);
        let most_bytes = self.compact_bytes.max(journal.bytes());
        let kept = replay.clone().unwrap_or_default();
        self.open =
            Some(OpenJournal { photo, journal, replay: kept, binding, home, name, is_changed: false, most_bytes });
        JournalOutcome::Opened { photo, has_journal: true, replay, trouble, end }
    }

    fn opened(&mut self, photo: u64) -> Option<&mut OpenJournal> {
        self.open.as_mut().filter(|open| open.photo == photo)
    }

    fn keep(&mut self, photo: u64, records: &[Record]) -> Option<JournalOutcome> {
        let compact_bytes = self.compact_bytes;
        let open = self.opened(photo)?;
        let result = open.keep(records, compact_bytes);
        let away = match open.journal.place() {
            Some(Place::Away { reason }) => reason.clone(),
            _ => None,
        };
        Some(JournalOutcome::Kept { photo, result, away })
    }

    fn end(&mut self, photo: u64, reviewer: String) -> Vec<JournalOutcome> {
        let Some(open) = self.opened(photo) else { return Vec::new() };
        let picture = open.end().err().map(|error| JournalOutcome::NoPicture { error });
        let line = open.log(reviewer).err().map(|error| JournalOutcome::NotLogged { error });
        picture.into_iter().chain(line).collect()
    }
}

/// The journal that is open.
struct OpenJournal {
    photo: u64,
    journal: Journal,
    replay: Replay,
    binding: Binding,
    home: Home,
    /// Of the photo's file.
    name: String,
    /// The mask has changed since its last line in the audit log.
    is_changed: bool,
    /// Length in bytes after which it is rewritten.
    most_bytes: u64,
}

impl OpenJournal {
    fn keep(&mut self, records: &[Record], compact_bytes: u64) -> Result<(), JournalError> {
        let settled = self.journal.settle(&self.replay);
        // Even if it cannot be written now: the journal keeps it for the next time.
        for record in records {
            if self.replay.take(record.clone(), self.binding.size).is_err() {
                log::error!("a recorded correction does not follow from the earlier ones");
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
                Ok(()) => self.most_bytes = self.journal.bytes() + compact_bytes,
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

    /// Adds a line to the audit log if the mask has changed since the last one.
    fn log(&mut self, reviewer: String) -> Result<(), RecordsError> {
        let Some(history) = self.replay.history().filter(|_| self.is_changed) else { return Ok(()) };
        // Without steps the network's mask counts again, and the log says that too.
        let mut detail = history.summary().map_or_else(|| json!({ "steps": 0 }), |summary| json!(summary));
        detail["mask_px"] = history.mask().area_px().into();
        let mut entry = AuditEntry::of_folder(Event::Corrected, jiff::Timestamp::now(), detail);
        entry.photo.clone_from(&self.name);
        entry.sha256.clone_from(&self.binding.sha256);
        entry.reviewer = reviewer;
        self.home.open()?.log(&[entry])?;
        self.is_changed = false;
        Ok(())
    }
}

fn worked_out(mask: &Mask, change: MaskChange) -> (Act, Toggles) {
    let whole = Area::whole(mask.size());
    let start = |origin, new: &Mask| (Act::Start(origin), Toggles::between(mask, new, whole));
    match change {
        MaskChange::Edit(edit) => {
            let mut changed = mask.clone();
            let area = edit.carry_out(&mut changed);
            let toggles = area.map(|area| Toggles::between(mask, &changed, area)).unwrap_or_default();
            (Act::Edit(edit), toggles)
        }
        MaskChange::Network { segmentation, threshold } => {
            let origin = CorrectionStart::of_network(segmentation.model.clone(), threshold, segmentation.steps());
            start(origin, &segmentation.mask_at(threshold))
        }
        MaskChange::Empty => start(CorrectionStart::Empty, &Mask::empty(mask.size())),
        MaskChange::Reference { name, mask: reference } => start(CorrectionStart::Reference { name }, &reference),
    }
}
