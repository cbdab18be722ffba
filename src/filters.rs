//! What steps before and after a network do, to the colours that it is given and to its mask; [`crate::steps`] names them.
//! Pure.

mod clahe;
mod denoise;
mod dense_crf;
mod lattice;
mod mask_maker;
mod mirror;
mod tone;

pub use self::mask_maker::MaskMaker;
use crate::steps::BeforeStep;

/// Carries out `step` on RGB of `[width, height]`, three bytes a pixel.
pub fn apply(step: BeforeStep, rgb: &mut [u8], size: [usize; 2]) {
    match step {
        BeforeStep::GreyWorld => tone::grey_world(rgb),
        BeforeStep::Normalise => tone::normalise(rgb),
        BeforeStep::Window { level, width } => tone::window(rgb, level, width),
        BeforeStep::Nlm { strength } => denoise::non_local_means(rgb, size, strength),
        BeforeStep::Clahe { clip } => clahe::equalise(rgb, size, clip),
    }
}

#[cfg(test)]
mod tests;
