//! The folders that the system gives this program.

use std::path::PathBuf;

use directories::BaseDirs;

/// For data that stays: networks, ONNX Runtime, records of photographs in folders that cannot be written to.
#[must_use]
pub fn data() -> Option<PathBuf> {
    BaseDirs::new().map(|folders| folders.data_dir().join("dermaloupe"))
}

/// For settings.
#[must_use]
pub fn settings() -> Option<PathBuf> {
    BaseDirs::new().map(|folders| folders.preference_dir().join("dermaloupe"))
}

/// The person's own folder.
#[must_use]
pub fn home() -> Option<PathBuf> {
    BaseDirs::new().map(|folders| folders.home_dir().to_owned())
}

#[cfg(target_os = "linux")]
#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// What the test below runs again, in other environments.
    #[test]
    fn folders_of_this_environment() {
        println!("[{}|{}]", data().unwrap().display(), settings().unwrap().display());
    }

    /// `data|settings` in an environment with these variables.
    fn folders_with(variables: &[(&str, &str)]) -> String {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "folders::tests::folders_of_this_environment", "--nocapture"]);
        command.env("HOME", "/home/somebody").env_remove("XDG_DATA_HOME").env_remove("XDG_CONFIG_HOME");
        let output = command.envs(variables.iter().copied()).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let (_, rest) = said.split_once('[').unwrap();
        rest.split_once(']').unwrap().0.to_owned()
    }

    #[test]
    fn the_folders_are_those_of_the_environment_if_absolute_and_else_those_of_home() {
        let of_home = "/home/somebody/.local/share/dermaloupe|/home/somebody/.config/dermaloupe";
        assert_eq!(folders_with(&[]), of_home);
        let set = [("XDG_DATA_HOME", "/data"), ("XDG_CONFIG_HOME", "/config")];
        assert_eq!(folders_with(&set), "/data/dermaloupe|/config/dermaloupe");
        assert_eq!(folders_with(&[("XDG_DATA_HOME", "data"), ("XDG_CONFIG_HOME", "./config")]), of_home);
        assert_eq!(folders_with(&[("XDG_DATA_HOME", ""), ("XDG_CONFIG_HOME", "")]), of_home);
    }
}
