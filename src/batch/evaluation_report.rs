//! What `evaluate` says over a data set: the totals, and the report of them as JSON and as text.

use std::collections::BTreeMap;

use serde::Serialize;

use super::console::number;
use super::evaluated_photo::EvaluatedPhoto;
use super::expectation_totals::ExpectationReport;
use super::group_figures::{GroupReport, ScoredPhoto};
use super::quantiles::StageTimes;
use super::references::{NotedMasks, ReferenceSummary};
use super::results::RunFacts;
use super::review_first::{self, DoubtfulPhoto, ReviewFirst, ReviewQueue};
use super::surface_means::{SurfaceMeans, SurfaceReport};
use crate::inference::EngineKind;
use crate::measure::agreement::{DatasetAgreement, DatasetFigures};
use crate::pipeline::{StageMillis, ThresholdChoice};
use crate::steps::ImageSteps;

/// What is totalled photo by photo.
#[derive(Default)]
pub(super) struct EvaluationTotals {
    pub(super) agreement: DatasetAgreement,
    /// Of each photograph of vessels.
    pub(super) cldice: Vec<f64>,
    pub(super) surface: SurfaceMeans,
    pub(super) times: StageTimes,
    /// Photographs whose mask a person made, or a part of it.
    pub(super) by_hand: u64,
    /// Photographs whose lesion the network looked at again.
    pub(super) second_looks: u64,
    pub(super) queue: ReviewQueue,
    pub(super) references: ReferenceSummary,
    /// What groups are formed of.
    pub(super) scored: Vec<ScoredPhoto>,
}

impl EvaluationTotals {
    /// Adds a photograph.
    pub(super) fn add(&mut self, photo: &EvaluatedPhoto) {
        self.agreement.add(&photo.counts);
        self.cldice.extend(photo.cldice);
        self.surface.add(&photo.id, photo.distances, photo.mm_per_px);
        photo.millis.into_iter().for_each(|millis| self.times.add(millis));
        self.by_hand += u64::from(photo.is_by_hand);
        self.second_looks += u64::from(photo.has_second_look);
        self.queue.add(photo.doubtful.clone());
        self.references.add(&photo.reference);
    }
}

/// What the figures belong to.
pub(super) struct EvaluationSubject<'a> {
    pub(super) facts: &'a RunFacts,
    /// Photographs whose mask a network made, the most doubtful first; none where its card does not say.
    pub(super) queue: &'a [DoubtfulPhoto],
    /// How many of those are listed.
    pub(super) review_first: Option<ReviewFirst>,
    /// By the columns of a table, where one was given.
    pub(super) groups: Option<&'a GroupReport>,
}

impl EvaluationSubject<'_> {
    /// The threshold of all photographs, where it is one.
    fn threshold(&self) -> Option<f32> {
        match self.facts.options.lesion.threshold {
            ThresholdChoice::Card => Some(self.facts.card.threshold),
            ThresholdChoice::Given(threshold) => Some(threshold),
            ThresholdChoice::Auto => None,
        }
    }
}

/// A figure of a data set: its name, what it is, and how it is read.
type DatasetMeasure = (&'static str, &'static str, fn(&DatasetFigures) -> f64);

/// The figures of agreement, in the report's order.
const AGREEMENT: [DatasetMeasure; 8] = [
    ("mean_iou", "intersection over union, mean over photographs", |figures| figures.mean_iou),
    ("mean_dice", "Dice coefficient, mean over photographs", |figures| figures.mean_dice),
    ("pooled_iou", "intersection over union, all pixels pooled", |figures| figures.pooled_iou),
    ("pooled_dice", "Dice coefficient, all pixels pooled", |figures| figures.pooled_dice),
    ("class_mean_iou", "pooled IoU of lesion and background, averaged", |figures| figures.class_mean_iou),
    ("sensitivity", "mean over photographs", |figures| figures.sensitivity),
    ("specificity", "mean over photographs", |figures| figures.specificity),
    ("accuracy", "mean over photographs", |figures| figures.accuracy),
];

/// The results over the data set.
#[derive(Serialize)]
pub(super) struct EvaluationReport<'a> {
    n: u64,
    failed: u64,
    /// Photographs whose mask a person corrected or drew: those figures are not the network's alone.
    masks_by_hand: u64,
    /// By name; none if no photograph succeeded.
    #[serde(flatten)]
    agreement: BTreeMap<&'static str, Option<f64>>,
    /// Mean over photographs of vessels.
    #[serde(skip_serializing_if = "Option::is_none")]
    mean_cldice: Option<f64>,
    /// None of vessels.
    #[serde(skip_serializing_if = "Option::is_none")]
    surface: Option<SurfaceReport>,
    engine: EngineKind,
    engine_version: &'a str,
    model: &'a str,
    /// Of all photographs; none where it was found for each.
    threshold: Option<f32>,
    threshold_choice: &'static str,
    careful: bool,
    /// How many photographs the network looked at again; left out where it was not to.
    #[serde(skip_serializing_if = "Option::is_none")]
    second_looks: Option<u64>,
    /// Left out where there are none.
    #[serde(flatten)]
    steps: &'a ImageSteps,
    split: Option<&'a str>,
    /// How well the agreement to be expected foretells the one found; none where the card has no such figures.
    expected_agreement: Option<ExpectationReport>,
    /// The photographs to be looked at first, where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "review_first::rows_if_any")]
    review_first: Option<&'a [DoubtfulPhoto]>,
    /// How many photographs those are taken from.
    #[serde(skip)]
    queued: usize,
    /// What was remarkable about the masks; left out where all are plain.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reference_notes: Vec<NotedMasks>,
    #[serde(skip_serializing_if = "Option::is_none")]
    warning: Option<String>,
    /// By the columns of a table, where one was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    groups: Option<&'a GroupReport>,
    /// Of each stage by its name.
    millis: BTreeMap<&'static str, HalfAndMost>,
}

