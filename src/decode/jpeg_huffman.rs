//! Huffman codes of a baseline JPEG, read fast: most codes by one look-up, and several codes by one where only their
//! lengths matter.

/// Bits that one look-up of a code sees; longer codes are rare.
const CODE_BITS: u32 = 10;

/// Bits that one look-up of several codes sees: the tables of two components then fit the processor's nearest memory.
const SKIP_BITS: u32 = 12;

/// A run of 16 zeros.
const SIXTEEN_ZEROS: u8 = 0xF0;

/// A table of codes (ITU-T T.81, annex C).
pub(super) struct HuffmanTable {
    /// By the next [`CODE_BITS`] bits: length << 8 | symbol, or 0 for a longer code.
    codes: Box<[u16; 1 << CODE_BITS]>,
    /// By the next [`SKIP_BITS`] bits: [`Skip`]; empty in a table of DC codes.
    skips: Vec<Skip>,
    /// The first code beyond each length, at the top of 16 bits.
    ends: [u32; 17],
    /// The symbol of a code of each length is at its value less this.
    offsets: [i32; 17],
    symbols: Vec<u8>,
}

/// Some AC codes with their values, to be passed over: bits in them | coefficients << 5 | whether the block ends << 15.
/// Nothing is 0.
#[derive(Clone, Copy, Default)]
struct Skip(u16);

impl HuffmanTable {
    /// The table of a segment: how many codes there are of each length, and their symbols; `None` where they are no
    /// codes, or not those of 8 bits a sample.
    pub(super) fn of(counts: &[u8; 16], symbols: &[u8], is_dc: bool) -> Option<Self> {
        let fits = |&symbol: &u8| match symbol & 15 {
            _ if is_dc => symbol <= 11,
            0 => matches!(symbol, 0 | SIXTEEN_ZEROS),
            size => size <= 10,
        };
        if symbols.len() != counts.iter().map(|&count| usize::from(count)).sum::<usize>()
            || !symbols.iter().all(fits)
        {
            return None;
        }
        let mut codes = Box::new([0; 1 << CODE_BITS]);
        let (mut ends, mut offsets) = ([0; 17], [0; 17]);
        let (mut code, mut at) = (0_u32, 0_usize);
        for length in 1..=16_usize {
            offsets[length] = at as i32 - code as i32;
            for _ in 0..counts[length - 1] {
                // The code of all ones is none.
                if code + 1 >= 1 << length {
                    return None;
                }
                if length as u32 <= CODE_BITS {
                    let free = CODE_BITS - length as u32;
                    let first = (code << free) as usize;
                    codes[first..first + (1 << free)].fill((length as u16) << 8 | u16::from(symbols[at]));
                }
                code += 1;
                at += 1;
            }
            ends[length] = code << (16 - length);
            code <<= 1;
        }
        let mut table = Self { codes, skips: Vec::new(), ends, offsets, symbols: symbols.to_vec() };
        if !is_dc {
            table.skips = (0..1 << SKIP_BITS).map(|window| table.skip_of(window)).collect();
        }
        Some(table)
    }

    /// As many codes as begin and end within `window`.
    fn skip_of(&self, window: u64) -> Skip {
        let (mut bits, mut coefficients) = (0, 0_u32);
        while bits < SKIP_BITS {
            let Some((length, symbol)) = self.code((window << (64 - SKIP_BITS)) << bits) else { break };
            if bits + length > SKIP_BITS {
                break;
            }
            // The value's own bits may lie beyond the window.
            bits += length + u32::from(symbol & 15);
            if symbol == 0 {
                return Skip((bits | coefficients.min(127) << 5 | 1 << 15) as u16);
            }
            coefficients += coefficients_of(symbol);
        }
        Skip((bits | coefficients.min(127) << 5) as u16)
    }

    /// Length and symbol of the code that `bits` begin with.
    fn code(&self, bits: u64) -> Option<(u32, u8)> {
        let entry = self.codes[(bits >> (64 - CODE_BITS)) as usize];
        if entry != 0 {
            return Some((u32::from(entry >> 8), entry as u8));
        }
        let next = (bits >> 48) as u32;
        let length = (CODE_BITS as usize + 1..=16).find(|&length| next < self.ends[length])?;
        let place = (next >> (16 - length)) as i32 + self.offsets[length];
        Some((length as u32, *self.symbols.get(usize::try_from(place).ok()?)?))
    }
}

/// How many coefficients a code stands for, unless it ends the block.
fn coefficients_of(symbol: u8) -> u32 {
    u32::from(symbol >> 4) + 1
}

