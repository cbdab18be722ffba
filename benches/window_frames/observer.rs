//! Sets the window's tool and zoom for each row, moves the pointer, and takes the time of every frame: from the beginning
//! of one to the beginning of the next, so input, strokes on the mask, textures, layout, tessellation, OpenGL and the swap.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use dermaloupe::app::Window;
use dermaloupe::app::command::Command;
use dermaloupe::app::command::action::Action;
use dermaloupe::app::command::change::CorrectionChange;
use dermaloupe::app::command::change::DisplayChange;
use dermaloupe::app::model::geometry::Geometry;
use dermaloupe::app::observe::Observer;
use dermaloupe::display::Tone;
use egui::{Event, Modifiers, PointerButton, Pos2, RawInput, vec2};

use crate::cpu_time::cpu_seconds;

/// What the pointer does while frames are measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Activity {
    /// It hovers: what a frame costs anyway.
    Hovering,
    /// It hovers, and brightness, contrast and gamma are others in every frame.
    Adjusting,
    /// It paints; what changed is sent.
    Painting,
    /// It paints; all of the mask that is in sight is sent at each step.
    PaintingWhole,
    /// It paints in the view of outlines: the outline follows, and the stroke's trace is sent.
    Outlining,
}

impl Activity {
    fn paints(self) -> bool {
        matches!(self, Self::Painting | Self::PaintingWhole | Self::Outlining)
    }

    /// The view that it is measured in.
    fn view(self) -> Action {
        if self == Self::Outlining { Action::ShowOutline } else { Action::ShowFill }
    }
}

/// One measurement.
#[derive(Clone, Debug)]
pub(crate) struct FrameTimes {
    /// What the pointer did.
    pub(crate) activity: Activity,
    /// Screen pixels a photo pixel.
    pub(crate) zoom: f32,
    /// Diameter of the brush.
    pub(crate) brush_px: f32,
    /// Milliseconds of each frame, by the clock.
    pub(crate) wall_millis: Vec<f64>,
    /// Milliseconds of each frame that processors worked for this program, all threads; empty where the system does
    /// not say.
    pub(crate) cpu_millis: Vec<f64>,
}

/// What is measured, and where it goes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Measurements(Arc<Mutex<(Vec<FrameTimes>, String)>>);

impl Measurements {
    /// The rows, and what draws the window.
    pub(crate) fn take(&self) -> (Vec<FrameTimes>, String) {
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
    activity: Activity,
    is_close: bool,
    brush_px: f32,
}

/// The measuring under way.
pub(crate) struct FrameTimer {
    measured: Measurements,
    frames: usize,
    plans: Vec<Plan>,
    /// Frame of the plan at the front; `None` until the window has come to rest.
    frame: Option<usize>,
    started: Option<(Instant, Option<f64>)>,
    row: Option<FrameTimes>,
    quiet_frames: usize,
}

impl FrameTimer {
    pub(crate) fn new(measured: Measurements, frames: usize) -> Self {
        let mut plans = Vec::new();
        for is_close in [true, false] {
            for brush_px in BRUSHES_PX.into_iter().rev() {
                // Taken from the end: hovering first.
                plans.extend(
                    [Activity::PaintingWhole, Activity::Outlining, Activity::Painting, Activity::Hovering]
                        .map(|activity| Plan { activity, is_close, brush_px }),
                );
            }
            plans.push(Plan { activity: Activity::Adjusting, is_close, brush_px: BRUSHES_PX[0] });
        }
        Self { measured, frames, plans, frame: None, started: None, row: None, quiet_frames: 0 }
    }
}

/// A path over the photo that never comes twice to the same place soon: loops that wander around.
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

impl Observer for FrameTimer {
    /// Takes the time of the frame that has ended and sets up the next.
    fn begin_frame(&mut self, window: &mut Window, ctx: &egui::Context) {
        ctx.request_repaint();
        self.note_frame();
        match self.frame {
            Some(frame) if frame > WARM_UP + self.frames + 1 => {
                self.plans.pop();
                set_tone(window, Tone::default());
                self.frame = None;
                self.quiet_frames = 0;
                let mut measured = self.measured.0.lock().unwrap_or_else(PoisonError::into_inner);
                measured.0.extend(self.row.take());
            }
            Some(frame) => {
                self.frame = Some(frame + 1);
                if self.plans.last().is_some_and(|plan| plan.activity == Activity::Adjusting) {
                    set_tone(window, moving_tone(frame));
                }
            }
            None => self.begin_plan(window, ctx),
        }
    }

    /// Pointer events of the frame that begins.
    fn change_input(&mut self, window: &Window, raw: &mut RawInput) {
        let (Some(frame), Some(plan), Some(geometry)) = (self.frame, self.plans.last(), window.geometry()) else {
            return;
        };
        raw.events.retain(|event| !matches!(event, Event::PointerMoved(_) | Event::PointerGone));
        let at = |step: usize| place(&geometry, step);
        let button = |pressed| Event::PointerButton {
            pos: at(frame * MOVES_A_FRAME),
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        };
        raw.events.extend((1..=MOVES_A_FRAME).map(|step| Event::PointerMoved(at(frame * MOVES_A_FRAME + step))));
        if plan.activity.paints() && frame == 1 {
            raw.events.push(button(true));
        } else if plan.activity.paints() && frame == WARM_UP + self.frames + 1 {
            raw.events.push(button(false));
        }
    }
}

impl FrameTimer {
    fn note_frame(&mut self) {
        let now = (Instant::now(), cpu_seconds());
        if let (Some(frame), Some(row), Some((started, cpu))) = (self.frame, &mut self.row, self.started)
            && (WARM_UP + 1..=WARM_UP + self.frames).contains(&frame)
        {
            row.wall_millis.push(now.0.duration_since(started).as_secs_f64() * 1e3);
            row.cpu_millis.extend(cpu.zip(now.1).map(|(before, after)| (after - before) * 1e3));
        }
        self.started = Some(now);
    }

    /// Waits for rest, then sets the next plan's tool and zoom; closes the window after the last.
    fn begin_plan(&mut self, window: &mut Window, ctx: &egui::Context) {
        if !window.is_idle() {
            self.quiet_frames = 0;
            return;
        }
        self.quiet_frames += 1;
        let Some(plan) = self.plans.last().copied() else {
            self.measured.0.lock().unwrap_or_else(PoisonError::into_inner).1 = window.graphics().to_owned();
            ctx.send_viewport_cmd(egui::ViewportCommand::Close);
            return;
        };
        if !window.state().correction.is_on {
            window.send(Action::ToggleCorrection.into());
            return;
        }
        match self.quiet_frames {
            1 => {
                window.send(CorrectionChange::BrushSize(plan.brush_px).into());
                window.send(plan.activity.view().into());
                window.send(if plan.is_close { Action::ZoomActual } else { Action::ZoomFit }.into());
                window.send_whole_mask(plan.activity == Activity::PaintingWhole);
            }
            WARM_UP => {
                let zoom = window.geometry().map_or(0.0, |geometry| geometry.zoom);
                let Plan { activity, brush_px, .. } = plan;
                self.row =
                    Some(FrameTimes { activity, zoom, brush_px, wall_millis: Vec::new(), cpu_millis: Vec::new() });
                self.frame = Some(0);
            }
            _ => {}
        }
    }
}

fn set_tone(window: &mut Window, tone: Tone) {
    window.send(Command::Display(DisplayChange::Tone(tone)));
}
