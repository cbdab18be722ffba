//! The order of keys and presses within a frame. A slow frame may hold `]` and then the press that paints with the larger
//! brush, or a release and then Ctrl+Z; keys are read before the hand is. It may hold a whole drag, which egui sees only
//! when press, way and release come in frames of their own. It may hold Escape and then `N`, which means something only
//! once the dialog is closed. So what comes after such a change waits for the next frame.

use eframe::egui::Event;

/// Events that wait for the next frame, oldest first.
#[derive(Debug, Default)]
pub(super) struct EventOrder {
    waiting: Vec<Event>,
    /// The last frame ended with a key that changes what keys mean. What it opened is laid out in this one, and has the
    /// keys in the next.
    is_after_turn: bool,
}

/// What an event is done with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Means {
    Keys,
    /// A key after which keys mean something else.
    Turn,
    /// The letters of the key before.
    Text,
    Press,
    Way,
    Release,
}

/// Releases of keys and all else go with whatever they come between.
fn means_of(event: &Event, turns: &impl Fn(&Event) -> bool) -> Option<Means> {
    match event {
        Event::Key { pressed: true, .. } if turns(event) => Some(Means::Turn),
        Event::Key { pressed: true, .. } | Event::Paste(_) | Event::Cut | Event::Copy => Some(Means::Keys),
        Event::Text(_) => Some(Means::Text),
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
        (Some(Means::Turn), Some(Means::Text)) => Some(last),
        (None | Some(Means::Keys | Means::Way), Some(Means::Text)) => Some(Some(Means::Keys)),
        (None, _) => Some(next),
        (Some(Means::Keys | Means::Turn | Means::Release), Some(Means::Way)) => Some(last),
        (Some(Means::Way), Some(Means::Keys | Means::Turn | Means::Press)) => Some(next),
        (Some(Means::Keys), Some(Means::Turn)) => Some(next),
        (Some(Means::Turn), Some(Means::Turn)) => None,
        _ => (last == next).then_some(last),
    }
}

impl EventOrder {
    /// Whether nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Leaves in `events`, after what waited, as many as one frame takes; the others wait. `turns` says of a key whether
    /// those after it may mean something else.
    pub(super) fn part(&mut self, events: &mut Vec<Event>, turns: impl Fn(&Event) -> bool) {
        let mut all = std::mem::take(&mut self.waiting);
        all.append(events);
        let is_after_turn = std::mem::take(&mut self.is_after_turn);
        let mut last = None;
        let must_wait = |event: &Event| match joined(last, means_of(event, &turns)) {
            Some(next) if is_after_turn && next.is_some() => true,
            Some(next) => {
                last = next;
                false
            }
            None => true,
        };
        let end = all.iter().position(must_wait).unwrap_or(all.len());
        self.waiting = all.split_off(end);
        self.is_after_turn = all.iter().any(&turns);
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

    fn is_turn(event: &Event) -> bool {
        matches!(event, Event::Key { key: Key::Escape | Key::N, .. })
    }

    /// The frames that `events` are taken in.
    fn frames(mut events: Vec<Event>) -> Vec<Vec<Event>> {
        let mut order = EventOrder::default();
        let mut frames = Vec::new();
        loop {
            order.part(&mut events, is_turn);
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
        order.part(&mut first, is_turn);
        let mut second = vec![button(true)];
        order.part(&mut second, is_turn);
        assert_eq!((first, second), (vec![key(Key::B, true)], vec![button(true), button(true)]));
        assert!(order.is_empty());
    }

    #[test]
    fn a_key_waits_while_the_one_before_it_opens_or_closes_something() {
        let (escape, menu, down, enter) =
            (key(Key::Escape, true), key(Key::N, true), key(Key::ArrowDown, true), key(Key::Enter, true));
        let letter = Event::Text("n".to_owned());
        let all = vec![escape.clone(), key(Key::Escape, false), menu.clone(), letter.clone(), down.clone()];
        let closed = vec![escape.clone(), key(Key::Escape, false)];
        let opened = vec![menu.clone(), letter.clone()];
        assert_eq!(frames(all), [closed, vec![], opened, vec![], vec![down.clone()]]);
        // What it opened is laid out in a frame of its own.
        let all = vec![menu.clone(), down.clone(), enter.clone()];
        assert_eq!(frames(all), [vec![menu.clone()], vec![], vec![down.clone(), enter]]);
        let before = vec![down.clone(), menu];
        assert_eq!(frames(before.clone()), [before], "what comes before it is of the same frame");
        assert_eq!(frames(vec![escape.clone(), button(true)]), [vec![escape], vec![], vec![button(true)]]);
        let typed = vec![down.clone(), letter.clone(), down, letter];
        assert_eq!(frames(typed.clone()), [typed], "what is typed is one frame");
    }
}
