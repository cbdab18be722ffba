//! Photographs in memory beside the one on the canvas: what comes of reading ahead, and what is kept of a photograph
//! that leaves the canvas. Nothing of it is told before the person gets there.

use super::Update;
use crate::app::model::current::ReferenceFile;
use crate::app::model::editing::JournalState;
use crate::app::model::read_ahead::{ReadOutline, ReadPhoto, ReferenceAhead};
use crate::app::tasks::read_ahead::ReadAheadOutcome;

impl Update<'_> {
    /// Takes what reading ahead has found.
    pub fn take_read_ahead(&mut self, outcome: ReadAheadOutcome) {
        let ahead = &mut self.state.read_ahead;
        match outcome {
            ReadAheadOutcome::Begun(source) => ahead.begin(source),
            ReadAheadOutcome::Read(read) => {
                ahead.put(read);
                self.evict_distant();
            }
            ReadAheadOutcome::PassedOver(source) => ahead.pass_over(source),
        }
    }

    /// Reading ahead met a fault of our own: the photograph is read again when the person gets there, and if need be fails
    /// then.
    pub fn take_read_ahead_panic(&mut self) {
        self.state.read_ahead.pass_over_what_is_under_way();
    }

    /// Photographs beside the one on the canvas may hold so much memory from now on, in bytes; with 0 none is kept.
    pub fn set_read_ahead_budget(&mut self, bytes: u64) {
        self.state.read_ahead.clear();
        self.state.read_ahead.budget_bytes = bytes;
    }

    /// Reading ahead was given up.
    pub fn give_up_reading_ahead(&mut self) {
        self.state.read_ahead.end();
    }

    /// Lets go of what is not next to the photograph that was chosen.
    pub(super) fn evict_distant(&mut self) {
        let mut wanted: Vec<_> = self.state.neighbours().collect();
        // While the next one loads, what it is made of is still there.
        wanted.insert(0, self.state.selected);
        let source = |place: usize| self.state.entries.get(place).map(|entry| entry.source.clone());
        let wanted: Vec<_> = wanted.into_iter().filter_map(source).collect();
        self.state.read_ahead.keep_within_budget(&wanted);
    }

    /// Shows with a photograph that has come onto the canvas what is known of it already, as far as it is of the network,
    /// the threshold, the view and the reference that are in use now.
    pub(super) fn take_known(&mut self, read: ReadPhoto) {
        let ReadPhoto { segmented, reference, outline, .. } = read;
        if let Some(reference) = reference {
            self.take_known_reference(reference);
        }
        let in_use = self.state.network.in_use();
        if let Some(segmented) = segmented.filter(|segmented| segmented.network == in_use) {
            self.take_segmentation(segmented);
            if let Some(outline) = outline {
                self.take_known_outline(outline);
            }
        }
    }

    fn take_known_reference(&mut self, ReferenceAhead { path, reference, notes, .. }: ReferenceAhead) {
        let wanted = &mut self.state.current.wanted_reference;
        if wanted.take_if(|(_, file)| *file == ReferenceFile::File(path)).is_some() {
            self.take_reference(reference, &notes);
        }
    }

    fn take_known_outline(&mut self, outline: ReadOutline) {
        self.state.current.known_outline = Some(outline.of.clone());
        self.state.read_ahead.hold_outline(outline);
        self.show_held_outline();
    }

    /// Shows the outline that was drawn before the photograph was shown, once its journal has said that nobody corrected
    /// the mask: otherwise the network's would flash up before the corrected one.
    pub(super) fn show_held_outline(&mut self) {
        if self.state.editing.journal == JournalState::Opening {
            return;
        }
        let Some(ReadOutline { outlined, of, layer }) = self.state.read_ahead.release_outline() else { return };
        self.state.current.known_outline = None;
        if self.state.outline_parts().is_some_and(|parts| parts.is_same(&of)) {
            self.take_outlined(outlined, layer);
            self.state.current.known_outline = Some(of);
        }
    }
}
