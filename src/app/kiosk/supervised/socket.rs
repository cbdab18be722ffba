//! The screen's end of the line, where a process can be given one.

use std::io::{self, BufRead as _, BufReader};
use std::os::fd::AsFd as _;
use std::os::unix::net::UnixStream;

use crossbeam_channel::{Receiver, bounded};

use super::super::messages::{Handover, SCREEN_PROCESS, SupervisorEnded, ToScreen, ToSupervisor, send};

/// Messages that may wait for the next frame; there are two at most.
const MOST_WAITING: usize = 4;

/// The screen's end of the line to its supervisor.
pub struct Supervised {
    line: UnixStream,
    reader: Option<BufReader<UnixStream>>,
    /// What is told after the beginning; it ends with the supervisor.
    told: Option<Receiver<ToScreen>>,
    handover: Option<Handover>,
}

impl Supervised {
    /// The line on which this process was started; `None` where nobody supervises it.
    ///
    /// # Errors
    /// When the environment names a supervisor, and there is none.
    pub fn from_environment() -> io::Result<Option<Self>> {
        if std::env::var_os(SCREEN_PROCESS).is_none() {
            return Ok(None);
        }
        // It does not outlive its supervisor, not even where it hangs.
        #[cfg(target_os = "linux")]
        rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
        let line = io::stdin().as_fd().try_clone_to_owned()?;
        Self::over(line.into()).map(Some)
    }

    /// Over `line`; waits for the first message.
    ///
    /// # Errors
    /// When another message comes, or none.
    pub fn over(line: UnixStream) -> io::Result<Self> {
        let mut reader = BufReader::new(line.try_clone()?);
        let mut first = String::new();
        reader.read_line(&mut first)?;
        match serde_json::from_str(&first) {
            Ok(ToScreen::Begin(handover)) => Ok(Self { line, reader: Some(reader), told: None, handover }),
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    /// What the screen before has left, if there was one.
    #[must_use]
    pub fn handover(&self) -> Option<&Handover> {
        self.handover.as_ref()
    }

    /// Starts to listen; `wake` is called after each message and after the last.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn listen(&mut self, wake: impl Fn() + Send + 'static) -> io::Result<()> {
        let Some(reader) = self.reader.take() else { return Ok(()) };
        let (sender, told) = bounded(MOST_WAITING);
        std::thread::Builder::new().name("supervised".into()).spawn(move || {
            for line in reader.lines().map_while(Result::ok) {
                let is_sent = serde_json::from_str(&line).is_ok_and(|message| sender.send(message).is_ok());
                if is_sent {
                    wake();
                }
            }
            drop(sender);
            wake();
        })?;
        self.told = Some(told);
        Ok(())
    }

    /// The next message, without waiting; an error once the supervisor has ended.
    pub fn poll(&self) -> Result<Option<ToScreen>, SupervisorEnded> {
        use crossbeam_channel::TryRecvError;
        match self.told.as_ref().map(Receiver::try_recv) {
            Some(Ok(message)) => Ok(Some(message)),
            None | Some(Err(TryRecvError::Empty)) => Ok(None),
            Some(Err(TryRecvError::Disconnected)) => Err(SupervisorEnded),
        }
    }

    /// Tells the supervisor. Where it has ended, [`Self::poll`] says so.
    pub fn say(&self, message: &ToSupervisor) {
        if let Err(error) = send(&self.line, message) {
            log::debug!("the kiosk's supervisor does not listen: {error}");
        }
    }
}
