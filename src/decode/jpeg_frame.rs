//! What a JPEG's headers say: its frame, and how many blocks each scan must hold.

use super::error::DecodeErrorKind;

/// The frame header (SOF): size and components.
#[derive(Clone, Debug)]
pub(super) struct JpegFrame {
    pub(super) size: [u32; 2],
    pub(super) is_progressive: bool,
    components: Vec<FrameComponent>,
}

/// A component of a frame: luminance or one of the colours.
#[derive(Clone, Copy, Debug)]
struct FrameComponent {
    id: u8,
    /// Blocks of it in an MCU, across and down.
    sampling: [u32; 2],
    /// The number of its table of quantisation.
    quantisation: u8,
}

/// What a scan header (SOS) says.
#[derive(Clone, Debug)]
pub(super) struct ScanHeader {
    /// Places of its components in the frame.
    pub(super) components: Vec<usize>,
    /// The first and the last coefficient of each block that it codes, in zigzag order.
    pub(super) band: [u8; 2],
    /// Low bits of them that it leaves to later scans.
    pub(super) bits_left: u8,
    /// MCUs in it: what a restart interval counts.
    pub(super) mcus: u64,
    /// Blocks in each MCU.
    pub(super) blocks_in_mcu: u64,
    /// Adds a bit to each DC coefficient: without Huffman codes, one bit a block.
    pub(super) is_dc_refinement: bool,
}

/// The kind of a frame, by its marker.
pub(super) enum FrameKind {
    /// With Huffman codes, which we read.
    Huffman { is_progressive: bool },
    /// Another, which we do not read.
    Other(&'static str),
}

/// The kind of frame that `marker` begins, or `None` if it begins none.
pub(super) fn kind_of(marker: u8) -> Option<FrameKind> {
    match marker {
        0xC0 | 0xC1 => Some(FrameKind::Huffman { is_progressive: false }),
        0xC2 => Some(FrameKind::Huffman { is_progressive: true }),
        0xC3 => Some(FrameKind::Other("lossless coding")),
        0xC5..=0xC7 => Some(FrameKind::Other("hierarchical coding")),
        0xC9..=0xCB | 0xCD..=0xCF => Some(FrameKind::Other("arithmetic coding")),
        0xF7 => Some(FrameKind::Other("JPEG-LS")),
        _ => None,
    }
}

fn damaged(detail: &str) -> DecodeErrorKind {
    DecodeErrorKind::Damaged { format: "JPEG", detail: detail.to_owned() }
}

/// A JPEG that is whole but of a kind that we do not read.
pub(super) fn unsupported(detail: &str) -> DecodeErrorKind {
    DecodeErrorKind::Unsupported { format: "JPEG", detail: detail.to_owned() }
}

impl JpegFrame {
    /// Reads the body of a frame header, its length included.
    pub(super) fn of(body: &[u8], is_progressive: bool) -> Result<Self, DecodeErrorKind> {
        let [_, _, bits, h1, h0, w1, w0, count, rest @ ..] = body else {
            return Err(damaged("its frame header is too short"));
        };
        if *bits != 8 {
            return Err(unsupported(&format!("{bits} bits a sample")));
        }
        let components: Vec<FrameComponent> = rest
            .chunks_exact(3)
            .take(usize::from(*count))
            .map(|part| FrameComponent {
                id: part[0],
                sampling: [u32::from(part[1] >> 4), u32::from(part[1] & 15)],
                quantisation: part[2],
            })
            .collect();
        let fits = |component: &FrameComponent| component.sampling.iter().all(|side| (1..=4).contains(side));
        if components.len() != usize::from(*count) || components.is_empty() || !components.iter().all(fits) {
            return Err(damaged("its frame header has impossible components"));
        }
        let size = [[*w1, *w0], [*h1, *h0]].map(|side| u32::from(u16::from_be_bytes(side)));
        if size.contains(&0) {
            return Err(damaged("no size in the header"));
        }
        Ok(Self { size, is_progressive, components })
    }

