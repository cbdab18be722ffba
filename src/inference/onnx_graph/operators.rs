//! The operators that a network may use: those of convolutional and attention networks whose sizes are known before the
//! run. Shapes as in the ONNX operator specification, default domain, opset 13 and later.

use std::collections::HashMap;

use rten_onnx::onnx::NodeProto;

use super::GraphFault;
use super::call::Call;
use super::shapes::{
    Shape, broadcast, concatenated, convolved, deconvolved, expanded, flattened, gathered, multiplied, padded,
    pooled, reduced, reshaped, resized, sliced, split, squeezed, transposed, unsqueezed,
};
use super::values::{Attributes as _, GraphValue, constant};

/// What an operator gives and costs.
#[derive(Debug)]
pub(super) struct Applied {
    pub outputs: Vec<GraphValue>,
    /// Multiply-accumulate operations of convolutions, pooling and matrix products.
    pub macs: u64,
}

/// The outputs of `node` from what is known of its inputs.
pub(super) fn apply(node: &NodeProto, known: &HashMap<&str, GraphValue>) -> Result<Applied, GraphFault> {
    let domain = node.domain.as_deref().unwrap_or_default();
    let operator = node.op_type.as_deref().unwrap_or_default();
    if !matches!(domain, "" | "ai.onnx") {
        return Err(GraphFault::Operator(format!("{domain}.{operator}")));
    }
    let find = |name: &String| if name.is_empty() { None } else { Some(known.get(name.as_str())) };
    let inputs: Vec<Option<&GraphValue>> = node.input.iter().map(|name| find(name).flatten()).collect();
    let call = Call { node, inputs };
    if let Some(name) = node.input.iter().find(|name| !name.is_empty() && !known.contains_key(name.as_str())) {
        return Err(call.unknown(&format!("{name} is not calculated before it")));
    }
    if operator == "Constant" {
        return constant_node(&call);
    }
    if operator == "Split" {
        let outputs: Vec<GraphValue> = split(&call)?.into_iter().map(GraphValue::of_shape).collect();
        return not_empty(&call, Applied { outputs, macs: 0 });
    }
    if node.output.len() > 1 {
        return Err(call.unknown("it has more than one output"));
    }
    let (shape, macs_per_number) = shape_and_work(operator, &call)?;
    let output = GraphValue { numbers: carried_numbers(operator, &call), shape };
    let macs = (output.len() as u64).saturating_mul(macs_per_number);
    not_empty(&call, Applied { outputs: vec![output], macs })
}

/// An axis of the length 0 would hide how long the others are.
fn not_empty(call: &Call<'_>, applied: Applied) -> Result<Applied, GraphFault> {
    if applied.outputs.iter().any(|value| value.shape.contains(&0)) {
        return Err(call.unknown("its output would be empty"));
    }
    Ok(applied)
}

/// The output's shape, and multiply-accumulate operations for each of its numbers.
fn shape_and_work(operator: &str, call: &Call<'_>) -> Result<(Shape, u64), GraphFault> {
    let shape = match operator {
        "Conv" => return convolved(call),
        "ConvTranspose" => return deconvolved(call),
        "MatMul" | "Gemm" => return multiplied(operator, call),
        "MaxPool" | "AveragePool" => return pooled(call),
        "Abs"
        | "BatchNormalization"
        | "Cast"
        | "Ceil"
        | "Clip"
        | "Dropout"
        | "Elu"
        | "Erf"
        | "Exp"
        | "Floor"
        | "Gelu"
        | "HardSigmoid"
        | "HardSwish"
        | "Identity"
        | "InstanceNormalization"
        | "LayerNormalization"
        | "LeakyRelu"
        | "Log"
        | "LogSoftmax"
        | "Mish"
        | "Neg"
        | "Not"
        | "Reciprocal"
        | "Relu"
        | "Round"
        | "Selu"
        | "Sigmoid"
        | "Sign"
        | "Softmax"
        | "Softplus"
        | "Sqrt"
        | "Tanh"
        | "ThresholdedRelu"
        | "QuantizeLinear"
        | "DequantizeLinear" => call.input(0)?.shape.clone(),
        "Add" | "And" | "Div" | "Equal" | "Greater" | "GreaterOrEqual" | "Less" | "LessOrEqual" | "Max"
        | "Mean" | "Min" | "Mul" | "Or" | "PRelu" | "Pow" | "Sub" | "Sum" | "Where" => broadcast(call)?,
        "GlobalAveragePool" | "GlobalMaxPool" => {
            call.input(0)?.shape.iter().enumerate().map(|(axis, &side)| if axis < 2 { side } else { 1 }).collect()
        }
        "Concat" => concatenated(call)?,
        "Expand" => expanded(call)?,
        "Flatten" => flattened(call)?,
        "Gather" => gathered(call)?,
        "Pad" => padded(call)?,
        "ReduceMax" | "ReduceMean" | "ReduceMin" | "ReduceSum" | "ReduceL2" => reduced(call)?,
        "Reshape" => reshaped(call)?,
        "Resize" => resized(call)?,
        "Slice" => sliced(call)?,
        "Squeeze" => squeezed(call)?,
        "Transpose" => transposed(call)?,
        "Unsqueeze" => unsqueezed(call)?,
        _ => return Err(GraphFault::Operator(operator.to_owned())),
    };
    Ok((shape, 0))
}

/// Sizes that a network passes on unchanged stay known.
fn carried_numbers(operator: &str, call: &Call<'_>) -> Option<Vec<f64>> {
    match operator {
        "Identity" | "Cast" | "Reshape" | "Squeeze" | "Unsqueeze" => call.given(0)?.numbers.clone(),
        _ => None,
    }
}

fn constant_node(call: &Call<'_>) -> Result<Applied, GraphFault> {
    let scalar_or_list = |numbers: Vec<f64>, shape: Shape| GraphValue { shape, numbers: Some(numbers) };
    let output = if let Some(tensor) = call.node.attribute("value").and_then(|attribute| attribute.t.as_ref()) {
        constant(tensor)?
    } else if let Some(number) = call.node.integer("value_int") {
        scalar_or_list(vec![number as f64], Vec::new())
    } else if let Some(list) = call.node.integers("value_ints") {
        scalar_or_list(list.iter().map(|&number| number as f64).collect(), vec![list.len()])
    } else if let Some(number) = call.node.attribute("value_float").and_then(|attribute| attribute.f) {
        scalar_or_list(vec![number.into()], Vec::new())
    } else {
        return Err(call.unknown("its value has an unknown type"));
    };
    Ok(Applied { outputs: vec![output], macs: 0 })
}
