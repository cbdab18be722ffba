//! How well a mask agrees with a reference: confusion counts and the figures made from them.
//!
//! Per photo the figures follow the ISIC challenge's scorer. A ratio whose denominator is empty scores 1.0: nothing
//! was there to be missed (so two empty masks agree fully). Over a data set `mean_*`, sensitivity, specificity and
//! accuracy are macro means over photos; `pooled_*` and `class_mean_iou` come from one confusion matrix over all pixels.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use crate::mask::{Mask, rows_of, shared_columns};

/// Pixels by what the network and the reference say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confusion {
    /// Lesion for both.
    pub true_positive: u64,
    /// Lesion for the network only.
    pub false_positive: u64,
    /// Lesion for the reference only.
    pub false_negative: u64,
    /// Lesion for neither.
    pub true_negative: u64,
}

impl Confusion {
    /// Counts the pixels of two masks of one size.
    ///
    /// # Panics
    /// When the sizes differ; a reference of another size is refused when it is read.
    #[must_use]
    pub fn of(prediction: &Mask, reference: &Mask) -> Self {
        assert_eq!(prediction.size(), reference.size(), "masks of one photo have one size");
        let runs = [prediction, reference].map(Mask::runs);
        let [predicted, referenced] = [0, 1].map(|of| runs[of].iter().map(|run| run.length()).sum::<u64>());
        let [ours, theirs] = [0, 1].map(|of| rows_of(&runs[of], prediction.size()[1]));
        let shared = ours.zip(theirs).flat_map(|(ours, theirs)| shared_columns(ours, theirs));
        let true_positive = shared.map(|[from, to]| u64::from(to - from)).sum::<u64>();
        let (false_positive, false_negative) = (predicted - true_positive, referenced - true_positive);
        let [width, height] = prediction.size().map(u64::from);
        let true_negative = width * height - true_positive - false_positive - false_negative;
        Self { true_positive, false_positive, false_negative, true_negative }
    }

    /// Counts the pixels in the field of view alone.
    ///
    /// # Panics
    /// When the sizes differ.
    #[must_use]
    pub fn within(prediction: &Mask, reference: &Mask, field_of_view: &Mask) -> Self {
        assert_eq!(prediction.size(), reference.size(), "masks of one photo have one size");
        assert_eq!(prediction.size(), field_of_view.size(), "masks of one photo have one size");
        let mut counts = [0_u64; 4];
        let pixels = prediction.pixels().iter().zip(reference.pixels()).zip(field_of_view.pixels());
        for ((&p, &r), &is_within) in pixels {
            counts[usize::from(p) * 2 + usize::from(r)] += u64::from(is_within);
        }
        let [true_negative, false_negative, false_positive, true_positive] = counts;
        Self { true_positive, false_positive, false_negative, true_negative }
    }

    /// Dice coefficient (F1): `2 TP / (2 TP + FP + FN)`.
    #[must_use]
    pub fn dice(&self) -> f64 {
        ratio(2 * self.true_positive, 2 * self.true_positive + self.false_positive + self.false_negative)
    }

    /// Intersection over union (Jaccard): `TP / (TP + FP + FN)`.
    #[must_use]
    pub fn iou(&self) -> f64 {
        ratio(self.true_positive, self.true_positive + self.false_positive + self.false_negative)
    }

    /// Intersection over union of the background: `TN / (TN + FP + FN)`.
    #[must_use]
    pub fn background_iou(&self) -> f64 {
        ratio(self.true_negative, self.true_negative + self.false_positive + self.false_negative)
    }

    /// Sensitivity (recall): `TP / (TP + FN)`.
    #[must_use]
    pub fn sensitivity(&self) -> f64 {
        ratio(self.true_positive, self.true_positive + self.false_negative)
    }

    /// Specificity: `TN / (TN + FP)`.
    #[must_use]
    pub fn specificity(&self) -> f64 {
        ratio(self.true_negative, self.true_negative + self.false_positive)
    }

    /// Pixel accuracy: `(TP + TN) / all`.
    #[must_use]
    pub fn accuracy(&self) -> f64 {
        let right = self.true_positive + self.true_negative;
        ratio(right, right + self.false_positive + self.false_negative)
    }
}

impl AddAssign for Confusion {
    fn add_assign(&mut self, other: Self) {
        self.true_positive += other.true_positive;
        self.false_positive += other.false_positive;
        self.false_negative += other.false_negative;
        self.true_negative += other.true_negative;
    }
}

fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// Agreement over a data set, gathered photo by photo.
#[derive(Clone, Debug, Default)]
pub struct DatasetAgreement {
    pooled: Confusion,
    sums: [f64; 5],
    count: u64,
}

/// The figures of a data set, under the names that reports use.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct DatasetFigures {
    /// Photos counted.
    pub n: u64,
    /// Macro mean of IoU.
    pub mean_iou: f64,
    /// Macro mean of Dice.
    pub mean_dice: f64,
    /// IoU of one confusion matrix over all pixels.
    pub pooled_iou: f64,
    /// Dice of one confusion matrix over all pixels.
    pub pooled_dice: f64,
    /// Lesion and background IoU of that matrix, averaged.
    pub class_mean_iou: f64,
    /// Macro mean of sensitivity.
    pub sensitivity: f64,
    /// Macro mean of specificity.
    pub specificity: f64,
    /// Macro mean of accuracy.
    pub accuracy: f64,
}

