//! [`check`]: reads a network's ONNX file before any engine does, and refuses what could run for ever, fill the memory
//! or end the program: subgraphs (loops, branches), operators that are not on the list, data outside the file, and
//! values or operations beyond [`GraphLimits`]. Shapes follow from the card's input size, so the bound holds for every run.

mod call;
mod fault;
mod operators;
mod shapes;
mod values;
mod wire;

use std::collections::HashMap;

use rten_onnx::onnx::GraphProto;

pub use fault::GraphFault;
use values::{GraphValue, constant};

/// What one run of a network may need.
struct GraphLimits {
    /// Operators in the graph. The zoo's largest network has 396.
    nodes: usize,
    /// Numbers that are held at one time: 1 GiB as 32-bit floats. The zoo's networks hold at most 12 million.
    live_values: usize,
    /// Multiply-accumulate operations and written numbers of one run. The zoo's largest network needs less than a
    /// thousandth of it.
    operations: u64,
}

const LIMITS: GraphLimits = GraphLimits { nodes: 20_000, live_values: 1 << 28, operations: 1_000_000_000_000 };

/// Checks that the network in `onnx`, run on a colour image of `input_size` (rows, columns), stays within [`LIMITS`].
///
/// # Errors
/// [`GraphFault`]: what is in the graph that must not be there.
pub fn check(onnx: &[u8], input_size: [usize; 2]) -> Result<(), GraphFault> {
    // The parser descends into subgraphs without a limit, so they are looked for before it runs.
    wire::check(onnx, LIMITS.nodes)?;
    let graph = wire::parse(onnx)?.graph.ok_or_else(|| GraphFault::NotOnnx("it has no graph".to_owned()))?;
    let [height, width] = input_size;
    let cost = cost(&graph, &[1, 3, height, width], |_, _| {})?;
    if cost.live_values > LIMITS.live_values {
        let mib = |values: usize| values.saturating_mul(size_of::<f32>()) >> 20;
        return Err(GraphFault::Memory { found: mib(cost.live_values), most: mib(LIMITS.live_values) });
    }
    let operations = cost.macs.saturating_add(cost.written);
    if operations > LIMITS.operations {
        return Err(GraphFault::Operations { found: operations, most: LIMITS.operations });
    }
    Ok(())
}

/// The shapes of the input and of all values that the operators of `graph` calculate, by name.
///
/// # Errors
/// As [`check`].
pub(super) fn shapes(
    graph: &GraphProto,
    input_size: [usize; 2],
) -> Result<HashMap<String, Vec<usize>>, GraphFault> {
    let [height, width] = input_size;
    let input = [1, 3, height, width];
    let names = graph.input.iter().filter_map(|info| info.name.clone());
    let mut shapes: HashMap<_, _> = names.map(|name| (name, input.to_vec())).collect();
    cost(graph, &input, |name, value| _ = shapes.insert(name.to_owned(), value.shape.clone()))?;
    Ok(shapes)
}

/// What one run needs.
#[derive(Debug, Default)]
struct Cost {
    /// The most numbers that are held at one time, weights included.
    live_values: usize,
    macs: u64,
    /// Numbers that the operators write.
    written: u64,
}

/// Walks through the graph in its order, which ONNX requires to be the order of calculation, and shows each value.
fn cost(graph: &GraphProto, input: &[usize], mut show: impl FnMut(&str, &GraphValue)) -> Result<Cost, GraphFault> {
    let mut known: HashMap<&str, GraphValue> = HashMap::new();
    for tensor in &graph.initializer {
        known.insert(tensor.name.as_deref().unwrap_or_default(), constant(tensor)?);
    }
    let weights: usize = known.values().map(GraphValue::len).sum();
    for name in graph.input.iter().filter_map(|info| info.name.as_deref()) {
        known.entry(name).or_insert_with(|| GraphValue::of_shape(input.to_vec()));
    }
    let last_use = last_uses(graph);
    let mut live = weights + input.iter().product::<usize>();
    let mut cost = Cost { live_values: live, ..Cost::default() };
    for (place, node) in graph.node.iter().enumerate() {
        let result = operators::apply(node, &known)?;
        cost.macs = cost.macs.saturating_add(result.macs);
        for (name, value) in node.output.iter().zip(result.outputs) {
            show(name, &value);
            live = live.saturating_add(value.len());
            cost.written = cost.written.saturating_add(value.len() as u64);
            known.insert(name, value);
        }
        // An operator reads its inputs while it writes its outputs.
        cost.live_values = cost.live_values.max(live);
        if cost.live_values > LIMITS.live_values {
            return Ok(cost);
        }
        for name in node.input.iter().filter(|name| last_use.get(name.as_str()) == Some(&place)) {
            live = live.saturating_sub(known.get(name.as_str()).map_or(0, GraphValue::len));
        }
    }
    Ok(cost)
}

/// The last operator that reads each value; weights and outputs are never released.
fn last_uses(graph: &GraphProto) -> HashMap<&str, usize> {
    let mut last_use = HashMap::new();
    for (place, node) in graph.node.iter().enumerate() {
        last_use.extend(node.input.iter().map(|name| (name.as_str(), place)));
    }
    let kept = graph.initializer.iter().filter_map(|tensor| tensor.name.as_deref());
    let outputs = graph.output.iter().filter_map(|info| info.name.as_deref());
    for name in kept.chain(outputs) {
        last_use.remove(name);
    }
    last_use
}

#[cfg(test)]
mod tests;
