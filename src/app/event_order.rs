//! The order of keys and presses within a frame. A slow frame may hold `]` and then the press that paints with the larger
//! brush, or a release and then Ctrl+Z; keys are read before the hand is. It may hold a whole drag, which egui sees only
//! when press, way and release come in frames of their own. So what comes after such a change waits for the next frame.

use eframe::egui::Event;

/// Events that wait for the next frame, oldest first.
#[derive(Debug, Default)]
pub(super) struct EventOrder {
    waiting: Vec<Event>,
}

/// What an event is done with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Means {
    Keys,
    Press,
    Way,
    Release,
}

/// Releases of keys and all else go with whatever they come between.
fn means_of(event: &Event) -> Option<Means> {
    match event {
        Event::Key { pressed: true, .. } | Event::Text(_) | Event::Paste(_) | Event::Cut | Event::Copy => {
            Some(Means::Keys)
        }
        Event::PointerButton { pressed: true, .. } => Some(Means::Press),
        Event::PointerButton { pressed: false, .. } => Some(Means::Release),
        Event::PointerMoved(_) => Some(Means::Way),
        _ => None,
    }
}

/// What a frame that ended with `last` ends with when `next` joins it; none where `next` must wait.
fn joined(last: Option<Means>, next: Option<Means>) -> Option<Option<Means>> {
    match (last, next) {
        (_, None) => Some(last),
        (None, _) => Some(next),
        (Some(Means::Keys | Means::Release), Some(Means::Way)) => Some(last),
        (Some(Means::Way), Some(Means::Keys | Means::Press)) => Some(next),
        _ => (last == next).then_some(last),
    }
}

impl EventOrder {
    /// Whether nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Leaves in `events`, after what waited, as many as one frame takes; the others wait.
    pub(super) fn part(&mut self, events: &mut Vec<Event>) {
        let mut all = std::mem::take(&mut self.waiting);
        all.append(events);
        let mut last = None;
        let must_wait = |event: &Event| match joined(last, means_of(event)) {
            Some(next) => {
                last = next;
                false
            }
            None => true,
        };
        let end = all.iter().position(must_wait).unwrap_or(all.len());
        self.waiting = all.split_off(end);
        *events = all;
    }
}

#[cfg(test)]
mod tests {
    use eframe::egui::{Key, Modifiers, PointerButton, pos2};

    use super::*;

    fn key(key: Key, pressed: bool) -> Event {
        Event::Key { key, physical_key: None, pressed, repeat: false, modifiers: Modifiers::NONE }
    }

    fn button(pressed: bool) -> Event {
        let (pos, modifiers) = (pos2(1.0, 1.0), Modifiers::NONE);
        Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers }
    }

    /// The frames that `events` are taken in.
    fn frames(mut events: Vec<Event>) -> Vec<Vec<Event>> {
        let mut order = EventOrder::default();
        let mut frames = Vec::new();
        loop {
            order.part(&mut events);
            frames.push(std::mem::take(&mut events));
            if order.is_empty() {
                return frames;
            }
        }
    }

    #[test]
    fn keys_and_presses_that_change_over_are_parted_in_their_order() {
        let moved = Event::PointerMoved(pos2(2.0, 2.0));
        let (larger, undo) = (key(Key::CloseBracket, true), key(Key::Z, true));
        let all = vec![larger.clone(), button(true), moved.clone(), button(false), undo.clone()];
        let stroke = [vec![button(true)], vec![moved], vec![button(false)]];
        assert_eq!(frames(all), [&[vec![larger]], &stroke[..], &[vec![undo]]].concat());
    }

    #[test]
    fn keys_alone_and_moves_between_them_are_one_frame() {
        let moved = Event::PointerMoved(pos2(2.0, 2.0));
        let (down, up) = (key(Key::CloseBracket, true), key(Key::CloseBracket, false));
        let all = vec![down.clone(), up.clone(), moved.clone(), down, up];
        assert_eq!(frames(all.clone()), [all]);
        let way = vec![moved.clone(), key(Key::A, false), moved.clone(), button(true), button(true)];
        assert_eq!(frames(way.clone()), [way], "to where a press is");
        let after = vec![button(false), moved];
        assert_eq!(frames(after.clone()), [after]);
        assert_eq!(frames(Vec::new()), [Vec::new()]);
    }

    #[test]
    fn what_waits_goes_before_what_comes() {
        let mut order = EventOrder::default();
        let mut first = vec![key(Key::B, true), button(true)];
        order.part(&mut first);
        let mut second = vec![button(true)];
        order.part(&mut second);
        assert_eq!((first, second), (vec![key(Key::B, true)], vec![button(true), button(true)]));
        assert!(order.is_empty());
    }
}
