use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::*;

/// A request that says its number when `gate` lets it; 13 panics.
struct Number {
    key: u32,
    number: u32,
}

impl Keyed for Number {
    type Key = u32;

    fn key(&self) -> u32 {
        self.key
    }
}

/// Tells when it begins, and waits for the test at each request.
struct Counter {
    begun: SyncSender<u32>,
    gate: Receiver<()>,
    recovered: u32,
}

impl Task for Counter {
    type Request = Number;
    type Outcome = (u32, bool);

    fn run(&mut self, request: Number, out: &Outbox<'_, (u32, bool)>) -> Option<Number> {
        self.begun.send(request.number).unwrap_or_default();
        let _ = self.gate.recv();
        assert!(request.number != 13, "the number that panics");
        out.send((request.number, out.is_stale()));
        let (key, number) = (request.key, request.number);
        // A hundred is done in parts: a tenth at a time.
        (number >= 100 && number % 100 < 3).then(|| Number { key, number: number + 1 })
    }

    fn recover(&mut self) {
        self.recovered += 1;
    }
}

struct Test {
    begun: Receiver<u32>,
    gate: SyncSender<()>,
}

fn counter() -> (Test, impl FnOnce() -> Counter + Send + 'static) {
    let (begun, has_begun) = sync_channel(64);
    let (open, gate) = sync_channel(64);
    (Test { begun: has_begun, gate: open }, move || Counter { begun, gate, recovered: 0 })
}

impl Test {
    /// The number of the request that has begun.
    fn begins(&self) -> u32 {
        self.begun.recv().expect("a request begins")
    }

    fn let_go(&self) {
        self.gate.send(()).expect("the thread is there");
    }
}

fn next<T: Task + 'static>(poll: impl Fn() -> Option<Report<T::Outcome>>) -> Report<T::Outcome> {
    loop {
        if let Some(report) = poll() {
            return report;
        }
        std::thread::yield_now();
    }
}

fn newest(precedence: Precedence) -> (Test, Newest<Counter>) {
    let (test, make) = counter();
    (test, Newest::start("newest", precedence, make, || {}).expect("a thread"))
}

#[test]
fn a_newer_request_replaces_the_older_one_and_its_outcome_never_comes() {
    let (test, work) = newest(Precedence::SmallestKey);
    work.send(Number { key: 1, number: 1 });
    assert_eq!(test.begins(), 1);
    for number in [2, 3] {
        work.send(Number { key: 1, number });
    }
    test.let_go();
    assert_eq!(test.begins(), 3, "the second was replaced while it waited");
    test.let_go();
    assert_eq!(
        next::<Counter>(|| work.poll()),
        Report::Outcome((3, false)),
        "the first was stale when it was done"
    );
    assert!(work.is_idle() && work.poll().is_none());
}

#[test]
fn a_request_that_is_given_up_says_nothing() {
    let (test, work) = newest(Precedence::SmallestKey);
    work.send(Number { key: 1, number: 1 });
    assert_eq!(test.begins(), 1);
    work.send(Number { key: 2, number: 2 });
    work.cancel(&1);
    test.let_go();
    assert_eq!(test.begins(), 2);
    work.cancel_all();
    work.send(Number { key: 3, number: 3 });
    test.let_go();
    assert_eq!(test.begins(), 3);
    test.let_go();
    assert_eq!(next::<Counter>(|| work.poll()), Report::Outcome((3, false)));
}

#[test]
fn the_smallest_key_goes_first_and_a_long_request_lets_others_between_its_parts() {
    let (test, work) = newest(Precedence::SmallestKey);
    work.send(Number { key: 9, number: 100 });
    assert_eq!(test.begins(), 100);
    work.send(Number { key: 5, number: 5 });
    work.send(Number { key: 2, number: 2 });
    for number in [2, 5, 101, 102, 103] {
        test.let_go();
        assert_eq!(test.begins(), number);
    }
    test.let_go();
    let said: Vec<_> = (0..6).map(|_| next::<Counter>(|| work.poll())).collect();
    assert_eq!(said, [100, 2, 5, 101, 102, 103].map(|number| Report::Outcome((number, false))));
    assert!(work.is_idle());
}

