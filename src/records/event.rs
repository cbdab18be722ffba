//! [`AuditEvent`]: what the audit log is about.

use serde::{Deserialize, Serialize};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AuditEvent {
    /// State or note of a photo was set; `detail` is the whole record.
    Reviewed,
    /// A mask was corrected by hand and kept.
    Corrected,
    /// A person drew along a ruler in a photo; `detail` is the whole calibration, with its millimetres a pixel.
    Calibrated,
    /// A calibration was taken back; `detail` is what is left of it.
    CalibrationRemoved,
    /// A result was written for others: mask, overlay, report, annotations.
    Exported,
    /// The records were brought from an older format to this one.
    Migrated,
    /// A damaged review list was set aside and rebuilt from this log.
    Rebuilt,
}
