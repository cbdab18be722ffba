//! An ordered pool: several inputs are processed in parallel, each on one thread from reading to writing, and the
//! results reach the caller in the order of the inputs.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use crossbeam_channel::bounded;

use crate::decode::{DecodeError, DecodeErrorKind};

/// Does `work` on the photograph at `path`, whose pixels may be decoded within it: a decoder's panic is that photograph's
/// failure, and the others go on.
pub(super) fn contained<T>(path: &Path, work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    let panicked = || DecodeError { path: path.to_owned(), kind: DecodeErrorKind::Panicked };
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(panicked().into()))
}

/// Calls `work` with each input, at most `concurrency` at once, and `take` with each input and its result, in order and on
/// the caller's thread. Stops at `take`'s first error.
pub(super) fn run<In: Sync, Out: Send, E>(
    inputs: &[In],
    concurrency: usize,
    work: impl Fn(&In) -> Out + Sync,
    mut take: impl FnMut(&In, Out) -> Result<(), E>,
) -> Result<(), E> {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let (sender, done) = bounded(concurrency);
        for worker in 0..concurrency.min(inputs.len()) {
            let (sender, next, work) = (sender.clone(), &next, &work);
            let work_on = move || {
                while let Some((index, input)) = take_index(inputs, next) {
                    // The receiver was dropped because `take` failed: nobody waits for the rest.
                    if sender.send((index, work(input))).is_err() {
                        break;
                    }
                }
            };
            let name = format!("batch {worker}");
            let started = std::thread::Builder::new().name(name).spawn_scoped(scope, work_on);
            // One is needed; more are a matter of speed.
            assert!(started.is_ok() || worker > 0, "the system lets us start one thread");
        }
        drop(sender);
        // Results that finished before an earlier input wait here, without their pixels.
        let mut early = BTreeMap::new();
        let mut wanted = 0;
        for (index, result) in done {
            early.insert(index, result);
            while let Some(result) = early.remove(&wanted) {
                take(&inputs[wanted], result)?;
                wanted += 1;
            }
        }
        Ok(())
    })
}

fn take_index<'a, In>(inputs: &'a [In], next: &AtomicUsize) -> Option<(usize, &'a In)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    inputs.get(index).map(|input| (index, input))
}

#[cfg(test)]
mod tests {
    use std::sync::{Barrier, Mutex};

    use super::*;

    #[test]
    fn the_order_of_the_inputs_is_kept_at_any_concurrency() {
        let jobs: Vec<usize> = (0..100).collect();
        for concurrency in [1, 2, 7, 200] {
            let mut seen = Vec::new();
            let done: Result<(), ()> = run(
                &jobs,
                concurrency,
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
    fn as_many_as_asked_run_at_once_and_no_more() {
        // Three meet at the barrier, over and over: with fewer threads nobody would come through.
        let (barrier, running) = (Barrier::new(3), Mutex::new((0, 0)));
        let work = |_: &u32| {
            let enter = |by: i32| {
                let mut count = running.lock().unwrap();
                count.0 += by;
                count.1 = count.0.max(count.1);
            };
            enter(1);
            barrier.wait();
            enter(-1);
        };
        let done: Result<(), ()> = run(&[0; 12], 3, work, |_, ()| Ok(()));
        assert!(done.is_ok());
        assert_eq!(running.into_inner().unwrap(), (0, 3));
    }

    #[test]
    fn a_panic_is_the_failure_of_its_photograph() {
        let path = Path::new("late.jpg");
        let error = contained(path, || -> anyhow::Result<()> { panic!("a decoder's") }).unwrap_err();
        assert!(error.to_string().ends_with("late.jpg"), "{error}");
        assert_eq!(contained(path, || Ok(1)).unwrap(), 1);
    }

    #[test]
    fn a_failure_ends_the_run_without_hanging() {
        let jobs: Vec<u32> = (0..100).collect();
        for concurrency in [1, 4] {
            let done = run(&jobs, concurrency, |job| *job, |_, job| if job == 3 { Err("stop") } else { Ok(()) });
            assert_eq!(done, Err("stop"));
        }
    }
}
