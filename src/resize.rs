//! Pictures at another size: the antialiased bilinear filter of Pillow's `resize(size, BILINEAR)`, which widens its
//! triangle when it reduces (the convolution and its 8-bit rounding between the passes are the same here).

use fast_image_resize as fir;

/// RGB of `from` = `[width, height]`, three bytes a pixel, at the size `to`.
///
/// # Panics
/// When the length does not fit the size, or a side is zero.
#[must_use]
pub fn rgb(pixels: &[u8], from: [u32; 2], to: [u32; 2]) -> Vec<u8> {
    bytes(pixels, from, to, fir::PixelType::U8x3)
}

/// Grey of `from` = `[width, height]`, a byte a pixel, at the size `to`.
///
/// # Panics
/// As [`rgb`].
#[must_use]
pub fn grey(pixels: &[u8], from: [u32; 2], to: [u32; 2]) -> Vec<u8> {
    bytes(pixels, from, to, fir::PixelType::U8)
}

/// Floats of `from` = `[width, height]`, one a pixel, at the size `to`: Pillow's mode "F".
///
/// # Panics
/// As [`rgb`].
#[must_use]
pub fn floats(values: &[f32], from: [u32; 2], to: [u32; 2]) -> Vec<f32> {
    let pixels: Vec<u8> = values.iter().flat_map(|value| value.to_ne_bytes()).collect();
    let resized = bytes(&pixels, from, to, fir::PixelType::F32);
    resized.chunks_exact(4).map(|b| f32::from_ne_bytes([b[0], b[1], b[2], b[3]])).collect()
}

fn bytes(pixels: &[u8], from: [u32; 2], to: [u32; 2], kind: fir::PixelType) -> Vec<u8> {
    let source =
        fir::images::ImageRef::new(from[0], from[1], pixels, kind).expect("the buffer was made for this size");
    let mut target = fir::images::Image::new(to[0], to[1], kind);
    let options = fir::ResizeOptions::new().resize_alg(fir::ResizeAlg::Convolution(fir::FilterType::Bilinear));
    fir::Resizer::new().resize(&source, &mut target, &options).expect("both are of one kind");
    target.into_vec()
}
