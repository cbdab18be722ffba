//! Networks that give no probabilities, and networks that no engine is given. The graphs are written here.

use rten_onnx::onnx::{
    AttributeProto, DataType, Dimension, GraphProto, ModelProto, NodeProto, OperatorSetIdProto, TensorProto,
    TensorShapeProto, TypeProto, TypeProtoTensor, ValueInfoProto,
};

use crate::common::Workplace;
use dermaloupe::decode::sha256_hex;

const SIDE: i64 = 256;

/// A network of 1x3x256x256 to 1x1x256x256 whose operators go from `x` to `y`.
pub(crate) fn network(node: Vec<NodeProto>, initializer: Vec<TensorProto>) -> Vec<u8> {
    let value = |name: &str, channels: i64| {
        let dim = [1, channels, SIDE, SIDE].map(|side| Dimension { dim_value: Some(side), ..Dimension::default() });
        let tensor_type = TypeProtoTensor {
            elem_type: Some(DataType::FLOAT),
            shape: Some(TensorShapeProto { dim: dim.to_vec() }),
        };
        let r#type = TypeProto { tensor_type: Some(tensor_type), ..TypeProto::default() };
        vec![ValueInfoProto { name: Some(name.to_owned()), r#type: Some(r#type) }]
    };
    let graph =
        GraphProto { node, initializer, input: value("x", 3), output: value("y", 1), ..GraphProto::default() };
    let opset = OperatorSetIdProto { domain: Some(String::new()), version: Some(17) };
    let model =
        ModelProto { ir_version: Some(8), graph: Some(graph), opset_import: vec![opset], ..ModelProto::default() };
    model.write_buf().expect("written")
}

pub(crate) fn node(operator: &str, inputs: &[&str], output: &str) -> NodeProto {
    NodeProto {
        op_type: Some(operator.to_owned()),
        input: inputs.iter().map(|&name| name.to_owned()).collect(),
        output: vec![output.to_owned()],
        ..NodeProto::default()
    }
}

pub(crate) fn number(name: &str, value: f32) -> TensorProto {
    TensorProto {
        name: Some(name.to_owned()),
        dims: vec![1],
        data_type: Some(DataType::FLOAT),
        raw_data: Some(value.to_le_bytes().to_vec().into()),
        ..TensorProto::default()
    }
}

pub(crate) fn index(name: &str, value: i64) -> TensorProto {
    let raw_data = Some(value.to_le_bytes().to_vec().into());
    TensorProto { data_type: Some(DataType::INT64), raw_data, ..number(name, 0.0) }
}

/// Gives `(first channel * 0 + over) / under` at every pixel.
fn constant_network(over: f32, under: f32) -> Vec<u8> {
    let nodes = vec![
        node("Slice", &["x", "zero_index", "one_index", "one_index"], "channel"),
        node("Mul", &["channel", "zero"], "nothing"),
        node("Add", &["nothing", "over"], "sum"),
        node("Div", &["sum", "under"], "y"),
    ];
    let constants = vec![
        index("zero_index", 0),
        index("one_index", 1),
        number("zero", 0.0),
        number("over", over),
        number("under", under),
    ];
    network(nodes, constants)
}

pub(crate) fn place_with(name: &str, graph: &[u8]) -> Workplace {
    let place = Workplace::new();
    place.phantom("lesion.jpg");
    place.network(name, |card, onnx| {
        card["artefacts"] =
            serde_json::json!([{"file": "model.onnx", "format": "onnx", "bytes": graph.len(), "sha256": sha256_hex(graph)}]);
        card["input"]["height"] = SIDE.into();
        card["input"]["width"] = SIDE.into();
        card["output"]["height"] = SIDE.into();
        card["output"]["width"] = SIDE.into();
        graph.clone_into(onnx);
    });
    place
}

#[test]
fn a_network_written_here_runs_like_any_other() {
    for (over, area) in [(0.25, 0), (0.75, 1)] {
        let place = place_with("written", &constant_network(over, 1.0));
        for engine in ["rten", "auto"] {
            let line = format!(
                "segment lesion.jpg --out {engine} --models models --model written --engine {engine} --json"
            );
            let row = place.run(&line).went_well().json_lines().remove(0);
            assert_eq!(row["mask_px"].as_u64().map(|px| px.min(1)), Some(area), "{row}");
        }
    }
}

#[test]
fn an_output_that_is_no_probability_is_a_fault_and_not_a_missing_lesion() {
    for (over, under, found) in
        [(0.0, 0.0, "NaN"), (1.0, 0.0, "inf"), (-1.0, 0.0, "-inf"), (1000.0, 1.0, "1000"), (-3.0, 2.0, "-1.5")]
    {
        let place = place_with("faulty", &constant_network(over, under));
        for engine in ["rten", "auto"] {
            let line = format!("segment lesion.jpg --out o --models models --model faulty --engine {engine}");
            let run = place.run(&line).failed_on(1);
            run.says(&["65536 of 65536 values from", found], "lesion.jpg");
            assert_eq!(place.names("o"), Vec::<String>::new(), "{engine} {found}");
        }
    }
}

#[test]
fn a_network_that_might_never_end_or_fill_the_memory_is_not_loaded() {
    let body =
        AttributeProto { name: Some("body".into()), g: Some(GraphProto::default()), ..AttributeProto::default() };
    let endless = NodeProto { attribute: vec![body], ..node("Loop", &["x"], "y") };
    let huge = [1_i64, 3, 1 << 27, 1 << 27].into_iter().flat_map(i64::to_le_bytes).collect::<Vec<u8>>();
    let sizes = TensorProto { dims: vec![4], raw_data: Some(huge.into()), ..index("sizes", 0) };
    let cases = [
        (network(vec![endless], Vec::new()), "loops"),
        (network(vec![node("ConstantOfShape", &["sizes"], "y")], vec![sizes.clone()]), "ConstantOfShape"),
        (network(vec![node("Resize", &["x", "", "", "sizes"], "y")], vec![sizes]), "1024 MiB"),
        (b"no ONNX file".to_vec(), "the file is not valid ONNX"),
    ];
    for (graph, words) in cases {
        let place = place_with("hostile", &graph);
        for command in ["segment lesion.jpg --out o --model hostile", "bench lesion.jpg --model hostile"] {
            let run = place.run(&format!("{command} --models models")).was_refused();
            run.says(&["model 'hostile' refused", words], "models/hostile/model.onnx");
        }
        let run = place.run("models --models models");
        assert_eq!(run.code, Some(1), "{run:?}");
        assert!(run.stdout.lines().any(|line| line.starts_with("refused: ") && line.contains(words)), "{run:?}");
        assert_eq!(place.names("o"), Vec::<String>::new());
    }
}

#[test]
fn a_card_whose_normalisation_would_blind_the_network_is_refused() {
    for (key, value) in [("mean", 3e38), ("mean", -1.0), ("std", 1e-45), ("std", 1e30)] {
        let place = Workplace::new();
        place.network("blind", |card, _| card["input"][key][1] = value.into());
        let run = place.run("models blind --models models").was_refused();
        run.says(&[key, "for each channel"], "models/blind/card.json");
    }
}
