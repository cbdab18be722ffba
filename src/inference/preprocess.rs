//! Photo to tensor, as in training: squash with Pillow's antialiased bilinear filter, then normalise.
//!
//! Where a photo has its blocks' lowest frequencies, its input is made of them, whoever asks and whether or not its pixels
//! are there: the window and all commands so give one outline.

use std::cell::OnceCell;

use super::model_card::ModelCard;
use crate::filters;
use crate::geometry::turn::Turn;
use crate::photo::Photo;
use crate::resize;
use crate::steps::BeforeStep;

/// The form of input that an engine takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputForm {
    /// 32-bit floats, normalised, one plane per colour.
    Normalised,
    /// The squashed photo's bytes: the network normalises by itself.
    Pixels,
}

/// The network's input: the squashed photo, and its normalised form `[1, 3, height, width]` for engines that take it.
/// Made only by [`prepare`], [`prepare_after`], [`prepare_part`], [`prepare_squashed`] and [`prepare_tile`].
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

    /// The squashed photo, when the input is no longer needed.
    #[must_use]
    pub fn into_rgb(self) -> Vec<u8> {
        self.rgb
    }

    /// The same input turned, ready in the engine's `form`. A turn that swaps the sides of an oblong input gives one that its
    /// network does not take.
    #[must_use]
    pub fn turned(&self, turn: Turn, form: InputForm) -> Self {
        let ([width, height], rgb) = turn.applied(&self.rgb, [self.width, self.height], 3);
        let turned = Self { width, height, rgb, mean: self.mean, std: self.std, values: OnceCell::new() };
        turned.ready_in(form)
    }

    /// With what the engine takes calculated now, so that it counts as preprocessing and not as the network's time.
    fn ready_in(self, form: InputForm) -> Self {
        if form == InputForm::Normalised {
            let _ = self.values();
        }
        self
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
    prepare_after(&[], photo, card, form)
}

/// [`prepare`], with steps that change the colours of the squashed photo first.
#[must_use]
pub fn prepare_after(steps: &[BeforeStep], photo: &Photo, card: &ModelCard, form: InputForm) -> InputTensor {
    after(steps, photo.reduced(input_size(card)), card, form)
}

/// [`prepare_after`] of a part of the photo alone, `[left, top, width, height]` in its pixels.
#[must_use]
pub fn prepare_part(
    steps: &[BeforeStep],
    photo: &Photo,
    part: [f64; 4],
    card: &ModelCard,
    form: InputForm,
) -> InputTensor {
    after(steps, photo.reduced_part(part, input_size(card)), card, form)
}

fn after(steps: &[BeforeStep], mut rgb: Vec<u8>, card: &ModelCard, form: InputForm) -> InputTensor {
    steps.iter().for_each(|step| filters::apply(*step, &mut rgb, [card.input.width, card.input.height]));
    tensor(rgb, card, form)
}

fn input_size(card: &ModelCard) -> [u32; 2] {
    [card.input.width as u32, card.input.height as u32]
}

/// The input of a frame's pixels, three bytes each, that are squashed to the card's size already.
///
/// # Panics
/// When they are not as many as the card's network takes.
#[must_use]
pub fn prepare_squashed(rgb: Vec<u8>, card: &ModelCard, form: InputForm) -> InputTensor {
    assert_eq!(rgb.len(), 3 * card.input.width * card.input.height, "three bytes a pixel");
    tensor(rgb, card, form)
}

/// The input for one tile of an image of `[width, height]`, three bytes a pixel: the pixels from `[left, top]` on, as many
/// as the network takes. Beyond the image's edges it sees the mean of its training, which normalises to zero.
#[must_use]
pub fn prepare_tile(
    rgb: &[u8],
    [width, height]: [usize; 2],
    [left, top]: [usize; 2],
    card: &ModelCard,
    form: InputForm,
) -> InputTensor {
    let facts = &card.input;
    let padding = facts.mean.map(|mean| mean.round() as u8);
    let mut tile = padding.repeat(facts.width * facts.height);
    let columns = facts.width.min(width.saturating_sub(left));
    for (y, row) in tile.chunks_exact_mut(facts.width * 3).enumerate().take(height.saturating_sub(top)) {
        let start = ((top + y) * width + left) * 3;
        row[..columns * 3].copy_from_slice(&rgb[start..start + columns * 3]);
    }
    tensor(tile, card, form)
}

fn tensor(rgb: Vec<u8>, card: &ModelCard, form: InputForm) -> InputTensor {
    let facts = &card.input;
    let values = OnceCell::new();
    InputTensor { height: facts.height, width: facts.width, rgb, mean: facts.mean, std: facts.std, values }
        .ready_in(form)
}

/// RGB bytes of the photo squashed to `width` x `height`, as [`resize::rgb`] does it.
#[must_use]
pub fn squash(photo: &Photo, width: u32, height: u32) -> Vec<u8> {
    resize::rgb(photo.rgb(), photo.size(), [width, height])
}
