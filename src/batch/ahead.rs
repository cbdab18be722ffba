//! Decoding ahead: one thread reads and decodes while the caller's runs the network; rows keep the input's order.

use crossbeam_channel::bounded;

/// Decoded photos that may wait. Two hide a slow file behind fast ones, and cap memory at four photos in all.
const WAITING: usize = 2;

/// Calls `work` with each job and what `decode` made of it, in order. Stops at `work`'s first error.
pub(super) fn each<Job: Sync, Decoded: Send, E>(
    jobs: &[Job],
    decode: impl Fn(&Job) -> Decoded + Sync,
    mut work: impl FnMut(&Job, Decoded) -> Result<(), E>,
) -> Result<(), E> {
    std::thread::scope(|scope| {
        let (sender, receiver) = bounded(WAITING);
        let decode = &decode;
        std::thread::Builder::new()
            .name("decode ahead".into())
            .spawn_scoped(scope, move || {
                for job in jobs {
                    // The receiver is gone when `work` failed: nobody waits for the rest.
                    if sender.send((job, decode(job))).is_err() {
                        break;
                    }
                }
            })
            .expect("the system lets us start one thread");
        receiver.into_iter().try_for_each(|(job, decoded)| work(job, decoded))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_the_input_is_kept() {
        let jobs: Vec<u32> = (0..100).collect();
        let mut seen = Vec::new();
        let done: Result<(), ()> = each(
            &jobs,
            |job| job * 2,
            |_, doubled| {
                seen.push(doubled);
                Ok(())
            },
        );
        assert!(done.is_ok());
        assert_eq!(seen, (0..100).map(|job| job * 2).collect::<Vec<_>>());
    }

    #[test]
    fn a_failure_ends_the_run_without_hanging() {
        let jobs: Vec<u32> = (0..100).collect();
        let done = each(&jobs, |job| *job, |_, job| if job == 3 { Err("stop") } else { Ok(()) });
        assert_eq!(done, Err("stop"));
    }
}
