//! [`BoardConditions`]: clocks, temperatures and memory of a board at one moment, and what of it makes the NPU or the processor
//! slower than they are. Read below `/sys`; where a system does not describe itself so, nothing is said.

use std::path::Path;

use serde::Serialize;

use super::machine::{Clock, Machine, line, names_below};
use crate::free_memory::free_bytes;
use crate::language::Words;
use crate::words;

/// A board at one moment.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct BoardConditions {
    /// Governors and frequencies.
    pub clocks: Vec<Clock>,
    /// What the board's sensors measure.
    pub temperatures: Vec<Temperature>,
    /// What slows a clock down because of heat, whether or not it does so now.
    pub throttles: Vec<HeatThrottle>,
    /// Memory that can be used without swapping, in bytes.
    pub free_memory_bytes: Option<u64>,
}

/// A sensor of the board.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Temperature {
    /// As the board calls it: `npu-thermal`, `soc-thermal`.
    pub name: String,
    /// Degrees Celsius.
    pub celsius: f64,
    /// From where on the board slows its clocks down, in degrees Celsius.
    pub throttles_at_celsius: Option<f64>,
}

/// What the kernel slows down when a sensor is too hot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeatThrottle {
    /// As the kernel calls it: `thermal-devfreq-0` is the NPU's or the memory's, `thermal-cpufreq-0` the processor's.
    pub name: String,
    /// By how many steps it is slowed down now; 0 is not at all.
    pub step: u64,
    /// How many there are.
    pub steps: u64,
}

/// The share of the frequency before a run from which on a drop is told; clocks waver by less.
const KEPT_SHARE: f64 = 0.95;

impl BoardConditions {
    /// What can be read below `system_root` now.
    #[must_use]
    pub fn now(system_root: &Path) -> Self {
        let thermal = system_root.join("sys/class/thermal");
        let below = |beginning: &'static str| {
            let names = names_below(&thermal, move |name| name.starts_with(beginning));
            names.into_iter().map(|name| thermal.join(name))
        };
        Self {
            clocks: Machine::at(system_root).clocks(),
            temperatures: below("thermal_zone").filter_map(|zone| temperature(&zone)).collect(),
            throttles: below("cooling_device").filter_map(|device| throttle(&device)).collect(),
            free_memory_bytes: free_bytes(),
        }
    }

    /// What makes the board slower than it can be at this moment, in sentences.
    #[must_use]
    pub fn slowed_down(&self) -> Vec<Words> {
        let capped = self.clocks.iter().filter_map(|clock| {
            let (allowed, most) = (clock.allowed_mhz?, clock.most_mhz?);
            (allowed < most).then(|| {
                let (allowed, most) = (allowed.to_string(), most.to_string());
                words!("board-capped", name = clock.name.as_str(), allowed = allowed, most = most)
            })
        });
        let hottest = self.temperatures.iter().max_by(|a, b| a.celsius.total_cmp(&b.celsius));
        let throttled = self.throttles.iter().filter(|throttle| throttle.step > 0).map(move |throttle| {
            let celsius = hottest.map_or_else(|| "?".to_owned(), |sensor| format!("{:.0}", sensor.celsius));
            words!(
                "board-throttled",
                name = throttle.name.as_str(),
                step = throttle.step.to_string(),
                steps = throttle.steps.to_string(),
                celsius = celsius
            )
        });
        let hot = self.temperatures.iter().filter_map(|sensor| {
            let limit = sensor.throttles_at_celsius.filter(|limit| sensor.celsius >= *limit)?;
            let (celsius, limit) = (format!("{:.0}", sensor.celsius), format!("{limit:.0}"));
            Some(words!("board-hot", name = sensor.name.as_str(), celsius = celsius, limit = limit))
        });
        throttled.chain(hot).chain(capped).collect()
    }

    /// What makes figures that were measured from `before` until now doubtful, in sentences.
    #[must_use]
    pub fn doubts_since(&self, before: &Self) -> Vec<Words> {
        self.slowed_down().into_iter().chain(self.dropped_since(before)).chain(self.wavering(|_| true)).collect()
    }

    /// What makes the board slower at work than it was at its `fastest`, in sentences. Of a machine without an NPU only heat and
    /// limits count: a desktop's processor changes its clock all the time, whatever its governor.
    #[must_use]
    pub fn slower_than(&self, fastest: &Self) -> Vec<Words> {
        let mut said = self.slowed_down();
        if self.clocks.iter().any(Clock::is_npu) {
            let steady = Self {
                clocks: self.clocks.iter().filter(|clock| !clock.wavers()).cloned().collect(),
                ..Self::default()
            };
            said.extend(steady.dropped_since(fastest));
            said.extend(self.wavering(Clock::is_npu));
        }
        said
    }

    fn dropped_since<'a>(&'a self, before: &'a Self) -> impl Iterator<Item = Words> + 'a {
        self.clocks.iter().filter_map(|clock| {
            let then = before.clocks.iter().find(|other| other.name == clock.name)?;
            ((clock.mhz as f64) < then.mhz as f64 * KEPT_SHARE).then(|| {
                let (from, to) = (then.mhz.to_string(), clock.mhz.to_string());
                words!("board-dropped", name = clock.name.as_str(), from = from, to = to)
            })
        })
    }

    fn wavering(&self, is_meant: fn(&Clock) -> bool) -> impl Iterator<Item = Words> + '_ {
        let wavering = self.clocks.iter().filter(move |clock| clock.wavers() && is_meant(clock));
        wavering
            .map(|clock| words!("board-governor", name = clock.name.as_str(), governor = clock.governor.as_str()))
    }
}

