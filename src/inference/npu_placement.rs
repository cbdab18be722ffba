//! [`NpuPlacement`]: where a network runs on the NPU and what it takes there, for `bench` and for how many contexts fit.

use serde::Serialize;

/// One context of a network on the NPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct NpuPlacement {
    /// The core mask: 0 is whichever core is idle, 1, 2 and 4 are one core each.
    pub core_mask: u32,
    /// Whether its tensors lie in memory that processor and NPU share, so that nothing is copied.
    pub is_zero_copy: bool,
    /// Bytes of its input and output.
    pub tensor_bytes: u64,
    /// What the runtime counts; `None` where it does not.
    pub memory: Option<NpuMemory>,
}

/// Memory of a context, as the runtime counts it, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct NpuMemory {
    /// Weights, which duplicates of the context share.
    pub weights_bytes: u64,
    /// What is in between the layers; each context has its own.
    pub internal_bytes: u64,
    /// All that it takes of the memory that processor and NPU share.
    pub dma_bytes: u64,
    /// What it takes of the NPU's own fast memory.
    pub sram_bytes: u64,
    /// What is left of that.
    pub free_sram_bytes: u64,
}

impl NpuPlacement {
    /// Bytes that one more context of the same network takes, with weights of its own if they cannot be shared: more is not
    /// known before it is made. `None` where the runtime does not count.
    #[must_use]
    pub fn context_bytes(&self) -> Option<u64> {
        let memory = self.memory?;
        Some(memory.weights_bytes + memory.internal_bytes + self.tensor_bytes)
    }
}
