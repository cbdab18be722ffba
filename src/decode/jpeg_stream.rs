//! [`JpegStream`]: a JPEG made ready for a decoder, so that data that end early, or are left over, are seen.
//!
//! Decoders go on when coded data run out: they fill the rest of the picture with something, and their strict modes notice
//! only some of it. Here a guard of one-bits stands behind the data of each restart interval: no Huffman code is all ones
//! (ISO/IEC 10918-1, C.2), so a decoder that needs more than there is fails on them, and one that does not never looks at
//! them. What is not coded by Huffman codes (the refinement of DC coefficients) is counted. Bytes between segments that
//! belong to none are left out, as libjpeg passes over them, and nothing behind the end of the image is handed on.

use memchr::memchr;

use super::error::DecodeErrorKind;
use super::jpeg_frame::{FrameKind, JpegFrame, ScanHeader, kind_of, unsupported};
use super::jpeg_markers::{START_OF_SCAN, next_marker};
use crate::photo::PhotoWarning;

pub(super) const CUT_SHORT: DecodeErrorKind = DecodeErrorKind::CutShort { format: "JPEG" };

const END_OF_IMAGE: u8 = 0xD9;
const RESTART_INTERVAL: u8 = 0xDD;
const FIRST_RESTART: u8 = 0xD0;

/// Pairs of a guard, eight one-bits each: more than a decoder reads ahead.
const GUARD_PAIRS: usize = 32;

/// A guard in a [`JpegStream`], by its place in the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Guard {
    /// Where the coded data begin.
    pub(super) begin: usize,
    /// Where the coded data end and the guard begins.
    pub(super) from: usize,
    /// Where the guard ends: at a marker.
    pub(super) to: usize,
}

/// A JPEG for a decoder.
pub(super) struct JpegStream {
    pub(super) bytes: Vec<u8>,
    pub(super) frame: JpegFrame,
    /// In the order of their places.
    pub(super) guards: Vec<Guard>,
    /// Components in the first scan.
    pub(super) first_scan: usize,
    /// What is suspicious without decoding.
    pub(super) warning: Option<PhotoWarning>,
}

impl JpegStream {
    /// Makes the JPEG `file` ready.
    pub(super) fn of(file: &[u8]) -> Result<Self, DecodeErrorKind> {
        let mut writer = StreamWriter::new(file.len());
        let mut rest = file.get(2..).unwrap_or_default();
        while let Some((marker, after)) = next_marker(rest) {
            if marker == END_OF_IMAGE {
                return writer.finish();
            }
            let (Some(body), Some(behind)) = split_segment(after) else { break };
            rest = behind;
            match kind_of(marker) {
                Some(FrameKind::Other(coding)) => return Err(unsupported(coding)),
                Some(FrameKind::Huffman { is_progressive }) => {
                    writer.frame.get_or_insert(JpegFrame::of(body, is_progressive)?);
                    writer.segment(marker, body);
                }
                None if marker == START_OF_SCAN => rest = writer.scan(body, behind)?,
                None if marker == RESTART_INTERVAL => writer.restart_interval(body),
                None => writer.segment(marker, body),
            }
        }
        Err(CUT_SHORT)
    }
}

impl JpegStream {
    /// Whether a baseline picture has its components in scans of their own.
    pub(super) fn is_in_separate_scans(&self) -> bool {
        !self.frame.is_progressive && self.first_scan < self.frame.components()
    }
}

/// A segment's body, its length included, and what follows it.
fn split_segment(after: &[u8]) -> (Option<&[u8]>, Option<&[u8]>) {
    let length = after.first_chunk().map(|length| usize::from(u16::from_be_bytes(*length)));
    let length = length.filter(|&length| length >= 2).unwrap_or(usize::MAX);
    (after.get(..length), after.get(length..))
}

