//! The lesion of a photograph, or its vessels, in every command: the mask that a person made if there is one, else the
//! network's.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::UsageError;
use super::folder_records::home_of;
use super::inference_server::InferenceServer;
use crate::confidence::Confidence;
use crate::correction::corrected_mask;
use crate::correction::journal::Binding;
use crate::filters::MaskMaker;
use crate::geometry::contour::{self, Outline};
use crate::geometry::field_of_view;
use crate::inference::{EngineInfo, ModelCard};
use crate::mask::{Mask, ProbabilityMap};
use crate::measure::agreement::Confusion;
use crate::photo::Photo;
use crate::pipeline::{SegmentOptions, Segmentation, StageMillis, ThresholdChoice};
use crate::provenance::{LesionMask, MaskOrigin, MaskSource};
use crate::quality::CaptureQuality;
use crate::report::PageConfidence;
use crate::steps::ImageSteps;

/// The corrected mask of `photo`, where it has one.
///
/// # Errors
/// When there is one that cannot be read: the network's mask does not replace it.
fn corrected(photo: &Photo) -> anyhow::Result<Option<LesionMask>> {
    let Some(path) = photo.source.path() else { return Ok(None) };
    let home = home_of(path);
    // The file is hashed for a mask that there may be.
    if home.checked_masks_folders().next().is_none() {
        return Ok(None);
    }
    let binding = Binding { sha256: photo.sha256().to_owned(), size: photo.size() };
    corrected_mask(&home, &binding).map_err(|error| {
        let advised = format!("--network-only ignores corrections; {error}");
        anyhow::Error::new(error).context(advised)
    })
}

/// The lesion of a photograph, with the network's probabilities if the network found it.
pub(super) struct FoundLesion {
    pub(super) lesion: LesionMask,
    /// Where the mask means vessels: what of the photo counts.
    pub(super) field_of_view: Option<Arc<Mask>>,
    pub(super) answer: Option<NetworkAnswer>,
}

/// What a network says beside the mask.
pub(super) struct NetworkAnswer {
    pub(super) probability: ProbabilityMap,
    pub(super) threshold: f32,
    pub(super) maker: MaskMaker,
    pub(super) engine: EngineInfo,
    pub(super) millis: StageMillis,
    pub(super) threshold_choice: ThresholdChoice,
    pub(super) is_careful: bool,
    /// The network looked at the lesion again, by itself.
    pub(super) has_second_look: bool,
    /// How sure it is.
    pub(super) confidence: Confidence,
}

/// Whose mask counts, and how the network's is made.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LesionOptions {
    /// Where the network's threshold comes from.
    pub threshold: ThresholdChoice,
    /// The network's map is the mean of eight views.
    pub is_careful: bool,
    /// The network looks again at a small lesion.
    #[serde(default)]
    pub takes_second_look: bool,
    /// What is done before and after the network.
    pub steps: ImageSteps,
    /// What a person made is ignored.
    pub network_only: bool,
}

impl LesionOptions {
    /// Checks that the network of `card` has what the options need.
    ///
    /// # Errors
    /// [`UsageError`] where it has not.
    pub(super) fn check(&self, card: &ModelCard) -> Result<(), UsageError> {
        let is_tiled = card.optional.tiling.is_some();
        self.steps.check_tiles(is_tiled).map_err(|error| UsageError::new(error.to_string()))?;
        let second_look = self.segment_options().check_second_look(card);
        second_look.map_err(|error| UsageError::new(format!("--second-look: {error}")))?;
        // Of thresholds only `auto` needs anything.
        self.threshold.check(card).map_err(|error| UsageError::new(format!("--threshold auto: {error}")))
    }
}

impl LesionOptions {
    /// What the network is asked for.
    pub(super) fn segment_options(&self) -> SegmentOptions<'_> {
        let Self { threshold, is_careful, takes_second_look, steps, .. } = self;
        SegmentOptions {
            threshold: *threshold,
            is_careful: *is_careful,
            takes_second_look: *takes_second_look,
            steps,
        }
    }
}

impl FoundLesion {
    /// The lesion of `photo`: a person's mask, unless `network_only`, else the mask of the network of `card`.
    ///
    /// # Errors
    /// When a correction cannot be read, or when the network fails.
    pub(super) fn of(
        network: &InferenceServer<'_>,
        card: &ModelCard,
        photo: &Photo,
        options: &LesionOptions,
    ) -> anyhow::Result<Self> {
        let corrected = if options.network_only { None } else { corrected(photo)? };
        let (mut answer, mut field_of_view) = (None, None);
        let lesion = LesionMask::that_counts(corrected, || {
            let segmentation = network.segment(photo, options.segment_options())?;
            let origin = MaskOrigin::Network(segmentation.network_run(card));
            let confidence = segmentation.confidence(card);
            let Segmentation { probability, mask, threshold, maker, engine, millis, second_look, .. } =
                segmentation;
            field_of_view = segmentation.field_of_view;
            answer = Some(NetworkAnswer {
                probability,
                threshold,
                maker,
                engine,
                millis,
                threshold_choice: options.threshold,
                is_careful: options.is_careful,
                has_second_look: second_look.is_some(),
                confidence,
            });
            anyhow::Ok(LesionMask { mask: Arc::new(mask), origin })
        })?;
        if field_of_view.is_none() && card.meaning().is_vessels() {
            field_of_view = Some(Arc::new(field_of_view::of(photo)));
        }
        Ok(Self { lesion, field_of_view, answer })
    }

    /// The quality of `photo`; the checks are those of dermoscopy.
    pub(super) fn quality(&self, photo: &Photo) -> CaptureQuality {
        match &self.field_of_view {
            Some(_) => CaptureQuality::unchecked(),
            None => CaptureQuality::of_mask(photo, &self.lesion.mask),
        }
    }

    /// How its mask agrees with `reference`, pixel by pixel.
    pub(super) fn agreement(&self, reference: &Mask) -> Confusion {
        match &self.field_of_view {
            Some(field_of_view) => Confusion::within(&self.lesion.mask, reference, field_of_view),
            None => Confusion::of(&self.lesion.mask, reference),
        }
    }

    /// Its outlines: smooth if there is a probability map, and no step after the network has changed its mask.
    pub(super) fn outlines(&self) -> Vec<Outline> {
        match &self.answer {
            Some(answer) => answer.maker.outlines(&answer.probability, &self.lesion.mask, answer.threshold),
            None => contour::of_mask(&self.lesion.mask),
        }
    }
}

impl FoundLesion {
    /// How sure the network of `card` is of its outline, as a page shows it; none where a person made it.
    pub(super) fn page_confidence(&self, card: &ModelCard) -> Option<PageConfidence> {
        let answer = self.answer.as_ref()?;
        Some(PageConfidence::new(answer.confidence.clone(), &answer.probability, card, answer.threshold))
    }
}

/// What rows say of a mask that a person made, or a part of it; nothing of another.
pub(super) fn by_hand(origin: &MaskOrigin) -> &'static str {
    match (origin.source(), origin.correction()) {
        (Some(MaskSource::Drawn), Some(correction)) if correction.is_damaged => {
            "drawn, the last step may be missing"
        }
        (Some(MaskSource::Drawn), Some(_)) => "drawn",
        (_, Some(correction)) if correction.is_damaged => "corrected, the last step may be missing",
        (_, Some(_)) => "corrected",
        (_, None) => "",
    }
}
