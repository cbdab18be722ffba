//! A mask at one bit a pixel: twelve megapixels in 1.5 MB, so that many networks' masks can be compared pair by pair.

use crate::mask::Mask;

/// A mask's pixels, 64 in a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bits {
    size: [u32; 2],
    words: Vec<u64>,
    area_px: u64,
}

impl Bits {
    /// Packs `mask`.
    #[must_use]
    pub fn of(mask: &Mask) -> Self {
        let pack = |pixels: &[u8]| pixels.iter().rev().fold(0_u64, |word, &pixel| word << 1 | u64::from(pixel));
        let words: Vec<u64> = mask.pixels().chunks(64).map(pack).collect();
        let area_px = words.iter().map(|word| u64::from(word.count_ones())).sum();
        Self { size: mask.size(), words, area_px }
    }

    /// Number of lesion pixels.
    #[must_use]
    pub fn area_px(&self) -> u64 {
        self.area_px
    }

    /// Dice coefficient with another mask of the same photo; two empty masks agree fully.
    ///
    /// # Panics
    /// When the sizes differ: masks of one photo have one size.
    #[must_use]
    pub fn dice(&self, other: &Self) -> f64 {
        assert_eq!(self.size, other.size, "masks of one photo have one size");
        let both: u64 = self.words.iter().zip(&other.words).map(|(a, b)| u64::from((a & b).count_ones())).sum();
        let sum = self.area_px + other.area_px;
        if sum == 0 { 1.0 } else { (2 * both) as f64 / sum as f64 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::agreement::Confusion;

    #[test]
    fn dice_is_that_of_the_confusion_counts() {
        // 173 x 7 is no multiple of 64.
        let drawn = |seed: u32| {
            let noise = move |index: u32| (index.wrapping_mul(2_654_435_761).rotate_left(seed) >> 13) % 3;
            Mask::new(173, 7, (0..173 * 7).map(|index| u8::from(noise(index) == 0)).collect())
        };
        for (one, other) in
            [(drawn(1), drawn(9)), (drawn(1), drawn(1)), (drawn(5), Mask::new(173, 7, vec![0; 1211]))]
        {
            let packed = Bits::of(&one);
            assert_eq!(packed.area_px(), one.area_px());
            assert_eq!(packed.dice(&Bits::of(&other)), Confusion::of(&one, &other).dice());
        }
        let empty = Bits::of(&Mask::new(173, 7, vec![0; 1211]));
        assert_eq!(empty.dice(&empty), 1.0);
    }
}
