//! How sure the network is, as rows of `segment`, `evaluate` and `report` have it. Empty where a person made the mask, and
//! where the network's card has no such figures.

use serde::Serialize;

use super::console::number;
use super::found_lesion::NetworkAnswer;
use crate::confidence::{Confidence, Doubt, OtherEvidence};
use crate::quality::CaptureQuality;

/// The columns, in the order of [`ConfidenceRow::cells`].
pub(super) const COLUMNS: [&str; 11] = [
    "threshold_choice",
    "careful",
    "second_look",
    "expected_iou",
    "expected_dice",
    "band_area_low_px",
    "band_area_high_px",
    "band_area_low_mm2",
    "band_area_high_mm2",
    "doubt",
    "doubt_reasons",
];

/// The figures of a photograph's row.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct ConfidenceRow {
    /// Where the threshold comes from: `card`, `given` or `auto`.
    threshold_choice: Option<&'static str>,
    /// Whether the map is the mean of eight views.
    careful: Option<bool>,
    /// Whether the network looked at the lesion again, by itself.
    second_look: Option<bool>,
    /// The IoU that the outline can be expected to have with a reference.
    expected_iou: Option<f64>,
    /// The Dice coefficient.
    expected_dice: Option<f64>,
    /// Between these two areas that of the lesion is to be expected.
    band_area_low_px: Option<f64>,
    band_area_high_px: Option<f64>,
    /// Where the scale is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    band_area_low_mm2: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    band_area_high_mm2: Option<f64>,
    /// 0 to 1, the higher the more doubtful.
    doubt: Option<f64>,
    /// Signs of it, such as `band_wide`.
    doubt_reasons: Option<Vec<&'static str>>,
}

impl ConfidenceRow {
    /// Of a network's answer, in a photograph with this scale.
    pub(super) fn of(
        answer: Option<&NetworkAnswer>,
        mm_per_px: Option<f64>,
        quality: Option<CaptureQuality>,
    ) -> Self {
        let Some(answer) = answer else { return Self::default() };
        let Confidence { expected, band, .. } = &answer.confidence;
        let doubt = doubt(answer, quality);
        let [low, high] = match band {
            Some(band) => band.area_px().map(Some),
            None => [None; 2],
        };
        let in_mm2 = |area: Option<f64>| Some(area? * mm_per_px?.powi(2));
        Self {
            threshold_choice: Some(answer.threshold_choice.key()),
            careful: Some(answer.is_careful),
            second_look: Some(answer.has_second_look),
            expected_iou: expected.map(|expected| rounded(expected.iou)),
            expected_dice: expected.map(|expected| rounded(expected.dice)),
            band_area_low_px: low,
            band_area_high_px: high,
            band_area_low_mm2: in_mm2(low),
            band_area_high_mm2: in_mm2(high),
            doubt: doubt.score.map(rounded),
            doubt_reasons: Some(doubt.reasons.iter().map(|reason| reason.key()).collect()),
        }
    }

    /// As cells of a CSV.
    pub(super) fn cells(&self) -> [String; COLUMNS.len()] {
        let figure = |value: Option<f64>| value.map(number).unwrap_or_default();
        [
            self.threshold_choice.unwrap_or_default().to_owned(),
            self.careful.map(|careful| careful.to_string()).unwrap_or_default(),
            self.second_look.map(|again| again.to_string()).unwrap_or_default(),
            figure(self.expected_iou),
            figure(self.expected_dice),
            figure(self.band_area_low_px),
            figure(self.band_area_high_px),
            figure(self.band_area_low_mm2),
            figure(self.band_area_high_mm2),
            figure(self.doubt),
            self.doubt_reasons.as_ref().map(|reasons| reasons.join("; ")).unwrap_or_default(),
        ]
    }

    /// The doubt as tables have it.
    pub(super) fn doubt_words(&self) -> String {
        self.doubt.map_or_else(|| "-".to_owned(), |doubt| format!("{doubt:.2}"))
    }
}

/// How doubtful a network's answer is, by its map, and by the photograph where its quality was measured.
pub(super) fn doubt(answer: &NetworkAnswer, quality: Option<CaptureQuality>) -> Doubt {
    let is_photograph_poor = quality.is_some_and(|quality| quality.is_poor());
    answer.confidence.doubt(OtherEvidence { is_photograph_poor, ..OtherEvidence::default() })
}

/// Six digits, as agreement in rows has.
pub(super) fn rounded(share: f64) -> f64 {
    (share * 1e6).round() / 1e6
}
