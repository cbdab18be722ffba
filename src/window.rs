//! Stands in for the window until it is merged.

use crate::startup::StartupOptions;

/// Opens the window.
///
/// # Errors
/// Always: this build has no window.
pub fn run(_options: &StartupOptions) -> anyhow::Result<()> {
    anyhow::bail!("the window is not in this build")
}
