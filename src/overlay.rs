//! What is drawn over a photo: colours, layers and outlined pictures, the skin they lie over, and the ruler marks that line
//! ends snap to.

pub mod band;
mod mask_png;
pub mod palette;
pub mod png;
pub mod render;
pub mod surroundings;
pub mod ticks;
pub mod view;
