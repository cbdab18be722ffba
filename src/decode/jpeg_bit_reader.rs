//! The coded data of a baseline JPEG, read bit by bit and block by block.

use super::jpeg_huffman::{Coefficient, HuffmanTable, SKIP_BITS, Skip, VALUE_BITS, coefficients_of, value_of};

/// Coefficients that are read from what a filled reader has.
const LOOK_UPS: u32 = 4;

/// Coded data, bit by bit, up to the next marker; zeros behind it.
#[derive(Clone, Copy)]
pub(super) struct BitReader<'a> {
    data: &'a [u8],
    place: usize,
    /// The next bits, from the highest on.
    bits: u64,
    /// How many of them are read already.
    ready: u32,
    /// How many of those are zeros from behind the end.
    missing: u32,
}

impl<'a> BitReader<'a> {
    pub(super) fn new(data: &'a [u8], place: usize) -> Self {
        Self { data, place, bits: 0, ready: 0, missing: 0 }
    }

    /// Where the next marker is, if all that is coded before it was read, but for bits that fill the last byte.
    pub(super) fn marker_behind(mut self) -> Option<usize> {
        self.fill();
        let is_at_end = self.missing > 0 && (self.missing..self.missing + 8).contains(&self.ready);
        is_at_end.then_some(self.place)
    }

    /// Reads on until more than 48 bits are ready.
    #[inline(always)]
    fn fill(&mut self) {
        if let Some(next) = self.data.get(self.place..).and_then(<[u8]>::first_chunk) {
            let next = u64::from_be_bytes(*next);
            // Zero bytes of the complement (Mycroft).
            let has_ff = (!next).wrapping_sub(0x0101_0101_0101_0101) & next & 0x8080_8080_8080_8080 != 0;
            if !has_ff {
                self.bits |= next >> self.ready;
                self.place += ((63 - self.ready) >> 3) as usize;
                self.ready |= 56;
                return;
            }
        }
        *self = self.filled_by_bytes();
    }

    /// By value, as the functions below: so the reader stays in the processor's registers elsewhere.
    #[cold]
    #[inline(never)]
    fn filled_by_bytes(mut self) -> Self {
        // Bits of a byte that is read again.
        self.bits &= !(u64::MAX.checked_shr(self.ready).unwrap_or(0));
        while self.ready <= 48 {
            let byte = match self.data.get(self.place..).unwrap_or_default() {
                [0xFF, 0x00, ..] => {
                    self.place += 2;
                    0xFF
                }
                [0xFF, ..] | [] => {
                    self.missing += 8;
                    0
                }
                [byte, ..] => {
                    self.place += 1;
                    *byte
                }
            };
            self.bits |= u64::from(byte) << (56 - self.ready);
            self.ready += 8;
        }
        self
    }

    #[inline(always)]
    fn drop_bits(&mut self, count: u32) {
        self.bits <<= count;
        self.ready -= count;
    }

    /// A code and its value, whatever its length, and the coefficients that it stands for: none where the block ends.
    #[cold]
    #[inline(never)]
    fn long_coefficient(mut self, table: &HuffmanTable) -> Option<(Self, u32, i16)> {
        self.fill();
        let (length, symbol) = table.code(self.bits)?;
        self.drop_bits(length);
        let size = u32::from(symbol & 15);
        let value = value_of(self.bits, size);
        self.drop_bits(size);
        Some((self, if symbol == 0 { 0 } else { coefficients_of(symbol) }, value as i16))
    }

    /// The difference of a DC coefficient to the one before.
    #[inline(always)]
    pub(super) fn dc_difference(&mut self, table: &HuffmanTable) -> Option<i32> {
        self.fill();
        let Coefficient(found) = table.values[(self.bits >> (64 - VALUE_BITS)) as usize];
        if found != 0 {
            self.drop_bits(found & 0xFF);
            return Some((found as i32) >> 16);
        }
        let (after, _, value) = self.long_coefficient(table)?;
        *self = after;
        Some(value.into())
    }

