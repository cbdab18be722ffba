//! Moments as people read them: in this computer's time zone, with how far that is from UTC. Files have them in UTC.

use std::sync::LazyLock;

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// Read once: the computer's zone with its summer times. UTC where the system does not say which it is.
static ZONE: LazyLock<TimeZone> = LazyLock::new(|| {
    TimeZone::try_system().unwrap_or_else(|error| {
        log::warn!("times are shown in UTC: {error}");
        TimeZone::UTC
    })
});

/// The moment in this computer's zone.
#[must_use]
pub fn here(moment: Timestamp) -> Zoned {
    moment.to_zoned(ZONE.clone())
}

/// A moment for a person: `2026-11-26 17:05 UTC+08:00`.
#[must_use]
pub fn shown(moment: &Zoned) -> String {
    let form = if moment.offset().is_zero() { "%Y-%m-%d %H:%M UTC" } else { "%Y-%m-%d %H:%M UTC%:z" };
    moment.strftime(form).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(zone: &str) -> String {
        // The first half hour of a day in UTC.
        let moment: Timestamp = "2026-11-26T00:30:00Z".parse().expect("it is a time");
        shown(&moment.to_zoned(TimeZone::posix(zone).expect("it is a zone")))
    }

    #[test]
    fn the_day_is_that_of_the_place_and_the_offset_is_said() {
        assert_eq!(at("UTC0"), "2026-11-26 00:30 UTC");
        assert_eq!(at("<+08>-8"), "2026-11-26 08:30 UTC+08:00");
        assert_eq!(at("EST5EDT,M3.2.0,M11.1.0"), "2026-11-25 19:30 UTC-05:00");
        assert_eq!(at("<+0545>-5:45"), "2026-11-26 06:15 UTC+05:45");
    }
}
