//! A pool of threads, each of which takes one photograph from file to files at a time. What is done is handed to the
//! caller in the input's order.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use crossbeam_channel::bounded;

/// Calls `work` with each job, at most `concurrency` at once, and `take` with each job and what came of it, in order and on
/// the caller's thread. Stops at `take`'s first error.
pub(super) fn each<Job: Sync, Done: Send, E>(
    jobs: &[Job],
    concurrency: usize,
    work: impl Fn(&Job) -> Done + Sync,
    mut take: impl FnMut(&Job, Done) -> Result<(), E>,
) -> Result<(), E> {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let (sender, done) = bounded(concurrency);
        for number in 0..concurrency.min(jobs.len()) {
            let (sender, next, work) = (sender.clone(), &next, &work);
            let run = move || {
                while let Some((index, job)) = take_index(jobs, next) {
                    // The receiver is gone when `take` failed: nobody waits for the rest.
                    if sender.send((index, work(job))).is_err() {
                        break;
                    }
                }
            };
            let name = format!("batch {number}");
            let started = std::thread::Builder::new().name(name).spawn_scoped(scope, run);
            // One is needed; more are a matter of speed.
            assert!(started.is_ok() || number > 0, "the system lets us start one thread");
        }
        drop(sender);
        // Rows that overtook an earlier one wait here, without their pixels.
        let mut early = BTreeMap::new();
        let mut wanted = 0;
        for (index, result) in done {
            early.insert(index, result);
            while let Some(result) = early.remove(&wanted) {
                take(&jobs[wanted], result)?;
                wanted += 1;
            }
        }
        Ok(())
    })
}

fn take_index<'a, Job>(jobs: &'a [Job], next: &AtomicUsize) -> Option<(usize, &'a Job)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    jobs.get(index).map(|job| (index, job))
}

#[cfg(test)]
mod tests {
    use std::sync::{Barrier, Mutex};

    use super::*;

    #[test]
    fn the_order_of_the_input_is_kept_at_any_width() {
        let jobs: Vec<usize> = (0..100).collect();
        for width in [1, 2, 7, 200] {
            let mut seen = Vec::new();
            let done: Result<(), ()> = each(
                &jobs,
                width,
                |job| {
                    // Later jobs are done sooner.
                    (0..(100 - job) * 50).fold(0_usize, |sum, step| std::hint::black_box(sum + step));
                    job * 2
                },
                |_, doubled| {
                    seen.push(doubled);
                    Ok(())
                },
            );
            assert!(done.is_ok());
            assert_eq!(seen, (0..100).map(|job| job * 2).collect::<Vec<_>>());
        }
    }

    #[test]
    fn as_many_as_the_width_are_on_the_way_at_once_and_no_more() {
        // Three meet at the barrier, over and over: with fewer threads nobody would come through.
        let (barrier, on_the_way) = (Barrier::new(3), Mutex::new((0, 0)));
        let work = |_: &u32| {
            let enter = |by: i32| {
                let mut count = on_the_way.lock().unwrap();
                count.0 += by;
                count.1 = count.0.max(count.1);
            };
            enter(1);
            barrier.wait();
            enter(-1);
        };
        let done: Result<(), ()> = each(&[0; 12], 3, work, |_, ()| Ok(()));
        assert!(done.is_ok());
        assert_eq!(on_the_way.into_inner().unwrap(), (0, 3));
    }

    #[test]
    fn a_failure_ends_the_run_without_hanging() {
        let jobs: Vec<u32> = (0..100).collect();
        for width in [1, 4] {
            let done = each(&jobs, width, |job| *job, |_, job| if job == 3 { Err("stop") } else { Ok(()) });
            assert_eq!(done, Err("stop"));
        }
    }
}
