//! [`AuditEvent`]: the kinds of lines in the audit log.

use serde::{Deserialize, Serialize};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AuditEvent {
    /// State, note or mask of a photo was set; `detail` is the whole record.
    Reviewed,
    /// A decision on a photo was taken back; `detail` is the whole record after it.
    DecisionUndone,
    /// A mask was corrected by hand and saved.
    Corrected,
    /// A person drew a line along a ruler in a photo; `detail` is the whole calibration, with its millimetres per
    /// pixel.
    Calibrated,
    /// A calibration was removed; `detail` is what is left of it.
    CalibrationRemoved,
    /// A result was exported: mask, overlay, report, annotations.
    Exported,
    /// The records were converted from an older format to this one.
    Migrated,
    /// A damaged review list was set aside and rebuilt from this log.
    Rebuilt,
}
