//! The part of a network's card in sentences that networks for retinal vessels have of their own.

use indicatif::HumanCount;

use crate::inference::{ModelCard, VesselFacts, VesselFigures, VesselInt8, VesselPublished};

/// Size, training and figures, one paragraph per subject.
pub(super) fn of(facts: &VesselFacts, card: &ModelCard) -> Vec<String> {
    let sets = facts.cross_validation.iter().flatten();
    let of_fold =
        |name: &str| format!("By cross-validation on {name}, each photograph by a network not trained on it");
    let mut paragraphs = vec![size(card)];
    paragraphs.extend(facts.published.as_ref().map(paper));
    paragraphs.push(format!("Trained on {} ({}; {}).", facts.data.train, facts.data.licence, facts.data.source));
    let test = facts.test.set.as_deref().unwrap_or("test");
    paragraphs.push(figures(&format!("On the photographs of {test}"), &facts.test));
    paragraphs.extend(
        facts.second_observer.as_ref().map(|person| figures("A second person on the same photographs", person)),
    );
    paragraphs.extend(sets.map(|(name, found)| figures(&of_fold(name), found)));
    paragraphs.extend(facts.drive.as_ref().map(|drive| figures("On DRIVE, which it has not seen", drive)));
    paragraphs.extend(facts.int8.as_ref().map(int8));
    paragraphs
}

fn size(card: &ModelCard) -> String {
    let tiling = card.optional.tiling.as_ref();
    let framing = match tiling.and_then(|tiling| Some((tiling, tiling.field_of_view_px?))) {
        Some((tiling, px)) => format!(
            "A photograph is scaled until its field of view is {px} pixels wide, and run in tiles of {} pixels that overlap by {}",
            tiling.tile, tiling.overlap
        ),
        None => format!("Its input is {} × {}", card.input.width, card.input.height),
    };
    format!(
        "It is for fundus photographs and marks the vessels of the retina. It has {} parameters and takes {:.1} million \
         multiply-accumulates for one input. {framing}. Pixels from {} count as vessel; outside the field of view none does.",
        HumanCount(card.parameters),
        card.macs as f64 / 1e6,
        card.threshold
    )
}

fn paper(published: &VesselPublished) -> String {
    format!(
        "The published version has {} parameters by our count; its paper gives a Dice of {} on CHASE_DB1.",
        HumanCount(published.parameters),
        published.paper_dice
    )
}

fn figures(on_what: &str, figures: &VesselFigures) -> String {
    let auc = figures.auc.map(|auc| format!(", AUC {auc:.4}")).unwrap_or_default();
    format!(
        "{on_what} ({}): Dice {:.4}, clDice {:.4}, sensitivity {:.4}, specificity {:.4}{auc}; means over photographs, in the \
         field of view.",
        figures.n, figures.dice, figures.cldice, figures.sensitivity, figures.specificity
    )
}

fn int8(int8: &VesselInt8) -> String {
    let VesselInt8 { toolkit, platform, algorithm, calibration_tiles, figures, dice_minus_float } = int8;
    format!(
        "In INT8, simulated by {toolkit} for {platform} ({algorithm}, {calibration_tiles} calibration tiles): Dice {:.4}, {:.4} {} \
         that of floats.",
        figures.dice,
        dice_minus_float.abs(),
        if *dice_minus_float < 0.0 { "below" } else { "above" },
    )
}
