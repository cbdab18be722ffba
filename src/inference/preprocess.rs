//! Photo to tensor, exactly as in training: squash with Pillow's antialiased bilinear filter, then normalise.

use fast_image_resize as fir;

use super::ModelCard;
use crate::photo::Photo;

/// The network's input: `[1, 3, height, width]`, 32-bit floats, normalised RGB. Made only by [`prepare`].
#[derive(Clone, Debug)]
pub struct InputTensor {
    height: usize,
    width: usize,
    values: Vec<f32>,
}

impl InputTensor {
    /// `[1, 3, height, width]`.
    #[must_use]
    pub fn shape(&self) -> [usize; 4] {
        [1, 3, self.height, self.width]
    }

    /// The values in that order: the red plane, the green, the blue, each row by row.
    #[must_use]
    pub fn values(&self) -> &[f32] {
        &self.values
    }
}

/// The tensor that `card`'s network takes for `photo`.
#[must_use]
pub fn prepare(photo: &Photo, card: &ModelCard) -> InputTensor {
    let [width, height] = [card.input.width, card.input.height];
    let rgb = squash(photo, width as u32, height as u32);
    let mut values = vec![0.0; 3 * width * height];
    for (channel, plane) in values.chunks_exact_mut(width * height).enumerate() {
        let (mean, std) = (card.input.mean[channel], card.input.std[channel]);
        for (value, pixel) in plane.iter_mut().zip(rgb.chunks_exact(3)) {
            *value = (f32::from(pixel[channel]) - mean) / std;
        }
    }
    InputTensor { height, width, values }
}

/// RGB bytes of the photo squashed to `width` x `height`: Pillow's `resize((width, height), BILINEAR)`, which widens
/// the triangle filter when it reduces (the convolution and its 8-bit rounding between the passes are the same here).
#[must_use]
pub fn squash(photo: &Photo, width: u32, height: u32) -> Vec<u8> {
    let source = fir::images::ImageRef::new(photo.width(), photo.height(), photo.rgb(), fir::PixelType::U8x3)
        .expect("a photo has three bytes a pixel");
    let mut target = fir::images::Image::new(width, height, fir::PixelType::U8x3);
    let options = fir::ResizeOptions::new().resize_alg(fir::ResizeAlg::Convolution(fir::FilterType::Bilinear));
    fir::Resizer::new().resize(&source, &mut target, &options).expect("both images are RGB");
    target.into_vec()
}
