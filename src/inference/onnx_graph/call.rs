//! [`Call`]: an operator with what is known of its inputs.

use rten_onnx::onnx::NodeProto;

use super::GraphFault;
use super::values::GraphValue;

/// An operator with its inputs, as the functions in `shapes` take it.
pub(super) struct Call<'a> {
    pub node: &'a NodeProto,
    pub inputs: Vec<Option<&'a GraphValue>>,
}

impl<'a> Call<'a> {
    /// An input that the operator must have.
    pub fn input(&self, place: usize) -> Result<&'a GraphValue, GraphFault> {
        self.given(place).ok_or_else(|| self.unknown(&format!("input {} is missing", place + 1)))
    }

    /// An input that the operator may have.
    pub fn given(&self, place: usize) -> Option<&'a GraphValue> {
        self.inputs.get(place).copied().flatten()
    }

    /// The whole numbers of an input, which must be a constant.
    pub fn constants(&self, place: usize) -> Result<Vec<i64>, GraphFault> {
        let numbers = self.input(place)?.integers();
        numbers.ok_or_else(|| self.unknown(&format!("input {} is calculated during the run", place + 1)))
    }

    /// As [`Self::constants`], or `otherwise` where the input is not given.
    pub fn constants_or(&self, place: usize, otherwise: impl FnOnce() -> Vec<i64>) -> Result<Vec<i64>, GraphFault> {
        self.given(place).map_or_else(|| Ok(otherwise()), |_| self.constants(place))
    }

    /// The fault that the size of this operator's output is not known.
    pub fn unknown(&self, detail: &str) -> GraphFault {
        let operator = self.node.op_type.clone().unwrap_or_default();
        GraphFault::UnknownSize { operator, detail: detail.to_owned() }
    }
}
