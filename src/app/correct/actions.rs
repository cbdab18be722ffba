//! The tools' keys and buttons.

use eframe::egui;

use super::Turn;
use crate::app::Window;
use crate::app::command::{Action, Correct, OverlayView};
use crate::app::correction_state::Tool;
use crate::app::notices::Weight;
use crate::correction::{Change, Edit, Mode};
use crate::words;

/// How much a key changes the brush.
const BRUSH_STEP: f32 = 1.2;

impl Window {
    /// Actions of the tools.
    pub(in crate::app) fn perform_correction(&mut self, ctx: &egui::Context, action: Action) {
        let reach_px = self.state.correction.reach_px;
        let brush_px = self.state.correction.brush_px;
        let edit = |edit| Some(Turn::Whole(Change::Edit(edit)));
        let turn = match action {
            Action::BrushSmaller => {
                self.correct(ctx, Correct::BrushSize((brush_px / BRUSH_STEP).min(brush_px - 1.0)));
                None
            }
            Action::BrushLarger => {
                self.correct(ctx, Correct::BrushSize((brush_px * BRUSH_STEP).max(brush_px + 1.0)));
                None
            }
            Action::FillHoles => edit(Edit::FillHoles),
            Action::KeepLargest => edit(Edit::KeepLargest),
            Action::Smooth => edit(Edit::Smooth { radius_px: reach_px }),
            Action::Grow => edit(Edit::Grow { by_px: reach_px }),
            Action::Shrink => edit(Edit::Shrink { by_px: reach_px }),
            Action::Undo if self.state.correction.line.pop().is_none() => Some(Turn::Undo),
            Action::Redo => Some(Turn::Redo),
            Action::StartFromNetwork => self.network_mask().map(Turn::Whole),
            Action::StartEmpty => Some(Turn::Whole(Change::Empty)),
            Action::StartFromReference => self.reference_mask(ctx).map(Turn::Whole),
            _ => {
                self.handle_tools(ctx, action);
                None
            }
        };
        if let Some(turn) = turn {
            self.take_turn(turn);
        }
    }

    /// Actions that change no mask.
    fn handle_tools(&mut self, ctx: &egui::Context, action: Action) {
        match action {
            Action::ToggleCorrection => self.toggle_correction(ctx),
            Action::UseBrush | Action::UseEraser | Action::UsePolygon | Action::UseLasso => self.take_tool(action),
            Action::RemovePoint => {
                self.state.correction.line.pop();
            }
            Action::CloseLine => self.close_line(self.state.correction.mode),
            Action::UseOtherMask => {
                let is_used = self.state.current.edited.as_ref().is_some_and(|edited| edited.is_used);
                self.correct(ctx, Correct::UseEdited(!is_used));
            }
            _ => {}
        }
    }

    fn take_tool(&mut self, action: Action) {
        let correction = &mut self.state.correction;
        correction.line.clear();
        correction.tool = match action {
            Action::UseEraser => Tool::Eraser,
            Action::UsePolygon => Tool::Polygon,
            Action::UseLasso => Tool::Lasso,
            _ => Tool::Brush,
        };
    }

    /// The open line becomes an edit.
    pub(super) fn close_line(&mut self, mode: Mode) {
        let points = std::mem::take(&mut self.state.correction.line);
        if points.len() > 2 {
            self.take_turn(Turn::Within(match self.state.correction.tool {
                Tool::Lasso => Edit::Lasso { mode, points },
                _ => Edit::Polygon { mode, points },
            }));
        }
    }

    fn network_mask(&self) -> Option<Change> {
        let segmentation = self.state.current.segmentation.clone()?;
        Some(Change::Network { segmentation, threshold: self.state.overlay.threshold })
    }

    fn reference_mask(&mut self, ctx: &egui::Context) -> Option<Change> {
        let Some(reference) = self.state.current.reference.clone() else {
            self.tell(
                ctx,
                Weight::Info,
                words!("correct-no-reference", key = Action::OpenReference.shortcut_text()),
            );
            return None;
        };
        Some(Change::Reference { name: reference.name.clone().unwrap_or_default(), mask: reference.mask.clone() })
    }

    fn toggle_correction(&mut self, ctx: &egui::Context) {
        if self.state.correction.is_on {
            self.leave_correction();
            return;
        }
        if self.state.current.photo.is_none() || self.state.is_busy() {
            self.tell(ctx, Weight::Info, words!("correct-nothing-yet"));
            return;
        }
        self.restore(true);
        self.state.correction.is_on = true;
        if self.state.overlay.view == OverlayView::Off {
            self.state.overlay.view = OverlayView::Outline;
        }
        if self.correcting.history.is_none() {
            self.change(self.network_mask().unwrap_or(Change::Empty));
        } else {
            self.show_edited(None);
        }
    }

    /// Puts the tools away. The mask stays as it is, and in the journal; its picture is written beside it.
    fn leave_correction(&mut self) {
        self.drop_stroke();
        self.state.correction.is_on = false;
        self.state.correction.line.clear();
        self.textures.paint.clear();
        self.correcting.end();
        if !self.correcting.has_steps() && self.state.current.edited.is_none() {
            // Nothing was done: the next time begins from the threshold of then.
            (self.correcting.history, self.correcting.live, self.correcting.begin) = (None, None, None);
        }
    }

    /// Escape: an open line is given up. False when there is none.
    pub(in crate::app) fn cancel_line(&mut self) -> bool {
        let is_open = !self.state.correction.line.is_empty();
        self.state.correction.line.clear();
        is_open
    }
}
