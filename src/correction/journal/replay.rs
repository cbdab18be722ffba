//! Replays records to a mask with its history.

use std::path::Path;
use std::sync::Arc;

use super::error::JournalError;
use super::frame::{FrameHead, FrameReader, UNMARKED, VERSION, most_record_bytes};
use super::record::{Binding, Record};
use crate::correction::history::History;
use crate::geometry::toggles::Toggles;
use crate::mask::Mask;

/// The content of a journal.
#[derive(Debug)]
pub struct JournalContent {
    /// Mask, history, and whether correcting was ended regularly.
    pub replay: Replay,
    /// Length of the complete records in bytes.
    pub whole_bytes: u64,
    /// Bytes after them.
    pub broken_bytes: u64,
    /// What is wrong with it.
    pub damage: Option<JournalDamage>,
    /// The format of the file.
    pub(super) version: u16,
}

impl JournalContent {
    /// Whether a loss of the last steps would be known: version 1 has no mark that says how long the file was.
    #[must_use]
    pub fn is_end_known(&self) -> bool {
        self.version > UNMARKED
    }
}

/// How a journal is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JournalDamage {
    /// The last record is incomplete and was not acknowledged: the power failed or the program ended while it was
    /// written. Or the mark cannot be read, by which a loss would be known.
    Tail,
    /// Steps are missing that were once on the disk, or they follow upon something that cannot be read.
    Loss,
}

/// The state that records lead to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Replay {
    history: Option<History>,
    /// While a person corrects: the fewest steps that were left since the start.
    open_from: Option<usize>,
    /// Steps that this program has dropped to stay within the history's bounds, and no record has yet.
    dropped: usize,
}

/// A record that does not follow from those before it.
#[derive(Debug)]
pub struct OutOfOrder;

impl Replay {
    /// Mask and steps; `None` before the first correction.
    #[must_use]
    pub fn history(&self) -> Option<&History> {
        self.history.as_ref()
    }

    /// The steps since a person started correcting, if it was never ended: the unfinished work when the program was
    /// killed.
    #[must_use]
    pub fn unended_steps(&self) -> usize {
        let done = self.history.as_ref().map_or(0, |history| history.done().len());
        self.open_from.map_or(0, |from| done - from)
    }

    /// Whether a person is correcting, according to the records.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open_from.is_some()
    }

    /// Takes one more record of a photo of `size`.
    ///
    /// # Errors
    /// `OutOfOrder`; nothing is changed then.
    pub fn take(&mut self, record: Record, size: [u32; 2]) -> Result<(), OutOfOrder> {
        match (record, &mut self.history) {
            (Record::Begin { origin, toggles }, history @ None) if toggles.fits(size) => {
                let mut mask = Mask::empty(size);
                toggles.apply(&mut mask);
                *history = Some(History::begin(origin, mask));
            }
            (Record::Step(step), Some(history)) if step.toggles.fits(size) => {
                history.push(step);
                let surplus = history.surplus();
                history.forget(surplus);
                self.dropped += surplus;
                self.open_from = self.open_from.map(|from| from.saturating_sub(surplus));
            }
            (Record::Undo, Some(history)) => {
                history.undo().ok_or(OutOfOrder)?;
            }
            (Record::Redo, Some(history)) => {
                history.redo().ok_or(OutOfOrder)?;
            }
            (Record::Forget(count), Some(history)) if count as usize <= self.dropped + history.done().len() => {
                let early = self.dropped.min(count as usize);
                let count = count as usize - early;
                self.dropped -= early;
                history.forget(count);
                self.open_from = self.open_from.map(|from| from.saturating_sub(count));
            }
            (Record::Opened, Some(history)) => self.open_from = Some(history.done().len()),
            (Record::Closed, _) => self.open_from = None,
            _ => return Err(OutOfOrder),
        }
        if let (Some(from), Some(history)) = (&mut self.open_from, &self.history) {
            *from = (*from).min(history.done().len());
        }
        Ok(())
    }

    /// The fewest records that lead to this state.
    #[must_use]
    pub fn records(&self) -> Vec<Record> {
        let Some(history) = &self.history else { return Vec::new() };
        let toggles = Toggles::of_mask(&history.first_mask());
        let mut records = vec![Record::Begin { origin: history.origin().clone(), toggles }];
        let step = |step: &Arc<_>| Record::Step(Arc::clone(step));
        let done = history.done().len();
        records.extend(history.done().iter().map(step));
        records.extend(history.undone().iter().rev().map(step));
        records.extend(history.undone().iter().map(|_| Record::Undo));
        if let Some(from) = self.open_from {
            // What was undone is done and undone before, so that it does not count as done since.
            let opened = if from == done { records.len() } else { 1 + from };
            records.insert(opened, Record::Opened);
        }
        records
    }
}

/// What stands in `bytes`, the journal of the photo of `binding`.
pub(super) fn read(bytes: &[u8], binding: &Binding, path: &Path) -> Result<JournalContent, JournalError> {
    let damaged = || JournalError::Damaged { path: path.to_owned() };
    let head = FrameHead::of(bytes).ok_or_else(damaged)?;
    if !head.is_known() {
        return Err(JournalError::Version { found: head.version, expected: VERSION, path: path.to_owned() });
    }
    let frames = FrameReader { bytes, version: head.version, most_bytes: most_record_bytes(binding.size) };
    let (content, mut at) = frames.at(head.bytes).ok_or_else(damaged)?;
    let of: Binding = postcard::from_bytes(content).map_err(|_| damaged())?;
    if of != *binding {
        let (found, expected) = (of.to_string(), binding.to_string());
        return Err(JournalError::OtherPhoto { found, expected, path: path.to_owned() });
    }
    let mut replay = Replay::default();
    while let Some((content, following)) = frames.at(at) {
        let Some(record) = Record::decoded(content) else { break };
        if replay.take(record, binding.size).is_err() {
            break;
        }
        at = following;
    }
    let damage = damage(head, &frames, at);
    let broken_bytes = (bytes.len() - at) as u64;
    Ok(JournalContent { replay, whole_bytes: at as u64, broken_bytes, damage, version: head.version })
}

/// What the bytes after the intact records, which end at `at`, say of the file.
fn damage(head: FrameHead, frames: &FrameReader<'_>, at: usize) -> Option<JournalDamage> {
    let is_whole = at == frames.bytes.len();
    match head.marked {
        Some(marked) if marked > at as u64 => Some(JournalDamage::Loss),
        Some(_) => (!is_whole).then_some(JournalDamage::Tail),
        None if is_whole => head.has_mark().then_some(JournalDamage::Tail),
        None => {
            // A frame that is whole here does not follow from those before it.
            let is_tail = frames.at(at).is_none()
                && frames.is_cut_at(at)
                && !frames.is_any_after(at, |content| Record::decoded(content).is_some());
            Some(if is_tail { JournalDamage::Tail } else { JournalDamage::Loss })
        }
    }
}
