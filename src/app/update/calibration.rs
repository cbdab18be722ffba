//! Calibrations: made with the ruler, taken back, and saved in the records of the photo's folder. They count at once; one
//! that could not be saved is said, and can be tried again.

use jiff::Timestamp;
use serde_json::Map;

use super::Update;
use super::effect::Effect;
use crate::app::events::WindowEvent;
use crate::app::model::measure::{Ruler, UnsavedCalibration};
use crate::app::model::notices::Severity;
use crate::app::model::scale;
use crate::app::names;
use crate::app::tasks::records::RecordsRequest;
use crate::photo::PhotoSource;
use crate::records::{Calibration, CalibrationChange, Calibrations, Event, Place, RecordsError};
use crate::words;

impl Update<'_> {
    /// A ruler that is not drawn yet. What was meant for the folder before is offered so again.
    pub(super) fn new_ruler(&self) -> Ruler {
        let own = self.state.current.photo.as_ref().and_then(|photo| {
            let known = self.state.measuring.scales.calibration_of(photo)?;
            Some(known.for_folder && known.sha256 == photo.sha256())
        });
        Ruler { for_folder: own.unwrap_or(false), ..Ruler::default() }
    }

    /// The line and the length that was typed are the photo's scale.
    pub(super) fn use_length(&mut self) {
        let (Some(photo), Some(ruler)) = (&self.state.current.photo, &mut self.state.measuring.ruler) else {
            return;
        };
        let now = Timestamp::now();
        let found = scale::typed_millimetres(&ruler.length).and_then(|mm| Ok((mm, ruler.mm_per_px()?)));
        let (length_mm, mm_per_px) = match found {
            Ok(found) => found,
            Err(complaint) => {
                ruler.complaint = Some(complaint);
                return;
            }
        };
        let reviewer = self.state.reviewing.reviewer.trim().to_owned();
        let calibration = Calibration {
            sha256: photo.sha256().to_owned(),
            size: photo.size(),
            name: photo.source.name(),
            mm_per_px: Some(mm_per_px),
            line: ruler.ends,
            length_mm: Some(length_mm),
            for_folder: ruler.for_folder,
            reviewer: reviewer.clone(),
            made: now,
            changed: now,
            rest: Map::new(),
        };
        let shape = self.state.current.fresh_measures().and_then(|measured| measured.shape.as_ref());
        let longest_diameter_mm = shape.map_or(0.0, |shape| shape.longest_diameter_px() * mm_per_px);
        WindowEvent::Calibrated { mm_per_px, longest_diameter_mm }.emit();
        let source = photo.source.clone();
        self.state.measuring.ruler = None;
        let calibrations = vec![calibration];
        self.save_scale(source, CalibrationChange { event: Event::Calibrated, reviewer, calibrations });
        self.tell(Severity::Info, words!("ruler-used"));
    }

    /// The calibration of the photo on the canvas is taken back.
    pub(super) fn take_scale_back(&mut self) {
        let Some(photo) = &self.state.current.photo else { return };
        let reviewer = self.state.reviewing.reviewer.trim();
        let Some(change) = self.state.measuring.scales.taken_back(photo, reviewer) else { return };
        let source = photo.source.clone();
        WindowEvent::CalibrationTakenBack.emit();
        self.save_scale(source, change);
        let words =
            if self.state.scale().is_some() { words!("scale-taken-back") } else { words!("scale-taken-back-px") };
        self.tell(Severity::Info, words);
    }

    /// Shows a change at once, and has it saved.
    fn save_scale(&mut self, source: PhotoSource, change: CalibrationChange) {
        self.state.measuring.scales.merge(&source, change.calibrations.clone());
        self.effects.push(Effect::Records(RecordsRequest::Calibrate { source, change }));
    }

    /// Tries once more to save what could not be saved, in its order.
    pub(super) fn save_scales_again(&mut self) {
        for UnsavedCalibration { source, change, .. } in std::mem::take(&mut self.state.measuring.unsaved) {
            self.save_scale(source, change);
        }
    }

    /// Takes what the records writer says of a change.
    pub(super) fn take_calibrated(
        &mut self,
        source: PhotoSource,
        change: CalibrationChange,
        result: Result<(Place, Calibrations), RecordsError>,
    ) {
        let measuring = &mut self.state.measuring;
        let is_other = |unsaved: &UnsavedCalibration| {
            let is_same = |known: &Calibration| change.calibrations.iter().any(|new| new.sha256 == known.sha256);
            unsaved.source != source || !unsaved.change.calibrations.iter().all(is_same)
        };
        measuring.unsaved.retain(is_other);
        match result {
            Ok((place, calibrations)) => {
                WindowEvent::CalibrationKept(&source.name()).emit();
                measuring.scales.merge(&source, calibrations);
                if let Place::Away { reason: Some(reason) } = place {
                    self.say_data_directory(&reason);
                }
            }
            Err(error) => {
                let (name, reason) = (names::source(&source, self.state.language), error.message());
                measuring.unsaved.push(UnsavedCalibration { source, change, reason: reason.clone() });
                self.tell(Severity::Failure, words!("scale-not-kept", name = name, reason = reason));
            }
        }
    }
}
