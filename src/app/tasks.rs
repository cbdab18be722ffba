//! What the window's background threads do, a file each. A task owns what stays loaded between requests; threads, queues
//! and panics are the business of [`background`](super::background).

pub mod analysis;
pub mod clearing;
mod drawing;
pub mod files;
pub mod inspection;
pub mod journal;
pub mod live;
pub mod look_through;
pub mod read_ahead;
pub mod records;
pub mod thumbnails;
pub mod tiles;
