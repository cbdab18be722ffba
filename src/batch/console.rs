//! The output of a batch: rows on stdout, failures on stderr (one line each), a progress bar on a terminal.

use std::borrow::Cow;
use std::fmt::Display;
use std::io::{self, Write};
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::terminal::{shown, shown_lines};

/// Stdout, stderr and the bar between them.
pub(super) struct Console {
    bar: ProgressBar,
    failed: u64,
    complaints: u64,
    /// Nobody reads stdout any more.
    is_closed: bool,
}

impl Console {
    /// For a batch of `total` photos. The bar is on stderr, and only if stderr is a terminal.
    pub(super) fn new(total: usize) -> Self {
        let bar = if total > 1 { ProgressBar::new(total as u64) } else { ProgressBar::hidden() };
        let style =
            ProgressStyle::with_template("{bar:30} {pos}/{len}  {eta} left").expect("the template is valid");
        bar.set_style(style);
        Self { bar, failed: 0, complaints: 0, is_closed: false }
    }

    /// Prints a row, on one line. If the reader of stdout has left, as `head` does, the work goes on, since what it is
    /// for are files; that rows are missing counts for the exit code.
    pub(super) fn row(&mut self, text: &str) -> io::Result<()> {
        self.lines(&shown(text))
    }

    /// As [`Self::row`], of several lines.
    pub(super) fn lines(&mut self, text: &str) -> io::Result<()> {
        if self.is_closed {
            return Ok(());
        }
        match self.bar.suspend(|| print_line(text)) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.is_closed = true;
                self.complaint(CLOSED);
                Ok(())
            }
            result => result,
        }
    }

    /// Reports an input that failed, and counts it.
    pub(super) fn failure(&mut self, message: impl Display) {
        self.failed += 1;
        self.bar.suspend(|| print_error(&message.to_string()));
    }

    /// Reports what is wrong beside the inputs: the exit code counts it, the number of failed inputs does not.
    pub(super) fn complaint(&mut self, message: impl Display) {
        self.complaints += 1;
        self.bar.suspend(|| print_error(&message.to_string()));
    }

    /// Says something that is no failure.
    pub(super) fn warning(&self, message: impl Display) {
        self.bar.suspend(|| print_error(&format!("warning: {message}")));
    }

    /// Says why a photo that was done may be damaged, a line each; `place` is its path or id.
    pub(super) fn photo_warnings(&self, place: impl Display, warnings: &[String]) {
        for warning in warnings {
            self.warning(format!("{warning}: {place}"));
        }
    }

    /// Reports an input that failed, and prints its row if rows are JSON.
    pub(super) fn failure_of(&mut self, file: &Path, message: &impl Display, is_json: bool) -> io::Result<()> {
        self.failure(message);
        if is_json {
            let error = one_line(&message.to_string());
            self.row(&json(&FailureRow { file: file.to_string_lossy(), error }))?;
        }
        Ok(())
    }

    /// Counts one more input as done, whether it succeeded or not.
    pub(super) fn step(&self) {
        self.bar.inc(1);
    }

    /// How many inputs failed so far.
    pub(super) fn failed(&self) -> u64 {
        self.failed
    }

    /// Whether no input failed and nothing else was wrong.
    pub(super) fn all_went_well(&self) -> bool {
        self.failed == 0 && self.complaints == 0
    }

    /// Removes the bar.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// What is said when the rest of the output has no reader.
const CLOSED: &str = "stdout was closed before everything was printed; continuing without rows";

/// Prints text to stdout; a closed pipe is an error, not a panic.
pub(super) fn print_line(text: &str) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{}", shown_lines(text))
}

/// Prints a line to stderr. One that nobody reads is lost: there is nowhere else to say so.
fn print_error(message: &str) {
    let _ = writeln!(io::stderr().lock(), "dermaloupe: {}", shown(&one_line(message)));
}

/// A row as JSON, its keys in alphabetical order. NaN and infinity become null.
pub(super) fn json(row: &impl Serialize) -> String {
    serde_json::to_value(row).expect("plain data becomes JSON").to_string()
}

/// A figure as JSON writes it, for a cell; NaN and infinity leave the cell empty.
pub(super) fn number(value: f64) -> String {
    serde_json::Number::from_f64(value).map(|number| number.to_string()).unwrap_or_default()
}

/// The JSON row of an input that failed.
#[derive(Serialize)]
struct FailureRow<'a> {
    file: Cow<'a, str>,
    error: String,
}

/// A library's message may span several lines; ours are one line each.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
