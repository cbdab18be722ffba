//! Masks as PNG, written by runs of equal pixels instead of pixel by pixel: a mask of 12 megapixels is some thousand runs.
//!
//! Each row is stored as its difference to the row above (PNG's filter Up), nearly all of it zeros, in one block of
//! deflate whose codes are made for that: 258 zeros take two bits.

use crc32fast::Hasher;

use crate::mask::{Mask, RowRun, rows_of};

/// The filter byte before each row.
const UP: u8 = 2;

/// What a pixel is more than the one above where lesion begins, and where it ends.
const BEGINS: u8 = 255;
const ENDS: u8 = 1;

/// A mask: 8-bit grey, lesion 255, everything else 0.
#[must_use]
pub fn of_mask(mask: &Mask) -> Vec<u8> {
    let [width, height] = mask.size();
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    // 8 bits of grey, deflate, filters by row, not interlaced.
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 0, 0, 0, 0]].concat();
    chunk(&mut png, b"IHDR", &header);
    chunk(&mut png, b"IDAT", &zlib_of(mask));
    chunk(&mut png, b"IEND", &[]);
    png
}

fn chunk(png: &mut Vec<u8>, name: &[u8; 4], body: &[u8]) {
    let mut checksum = Hasher::new();
    checksum.update(name);
    checksum.update(body);
    png.extend((body.len() as u32).to_be_bytes());
    png.extend(name);
    png.extend(body);
    png.extend(checksum.finalize().to_be_bytes());
}

fn zlib_of(mask: &Mask) -> Vec<u8> {
    let [width, height] = mask.size();
    let mut stream = RunStream::new();
    let mut above: &[RowRun] = &[];
    for here in rows_of(&mask.runs(), height) {
        stream.run(UP, 1);
        difference(&mut stream, above, here, width as usize);
        above = here;
    }
    stream.finish()
}

/// Writes a row less the one above it, both by their runs.
fn difference(stream: &mut RunStream, above: &[RowRun], here: &[RowRun], width: usize) {
    let ends = |run: &RowRun| [run.from as usize, run.to as usize];
    let mut borders: [_; 2] = [above, here].map(|runs| runs.iter().flat_map(ends).peekable());
    let mut is_lesion = [false; 2];
    let mut place = 0;
    while place < width {
        let next = borders.iter_mut().filter_map(|borders| borders.peek().copied()).min().unwrap_or(width);
        let value = match is_lesion {
            [false, true] => BEGINS,
            [true, false] => ENDS,
            _ => 0,
        };
        stream.run(value, next - place);
        for (borders, is_lesion) in borders.iter_mut().zip(&mut is_lesion) {
            *is_lesion ^= borders.next_if_eq(&next).is_some();
        }
        place = next;
    }
}

/// The lengths of the codes of literals and lengths: 0 and [`BEGINS`], [`ENDS`] and [`UP`], the end of the block, and all
/// lengths of repeats, of which the longest, 258, is the usual one. They fill the space of codes, as they must.
fn code_lengths() -> [u8; 286] {
    let mut lengths = [0; 286];
    lengths[0] = 3;
    lengths[usize::from(ENDS)] = 5;
    lengths[usize::from(UP)] = 3;
    lengths[usize::from(BEGINS)] = 5;
    lengths[256] = 8;
    lengths[257..=275].fill(7);
    lengths[276..=284].fill(8);
    lengths[285] = 1;
    lengths
}

/// The lengths of the codes of [`code_lengths`]' numbers, in the order that a block's header has them (RFC 1951, 3.2.7):
/// 16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1.
const HEADER_LENGTHS: [u8; 18] = [0, 0, 3, 0, 2, 2, 0, 0, 0, 3, 0, 0, 0, 3, 0, 0, 0, 3];
/// The same by number.
const NUMBER_LENGTHS: [u8; 19] = [0, 3, 0, 3, 0, 3, 0, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3];
/// The number that stands for 11 zeros and as many more as its 7 bits say.
const ZEROS: usize = 18;

/// A code, its first bit the lowest, and how many bits it has.
type Code = (u32, u8);

/// The codes of those lengths (RFC 1951, 3.2.2).
fn codes<const N: usize>(lengths: [u8; N]) -> [Code; N] {
    let mut codes = [(0, 0); N];
    let mut code = 0_u32;
    for length in 1..=8 {
        for symbol in (0..N).filter(|&symbol| lengths[symbol] == length) {
            codes[symbol] = (code.reverse_bits() >> (32 - u32::from(length)), length);
            code += 1;
        }
        code <<= 1;
    }
    codes
}

/// A zlib stream of runs of equal bytes.
struct RunStream {
    bytes: Vec<u8>,
    /// Bits that fill no byte yet, from the lowest on, and how many.
    bits: u64,
    count: u32,
    codes: [Code; 286],
    /// The two sums of Adler's checksum.
    sums: [u64; 2],
}

