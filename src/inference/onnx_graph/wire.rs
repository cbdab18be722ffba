//! A first look at the bytes, without recursion: no graph within the graph, and no more operators than allowed. Then they
//! are parsed by RTen's parser, from a reader of our own.
//!
//! Field numbers and the wire format are those of onnx.proto3 and of Protocol Buffers' encoding.

use std::panic::catch_unwind;

use rten_onnx::onnx::ModelProto;
use rten_onnx::protobuf::{DecodeMessage as _, ErrorKind, OwnedValues, ProtobufError, ReadValue};

use super::GraphFault;

/// Fields of the messages on the way to a subgraph.
mod field {
    pub const MODEL_GRAPH: u64 = 7;
    pub const MODEL_FUNCTIONS: u64 = 25;
    pub const GRAPH_NODE: u64 = 1;
    pub const GRAPH_SPARSE_INITIALIZER: u64 = 15;
    pub const NODE_ATTRIBUTE: u64 = 5;
    pub const ATTRIBUTE_GRAPH: u64 = 6;
    pub const ATTRIBUTE_GRAPHS: u64 = 11;
}

/// Checks the nesting of the messages in `onnx` and counts its operators.
pub(super) fn check(onnx: &[u8], most_nodes: usize) -> Result<(), GraphFault> {
    let mut nodes = 0;
    for part in Fields(onnx) {
        match part? {
            (field::MODEL_FUNCTIONS, _) => return Err(GraphFault::Subgraph),
            (field::MODEL_GRAPH, graph) => check_graph(graph, &mut nodes, most_nodes)?,
            _ => {}
        }
    }
    Ok(())
}

fn check_graph(graph: &[u8], nodes: &mut usize, most_nodes: usize) -> Result<(), GraphFault> {
    for part in Fields(graph) {
        match part? {
            (field::GRAPH_SPARSE_INITIALIZER, _) => {
                return Err(GraphFault::UnknownSize {
                    operator: "sparse_initializer".to_owned(),
                    detail: "its weights are sparse".to_owned(),
                });
            }
            (field::GRAPH_NODE, node) => {
                *nodes += 1;
                if *nodes > most_nodes {
                    return Err(GraphFault::Nodes { most: most_nodes });
                }
                check_node(node)?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn check_node(node: &[u8]) -> Result<(), GraphFault> {
    for part in Fields(node) {
        let (field::NODE_ATTRIBUTE, attribute) = part? else { continue };
        for part in Fields(attribute) {
            if matches!(part?, (field::ATTRIBUTE_GRAPH | field::ATTRIBUTE_GRAPHS, _)) {
                return Err(GraphFault::Subgraph);
            }
        }
    }
    Ok(())
}

/// The file's content.
pub(super) fn parse(onnx: &[u8]) -> Result<ModelProto, GraphFault> {
    // The parser adds lengths to places without asking whether the sum is a number: a panic where overflow is checked.
    catch_unwind(|| ModelProto::decode(BytesReader { rest: onnx, length: onnx.len() }))
        .map_err(|_| GraphFault::NotOnnx("a length leads beyond the file".to_owned()))?
        .map_err(|error| GraphFault::NotOnnx(error.to_string()))
}

/// Reads values from bytes, and fails where these end. The reader of rten-onnx 0.27 makes room for a text of any length before it
/// looks whether there is so much, and at a number of more than ten bytes it waits for ever.
struct BytesReader<'a> {
    rest: &'a [u8],
    /// Of all bytes.
    length: usize,
}

impl<'a> BytesReader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], ProtobufError> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or_else(|| ProtobufError::new(ErrorKind::Eof))?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ProtobufError> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or_else(|| ProtobufError::new(ErrorKind::Eof))?;
        self.rest = rest;
        Ok(*taken)
    }
}

impl ReadValue for BytesReader<'_> {
    type Types = OwnedValues;

    fn read_i32(&mut self) -> Result<i32, ProtobufError> {
        self.array().map(i32::from_le_bytes)
    }

    fn read_i64(&mut self) -> Result<i64, ProtobufError> {
        self.array().map(i64::from_le_bytes)
    }

    fn read_varint(&mut self) -> Result<u64, ProtobufError> {
        // So the parser finds the end of the file.
        if self.rest.is_empty() {
            return Err(ProtobufError::new(ErrorKind::Eof));
        }
        let mut fields = Fields(self.rest);
        let value = fields.varint().ok_or_else(|| ProtobufError::new(ErrorKind::InvalidVarint))?;
        self.rest = fields.0;
        Ok(value)
    }

    fn read_bytes(&mut self, length: usize) -> Result<Vec<u8>, ProtobufError> {
        self.take(length).map(<[u8]>::to_vec)
    }

    fn read_string(&mut self, length: usize) -> Result<String, ProtobufError> {
        let bytes = self.read_bytes(length)?;
        String::from_utf8(bytes).map_err(|_| ProtobufError::new(ErrorKind::InvalidUtf8))
    }

    fn skip(&mut self, length: usize) -> Result<(), ProtobufError> {
        self.take(length).map(|_| ())
    }

    fn position(&self) -> u64 {
        (self.length - self.rest.len()) as u64
    }
}

/// The fields of one message: number, and content where it has a length (empty for numbers).
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    fn take(&mut self, length: u64) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(usize::try_from(length).ok()?)?;
        self.0 = rest;
        Some(taken)
    }

    fn field(&mut self) -> Option<(u64, &'a [u8])> {
        let key = self.varint()?;
        let content = match key & 7 {
            0 => self.varint().map(|_| [].as_slice()),
            1 => self.take(8).map(|_| [].as_slice()),
            2 => self.varint().and_then(|length| self.take(length)),
            5 => self.take(4).map(|_| [].as_slice()),
            // Groups, which ONNX does not use.
            _ => None,
        };
        content.map(|content| (key >> 3, content))
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, &'a [u8]), GraphFault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_none() {
            self.0 = &[];
        }
        Some(field.ok_or_else(|| GraphFault::NotOnnx("its fields are truncated".to_owned())))
    }
}
