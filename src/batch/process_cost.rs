//! What a run cost the machine: processor time and memory of this process, by the system's own count.

use std::time::Duration;

use crate::files::{self, FileKind};

/// Processor time of this process, from a moment on.
pub(super) struct ProcessCost {
    then: Option<Duration>,
}

impl ProcessCost {
    pub(super) fn now() -> Self {
        Self { then: processor_time() }
    }

    /// Cores' worth of processor time since that moment, `taken` ago; `None` where the system does not say.
    pub(super) fn cpu_share(&self, taken: Duration) -> Option<f64> {
        let used = processor_time()?.checked_sub(self.then?)?;
        Some(used.as_secs_f64() / taken.as_secs_f64())
    }

    /// The most memory that the process had; `None` where the system does not say.
    pub(super) fn peak_memory_bytes() -> Option<u64> {
        let status = files::read_text("/proc/self/status".as_ref(), FileKind::SystemFacts).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kib << 10)
    }
}

#[cfg(unix)]
fn processor_time() -> Option<Duration> {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    time.try_into().ok()
}

#[cfg(not(unix))]
fn processor_time() -> Option<Duration> {
    None
}
