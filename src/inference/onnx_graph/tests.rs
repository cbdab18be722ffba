//! Small graphs, written with the same library that reads them, and the zoo's own.

use std::collections::HashMap;
use std::path::Path;

use rten_onnx::onnx::{
    AttributeProto, DataLocation, DataType, GraphProto, ModelProto, NodeProto, TensorProto, TypeProto,
    ValueInfoProto,
};

use super::*;
use crate::inference::ModelCard;

const SIZE: [usize; 2] = [256, 256];

fn node(operator: &str, inputs: &[&str], output: &str, attribute: Vec<AttributeProto>) -> NodeProto {
    NodeProto {
        op_type: Some(operator.to_owned()),
        input: inputs.iter().map(|&name| name.to_owned()).collect(),
        output: vec![output.to_owned()],
        attribute,
        ..NodeProto::default()
    }
}

fn integers(name: &str, ints: &[i64]) -> AttributeProto {
    AttributeProto { name: Some(name.to_owned()), ints: ints.to_vec(), ..AttributeProto::default() }
}

fn constant_integers(name: &str, numbers: &[i64]) -> TensorProto {
    TensorProto {
        name: Some(name.to_owned()),
        dims: vec![numbers.len() as i64],
        data_type: Some(DataType::INT64),
        int64_data: numbers.to_vec(),
        ..TensorProto::default()
    }
}

/// The file of a network that takes `x`.
fn file(node: Vec<NodeProto>, initializer: Vec<TensorProto>) -> Vec<u8> {
    let input = vec![ValueInfoProto { name: Some("x".to_owned()), ..ValueInfoProto::default() }];
    let graph = GraphProto { node, initializer, input, ..GraphProto::default() };
    ModelProto { graph: Some(graph), ..ModelProto::default() }.write_buf().expect("written")
}

fn fault(node: Vec<NodeProto>, initializer: Vec<TensorProto>) -> GraphFault {
    check(&file(node, initializer), SIZE).expect_err("it must be refused")
}

fn zoo() -> impl Iterator<Item = (ModelCard, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/zoo");
    let folders = std::fs::read_dir(folder).expect("the zoo").map(|entry| entry.expect("an entry").path());
    folders.filter(|folder| folder.is_dir()).map(|folder| {
        let [card, onnx] = ["card.json", "model.onnx"].map(|name| std::fs::read(folder.join(name)).expect(name));
        (ModelCard::from_json(&card).expect("a card"), onnx)
    })
}

#[test]
fn every_network_of_the_zoo_is_accepted_with_the_operations_that_its_card_counts() {
    let mut checked = 0;
    for (card, onnx) in zoo() {
        check(&onnx, [card.input.height, card.input.width])
            .unwrap_or_else(|fault| panic!("{}: {fault}", card.name));
        let graph = ModelProto::parse_buf(&onnx).expect("read").graph.expect("a graph");
        let cost = cost(&graph, &[1, 3, card.input.height, card.input.width], |_, _| {}).expect("a cost");
        assert!(cost.macs >= card.macs && cost.macs < card.macs + card.macs / 4, "{}: {cost:?}", card.name);
        checked += 1;
    }
    assert_eq!(checked, 11);
}

/// The exporter wrote the shapes that ONNX's own shape inference found.
#[test]
fn shapes_are_those_that_onnx_infers() {
    let mut compared = 0;
    for (card, onnx) in zoo() {
        let graph = ModelProto::parse_buf(&onnx).expect("read").graph.expect("a graph");
        let recorded: HashMap<&str, Vec<usize>> = graph.value_info.iter().filter_map(recorded_shape).collect();
        let show = |name: &str, value: &GraphValue| {
            if let Some(shape) = recorded.get(name) {
                assert_eq!(&value.shape, shape, "{}: {name}", card.name);
                compared += 1;
            }
        };
        cost(&graph, &[1, 3, card.input.height, card.input.width], show).expect("a cost");
    }
    assert!(compared > 2000, "{compared}");
}

fn recorded_shape(info: &ValueInfoProto) -> Option<(&str, Vec<usize>)> {
    let TypeProto { tensor_type: Some(tensor), .. } = info.r#type.as_ref()? else { return None };
    let sides = tensor.shape.as_ref()?.dim.iter().map(|side| Some(side.dim_value? as usize));
    Some((info.name.as_deref()?, sides.collect::<Option<_>>()?))
}

#[test]
fn loops_branches_and_deep_nesting_are_refused_before_the_file_is_parsed() {
    for (operator, name) in [("Loop", "body"), ("If", "then_branch"), ("Scan", "body")] {
        let mut graph = GraphProto::default();
        for _ in 0..200 {
            let inner = AttributeProto { name: Some(name.to_owned()), g: Some(graph), ..AttributeProto::default() };
            graph = GraphProto { node: vec![node(operator, &["x"], "y", vec![inner])], ..GraphProto::default() };
        }
        let onnx = ModelProto { graph: Some(graph), ..ModelProto::default() }.write_buf().expect("written");
        assert_eq!(check(&onnx, SIZE), Err(GraphFault::Subgraph), "{operator}");
    }
}

