//! The pointer over the mask: strokes, corners and lines from every step that it made, however slow the frame.

use eframe::egui::{self, Event, Key, Modifiers, PointerButton, Pos2, Response, Ui};

use super::canvas_controls;
use super::context::ViewContext;
use crate::app::command::change::CorrectionChange;
use crate::app::model::correction::{Correction, PointerDrag, PointerTool, Tool};
use crate::app::model::editing::StrokeStep;
use crate::app::model::geometry::Geometry;
use crate::correction::Mode;
use crate::language::Language;

/// How near a press has to be to the polygon's first corner to close it, in points.
pub(super) const CLOSES_WITHIN: f32 = 10.0;

/// A second press this soon, in seconds, and this near, in points, closes the polygon.
const DOUBLE_SECONDS: f64 = 0.4;
const DOUBLE_POINTS: f32 = 5.0;

/// A lasso's points are at least this far apart, in points of the screen.
const LASSO_STEP: f32 = 1.5;

/// Turns what the pointer did in this frame into commands; returns how it is left.
pub(super) fn pointer_tool_ui(
    ui: &Ui,
    response: &Response,
    geometry: &Geometry,
    context: &mut ViewContext<'_>,
    size: [u32; 2],
) -> PointerTool {
    let before = context.state.correction.pointer;
    if !context.state.correction.is_on {
        return before;
    }
    let line = context.state.correction.line.clone();
    let mut reader = PointerReader { pointer: before, path: Vec::new(), line, geometry, size };
    let (events, is_touched_twice, is_down, is_space, time) = ui.input(|input| {
        let is_down = input.pointer.any_down() || input.any_touches();
        let is_space = input.key_down(Key::Space);
        (input.events.clone(), input.multi_touch().is_some(), is_down, is_space, input.time)
    });
    if is_touched_twice {
        reader.take_second_finger(context);
    }
    for event in &events {
        match *event {
            Event::PointerButton { pos, button, pressed: true, modifiers }
                if reader.pointer.drag == PointerDrag::None
                    && is_on_photo(ui, context.language(), response, pos) =>
            {
                reader.press(context, time, pos, (button, modifiers, is_space));
            }
            Event::PointerMoved(point) => reader.path.push(point),
            Event::PointerButton { pressed: false, .. } => reader.release(context),
            _ => {}
        }
    }
    reader.send_path(context);
    if !is_down {
        // The release may have gone to another window.
        reader.release(context);
    }
    if reader.pointer != before {
        context.send(CorrectionChange::Pointer(reader.pointer));
    }
    reader.pointer
}

/// Whether a press there is for the photo, and for nothing that floats over it.
fn is_on_photo(ui: &Ui, language: Language, response: &Response, point: Pos2) -> bool {
    response.rect.contains(point)
        && !egui::Popup::is_any_open(ui.ctx())
        && !canvas_controls::zoom_rect(ui, language, response.rect).contains(point)
        && ui.ctx().layer_id_at(point).is_none_or(|layer| layer == response.layer_id)
}

/// Reads the pointer's events of one frame.
struct PointerReader<'a> {
    pointer: PointerTool,
    /// Where the pointer went since the last command, on the screen.
    path: Vec<Pos2>,
    /// The open line with what this frame adds to it.
    line: Vec<[f32; 2]>,
    geometry: &'a Geometry,
    size: [u32; 2],
}

impl PointerReader<'_> {
    fn at(&self, point: Pos2) -> [f32; 2] {
        self.geometry.image_point(point, self.size)
    }

    /// A second finger: what the first began is given up, and both move the photo.
    fn take_second_finger(&mut self, context: &mut ViewContext<'_>) {
        match self.pointer.drag {
            PointerDrag::Stroke => context.send(StrokeStep::Cancel),
            PointerDrag::Lasso(_) => context.send(CorrectionChange::CancelLine),
            _ => {}
        }
        self.pointer.drag = PointerDrag::Ignored;
    }

    /// What a press begins.
    fn press(
        &mut self,
        context: &mut ViewContext<'_>,
        time: f64,
        from: Pos2,
        (button, modifiers, is_space): (PointerButton, Modifiers, bool),
    ) {
        let before = self.pointer.last_press.replace((time, from));
        let is_again = before
            .is_some_and(|(then, there)| time - then < DOUBLE_SECONDS && there.distance(from) < DOUBLE_POINTS);
        self.path.clear();
        if button == PointerButton::Middle || is_space {
            self.pointer.drag = PointerDrag::Pan;
            return;
        }
        let at = self.at(from);
        let correction = &context.state.correction;
        let mode = mode_of(correction, button == PointerButton::Secondary || modifiers.alt);
        self.pointer.drag = match correction.tool {
            Tool::Brush | Tool::Eraser => {
                let radius_px = correction.brush_px / 2.0;
                context.send(StrokeStep::Begin { mode, radius_px, at });
                PointerDrag::Stroke
            }
            Tool::Lasso => {
                self.add(context, at);
                PointerDrag::Lasso(mode)
            }
            Tool::Polygon => {
                let near = |corner: &[f32; 2]| {
                    self.geometry.screen_from_image(*corner, self.size).distance(from) <= CLOSES_WITHIN
                };
                if self.line.len() > 2 && (is_again || self.line.first().is_some_and(near)) {
                    self.line.clear();
                    context.send(CorrectionChange::CloseLine(mode));
                } else if !is_again {
                    self.add(context, at);
                }
                PointerDrag::Ignored
            }
        };
    }

    fn add(&mut self, context: &mut ViewContext<'_>, at: [f32; 2]) {
        self.line.push(at);
        context.send(CorrectionChange::Point(at));
    }

    /// Sends where the pointer went.
    fn send_path(&mut self, context: &mut ViewContext<'_>) {
        let points: Vec<[f32; 2]> =
            self.path.drain(..).map(|point| self.geometry.image_point(point, self.size)).collect();
        match self.pointer.drag {
            PointerDrag::Stroke if !points.is_empty() => context.send(StrokeStep::Along(points)),
            PointerDrag::Lasso(_) => {
                let step = LASSO_STEP / self.geometry.points_per_px(self.size);
                for point in points {
                    if self.line.last().is_none_or(|[x, y]| (x - point[0]).hypot(y - point[1]) >= step) {
                        self.add(context, point);
                    }
                }
            }
            _ => {}
        }
    }

    fn release(&mut self, context: &mut ViewContext<'_>) {
        self.send_path(context);
        match self.pointer.drag {
            PointerDrag::Stroke => context.send(StrokeStep::End),
            PointerDrag::Lasso(mode) => {
                self.line.clear();
                context.send(CorrectionChange::CloseLine(mode));
            }
            _ => {}
        }
        self.pointer.drag = PointerDrag::None;
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
