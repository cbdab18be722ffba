//! What the kiosk's two processes say to each other: each message is a line of JSON, over the socket that the process which
//! draws the screen has for its standard input.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

/// What the screen says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ToSupervisor {
    /// The screen stands, as a visitor sees it.
    Ready,
    /// It is not hung.
    Alive,
    /// A fresh process is to take its place.
    Replace(Handover),
    /// Somebody touched the screen that waits to be replaced.
    Touched,
}

/// What the screen is told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ToScreen {
    /// The first message: begin, in the place of another or as the first.
    Begin(Option<Handover>),
    /// Somebody touched the screen before.
    Touched,
}

/// What a fresh screen has to know of the one before. Nothing in it tells of a photograph.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// Photographs that were forgotten, by their numbers.
    pub forgotten: HashSet<u64>,
    /// Those of them whose visitor has not been told yet that they were cleared.
    pub untold: HashSet<u64>,
    /// Which sample is shown.
    pub sample: usize,
    /// `[left, top, width, height]` of the window in points, where nobody else gives it its place.
    pub window: Option<[i32; 4]>,
}

/// In the environment of the process that draws the screen.
#[cfg(unix)]
pub(super) const SCREEN_PROCESS: &str = "DERMALOUPE_KIOSK_SCREEN";

/// Sends one message over `line`.
#[cfg(unix)]
pub(super) fn send(mut line: &std::os::unix::net::UnixStream, message: &impl Serialize) -> std::io::Result<()> {
    use std::io::Write as _;
    let mut bytes = serde_json::to_vec(message).expect("plain data becomes JSON");
    bytes.push(b'\n');
    line.write_all(&bytes)
}

/// The supervisor has ended: so does the screen.
#[derive(Debug)]
pub struct SupervisorEnded;
