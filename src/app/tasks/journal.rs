//! The journal of corrections, written on a thread of its own.

use crate::app::background::{Outbox, Task};
use crate::correction::{JournalOutcome, JournalRequest, JournalWriter};

/// The task; it holds the journal of the photo on the canvas open.
#[derive(Default)]
pub struct JournalTask {
    writer: JournalWriter,
}

impl Task for JournalTask {
    type Request = JournalRequest;
    type Outcome = JournalOutcome;

    fn run(&mut self, request: JournalRequest, out: &Outbox<'_, JournalOutcome>) -> Option<JournalRequest> {
        self.writer.handle(request).into_iter().for_each(|outcome| out.send(outcome));
        None
    }
}