/// Writes a [`JpegStream`] segment by segment.
struct StreamWriter {
    bytes: Vec<u8>,
    frame: Option<JpegFrame>,
    guards: Vec<Guard>,
    first_scan: usize,
    /// MCUs between restarts; 0 is none.
    interval: u64,
    /// The segment that says so, if it came before the first scan.
    interval_body: Option<Vec<u8>>,
    warning: Option<PhotoWarning>,
    /// Bits that each coefficient of each component still lacks.
    lacking: Vec<[u8; 64]>,
}

impl StreamWriter {
    fn new(length: usize) -> Self {
        let mut bytes = Vec::with_capacity(length + (length >> 4) + 4 * GUARD_PAIRS);
        bytes.extend([0xFF, 0xD8]);
        let (interval, first_scan) = (0, 0);
        Self {
            bytes,
            frame: None,
            guards: Vec::new(),
            first_scan,
            interval,
            interval_body: None,
            warning: None,
            lacking: Vec::new(),
        }
    }

    fn finish(mut self) -> Result<JpegStream, DecodeErrorKind> {
        self.bytes.extend([0xFF, END_OF_IMAGE]);
        // A progressive picture that was cut between two scans has all of its data, but not of its picture.
        let is_whole = self.first_scan > 0 && self.lacking.iter().flatten().all(|&bits| bits == 0);
        let frame = self.frame.filter(|_| is_whole);
        let frame = frame.ok_or(CUT_SHORT)?;
        let Self { bytes, guards, first_scan, warning, .. } = self;
        Ok(JpegStream { bytes, frame, guards, first_scan, warning })
    }

    fn segment(&mut self, marker: u8, body: &[u8]) {
        self.bytes.extend([0xFF, marker]);
        self.bytes.extend_from_slice(body);
    }

    fn restart_interval(&mut self, body: &[u8]) {
        self.interval = body.get(2..4).map_or(0, |count| u64::from(count[0]) << 8 | u64::from(count[1]));
        if self.first_scan == 0 {
            self.interval_body = Some(body.to_vec());
        } else {
            self.segment(RESTART_INTERVAL, body);
        }
    }

