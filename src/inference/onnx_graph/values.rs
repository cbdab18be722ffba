//! What is known of a value before the run: its shape, and its numbers where it is a small constant.

use rten_onnx::onnx::{AttributeProto, DataLocation, DataType, NodeProto, TensorProto};

use super::GraphFault;

/// Constants with more numbers than this say nothing about shapes.
const MOST_NUMBERS: usize = 64;

/// A value of the graph.
#[derive(Clone, Debug, Default)]
pub(super) struct GraphValue {
    /// Length of each axis.
    pub shape: Vec<usize>,
    /// The numbers of a small constant: sizes, axes and scales.
    pub numbers: Option<Vec<f64>>,
}

impl GraphValue {
    pub fn of_shape(shape: Vec<usize>) -> Self {
        Self { shape, numbers: None }
    }

    /// How many numbers it holds.
    pub fn len(&self) -> usize {
        count(&self.shape)
    }

    /// The constant's numbers as whole numbers.
    pub fn integers(&self) -> Option<Vec<i64>> {
        self.numbers.as_ref().map(|numbers| numbers.iter().map(|&number| number as i64).collect())
    }
}

/// How many numbers axes of these lengths hold.
pub(super) fn count(lengths: &[usize]) -> usize {
    lengths.iter().fold(1, |product, length| product.saturating_mul(*length))
}

/// A weight or constant of the graph, whose data must fill its shape.
pub(super) fn constant(tensor: &TensorProto) -> Result<GraphValue, GraphFault> {
    if tensor.data_location.is_some_and(|place| place == DataLocation::EXTERNAL) || !tensor.external_data.is_empty()
    {
        return Err(GraphFault::ExternalData);
    }
    let shape = tensor.dims.iter().map(|&side| usize::try_from(side)).collect::<Result<Vec<_>, _>>();
    let value = GraphValue::of_shape(shape.map_err(|_| damaged("a weight has a negative size"))?);
    let stored = stored_numbers(tensor)?;
    if stored != value.len() {
        return Err(damaged("the data of a weight do not match its shape"));
    }
    let numbers = if stored <= MOST_NUMBERS { numbers(tensor) } else { None };
    Ok(GraphValue { numbers, ..value })
}

fn damaged(detail: &str) -> GraphFault {
    GraphFault::NotOnnx(detail.to_owned())
}

/// How many numbers the file holds for this tensor.
fn stored_numbers(tensor: &TensorProto) -> Result<usize, GraphFault> {
    if let Some(raw) = &tensor.raw_data {
        let bytes = match tensor.data_type {
            Some(DataType::UINT8 | DataType::INT8 | DataType::BOOL) => 1,
            Some(DataType::UINT16 | DataType::INT16 | DataType::FLOAT16 | DataType::BFLOAT16) => 2,
            Some(DataType::FLOAT | DataType::INT32 | DataType::UINT32) => 4,
            Some(DataType::INT64 | DataType::UINT64 | DataType::DOUBLE) => 8,
            _ => return Err(damaged("a weight has an unknown number type")),
        };
        return Ok(raw.borrow().len() / bytes);
    }
    Ok(tensor.float_data.len() + tensor.int32_data.len() + tensor.int64_data.len() + tensor.double_data.len())
}

fn numbers(tensor: &TensorProto) -> Option<Vec<f64>> {
    let Some(raw) = &tensor.raw_data else {
        let floats = tensor.float_data.iter().map(|&number| f64::from(number));
        let short = tensor.int32_data.iter().map(|&number| f64::from(number));
        let long = tensor.int64_data.iter().map(|&number| number as f64);
        return Some(floats.chain(short).chain(long).chain(tensor.double_data.iter().copied()).collect());
    };
    let raw = raw.borrow();
    match tensor.data_type {
        Some(DataType::INT64) => Some(raw.as_chunks().0.iter().map(|b| i64::from_le_bytes(*b) as f64).collect()),
        Some(DataType::INT32) => Some(raw.as_chunks().0.iter().map(|b| i32::from_le_bytes(*b).into()).collect()),
        Some(DataType::FLOAT) => Some(raw.as_chunks().0.iter().map(|b| f32::from_le_bytes(*b).into()).collect()),
        _ => None,
    }
}

/// An operator's attributes by name.
pub(super) trait Attributes {
    fn attribute(&self, name: &str) -> Option<&AttributeProto>;

    /// A list of whole numbers.
    fn integers(&self, name: &str) -> Option<&[i64]> {
        self.attribute(name).map(|attribute| attribute.ints.as_slice()).filter(|list| !list.is_empty())
    }

    /// One whole number.
    fn integer(&self, name: &str) -> Option<i64> {
        self.attribute(name).and_then(|attribute| attribute.i)
    }

    /// A word.
    fn word(&self, name: &str) -> Option<&str> {
        self.attribute(name).and_then(|attribute| attribute.s.as_deref())
    }
}

impl Attributes for NodeProto {
    fn attribute(&self, name: &str) -> Option<&AttributeProto> {
        self.attribute.iter().find(|attribute| attribute.name.as_deref() == Some(name))
    }
}
