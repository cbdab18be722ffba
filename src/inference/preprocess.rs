//! Photo to tensor, exactly as in training: squash with Pillow's antialiased bilinear filter, then normalise.

use std::cell::OnceCell;

use fast_image_resize as fir;

use super::model_card::ModelCard;
use crate::photo::Photo;

/// The form of input that an engine takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputForm {
    /// 32-bit floats, normalised, one plane per colour.
    Normalised,
    /// The squashed photo's bytes: the network normalises by itself.
    Pixels,
}

/// The network's input: the squashed photo, and its normalised form `[1, 3, height, width]` for engines that take it.
/// Made only by [`prepare`].
#[derive(Clone, Debug)]
pub struct InputTensor {
    height: usize,
    width: usize,
    rgb: Vec<u8>,
    mean: [f32; 3],
    std: [f32; 3],
    values: OnceCell<Vec<f32>>,
}

impl InputTensor {
    /// `[1, 3, height, width]`.
    #[must_use]
    pub fn shape(&self) -> [usize; 4] {
        [1, 3, self.height, self.width]
    }

    /// The normalised values in that order: the red plane, the green, the blue, each row by row.
    #[must_use]
    pub fn values(&self) -> &[f32] {
        self.values.get_or_init(|| self.normalised())
    }

    /// The squashed photo: red, green and blue of each pixel, row by row.
    #[must_use]
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    fn normalised(&self) -> Vec<f32> {
        let pixels = self.width * self.height;
        let mut values = vec![0.0; 3 * pixels];
        for (channel, plane) in values.chunks_exact_mut(pixels).enumerate() {
            let (mean, std) = (self.mean[channel], self.std[channel]);
            for (value, pixel) in plane.iter_mut().zip(self.rgb.chunks_exact(3)) {
                *value = (f32::from(pixel[channel]) - mean) / std;
            }
        }
        values
    }
}

/// The input that `card`'s network takes for `photo`, ready in the engine's `form`.
#[must_use]
pub fn prepare(photo: &Photo, card: &ModelCard, form: InputForm) -> InputTensor {
    let facts = &card.input;
    let rgb = squash(photo, facts.width as u32, facts.height as u32);
    let values = OnceCell::new();
    let input =
        InputTensor { height: facts.height, width: facts.width, rgb, mean: facts.mean, std: facts.std, values };
    if form == InputForm::Normalised {
        // Here, so that it counts as preprocessing and not as the network's time.
        let _ = input.values();
    }
    input
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