impl DatasetAgreement {
    /// Adds one photo.
    pub fn add(&mut self, photo: &Confusion) {
        self.pooled += *photo;
        let figures = [photo.iou(), photo.dice(), photo.sensitivity(), photo.specificity(), photo.accuracy()];
        for (sum, figure) in self.sums.iter_mut().zip(figures) {
            *sum += figure;
        }
        self.count += 1;
    }

    /// The figures so far, or `None` before the first photo.
    #[must_use]
    pub fn figures(&self) -> Option<DatasetFigures> {
        if self.count == 0 {
            return None;
        }
        let [mean_iou, mean_dice, sensitivity, specificity, accuracy] =
            self.sums.map(|sum| sum / self.count as f64);
        Some(DatasetFigures {
            n: self.count,
            mean_iou,
            mean_dice,
            pooled_iou: self.pooled.iou(),
            pooled_dice: self.pooled.dice(),
            class_mean_iou: f64::midpoint(self.pooled.iou(), self.pooled.background_iou()),
            sensitivity,
            specificity,
            accuracy,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A 10x10 mask with one filled rectangle of `width` x `height` at `(x, y)`.
    fn rectangle(x: u32, y: u32, width: u32, height: u32) -> Mask {
        let inside = |index: u32| {
            let (column, row) = (index % 10, index / 10);
            column >= x && column < x + width && row >= y && row < y + height
        };
        Mask::new(10, 10, (0..100).map(|index| u8::from(inside(index))).collect())
    }

    fn close(left: f64, right: f64) {
        assert!((left - right).abs() < 1e-12, "{left} is not {right}");
    }

    #[test]
    fn two_shifted_squares_score_as_on_paper() {
        // 4x4 squares shifted by two columns: 8 shared, 8 only predicted, 8 only in the reference, 76 neither.
        let counts = Confusion::of(&rectangle(2, 2, 4, 4), &rectangle(4, 2, 4, 4));
        assert_eq!(counts, Confusion { true_positive: 8, false_positive: 8, false_negative: 8, true_negative: 76 });
        close(counts.iou(), 8.0 / 24.0);
        close(counts.dice(), 0.5);
        close(counts.sensitivity(), 0.5);
        close(counts.specificity(), 76.0 / 84.0);
        close(counts.accuracy(), 0.84);
        close(counts.background_iou(), 76.0 / 92.0);
    }

    #[test]
    fn what_lies_outside_the_field_of_view_does_not_count() {
        let (prediction, reference) = (rectangle(2, 2, 4, 4), rectangle(4, 2, 4, 4));
        let counts = Confusion::within(&prediction, &reference, &rectangle(0, 0, 6, 10));
        assert_eq!(counts, Confusion { true_positive: 8, false_positive: 8, false_negative: 0, true_negative: 44 });
        assert_eq!(
            Confusion::within(&prediction, &reference, &rectangle(0, 0, 10, 10)),
            Confusion::of(&prediction, &reference)
        );
    }

    #[test]
    fn of_any_masks_the_counts_are_those_of_their_pixels() {
        // A generator of remainders; from sparse to nearly full.
        let mut state = 11_u32;
        let mut noise = |share: u32| {
            let mut next = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                u8::from(state >> 24 < share)
            };
            Mask::new(37, 29, (0..37 * 29).map(|_| next()).collect())
        };
        for shares in [[20, 200], [128, 128], [250, 250], [256, 40]] {
            let [prediction, reference] = shares.map(&mut noise);
            let within_all = Confusion::within(&prediction, &reference, &noise(256));
            assert_eq!(Confusion::of(&prediction, &reference), within_all, "{shares:?}");
        }
    }

    #[test]
    fn two_empty_masks_agree_fully() {
        let counts = Confusion::of(&rectangle(0, 0, 0, 0), &rectangle(0, 0, 0, 0));
        for figure in [counts.iou(), counts.dice(), counts.sensitivity(), counts.specificity(), counts.accuracy()] {
            close(figure, 1.0);
        }
    }

    #[test]
    fn an_empty_prediction_of_a_lesion_scores_nothing() {
        let counts = Confusion::of(&rectangle(0, 0, 0, 0), &rectangle(1, 1, 2, 2));
        close(counts.iou(), 0.0);
        close(counts.dice(), 0.0);
        close(counts.sensitivity(), 0.0);
        close(counts.specificity(), 1.0);
    }

    #[test]
    fn macro_means_and_pooled_figures_differ_as_on_paper() {
        let mut all = DatasetAgreement::default();
        assert!(all.figures().is_none());
        // One photo with IoU 8/24, one with a perfect 1x1 lesion: the macro mean is 2/3, the pooled IoU 9/25.
        all.add(&Confusion::of(&rectangle(2, 2, 4, 4), &rectangle(4, 2, 4, 4)));
        all.add(&Confusion::of(&rectangle(0, 0, 1, 1), &rectangle(0, 0, 1, 1)));
        let Some(figures) = all.figures() else { panic!("two photos were added") };
        assert_eq!(figures.n, 2);
        close(figures.mean_iou, (8.0 / 24.0 + 1.0) / 2.0);
        close(figures.mean_dice, 0.75);
        close(figures.pooled_iou, 9.0 / 25.0);
        close(figures.pooled_dice, 18.0 / 34.0);
        close(figures.class_mean_iou, f64::midpoint(9.0 / 25.0, 175.0 / 191.0));
    }
}
