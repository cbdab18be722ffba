//! The looking thread's work.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crossbeam_channel::Sender;

use super::sides::{self, Networks};
use super::{Event, Job, Mailbox, MeasureJob, TableJob};
use crate::app::measure::Measured;
use crate::app::worker::mask_that_counts;
use crate::inference::EngineOptions;
use crate::measure::colours::Colours;
use crate::measure::lesion::Lesion;
use crate::measure::shape::Shape;
use crate::measure::surface_distances::SurfaceDistances;

/// Works until the window is gone.
pub(super) fn run(mailbox: &Mailbox, events: &Sender<Event>, options: EngineOptions, wake: impl Fn()) {
    let mut networks = Networks::new(options);
    let say = |event| {
        if events.send(event).is_ok() {
            wake();
        }
    };
    while let Some(job) = mailbox.take() {
        let done = catch_unwind(AssertUnwindSafe(|| match job {
            Job::Measure(job) => measure(&job).into_iter().for_each(&say),
            Job::Compare(job) => sides::compare(&mut networks, &job, &say),
            Job::Table(job) => table(mailbox, &mut networks, job, &say),
        }));
        if done.is_err() {
            networks.unload();
            say(Event::Crashed);
        }
    }
}

/// Makes one row; the rest comes after what has been asked for meanwhile, unless the table is no longer wanted.
fn table(mailbox: &Mailbox, networks: &mut Networks, mut job: TableJob, say: &dyn Fn(Event)) {
    let row = sides::next_row(networks, &mut job);
    say(Event::Row { token: job.token, row });
    mailbox.put(|slots| {
        if slots.table.is_none() && slots.table_token == job.token && !job.is_done() {
            slots.table = Some(job);
        }
    });
}

/// The figures of the lesion that is shown.
fn measure(job: &MeasureJob) -> Option<Event> {
    let shown = &job.of;
    let mask = mask_that_counts(job.segmentation.as_deref(), shown.edited.as_deref(), shown.threshold)?;
    let lesion = Lesion::largest_of(&mask);
    let shape = lesion.as_ref().map(Shape::of);
    let colours = match (&lesion, &shape) {
        (Some(lesion), Some(shape)) if job.with_colours => Some(Colours::of(&job.photo, lesion, shape)),
        _ => None,
    };
    let reference = job.reference.as_ref();
    Some(Event::Measured(Arc::new(Measured {
        of: Arc::clone(shown),
        parts: lesion.map_or(0, |lesion| lesion.parts()),
        shape,
        has_colours: job.with_colours,
        colours,
        distances: reference.map(|reference| SurfaceDistances::of(&mask, &reference.mask)),
    })))
}
