//! How much memory can be used without swapping.

use sysinfo::{MemoryRefreshKind, System};

/// Bytes that are free now: the machine's, or the control group's if that is less. `None` if the system does not report
/// it.
#[must_use]
pub fn free_bytes() -> Option<u64> {
    let mut system = System::new().ok()?;
    system.refresh_memory_specifics(MemoryRefreshKind::nothing().with_ram());
    let machine = Some(system.available_memory()).filter(|&bytes| bytes > 0)?;
    let group = system.cgroup_limits().map_or(u64::MAX, |limits| limits.free_memory);
    Some(machine.min(group))
}
