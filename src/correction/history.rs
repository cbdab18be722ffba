//! [`History`]: a mask under correction, with its undo and redo steps.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::edit::Edit;
use crate::geometry::area::Area;
use crate::geometry::toggles::Toggles;
use crate::mask::Mask;
use crate::provenance::{CorrectionStart, CorrectionSummary};

/// What a step did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Act {
    /// An edit.
    Edit(Edit),
    /// The whole mask was replaced.
    Start(CorrectionStart),
}

/// One step: what was done, when, and which pixels changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// What was done.
    pub act: Act,
    /// Seconds since 1970.
    pub unix_seconds: u64,
    /// The pixels.
    pub toggles: Toggles,
}

impl Step {
    /// A step that is done now.
    #[must_use]
    pub fn now(act: Act, toggles: Toggles) -> Self {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { act, unix_seconds: since_1970.as_secs(), toggles }
    }

    /// Approximate memory that it takes, in bytes.
    fn bytes(&self) -> usize {
        let points = match &self.act {
            Act::Edit(Edit::Brush { points, .. } | Edit::Polygon { points, .. } | Edit::Lasso { points, .. }) => {
                points.len() * size_of::<[f32; 2]>()
            }
            _ => 0,
        };
        size_of::<Self>() + points + self.toggles.bytes()
    }
}

/// A mask and its steps. Memory is bounded: the oldest steps can no longer be undone, but their effect stays.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    origin: CorrectionStart,
    mask: Arc<Mask>,
    done: Vec<Arc<Step>>,
    /// Newest undone last.
    undone: Vec<Arc<Step>>,
    bytes: usize,
}

impl History {
    /// The most steps that can be undone.
    pub const MOST_STEPS: usize = 1000;

    /// The most memory that steps take. A long stroke takes some kilobytes.
    pub const MOST_BYTES: usize = 64 << 20;

    /// A mask without steps.
    #[must_use]
    pub fn begin(origin: CorrectionStart, mask: Mask) -> Self {
        Self { origin, mask: Arc::new(mask), done: Vec::new(), undone: Vec::new(), bytes: 0 }
    }

    /// The mask as it is now.
    #[must_use]
    pub fn mask(&self) -> &Arc<Mask> {
        &self.mask
    }

    /// The mask before the first step that can be undone.
    #[must_use]
    pub fn origin(&self) -> &CorrectionStart {
        &self.origin
    }

    /// What can be undone, oldest first.
    #[must_use]
    pub fn done(&self) -> &[Arc<Step>] {
        &self.done
    }

    /// How the mask was made; `None` if there is no step: then nothing is corrected.
    #[must_use]
    pub fn summary(&self) -> Option<CorrectionSummary> {
        let last = self.done.last()?;
        let start = self.done.iter().rev().find_map(|step| match &step.act {
            Act::Start(start) => Some(start),
            Act::Edit(_) => None,
        });
        Some(CorrectionSummary {
            start: start.unwrap_or(&self.origin).clone(),
            steps: self.done.len(),
            unix_seconds: last.unix_seconds,
            is_damaged: false,
        })
    }

    /// What can be redone, the next one last.
    #[must_use]
    pub fn undone(&self) -> &[Arc<Step>] {
        &self.undone
    }

    /// Applies `step`; undone steps can no longer be redone. Returns where the mask changed.
    pub fn push(&mut self, step: Arc<Step>) -> Option<Area> {
        self.bytes -= self.undone.drain(..).map(|step| step.bytes()).sum::<usize>();
        let changed = step.toggles.apply(Arc::make_mut(&mut self.mask));
        self.bytes += step.bytes();
        self.done.push(step);
        changed
    }

    /// How many of the oldest steps must be dropped to stay within the bounds.
    #[must_use]
    pub fn surplus(&self) -> usize {
        let mut surplus = 0;
        let mut bytes = self.bytes;
        // The newest step can always be undone.
        while surplus + 1 < self.done.len()
            && (self.done.len() - surplus > Self::MOST_STEPS || bytes > Self::MOST_BYTES)
        {
            bytes -= self.done[surplus].bytes();
            surplus += 1;
        }
        surplus
    }

    /// Drops the oldest `count` steps: they can no longer be undone.
    pub fn forget(&mut self, count: usize) {
        self.bytes -= self.done.drain(..count).map(|step| step.bytes()).sum::<usize>();
    }

    /// Undoes the last step. `None` if there is none.
    pub fn undo(&mut self) -> Option<Arc<Step>> {
        let step = self.done.pop()?;
        step.toggles.apply(Arc::make_mut(&mut self.mask));
        self.undone.push(Arc::clone(&step));
        Some(step)
    }

    /// Redoes the step that was undone last. `None` if there is none.
    pub fn redo(&mut self) -> Option<Arc<Step>> {
        let step = self.undone.pop()?;
        step.toggles.apply(Arc::make_mut(&mut self.mask));
        self.done.push(Arc::clone(&step));
        Some(step)
    }

    /// The mask before the first step that can be undone.
    #[must_use]
    pub fn first_mask(&self) -> Mask {
        let mut mask = (*self.mask).clone();
        for step in self.done.iter().rev() {
            step.toggles.apply(&mut mask);
        }
        mask
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::correction::edit::Mode;

    fn stroke(history: &History, x: f32) -> Arc<Step> {
        let edit = Edit::Brush { mode: Mode::Paint, radius_px: 3.0, points: vec![[x, 8.0], [x + 4.0, 9.0]] };
        let mut after = (**history.mask()).clone();
        let area = edit.carry_out(&mut after).expect("it is on the mask");
        Arc::new(Step::now(Act::Edit(edit), Toggles::between(history.mask(), &after, area)))
    }

    fn painted(count: u32) -> (History, Vec<Mask>) {
        let mut history = History::begin(CorrectionStart::Empty, Mask::empty([64, 16]));
        let mut masks = vec![(**history.mask()).clone()];
        for index in 0..count {
            let step = stroke(&history, index as f32 * 2.0);
            history.push(step);
            masks.push((**history.mask()).clone());
        }
        (history, masks)
    }

    #[test]
    fn undo_walks_back_through_every_mask_and_redo_forth() {
        let (mut history, masks) = painted(20);
        let end = history.clone();
        for mask in masks.iter().rev().skip(1) {
            assert!(history.undo().is_some());
            assert_eq!(&**history.mask(), mask);
        }
        assert!(history.undo().is_none());
        for mask in &masks[1..] {
            assert!(history.redo().is_some());
            assert_eq!(&**history.mask(), mask);
        }
        assert!(history.redo().is_none());
        assert_eq!(history, end);
        assert_eq!(history.first_mask(), masks[0]);
    }

    #[test]
    fn a_new_step_ends_what_could_be_redone() {
        let (mut history, _) = painted(3);
        history.undo();
        let step = stroke(&history, 40.0);
        history.push(step);
        assert!(history.undone().is_empty() && history.redo().is_none());
        assert_eq!(history.done().len(), 3);
    }

    #[test]
    fn what_is_forgotten_stays_in_the_mask() {
        let (mut history, masks) = painted(5);
        history.forget(2);
        assert_eq!(history.first_mask(), masks[2]);
        assert_eq!(&**history.mask(), &masks[5]);
        assert_eq!(history.surplus(), 0);
    }
}
