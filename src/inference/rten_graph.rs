//! [`rewritten`]: a network's graph with equal operators in the place of those that take RTen long. Its bilinear `Resize`
//! weighs pixel by pixel, where two products with small matrices do the same; its `Conv` copies a window around every
//! pixel, which for few outputs costs more than multiplying first and adding shifted maps, as `ConvTranspose` does.

use std::collections::{HashMap, HashSet};

use rten_onnx::onnx::{AttributeProto, DataType, GraphProto, ModelProto, NodeProto, TensorProto};

use super::onnx_graph;

/// The longest side that is resized by a product: its matrix then has at most half a million numbers.
const LONGEST_RESIZED: usize = 512;

/// The graph in `onnx`, for an input of `input_size` (rows, columns), as RTen runs it fastest; `None` where nothing in it
/// is known to be slow, or where it is not understood.
pub(super) fn rewritten(onnx: &[u8], input_size: [usize; 2]) -> Option<Vec<u8>> {
    let mut model = ModelProto::parse_buf(onnx).ok()?;
    let graph = model.graph.as_mut()?;
    let mut rewriting = Rewriting { shapes: onnx_graph::shapes(graph, input_size).ok()?, added: Vec::new() };
    let before = graph.node.len();
    let late = rewriting.resize_less(graph);
    let mut changed = before != late.len();
    let mut nodes = Vec::with_capacity(late.len());
    for node in late {
        let other =
            rewriting.product_for_resize(&node, graph).or_else(|| rewriting.shifted_sums_for_conv(&node, graph));
        changed |= other.is_some();
        nodes.extend(other.unwrap_or_else(|| vec![node]));
    }
    graph.node = nodes;
    graph.initializer.extend(rewriting.added);
    changed.then(|| model.write_buf().ok()).flatten()
}

struct Rewriting {
    /// Of every value that is calculated.
    shapes: HashMap<String, Vec<usize>>,
    /// New weights.
    added: Vec<TensorProto>,
}

impl Rewriting {
    /// A value's batch, channels, rows and columns.
    fn shape(&self, name: &str) -> Option<[usize; 4]> {
        self.shapes.get(name)?.as_slice().try_into().ok()
    }

    /// The name of a weight, which is added once.
    fn weight(&mut self, name: String, dims: &[usize], values: impl FnOnce() -> Vec<f32>) -> String {
        if !self.added.iter().any(|tensor| tensor.name.as_ref() == Some(&name)) {
            self.added.push(TensorProto {
                name: Some(name.clone()),
                dims: dims.iter().map(|&length| length as i64).collect(),
                data_type: Some(DataType::FLOAT),
                float_data: values(),
                ..TensorProto::default()
            });
        }
        name
    }

    /// A 1 x 1 convolution to fewer channels of a resized map and another: both are convolved first, so that less is
    /// resized. Resizing and adding work on each channel alone, and the weights of a resize sum to 1.
    fn resize_less(&mut self, graph: &GraphProto) -> Vec<NodeProto> {
        let uses = Uses::of(graph);
        let mut replaced = HashSet::new();
        let mut instead: HashMap<&str, Vec<NodeProto>> = HashMap::new();
        for conv in graph.node.iter().filter(|node| is(node, "Conv")) {
            let Some((resize, sum, other)) = uses.resized_sum(conv) else { continue };
            let Some(nodes) = self.convolved_first(graph, conv, resize, other) else { continue };
            replaced.extend([output(resize), output(sum)]);
            instead.insert(output(conv), nodes);
        }
        let kept = graph.node.iter().filter(|node| !replaced.contains(output(node)));
        kept.flat_map(|node| instead.remove(output(node)).unwrap_or_else(|| vec![node.clone()])).collect()
    }

