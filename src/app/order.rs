//! The order of keys and presses within a frame. A slow frame may hold both: `]` and then the press that paints with the
//! larger brush, or a release and then Ctrl+Z. Keys are read before the hand is, so what comes after a change from one
//! to the other waits for the next frame.

use eframe::egui::{Event, TouchPhase};

/// Events that wait for the next frame, oldest first.
#[derive(Debug, Default)]
pub(super) struct Order {
    waiting: Vec<Event>,
}

/// What an event is done with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Means {
    Keys,
    Hand,
}

/// Moves, releases of keys and all else go with whatever they come between.
fn means_of(event: &Event) -> Option<Means> {
    match event {
        Event::Key { pressed: true, .. } | Event::Text(_) | Event::Paste(_) | Event::Cut | Event::Copy => {
            Some(Means::Keys)
        }
        Event::PointerButton { .. } => Some(Means::Hand),
        // The press that follows a touch belongs to it.
        Event::Touch { phase: TouchPhase::Start | TouchPhase::End | TouchPhase::Cancel, .. } => Some(Means::Hand),
        _ => None,
    }
}

impl Order {
    /// Whether nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Leaves in `events`, after what waited, as many as one frame takes; the others wait.
    pub(super) fn part(&mut self, events: &mut Vec<Event>) {
        let mut all = std::mem::take(&mut self.waiting);
        all.append(events);
        let first = all.iter().find_map(means_of);
        let is_other = |event: &Event| means_of(event).is_some_and(|means| Some(means) != first);
        let end = all.iter().position(is_other).unwrap_or(all.len());
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
        let mut order = Order::default();
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
        let stroke = vec![button(true), moved.clone(), button(false)];
        let mut all = vec![larger.clone()];
        all.extend(stroke.clone());
        all.push(undo.clone());
        assert_eq!(frames(all), [vec![larger], stroke, vec![undo]]);
    }

    #[test]
    fn keys_alone_and_moves_between_them_are_one_frame() {
        let moved = Event::PointerMoved(pos2(2.0, 2.0));
        let (down, up) = (key(Key::CloseBracket, true), key(Key::CloseBracket, false));
        let all = vec![down.clone(), up.clone(), moved.clone(), down, up];
        assert_eq!(frames(all.clone()), [all]);
        let drag = vec![button(true), moved, key(Key::A, false), button(false)];
        assert_eq!(frames(drag.clone()), [drag]);
        assert_eq!(frames(Vec::new()), [Vec::new()]);
    }

    #[test]
    fn what_waits_goes_before_what_comes() {
        let mut order = Order::default();
        let mut first = vec![key(Key::B, true), button(true)];
        order.part(&mut first);
        let mut second = vec![button(false)];
        order.part(&mut second);
        assert_eq!((first, second), (vec![key(Key::B, true)], vec![button(true), button(false)]));
        assert!(order.is_empty());
    }
}