fn temperature(zone: &Path) -> Option<Temperature> {
    let celsius = |name: &str| Some(line(zone, name)?.parse::<i64>().ok()? as f64 / 1e3);
    // 'passive' is where the kernel begins to slow clocks down; a zone has few points.
    let is_passive =
        |point: &usize| line(zone, &format!("trip_point_{point}_type")).is_some_and(|t| t == "passive");
    let points = (0..8).filter(is_passive).filter_map(|point| celsius(&format!("trip_point_{point}_temp")));
    Some(Temperature {
        name: line(zone, "type")?,
        celsius: celsius("temp")?,
        throttles_at_celsius: points.max_by(f64::total_cmp),
    })
}

fn throttle(device: &Path) -> Option<HeatThrottle> {
    let name = line(device, "type")?;
    // Fans and a desktop's idle injection are no clocks.
    let is_clock = name.contains("cpufreq") || name.contains("devfreq");
    let number = |name: &str| line(device, name)?.parse().ok();
    is_clock.then_some(HeatThrottle { name, step: number("cur_state")?, steps: number("max_state")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn board(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = root.path().join("sys").join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        root
    }

    fn said(words: &[Words]) -> Vec<String> {
        words.iter().map(ToString::to_string).collect()
    }

    const COOL: [(&str, &str); 9] = [
        ("class/thermal/thermal_zone0/type", "soc-thermal\n"),
        ("class/thermal/thermal_zone0/temp", "46230\n"),
        ("class/thermal/thermal_zone0/trip_point_0_type", "passive\n"),
        ("class/thermal/thermal_zone0/trip_point_0_temp", "75000\n"),
        ("class/thermal/thermal_zone0/trip_point_1_type", "critical\n"),
        ("class/thermal/thermal_zone0/trip_point_1_temp", "115000\n"),
        ("class/thermal/cooling_device0/type", "thermal-devfreq-0\n"),
        ("class/thermal/cooling_device0/cur_state", "0\n"),
        ("class/thermal/cooling_device0/max_state", "7\n"),
    ];

    #[test]
    fn a_cool_board_at_fixed_clocks_is_not_doubted() {
        let npu = "class/devfreq/fdab0000.npu";
        let mut files = COOL.to_vec();
        let clock = [("governor", "performance"), ("cur_freq", "1000000000"), ("max_freq", "1000000000")];
        let clock: Vec<(String, &str)> =
            clock.iter().map(|(name, text)| (format!("{npu}/{name}"), *text)).collect();
        files.extend(clock.iter().map(|(name, text)| (name.as_str(), *text)));
        let frequencies = format!("{npu}/available_frequencies");
        files.push((&frequencies, "300000000 600000000 1000000000\n"));
        let root = board(&files);
        let now = BoardConditions::now(root.path());
        assert_eq!(now.temperatures[0].celsius, 46.23);
        assert_eq!(now.temperatures[0].throttles_at_celsius, Some(75.0));
        assert_eq!((now.throttles[0].step, now.clocks[0].most_mhz), (0, Some(1000)));
        assert_eq!(said(&now.doubts_since(&now)), [""; 0]);
    }

    #[test]
    fn heat_and_a_lowered_limit_are_said() {
        let mut files = COOL.to_vec();
        files[1].1 = "84600\n";
        files[7].1 = "3\n";
        let cpu = "devices/system/cpu/cpufreq/policy4";
        let names = ["scaling_governor", "scaling_cur_freq", "scaling_max_freq", "cpuinfo_max_freq"];
        let names = names.map(|name| format!("{cpu}/{name}"));
        let texts = ["performance", "1608000", "1608000", "2256000"];
        files.extend(names.iter().map(String::as_str).zip(texts));
        let root = board(&files);
        let expected = [
            "thermal-devfreq-0 is slowed down because of heat, by 3 of 7 steps, at 85 °C: check heat sink and fan",
            "soc-thermal is at 85 °C; from 75 °C the board slows itself down: check heat sink and fan",
            "policy4 may run at 1608 MHz at most, of 2256: heat or a setting limits it",
        ];
        assert_eq!(said(&BoardConditions::now(root.path()).slowed_down()), expected);
    }

    #[test]
    fn a_drop_while_measuring_and_a_wavering_governor_are_said() {
        let clock = |mhz, governor: &str| Clock {
            name: "npu".into(),
            governor: governor.into(),
            mhz,
            allowed_mhz: None,
            most_mhz: None,
        };
        let at = |clock| BoardConditions { clocks: vec![clock], ..BoardConditions::default() };
        let [fast, slow] = [1000, 600].map(|mhz| at(clock(mhz, "performance")));
        assert_eq!(said(&slow.doubts_since(&fast)), ["npu fell from 1000 to 600 MHz while it ran"]);
        assert_eq!(said(&fast.doubts_since(&slow)), [""; 0]);
        let wavering = at(clock(1000, "rknpu_ondemand"));
        let expected = "npu has the governor rknpu_ondemand, which slows short runs down: set 'performance'";
        assert_eq!(said(&wavering.doubts_since(&wavering)), [expected]);
    }

    #[test]
    fn at_work_a_steady_clock_that_fell_and_the_npus_governor_are_said_and_a_desktop_is_left_alone() {
        let clock = |name: &str, governor: &str, mhz| Clock {
            name: name.into(),
            governor: governor.into(),
            mhz,
            allowed_mhz: None,
            most_mhz: None,
        };
        let at = |clocks: &[Clock]| BoardConditions { clocks: clocks.to_vec(), ..BoardConditions::default() };
        let fast = at(&[clock("npu", "performance", 1000), clock("policy4", "ondemand", 2256)]);
        let slow = at(&[clock("npu", "performance", 600), clock("policy4", "ondemand", 408)]);
        assert_eq!(said(&slow.slower_than(&fast)), ["npu fell from 1000 to 600 MHz while it ran"]);
        let wavering = at(&[clock("npu", "rknpu_ondemand", 300), clock("policy4", "ondemand", 408)]);
        let expected = "npu has the governor rknpu_ondemand, which slows short runs down: set 'performance'";
        assert_eq!(said(&wavering.slower_than(&fast)), [expected]);
        let [turbo, base] = [4700, 800].map(|mhz| at(&[clock("policy0", "performance", mhz)]));
        assert_eq!(said(&base.slower_than(&turbo)), [""; 0]);
    }

    #[test]
    fn a_machine_that_does_not_describe_itself_is_not_doubted() {
        let root = tempfile::tempdir().unwrap();
        let now = BoardConditions::now(root.path());
        assert_eq!((now.temperatures.len(), now.throttles.len(), now.slowed_down().len()), (0, 0, 0));
    }
}
