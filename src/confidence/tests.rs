//! Maps whose answers are known on paper, or by trying every reference there is.

use serde_json::Value;

use super::*;
use crate::inference::CalibrationFacts;

/// The recommended network's card.
fn card() -> ModelCard {
    ModelCard::from_json(include_bytes!("../../models/zoo/globalatt/card.json")).unwrap()
}

/// The same, without what it says of how sure the network is.
fn plain_card() -> ModelCard {
    let mut card: Value = serde_json::from_slice(include_bytes!("../../models/zoo/globalatt/card.json")).unwrap();
    card.as_object_mut().unwrap().retain(|key, _| !["calibration", "band", "expected_agreement"].contains(&&**key));
    ModelCard::from_json(card.to_string().as_bytes()).unwrap()
}

/// A temperature of one leaves a map as it is.
fn uncalibrated() -> CalibrationFacts {
    let facts = serde_json::json!({"method": "temperature", "temperature": 1.0, "fitted_on": "val"});
    serde_json::from_value(facts).unwrap()
}

fn map(size: [usize; 2], values: Vec<f32>) -> ProbabilityMap {
    ProbabilityMap::new(size, values, size.map(|side| side as u32))
}

/// A round lesion of 64 x 48 pixels whose probability falls from the middle outwards.
fn round(photo: [u32; 2]) -> ProbabilityMap {
    let value = |index: usize| {
        let (x, y) = ((index % 64) as f32 + 0.5 - 32.0, (index / 64) as f32 + 0.5 - 24.0);
        1.0 / (1.0 + (x.hypot(y) - 14.0).exp())
    };
    ProbabilityMap::new([64, 48], (0..64 * 48).map(value).collect(), photo)
}

/// Every level set of the map is a reference, as probable as the step of probability below it.
fn by_every_reference(values: &[f32], threshold: f32) -> ExpectedAgreement {
    let mut steps: Vec<f64> = values.iter().map(|&p| f64::from(p)).chain([0.0, 1.0]).collect();
    steps.sort_by(f64::total_cmp);
    let outline: Vec<bool> = values.iter().map(|&p| p >= threshold).collect();
    let mut found = ExpectedAgreement { iou: 0.0, dice: 0.0 };
    for step in steps.windows(2) {
        let reference = values.iter().map(|&p| f64::from(p) >= step[1]);
        let (mut both, mut either) = (0.0, 0.0);
        for (one, other) in outline.iter().zip(reference) {
            both += f64::from(*one && other);
            either += f64::from(*one || other);
        }
        let weight = step[1] - step[0];
        found.iou += weight * if either > 0.0 { both / either } else { 1.0 };
        found.dice += weight * if either > 0.0 { 2.0 * both / (both + either) } else { 1.0 };
    }
    found
}

#[test]
fn the_expectation_is_that_over_every_reference() {
    let values = vec![0.9, 0.7, 0.7, 0.65, 0.4, 0.4, 0.1, 0.02, 0.5, 0.97, 0.3, 0.004];
    let sorted = SortedMap::of(&map([4, 3], values.clone()), &uncalibrated());
    for threshold in [0.0, 0.02, 0.35, 0.5, 0.66, 0.7, 0.96, 0.99] {
        let (found, expected) = (sorted.agreement_at(threshold), by_every_reference(&values, threshold));
        assert!((found.iou - expected.iou).abs() < 1e-6, "{threshold}: {found:?} is not {expected:?}");
        assert!((found.dice - expected.dice).abs() < 1e-6, "{threshold}: {found:?} is not {expected:?}");
    }
}

#[test]
fn the_best_level_is_the_best_of_all_that_can_be_drawn() {
    for values in [
        vec![0.9, 0.7, 0.7, 0.65, 0.4, 0.4, 0.1, 0.02, 0.5, 0.97, 0.3, 0.004],
        vec![0.3, 0.3, 0.2, 0.1],
        vec![0.6; 6],
        vec![0.45, 0.44, 0.43, 0.42],
    ] {
        let best = SortedMap::of(&map([values.len(), 1], values.clone()), &uncalibrated()).best_level();
        let tried =
            values.iter().copied().chain([1.0]).map(|level| (by_every_reference(&values, level).iou, level));
        let (highest, _) = tried.max_by(|one, other| one.0.total_cmp(&other.0)).unwrap();
        let found = by_every_reference(&values, best).iou;
        assert!((found - highest).abs() < 1e-6, "{best} gives {found}, not {highest}: {values:?}");
    }
}

