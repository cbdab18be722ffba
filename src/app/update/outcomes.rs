//! What background work has found, into the state. Outcomes that no longer count were dropped before.

use std::sync::Arc;

use eframe::egui::ColorImage;

use super::Update;
use super::effect::PictureChange;
use crate::app::command::action::Action;
use crate::app::events::WindowEvent;
use crate::app::model::current::{Derived, Phase, Reference};
use crate::app::model::network::TimedRun;
use crate::app::model::notices::Severity;
use crate::app::model::read_ahead::SegmentedPhoto;
use crate::app::tasks::analysis::AnalysisOutcome;
use crate::app::tasks::files::FileOutcome;
use crate::app::tasks::inspection::InspectionOutcome;
use crate::decode::MaskNote;
use crate::overlay::view::OverlayView;
use crate::pipeline::Segmentation;
use crate::words;

impl Update<'_> {
    /// Takes what the analysis has found.
    pub fn take_analysis(&mut self, outcome: AnalysisOutcome) {
        match outcome {
            AnalysisOutcome::Listed(listing) => self.take_listing(listing),
            AnalysisOutcome::PhotoReady { read, mask_beside } => self.take_photo(*read, mask_beside),
            AnalysisOutcome::PhotoFailed(error) => self.take_failure(error),
            AnalysisOutcome::TileDone(progress) => self.state.current.tiles = Some(progress),
            AnalysisOutcome::Segmented { segmentation, histogram, passed_over } => {
                let network = self.state.network.in_use();
                let is_timed = false;
                self.take_segmentation(SegmentedPhoto { network, segmentation, histogram, passed_over, is_timed });
            }
            AnalysisOutcome::Remasked(segmentation) => self.take_remasked(segmentation),
            AnalysisOutcome::SegmentFailed { reason, working } => {
                self.state.network.working = working;
                let current = &mut self.state.current;
                current.is_failure_closed = false;
                current.phase = Phase::NetworkFailed(reason);
                current.tiles = None;
                current.segmentation = None;
                // What a person painted is there without a network.
                if current.edited_mask().is_none() {
                    (current.derived, current.measured) = (None, None);
                }
            }
            AnalysisOutcome::ReferenceReady { reference, notes } => self.take_reference(reference, &notes),
            AnalysisOutcome::ReferenceFailed(error) => self.tell(Severity::Failure, error),
            AnalysisOutcome::Outlined { outlined, layer } => self.take_outlined(outlined, layer),
        }
    }

    /// The analysis met a fault of our own; it goes on with the next request.
    pub fn take_analysis_panic(&mut self) {
        match self.state.current.phase {
            Phase::Loading => self.take_failure(words!("crashed")),
            Phase::Segmenting => {
                self.state.network.working = None;
                self.state.current.is_failure_closed = false;
                self.state.current.phase = Phase::NetworkFailed(words!("crashed"));
            }
            Phase::Nothing | Phase::Done | Phase::FileFailed(_) | Phase::NetworkFailed(_) => {}
        }
        self.tell(Severity::Failure, words!("crashed"));
    }

    /// Takes what measuring and comparing have found.
    pub fn take_inspection(&mut self, outcome: InspectionOutcome) {
        match outcome {
            InspectionOutcome::Measured(measured) => self.take_measured(measured),
            InspectionOutcome::Side { place, result } => self.take_side(place, result),
            InspectionOutcome::MutualDice(dice) => self.state.comparing.mutual_dice = Some(dice),
            InspectionOutcome::Row(row) => self.take_row(row),
            InspectionOutcome::Timed(run) => self.state.network.times.add(run),
        }
    }

    /// Takes how writing a file went.
    pub fn take_file(&mut self, outcome: FileOutcome) {
        match outcome {
            FileOutcome::Saved { result: Ok(path), unlogged } => {
                WindowEvent::Saved(&path).emit();
                let words = words!("saved", path = path.display().to_string());
                self.state.notices.offer(words, Action::ShowInFolder, self.now);
                self.state.saved = Some(path);
                if let Some(reason) = unlogged {
                    self.tell(Severity::Warning, words!("not-logged", reason = reason));
                }
            }
            FileOutcome::Saved { result: Err(error), .. } => self.tell(Severity::Failure, error),
            FileOutcome::FrameKept(result) => self.take_kept_frame(result),
            FileOutcome::SettingsFailed(error) => {
                self.tell(Severity::Warning, words!("settings-not-remembered", reason = error));
            }
        }
    }

    /// The files' writer met a fault of our own; it goes on with the next request.
    pub fn take_file_panic(&mut self) {
        self.state.live.is_keeping = false;
        self.tell(Severity::Failure, words!("file-crashed"));
    }

    pub(super) fn take_reference(&mut self, reference: Arc<Reference>, notes: &[MaskNote]) {
        WindowEvent::Reference(reference.name.as_deref()).emit();
        self.tell_mask_notes(notes);
        self.state.current.reference = Some(reference);
        self.reset_table();
    }

    /// Says how a reference was read; what may be a mistake stays until it is closed.
    fn tell_mask_notes(&mut self, notes: &[MaskNote]) {
        for note in notes {
            let severity = match note {
                MaskNote::MaybeStored { .. }
                | MaskNote::Empty
                | MaskNote::LooksLikeVessels
                | MaskNote::LooksLikeLesion => Severity::Warning,
                MaskNote::TwoValues { .. } | MaskNote::Grey | MaskNote::Transparency | MaskNote::Stored { .. } => {
                    Severity::Info
                }
            };
            self.tell(severity, note.message());
        }
    }

    pub(super) fn take_segmentation(&mut self, segmented: SegmentedPhoto) {
        let segmentation = &segmented.segmentation;
        WindowEvent::Segmented { model: &segmentation.model, engine: &segmentation.engine }.emit();
        self.state.network.engine = Some(segmentation.engine.clone());
        // A network is judged by one look.
        let is_one_look = !segmented.network.is_careful && segmentation.second_look.is_none();
        if !segmented.is_timed && is_one_look {
            self.state.network.times.add(TimedRun {
                network: segmentation.model.clone(),
                engine: segmentation.engine.kind,
                millis: segmentation.millis.infer,
            });
        }
        self.state.network.passed_over.clone_from(&segmented.passed_over);
        self.state.current.segmentation = Some(Arc::clone(segmentation));
        self.state.current.histogram.clone_from(&segmented.histogram);
        self.state.read_ahead.note_segmented(SegmentedPhoto { is_timed: true, ..segmented });
        self.state.current.phase = Phase::Done;
        self.state.current.tiles = None;
    }

    /// Takes another mask of the map that is there.
    fn take_remasked(&mut self, segmentation: Arc<Segmentation>) {
        let histogram = self.state.current.histogram.clone();
        let passed_over = self.state.network.passed_over.clone();
        let network = self.state.network.in_use();
        // The network has not run.
        let is_timed = true;
        self.take_segmentation(SegmentedPhoto { network, segmentation, histogram, passed_over, is_timed });
    }

    pub(super) fn take_outlined(&mut self, outlined: Arc<Derived>, layer: Option<(OverlayView, ColorImage)>) {
        let (threshold, area_px) = (outlined.threshold, outlined.area_px);
        let dice = outlined.agreement.map(|counts| counts.dice());
        WindowEvent::Outlined { threshold, area_px, dice }.emit();
        self.state.current.derived = Some(outlined);
        self.state.current.known_outline = None;
        if let Some((view, picture)) = layer {
            self.effects.push(PictureChange::Layer(view, picture).into());
        }
    }
}
