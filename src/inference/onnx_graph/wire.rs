//! A first look at the bytes, without recursion: no graph within the graph, and no more operators than allowed. Then they
//! are parsed by RTen's parser, which is kept from waiting for ever.
//!
//! Field numbers and the wire format are those of onnx.proto3 and of Protocol Buffers' encoding.

use std::io::{BufRead, Cursor, Error, Read, Result as IoResult, Seek, SeekFrom};

use rten_onnx::onnx::ModelProto;
use rten_onnx::protobuf::{DecodeMessage as _, ReadPos, ValueReader};

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
    let reader = ImpatientReader { bytes: Cursor::new(onnx), asked: 0 };
    ModelProto::decode(ValueReader::new(ReadPos::new(reader)))
        .map_err(|error| GraphFault::NotOnnx(error.to_string()))
}

/// Fails where the parser asks for the same bytes again and again. At a number of more than ten bytes, which none may have,
/// rten-onnx 0.27 does so for ever.
struct ImpatientReader<'a> {
    bytes: Cursor<&'a [u8]>,
    /// How often bytes were asked for since some were taken.
    asked: u32,
}

impl ImpatientReader<'_> {
    /// A parser that gets on asks once, and once more where the file ends.
    const PATIENCE: u32 = 8;
}

impl Read for ImpatientReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> IoResult<usize> {
        self.asked = 0;
        self.bytes.read(buffer)
    }
}

impl BufRead for ImpatientReader<'_> {
    fn fill_buf(&mut self) -> IoResult<&[u8]> {
        self.asked += 1;
        if self.asked > Self::PATIENCE {
            return Err(Error::other("a number has more than ten bytes"));
        }
        self.bytes.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        if amount > 0 {
            self.asked = 0;
        }
        self.bytes.consume(amount);
    }
}

impl Seek for ImpatientReader<'_> {
    fn seek(&mut self, to: SeekFrom) -> IoResult<u64> {
        self.asked = 0;
        self.bytes.seek(to)
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