#[test]
fn a_map_that_is_nowhere_or_everywhere_lesion_is_told() {
    let card = card();
    let nowhere = Confidence::of(&map([8, 8], vec![0.0; 64]), &card, 0.5);
    assert_eq!((nowhere.expected, nowhere.mean_probability), (None, None));
    assert_eq!(nowhere.band.unwrap().area_px(), [0.0, 0.0]);
    assert_eq!(nowhere.band.unwrap().width_share(), None);
    let doubt = nowhere.doubt(OtherEvidence::default());
    assert_eq!((doubt.score, doubt.reasons), (Some(1.0), vec![DoubtReason::NothingFound]));

    let everywhere = Confidence::of(&map([8, 8], vec![1.0; 64]), &card, 0.5);
    assert_eq!(everywhere.band.unwrap().area_px(), [64.0, 64.0]);
    assert!(everywhere.expected.unwrap().iou > 0.9);
    assert_eq!(everywhere.doubt(OtherEvidence::default()).reasons, [DoubtReason::CutByEdge]);
}

#[test]
fn a_card_without_the_blocks_gives_no_figures() {
    let found = Confidence::of(&round([64, 48]), &plain_card(), 0.5);
    assert_eq!((found.expected, found.band, found.mean_probability), (None, None, None));
    assert!(found.outline.area_px > 0);
    let doubt = found.doubt(OtherEvidence::default());
    assert_eq!((doubt.score, doubt.reasons), (None, vec![]));
}

#[test]
fn the_band_lies_about_the_outline_at_any_threshold() {
    let card = card();
    for threshold in [0.001, 0.3, 0.5, 0.9, 0.999] {
        let found = Confidence::of(&round([640, 480]), &card, threshold);
        let band = found.band.unwrap();
        assert!(band.inner.level >= threshold && band.outer.level <= threshold);
        for ([least, most], own) in [
            (band.area_px(), found.outline.area_px as f64),
            (band.longest_px(), found.outline.longest_px),
            (band.across_px(), found.outline.across_px),
        ] {
            assert!(least <= own && own <= most, "{threshold}: {least} {own} {most}");
        }
    }
    // The probability is 1 / (1 + exp(r - 14)): the levels lie at known radii, ten photo pixels for each of the map's, but
    // for what is interpolated between two of those.
    let found = Confidence::of(&round([640, 480]), &card, 0.5);
    let [least, most] = found.band.unwrap().longest_px();
    for (found, level) in [(least, 0.976_339_f64), (found.outline.longest_px, 0.5), (most, 0.012_37)] {
        let diameter = 20.0 * (14.0 + ((1.0 - level) / level).ln());
        assert!((found - diameter).abs() < 5.0, "{found} is not {diameter}");
    }
}

#[test]
fn calibration_leaves_one_half_where_it_is_and_draws_others_to_it() {
    let temperature = card().optional.calibration.unwrap().temperature;
    // scipy.special.expit(scipy.special.logit([0.5, 0.9, 0.1]) / 1.1687)
    for (p, expected) in [(0.5, 0.5), (0.9, 0.867_618), (0.1, 0.132_382)] {
        let found = agreement::calibrated(p, temperature);
        assert!((found - expected).abs() < 1e-6, "{p}: {found} is not {expected}");
    }
    assert!(agreement::calibrated(0.0, temperature) < 1e-4);
}

#[test]
fn networks_that_differ_raise_the_doubt_and_a_poor_photograph_is_a_reason() {
    let found = Confidence::of(&round([64, 48]), &card(), 0.5);
    let alone = found.doubt(OtherEvidence::default());
    let differing = found.doubt(OtherEvidence { network_agreement: Some(0.4), is_photograph_poor: true });
    assert!(differing.score > alone.score);
    assert_eq!(differing.reasons, [DoubtReason::NetworksDiffer, DoubtReason::MapPale, DoubtReason::PhotographPoor]);
}
