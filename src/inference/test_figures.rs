//! [`TestFigures`]: how well a network agrees with reference masks, as cards state it, and the bounds of figures.

use serde::{Deserialize, Serialize};

use super::card_error::CardFault;

/// Figures on the test split. `mean_*`, sensitivity, specificity and accuracy are macro means over photographs;
/// `pooled_*` come from one confusion matrix over all pixels; `class_mean_iou` averages lesion and background.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct TestFigures {
    /// The split's name.
    pub split: String,
    /// Photographs in it.
    pub n: u32,
    /// Intersection over union, macro mean.
    pub mean_iou: f64,
    /// Dice coefficient, macro mean.
    pub mean_dice: f64,
    /// Intersection over union of one confusion matrix.
    pub pooled_iou: f64,
    /// Dice coefficient of one confusion matrix.
    pub pooled_dice: f64,
    /// Mean of lesion and background IoU of one confusion matrix.
    pub class_mean_iou: f64,
    /// Sensitivity, macro mean.
    pub sensitivity: f64,
    /// Specificity, macro mean.
    pub specificity: f64,
    /// Accuracy, macro mean.
    pub accuracy: f64,
}

impl TestFigures {
    /// The first fault of the figures: each must be 0 to 1.
    pub(super) fn fault(&self) -> Option<CardFault> {
        let figures = [
            ("mean_iou", self.mean_iou),
            ("mean_dice", self.mean_dice),
            ("pooled_iou", self.pooled_iou),
            ("pooled_dice", self.pooled_dice),
            ("class_mean_iou", self.class_mean_iou),
            ("sensitivity", self.sensitivity),
            ("specificity", self.specificity),
            ("accuracy", self.accuracy),
        ];
        figures.into_iter().find_map(|(name, figure)| outside(name, figure, 0.0, 1.0))
    }
}

/// The fault of a figure outside `least` to `most`.
pub(super) fn outside(key: &'static str, found: f64, least: f64, most: f64) -> Option<CardFault> {
    (!(least..=most).contains(&found)).then_some(CardFault::Outside { key, least, most, found })
}

/// The fault of an amount that is negative or NaN.
pub(super) fn negative(key: &'static str, found: f64) -> Option<CardFault> {
    let is_amount = found.is_finite() && found >= 0.0;
    (!is_amount).then_some(CardFault::Negative { key, found })
}
