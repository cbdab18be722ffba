//! Huffman codes of a baseline JPEG, read fast: most codes by one look-up, and several codes by one where only their
//! lengths matter.

/// Bits that one look-up of a code sees; longer codes are rare.
const CODE_BITS: u32 = 10;

/// Bits that one look-up of a code with its value sees; four such look-ups take no more than a filled reader has.
pub(super) const VALUE_BITS: u32 = 11;

/// Bits that one look-up of several codes sees: the tables of two components then fit the processor's nearest memory.
pub(super) const SKIP_BITS: u32 = 12;

/// A run of 16 zeros.
const SIXTEEN_ZEROS: u8 = 0xF0;

/// A table of codes (ITU-T T.81, annex C).
pub(super) struct HuffmanTable {
    /// By the next [`CODE_BITS`] bits: length << 8 | symbol, or 0 for a longer code.
    codes: Box<[u16; 1 << CODE_BITS]>,
    /// By the next [`VALUE_BITS`] bits.
    pub(super) values: Box<[Coefficient; 1 << VALUE_BITS]>,
    /// By the next [`SKIP_BITS`] bits: [`Skip`]; empty in a table of DC codes.
    pub(super) skips: Vec<Skip>,
    /// The first code beyond each length, at the top of 16 bits.
    ends: [u32; 17],
    /// The symbol of a code of each length is at its value less this.
    offsets: [i32; 17],
    symbols: Vec<u8>,
}

/// Some AC codes with their values, to be passed over: bits in them | coefficients << 6 | whether the block ends << 15.
/// Nothing is 0. Six bits are what a processor looks at of a shift's count, so that none has to be cut off.
#[derive(Clone, Copy, Default)]
pub(super) struct Skip(pub(super) u16);

/// A code with its value: the value << 16 | whether the block ends << 15 | coefficients << 8 | bits. Nothing is 0.
#[derive(Clone, Copy, Default)]
pub(super) struct Coefficient(pub(super) u32);

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
        let values = Box::new([Coefficient::default(); 1 << VALUE_BITS]);
        let mut table = Self { codes, values, skips: Vec::new(), ends, offsets, symbols: symbols.to_vec() };
        for window in 0..1 << VALUE_BITS {
            table.values[window as usize] = table.coefficient_of(window, is_dc);
        }
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
                return Skip((bits | coefficients.min(127) << 6 | 1 << 15) as u16);
            }
            coefficients += coefficients_of(symbol);
        }
        Skip((bits | coefficients.min(127) << 6) as u16)
    }

    /// The code that `window` begins with, if it and its value lie within.
    fn coefficient_of(&self, window: u64, is_dc: bool) -> Coefficient {
        let bits = window << (64 - VALUE_BITS);
        let Some((length, symbol)) = self.code(bits) else { return Coefficient(0) };
        let size = u32::from(if is_dc { symbol } else { symbol & 15 });
        if length + size > VALUE_BITS {
            return Coefficient(0);
        }
        let value = (value_of(bits << length, size) as u16 as u32) << 16;
        if !is_dc && symbol == 0 {
            return Coefficient(1 << 15 | length);
        }
        Coefficient(value | coefficients_of(symbol) << 8 | (length + size))
    }

    /// Length and symbol of the code that `bits` begin with.
    #[inline(always)]
    pub(super) fn code(&self, bits: u64) -> Option<(u32, u8)> {
        let entry = self.codes[(bits >> (64 - CODE_BITS)) as usize];
        if entry != 0 {
            return Some((u32::from(entry >> 8), entry as u8));
        }
        self.long_code(bits)
    }

    #[cold]
    #[inline(never)]
    fn long_code(&self, bits: u64) -> Option<(u32, u8)> {
        let next = (bits >> 48) as u32;
        let length = (CODE_BITS as usize + 1..=16).find(|&length| next < self.ends[length])?;
        let place = (next >> (16 - length)) as i32 + self.offsets[length];
        Some((length as u32, *self.symbols.get(usize::try_from(place).ok()?)?))
    }
}

/// How many coefficients a code stands for, unless it ends the block.
pub(super) fn coefficients_of(symbol: u8) -> u32 {
    u32::from(symbol >> 4) + 1
}

/// The value of the `size` bits that `bits` begin with (T.81, figure F.12); at most 11.
#[inline(always)]
pub(super) fn value_of(bits: u64, size: u32) -> i32 {
    let value = (bits >> 1 >> (63 - size)) as i32;
    let is_negative = value < (1 << size) >> 1;
    if is_negative { value - (1 << size) + 1 } else { value }
}

/// Codes 0, 10, 110 and 1110, for tests.
#[cfg(test)]
pub(super) fn table_of_four(symbols: [u8; 4], is_dc: bool) -> Option<HuffmanTable> {
    let mut counts = [0; 16];
    counts[..4].fill(1);
    HuffmanTable::of(&counts, &symbols, is_dc)
}

#[cfg(test)]
mod tests {
    use super::table_of_four as table;
    use super::*;

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
}