impl RunStream {
    fn new() -> Self {
        let lengths = code_lengths();
        // Deflate with a window of 32 kB; said to be fast.
        let bytes = vec![0x78, 0x01];
        let mut stream = Self { bytes, bits: 0, count: 0, codes: codes(lengths), sums: [1, 0] };
        // The last block, with codes of its own: 286 and one distance.
        for head in [(0b101, 3), (286 - 257, 5), (0, 5), (HEADER_LENGTHS.len() as u32 - 4, 4)] {
            stream.put(head);
        }
        HEADER_LENGTHS.iter().for_each(|&length| stream.put((length.into(), 3)));
        let numbers = codes(NUMBER_LENGTHS);
        // The only distance, 1, takes a bit.
        let all = [&lengths[..], &[1]].concat();
        for run in all.chunk_by(|one, next| one == next) {
            match run[0] {
                0 => run.chunks(138).for_each(|zeros| {
                    stream.put(numbers[ZEROS]);
                    stream.put((zeros.len() as u32 - 11, 7));
                }),
                length => run.iter().for_each(|_| stream.put(numbers[usize::from(length)])),
            }
        }
        stream
    }

    fn put(&mut self, (bits, count): Code) {
        self.bits |= u64::from(bits) << self.count;
        self.count += u32::from(count);
        if self.count >= 32 {
            self.bytes.extend((self.bits as u32).to_le_bytes());
            self.bits >>= 32;
            self.count -= 32;
        }
    }

    /// Appends `count` times `value`.
    fn run(&mut self, value: u8, count: usize) {
        if count == 0 {
            return;
        }
        self.add_to_checksum(value.into(), count as u64);
        self.put(self.codes[usize::from(value)]);
        let mut left = count - 1;
        while left >= 3 {
            let repeated = left.min(258);
            self.repeat(repeated);
            left -= repeated;
        }
        (0..left).for_each(|_| self.put(self.codes[usize::from(value)]));
    }

    /// Repeats the last byte 3 to 258 times.
    fn repeat(&mut self, count: usize) {
        let beyond = count as u32 - 3;
        let extra = beyond.max(4).ilog2() - 2;
        match count {
            258 => self.put(self.codes[285]),
            _ => {
                self.put(self.codes[(257 + 4 * extra + (beyond >> extra)) as usize]);
                self.put((beyond & ((1 << extra) - 1), extra as u8));
            }
        }
        // The distance.
        self.put((0, 1));
    }

    fn add_to_checksum(&mut self, value: u64, count: u64) {
        const BASE: u64 = 65_521;
        let [first, second] = self.sums;
        self.sums =
            [(first + count * value) % BASE, (second + count * first + count * (count + 1) / 2 * value) % BASE];
    }

    fn finish(mut self) -> Vec<u8> {
        self.put(self.codes[256]);
        let left = self.count.div_ceil(8) as usize;
        self.bytes.extend(&self.bits.to_le_bytes()[..left]);
        let [first, second] = self.sums;
        self.bytes.extend(((second << 16 | first) as u32).to_be_bytes());
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a mask is for a reader that is not ours.
    fn read(png: &[u8]) -> ([u32; 2], Vec<u8>) {
        let image = image::load_from_memory(png).expect("it is a PNG");
        assert_eq!(image.color(), image::ColorType::L8);
        ([image.width(), image.height()], image.into_luma8().into_raw())
    }

    fn is_kept(mask: &Mask) {
        let grey: Vec<u8> = mask.pixels().iter().map(|&pixel| pixel * 255).collect();
        assert!(read(&of_mask(mask)) == (mask.size(), grey), "{:?}", mask.size());
    }

    #[test]
    fn other_readers_find_the_masks_pixels_at_every_width() {
        // Noise from a generator of remainders: no runs to speak of.
        let mut state = 1_u32;
        for width in (1..300).chain([515, 516, 517, 518, 774, 1031]) {
            let mut next = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                u8::from(state >> 30 == 0)
            };
            is_kept(&Mask::new(width, 3, (0..width * 3).map(|_| next()).collect()));
            is_kept(&Mask::empty([width, 2]));
            is_kept(&Mask::new(width, 2, vec![1; 2 * width as usize]));
        }
    }

    #[test]
    fn a_mask_of_twelve_megapixels_is_some_kilobytes() {
        let [width, height] = [4288_u32, 2848];
        let disc =
            |place: u32| (place % width).abs_diff(2000).pow(2) + (place / width).abs_diff(1500).pow(2) < 1_000_000;
        let mask = Mask::new(width, height, (0..width * height).map(|place| u8::from(disc(place))).collect());
        is_kept(&mask);
        assert!(of_mask(&mask).len() < 40_000, "{}", of_mask(&mask).len());
    }
}
