//! A network's card in full sentences: what it is, how accurate it is and on what data, how fast, and what is
//! estimated.

use indicatif::HumanCount;

use super::table::wrapped;
use super::vessel_card_words;
use crate::inference::{
    DataFacts, DistillationFacts, Int8Facts, LesionFacts, MaskFacts, Model, ModelCard, NpuFacts, PublishedFacts,
    SecondLookFacts, SpeedFacts, TestFigures,
};

/// The card of `model`, one paragraph per subject.
pub(super) fn of(model: &Model, is_recommended: bool) -> String {
    let card = &model.card;
    let optional = &card.optional;
    let reason = optional.recommended.as_ref().filter(|_| is_recommended);
    let mut paragraphs =
        vec![format!("{} ('{}'), {} family. {}", card.title, card.name, card.family, card.description)];
    paragraphs.extend(reason.map(|reason| format!("Recommended: {reason}")));
    match &card.facts {
        MaskFacts::Lesion(facts) => paragraphs.extend(of_lesion(facts, card)),
        MaskFacts::Vessels(facts) => paragraphs.extend(vessel_card_words::of(facts, card)),
    }
    paragraphs.extend(optional.second_look.as_ref().map(second_look));
    paragraphs.extend(optional.npu.as_ref().map(|facts| npu(facts, card)));
    paragraphs.extend(optional.speed.as_ref().map(speed));
    paragraphs.extend(optional.distillation.as_ref().map(distillation));
    paragraphs.push(files(model));
    paragraphs.iter().map(|words| wrapped(words)).collect::<Vec<_>>().join("\n\n")
}

/// Size, training and figures of a network for lesions.
fn of_lesion(facts: &LesionFacts, card: &ModelCard) -> Vec<String> {
    let paragraphs = [
        Some(size(card)),
        facts.published.as_ref().map(|published| paper(published, card)),
        Some(training(&facts.data)),
        Some(test(&facts.test)),
        facts.centre_crop.as_ref().map(centre_crop),
        facts.int8.as_ref().map(int8),
    ];
    paragraphs.into_iter().flatten().collect()
}

fn count(number: u64) -> String {
    HumanCount(number).to_string()
}

fn size(card: &ModelCard) -> String {
    let (input, output) = (&card.input, &card.output);
    format!(
        "It has {} parameters and takes {:.1} million multiply-accumulates per photograph. Its input is the photograph at \
         {} × {}; its output is probabilities at {} × {}, enlarged to the photograph's size. Pixels from {} count as lesion.",
        count(card.parameters),
        card.macs as f64 / 1e6,
        input.width,
        input.height,
        output.width,
        output.height,
        card.threshold
    )
}

fn paper(published: &PublishedFacts, card: &ModelCard) -> String {
    let mut words = format!(
        "The published version has {} parameters by our count; the paper states {}.",
        count(published.parameters),
        count(published.paper_parameters)
    );
    if published.parameters != card.parameters {
        words += " The version shipped here runs on an NPU alone.";
    }
    let mut claims = Vec::new();
    claims.extend(published.paper_miou.map(|miou| format!("a mean IoU of {miou}")));
    claims.extend(published.paper_seconds.map(|seconds| format!("{seconds} s on its board")));
    if !claims.is_empty() {
        words += &format!(
            " The paper also gives {}; these are for one photograph in INT8 and cannot be compared with the figures below.",
            claims.join(" and ")
        );
    }
    words
}

fn training(data: &DataFacts) -> String {
    format!(
        "Trained on {} photographs of {} ({}; {}), selected on {} others, and tested on {} used for neither.",
        count(data.train.into()),
        data.name,
        data.licence,
        data.source,
        count(data.val.into()),
        count(data.test.into())
    )
}