#[test]
fn an_operator_that_is_not_on_the_list_is_named() {
    for operator in ["ConstantOfShape", "Range", "Tile", "RandomNormal", "NonMaxSuppression"] {
        assert_eq!(
            fault(vec![node(operator, &["x"], "y", Vec::new())], Vec::new()),
            GraphFault::Operator(operator.into())
        );
    }
    let custom = NodeProto { domain: Some("com.example".into()), ..node("Relu", &["x"], "y", Vec::new()) };
    assert_eq!(fault(vec![custom], Vec::new()), GraphFault::Operator("com.example.Relu".into()));
}

#[test]
fn a_network_that_would_fill_the_memory_is_refused() {
    // Each doubles the channels.
    let names: Vec<String> =
        (0..60).map(|number| if number == 0 { "x".into() } else { format!("v{number}") }).collect();
    let doubled =
        names.windows(2).map(|pair| node("Concat", &[&pair[0], &pair[0]], &pair[1], vec![axis_attribute(1)]));
    assert!(matches!(fault(doubled.collect(), Vec::new()), GraphFault::Memory { most: 1024, .. }));
    let sizes = constant_integers("sizes", &[1, 3, 1 << 27, 1 << 27]);
    let grown = node("Resize", &["x", "", "", "sizes"], "y", Vec::new());
    assert!(matches!(fault(vec![grown], vec![sizes]), GraphFault::Memory { .. }));
    let sizes = constant_integers("sizes", &[1, 3, 1 << 40, 1 << 40]);
    let grown = node("Expand", &["x", "sizes"], "y", Vec::new());
    assert!(matches!(fault(vec![grown], vec![sizes]), GraphFault::UnknownSize { .. }));
}

fn axis_attribute(axis: i64) -> AttributeProto {
    AttributeProto { name: Some("axis".to_owned()), i: Some(axis), ..AttributeProto::default() }
}

#[test]
fn a_network_that_would_run_for_hours_is_refused() {
    // 4096 matrix products of 4096 x 4096 numbers.
    let grown = node("Resize", &["x", "", "", "sizes"], "a0", Vec::new());
    let names: Vec<String> = (0..=100).map(|number| format!("a{number}")).collect();
    let products = names.windows(2).map(|pair| node("MatMul", &[&pair[0], &pair[0]], &pair[1], Vec::new()));
    let nodes = std::iter::once(grown).chain(products).collect();
    let fault = fault(nodes, vec![constant_integers("sizes", &[1, 3, 4096, 4096])]);
    assert!(matches!(fault, GraphFault::Operations { .. }), "{fault:?}");
}

#[test]
fn sizes_that_only_the_run_knows_are_refused() {
    let shape = node("Reshape", &["x", "x"], "y", Vec::new());
    assert!(matches!(fault(vec![shape], Vec::new()), GraphFault::UnknownSize { .. }));
    let early = node("Relu", &["later"], "y", Vec::new());
    assert!(matches!(fault(vec![early], Vec::new()), GraphFault::UnknownSize { .. }));
    let empty = node("Slice", &["x", "start", "end"], "y", Vec::new());
    let ends = vec![constant_integers("start", &[0]), constant_integers("end", &[0])];
    assert!(matches!(fault(vec![empty], ends), GraphFault::UnknownSize { .. }));
}

#[test]
fn weights_in_another_file_and_weights_that_do_not_fill_their_shape_are_refused() {
    let elsewhere = TensorProto {
        name: Some("w".into()),
        dims: vec![1],
        data_type: Some(DataType::FLOAT),
        data_location: Some(DataLocation::EXTERNAL),
        ..TensorProto::default()
    };
    assert_eq!(fault(Vec::new(), vec![elsewhere]), GraphFault::ExternalData);
    let short = TensorProto { dims: vec![1 << 20, 1 << 20], ..constant_integers("w", &[1]) };
    assert!(matches!(fault(Vec::new(), vec![short]), GraphFault::NotOnnx(_)));
}

#[test]
fn what_is_not_onnx_is_refused_whole_or_cut_anywhere() {
    let (_, onnx) = zoo().next().expect("a network");
    for length in (0..onnx.len()).step_by(997) {
        let result = check(&onnx[..length], SIZE);
        assert!(result.is_err() || length > onnx.len() / 2, "{length} of {}", onnx.len());
    }
    for bytes in [&b"not onnx at all"[..], b"\xff\xff\xff\xff", b""] {
        assert!(matches!(check(bytes, SIZE), Err(GraphFault::NotOnnx(_))), "{bytes:?}");
    }
}

/// Numbers of more than ten bytes, for which RTen's parser waited for ever, and a text of 26 gigabytes, for which it made room.
#[test]
fn what_the_fuzzer_found_is_refused_at_once() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/fuzz/graph");
    let found: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(found.len(), 3);
    for path in found {
        let onnx = std::fs::read(&path).unwrap();
        assert!(matches!(check(&onnx, SIZE), Err(GraphFault::NotOnnx(_))), "{}", path.display());
    }
}