/// Median and 95th percentile of the milliseconds per photograph.
#[derive(Serialize)]
struct HalfAndMost {
    p50: f64,
    p95: f64,
}

impl<'a> EvaluationReport<'a> {
    pub(super) fn of(totals: &EvaluationTotals, failed: u64, subject: &'a EvaluationSubject<'_>) -> Self {
        let figures = totals.agreement.figures();
        let millis = totals.times.quantiles([0.5, 0.95]);
        let lesion = &subject.facts.options.lesion;
        Self {
            n: figures.map_or(0, |figures| figures.n),
            failed,
            masks_by_hand: totals.by_hand,
            agreement: AGREEMENT.map(|(name, _, read)| (name, figures.as_ref().map(read))).into(),
            mean_cldice: (!totals.cldice.is_empty())
                .then(|| totals.cldice.iter().sum::<f64>() / totals.cldice.len() as f64),
            surface: totals.cldice.is_empty().then(|| totals.surface.report()),
            engine: subject.facts.engine.kind,
            engine_version: &subject.facts.engine.version,
            model: &subject.facts.model,
            threshold: subject.threshold(),
            threshold_choice: lesion.threshold.key(),
            careful: lesion.is_careful,
            second_looks: lesion.takes_second_look.then_some(totals.second_looks),
            steps: &lesion.steps,
            expected_agreement: ExpectationReport::of(subject.queue),
            review_first: subject.review_first.map(|first| &subject.queue[..first.count(subject.queue.len())]),
            queued: subject.queue.len(),
            split: subject.facts.options.split.as_deref(),
            reference_notes: totals.references.notes(),
            warning: totals.references.warning(),
            groups: subject.groups,
            millis: millis.into_iter().map(|(stage, [p50, p95])| (stage, HalfAndMost { p50, p95 })).collect(),
        }
    }

    /// What a person reads.
    pub(super) fn text(&self) -> String {
        let Self { n, failed, model, engine_version, .. } = self;
        let split = self.split.map(|split| format!(", split '{split}'")).unwrap_or_default();
        let engine = self.engine.title();
        let threshold = self.threshold.map_or_else(|| "auto".to_owned(), |threshold| number(threshold.into()));
        let careful = if self.careful { ", mean of eight views" } else { "" };
        let again = self.second_looks.map(|count| format!(", second look at {count}")).unwrap_or_default();
        let steps = self.steps.said();
        let mut lines = vec![
            format!("{n} photographs, {failed} failed{split}"),
            format!("{model} on {engine} {engine_version}, threshold {threshold}{careful}{again}{steps}"),
            String::new(),
        ];
        if self.masks_by_hand > 0 {
            let hint = "(--network-only for the network's masks alone)";
            lines.insert(1, format!("{} with masks corrected or drawn by hand {hint}", self.masks_by_hand));
        }
        for (name, meaning, _) in AGREEMENT {
            let figure = self.agreement.get(name).copied().flatten();
            let figure = figure.map_or_else(|| "-".to_owned(), |figure| format!("{figure:.4}"));
            lines.push(format!("{name:14}  {figure:>6}  {meaning}"));
        }
        lines.extend(self.expected_agreement.iter().flat_map(ExpectationReport::lines));
        if let Some(cldice) = self.mean_cldice {
            lines.push(format!(
                "{:14}  {cldice:>6.4}  centre lines within the other mask, mean over photographs",
                "mean_cldice"
            ));
            lines.push("all within the field of view; instead of a lesion, vessels".to_owned());
        }
        lines.extend(self.surface.iter().flat_map(SurfaceReport::lines));
        lines.push(String::new());
        for stage in StageMillis::NAMES {
            if let Some(HalfAndMost { p50, p95 }) = self.millis.get(stage) {
                lines.push(format!("{stage:14}  {p50:>6.1} ms median, {p95:.1} ms 95th percentile"));
            }
        }
        if let Some(groups) = self.groups {
            lines.extend([String::new(), groups.text()]);
        }
        lines.extend(self.review_first.iter().flat_map(|listed| review_first::lines(listed, self.queued)));
        lines.join("\n").trim_end().to_owned()
    }
}
