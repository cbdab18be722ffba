//! [`Version`]: which file, and of when.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

/// A file this old when it is first seen was not just being copied.
const FRESH: Duration = Duration::from_secs(120);

/// How far two machines' clocks are apart at most.
const AHEAD: Duration = Duration::from_secs(60);

/// A version of a file: a later one is another photograph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    pub path: PathBuf,
    pub bytes: u64,
    /// When it was written last.
    pub modified: Option<SystemTime>,
}

impl Version {
    /// Whether it may be written just now. A camera in another time zone dates its files hours ahead: they are as old as
    /// any other.
    pub(super) fn is_fresh(&self) -> bool {
        match self.modified.map(|modified| modified.elapsed()) {
            Some(Ok(age)) => age < FRESH,
            Some(Err(ahead)) => ahead.duration() < AHEAD,
            None => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_fresh_for_two_minutes_and_not_because_a_clock_is_hours_ahead() {
        let now = SystemTime::now();
        let of = |modified| Version { path: "a.jpg".into(), bytes: 1, modified };
        let [hours, seconds] = [3600 * 8, 10].map(Duration::from_secs);
        for (modified, is_fresh) in
            [(now - hours, false), (now - seconds, true), (now + seconds, true), (now + hours, false)]
        {
            assert_eq!(of(Some(modified)).is_fresh(), is_fresh, "{modified:?}");
        }
        assert!(of(None).is_fresh(), "who does not know waits");
    }
}
