//! Cards with and without optional blocks, and blocks that are broken.

use serde_json::json;

use super::super::ModelCard;
use super::*;

/// The committed teacher's card without optional blocks, and then with every one of them.
fn cards() -> [Value; 2] {
    let json = include_bytes!("../../../models/zoo/malunet/card.json");
    let mut old: Value = serde_json::from_slice(json).unwrap();
    let blocks = blocks(&old["test"]);
    let object = old.as_object_mut().unwrap();
    object.retain(|key, _| !blocks.contains_key(key));
    let mut full = object.clone();
    full.extend(blocks);
    full["output"] = json!({"height": 256, "width": 256, "meaning": "probability"});
    [old, Value::Object(full)]
}

fn blocks(test: &Value) -> serde_json::Map<String, Value> {
    let blocks = json!({
        "published": {"parameters": 177_943, "paper_parameters": 177_943, "paper_miou": 0.8122,
                      "paper_seconds": null},
        "centre_crop": test,
        "int8": {"toolkit": "rknn-toolkit2 2.5.0", "platform": "rk3588", "algorithm": "mmse",
                 "hybrid_layers": [], "calibration_photos": 150, "test": test,
                 "pooled_iou_minus_float": -0.0012},
        "npu": {"layers": 201, "cpu_layers": [], "conv_cycles": 1_000_000, "estimated_cycles": 1_480_000,
                "estimated_millis": [1.8, 2.5]},
        "speed": {"machine": "2 cores", "ort_millis": 4.1, "rten_millis": 8.0},
        "distillation": {"teacher": "malunet", "output_loss": {"train": 0.1, "val": 0.1},
                         "feature_loss": {"train": 0.1, "val": 0.1}},
        "calibration": {"method": "temperature", "temperature": 1.25, "fitted_on": "val",
                        "test_calibration_error": {"before": 0.008, "after": 0.002}},
        "band": {"share": 0.9, "fitted_on": "val", "outer_level": 0.02, "inner_level": 0.98,
                 "test": {"n": 650, "border": 0.9, "area": 0.95}},
        "expected_agreement": {"model": "nested", "fitted_on": "val", "threshold": 0.5,
                               "iou": [[0.0, 0.0], [0.9, 0.8]], "dice": [[0.0, 0.0], [0.9, 0.9]]},
        "tiling": {"tile": 256, "overlap": 32, "scale": 0.5},
        "recommended": "It is the lightest that agrees as well as its teacher.",
        "translations": {"zh-CN": {"description": "教师模型。"}}
    });
    match blocks {
        Value::Object(blocks) => blocks,
        _ => unreachable!("it is an object"),
    }
}

fn read(card: &Value) -> Result<ModelCard, String> {
    ModelCard::from_json(card.to_string().as_bytes()).map_err(|fault| fault.to_string())
}

#[test]
fn an_older_card_has_no_optional_facts_and_stays_valid() {
    let [old, _] = cards();
    let card = read(&old).unwrap();
    assert!(card.facts.of_lesion().unwrap().int8.is_none() && card.optional.recommended.is_none());
    let written = serde_json::to_value(&card).unwrap();
    assert!(written.get("int8").is_none(), "what is not there is not written");
}

#[test]
fn every_block_is_read_and_written_again() {
    let [_, full] = cards();
    let card = read(&full).unwrap();
    let npu = card.optional.npu.as_ref().unwrap();
    assert_eq!((npu.layers, npu.estimated_millis), (201, [1.8, 2.5]));
    assert_eq!(card.facts.of_lesion().unwrap().published.as_ref().unwrap().paper_seconds, None);
    let written = serde_json::to_value(&card).unwrap();
    for key in blocks(&full["test"]).keys() {
        assert_eq!(written[key], full[key], "{key}");
    }
}

#[test]
fn null_is_no_block() {
    let [_, mut full] = cards();
    full["npu"] = Value::Null;
    assert!(read(&full).unwrap().optional.npu.is_none());
}

