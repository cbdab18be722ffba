//! Somebody plays with the window for a long time while everything around it goes wrong: photographs vanish, come damaged,
//! turn into pipes; folders become read-only, the disk is full, records are spoilt, a network fails. Nothing panics, nothing
//! stands still, the records agree with their log in the end, and memory does not grow.
//!
//! By hand, on a small disk and as somebody who is not root: `tests/load/soak.sh STEPS [SEED]`.

mod commands;
mod faults;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use dermaloupe::app::command::Command;
use dermaloupe::app::command::change::{MeasureChange, ReviewChange};
use dermaloupe::language::Language;
use dermaloupe::records::{RecordsFault, RecordsLocation, ReviewState};

use self::commands::Player;
use self::faults::Faults;
pub(crate) use self::faults::drawn;
use crate::common::{is_alone, resident_kib};
use crate::common_window::{Bench, add_network};

/// Steps between two looks at everything, with all faults healed.
const ROUND: u32 = 100;

/// Rounds between two new starts of the window.
const LIFE: u32 = 4;

/// From as many steps on the line through the memory says something.
const STEPS_FOR_A_SLOPE: u32 = 5_000;

/// KiB a step: a mask of these photographs that stays behind each time would be 75.
const MOST_SLOPE: f64 = 4.0;

/// A line of numbers that is the same for a seed.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn below(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % below
    }

    pub(crate) fn share(&mut self) -> f32 {
        self.below(1001) as f32 / 1000.0
    }

    pub(crate) fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// Panics of our own code, wherever they were contained.
fn own_panics() -> Arc<Mutex<Vec<String>>> {
    let found = Arc::new(Mutex::new(Vec::new()));
    let (list, before) = (Arc::clone(&found), std::panic::take_hook());
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        if place.starts_with("src/") || place.contains("/dermaloupe/src/") {
            list.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{panic}"));
        }
        before(panic);
    }));
    found
}

/// The folders of a soak: on a disk of its own where one is given.
struct Place {
    photos: PathBuf,
    models: PathBuf,
    data: PathBuf,
    out: PathBuf,
    settings: PathBuf,
}

impl Place {
    fn within(root: &Path) -> Self {
        let [photos, models, data, out] = ["photos", "models", "data", "out"].map(|name| root.join(name));
        for folder in [&photos, &models, &data, &out] {
            std::fs::create_dir(folder).expect("a folder");
        }
        // Sound, but gives another size than its card says, which every engine refuses.
        add_network(&models, "broken", |card| card["output"]["height"] = 64.into());
        Self { photos, models, data, out, settings: root.join("settings.json") }
    }

    fn open(&self) -> Bench {
        Bench::with_settings_and(&self.settings, |options| {
            options.paths = vec![self.photos.clone()];
            options.models = Some(self.models.clone());
            options.data = Some(self.data.clone());
            options.language = Some(Language::English);
        })
    }
}

fn number(variable: &str) -> Option<u32> {
    Some(std::env::var(variable).ok()?.parse().expect("a number"))
}

#[test]
fn whatever_goes_wrong_around_it_the_window_goes_on_and_keeps_what_was_decided() {
    let Some(steps) = number("DERMALOUPE_SOAK_STEPS") else {
        return println!("not run: it takes minutes; tests/load/soak.sh runs it");
    };
    if !is_alone("soak::whatever_goes_wrong_around_it_the_window_goes_on_and_keeps_what_was_decided") {
        return;
    }
    let seed = number("DERMALOUPE_SOAK_SEED").unwrap_or(20_261_126);
    let disk = std::env::var_os("DERMALOUPE_SOAK_DISK").map(PathBuf::from);
    let folder = tempfile::tempdir_in(disk.clone().unwrap_or_else(std::env::temp_dir)).expect("a folder");
    let place = Place::within(folder.path());
    let (panics, started) = (own_panics(), Instant::now());
    let mut dice = Dice(u64::from(seed));
    let mut faults = Faults::among(&place.photos, disk.is_some());
    let mut player = Player::new(&place.out, &place.photos);
    let mut bench = place.open();
    let mut resident = Vec::new();
    for step in 0..steps {
        if dice.below(12) == 0 {
            faults.strike(&mut dice);
        }
        let begun = Instant::now();
        let commands = player.next(&mut dice, bench.state());
        let words = format!("{commands:?}");
        for command in commands {
            bench.harness.state_mut().send(command);
            bench.step();
        }
        if dice.below(3) > 0 {
            bench.settle();
        }
        if begun.elapsed().as_secs() > 10 {
            println!("step {step}: {:.0} s for {words:.200}, {:?}", begun.elapsed().as_secs_f64(), faults.active());
        }
        let notices = bench.notice();
        assert!(!notices.contains("nternal error"), "seed {seed}, step {step}: {words}: {notices}");
        if step % ROUND == ROUND - 1 {
            faults.heal();
            bench.settle();
            resident.push((f64::from(step), resident_kib() as f64));
            if step % (10 * ROUND) == 10 * ROUND - 1 {
                println!(
                    "{} steps in {:.0} s, {} MiB, faults so far: {:?}",
                    step + 1,
                    started.elapsed().as_secs_f64(),
                    resident_kib() / 1024,
                    faults.counts()
                );
            }
            if step / ROUND % LIFE == LIFE - 1 {
                drop(bench.close());
                bench = place.open();
            }
        }
        let panics = panics.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(panics.is_empty(), "seed {seed}, step {step}: {words}: {panics:?}");
    }
    faults.heal();
    for change in [ReviewChange::Retry, ReviewChange::Decide(ReviewState::Unsure), ReviewChange::SaveNote] {
        bench.send(Command::Review(change));
    }
    bench.send(Command::Measure(MeasureChange::SaveAgain));
    drop(bench.close());
    let home = RecordsLocation::of_folder(&place.photos, Some(&place.data));
    let found = home.read();
    // A decision that found no room for the list stands in the log; the window said so before it was closed.
    let is_told = |fault: &RecordsFault| matches!(fault, RecordsFault::Disagrees { .. });
    assert!(found.faults.iter().all(is_told), "seed {seed}: {:?}", found.faults);
    assert!(!found.list.photos.is_empty(), "somebody decided");
    let slope = slope(&resident[resident.len() / 3..]);
    println!(
        "seed {seed}: {steps} steps in {:.0} s, faults {:?}, {} photographs with a record, {slope:.2} KiB a step, {} MiB",
        started.elapsed().as_secs_f64(),
        faults.counts(),
        found.list.photos.len(),
        resident_kib() / 1024
    );
    assert!(steps < STEPS_FOR_A_SLOPE || slope < MOST_SLOPE, "memory grows by {slope:.1} KiB a step");
}

/// Of the line of least squares.
pub(crate) fn slope(points: &[(f64, f64)]) -> f64 {
    let count = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let product: f64 = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
    let square: f64 = points.iter().map(|point| (point.0 - x).powi(2)).sum();
    product / square
}