/// Coded data, bit by bit, up to the next marker; zeros behind it.
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
        self.fill_by_bytes();
    }

    #[cold]
    #[inline(never)]
    fn fill_by_bytes(&mut self) {
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
    }

    #[inline(always)]
    fn drop_bits(&mut self, count: u32) {
        self.bits <<= count;
        self.ready -= count;
    }

    /// The value of `size` bits (T.81, figure F.12); at most 11.
    #[inline(always)]
    fn value(&mut self, size: u32) -> i32 {
        let value = (self.bits >> 1 >> (63 - size)) as i32;
        self.drop_bits(size);
        let is_negative = value < (1 << size) >> 1;
        if is_negative { value - (1 << size) + 1 } else { value }
    }

    /// The difference of a DC coefficient to the one before.
    #[inline(always)]
    pub(super) fn dc_difference(&mut self, table: &HuffmanTable) -> Option<i32> {
        self.fill();
        let (length, symbol) = table.code(self.bits)?;
        self.drop_bits(length);
        Some(self.value(symbol.into()))
    }

    /// Reads a block's AC coefficients: those before place `kept.len()` of the zigzag order are put into `kept`, the
    /// others passed over. `None` where a code is none or leads beyond the block.
    #[inline(always)]
    pub(super) fn ac_coefficients(&mut self, table: &HuffmanTable, kept: &mut [i16]) -> Option<()> {
        let mut place = 1;
        while place < kept.len() {
            self.fill();
            let (length, symbol) = table.code(self.bits)?;
            self.drop_bits(length);
            if symbol == 0 {
                return Some(());
            }
            place += coefficients_of(symbol) as usize;
            let value = self.value(u32::from(symbol & 15));
            if let Some(kept) = kept.get_mut(place - 1).filter(|_| symbol != SIXTEEN_ZEROS) {
                *kept = value as i16;
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
                let after = place + (skip >> 5 & 127);
                if skip == 0 || after >= 64 {
                    if self.pass_one(table, &mut place)? {
                        return Some(());
                    }
                    break;
                }
                self.drop_bits(skip & 31);
                if skip >> 15 != 0 {
                    return Some(());
                }
                place = after;
            }
        }
    }

    /// Passes over one code, and returns whether the block ends with it.
    #[cold]
    #[inline(never)]
    fn pass_one(&mut self, table: &HuffmanTable, place: &mut u32) -> Option<bool> {
        self.fill();
        let (length, symbol) = table.code(self.bits)?;
        self.drop_bits(length + u32::from(symbol & 15));
        if symbol == 0 {
            return Some(true);
        }
        *place += coefficients_of(symbol);
        (*place <= 64).then_some(*place == 64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Codes 0, 10, 110 and 1110.
    fn table(symbols: [u8; 4], is_dc: bool) -> Option<HuffmanTable> {
        let mut counts = [0; 16];
        counts[..4].fill(1);
        HuffmanTable::of(&counts, &symbols, is_dc)
    }

    #[test]
    fn tables_that_are_none_are_refused() {
        let mut counts = [0; 16];
        counts[0] = 2;
        assert!(HuffmanTable::of(&counts, &[0, 1], true).is_none(), "all ones is no code");
        assert!(HuffmanTable::of(&counts, &[0], true).is_none(), "a symbol is missing");
        assert!(table([0, 1, 2, 12], true).is_none(), "more bits than a difference has");
        assert!(table([0, 0xF0, 0x01, 0x50], false).is_none(), "a run of zeros without an end");
        assert!(table([0, 0xF0, 0x01, 0x1A], false).is_some());
    }

    #[test]
    fn coefficients_are_read_up_to_the_marker_and_no_further() {
        let dc = table([0, 2, 3, 4], true).expect("a table");
        // End of block, one coefficient of 1 bit, one of 2 bits after a zero, sixteen zeros.
        let ac = table([0x00, 0x01, 0x12, 0xF0], false).expect("a table");
        // DC: 10 and 01 is -2. AC: 10 1 is 1; 110 10 is a zero and 2; three times 1110; 10 0 is -1; 0 ends the block.
        let bits = "1001".to_owned() + "101" + "11010" + "111011101110" + "100" + "0";
        let padded = format!("{bits:1<32}");
        let mut data: Vec<u8> =
            padded.as_bytes().chunks(8).map(|byte| byte.iter().fold(0, |all, bit| all << 1 | (bit & 1))).collect();
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
        let data: Vec<u8> = format!("{ones:1<64}")
            .as_bytes()
            .chunks(8)
            .map(|byte| byte.iter().fold(0, |all, bit| all << 1 | (bit & 1)))
            .collect();
        let mut reader = BitReader::new(&data, 0);
        assert!(reader.ac_coefficients(&ac, &mut [0; 6]).is_some());
    }
}