#[test]
fn a_broken_block_refuses_the_card_and_is_named() {
    let spoilt = [
        ("/published/paper_miou", json!(1.2), "published: paper_miou must be 0 to 1, found 1.2"),
        ("/published/parameters", json!(-1), "published: "),
        ("/centre_crop/mean_iou", json!(-0.1), "centre_crop: mean_iou must be 0 to 1"),
        ("/int8/test/pooled_iou", json!(7), "int8: test: pooled_iou must be 0 to 1, found 7"),
        ("/int8/pooled_iou_minus_float", json!(-2), "int8: pooled_iou_minus_float must be -1 to 1"),
        ("/int8/toolkit", json!(5), "int8: "),
        ("/npu/estimated_millis", json!([2.5, 1.8]), "npu: estimated_millis must be the minimum"),
        ("/npu/estimated_millis", json!([-1.0, 1.8]), "npu: estimated_millis must be 0 or more"),
        ("/npu/estimated_millis", json!([1.8]), "npu: "),
        ("/npu/layers", json!("many"), "npu: "),
        ("/speed/ort_millis", json!(-4.1), "speed: ort_millis must be 0 or more"),
        ("/speed", json!("fast"), "speed: "),
        ("/distillation/output_loss/val", json!(-0.1), "distillation: output_loss must be"),
        ("/calibration/method", json!("isotonic"), "calibration: method must be temperature, found isotonic"),
        ("/calibration/temperature", json!(0), "calibration: temperature must be above 0, found 0"),
        ("/calibration/temperature", json!(-1.5), "calibration: temperature must be above 0, found -1.5"),
        ("/calibration/temperature", json!("warm"), "calibration: "),
        ("/calibration/test_calibration_error/after", json!(2), "calibration: test_calibration_error must be 0"),
        ("/band/outer_level", json!(0.99), "band: outer_level must be below inner_level, found 0.99 and 0.98"),
        ("/band/inner_level", json!(1.5), "band: inner_level must be 0 to 1, found 1.5"),
        ("/band/share", json!(-0.9), "band: share must be 0 to 1"),
        ("/band/test/border", json!(9), "band: test: border must be 0 to 1"),
        ("/band", json!([0.1, 0.9]), "band: "),
        ("/expected_agreement/model", json!("independent"), "expected_agreement: model must be nested"),
        ("/expected_agreement/iou", json!([[0, 0], [0.5, 0.6], [0.4, 0.7]]), "expected_agreement: iou must have"),
        ("/expected_agreement/iou", json!([[0, 0], [0.5, 1.2]]), "expected_agreement: iou must have two or more"),
        ("/expected_agreement/dice", json!([[0, 0]]), "expected_agreement: dice must have two or more rows"),
        ("/expected_agreement/dice", json!([[0, 0], [1]]), "expected_agreement: "),
        ("/tiling/overlap", json!(256), "tiling: overlap must be less than the tile, found 256 and 256"),
        (
            "/tiling",
            json!({"tile": 256, "overlap": 9, "scale": 1, "field_of_view_px": 900}),
            "tiling: expected either scale or field_of_view_px",
        ),
        ("/tiling/scale", Value::Null, "tiling: expected either scale or field_of_view_px"),
        ("/tiling/scale", json!(0), "tiling: scale must be 0.015625 to 8, found 0"),
        ("/tiling/tile", json!(-1), "tiling: "),
        ("/recommended", json!(" "), "recommended: expected one sentence"),
        ("/recommended", json!(true), "recommended: "),
        ("/translations/zh-CN/description", json!(""), "translations: expected one sentence"),
        ("/translations", json!([]), "translations: "),
        ("/test/mean_dice", json!(1.01), "test: mean_dice must be 0 to 1, found 1.01"),
        ("/artefacts/0/sha256", json!("abc"), "artefact sha256"),
    ];
    for (place, value, words) in spoilt {
        let [_, mut full] = cards();
        *full.pointer_mut(place).unwrap() = value;
        let complaint = read(&full).unwrap_err();
        assert!(complaint.starts_with(words), "{place}: {complaint}");
    }
}

/// The old card with a second look.
fn card_with_second_look() -> Value {
    let [mut card, _] = cards();
    card["second_look"] = json!({
        "below_share": 0.04, "margin": 1.0,
        "measured": [{"photographs": "val", "n": 150, "looked_again": 24, "mean_iou_gain": 0.003,
                      "interval": [0.0003, 0.0058], "smallest_fifth_gain": 0.0073}]
    });
    card
}

#[test]
fn a_second_look_is_read_and_written_again() {
    let mut card = card_with_second_look();
    let found = read(&card).unwrap().optional.second_look.unwrap();
    assert_eq!((found.below_share, found.margin, found.measured[0].looked_again), (0.04, 1.0, 24));
    assert_eq!(serde_json::to_value(&found).unwrap(), card["second_look"]);
    card["second_look"].as_object_mut().unwrap().remove("measured");
    assert!(read(&card).unwrap().optional.second_look.unwrap().measured.is_empty(), "figures need not be there");
}

#[test]
fn a_second_look_that_makes_no_sense_refuses_the_card() {
    let spoilt = [
        ("/second_look/below_share", json!(4), "second_look: below_share must be 0.0001 to 0.5, found 4"),
        ("/second_look/below_share", json!(0), "second_look: below_share must be"),
        ("/second_look/below_share", json!("small"), "second_look: "),
        ("/second_look/margin", json!(-1), "second_look: margin must be 0 to 8, found -1"),
        ("/second_look/margin", Value::Null, "second_look: "),
        ("/second_look/measured", json!({}), "second_look: "),
        ("/second_look/measured/0/mean_iou_gain", json!(2), "second_look: measured: mean_iou_gain must be -1 to 1"),
        (
            "/second_look/measured/0/interval",
            json!([0.1, 0.0]),
            "second_look: measured: interval must be -1 to 0, found 0.1",
        ),
        (
            "/second_look/measured/0/looked_again",
            json!(151),
            "second_look: measured: looked_again must be 0 to 150",
        ),
        ("/second_look", json!(true), "second_look: "),
        ("/second_look", json!([0.04]), "second_look: "),
    ];
    for (place, value, words) in spoilt {
        let mut card = card_with_second_look();
        *card.pointer_mut(place).unwrap() = value;
        let complaint = read(&card).unwrap_err();
        assert!(complaint.starts_with(words), "{place}: {complaint}");
    }
    let mut card = card_with_second_look();
    card["tiling"] = json!({"tile": 256, "overlap": 32, "scale": 0.5});
    card["output"] = json!({"height": 256, "width": 256, "meaning": "probability"});
    assert_eq!(read(&card).unwrap_err(), "second_look is for lesions alone, and not with tiling");
}

#[test]
fn sentences_are_in_the_language_asked_for_where_the_card_has_them() {
    let card = read(&cards()[1]).unwrap();
    assert_eq!(card.description_in("zh-CN"), "教师模型。");
    assert_eq!(card.description_in("en"), card.description);
    assert_eq!(card.optional.recommended_in("zh-CN"), card.optional.recommended.as_deref());
    assert_eq!(read(&cards()[0]).unwrap().optional.recommended_in("en"), None);
}

#[test]
fn a_block_that_lacks_a_key_says_both() {
    let [_, mut full] = cards();
    full["int8"].as_object_mut().unwrap().remove("test");
    assert_eq!(read(&full).unwrap_err(), "int8: missing field `test`");
}
