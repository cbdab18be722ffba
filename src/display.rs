//! How a photo's stored pixels look on the screen: its embedded ICC profile to sRGB, then brightness, contrast, gamma.
//! For display only: networks, measures, reports and saved pictures use the stored pixels, never these.

mod profile;
mod tone;

pub use self::profile::{Profile, ProfileFault, ToSrgb};
pub use self::tone::Tone;
