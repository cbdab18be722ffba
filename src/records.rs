//! What is stored for a folder's photographs: reviews, calibrations, an audit log and corrected masks, in `.dermaloupe`
//! beside them or, if that is not writable, in the data directory. `docs/records.md` describes the files.

pub mod audit;
pub mod calibration;
mod error;
mod event;
pub mod format;
pub mod identify;
mod last_decisions;
mod list_file;
mod location;
mod names;
pub mod review;
mod writer;

pub use self::audit::{AuditEntry, Product};
pub use self::calibration::{Calibration, CalibrationChange, Calibrations, Scale, ScaleSource};
pub use self::error::{RecordsError, RecordsFault};
pub use self::event::AuditEvent;
pub use self::location::{FoundRecords, RecordsLocation};
pub(crate) use self::names::MASKS;
pub use self::review::{PhotoFile, Review, ReviewIdentity, ReviewList, ReviewState};
pub use self::writer::{RecordsPlace, RecordsWriter};

// Names by which src/app and the tests still call them.
pub use self::event::AuditEvent as Event;
pub use self::location::FoundRecords as Found;
pub use self::location::RecordsLocation as Home;
pub use self::writer::RecordsPlace as Place;
