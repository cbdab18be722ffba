//! What a hand does to the mask, in turn: strokes, lines, undo.

use std::sync::Arc;

use eframe::egui;

use super::{Stroke, Turn};
use crate::app::Window;
use crate::app::command::Correct;
use crate::app::correction_state::{BRUSH_PX, REACH_PX};
use crate::correction::journal::Record;
use crate::correction::{Act, Change, Edit, Mode};
use crate::geometry::area::Area;
use crate::geometry::rasterise;
use crate::geometry::toggles::Toggles;
use crate::mask::Mask;

impl Window {
    /// Carries out what a hand or a key asks of the mask.
    pub(in crate::app) fn correct(&mut self, ctx: &egui::Context, correct: Correct) {
        match correct {
            Correct::BrushSize(px) => {
                self.state.correction.brush_px = px.round().clamp(*BRUSH_PX.start(), *BRUSH_PX.end());
            }
            Correct::Reach(px) => self.state.correction.reach_px = px.clamp(*REACH_PX.start(), *REACH_PX.end()),
            Correct::Mode(mode) => self.state.correction.mode = mode,
            Correct::CancelLine => self.state.correction.line.clear(),
            Correct::Point(point) => self.state.correction.line.push(point),
            Correct::Restore(is_whole) => self.restore(is_whole),
            Correct::UseEdited(is_used) => {
                if let Some(edited) = &mut self.state.current.edited {
                    edited.is_used = is_used;
                }
                self.derive();
            }
            Correct::CloseLine(mode) => self.close_line(mode),
            Correct::Begin { mode, radius_px, at } => self.take_turn(Turn::Begin { mode, radius_px, at }),
            Correct::Along(points) => self.take_turn(Turn::Along(points)),
            Correct::End => self.take_turn(Turn::End),
            Correct::Cancel => self.take_turn(Turn::Cancel),
        }
        ctx.request_repaint();
    }

    /// Does `turn`, or has it wait for those before it.
    pub(super) fn take_turn(&mut self, turn: Turn) {
        self.correcting.waiting.push_back(turn);
        self.go_on();
    }

    /// Does what is waiting, as far as nothing is being worked out or written.
    pub(super) fn go_on(&mut self) {
        loop {
            let is_kept = self.correcting.unkept == 0 || self.correcting.is_failing;
            if self.state.correction.is_working || !is_kept {
                return;
            }
            let Some(next) = self.correcting.waiting.pop_front() else { return };
            self.carry_out(next);
        }
    }

    fn carry_out(&mut self, turn: Turn) {
        match turn {
            Turn::Begin { mode, radius_px, at } => {
                self.drop_stroke();
                self.correcting.stroke = Some(Stroke { mode, radius_px, points: vec![at], area: None });
                self.paint(0);
            }
            Turn::Along(points) => {
                if let Some(stroke) = &mut self.correcting.stroke {
                    let from = stroke.points.len() - 1;
                    stroke.points.extend(points);
                    self.paint(from);
                }
            }
            Turn::End => self.end_stroke(),
            Turn::Cancel => self.drop_stroke(),
            Turn::Within(edit) => self.fill(edit),
            Turn::Whole(change) => self.change(change),
            Turn::Undo => self.walk(true),
            Turn::Redo => self.walk(false),
        }
    }

    /// Paints the stroke's points from `from` on.
    fn paint(&mut self, from: usize) {
        let (Some(live), Some(stroke)) = (&mut self.correcting.live, &mut self.correcting.stroke) else { return };
        let is_lesion = stroke.mode == Mode::Paint;
        if let Some(area) = rasterise::stroke(live, &stroke.points[from..], stroke.radius_px, is_lesion) {
            stroke.area = Some(stroke.area.map_or(area, |whole| whole.with(area)));
            self.textures.paint.mark(area);
            let touched = &mut self.state.correction.touched;
            *touched = Some(touched.map_or(area, |touched| touched.with(area)));
        }
    }

    fn end_stroke(&mut self) {
        let Some(Stroke { mode, radius_px, points, area }) = self.correcting.stroke.take() else { return };
        self.commit(Edit::Brush { mode, radius_px, points }, area);
    }

    /// What was painted becomes a step.
    fn commit(&mut self, edit: Edit, area: Option<Area>) {
        let (Some(live), Some(history)) = (&self.correcting.live, &self.correcting.history) else { return };
        let toggles = area.map(|area| Toggles::between(history.mask(), live, area)).unwrap_or_default();
        if !toggles.is_empty() {
            self.push(Act::Edit(edit), toggles);
        }
    }

    /// Takes a stroke under way back.
    pub(super) fn drop_stroke(&mut self) {
        let Some(Stroke { area: Some(area), .. }) = self.correcting.stroke.take() else { return };
        if let (Some(live), Some(history)) = (&mut self.correcting.live, &self.correcting.history) {
            Toggles::between(live, history.mask(), area).apply(live);
            self.textures.paint.mark(area);
        }
    }

    fn fill(&mut self, edit: Edit) {
        let Some(live) = &mut self.correcting.live else { return };
        let area = edit.carry_out(live);
        self.commit(edit, area);
    }

    pub(super) fn change(&mut self, change: Change) {
        let Some(photo) = &self.state.current.photo else { return };
        let mask = match &self.correcting.history {
            Some(history) => Arc::clone(history.mask()),
            None => Arc::new(Mask::empty(photo.size())),
        };
        self.state.correction.is_working = true;
        self.correcting.scribe.change(self.correcting.key, mask, change);
    }

    fn walk(&mut self, is_back: bool) {
        self.drop_stroke();
        let Some(history) = &mut self.correcting.history else { return };
        let (step, record) = if is_back { (history.undo(), Record::Undo) } else { (history.redo(), Record::Redo) };
        let (Some(step), Some(live)) = (step, &mut self.correcting.live) else { return };
        let area = step.toggles.apply(live);
        self.state.correction.keeping = self.correcting.keep(vec![record]);
        self.show_edited(area);
    }
}
