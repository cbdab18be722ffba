//! What the system says of this process; nothing where it does not.

/// Resident memory in MB, of 10^6 bytes.
pub(crate) fn resident_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().split(' ').next()?.parse::<f64>().ok()? * 1024.0 / 1e6)
}

/// Seconds that processors have worked for this program's threads.
pub(crate) fn cpu_seconds() -> Option<f64> {
    let mut nanos = 0.0;
    for task in std::fs::read_dir("/proc/self/task").ok()?.flatten() {
        let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        nanos += text.split(' ').next()?.parse::<f64>().ok()?;
    }
    Some(nanos / 1e9)
}
