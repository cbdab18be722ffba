//! One place a kind of job; the newest job of a kind is the one that counts.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, PoisonError};

use super::{DeriveJob, ListJob, OpenJob, ReferenceJob, SaveJob, SegmentJob, SettingsJob};

/// A job to do, taken in this order: what the person waits for first.
pub(super) enum Job {
    List(ListJob),
    Open(OpenJob),
    Segment(SegmentJob),
    Reference(ReferenceJob),
    Derive(DeriveJob),
    Save(SaveJob),
    Settings(SettingsJob),
}

#[derive(Default)]
pub(super) struct Slots {
    pub(super) list: Option<ListJob>,
    pub(super) open: Option<OpenJob>,
    pub(super) segment: Option<SegmentJob>,
    pub(super) reference: Option<ReferenceJob>,
    pub(super) derive: Option<DeriveJob>,
    pub(super) saves: VecDeque<SaveJob>,
    pub(super) settings: Option<SettingsJob>,
    closed: bool,
    /// A job is being done.
    busy: bool,
}

impl Slots {
    fn take(&mut self) -> Option<Job> {
        let next = self.list.take().map(Job::List);
        let next = next.or_else(|| self.open.take().map(Job::Open));
        let next = next.or_else(|| self.segment.take().map(Job::Segment));
        let next = next.or_else(|| self.reference.take().map(Job::Reference));
        let next = next.or_else(|| self.derive.take().map(Job::Derive));
        next.or_else(|| self.take_write())
    }

    /// What must be on disk before the window ends.
    fn take_write(&mut self) -> Option<Job> {
        let save = self.saves.pop_front().map(Job::Save);
        save.or_else(|| self.settings.take().map(Job::Settings))
    }
}

#[derive(Default)]
pub(super) struct Mailbox {
    slots: Mutex<Slots>,
    filled: Condvar,
}

impl Mailbox {
    pub(super) fn put(&self, change: impl FnOnce(&mut Slots)) {
        change(&mut self.slots.lock().unwrap_or_else(PoisonError::into_inner));
        self.filled.notify_one();
    }

    pub(super) fn close(&self) {
        self.put(|slots| slots.closed = true);
    }

    /// Whether a newer photo was asked for, so that work on this one is wasted.
    pub(super) fn has_newer_photo(&self) -> bool {
        let slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.open.is_some() || slots.closed
    }

    /// Whether no job is there and none is being done.
    pub(super) fn is_idle(&self) -> bool {
        let slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let is_empty = slots.list.is_none()
            && slots.open.is_none()
            && slots.segment.is_none()
            && slots.reference.is_none()
            && slots.derive.is_none()
            && slots.saves.is_empty()
            && slots.settings.is_none();
        is_empty && !slots.busy
    }

    /// Waits for a job; `None` when the window is gone. What was to be written still is.
    pub(super) fn take(&self) -> Option<Job> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.busy = false;
        loop {
            if slots.closed {
                return slots.take_write();
            }
            if let Some(job) = slots.take() {
                slots.busy = true;
                return Some(job);
            }
            slots = self.filled.wait(slots).unwrap_or_else(PoisonError::into_inner);
        }
    }
}
