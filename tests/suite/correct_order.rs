//! Keys and strokes that a slow screen brings in one frame: done in the order in which they came.

use crate::correct::{corner, correcting, edited, middle, paint, photo};
use dermaloupe::app::model::correction::Tool;
use egui::{Key, Modifiers, Pos2, vec2};

fn key(key: Key, modifiers: Modifiers) -> egui::Event {
    egui::Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers }
}

/// A stroke, pressed, moved along and released.
fn stroke(line: [Pos2; 2]) -> Vec<egui::Event> {
    let event = |pos, pressed| {
        let (button, modifiers) = (egui::PointerButton::Primary, Modifiers::NONE);
        egui::Event::PointerButton { pos, button, pressed, modifiers }
    };
    vec![
        egui::Event::PointerMoved(line[0]),
        event(line[0], true),
        egui::Event::PointerMoved(line[1]),
        event(line[1], false),
    ]
}

#[test]
fn keys_and_strokes_of_one_frame_are_done_in_their_order() {
    let (_folder, path) = photo();
    let mut bench = correcting(&path);
    let line = corner(&bench);
    let below = line.map(|point| point + vec2(0.0, 90.0));
    let larger = || (0..6).map(|_| key(Key::CloseBracket, Modifiers::NONE));
    // Done slowly.
    larger().for_each(|_| bench.press(Key::CloseBracket));
    paint(&mut bench, &line);
    let slowly = edited(&bench);
    bench.press_with(Modifiers::COMMAND, Key::Z);
    let network = edited(&bench);
    (0..6).for_each(|_| bench.press(Key::OpenBracket));
    // The larger brush and the stroke at once.
    let size = bench.state().correction.brush_px;
    bench.in_one_frame(larger().chain(stroke(line)).collect());
    assert!(bench.state().correction.brush_px > size * 2.0);
    assert_eq!(edited(&bench).area_px(), slowly.area_px(), "painted with the brush that was asked for");
    // What is undone is the stroke before the key, and not the one before that; the stroke after it stays.
    let undo = [key(Key::Z, Modifiers::COMMAND)];
    let one = edited(&bench);
    bench.in_one_frame(stroke(below).into_iter().chain(undo.clone()).collect());
    assert_eq!(edited(&bench), one);
    bench.in_one_frame(undo.into_iter().chain(stroke(below)).collect());
    assert_eq!((bench.state().correction.done, edited(&bench).area_px() > network.area_px()), (1, true));
    bench.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(edited(&bench), network);
    // Another tool, and its press.
    bench.in_one_frame(
        [key(Key::X, Modifiers::NONE)].into_iter().chain(stroke([middle(&bench), line[0]])).collect(),
    );
    assert!(bench.state().correction.tool == Tool::Eraser && edited(&bench).area_px() < network.area_px());
    // And keys alone: the one that came last counts.
    bench.in_one_frame(vec![key(Key::L, Modifiers::NONE), key(Key::B, Modifiers::NONE)]);
    assert_eq!(bench.state().correction.tool, Tool::Brush);
}
