//! Writes what a package brings beside the program: man pages and shell completions, from the command line's own
//! definitions, so that they cannot differ. `packaging/build-deb.sh` runs it.
//!
//!     cargo run --example packaging_files -- FOLDER
#![allow(clippy::disallowed_methods, reason = "what it writes is our own")]

use std::path::PathBuf;

use anyhow::Context as _;
use clap::CommandFactory as _;
use clap_complete::Shell;
use dermaloupe::cli::Arguments;

fn main() -> anyhow::Result<()> {
    let folder = PathBuf::from(std::env::args_os().nth(1).context("give the folder to write to")?);
    let man = folder.join("man");
    let completions = folder.join("completions");
    for folder in [&man, &completions] {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder: {}", folder.display()))?;
    }
    clap_mangen::generate_to(Arguments::command(), &man).context("cannot write the man pages")?;
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
        clap_complete::generate_to(shell, &mut Arguments::command(), "dermaloupe", &completions)
            .context("cannot write the completions")?;
    }
    Ok(())
}
