//! Whether a PNG's palette holds a colour for every pixel: its decoder panics on some that do not, and takes black for the
//! others.

use std::io::Cursor;

use png::{BitDepth, ColorType, Decoder, Limits, Transformations};

use super::error::DecodeErrorKind;

/// Bytes of a palette's colour.
const COLOUR: usize = 3;

fn damaged(detail: String) -> DecodeErrorKind {
    DecodeErrorKind::Damaged { format: "PNG", detail }
}

/// Refuses a PNG whose palette is no list of colours, or is shorter than the indexes into it; `most_bytes` is the memory
/// that decoding may take.
pub(super) fn check(bytes: &[u8], most_bytes: u64) -> Result<(), DecodeErrorKind> {
    let limits = Limits { bytes: usize::try_from(most_bytes).unwrap_or(usize::MAX) };
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_transformations(Transformations::IDENTITY);
    let mut reader = decoder.read_info().map_err(|error| damaged(error.to_string()))?;
    let info = reader.info();
    if info.color_type != ColorType::Indexed {
        return Ok(());
    }
    let depth = info.bit_depth;
    let size = info.palette.as_deref().map_or(0, <[u8]>::len);
    let most = (1 << depth as usize) * COLOUR;
    if size == 0 || size % COLOUR != 0 || size > most {
        return Err(damaged(format!("its palette has {size} bytes, expected up to {most}, three for each colour")));
    }
    if size == most {
        return Ok(());
    }
    let width = info.width as usize;
    let mut packed = vec![0; reader.output_buffer_size().unwrap_or_default()];
    let frame = reader.next_frame(&mut packed).map_err(|error| damaged(error.to_string()))?;
    let rows = packed[..frame.buffer_size()].chunks_exact(frame.line_size.max(1));
    let largest = rows.map(|row| largest_index(row, width, depth)).max().unwrap_or_default();
    let colours = size / COLOUR;
    if usize::from(largest) >= colours {
        return Err(damaged(format!("its palette has {colours} colours, and a pixel has colour {}", largest + 1)));
    }
    Ok(())
}

/// The largest index of a row of `width` pixels, packed with the first pixel in the high bits.
fn largest_index(row: &[u8], width: usize, depth: BitDepth) -> u16 {
    let bits = depth as usize;
    let per_byte = 8 / bits;
    let index = |pixel: usize| {
        let shift = 8 - bits - pixel % per_byte * bits;
        u16::from(row[pixel / per_byte] >> shift) & ((1 << bits) - 1)
    };
    (0..width).map(index).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A PNG of one row of indexes, with `palette` as it is.
    fn png(indexes: &[u8], depth: BitDepth, palette: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let width = (indexes.len() * 8 / depth as usize) as u32;
        let mut encoder = png::Encoder::new(&mut bytes, width, 1);
        encoder.set_color(ColorType::Indexed);
        encoder.set_depth(depth);
        encoder.set_palette(palette.to_vec());
        encoder.write_header().unwrap().write_image_data(indexes).unwrap();
        bytes
    }

    fn said(bytes: &[u8]) -> Option<String> {
        check(bytes, 1 << 20).err().map(|error| error.to_string())
    }

    #[test]
    fn palettes_that_hold_every_colour_pass() {
        assert_eq!(said(&png(&[0, 1, 1], BitDepth::Eight, &[0; 6])), None);
        assert_eq!(said(&png(&[0b0001_1011], BitDepth::Two, &[0; 12])), None);
        assert_eq!(said(&png(&[0b0001_0000], BitDepth::Two, &[0; 6])), None);
    }

    #[test]
    fn a_palette_that_is_shorter_than_its_indexes_is_refused_in_words() {
        let words = said(&png(&[0, 2, 1], BitDepth::Eight, &[0; 6])).unwrap();
        assert!(words.contains("its palette has 2 colours, and a pixel has colour 3"), "{words}");
        let words = said(&png(&[0b0001_1000], BitDepth::Two, &[0; 6])).unwrap();
        assert!(words.contains("its palette has 2 colours, and a pixel has colour 3"), "{words}");
    }

    #[test]
    fn a_palette_that_is_no_list_of_colours_is_refused_in_words() {
        let words = said(&png(&[0, 0], BitDepth::Eight, &[0; 7])).unwrap();
        assert!(words.contains("its palette has 7 bytes"), "{words}");
    }
}