    /// How many components it has.
    pub(super) fn components(&self) -> usize {
        self.components.len()
    }

    /// Whether a colour has more samples than the brightness, across or down.
    pub(super) fn is_colour_finer(&self) -> bool {
        let [brightness, colours @ ..] = &self.components[..] else { return false };
        colours.iter().any(|colour| (0..2).any(|axis| colour.sampling[axis] > brightness.sampling[axis]))
    }

    /// Reads the body of a scan header, its length included.
    pub(super) fn scan(&self, body: &[u8]) -> Result<ScanHeader, DecodeErrorKind> {
        let wrong = || damaged("a scan header is impossible");
        let count = usize::from(*body.get(2).ok_or_else(wrong)?);
        let chosen = body.get(3..3 + 2 * count).ok_or_else(wrong)?;
        let [first, last, approximation] = *body.get(3 + 2 * count..6 + 2 * count).ok_or_else(wrong)? else {
            return Err(wrong());
        };
        let of_id = |id: u8| self.components.iter().position(|component| component.id == id);
        let components: Vec<usize> = chosen.chunks_exact(2).filter_map(|part| of_id(part[0])).collect();
        let scanned: Vec<FrameComponent> = components.iter().map(|&place| self.components[place]).collect();
        if scanned.len() != count || count == 0 || last > 63 {
            return Err(wrong());
        }
        let (mcus, blocks_in_mcu) = match scanned[..] {
            [alone] => (self.blocks(alone), 1),
            _ => (self.mcus(), scanned.iter().map(|part| u64::from(part.sampling[0] * part.sampling[1])).sum()),
        };
        let is_dc_refinement = self.is_progressive && first == 0 && approximation >> 4 != 0;
        // A baseline scan codes its blocks whole, whatever it says.
        let (band, bits_left) =
            if self.is_progressive { ([first, last], approximation & 15) } else { ([0, 63], 0) };
        Ok(ScanHeader { components, band, bits_left, mcus, blocks_in_mcu, is_dc_refinement })
    }

    /// Blocks of a component in an MCU, across and down; 1 if there is no other.
    pub(super) fn sampling(&self, component: usize) -> [u32; 2] {
        if self.components.len() == 1 { [1, 1] } else { self.components[component].sampling }
    }

    /// The number of a component's table of quantisation.
    pub(super) fn quantisation(&self, component: usize) -> u8 {
        self.components[component].quantisation
    }

    /// The highest of [`Self::sampling`].
    pub(super) fn most_samples(&self) -> [u32; 2] {
        if self.components.len() == 1 { [1, 1] } else { self.most() }
    }

    /// The highest sampling, across and down.
    fn most(&self) -> [u32; 2] {
        [0, 1].map(|axis| self.components.iter().map(|part| part.sampling[axis]).max().unwrap_or(1))
    }

    /// MCUs of a scan of several components.
    fn mcus(&self) -> u64 {
        let most = self.most();
        [0, 1].map(|axis| u64::from(self.size[axis].div_ceil(8 * most[axis]))).iter().product()
    }

    /// Blocks of a component that is alone in its scan: those of its own size, not filled up to whole MCUs.
    fn blocks(&self, component: FrameComponent) -> u64 {
        let most = self.most();
        // A picture of one component has no other to be sampled against.
        let share = |axis: usize| if self.components.len() == 1 { 1 } else { component.sampling[axis] };
        let most = |axis: usize| if self.components.len() == 1 { 1 } else { most[axis] };
        [0, 1].map(|axis| u64::from((self.size[axis] * share(axis)).div_ceil(8 * most(axis)))).iter().product()
    }

    /// The component that a scan of its own may name first.
    pub(super) fn first_id(&self) -> u8 {
        self.components[0].id
    }

    /// Blocks of the first component in a scan of its own.
    pub(super) fn first_blocks(&self) -> u64 {
        self.blocks(self.components[0])
    }
}
