//! The end of the line to the supervisor in the process that draws the screen.

#[cfg(not(unix))]
mod nobody;
#[cfg(unix)]
mod socket;

#[cfg(not(unix))]
pub use self::nobody::Supervised;
#[cfg(unix)]
pub use self::socket::Supervised;