    /// Reads a block's AC coefficients: those before place `kept.len()` of the zigzag order are put into `kept`, the
    /// others passed over. `None` where a code is none or leads beyond the block.
    #[inline(always)]
    pub(super) fn ac_coefficients<const KEPT: usize>(
        &mut self,
        table: &HuffmanTable,
        kept: &mut [i16; KEPT],
    ) -> Option<()> {
        let mut place = 1;
        'all: while place < KEPT {
            // Behind a DC coefficient that was found by one look-up there are enough.
            if self.ready < LOOK_UPS * VALUE_BITS {
                self.fill();
            }
            for _ in 0..LOOK_UPS {
                let Coefficient(found) = table.values[(self.bits >> (64 - VALUE_BITS)) as usize];
                let (count, value) = if found != 0 {
                    self.drop_bits(found & 0xFF);
                    if found >> 15 & 1 != 0 {
                        return Some(());
                    }
                    ((found >> 8 & 127), (found >> 16) as i16)
                } else {
                    let (after, count, value) = self.long_coefficient(table)?;
                    *self = after;
                    if count == 0 {
                        return Some(());
                    }
                    place += count as usize;
                    if let Some(kept) = kept.get_mut(place - 1) {
                        *kept = value;
                    }
                    continue 'all;
                };
                place += count as usize;
                if let Some(kept) = kept.get_mut(place - 1) {
                    *kept = value;
                } else {
                    break 'all;
                }
                if place == KEPT {
                    break 'all;
                }
            }
        }
        self.pass_over(table, place as u32)
    }

    /// Passes over the AC coefficients from `place` on.
    #[inline(always)]
    fn pass_over(&mut self, table: &HuffmanTable, mut place: u32) -> Option<()> {
        let skips: &[Skip; 1 << SKIP_BITS] = table.skips.first_chunk()?;
        loop {
            self.fill();
            // Two take 44 bits at most.
            for _ in 0..2 {
                let skip = u32::from(skips[(self.bits >> (64 - SKIP_BITS)) as usize].0);
                let after = place + (skip >> 6 & 127);
                if skip == 0 || after >= 64 {
                    let (after, next) = self.pass_one(table, place)?;
                    *self = after;
                    if next == 64 {
                        return Some(());
                    }
                    place = next;
                    break;
                }
                self.drop_bits(skip & 63);
                if skip >> 15 != 0 {
                    return Some(());
                }
                place = after;
            }
        }
    }

    /// Passes over one code, and returns the place behind it: 64 where the block ends with it.
    #[cold]
    #[inline(never)]
    fn pass_one(mut self, table: &HuffmanTable, place: u32) -> Option<(Self, u32)> {
        self.fill();
        let (length, symbol) = table.code(self.bits)?;
        self.drop_bits(length + u32::from(symbol & 15));
        if symbol == 0 {
            return Some((self, 64));
        }
        let next = place + coefficients_of(symbol);
        (next <= 64).then_some((self, next))
    }
}

#[cfg(test)]
mod tests {
    use super::super::jpeg_huffman::table_of_four as table;
    use super::*;

    /// The bits as bytes, the last one filled with ones to `length` bits in all.
    fn bytes(bits: &str, length: usize) -> Vec<u8> {
        let padded = format!("{bits:1<length$}");
        padded.as_bytes().chunks(8).map(|byte| byte.iter().fold(0, |all, bit| all << 1 | (bit & 1))).collect()
    }

    #[test]
    fn coefficients_are_read_up_to_the_marker_and_no_further() {
        let dc = table([0, 2, 3, 4], true).expect("a table");
        // End of block, one coefficient of 1 bit, one of 2 bits after a zero, sixteen zeros.
        let ac = table([0x00, 0x01, 0x12, 0xF0], false).expect("a table");
        // DC: 10 and 01 is -2. AC: 10 1 is 1; 110 10 is a zero and 2; three times 1110; 10 0 is -1; 0 ends the block.
        let bits = "1001".to_owned() + "101" + "11010" + "111011101110" + "100" + "0";
        let mut data = bytes(&bits, 32);
        data.extend([0xFF, 0xD9]);
        let mut reader = BitReader::new(&data, 0);
        let mut kept = [0_i16; 6];
        assert_eq!(reader.dc_difference(&dc), Some(-2));
        reader.ac_coefficients(&ac, &mut kept).expect("they are codes");
        assert_eq!(kept, [0, 1, 0, 2, 0, 0]);
        assert_eq!(reader.marker_behind(), Some(4));
        let mut reader = BitReader::new(&data, 0);
        reader.dc_difference(&dc).expect("a code");
        assert_eq!(reader.marker_behind(), None, "data are left over");
    }

    #[test]
    fn a_stuffed_byte_is_data_and_codes_beyond_the_end_are_told() {
        let dc = table([0, 8, 9, 11], true).expect("a table");
        // 10 and the eight ones of 255, over two bytes of which the first is stuffed: 10111111 11 is 1011_1111 1100_0000.
        let data = [0xBF, 0xC0, 0xFF, 0xD9];
        let mut reader = BitReader::new(&data, 0);
        assert_eq!(reader.dc_difference(&dc), Some(255));
        assert_eq!(reader.marker_behind(), Some(2));
        let stuffed = [0xFF, 0x00, 0xFF, 0xD9];
        let mut reader = BitReader::new(&stuffed, 0);
        assert_eq!(reader.dc_difference(&dc), None, "all ones is no code");
        let short = [0b1110_1010, 0xFF, 0xD9];
        let mut reader = BitReader::new(&short, 0);
        reader.dc_difference(&dc).expect("zeros stand in");
        assert_eq!(reader.marker_behind(), None, "three bits and more are missing");
    }

    #[test]
    fn codes_that_lead_beyond_the_block_are_refused() {
        let ac = table([0x00, 0x01, 0x12, 0xF0], false).expect("a table");
        // Four runs of sixteen are one coefficient too many.
        let mut reader = BitReader::new(&[0b1110_1110, 0b1110_1110, 0xFF, 0xD9], 0);
        assert!(reader.ac_coefficients(&ac, &mut [0; 6]).is_none());
        // Three and fifteen single ones fill it, without an end.
        let ones = format!("{}{}", "1110".repeat(3), "101".repeat(15));
        let data = bytes(&ones, 64);
        let mut reader = BitReader::new(&data, 0);
        assert!(reader.ac_coefficients(&ac, &mut [0; 6]).is_some());
    }
}
