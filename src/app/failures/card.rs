//! What is wrong with a network's card, in the window's language.

use super::{shown, system};
use crate::inference::{CardError, CardFault};
use crate::language::{Value, Words};
use crate::words;

/// Why a network's card or files were refused.
pub(in crate::app) fn card(error: &CardError) -> Words {
    match error {
        CardError::Unreadable { path, source } => {
            words!("card-unreadable", reason = system(source), path = shown(path))
        }
        CardError::Invalid { path, fault } => words!("card-invalid", detail = detail(fault), path = shown(path)),
        CardError::HashMismatch { name, file, expected, found, path } => {
            let short = |hash: &str| hash.get(..12).unwrap_or(hash).to_owned();
            words!(
                "card-hash",
                name = name.clone(),
                file = file.clone(),
                found = short(found),
                expected = short(expected),
                path = shown(path)
            )
        }
    }
}

fn detail(fault: &CardFault) -> Value {
    let number = |value: &f64| value.to_string();
    match fault {
        CardFault::Json(words) => words.as_str().into(),
        CardFault::Within { block, fault } => words!("card-within", block = *block, fault = detail(fault)).into(),
        CardFault::Newer => words!("card-newer").into(),
        CardFault::Name => words!("card-name").into(),
        CardFault::InputLayout => words!("card-input-layout").into(),
        CardFault::InputColour => words!("card-input-colour").into(),
        CardFault::OutputMeaning => words!("card-output-meaning").into(),
        CardFault::Sizes => words!("card-sizes").into(),
        CardFault::Mean => words!("card-mean").into(),
        CardFault::Std => words!("card-std").into(),
        CardFault::Threshold => words!("card-threshold").into(),
        CardFault::NoOnnx => words!("card-no-onnx").into(),
        CardFault::ArtefactPlace => words!("card-artefact-place").into(),
        CardFault::ArtefactHash => words!("card-artefact-hash").into(),
        CardFault::Outside { key, least, most, found } => {
            let (least, most, found) = (number(least), number(most), number(found));
            words!("card-outside", key = *key, least = least, most = most, found = found).into()
        }
        CardFault::Negative { key, found } => words!("card-negative", key = *key, found = number(found)).into(),
        CardFault::Order { first, second } => {
            words!("card-order", first = number(first), second = number(second)).into()
        }
        CardFault::CpuLayers { found, layers } => {
            words!("card-cpu-layers", found = found.to_string(), layers = layers.to_string()).into()
        }
        CardFault::NoSentence => words!("card-no-sentence").into(),
    }
}