#[test]
fn the_latest_goes_first_and_the_oldest_are_forgotten() {
    let (test, work) = newest(Precedence::Latest { most: 2 });
    work.send(Number { key: 1, number: 1 });
    assert_eq!(test.begins(), 1);
    for number in [2, 3, 4] {
        work.send_once(Number { key: number, number });
    }
    // Waiting already, and under way.
    work.send_once(Number { key: 3, number: 33 });
    work.send_once(Number { key: 1, number: 11 });
    test.let_go();
    assert_eq!(test.begins(), 4);
    test.let_go();
    assert_eq!(test.begins(), 3);
    test.let_go();
    let said: Vec<_> = (0..3).map(|_| next::<Counter>(|| work.poll())).collect();
    assert_eq!(said, [1, 4, 3].map(|number| Report::Outcome((number, false))));
    assert!(work.is_idle(), "the second was forgotten");
    work.send_once(Number { key: 1, number: 12 });
    assert_eq!(test.begins(), 12, "what was taken can be asked for again");
    test.let_go();
    assert_eq!(next::<Counter>(|| work.poll()), Report::Outcome((12, false)));
}

#[test]
fn a_panic_is_said_and_the_thread_goes_on() {
    let (test, work) = newest(Precedence::SmallestKey);
    work.send(Number { key: 1, number: 13 });
    assert_eq!(test.begins(), 13);
    test.let_go();
    assert_eq!(next::<Counter>(|| work.poll()), Report::Panicked);
    work.send(Number { key: 1, number: 14 });
    assert_eq!(test.begins(), 14);
    test.let_go();
    assert_eq!(next::<Counter>(|| work.poll()), Report::Outcome((14, false)));

    let (test, make) = counter();
    let in_order = InOrder::<Counter>::start("in order", 4, make, || {}).expect("a thread");
    for number in [13, 14] {
        assert!(in_order.send(Number { key: 1, number }).is_ok());
        assert_eq!(test.begins(), number);
        test.let_go();
    }
    assert_eq!(next::<Counter>(|| in_order.poll()), Report::Panicked);
    assert_eq!(next::<Counter>(|| in_order.poll()), Report::Outcome((14, false)));
}

#[test]
fn in_order_nothing_is_dropped_and_the_end_waits_for_what_is_left() {
    let (test, make) = counter();
    let work = InOrder::<Counter>::start("in order", 3, make, || {}).expect("a thread");
    assert!(work.send(Number { key: 1, number: 1 }).is_ok());
    assert_eq!(test.begins(), 1);
    for number in [2, 3, 4] {
        assert!(work.send(Number { key: 1, number }).is_ok());
    }
    let refused = work.send(Number { key: 1, number: 5 }).expect_err("three wait already");
    assert_eq!(refused.number, 5);
    for _ in 0..4 {
        test.let_go();
    }
    drop(work);
    let done: Vec<u32> = test.begun.try_iter().collect();
    assert_eq!(done, [2, 3, 4]);
}

#[test]
fn the_end_gives_up_what_is_left_of_the_newest_kind() {
    let (test, work) = newest(Precedence::SmallestKey);
    work.send(Number { key: 1, number: 1 });
    assert_eq!(test.begins(), 1);
    work.send(Number { key: 2, number: 2 });
    work.queue.close();
    test.let_go();
    drop(work);
    assert_eq!(test.begun.try_iter().count(), 0, "the second was given up");
}

#[test]
fn the_window_is_woken_after_each_outcome() {
    let (woken, wakes) = sync_channel(64);
    let (test, make) = counter();
    let wake = move || woken.send(()).unwrap_or_default();
    let work = Newest::<Counter>::start("newest", Precedence::SmallestKey, make, wake).expect("a thread");
    work.send(Number { key: 1, number: 1 });
    test.let_go();
    wakes.recv().expect("an outcome is there");
    assert_eq!(work.poll(), Some(Report::Outcome((1, false))));
}

#[test]
fn who_waits_for_an_outcome_waits_until_it_is_there_and_not_for_nothing() {
    let (test, work) = newest(Precedence::SmallestKey);
    let long = Duration::from_secs(3600);
    work.wait_for_outcome(long);
    work.send(Number { key: 1, number: 1 });
    work.wait_for_outcome(Duration::ZERO);
    assert!(work.poll().is_none(), "it waits for the test");
    test.let_go();
    work.wait_for_outcome(long);
    assert_eq!(work.poll(), Some(Report::Outcome((1, false))));
}
