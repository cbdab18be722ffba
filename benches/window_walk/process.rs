//! What the system says of this process; nothing where it does not.

/// Resident memory in MB, of 10^6 bytes.
pub(crate) fn resident_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().split(' ').next()?.parse::<f64>().ok()? * 1024.0 / 1e6)
}
