//! The tools that correct the mask: their keys and buttons.

use super::Update;
use super::effect::PictureChange;
use crate::app::command::action::Action;
use crate::app::command::change::CorrectionChange;
use crate::app::model::correction::{BRUSH_PX, REACH_PX, Tool};
use crate::app::model::editing::QueuedEdit;
use crate::app::model::notices::Severity;
use crate::correction::{Edit, MaskChange, Mode};
use crate::overlay::view::OverlayView;
use crate::words;

/// How much a key changes the brush.
const BRUSH_STEP: f32 = 1.2;

impl Update<'_> {
    /// Carries out what a person asks of the mask.
    pub(super) fn change_correction(&mut self, change: CorrectionChange) {
        let correction = &mut self.state.correction;
        match change {
            CorrectionChange::BrushSize(px) => {
                correction.brush_px = px.round().clamp(*BRUSH_PX.start(), *BRUSH_PX.end());
            }
            CorrectionChange::Reach(px) => correction.reach_px = px.clamp(*REACH_PX.start(), *REACH_PX.end()),
            CorrectionChange::Mode(mode) => correction.mode = mode,
            CorrectionChange::CancelLine => correction.line.clear(),
            CorrectionChange::DrawByHand => self.draw_by_hand(),
            CorrectionChange::Point(point) => correction.line.push(point),
            CorrectionChange::Restore(is_whole) => self.restore_correction(is_whole),
            CorrectionChange::UseEdited(is_used) => {
                if let Some(edited) = &mut self.state.current.edited {
                    edited.is_used = is_used;
                }
            }
            CorrectionChange::CloseLine(mode) => self.close_line(mode),
            CorrectionChange::Stroke(step) => self.queue_edit(QueuedEdit::Stroke(step)),
            CorrectionChange::Pointer(pointer) => correction.pointer = pointer,
        }
    }

    pub(super) fn step_brush(&mut self, is_up: bool) {
        let brush_px = self.state.correction.brush_px;
        let next = if is_up {
            (brush_px * BRUSH_STEP).max(brush_px + 1.0)
        } else {
            (brush_px / BRUSH_STEP).min(brush_px - 1.0)
        };
        self.change_correction(CorrectionChange::BrushSize(next));
    }

    /// Fills holes, keeps the largest part, smooths, grows or shrinks.
    pub(super) fn edit_whole_mask(&mut self, action: Action) {
        let reach_px = self.state.correction.reach_px;
        let edit = match action {
            Action::FillHoles => Edit::FillHoles,
            Action::KeepLargest => Edit::KeepLargest,
            Action::Smooth => Edit::Smooth { radius_px: reach_px },
            Action::Grow => Edit::Grow { by_px: reach_px },
            _ => Edit::Shrink { by_px: reach_px },
        };
        self.queue_edit(QueuedEdit::Whole(MaskChange::Edit(edit)));
    }

    /// The open line loses its last point, or else the mask its last step.
    pub(super) fn undo(&mut self) {
        if self.state.correction.line.pop().is_none() {
            self.queue_edit(QueuedEdit::Undo);
        }
    }

    pub(super) fn use_other_mask(&mut self) {
        if let Some(edited) = &mut self.state.current.edited {
            edited.is_used = !edited.is_used;
        }
    }

    /// Takes the brush, the eraser, the polygon or the lasso.
    pub(super) fn take_tool(&mut self, action: Action) {
        self.use_tool(match action {
            Action::UseBrush => Tool::Brush,
            Action::UseEraser => Tool::Eraser,
            Action::UsePolygon => Tool::Polygon,
            _ => Tool::Lasso,
        });
    }

    fn use_tool(&mut self, tool: Tool) {
        self.state.correction.line.clear();
        self.state.correction.tool = tool;
    }

    /// The open line becomes an edit.
    pub(super) fn close_line(&mut self, mode: Mode) {
        let points = std::mem::take(&mut self.state.correction.line);
        if points.len() > 2 {
            self.queue_edit(QueuedEdit::Within(match self.state.correction.tool {
                Tool::Lasso => Edit::Lasso { mode, points },
                Tool::Brush | Tool::Eraser | Tool::Polygon => Edit::Polygon { mode, points },
            }));
        }
    }

    fn network_mask(&self) -> Option<MaskChange> {
        let segmentation = self.state.current.segmentation.clone()?;
        Some(MaskChange::Network { segmentation, threshold: self.state.overlay.threshold })
    }

    /// Begins again from the network's mask, from the reference, or without lesion.
    pub(super) fn start_again(&mut self, action: Action) {
        match action {
            Action::StartFromNetwork => self.start_from_network(),
            Action::StartFromReference => self.start_from_reference(),
            _ => self.queue_edit(QueuedEdit::Whole(MaskChange::Empty)),
        }
    }

    fn start_from_network(&mut self) {
        if let Some(change) = self.network_mask() {
            self.queue_edit(QueuedEdit::Whole(change));
        }
    }

    fn start_from_reference(&mut self) {
        let Some(reference) = self.state.current.reference.clone() else {
            let key = self.state.preferences.keys.shown(Action::OpenReference);
            self.tell(Severity::Info, words!("correct-no-reference", key = key));
            return;
        };
        let (name, mask) = (reference.name.clone().unwrap_or_default(), reference.mask.clone());
        self.queue_edit(QueuedEdit::Whole(MaskChange::Reference { name, mask }));
    }

    pub(super) fn toggle_correction(&mut self) {
        if self.state.correction.is_on {
            self.leave_correction();
            return;
        }
        if !self.capabilities.corrections || self.state.current.photo.is_none() || self.state.is_busy() {
            self.tell(Severity::Info, words!("correct-nothing-yet"));
            return;
        }
        self.begin_correcting(None);
    }

    /// Corrects from an empty mask on, with the brush: there is nothing to begin with.
    fn draw_by_hand(&mut self) {
        if !self.state.correction.is_on && self.capabilities.corrections && !self.state.is_busy() {
            self.use_tool(Tool::Brush);
            self.begin_correcting(Some(MaskChange::Empty));
        }
    }

    /// Takes the tools out. What was corrected before goes on; else it begins from `start`, or from the network's mask.
    fn begin_correcting(&mut self, start: Option<MaskChange>) {
        self.restore_correction(true);
        self.state.correction.is_on = true;
        if self.state.overlay.view == OverlayView::Off {
            self.state.overlay.view = OverlayView::Outline;
        }
        if self.state.editing.history.is_none() {
            self.change_mask(start.or_else(|| self.network_mask()).unwrap_or(MaskChange::Empty));
        } else {
            self.show_edited(None);
        }
    }

    /// Hides the tools. The mask stays as it is, and in the journal; its picture is written beside it.
    fn leave_correction(&mut self) {
        self.drop_stroke();
        self.state.correction.is_on = false;
        self.state.correction.line.clear();
        self.effects.push(PictureChange::PaintEnded.into());
        self.end_editing();
        let editing = &mut self.state.editing;
        if !editing.has_steps() && self.state.current.edited.is_none() {
            // Nothing was done: the next time begins from the threshold of then.
            (editing.history, editing.live, editing.begin) = (None, None, None);
        }
        self.refresh_table();
    }
}
