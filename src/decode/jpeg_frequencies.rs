//! The lowest frequencies of a baseline JPEG's blocks, and nothing else of its picture: a third of the work of decoding it.
//!
//! Only a file is taken that is in order to the last bit: tables, one scan of all components, each restart where it belongs,
//! the end of the image directly behind the data. Of any other the decoder of the whole picture says what is wrong.

use image::metadata::Orientation;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;

use super::decoded::check_pixels;
use super::jpeg::{orientation_in, profile_in, strict};
use super::jpeg_bit_reader::BitReader;
use super::jpeg_frame::{FrameKind, JpegFrame, kind_of};
use super::jpeg_huffman::HuffmanTable;
use super::jpeg_markers::START_OF_SCAN;
use crate::block_frequencies::{BlockFrequencies, FrequencyPlane, KEPT, LEAST_REDUCTION};
use crate::photo::EmbeddedProfile;

/// Pixels along a side that most networks take; to the fuzzer a small picture is a large one.
const NETWORK_SIDE: u32 = if cfg!(fuzzing) { 1 } else { 256 };

/// A JPEG without its picture.
pub(super) struct JpegFrequencies {
    /// `[width, height]`, upright.
    pub(super) size: [u32; 2],
    pub(super) frequencies: BlockFrequencies,
    pub(super) profile: EmbeddedProfile,
    pub(super) orientation: Orientation,
}

impl JpegFrequencies {
    /// Those of `file`; `None` where the whole picture has to be decoded.
    pub(super) fn of(file: &[u8]) -> Option<Self> {
        let mut decoder = JpegDecoder::new_with_options(ZCursor::new(file), strict());
        decoder.decode_headers().ok()?;
        let colours = decoder.input_colorspace()?;
        let size = decoder.dimensions().map(|(width, height)| [width as u32, height as u32])?;
        let is_large = size.iter().all(|&side| side >= LEAST_REDUCTION * NETWORK_SIDE);
        check_pixels(size[0], size[1]).ok().filter(|()| is_large)?;
        let planes = decode(file)?;
        if (colours, planes.len()) != (ColorSpace::Luma, 1) && (colours, planes.len()) != (ColorSpace::YCbCr, 3) {
            return None;
        }
        let orientation = orientation_in(&decoder);
        let frequencies = BlockFrequencies::new(size, orientation, planes);
        let size = frequencies.upright_size();
        Some(Self { size, frequencies, profile: profile_in(&decoder, file), orientation })
    }
}

/// The parts of a file before its picture.
#[derive(Default)]
struct Headers {
    frame: Option<JpegFrame>,
    /// The first steps of each table of quantisation.
    steps: [Option<[i32; KEPT]>; 4],
    dc: [Option<HuffmanTable>; 4],
    ac: [Option<HuffmanTable>; 4],
    /// MCUs between restarts; 0 is none.
    interval: usize,
}

/// A component of the scan.
struct ScanComponent<'a> {
    /// Blocks of an MCU, across and down.
    blocks: [usize; 2],
    steps: [i32; KEPT],
    dc: &'a HuffmanTable,
    ac: &'a HuffmanTable,
    /// The DC coefficient before, not yet multiplied by its step.
    before: i32,
    plane: FrequencyPlane,
}

/// The frequencies of each component of `file`; `None` where the whole picture has to be decoded.
fn decode(file: &[u8]) -> Option<Vec<FrequencyPlane>> {
    let (headers, scan, data) = Headers::of(file)?;
    let frame = headers.frame.as_ref()?;
    let mcu_samples = frame.most_samples().map(|samples| 8 * samples);
    let mcus = [0, 1].map(|axis| frame.size[axis].div_ceil(mcu_samples[axis]) as usize);
    let mut components = headers.components(frame, scan, mcus)?;
    let mut reader = BitReader::new(file, data);
    let mut restarts = 0_usize;
    for row in 0..mcus[1] {
        for column in 0..mcus[0] {
            let done = row * mcus[0] + column;
            if headers.interval > 0 && done > 0 && done.is_multiple_of(headers.interval) {
                let marker = reader.marker_behind()?;
                if file.get(marker..marker + 2)? != [0xFF, 0xD0 + (restarts % 8) as u8] {
                    return None;
                }
                restarts += 1;
                components.iter_mut().for_each(|component| component.before = 0);
                reader = BitReader::new(file, marker + 2);
            }
            components.iter_mut().try_for_each(|component| component.read_blocks(&mut reader, [column, row]))?;
        }
    }
    let end = reader.marker_behind()?;
    let is_whole = file.get(end..end + 2)? == [0xFF, 0xD9];
    is_whole.then(|| components.into_iter().map(|component| component.plane).collect())
}