    fn convolved_first(
        &mut self,
        graph: &GraphProto,
        conv: &NodeProto,
        resize: &NodeProto,
        other: &str,
    ) -> Option<Vec<NodeProto>> {
        let [outputs, inputs, 1, 1] = dims(weight_of(graph, conv.input.get(1)?)?)? else { return None };
        let is_plain = outputs < inputs
            && ints(conv, "strides").iter().chain(ints(conv, "dilations")).all(|&step| step == 1)
            && ints(conv, "pads").iter().all(|&pad| pad == 0)
            && is_bilinear(resize)
            // A scale alone is the same for any number of channels.
            && resize.input.len() == 3;
        let small = resize.input.first()?;
        let ([_, _, rows, columns], [_, _, out_rows, out_columns]) =
            (self.shape(small)?, self.shape(output(resize))?);
        if !is_plain || self.shape(other)? != self.shape(output(resize))? {
            return None;
        }
        let name = output(conv);
        let [few, few_resized, few_other] = ["small", "resized", "other"].map(|part| format!("{name}/{part}"));
        self.shapes.insert(few.clone(), vec![1, outputs, rows, columns]);
        self.shapes.insert(few_resized.clone(), vec![1, outputs, out_rows, out_columns]);
        let with = |node: &NodeProto, input: Vec<String>, output: &str| NodeProto {
            input,
            output: vec![output.to_owned()],
            name: None,
            ..node.clone()
        };
        let mut other_input = conv.input.clone();
        other_input[0] = other.to_owned();
        let mut resize_input = resize.input.clone();
        resize_input[0].clone_from(&few);
        Some(vec![
            with(conv, vec![small.clone(), conv.input[1].clone()], &few),
            with(resize, resize_input, &few_resized),
            with(conv, other_input, &few_other),
            operator("Add", &[&few_resized, &few_other], name, Vec::new()),
        ])
    }

    /// A bilinear enlargement by whole numbers as a product with a matrix for the columns, and one for the rows.
    fn product_for_resize(&mut self, node: &NodeProto, graph: &GraphProto) -> Option<Vec<NodeProto>> {
        let small = node.input.first()?;
        let ([batch, channels, rows, columns], to) = (self.shape(small)?, self.shape(output(node))?);
        let fits = |from: usize, to: usize| to.is_multiple_of(from) && to <= LONGEST_RESIZED;
        if !is_bilinear(node)
            || [batch, channels] != [to[0], to[1]]
            || !fits(rows, to[2])
            || !fits(columns, to[3])
            || weight_of(graph, node.input.get(2)?).is_none()
        {
            return None;
        }
        let right = self.weight(format!("columns {columns} to {}", to[3]), &[columns, to[3]], || {
            enlargement(columns, to[3], |from, at| from * to[3] + at)
        });
        let left = self.weight(format!("rows {rows} to {}", to[2]), &[to[2], rows], || {
            enlargement(rows, to[2], |from, at| at * rows + from)
        });
        let wide = format!("{}/wide", output(node));
        Some(vec![
            operator("MatMul", &[small, &right], &wide, Vec::new()),
            operator("MatMul", &[&left, &wide], output(node), Vec::new()),
        ])
    }

    /// A convolution to at most half as many channels whose output is as large as its input: the transposed one with the
    /// window turned around.
    fn shifted_sums_for_conv(&mut self, node: &NodeProto, graph: &GraphProto) -> Option<Vec<NodeProto>> {
        let weights = weight_of(graph, node.input.get(1).filter(|_| is(node, "Conv"))?)?;
        let [outputs, inputs, height, width] = dims(weights)?;
        let dilations: [i64; 2] = match ints(node, "dilations") {
            [] => [1, 1],
            given => given.try_into().ok()?,
        };
        let middle = [(height / 2) as i64 * dilations[0], (width / 2) as i64 * dilations[1]];
        let keeps_size = height % 2 == 1
            && width % 2 == 1
            && ints(node, "pads") == [middle, middle].concat()
            && ints(node, "strides").iter().all(|&stride| stride == 1);
        let is_one_group = self.shape(node.input.first()?)?[1] == inputs;
        if !keeps_size || !is_one_group || height * width == 1 || outputs * 2 > inputs {
            return None;
        }
        let values = floats(weights)?;
        let turned = self.weight(format!("{}/turned", node.input[1]), &[inputs, outputs, height, width], || {
            let window = height * width;
            let pairs = (0..inputs).flat_map(|from| (0..outputs).map(move |to| (from, to)));
            pairs
                .flat_map(|(from, to)| values[(to * inputs + from) * window..][..window].iter().rev().copied())
                .collect()
        });
        let mut input = node.input.clone();
        input[1] = turned;
        Some(vec![NodeProto { op_type: Some("ConvTranspose".to_owned()), input, ..node.clone() }])
    }
}

