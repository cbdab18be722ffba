//! `bench --brush`: what a frame costs while the brush paints, in the real window, beside a hand that only hovers and
//! beside sending the whole mask to the graphics card at every step; and while the photo's brightness moves.
//!
//! Frames follow each other without a pause and without waiting for the screen; a frame is measured from the beginning
//! of one to the beginning of the next: input, strokes on the mask, textures, layout, tessellation, OpenGL and the swap.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use eframe::egui::{self, Event, Modifiers, PointerButton, Pos2, RawInput, vec2};

use super::Window;
use super::command::{Action, Correct};
use super::display::Change;
use super::geometry::Geometry;
use crate::display::Tone;

/// What a hand does while frames are measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// It hovers: what a frame costs anyway.
    Hovering,
    /// It hovers, and brightness, contrast and gamma are others in every frame.
    Adjusting,
    /// It paints; what changed is sent.
    Parts,
    /// It paints; all of the mask that is in sight is sent at each step.
    Whole,
}

impl Way {
    fn paints(self) -> bool {
        matches!(self, Self::Parts | Self::Whole)
    }
}

/// One measurement.
#[derive(Clone, Debug)]
pub struct Row {
    /// What the hand did.
    pub way: Way,
    /// Screen pixels a photo pixel.
    pub zoom: f32,
    /// Diameter of the brush.
    pub brush_px: f32,
    /// Milliseconds of each frame, by the clock.
    pub wall_millis: Vec<f64>,
    /// Milliseconds of each frame that processors worked for this program, all threads; empty where the system does
    /// not say.
    pub cpu_millis: Vec<f64>,
}

/// What is measured, and where it goes.
#[derive(Clone, Debug, Default)]
pub struct Measured(Arc<Mutex<(Vec<Row>, String)>>);