    /// Writes a scan, and returns what follows its coded data.
    fn scan<'a>(&mut self, body: &[u8], data: &'a [u8]) -> Result<&'a [u8], DecodeErrorKind> {
        let frame = self.frame.clone().ok_or_else(|| unsupported("a scan before the frame"))?;
        let header = frame.scan(body)?;
        self.lacking.resize(frame.components(), [u8::MAX; 64]);
        for &component in &header.components {
            let [first, last] = header.band.map(usize::from);
            self.lacking[component].iter_mut().take(last + 1).skip(first).for_each(|bits| *bits = header.bits_left);
        }
        if self.first_scan == 0 {
            self.first_scan = header.components.len();
            if frame.is_progressive {
                self.scan_of_nothing(&frame);
            }
            if let Some(body) = self.interval_body.take() {
                self.segment(RESTART_INTERVAL, &body);
            }
        }
        self.segment(START_OF_SCAN, body);
        self.coded_data(&header, data)
    }

    /// The decoder looks for the marker behind the first scan of a progressive picture only while it decodes, so that no
    /// guard can stand there. A scan is put before it that changes nothing: 'no more coefficients in all blocks that
    /// follow', which takes 15 bits for 32,767 blocks.
    fn scan_of_nothing(&mut self, frame: &JpegFrame) {
        // One code of one bit for 'the band ends here and in 2^14 blocks, and in as many as the next 14 bits say'.
        const TABLE: [u8; 20] = [0, 20, 0x13, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xE0];
        const BLOCKS_A_CODE: u64 = (1 << 15) - 1;
        self.segment(0xC4, &TABLE);
        self.segment(START_OF_SCAN, &[0, 8, 1, frame.first_id(), 0x03, 1, 63, 0]);
        let codes = frame.first_blocks().div_ceil(BLOCKS_A_CODE) as usize;
        let bits: Vec<bool> = (0..codes * 15).map(|bit| bit % 15 != 0).collect();
        for bits in bits.chunks(8) {
            let byte = (0..8).fold(0_u8, |byte, bit| byte << 1 | u8::from(bits.get(bit).copied().unwrap_or(true)));
            self.bytes.push(byte);
            if byte == 0xFF {
                self.bytes.push(0);
            }
        }
    }

    /// Writes the coded data of a scan, a guard behind each restart interval, and returns what follows them.
    fn coded_data<'a>(&mut self, header: &ScanHeader, data: &'a [u8]) -> Result<&'a [u8], DecodeErrorKind> {
        let expected = if self.interval == 0 { 1 } else { header.mcus.div_ceil(self.interval) };
        let mut count = 0_u64;
        let mut rest = data;
        loop {
            let (coded, marker, behind) = split_interval(rest);
            // Some encoders end with a restart that nothing follows.
            let is_empty_tail = coded.is_empty() && count == expected;
            let begin = self.bytes.len();
            self.bytes.extend_from_slice(coded);
            if header.is_dc_refinement && !is_empty_tail {
                let mcus = if self.interval == 0 { header.mcus } else { self.interval };
                let mcus = mcus.min(header.mcus.saturating_sub(count * self.interval));
                self.count_bits(coded, mcus * header.blocks_in_mcu)?;
            } else {
                let from = self.bytes.len();
                self.bytes.extend([0xFF, 0x00].repeat(GUARD_PAIRS));
                self.guards.push(Guard { begin, from, to: self.bytes.len() });
            }
            count += u64::from(!is_empty_tail);
            let Some(number) = marker.and_then(|marker| marker.checked_sub(FIRST_RESTART)).filter(|&n| n < 8)
            else {
                break self.check_restarts(count, expected).map(|()| behind);
            };
            if u64::from(number) != (count + 7) % 8 {
                self.warning = Some(PhotoWarning::RestartOrder);
            }
            self.bytes.extend([0xFF, FIRST_RESTART + number]);
            rest = behind.get(2..).unwrap_or_default();
        }
    }

    fn check_restarts(&mut self, count: u64, expected: u64) -> Result<(), DecodeErrorKind> {
        if count < expected {
            return Err(CUT_SHORT);
        }
        if count > expected {
            self.warning = Some(PhotoWarning::RestartOrder);
        }
        Ok(())
    }

    /// Compares data of one bit a block with the number of blocks.
    fn count_bits(&mut self, coded: &[u8], blocks: u64) -> Result<(), DecodeErrorKind> {
        let stuffed = memchr::memchr_iter(0xFF, coded).count();
        let (bytes, expected) = ((coded.len() - stuffed) as u64, blocks.div_ceil(8));
        if bytes < expected {
            return Err(CUT_SHORT);
        }
        if bytes > expected {
            self.warning = Some(PhotoWarning::DataLeftOver { bytes: (bytes - expected) as usize });
        }
        Ok(())
    }
}

/// Coded data up to the next marker, which is neither a stuffed zero nor filling; the marker; and the bytes from it on.
fn split_interval(data: &[u8]) -> (&[u8], Option<u8>, &[u8]) {
    let mut at = 0;
    while let Some(found) = data.get(at..).and_then(|rest| memchr(0xFF, rest)) {
        let here = at + found;
        match data.get(here + 1) {
            Some(0x00) => at = here + 2,
            // Bytes of 0xFF may stand before a marker; they belong to it.
            Some(0xFF) => {
                let filling = data[here..].iter().take_while(|&&byte| byte == 0xFF).count();
                match data.get(here + filling) {
                    Some(0x00) => at = here + filling + 1,
                    Some(&marker) => return (&data[..here], Some(marker), &data[here + filling - 1..]),
                    None => break,
                }
            }
            Some(&marker) => return (&data[..here], Some(marker), &data[here..]),
            None => break,
        }
    }
    (data, None, &data[data.len()..])
}
