//! Pictures at another size: the antialiased bilinear filter of Pillow's `resize(size, BILINEAR)`, which widens its
//! triangle when it reduces (the convolution and its 8-bit rounding between the passes are the same here).

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{F32, U8, U8x2, U8x3};
use fast_image_resize::{FilterType, PixelTrait, ResizeAlg, ResizeOptions, Resizer};

/// RGB of `from` = `[width, height]`, three bytes a pixel, at the size `to`.
///
/// # Panics
/// When the length does not fit the size, or a side is zero.
#[must_use]
pub fn rgb(pixels: &[u8], from: [u32; 2], to: [u32; 2]) -> Vec<u8> {
    bytes::<U8x3>(pixels, from, to, options())
}

/// As [`rgb`], of a part alone: `[left, top, width, height]`, which need not be whole pixels. As Pillow's `resize(..., box=)`,
/// its edges are made of the pixels beside it too.
///
/// # Panics
/// As [`rgb`], and when the part does not lie within the picture.
#[must_use]
pub fn rgb_part(pixels: &[u8], from: [u32; 2], [left, top, width, height]: [f64; 4], to: [u32; 2]) -> Vec<u8> {
    // Rounding may put an edge beyond the picture's.
    let [width, height] = [width.min(f64::from(from[0]) - left), height.min(f64::from(from[1]) - top)];
    bytes::<U8x3>(pixels, from, to, options().crop(left, top, width, height))
}

/// Grey of `from` = `[width, height]`, a byte a pixel, at the size `to`.
///
/// # Panics
/// As [`rgb`].
#[must_use]
pub fn grey(pixels: &[u8], from: [u32; 2], to: [u32; 2]) -> Vec<u8> {
    bytes::<U8>(pixels, from, to, options())
}

/// Two values a pixel of `from` = `[width, height]`, a byte each, at the size `to`: the colours of a camera's frame.
///
/// # Panics
/// As [`rgb`].
#[must_use]
pub fn pairs(pixels: &[u8], from: [u32; 2], to: [u32; 2]) -> Vec<u8> {
    bytes::<U8x2>(pixels, from, to, options())
}

/// Floats of `from` = `[width, height]`, one a pixel, at the size `to`: Pillow's mode "F".
///
/// # Panics
/// As [`rgb`].
#[must_use]
pub fn floats(values: &[f32], from: [u32; 2], to: [u32; 2]) -> Vec<f32> {
    let pixels: Vec<F32> = values.iter().copied().map(F32::new).collect();
    let source = TypedImageRef::new(from[0], from[1], &pixels).expect("the values were made for this size");
    let mut target = TypedImage::new(to[0], to[1]);
    resize(&source, &mut target, options());
    target.pixels().iter().map(|pixel| pixel.0).collect()
}

fn bytes<P: PixelTrait>(pixels: &[u8], from: [u32; 2], to: [u32; 2], options: ResizeOptions) -> Vec<u8> {
    let mut resized = vec![0; to[0] as usize * to[1] as usize * P::size()];
    let source =
        TypedImageRef::<P>::from_buffer(from[0], from[1], pixels).expect("the buffer was made for this size");
    let mut target = TypedImage::<P>::from_buffer(to[0], to[1], &mut resized).expect("it was made so above");
    resize(&source, &mut target, options);
    drop(target);
    resized
}

fn options() -> ResizeOptions {
    // The second of two values is no transparency.
    ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Bilinear)).use_alpha(false)
}

/// For one kind of pixel, so that the crate is compiled for those that are used and not for all it has.
fn resize<P: PixelTrait>(source: &TypedImageRef<P>, target: &mut TypedImage<P>, options: ResizeOptions) {
    Resizer::new().resize_typed(source, target, &options).expect("both sides are above zero");
}
