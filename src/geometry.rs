//! Pixels and lines: connected parts, holes, outlines, polygons, distances. Each operation stands here once.
//!
//! Coordinates have their origin at the outer corner of the photo's first pixel, whose centre is (0.5, 0.5); x grows to
//! the right and y downwards. Pixels are connected through their sides, not their corners.

pub mod area;
pub mod bits;
pub mod boundary;
pub mod centre_line;
pub mod components;
pub mod contour;
pub mod contour_part;
pub(crate) mod distance;
pub mod field_of_view;
pub(crate) mod hull;
pub mod morphology;
pub mod pixel_outline;
pub mod polygon;
pub(crate) mod polygon_union;
pub mod rasterise;
pub(crate) mod run_length;
#[cfg(test)]
mod test_points;
pub mod toggles;
pub mod turn;
