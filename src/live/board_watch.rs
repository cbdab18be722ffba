//! [`BoardWatch`]: what makes the machine slower while the live outline runs, looked at now and then.

use std::path::PathBuf;
use std::time::Duration;

use crate::inference::BoardConditions;
use crate::language::Words;

/// How often it is looked at: heat comes within minutes, and each look reads some thirty small files.
pub(super) const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Remembers how fast the clocks were.
pub(super) struct BoardWatch {
    system_root: PathBuf,
    /// Each clock at its fastest so far.
    fastest: BoardConditions,
}

impl BoardWatch {
    pub(super) fn new(system_root: PathBuf) -> Self {
        Self { system_root, fastest: BoardConditions::default() }
    }

    /// What makes it slower just now, in sentences.
    pub(super) fn look(&mut self) -> Vec<Words> {
        let now = BoardConditions::now(&self.system_root);
        for clock in &now.clocks {
            match self.fastest.clocks.iter_mut().find(|known| known.name == clock.name) {
                Some(known) => known.mhz = known.mhz.max(clock.mhz),
                None => self.fastest.clocks.push(clock.clone()),
            }
        }
        now.slower_than(&self.fastest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_falls_and_rises_again_is_said_as_long_as_it_is_slow() {
        let root = tempfile::tempdir().expect("a folder");
        let npu = root.path().join("sys/class/devfreq/fdab0000.npu");
        std::fs::create_dir_all(&npu).expect("made");
        let set = |name: &str, text: &str| std::fs::write(npu.join(name), text).expect("written");
        set("governor", "performance");
        let mut watch = BoardWatch::new(root.path().to_owned());
        let mut at = |hertz: &str| {
            set("cur_freq", hertz);
            watch.look().iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(at("300000000"), [""; 0], "it has not been faster yet");
        assert_eq!(at("1000000000"), [""; 0]);
        assert_eq!(at("600000000"), ["npu fell from 1000 to 600 MHz while it ran"]);
        assert_eq!(at("1000000000"), [""; 0]);
    }
}
