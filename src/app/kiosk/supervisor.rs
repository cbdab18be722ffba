//! The kiosk's supervisor: a small process that holds nothing of a photograph. It starts the process that draws the screen
//! and, after a visit, a fresh one in its place.
//!
//! What a process has read it cannot truly forget: besides our own buffers there are those that decoders, engines, fonts,
//! the graphics driver and the allocator have left behind, which no wiping of ours reaches. The end of a process is what
//! the kernel guarantees: its memory is cleared before anybody else gets it. The fresh screen stands, whole, above the
//! old one before that is ended, so that nothing of the change is seen. The service manager knows this process alone, so
//! that login session, compositor and watchdog stay as they are.

use std::ffi::OsString;
use std::io::{self, BufRead as _, BufReader};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};

use super::messages::{Handover, SCREEN_PROCESS, ToScreen, ToSupervisor, send};
use super::service::Service;

/// How long a fresh screen may take to stand. Then both are ended: a screen that should have been replaced is not kept.
const LONGEST_START: Duration = Duration::from_secs(60);

/// Messages of the screens that may wait.
const MOST_WAITING: usize = 64;

/// Runs the kiosk's screen in a process of its own, until it ends. Returns whether it was closed as the settings allow.
///
/// # Errors
/// When it cannot be started, now or after a visit.
pub(super) fn supervise() -> anyhow::Result<bool> {
    let status = Supervisor::start(this_program, Service::of_manager())?.run()?;
    Ok(status.success())
}

/// This program with its arguments.
fn this_program() -> io::Result<Command> {
    // Linux's link leads to this very program also after an update has put another one in its place.
    let program =
        if cfg!(target_os = "linux") { PathBuf::from("/proc/self/exe") } else { std::env::current_exe()? };
    let mut arguments = std::env::args_os();
    let name = arguments.next().unwrap_or_else(|| OsString::from("dermaloupe"));
    let mut command = Command::new(program);
    std::os::unix::process::CommandExt::arg0(&mut command, name).args(arguments);
    Ok(command)
}

/// What is heard of a screen.
enum Heard {
    Said(ToSupervisor),
    /// Its process has ended, or closed its line.
    Ended,
}

/// A process that draws the screen; it is ended when this is dropped.
struct ScreenProcess {
    number: u64,
    child: Child,
    line: UnixStream,
    /// When it must stand.
    latest: Instant,
}

impl ScreenProcess {
    fn start(
        number: u64,
        mut command: Command,
        handover: Option<Handover>,
        heard: Sender<(u64, Heard)>,
    ) -> io::Result<Self> {
        let (ours, theirs) = UnixStream::pair()?;
        let child = command.stdin(OwnedFd::from(theirs)).env(SCREEN_PROCESS, "1").spawn()?;
        // It holds their end of the line, which shall close with their process.
        drop(command);
        let reader = BufReader::new(ours.try_clone()?);
        let screen = Self { number, child, line: ours, latest: Instant::now() + LONGEST_START };
        std::thread::Builder::new().name(format!("screen {number}")).spawn(move || {
            for line in reader.lines().map_while(Result::ok) {
                if let Ok(message) = serde_json::from_str(&line)
                    && heard.send((number, Heard::Said(message))).is_err()
                {
                    return;
                }
            }
            let _ = heard.send((number, Heard::Ended));
        })?;
        screen.tell(&ToScreen::Begin(handover));
        Ok(screen)
    }

    /// One that does not listen has ended, which is heard.
    fn tell(&self, message: &ToScreen) {
        if let Err(error) = send(&self.line, message) {
            log::debug!("a screen of the kiosk does not listen: {error}");
        }
    }
}

impl Drop for ScreenProcess {
    fn drop(&mut self) {
        // Without ceremony, as nothing of it may stay; one that has ended is only waited for.
        if let Err(error) = self.child.kill().and_then(|()| self.child.wait()) {
            log::error!("a screen of the kiosk does not end: {error}");
        }
    }
}

struct Supervisor<F> {
    program: F,
    manager: Service,
    current: ScreenProcess,
    /// The one that shall take its place.
    next: Option<ScreenProcess>,
    heard: Receiver<(u64, Heard)>,
    sender: Sender<(u64, Heard)>,
}

impl<F: Fn() -> io::Result<Command>> Supervisor<F> {
    fn start(program: F, manager: Service) -> anyhow::Result<Self> {
        let (sender, heard) = bounded(MOST_WAITING);
        let current = program()
            .and_then(|command| ScreenProcess::start(0, command, None, sender.clone()))
            .context("cannot start the kiosk's screen")?;
        Ok(Self { program, manager, current, next: None, heard, sender })
    }

    /// Until the screen ends by itself.
    fn run(mut self) -> anyhow::Result<ExitStatus> {
        loop {
            let heard = match &self.next {
                Some(next) => self.heard.recv_deadline(next.latest),
                None => self.heard.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            let (number, heard) = heard.context("the kiosk's fresh screen did not stand within a minute")?;
            let status = if number == self.current.number {
                self.hear_current(heard)?
            } else {
                self.hear_next(number, &heard)?
            };
            if let Some(status) = status {
                return Ok(status);
            }
        }
    }

    fn hear_current(&mut self, heard: Heard) -> anyhow::Result<Option<ExitStatus>> {
        match heard {
            Heard::Said(ToSupervisor::Ready) => self.manager.ready(),
            Heard::Said(ToSupervisor::Alive) => self.manager.alive(),
            Heard::Said(ToSupervisor::Replace(handover)) if self.next.is_none() => {
                let number = self.current.number + 1;
                let next = (self.program)()
                    .and_then(|command| ScreenProcess::start(number, command, Some(handover), self.sender.clone()))
                    .context("cannot start a fresh screen of the kiosk")?;
                self.next = Some(next);
            }
            Heard::Said(ToSupervisor::Replace(_)) => {}
            Heard::Said(ToSupervisor::Touched) => {
                if let Some(next) = &self.next {
                    next.tell(&ToScreen::Touched);
                }
            }
            Heard::Ended => return self.end_of_current(),
        }
        Ok(None)
    }

    /// Where one was to take its place, the kiosk goes on with that; unless somebody has closed the kiosk.
    fn end_of_current(&mut self) -> anyhow::Result<Option<ExitStatus>> {
        let status = self.current.child.wait().context("the kiosk's screen is lost")?;
        match self.next.take() {
            Some(next) if !status.success() => {
                self.current = next;
                Ok(None)
            }
            _ => Ok(Some(status)),
        }
    }

    fn hear_next(&mut self, number: u64, heard: &Heard) -> anyhow::Result<Option<ExitStatus>> {
        let is_next = self.next.as_ref().is_some_and(|next| next.number == number);
        match heard {
            Heard::Said(ToSupervisor::Ready) if is_next => {
                if let Some(next) = self.next.take() {
                    // The old screen ends here.
                    self.current = next;
                    self.manager.ready();
                    log::info!("a fresh process draws the screen");
                }
            }
            Heard::Ended if is_next => {
                let end = Err(io::Error::from(io::ErrorKind::UnexpectedEof));
                return end.context("the kiosk's fresh screen ended before it stood");
            }
            // Of one that was replaced.
            Heard::Said(_) | Heard::Ended => {}
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests;
