//! [`Slot`]: the place between two stages. It holds one thing.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// A place for one thing, from one thread to another.
pub(super) struct Slot<T> {
    held: Mutex<SlotContent<T>>,
    changed: Condvar,
}

struct SlotContent<T> {
    thing: Option<T>,
    is_closed: bool,
}

impl<T> Slot<T> {
    pub(super) fn new() -> Self {
        Self { held: Mutex::new(SlotContent { thing: None, is_closed: false }), changed: Condvar::new() }
    }

    /// Puts a thing in the place of one that nobody took; whether there was one.
    pub(super) fn replace(&self, thing: T) -> bool {
        let before = self.lock().thing.replace(thing);
        self.changed.notify_all();
        before.is_some()
    }

    /// Puts a thing where the last one was taken, for which it waits; whether anybody will take it.
    pub(super) fn hand(&self, thing: T) -> bool {
        let mut held = self.lock();
        while held.thing.is_some() && !held.is_closed {
            held = self.changed.wait(held).unwrap_or_else(PoisonError::into_inner);
        }
        if held.is_closed {
            return false;
        }
        held.thing = Some(thing);
        self.changed.notify_all();
        true
    }

    /// Takes the thing, for which it waits; `None` when no more will come.
    pub(super) fn take(&self) -> Option<T> {
        let mut held = self.lock();
        loop {
            if held.is_closed {
                return None;
            }
            if let Some(thing) = held.thing.take() {
                self.changed.notify_all();
                return Some(thing);
            }
            held = self.changed.wait(held).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Takes the thing if there is one.
    pub(super) fn poll(&self) -> Option<T> {
        let thing = self.lock().thing.take();
        self.changed.notify_all();
        thing
    }

    /// Nothing goes through any more; who waits stops.
    pub(super) fn close(&self) {
        let mut held = self.lock();
        held.is_closed = true;
        held.thing = None;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, SlotContent<T>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_replaces_what_nobody_took() {
        let slot = Slot::new();
        assert_eq!([1, 2, 3].map(|thing| slot.replace(thing)), [false, true, true]);
        assert_eq!((slot.take(), slot.poll()), (Some(3), None));
    }

    #[test]
    fn what_is_handed_over_comes_in_order_and_nothing_is_lost() {
        let slot = Slot::new();
        let taken = std::thread::scope(|scope| {
            scope.spawn(|| (0..500).for_each(|thing| assert!(slot.hand(thing))));
            (0..500).map(|_| slot.take().expect("it is open")).collect::<Vec<_>>()
        });
        assert!(taken.into_iter().eq(0..500));
    }

    #[test]
    fn who_waits_stops_when_it_is_closed() {
        let slot = Slot::new();
        assert!(slot.hand(1));
        let other = Slot::<u8>::new();
        std::thread::scope(|scope| {
            let giver = scope.spawn(|| slot.hand(2));
            let taker = scope.spawn(|| other.take());
            slot.close();
            other.close();
            assert!(!giver.join().expect("it stops"));
            assert_eq!(taker.join().expect("it stops"), None);
        });
        assert_eq!((slot.take(), slot.poll()), (None, None));
    }
}
