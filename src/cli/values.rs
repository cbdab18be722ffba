//! Command-line values for types that do not depend on clap.

use clap::ValueEnum;
use clap::builder::PossibleValue;
use strum::VariantArray as _;

use crate::language::Language;

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
