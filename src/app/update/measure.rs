//! Measuring: the ruler's line, what is drawn of the lesion, and its figures.

use std::sync::Arc;

use super::Update;
use crate::app::command::change::MeasureChange;
use crate::app::events::WindowEvent;
use crate::app::model::current::Phase;
use crate::app::model::measure::Measured;
use crate::app::model::notices::Severity;
use crate::confidence::OtherEvidence;
use crate::measure::shape::Shape;
use crate::words;

impl Update<'_> {
    /// Carries out a change of measuring.
    pub(super) fn change_measuring(&mut self, change: MeasureChange) {
        let measuring = &mut self.state.measuring;
        match change {
            MeasureChange::Line(ends) => {
                if let Some(ruler) = &mut measuring.ruler {
                    ruler.ends = Some(ends);
                    ruler.complaint = None;
                }
            }
            MeasureChange::BeginLine(start) => {
                if let Some(ruler) = &mut measuring.ruler {
                    ruler.start = Some(start);
                }
            }
            MeasureChange::EndLine => {
                if let Some(ruler) = &mut measuring.ruler {
                    ruler.start = None;
                }
            }
            MeasureChange::AbcdSeen => measuring.scrolls_to_abcd = false,
            MeasureChange::Length(length) => {
                if let Some(ruler) = &mut measuring.ruler {
                    ruler.length = length;
                    ruler.complaint = None;
                }
            }
            MeasureChange::ForFolder(for_folder) => {
                if let Some(ruler) = &mut measuring.ruler {
                    ruler.for_folder = for_folder;
                }
            }
            MeasureChange::UseLength => self.use_length(),
            MeasureChange::CloseRuler => measuring.ruler = None,
            MeasureChange::RemoveScale => self.take_scale_back(),
            MeasureChange::SaveAgain => self.save_scales_again(),
        }
    }

    pub(super) fn toggle_abcd(&mut self) {
        self.state.measuring.shows_abcd ^= true;
        self.bring_abcd_into_sight();
    }

    /// The side panel scrolls to the ABCD descriptors when they appear.
    pub(super) fn bring_abcd_into_sight(&mut self) {
        self.state.measuring.scrolls_to_abcd = self.state.measuring.shows_abcd;
    }

    pub(super) fn toggle_ruler(&mut self) {
        if self.state.current.photo.is_none() {
            self.tell(Severity::Info, words!("ruler-no-photo"));
        } else if self.state.measuring.ruler.take().is_none() {
            self.state.measuring.ruler = Some(self.new_ruler());
        }
    }

    pub(super) fn take_measured(&mut self, measured: Arc<Measured>) {
        let longest_diameter_px = measured.shape.as_ref().map_or(0.0, Shape::longest_diameter_px);
        WindowEvent::Measured { longest_diameter_px }.emit();
        self.note_doubt_on_canvas(&measured);
        self.state.current.measured = Some(measured);
    }

    /// The doubt of an outline counts where it is at the network's own threshold, as that of all others in the list.
    pub(super) fn note_doubt_on_canvas(&mut self, measured: &Measured) {
        let Some(confidence) = &measured.confidence else { return };
        let network = &self.state.network.model.card;
        let is_in_use = self.state.segmented_by().is_some_and(|model| model.card.name == network.name);
        let is_done = matches!(self.state.current.phase, Phase::Done);
        if let Some(photo) = self.state.current.photo.clone()
            && is_in_use
            && is_done
            && measured.of.threshold == network.threshold
        {
            let second = measured.second.as_ref().filter(|_| self.state.network.asks_second);
            let network_agreement = second.and_then(|second| second.agreement.as_ref().ok().copied());
            let other = OtherEvidence { network_agreement, is_photograph_poor: measured.quality.is_poor() };
            self.state.note_doubt(&photo.source, Some(confidence.doubt(other)));
        }
    }
}
