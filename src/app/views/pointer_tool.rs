//! The hand on the mask: strokes, corners and lines from what the pointer did, every step of it, however slow the frame.

use eframe::egui::{self, Event, Id, Key, Modifiers, PointerButton, Pos2, Response, Ui};

use super::canvas_controls;
use super::context::ViewContext;
use crate::app::command::change::CorrectionChange;
use crate::app::model::correction::{Correction, Tool};
use crate::app::model::geometry::Geometry;
use crate::correction::Mode;

/// How near a press has to be to the polygon's first corner to close it, in points.
pub(super) const CLOSES_WITHIN: f32 = 10.0;

/// A second press this soon, in seconds, and this near, in points, closes the polygon.
const DOUBLE_SECONDS: f64 = 0.4;
const DOUBLE_POINTS: f32 = 5.0;

/// A lasso's points are at least this far apart, in points of the screen.
const LASSO_STEP: f32 = 1.5;

/// What the pressed hand does, from press to release.
#[derive(Clone, Copy, Default, PartialEq)]
enum Work {
    #[default]
    Free,
    Pans,
    Strokes,
    Circles(Mode),
    /// Pressed, but nothing follows: a corner was set, or a second finger has come.
    Rests,
}

/// The hand between two frames.
#[derive(Clone, Copy, Default)]
struct Hand {
    work: Work,
    /// When and where it was pressed last.
    pressed: Option<(f64, Pos2)>,
}

fn hand_id() -> Id {
    Id::unique("hand on the mask")
}

fn hand(ui: &Ui) -> Hand {
    ui.ctx().data(|data| data.get_temp(hand_id())).unwrap_or_default()
}

/// Whether the drag under way moves the photo.
pub(super) fn is_panning(ui: &Ui) -> bool {
    hand(ui).work == Work::Pans
}

/// Whether no button is held.
pub(super) fn is_free(ui: &Ui) -> bool {
    hand(ui).work == Work::Free
}

/// Turns what the pointer did in this frame into commands.
pub(super) fn work_by_hand(
    ui: &Ui,
    response: &Response,
    geometry: &Geometry,
    context: &mut ViewContext<'_>,
    size: [u32; 2],
) {
    if !context.state.correction.is_on {
        return;
    }
    let mut worker =
        Worker { hand: hand(ui), way: Vec::new(), last: context.state.correction.line.clone(), geometry, size };
    let (events, is_touched_twice, is_down, is_space, time) = ui.input(|input| {
        let is_down = input.pointer.any_down() || input.any_touches();
        let is_space = input.key_down(Key::Space);
        (input.events.clone(), input.multi_touch().is_some(), is_down, is_space, input.time)
    });
    if is_touched_twice {
        worker.rest(context);
    }
    for event in &events {
        match *event {
            Event::PointerButton { pos, button, pressed: true, modifiers }
                if worker.hand.work == Work::Free && is_on_photo(ui, response, pos) =>
            {
                worker.press(context, time, pos, (button, modifiers, is_space));
            }
            Event::PointerMoved(point) => worker.way.push(point),
            Event::PointerButton { pressed: false, .. } => worker.release(context),
            _ => {}
        }
    }
    worker.go_along(context);
    if !is_down {
        // The release may have gone to another window.
        worker.release(context);
    }
    let hand = worker.hand;
    ui.ctx().data_mut(|data| data.insert_temp(hand_id(), hand));
}

/// Whether a press there is for the photo, and for nothing that floats over it.
fn is_on_photo(ui: &Ui, response: &Response, point: Pos2) -> bool {
    response.rect.contains(point)
        && !egui::Popup::is_any_open(ui.ctx())
        && !canvas_controls::zoom_rect(response.rect).contains(point)
        && ui.ctx().layer_id_at(point).is_none_or(|layer| layer == response.layer_id)
}

struct Worker<'a> {
    hand: Hand,
    /// Where the pointer went since the last command.
    way: Vec<Pos2>,
    /// The open line with what this frame adds to it.
    last: Vec<[f32; 2]>,
    geometry: &'a Geometry,
    size: [u32; 2],
}