impl Measured {
    /// The rows, and what draws the window.
    #[must_use]
    pub fn take(&self) -> (Vec<Row>, String) {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Diameters of the brush: a usual one, and a large one.
const BRUSHES_PX: [f32; 2] = [100.0, 600.0];

/// Frames before the measured ones, while tiles come and the stroke begins.
const WARM_UP: usize = 12;

/// Moves of the pointer in each frame: a mouse of 250 steps a second at 60 frames.
const MOVES_A_FRAME: usize = 4;

#[derive(Clone, Copy)]
struct Plan {
    way: Way,
    is_close: bool,
    brush_px: f32,
}

/// The measuring under way.
pub(super) struct BrushBench {
    measured: Measured,
    frames: usize,
    plans: Vec<Plan>,
    /// Frame of the plan at the front; `None` until the window has come to rest.
    frame: Option<usize>,
    started: Option<(Instant, Option<f64>)>,
    row: Option<Row>,
    quiet_frames: usize,
}

impl BrushBench {
    pub(super) fn new(measured: Measured, frames: usize) -> Self {
        let mut plans = Vec::new();
        for is_close in [true, false] {
            for brush_px in BRUSHES_PX.into_iter().rev() {
                // Taken from the end: hovering first.
                plans.extend([Way::Whole, Way::Parts, Way::Hovering].map(|way| Plan { way, is_close, brush_px }));
            }
            plans.push(Plan { way: Way::Adjusting, is_close, brush_px: BRUSHES_PX[0] });
        }
        Self { measured, frames, plans, frame: None, started: None, row: None, quiet_frames: 0 }
    }

    /// Pointer events of the frame that begins.
    pub(super) fn feed(&self, raw: &mut RawInput, geometry: Option<&Geometry>) {
        let (Some(frame), Some(plan), Some(geometry)) = (self.frame, self.plans.last(), geometry) else { return };
        raw.events.retain(|event| !matches!(event, Event::PointerMoved(_) | Event::PointerGone));
        let at = |step: usize| place(geometry, step);
        let button = |pressed| Event::PointerButton {
            pos: at(frame * MOVES_A_FRAME),
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        };
        raw.events.extend((1..=MOVES_A_FRAME).map(|step| Event::PointerMoved(at(frame * MOVES_A_FRAME + step))));
        if plan.way.paints() && frame == 1 {
            raw.events.push(button(true));
        } else if plan.way.paints() && frame == WARM_UP + self.frames + 1 {
            raw.events.push(button(false));
        }
    }
}

/// A way over the photo that never comes twice to the same place soon: loops that wander around.
fn place(geometry: &Geometry, step: usize) -> Pos2 {
    let room = geometry.canvas.intersect(geometry.photo).shrink(60.0);
    let angle = step as f32 * 0.02;
    let radius = vec2(room.width(), room.height()) * 0.5;
    room.center() + vec2(radius.x * (angle * 1.0).cos(), radius.y * (angle * 1.37).sin()) * 0.9
}

/// Another in each frame, never neutral.
fn moving_tone(frame: usize) -> Tone {
    let wave = (frame as f32 * 0.1).sin();
    Tone { brightness: 0.3 * wave, contrast: 0.2, gamma: 1.0 + 0.3 * wave }
}

impl Window {
    /// Measures the frame that has ended and sets up the next.
    pub(super) fn proceed_brush_bench(&mut self, ctx: &egui::Context) {
        let Some(mut bench) = self.brush_bench.take() else { return };
        ctx.request_repaint();
        let now = (Instant::now(), cpu_seconds());
        if let (Some(frame), Some(row), Some((started, cpu))) = (bench.frame, &mut bench.row, bench.started)
            && (WARM_UP + 1..=WARM_UP + bench.frames).contains(&frame)
        {
            row.wall_millis.push(now.0.duration_since(started).as_secs_f64() * 1e3);
            row.cpu_millis.extend(cpu.zip(now.1).map(|(before, after)| (after - before) * 1e3));
        }
        bench.started = Some(now);
        match bench.frame {
            Some(frame) if frame > WARM_UP + bench.frames + 1 => {
                bench.plans.pop();
                self.change_display(Change::Tone(Tone::default()));
                bench.frame = None;
                bench.quiet_frames = 0;
                let mut measured = bench.measured.0.lock().unwrap_or_else(PoisonError::into_inner);
                measured.0.extend(bench.row.take());
            }
            Some(frame) => {
                bench.frame = Some(frame + 1);
                if bench.plans.last().is_some_and(|plan| plan.way == Way::Adjusting) {
                    self.change_display(Change::Tone(moving_tone(frame)));
                }
            }
            None => self.begin_brush_plan(ctx, &mut bench),
        }
        self.brush_bench = Some(bench);
    }

    /// Waits for rest, then sets the next plan's tool and look; closes the window after the last.
    fn begin_brush_plan(&mut self, ctx: &egui::Context, bench: &mut BrushBench) {
        if !self.is_idle() {
            bench.quiet_frames = 0;
            return;
        }
        bench.quiet_frames += 1;
        let Some(plan) = bench.plans.last().copied() else {
            let graphics = super::views::about_graphics(ctx);
            bench.measured.0.lock().unwrap_or_else(PoisonError::into_inner).1 = graphics;
            ctx.send_viewport_cmd(egui::ViewportCommand::Close);
            return;
        };
        if !self.state.correction.is_on {
            self.send(Action::ToggleCorrection.into());
            return;
        }
        match bench.quiet_frames {
            1 => {
                self.send(Correct::BrushSize(plan.brush_px).into());
                self.send(if plan.is_close { Action::ZoomActual } else { Action::ZoomFit }.into());
                self.textures.paint.send_whole(plan.way == Way::Whole);
            }
            WARM_UP => {
                let zoom = self.geometry.map_or(0.0, |geometry| geometry.zoom);
                let Plan { way, brush_px, .. } = plan;
                bench.row = Some(Row { way, zoom, brush_px, wall_millis: Vec::new(), cpu_millis: Vec::new() });
                bench.frame = Some(0);
            }
            _ => {}
        }
    }
}

/// Seconds that processors have worked for this program's threads, where the system says it finely.
fn cpu_seconds() -> Option<f64> {
    let tasks = std::fs::read_dir("/proc/self/task").ok()?;
    let mut nanos = 0.0;
    for task in tasks.flatten() {
        let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        nanos += text.split(' ').next()?.parse::<f64>().ok()?;
    }
    Some(nanos / 1e9)
}
