//! The edits of the mask, one after the other: strokes, lines, undo.
//!
//! A stroke's way to the disk: `views/pointer_tool.rs` sends its steps, they are painted here, `correction.rs` beside this
//! file adds the finished edit to the undo history, and `correction/journal_writer.rs` writes it.

use std::sync::Arc;

use super::Update;
use super::effect::{Effect, PictureChange};
use crate::app::model::editing::{JournalState, QueuedEdit, Stroke, StrokeStep};
use crate::correction::journal::Record;
use crate::correction::{Act, Edit, JournalRequest, MaskChange, Mode};
use crate::geometry::area::Area;
use crate::geometry::rasterise;
use crate::geometry::toggles::Toggles;
use crate::mask::Mask;

impl Update<'_> {
    /// Does `edit` once those before it are done.
    pub(super) fn queue_edit(&mut self, edit: QueuedEdit) {
        self.state.editing.queued.push_back(edit);
        self.do_queued_edits();
    }

    /// Does what is queued, as far as nothing is being computed or written.
    pub(super) fn do_queued_edits(&mut self) {
        loop {
            let editing = &self.state.editing;
            let is_saved = editing.unsaved == 0 || editing.is_failing;
            if self.state.correction.is_working || !is_saved || editing.journal == JournalState::Opening {
                return;
            }
            let Some(next) = self.state.editing.queued.pop_front() else { return };
            match next {
                QueuedEdit::Stroke(step) => self.step_stroke(step),
                QueuedEdit::Within(edit) => self.fill(edit),
                QueuedEdit::Whole(change) => self.change_mask(change),
                QueuedEdit::Undo => self.step_history(true),
                QueuedEdit::Redo => self.step_history(false),
            }
        }
    }

    fn step_stroke(&mut self, step: StrokeStep) {
        match step {
            StrokeStep::Begin { mode, radius_px, at } => {
                self.drop_stroke();
                self.state.editing.stroke = Some(Stroke { mode, radius_px, points: vec![at], area: None });
                self.paint(0);
            }
            StrokeStep::Along(points) => {
                if let Some(stroke) = &mut self.state.editing.stroke {
                    let from = stroke.points.len() - 1;
                    stroke.points.extend(points);
                    self.paint(from);
                }
            }
            StrokeStep::End => self.end_stroke(),
            StrokeStep::Cancel => self.drop_stroke(),
        }
    }

    /// Paints the stroke's points from `from` on.
    fn paint(&mut self, from: usize) {
        let (Some(live), Some(stroke)) = (&mut self.state.editing.live, &mut self.state.editing.stroke) else {
            return;
        };
        let is_lesion = stroke.mode == Mode::Paint;
        if let Some(area) = rasterise::stroke(live, &stroke.points[from..], stroke.radius_px, is_lesion) {
            stroke.area = Some(stroke.area.map_or(area, |whole| whole.with(area)));
            self.effects.push(PictureChange::Painted(area).into());
        }
    }

    fn end_stroke(&mut self) {
        let Some(Stroke { mode, radius_px, points, area }) = self.state.editing.stroke.take() else { return };
        self.commit(Edit::Brush { mode, radius_px, points }, area);
    }

    /// What was painted becomes a step.
    fn commit(&mut self, edit: Edit, area: Option<Area>) {
        let (Some(live), Some(history)) = (&self.state.editing.live, &self.state.editing.history) else { return };
        let toggles = area.map(|area| Toggles::between(history.mask(), live, area)).unwrap_or_default();
        if !toggles.is_empty() {
            self.push_step(Act::Edit(edit), toggles);
        }
    }

    /// Takes a stroke under way back.
    pub(super) fn drop_stroke(&mut self) {
        let Some(Stroke { area: Some(area), .. }) = self.state.editing.stroke.take() else { return };
        if let (Some(live), Some(history)) = (&mut self.state.editing.live, &self.state.editing.history) {
            Toggles::between(live, history.mask(), area).apply(live);
            self.effects.push(PictureChange::Painted(area).into());
        }
    }

    fn fill(&mut self, edit: Edit) {
        let Some(live) = &mut self.state.editing.live else { return };
        let area = edit.carry_out(live);
        self.commit(edit, area);
    }

    pub(super) fn change_mask(&mut self, change: MaskChange) {
        let Some(photo) = &self.state.current.photo else { return };
        let mask = match &self.state.editing.history {
            Some(history) => Arc::clone(history.mask()),
            None => Arc::new(Mask::empty(photo.size())),
        };
        self.state.correction.is_working = true;
        let photo = self.state.editing.photo;
        self.effects.push(Effect::Journal(JournalRequest::Change { photo, mask, change }));
    }

    fn step_history(&mut self, is_back: bool) {
        self.drop_stroke();
        let Some(history) = &mut self.state.editing.history else { return };
        let (step, record) = if is_back { (history.undo(), Record::Undo) } else { (history.redo(), Record::Redo) };
        let (Some(step), Some(live)) = (step, &mut self.state.editing.live) else { return };
        let area = step.toggles.apply(live);
        self.state.correction.save_state = self.write_records(vec![record]);
        self.show_edited(area);
    }
}
