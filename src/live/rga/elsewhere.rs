//! Where there is no Linux there is no RGA.

use std::convert::Infallible;

use super::rga_error::RgaError;
use crate::capture::pixels::FramePixels;
use crate::inference::EngineOptions;

/// Where RGA is looked for.
#[derive(Clone, Copy, Debug)]
pub struct RgaPlace;

impl RgaPlace {
    pub(super) fn of(_options: &EngineOptions) -> Self {
        Self
    }

    pub(super) fn is_wanted(self) -> Result<(), RgaError> {
        Err(RgaError::NoDevice)
    }
}

pub(super) struct Rga(Infallible);

impl Rga {
    pub(super) fn open(_place: &RgaPlace) -> Result<Self, RgaError> {
        Err(RgaError::NoDevice)
    }

    pub(super) fn version(&self) -> &str {
        match self.0 {}
    }

    pub(super) fn convert(&mut self, _pixels: &FramePixels, _to: [u32; 2]) -> Result<Vec<u8>, RgaError> {
        match self.0 {}
    }
}

pub(super) fn takes(_pixels: &FramePixels, _to: [u32; 2]) -> bool {
    false
}