#[test]
fn a_length_beyond_the_file_is_refused_wherever_it_stands() {
    // A model's graph, in it an initializer, in it external data of each of these lengths.
    for ends in [[0x80; 9], [0xFF; 9]] {
        let length = [&ends[..], &[1]].concat();
        let tensor = [&[13 << 3 | 2][..], &length].concat();
        let graph = [&[5 << 3 | 2, tensor.len() as u8][..], &tensor].concat();
        let onnx = [&[7 << 3 | 2, graph.len() as u8][..], &graph].concat();
        assert!(check(&onnx, SIZE).is_err(), "{length:?}");
    }
}

#[test]
fn every_operator_on_the_list_has_the_shape_of_the_specification() {
    let list = |ints: &[i64]| constant_integers("list", ints);
    let weights = |dims: &[i64]| TensorProto {
        name: Some("w".into()),
        dims: dims.to_vec(),
        data_type: Some(DataType::INT8),
        raw_data: Some(vec![0; dims.iter().product::<i64>() as usize].into()),
        ..TensorProto::default()
    };
    let word =
        |name: &str, s: &str| AttributeProto { name: Some(name.into()), s: Some(s.into()), ..Default::default() };
    let cases: Vec<(NodeProto, Vec<TensorProto>, &[usize])> = vec![
        (
            node("Conv", &["x", "w"], "y", vec![integers("strides", &[2, 2]), integers("pads", &[1, 1, 1, 1])]),
            vec![weights(&[8, 3, 3, 3])],
            &[1, 8, 128, 128],
        ),
        (
            node("Conv", &["x", "w"], "y", vec![integers("dilations", &[2, 2])]),
            vec![weights(&[8, 3, 3, 3])],
            &[1, 8, 252, 252],
        ),
        (
            node("Conv", &["x", "w"], "y", vec![word("auto_pad", "SAME_UPPER"), integers("strides", &[3, 3])]),
            vec![weights(&[8, 3, 3, 3])],
            &[1, 8, 86, 86],
        ),
        (
            node("ConvTranspose", &["x", "w"], "y", vec![integers("strides", &[2, 2])]),
            vec![weights(&[3, 5, 2, 2])],
            &[1, 5, 512, 512],
        ),
        (
            node("MaxPool", &["x"], "y", vec![integers("kernel_shape", &[3, 3]), integers("strides", &[2, 2])]),
            vec![],
            &[1, 3, 127, 127],
        ),
        (node("GlobalAveragePool", &["x"], "y", vec![]), vec![], &[1, 3, 1, 1]),
        (node("Transpose", &["x"], "y", vec![integers("perm", &[0, 2, 3, 1])]), vec![], &[1, 256, 256, 3]),
        (node("Reshape", &["x", "list"], "y", vec![]), vec![list(&[0, -1, 64])], &[1, 3072, 64]),
        (node("Flatten", &["x"], "y", vec![]), vec![], &[1, 196_608]),
        (node("Gather", &["x", "list"], "y", vec![axis_attribute(1)]), vec![list(&[2, 0])], &[1, 2, 256, 256]),
        (node("Pad", &["x", "list"], "y", vec![]), vec![list(&[0, 0, 1, 2, 0, 0, 3, 4])], &[1, 3, 260, 262]),
        (node("ReduceMean", &["x"], "y", vec![integers("axes", &[-1])]), vec![], &[1, 3, 256, 1]),
        (node("Unsqueeze", &["x", "list"], "y", vec![]), vec![list(&[-1])], &[1, 3, 256, 256, 1]),
        (node("Squeeze", &["x", "list"], "y", vec![]), vec![list(&[0])], &[3, 256, 256]),
        (node("Expand", &["x", "list"], "y", vec![]), vec![list(&[2, 1, 1, 1])], &[2, 3, 256, 256]),
        (node("Mul", &["x", "w"], "y", vec![]), vec![weights(&[3, 1, 1])], &[1, 3, 256, 256]),
        (node("MatMul", &["x", "w"], "y", vec![]), vec![weights(&[256, 7])], &[1, 3, 256, 7]),
        (
            node("Slice", &["x", "list", "w", "list", "list"], "y", vec![]),
            vec![list(&[2]), constant_integers("w", &[i64::MAX])],
            &[1, 3, 127, 256],
        ),
    ];
    for (node, constants, expected) in cases {
        let operator = node.op_type.clone();
        let bytes = file(vec![node], constants);
        let graph = ModelProto::parse_buf(&bytes).expect("read").graph.expect("a graph");
        let mut found = Vec::new();
        cost(&graph, &[1, 3, 256, 256], |_, value| found.clone_from(&value.shape)).expect("a cost");
        assert_eq!(found, expected, "{operator:?}");
    }
}
