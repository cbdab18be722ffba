//! What happens in the window, as a declared stream: whoever drives it (tests/window/run.sh, benches) waits for these
//! events and for nothing else. With `-v` each is a line of the log that begins with the event's name.

use std::fmt;
use std::path::Path;

use super::command::action::Action;
use super::model::agreement_table::RowMask;
use super::model::compare::ComparisonLayout;
use super::model::live::LivePhase;
use crate::display::Tone;
use crate::inference::EngineInfo;
use crate::language::{Language, Words};
use crate::provenance::MaskSource;
use crate::records::ReviewState;

/// Something that has happened, said when the state has it.
#[derive(Clone, Copy, Debug, strum::IntoStaticStr, strum::VariantNames)]
#[strum(serialize_all = "lowercase")]
pub enum WindowEvent<'a> {
    /// Everything that was asked for stands on the screen.
    #[strum(serialize = "at rest")]
    AtRest,
    /// The window speaks this language.
    Language(Language),
    /// The photo of this name is on the canvas; its network runs.
    Photo(&'a str),
    /// The photo could not be opened.
    #[strum(serialize = "photo failed")]
    PhotoFailed(&'a Words),
    /// The embedded colour profile of this name is followed.
    Profile(&'a str),
    /// A reference mask is there, of the file of this name or the sample's own.
    Reference(Option<&'a str>),
    /// The network's result is there.
    Segmented {
        /// The network's name.
        model: &'a str,
        /// What ran it.
        engine: &'a EngineInfo,
    },
    /// Outlines and figures at a threshold are there.
    Outlined {
        /// `0..=1`.
        threshold: f32,
        /// Lesion pixels.
        area_px: u64,
        /// Against the reference, where there is one.
        dice: Option<f64>,
    },
    /// The camera's picture is in this phase, or off.
    Live(Option<&'a LivePhase>),
    /// A file for the person was written.
    Saved(&'a Path),
    /// The mask can be corrected.
    Correcting,
    /// The corrected mask has changed.
    Corrected {
        /// Steps that can be undone.
        steps: usize,
        /// Lesion pixels.
        area_px: u64,
    },
    /// The journal has these steps on the disk.
    #[strum(serialize = "kept")]
    CorrectionKept {
        /// Steps that can be undone.
        steps: usize,
    },
    /// The journal has steps of a program that was killed.
    Unended {
        /// Since the correction was last ended.
        steps: usize,
    },
    /// They are the corrected mask again.
    Restored {
        /// Steps that can be undone.
        steps: usize,
    },
    /// The lesion's measures are there.
    Measured {
        /// Of the outline.
        longest_diameter_px: f64,
    },
    /// The ruler was used.
    Calibrated {
        /// The photo's scale.
        mm_per_px: f64,
        /// Of the outline; 0 where it is not measured yet.
        longest_diameter_mm: f64,
    },
    /// The photo's calibration was taken back.
    #[strum(serialize = "calibration taken back")]
    CalibrationTakenBack,
    /// The calibration of the photo of this name is on the disk.
    #[strum(serialize = "kept")]
    CalibrationKept(&'a str),
    /// So many reviews of the folder were read.
    Reviews(usize),
    /// A review is on the disk.
    #[strum(serialize = "kept")]
    ReviewKept {
        /// The photo's name.
        photo: &'a str,
        /// What was decided.
        state: ReviewState,
        /// Whose mask it has.
        mask: MaskSource,
    },
    /// Both sides of the comparison lie so.
    Compared(ComparisonLayout),
    /// A side of the comparison is there.
    Side {
        /// 0 or 1.
        place: usize,
        /// Lesion pixels.
        area_px: u64,
    },
    /// A side of the comparison cannot be had.
    #[strum(serialize = "side")]
    SideFailed {
        /// 0 or 1.
        place: usize,
        /// Why.
        reason: &'a Words,
    },
    /// A row of the table of all networks is there.
    Row {
        /// Rows before it.
        place: usize,
        of: &'a RowMask,
    },
    /// The table of all networks is complete.
    Table {
        /// Its rows.
        rows: usize,
    },
    /// The photo is shown in this tone.
    Display(Tone),
    /// Another key was chosen for a command.
    Key {
        /// The key as help shows it.
        key: &'a str,
        /// The command.
        action: Action,
    },
}

impl WindowEvent<'_> {
    /// Says it in the log.
    pub(super) fn emit(self) {
        log::info!("{self}");
    }
}

impl fmt::Display for WindowEvent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.into())?;
        match *self {
            Self::AtRest | Self::Correcting | Self::CalibrationTakenBack => Ok(()),
            Self::Language(language) => write!(f, ": {}", language.tag()),
            Self::Live(phase) => write!(f, ": {}", phase.map_or("off", Into::into)),
            Self::Photo(name) | Self::Profile(name) => write!(f, ": {name}"),
            Self::PhotoFailed(reason) => write!(f, ": {}", reason.said_in(Language::English)),
            Self::Reference(name) => write!(f, ": {}", name.unwrap_or("the sample's own")),
            Self::Segmented { model, engine } => write!(f, ": by {model} on {engine}"),
            Self::Outlined { threshold, area_px, dice } => {
                let dice = dice.map_or_else(|| "-".to_owned(), |dice| format!("{dice:.3}"));
                write!(f, ": threshold {threshold:.2}, {area_px} px, dice {dice}")
            }
            Self::Saved(path) => write!(f, ": {}", path.display()),
            Self::Corrected { steps, area_px } => write!(f, ": {steps} steps, {area_px} px"),
            Self::CorrectionKept { steps } | Self::Unended { steps } | Self::Restored { steps } => {
                write!(f, ": {steps} steps")
            }
            Self::Measured { longest_diameter_px } => write!(f, ": longest diameter {longest_diameter_px:.1} px"),
            Self::Calibrated { mm_per_px, longest_diameter_mm } => {
                write!(f, ": {mm_per_px:.6} mm per px, longest diameter {longest_diameter_mm:.2} mm")
            }
            Self::CalibrationKept(photo) => write!(f, ": calibration of {photo}"),
            Self::Reviews(count) => write!(f, ": {count}"),
            Self::ReviewKept { photo, state, mask } => write!(f, ": {photo} {}, mask {}", state.key(), mask.key()),
            Self::Compared(layout) => write!(f, ": {layout:?}"),
            Self::Side { place, area_px } => write!(f, " {place}: {area_px} px"),
            Self::SideFailed { place, reason } => {
                write!(f, " {place} failed: {}", reason.said_in(Language::English))
            }
            Self::Row { place, of } => match of {
                RowMask::Reference => write!(f, " {place}: reference"),
                RowMask::Corrected => write!(f, " {place}: corrected"),
                RowMask::Network(title) => write!(f, " {place}: {title}"),
            },
            Self::Table { rows } => write!(f, ": {rows} rows"),
            Self::Display(Tone { brightness, contrast, gamma }) => {
                write!(f, ": brightness {brightness:.2}, contrast {contrast:.2}, gamma {gamma:.2}")
            }
            Self::Key { key, action } => write!(f, ": {key} for {action:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use strum::VariantNames as _;

    use super::*;

    /// What the scripts wait for, in their order.
    fn awaited() -> Vec<&'static str> {
        let scripts = [
            include_str!("../../tests/window/run.sh"),
            include_str!("../../tests/window/desk.sh"),
            include_str!("../../tests/window/originals.sh"),
        ];
        let words = scripts.iter().flat_map(|script| script.split("await ").skip(1));
        words
            .filter_map(|rest| {
                let quote = rest.chars().next().filter(|first| ['\'', '"'].contains(first))?;
                rest[1..].split(quote).next()
            })
            .collect()
    }

    #[test]
    fn the_scripts_that_drive_the_window_wait_for_declared_events_alone() {
        let awaited = awaited();
        assert!(awaited.len() > 40, "{awaited:?}");
        for pattern in awaited {
            let is_of = |name: &&str| {
                pattern.strip_prefix(*name).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', ' ']))
            };
            assert!(WindowEvent::VARIANTS.iter().any(is_of), "no event begins like: {pattern}");
        }
    }

    #[test]
    fn an_event_reads_as_its_name_and_its_figures() {
        let outlined = WindowEvent::Outlined { threshold: 0.5, area_px: 12, dice: Some(0.9126) };
        assert_eq!(outlined.to_string(), "outlined: threshold 0.50, 12 px, dice 0.913");
        let outlined = WindowEvent::Outlined { threshold: 0.5, area_px: 0, dice: None };
        assert_eq!(outlined.to_string(), "outlined: threshold 0.50, 0 px, dice -");
        assert_eq!(WindowEvent::AtRest.to_string(), "at rest");
        assert_eq!(WindowEvent::CorrectionKept { steps: 3 }.to_string(), "kept: 3 steps");
        assert_eq!(WindowEvent::Side { place: 1, area_px: 7 }.to_string(), "side 1: 7 px");
        assert_eq!(WindowEvent::Key { key: "J", action: Action::Next }.to_string(), "key: J for Next");
        assert_eq!(WindowEvent::Language(Language::SimplifiedChinese).to_string(), "language: zh-CN");
    }
}
