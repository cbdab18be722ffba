//! What is drawn over a photo: its colours, layers and outlined pictures, and where a ruler's end rests.

pub mod palette;
pub mod png;
pub mod render;
pub mod ticks;
pub mod view;