fn test(figures: &TestFigures) -> String {
    format!(
        "On {} {} photographs: pooled_iou {:.4}, pooled_dice {:.4}, mean_iou {:.4}, mean_dice {:.4}, class_mean_iou {:.4}, sensitivity {:.4}, \
         specificity {:.4}, accuracy {:.4}.",
        count(figures.n.into()),
        figures.split,
        figures.pooled_iou,
        figures.pooled_dice,
        figures.mean_iou,
        figures.mean_dice,
        figures.class_mean_iou,
        figures.sensitivity,
        figures.specificity,
        figures.accuracy
    )
}

fn centre_crop(crop: &TestFigures) -> String {
    format!(
        "On the largest centred squares of {} of them (different framing): mean_iou {:.4}, mean_dice {:.4}.",
        count(crop.n.into()),
        crop.mean_iou,
        crop.mean_dice
    )
}

fn int8(int8: &Int8Facts) -> String {
    let hybrid = match &int8.hybrid_layers[..] {
        [] => "all layers in 8 bits".to_owned(),
        layers => format!("16 bits for {}", layers.join(", ")),
    };
    let change = int8.pooled_iou_minus_float;
    format!(
        "In INT8, simulated by {} for {} ({}, {} calibration photographs, {hybrid}): pooled_iou {:.4}, \
         {:.4} {} that of floats, and mean_dice {:.4}.",
        int8.toolkit,
        int8.platform,
        int8.algorithm,
        int8.calibration_photos,
        int8.test.pooled_iou,
        change.abs(),
        if change < 0.0 { "below" } else { "above" },
        int8.test.mean_dice
    )
}

fn second_look(facts: &SecondLookFacts) -> String {
    let mut words = format!(
        "With --second-look, where it finds less than {} % of the photograph, it looks again at a square around the largest \
         region, {} times as long as that.",
        (1e4 * facts.below_share).round() / 100.0,
        1.0 + 2.0 * facts.margin
    );
    for gain in &facts.measured {
        let [low, high] = gain.interval;
        words += &format!(
            " On {} photographs of {}, of which it looked at {} again: mean_iou {:+.4} (95 % interval {low:+.4} to {high:+.4}), \
             {:+.4} among the fifth with the smallest lesions.",
            count(gain.n.into()),
            gain.photographs,
            count(gain.looked_again.into()),
            gain.mean_iou_gain,
            gain.smallest_fifth_gain
        );
    }
    words
}

fn npu(npu: &NpuFacts, card: &ModelCard) -> String {
    let [least, most] = npu.estimated_millis;
    let layers = match &npu.cpu_layers[..] {
        [] => format!("all {} layers run on the NPU", npu.layers),
        left => format!("of {} layers, {} run on the CPU ({})", npu.layers, left.len(), left.join(", ")),
    };
    format!(
        "On the NPU, a {} should take {least:.1} to {most:.1} ms: estimated from {} cycles ({} counted by the compiler, \
         the rest calculated), not measured on a board. According to the compiler, {layers}.",
        if card.optional.tiling.is_some() { "tile" } else { "photograph" },
        count(npu.estimated_cycles),
        count(npu.conv_cycles)
    )
}

fn speed(speed: &SpeedFacts) -> String {
    format!(
        "On {}, a photograph takes {:.1} ms with ONNX Runtime and {:.1} ms with the built-in engine.",
        speed.machine, speed.ort_millis, speed.rten_millis
    )
}

fn distillation(facts: &DistillationFacts) -> String {
    let output = facts.output_loss;
    let features = facts.feature_loss.map(|loss| format!(", feature loss {:.4} and {:.4}", loss.train, loss.val));
    format!(
        "Distilled from '{}'. Remaining difference: output loss {:.4} on the training and {:.4} on the validation photographs{}.",
        facts.teacher,
        output.train,
        output.val,
        features.unwrap_or_default()
    )
}

fn files(model: &Model) -> String {
    let card = &model.card;
    let files: Vec<String> = card
        .artefacts
        .iter()
        .map(|artefact| format!("{} ({}, {} bytes)", artefact.file, artefact.format, count(artefact.bytes)))
        .collect();
    format!("Files: {}. Licence: {}. Location: {}.", files.join(", "), card.licence, model.origin)
}
