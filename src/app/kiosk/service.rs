//! The service manager: `READY=1` and `WATCHDOG=1` by systemd's datagram socket, which is all of sd_notify that a
//! kiosk needs. Without the socket nothing is sent.
//!
//! Not by the crate sd-notify (0.5): its socket blocks, so that a manager that is slow to read would stop the window; it
//! knows no abstract names; and where `WATCHDOG_PID` names a shell that started us, it would see no watchdog.

use std::rc::Rc;
use std::time::{Duration, Instant};

use super::messages::ToSupervisor;
use super::supervised::Supervised;

/// A window that was busy with one photograph for so long hangs; no photo takes a tenth of it.
const HANGS: Duration = Duration::from_secs(120);

/// The line to the service manager, or to the supervisor that speaks to it.
#[derive(Default)]
pub struct Service {
    listener: Option<Listener>,
    /// How often it wants to hear from us.
    every: Option<Duration>,
    last_beat: Option<Instant>,
    busy_since: Option<(Instant, u64)>,
}

/// Who hears of us.
enum Listener {
    Manager(Line),
    Supervisor(Rc<Supervised>),
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

impl Service {
    /// By the environment that systemd gives a service. `WATCHDOG_PID` is not asked: in a unit of one's own it may name what
    /// starts us.
    #[must_use]
    pub fn of_manager() -> Self {
        Self::new(variable("NOTIFY_SOCKET").as_deref(), variable("WATCHDOG_USEC").as_deref())
    }

    /// By way of the supervisor: of a service's processes the manager hears the first one only.
    #[must_use]
    pub fn of_supervisor(supervised: Rc<Supervised>) -> Self {
        let listener = Some(Listener::Supervisor(supervised));
        Self { listener, ..Self::new(None, variable("WATCHDOG_USEC").as_deref()) }
    }

    /// With the socket's name, and the watchdog's time in microseconds.
    #[must_use]
    pub fn new(socket: Option<&str>, watchdog_micros: Option<&str>) -> Self {
        let listener = socket.and_then(|name| match Line::to(name) {
            Ok(line) => Some(Listener::Manager(line)),
            Err(error) => {
                log::warn!("the service manager could not be notified ({error}): {name}");
                None
            }
        });
        // Half the time it waits, as its manual says.
        let every =
            watchdog_micros.and_then(|text| text.parse().ok()).map(|micros| Duration::from_micros(micros) / 2);
        Self { listener, every, last_beat: None, busy_since: None }
    }

    /// The window stands.
    pub fn ready(&self) {
        self.say("READY=1", &ToSupervisor::Ready);
    }

    /// It draws, and its work goes on.
    pub fn alive(&self) {
        self.say("WATCHDOG=1", &ToSupervisor::Alive);
    }

    /// A frame was drawn; `busy_with` is the work that the analysis is at. Work that never ends silences us, and the
    /// manager starts the kiosk again. Returns when the next frame is needed.
    pub fn beat(&mut self, now: Instant, busy_with: Option<u64>) -> Option<Duration> {
        self.busy_since = match (busy_with, self.busy_since) {
            (Some(job), Some((since, same))) if job == same => Some((since, same)),
            (Some(job), _) => Some((now, job)),
            (None, _) => None,
        };
        let every = self.every?;
        let hangs = self.busy_since.is_some_and(|(since, _)| now.duration_since(since) > HANGS);
        let is_due = self.last_beat.is_none_or(|last| now.duration_since(last) >= every / 2);
        if is_due && !hangs {
            self.last_beat = Some(now);
            self.alive();
        }
        Some(every / 2)
    }

