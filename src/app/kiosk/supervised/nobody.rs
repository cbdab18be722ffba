//! Where there are no sockets between processes nobody supervises the screen, and it is not replaced.

use std::io;

use super::super::messages::{Handover, SupervisorEnded, ToScreen, ToSupervisor};

/// The screen's end of a line that cannot be.
pub enum Supervised {}

impl Supervised {
    /// What the screen before has left.
    #[must_use]
    pub fn handover(&self) -> Option<&Handover> {
        match *self {}
    }

    pub fn listen(&mut self, _wake: impl Fn() + Send + 'static) -> io::Result<()> {
        match *self {}
    }

    pub fn poll(&self) -> Result<Option<ToScreen>, SupervisorEnded> {
        match *self {}
    }

    pub fn say(&self, _message: &ToSupervisor) {
        match *self {}
    }
}