impl Worker<'_> {
    fn at(&self, point: Pos2) -> [f32; 2] {
        self.geometry.image_point(point, self.size)
    }

    /// A second finger: what the first began is given up, and both move the photo.
    fn rest(&mut self, context: &mut ViewContext<'_>) {
        match self.hand.work {
            Work::Strokes => context.send(CorrectionChange::Cancel),
            Work::Circles(_) => context.send(CorrectionChange::CancelLine),
            _ => {}
        }
        self.hand.work = Work::Rests;
    }

    /// What a press begins.
    fn press(
        &mut self,
        context: &mut ViewContext<'_>,
        time: f64,
        from: Pos2,
        (button, modifiers, is_space): (PointerButton, Modifiers, bool),
    ) {
        let before = self.hand.pressed.replace((time, from));
        let is_again = before
            .is_some_and(|(then, there)| time - then < DOUBLE_SECONDS && there.distance(from) < DOUBLE_POINTS);
        self.way.clear();
        if button == PointerButton::Middle || is_space {
            self.hand.work = Work::Pans;
            return;
        }
        let at = self.at(from);
        let correction = &context.state.correction;
        let mode = mode_of(correction, button == PointerButton::Secondary || modifiers.alt);
        self.hand.work = match correction.tool {
            Tool::Brush | Tool::Eraser => {
                let radius_px = correction.brush_px / 2.0;
                context.send(CorrectionChange::Begin { mode, radius_px, at });
                Work::Strokes
            }
            Tool::Lasso => {
                self.add(context, at);
                Work::Circles(mode)
            }
            Tool::Polygon => {
                let near = |corner: &[f32; 2]| {
                    self.geometry.screen_from_image(*corner, self.size).distance(from) <= CLOSES_WITHIN
                };
                if self.last.len() > 2 && (is_again || self.last.first().is_some_and(near)) {
                    self.last.clear();
                    context.send(CorrectionChange::CloseLine(mode));
                } else if !is_again {
                    self.add(context, at);
                }
                Work::Rests
            }
        };
    }

    fn add(&mut self, context: &mut ViewContext<'_>, at: [f32; 2]) {
        self.last.push(at);
        context.send(CorrectionChange::Point(at));
    }

    /// Sends the way that was gone.
    fn go_along(&mut self, context: &mut ViewContext<'_>) {
        let points: Vec<[f32; 2]> =
            self.way.drain(..).map(|point| self.geometry.image_point(point, self.size)).collect();
        match self.hand.work {
            Work::Strokes if !points.is_empty() => context.send(CorrectionChange::Along(points)),
            Work::Circles(_) => {
                let step = LASSO_STEP / self.geometry.points_per_px(self.size);
                for point in points {
                    if self.last.last().is_none_or(|[x, y]| (x - point[0]).hypot(y - point[1]) >= step) {
                        self.add(context, point);
                    }
                }
            }
            _ => {}
        }
    }

    fn release(&mut self, context: &mut ViewContext<'_>) {
        self.go_along(context);
        match self.hand.work {
            Work::Strokes => context.send(CorrectionChange::End),
            Work::Circles(mode) => {
                self.last.clear();
                context.send(CorrectionChange::CloseLine(mode));
            }
            _ => {}
        }
        self.hand.work = Work::Free;
    }
}

/// What the tool gives, or takes; the other way round with Alt or the right button.
pub(super) fn mode_of(correction: &Correction, is_other: bool) -> Mode {
    let mode = match correction.tool {
        Tool::Brush => Mode::Paint,
        Tool::Eraser => Mode::Erase,
        Tool::Polygon | Tool::Lasso => correction.mode,
    };
    match (mode, is_other) {
        (mode, false) => mode,
        (Mode::Paint, true) => Mode::Erase,
        (Mode::Erase, true) => Mode::Paint,
    }
}