    fn say(&self, words: &str, message: &ToSupervisor) {
        match &self.listener {
            Some(Listener::Manager(line)) => {
                if let Err(error) = line.send(words) {
                    log::warn!("the service manager is not listening: {error}");
                }
            }
            Some(Listener::Supervisor(supervised)) => supervised.say(message),
            None => {}
        }
    }
}

#[cfg(target_os = "linux")]
#[derive(Debug)]
struct Line(std::os::unix::net::UnixDatagram);

#[cfg(target_os = "linux")]
impl Line {
    fn to(name: &str) -> std::io::Result<Self> {
        use std::os::linux::net::SocketAddrExt as _;
        use std::os::unix::net::{SocketAddr, UnixDatagram};
        let address = match name.strip_prefix('@') {
            Some(name) => SocketAddr::from_abstract_name(name)?,
            None => SocketAddr::from_pathname(name)?,
        };
        let socket = UnixDatagram::unbound()?;
        socket.connect_addr(&address)?;
        // A manager that is slow to read shall not hold the window up.
        socket.set_nonblocking(true)?;
        Ok(Self(socket))
    }

    fn send(&self, words: &str) -> std::io::Result<()> {
        self.0.send(words.as_bytes()).map(drop)
    }
}

#[cfg(not(target_os = "linux"))]
#[derive(Debug)]
struct Line;

#[cfg(not(target_os = "linux"))]
impl Line {
    fn to(_name: &str) -> std::io::Result<Self> {
        Err(std::io::ErrorKind::Unsupported.into())
    }

    fn send(&self, _words: &str) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(target_os = "linux")]
#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixDatagram;

    use super::*;

    fn manager() -> (tempfile::TempDir, UnixDatagram, String) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        let socket = UnixDatagram::bind(&path).unwrap();
        socket.set_nonblocking(true).unwrap();
        (folder, socket, path.to_string_lossy().into_owned())
    }

    fn heard(socket: &UnixDatagram) -> Vec<String> {
        let mut bytes = [0; 100];
        std::iter::from_fn(|| {
            socket.recv(&mut bytes).ok().map(|n| String::from_utf8_lossy(&bytes[..n]).into_owned())
        })
        .collect()
    }

    #[test]
    fn the_manager_hears_that_we_are_ready_and_then_a_steady_beat() {
        let (_folder, socket, name) = manager();
        let mut service = Service::new(Some(&name), Some("20000000"));
        service.ready();
        let start = Instant::now();
        for second in 0..=20 {
            assert_eq!(service.beat(start + Duration::from_secs(second), None), Some(Duration::from_secs(5)));
        }
        assert_eq!(
            heard(&socket),
            ["READY=1", "WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1"]
        );
    }

    #[test]
    fn a_job_that_never_ends_silences_the_beat() {
        let (_folder, socket, name) = manager();
        let mut service = Service::new(Some(&name), Some("20000000"));
        let start = Instant::now();
        let mut beats = |seconds: std::ops::Range<u64>, job: fn(u64) -> u64| -> usize {
            // The socket's queue is short: it is read along.
            let beat = |second| {
                service.beat(start + Duration::from_secs(second), Some(job(second)));
                heard(&socket).len()
            };
            seconds.map(beat).sum()
        };
        assert_eq!(beats(0..300, |second| second / 100), 60, "jobs that end do not count together");
        assert_eq!(beats(300..600, |_| 3), 25, "120 seconds of patience, a beat each 5");
    }

    #[test]
    fn without_a_manager_nothing_is_sent_and_nothing_fails() {
        let mut service = Service::new(None, None);
        service.ready();
        assert_eq!(service.beat(Instant::now(), Some(1)), None);
        Service::new(Some("/nowhere/notify"), Some("x")).ready();
    }

    #[test]
    fn a_name_that_begins_with_an_at_sign_is_abstract() {
        use std::os::linux::net::SocketAddrExt as _;
        let name = format!("dermaloupe-test-{}", std::process::id());
        let address = std::os::unix::net::SocketAddr::from_abstract_name(&name).unwrap();
        let socket = UnixDatagram::bind_addr(&address).unwrap();
        socket.set_nonblocking(true).unwrap();
        Service::new(Some(&format!("@{name}")), None).ready();
        assert_eq!(heard(&socket), ["READY=1"]);
    }
}