/// Who writes each value, and how many operators read it.
struct Uses<'a> {
    writers: HashMap<&'a str, &'a NodeProto>,
    readers: HashMap<&'a str, usize>,
}

impl<'a> Uses<'a> {
    fn of(graph: &'a GraphProto) -> Self {
        let mut readers = HashMap::new();
        let outputs = graph.output.iter().filter_map(|info| info.name.as_deref());
        for name in graph.node.iter().flat_map(|node| node.input.iter().map(String::as_str)).chain(outputs) {
            *readers.entry(name).or_default() += 1;
        }
        Self { writers: graph.node.iter().map(|node| (output(node), node)).collect(), readers }
    }

    /// The operator that writes `name` for this reader alone, if it is of that type.
    fn only(&self, name: &str, operator: &str) -> Option<&'a NodeProto> {
        let writer = *self.writers.get(name)?;
        (is(writer, operator) && self.readers.get(name) == Some(&1)).then_some(writer)
    }

    /// The resize and the sum that `conv` reads, and the name of the other map in that sum.
    fn resized_sum(&self, conv: &NodeProto) -> Option<(&'a NodeProto, &'a NodeProto, &'a str)> {
        let sum = self.only(conv.input.first()?, "Add")?;
        let [one, other] = sum.input.as_slice() else { return None };
        [(one, other), (other, one)]
            .into_iter()
            .find_map(|(resized, other)| Some((self.only(resized, "Resize")?, sum, other.as_str())))
    }
}

fn is(node: &NodeProto, operator: &str) -> bool {
    node.op_type.as_deref() == Some(operator)
}

fn output(node: &NodeProto) -> &str {
    node.output.first().map_or("", String::as_str)
}

fn attribute<'a>(node: &'a NodeProto, name: &str) -> Option<&'a AttributeProto> {
    node.attribute.iter().find(|attribute| attribute.name.as_deref() == Some(name))
}

fn ints<'a>(node: &'a NodeProto, name: &str) -> &'a [i64] {
    attribute(node, name).map_or(&[], |attribute| &attribute.ints)
}

fn is_bilinear(node: &NodeProto) -> bool {
    let word = |name: &str| attribute(node, name).and_then(|attribute| attribute.s.as_deref());
    is(node, "Resize")
        && word("mode") == Some("linear")
        && matches!(word("coordinate_transformation_mode"), None | Some("half_pixel"))
        && attribute(node, "antialias").is_none_or(|attribute| attribute.i == Some(0))
}

fn weight_of<'a>(graph: &'a GraphProto, name: &str) -> Option<&'a TensorProto> {
    graph.initializer.iter().find(|tensor| tensor.name.as_deref() == Some(name))
}

fn dims(tensor: &TensorProto) -> Option<[usize; 4]> {
    let dims: [i64; 4] = tensor.dims.as_slice().try_into().ok()?;
    Some(dims.map(|length| length as usize))
}

fn floats(tensor: &TensorProto) -> Option<Vec<f32>> {
    if tensor.data_type != Some(DataType::FLOAT) {
        return None;
    }
    let raw = tensor.raw_data.as_ref().map(|raw| raw.borrow());
    Some(raw.map_or_else(
        || tensor.float_data.clone(),
        |raw| raw.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect(),
    ))
}

fn operator(op_type: &str, input: &[&str], output: &str, attribute: Vec<AttributeProto>) -> NodeProto {
    NodeProto {
        op_type: Some(op_type.to_owned()),
        input: input.iter().map(|&name| name.to_owned()).collect(),
        output: vec![output.to_owned()],
        attribute,
        ..NodeProto::default()
    }
}

/// The weights with which each of `to` places takes the numbers of `from` places, half pixels at the borders, in the order
/// that `place` says.
fn enlargement(from: usize, to: usize, place: impl Fn(usize, usize) -> usize) -> Vec<f32> {
    let mut matrix = vec![0.0; from * to];
    let last = from - 1;
    for at in 0..to {
        let source = ((at as f32 + 0.5) * (from as f32 / to as f32) - 0.5).clamp(0.0, last as f32);
        let (before, part) = (source as usize, source.fract());
        matrix[place(before, at)] += 1.0 - part;
        matrix[place((before + 1).min(last), at)] += part;
    }
    matrix
}

#[cfg(test)]
mod tests;
