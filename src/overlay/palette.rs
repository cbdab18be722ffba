//! The overlay's colours, safe for colour-blind eyes: Okabe and Ito's set, and viridis for probabilities.

/// 8-bit RGB.
pub type Rgb = [u8; 3];

/// The network's lesion (sky blue).
pub const PREDICTION: Rgb = [0x56, 0xB4, 0xE9];
/// The reference mask's lesion (orange).
pub const REFERENCE: Rgb = [0xE6, 0x9F, 0x00];
/// A second network's lesion beside the first one's (reddish purple).
pub const SECOND: Rgb = [0xCC, 0x79, 0xA7];
/// The lesion under the pointer (yellow).
pub const LIT: Rgb = [0xF0, 0xE4, 0x42];
/// Lesion for both (bluish green).
pub const TRUE_POSITIVE: Rgb = [0x00, 0x9E, 0x73];
/// Lesion for the network only (vermilion).
pub const FALSE_POSITIVE: Rgb = [0xD5, 0x5E, 0x00];
/// Lesion for the reference only (reddish purple).
pub const FALSE_NEGATIVE: Rgb = [0xCC, 0x79, 0xA7];
/// Dark halo under an outline, so that it shows on any skin.
pub const HALO: Rgb = [0x10, 0x12, 0x14];

/// The colour of a probability in `0..=1`: viridis, from the library that the map was published with.
#[must_use]
pub fn heat(probability: f32) -> Rgb {
    let colour = colorous::VIRIDIS.eval_continuous(f64::from(probability.clamp(0.0, 1.0)));
    [colour.r, colour.g, colour.b]
}
