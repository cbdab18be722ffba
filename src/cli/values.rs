//! Command-line values: types that do not depend on clap, and numbers within their bounds.

use clap::ValueEnum;
use clap::builder::PossibleValue;
use strum::VariantArray as _;

use crate::batch::ExportFormat;
use crate::inference::{EngineChoice, EngineKind};
use crate::language::Language;
use crate::pipeline::ThresholdChoice;

impl ValueEnum for Language {
    fn value_variants<'a>() -> &'a [Self] {
        Self::VARIANTS
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let help = match self {
            Self::English => "English",
            Self::SimplifiedChinese => "Simplified Chinese",
        };
        Some(PossibleValue::new(self.tag()).help(help))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FormatName {
    /// One COCO file
    Coco,
    /// A labelme file for each photograph
    Labelme,
}

impl From<FormatName> for ExportFormat {
    fn from(name: FormatName) -> Self {
        match name {
            FormatName::Coco => Self::Coco,
            FormatName::Labelme => Self::Labelme,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum EngineName {
    #[default]
    Auto,
    Rknn,
    Ort,
    Rten,
}

impl From<EngineName> for EngineChoice {
    fn from(name: EngineName) -> Self {
        match name {
            EngineName::Auto => Self::Auto,
            EngineName::Rten => Self::Only(EngineKind::Rten),
            EngineName::Ort => Self::Only(EngineKind::Ort),
            EngineName::Rknn => Self::Only(EngineKind::Rknn),
        }
    }
}

/// A threshold: a probability, or `auto`.
pub(super) fn threshold(typed: &str) -> Result<ThresholdChoice, String> {
    let inside = |value: &f32| (0.0..=1.0).contains(value);
    match typed {
        "auto" => Some(ThresholdChoice::Auto),
        _ => typed.parse().ok().filter(inside).map(ThresholdChoice::Given),
    }
    .ok_or_else(|| "expected a number from 0 to 1, or auto".to_owned())
}

/// Millimetres per pixel.
pub(super) fn scale(typed: &str) -> Result<f64, String> {
    let possible = |value: &f64| *value > 0.0 && value.is_finite();
    typed.parse().ok().filter(possible).ok_or_else(|| "expected a number above 0".to_owned())
}

/// A window's width and height in points.
pub(super) fn window_size(typed: &str) -> Result<[f32; 2], String> {
    let side = |text: &str| text.parse::<u16>().ok().filter(|side| (200..=8192).contains(side)).map(f32::from);
    typed
        .split_once('x')
        .and_then(|(width, height)| Some([side(width)?, side(height)?]))
        .ok_or_else(|| "expected WIDTHxHEIGHT, each 200 to 8192, such as 1280x800".to_owned())
}
