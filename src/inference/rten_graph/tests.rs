//! Every network of the zoo before and after, and small graphs that must stay as they are.

use std::path::Path;

use rten_onnx::onnx::ValueInfoProto;
use rten_tensor::NdTensorView;
use rten_tensor::prelude::*;

use super::*;
use crate::inference::Model;

fn map_of(onnx: Vec<u8>, [rows, columns]: [usize; 2]) -> Vec<f32> {
    let graph = rten::Model::load(onnx).expect("loaded");
    // A disc and stripes that no side divides evenly.
    let at = |place: usize| ((place % columns) as f32 / 19.0).sin() + ((place / columns) as f32 / 31.0).cos();
    let image: Vec<f32> = (0..3 * rows * columns).map(at).collect();
    let input = NdTensorView::from_data([1, 3, rows, columns], image.as_slice());
    let [map] =
        graph.run_n(vec![(graph.input_ids()[0], input.into())], [graph.output_ids()[0]], None).expect("run");
    map.into_tensor::<f32>().expect("floats").to_vec()
}

fn count(onnx: &[u8], operator: &str) -> usize {
    let graph = ModelProto::parse_buf(onnx).expect("read").graph.expect("a graph");
    graph.node.iter().filter(|node| is(node, operator)).count()
}

#[test]
fn every_network_of_the_zoo_gives_the_same_map_without_a_resize() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/zoo");
    let folders = std::fs::read_dir(folder).expect("the zoo").map(|entry| entry.expect("an entry").path());
    let mut checked = 0;
    for folder in folders.filter(|folder| folder.is_dir()) {
        let model = Model::from_folder(&folder).expect("a network");
        let size = [model.card.input.height, model.card.input.width];
        let other = rewritten(&model.onnx, size).expect("every network of the zoo resizes");
        assert_eq!(count(&other, "Resize"), 0, "{}", model.card.name);
        let [before, after] = [map_of(model.onnx.to_vec(), size), map_of(other, size)];
        let most = before.iter().zip(&after).map(|(one, other)| (one - other).abs()).fold(0.0, f32::max);
        assert!(before.len() == after.len() && most < 1e-5, "{}: {most}", model.card.name);
        checked += 1;
    }
    assert!(checked >= 10);
}

#[test]
fn the_recommended_networks_attention_maps_are_summed_and_its_last_map_is_resized_alone() {
    let model = Model::built_in().expect("built in");
    let size = [model.card.input.height, model.card.input.width];
    let other = rewritten(&model.onnx, size).expect("rewritten");
    assert_eq!((count(&model.onnx, "ConvTranspose"), count(&other, "ConvTranspose")), (0, 6));
    let graph = ModelProto::parse_buf(&other).expect("read").graph.expect("a graph");
    let shapes = onnx_graph::shapes(&graph, size).expect("shapes");
    let mut wide = graph.node.iter().filter(|node| is(node, "MatMul") && output(node).ends_with("/wide"));
    let last = shapes[output(wide.next_back().expect("products"))].clone();
    assert_eq!(last[1], 1, "{last:?}");
}

#[test]
fn an_enlargement_by_two_takes_quarters_and_three_quarters() {
    let matrix = enlargement(3, 6, |from, at| at * 3 + from);
    let expected = [
        [1.0, 0.0, 0.0],
        [0.75, 0.25, 0.0],
        [0.25, 0.75, 0.0],
        [0.0, 0.75, 0.25],
        [0.0, 0.25, 0.75],
        [0.0, 0.0, 1.0],
    ];
    assert_eq!(matrix, expected.concat());
}

/// The file of a network of one operator with one weight.
fn file(node: NodeProto, weight: TensorProto) -> Vec<u8> {
    let named = |name: &str| vec![ValueInfoProto { name: Some(name.to_owned()), ..ValueInfoProto::default() }];
    let (input, output) = (named("x"), named("y"));
    let graph = GraphProto { node: vec![node], initializer: vec![weight], input, output, ..GraphProto::default() };
    ModelProto { graph: Some(graph), ..ModelProto::default() }.write_buf().expect("written")
}

fn weight(dims: &[i64]) -> TensorProto {
    TensorProto {
        name: Some("w".to_owned()),
        dims: dims.to_vec(),
        data_type: Some(DataType::FLOAT),
        float_data: if dims.len() == 1 {
            vec![1.0, 1.0, 2.0, 2.0]
        } else {
            vec![0.5; dims.iter().product::<i64>() as usize]
        },
        ..TensorProto::default()
    }
}

fn with(name: &str, ints: &[i64], word: Option<&str>) -> AttributeProto {
    let name = Some(name.to_owned());
    AttributeProto { name, ints: ints.to_vec(), s: word.map(str::to_owned), ..AttributeProto::default() }
}

#[test]
fn other_resizes_and_convolutions_stay_as_they_are() {
    let resize = |attributes| file(operator("Resize", &["x", "", "w"], "y", attributes), weight(&[4]));
    let conv = |dims: &[i64], attributes| file(operator("Conv", &["x", "w"], "y", attributes), weight(dims));
    let linear = || with("mode", &[], Some("linear"));
    let corners = with("coordinate_transformation_mode", &[], Some("align_corners"));
    let around = || with("pads", &[1, 1, 1, 1], None);
    let changed = [resize(vec![linear()]), conv(&[1, 3, 3, 3], vec![around()])];
    let kept = [
        resize(vec![with("mode", &[], Some("nearest"))]),
        resize(vec![linear(), corners]),
        conv(&[1, 3, 3, 3], Vec::new()),
        conv(&[1, 3, 3, 3], vec![around(), with("strides", &[2, 2], None)]),
        conv(&[1, 3, 3, 3], vec![around(), with("dilations", &[3, 3], None)]),
        conv(&[1, 3, 1, 1], Vec::new()),
        conv(&[8, 3, 3, 3], vec![around()]),
        b"no network".to_vec(),
    ];
    assert!(changed.iter().all(|onnx| rewritten(onnx, [16, 24]).is_some()));
    for (place, onnx) in kept.iter().enumerate() {
        assert!(rewritten(onnx, [16, 24]).is_none(), "the one at {place}");
    }
}