impl Headers {
    /// The headers, the body of the scan's, and where its coded data begin.
    fn of(file: &[u8]) -> Option<(Self, &[u8], usize)> {
        let mut headers = Self::default();
        let mut at = 2;
        loop {
            let [0xFF, marker, high, low] = *file.get(at..at + 4)? else { return None };
            let end = at + 2 + usize::from(u16::from_be_bytes([high, low]));
            let with_length = file.get(at + 2..end)?;
            let body = with_length.get(2..)?;
            match (marker, kind_of(marker)) {
                (_, Some(FrameKind::Huffman { is_progressive: false })) if headers.frame.is_none() => {
                    headers.frame = Some(JpegFrame::of(with_length, false).ok()?);
                }
                (_, Some(_)) => return None,
                (0xC4, _) => headers.huffman_tables(body)?,
                (0xDB, _) => headers.quantisation(body)?,
                (0xDD, _) => headers.interval = usize::from(u16::from_be_bytes(*body.first_chunk()?)),
                (START_OF_SCAN, _) => return Some((headers, with_length, end)),
                // Applications' segments and comments.
                (0xE0..=0xEF | 0xFE, _) => {}
                _ => return None,
            }
            at = end;
        }
    }

    fn huffman_tables(&mut self, mut body: &[u8]) -> Option<()> {
        while let Some((head, rest)) = body.split_first_chunk::<17>() {
            let [place, counts @ ..] = head;
            let symbols = rest.get(..counts.iter().map(|&count| usize::from(count)).sum())?;
            let tables = match place >> 4 {
                0 => &mut self.dc,
                1 => &mut self.ac,
                _ => return None,
            };
            *tables.get_mut(usize::from(place & 15))? = Some(HuffmanTable::of(counts, symbols, place >> 4 == 0)?);
            body = &rest[symbols.len()..];
        }
        body.is_empty().then_some(())
    }

    fn quantisation(&mut self, body: &[u8]) -> Option<()> {
        let tables = body.chunks_exact(65);
        if !tables.remainder().is_empty() {
            return None;
        }
        for table in tables {
            // Steps of 16 bits are another length and another number.
            *self.steps.get_mut(usize::from(table[0]))? =
                Some(std::array::from_fn(|place| table[1 + place].into()));
        }
        Some(())
    }

    /// The components of `frame` in the scan: all of them, at their own resolution or at half.
    fn components(&self, frame: &JpegFrame, scan: &[u8], mcus: [usize; 2]) -> Option<Vec<ScanComponent<'_>>> {
        let header = frame.scan(scan).ok()?;
        let count = frame.components();
        let in_order = header.components.iter().copied().eq(0..count);
        if !matches!(count, 1 | 3) || !in_order || scan.get(3 + 2 * count..) != Some(&[0, 63, 0]) {
            return None;
        }
        let most = frame.most_samples();
        let component = |place: usize| {
            let tables = scan[4 + 2 * place];
            let sampling = frame.sampling(place);
            if (0..2).any(|axis| most[axis] != sampling[axis] && most[axis] != 2 * sampling[axis]) {
                return None;
            }
            let blocks = sampling.map(|blocks| blocks as usize);
            let columns = mcus[0] * blocks[0];
            let values = vec![0; columns * mcus[1] * blocks[1] * KEPT];
            let pixels_a_sample = [0, 1].map(|axis| (most[axis] / sampling[axis]) as usize);
            Some(ScanComponent {
                blocks,
                steps: self.steps[usize::from(frame.quantisation(place))]?,
                dc: self.dc.get(usize::from(tables >> 4))?.as_ref()?,
                ac: self.ac.get(usize::from(tables & 15))?.as_ref()?,
                before: 0,
                plane: FrequencyPlane { pixels_a_sample, columns, values },
            })
        };
        (0..count).map(component).collect()
    }
}

impl ScanComponent<'_> {
    /// Reads the component's blocks of one MCU.
    #[inline(always)]
    fn read_blocks(&mut self, shared: &mut BitReader<'_>, mcu: [usize; 2]) -> Option<()> {
        let mut reader = *shared;
        for down in 0..self.blocks[1] {
            for across in 0..self.blocks[0] {
                let mut kept = [0_i16; KEPT];
                self.before += reader.dc_difference(self.dc)?;
                reader.ac_coefficients(self.ac, &mut kept)?;
                kept[0] = i16::try_from(self.before).ok()?;
                let products: [i32; KEPT] = std::array::from_fn(|place| i32::from(kept[place]) * self.steps[place]);
                let values = products.map(|product| product as i16);
                if values.map(i32::from) != products {
                    return None;
                }
                let columns = self.plane.columns;
                let first = (mcu[1] * self.blocks[1] + down) * columns * KEPT + mcu[0] * self.blocks[0] + across;
                let stored = self.plane.values.get_mut(first..=first + (KEPT - 1) * columns)?;
                for (place, value) in values.into_iter().enumerate() {
                    stored[place * columns] = value;
                }
            }
        }
        *shared = reader;
        Some(())
    }
}
