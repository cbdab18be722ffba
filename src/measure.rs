//! What is measured of masks and lesions, as typed figures whose names carry their unit.

pub mod agreement;
pub mod below_threshold;
pub mod bootstrap;
pub mod colours;
pub mod diameters;
pub mod lesion;
pub mod lesion_measures;
pub mod lesion_runs;
pub mod likely_meaning;
pub mod named_colour;
pub mod pixel_size;
pub(crate) mod quantile;
pub mod shape;
pub mod shown_figure;
pub mod surface_distances;
pub mod table;
pub mod vessels;
