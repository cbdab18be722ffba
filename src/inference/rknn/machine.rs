//! The machine as the system describes it below `/proc`, `/sys` and `/dev`: which board, the NPU's device and driver,
//! governors and frequencies. Tests use another root folder.

use std::path::{Path, PathBuf};

use super::reason::RknnDeviceFault;
use super::version::RuntimeVersion;
use crate::files::{self, FileKind};

/// What every RK3588 (and RK3588S) says in its device tree.
const COMPATIBLE: &str = "rockchip,rk3588";

/// The NPU's name among clocks.
const NPU: &str = "npu";

/// Where drivers report their version; which of these files exists and is readable differs from kernel to kernel.
const DRIVER_VERSION: [&str; 3] =
    ["sys/kernel/debug/rknpu/version", "proc/rknpu/version", "sys/module/rknpu/version"];

/// Whether the NPU's device can be opened, as far as that can be known without opening it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum DeviceState {
    /// It opens.
    Opens(PathBuf),
    /// No permission; members of this group have it.
    Denied { path: PathBuf, group: String },
    /// It cannot be opened for another reason.
    Fails { path: PathBuf, reason: String },
    /// No device node was recognised.
    #[default]
    NotSeen,
}

impl DeviceState {
    /// Why it cannot be used.
    pub(super) fn fault(&self) -> Option<RknnDeviceFault> {
        match self.clone() {
            Self::Opens(_) | Self::NotSeen => None,
            Self::Denied { path, group } => Some(RknnDeviceFault::Denied { group, path }),
            Self::Fails { path, reason } => Some(RknnDeviceFault::Fails { reason, path }),
        }
    }
}

/// A governor and the frequency it has chosen.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Clock {
    /// What it drives: `npu`, or a group of processor cores such as `policy0`.
    pub name: String,
    /// The governor.
    pub governor: String,
    /// Megahertz at this moment.
    pub mhz: u64,
    /// Up to how many megahertz it may go now; heat lowers this.
    pub allowed_mhz: Option<u64>,
    /// Megahertz that it is made for.
    pub most_mhz: Option<u64>,
}

impl Clock {
    /// Whether it drives the NPU.
    pub(super) fn is_npu(&self) -> bool {
        self.name == NPU
    }

    /// Whether its governor changes the frequency with the load.
    pub(super) fn wavers(&self) -> bool {
        !matches!(self.governor.as_str(), "performance" | "userspace")
    }
}

/// The machine below a folder, which is `/` except in tests.
#[derive(Clone, Debug)]
pub(super) struct Machine<'a> {
    root: &'a Path,
}

impl<'a> Machine<'a> {
    pub(super) fn at(root: &'a Path) -> Self {
        Self { root }
    }

    /// # Errors
    /// The machine's own description, if it has one.
    pub(super) fn is_rk3588(&self) -> Result<(), Option<String>> {
        let Ok(compatible) = files::read(&self.root.join("proc/device-tree/compatible"), FileKind::SystemFacts)
        else {
            return Err(None);
        };
        let text = String::from_utf8_lossy(&compatible).into_owned();
        let names: Vec<&str> = text.split(['\0', '\n']).filter(|name| !name.is_empty()).collect();
        let fits =
            names.iter().any(|name| name.strip_prefix(COMPATIBLE).is_some_and(|rest| matches!(rest, "" | "s")));
        if fits { Ok(()) } else { Err(Some(names.join(", "))) }
    }

    /// The NPU's device: a render node of the driver rknpu, or `/dev/rknpu` on older kernels.
    pub(super) fn device(&self) -> DeviceState {
        let Some(path) = self.render_node().or_else(|| Some(self.root.join("dev/rknpu")).filter(|p| p.exists()))
        else {
            return DeviceState::NotSeen;
        };
        #[allow(clippy::disallowed_methods, reason = "a device, to see whether it opens")]
        let opened = std::fs::OpenOptions::new().read(true).write(true).open(&path);
        match opened {
            Ok(_) => DeviceState::Opens(path),
            Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
                let group = files::group_of(&path, self.root);
                DeviceState::Denied { path, group }
            }
            Err(error) => DeviceState::Fails { path, reason: error.to_string() },
        }
    }

    /// The number of the node differs from board to board; its driver's name does not.
    fn render_node(&self) -> Option<PathBuf> {
        let entries = std::fs::read_dir(self.root.join("sys/class/drm")).ok()?;
        let mut names: Vec<_> = entries.flatten().map(|entry| entry.file_name()).collect();
        names.sort();
        let is_npu = |name: &std::ffi::OsString| {
            let about = self.root.join("sys/class/drm").join(name).join("device/uevent");
            name.to_string_lossy().starts_with("renderD")
                && files::read_text(&about, FileKind::SystemFacts)
                    .is_ok_and(|text| text.to_lowercase().contains("rknpu"))
        };
        names.into_iter().find(is_npu).map(|name| self.root.join("dev/dri").join(name))
    }

    /// The board's name, as its maker wrote it into the device tree.
    pub(super) fn board(&self) -> Option<String> {
        let text = files::read_text(&self.root.join("proc/device-tree/model"), FileKind::SystemFacts).ok()?;
        Some(text.trim_matches(['\0', '\n', ' ']).to_owned()).filter(|name| !name.is_empty())
    }

    /// The kernel's release.
    pub(super) fn kernel(&self) -> Option<String> {
        line(&self.root.join("proc/sys/kernel"), "osrelease")
    }

    /// The kernel driver's version, where it can be read.
    pub(super) fn driver(&self) -> Option<RuntimeVersion> {
        let read = |name: &&str| files::read_text(&self.root.join(name), FileKind::SystemFacts).ok();
        let texts = DRIVER_VERSION.iter().filter_map(read);
        texts.into_iter().find_map(|text| RuntimeVersion::find(&text))
    }

    /// Clocks of the NPU and the processor that can be read here.
    pub(super) fn clocks(&self) -> Vec<Clock> {
        let folder = self.root.join("sys/class/devfreq");
        let npus = names_below(&folder, |name| name.ends_with(".npu"));
        let npus = npus.into_iter().filter_map(|name| {
            let folder = folder.join(name);
            // Hertz here, kilohertz there.
            let mhz = |name: &str| Some(line(&folder, name)?.parse::<u64>().ok()? / 1_000_000);
            let offered = line(&folder, "available_frequencies").unwrap_or_default();
            let most = offered.split_whitespace().filter_map(|hertz| hertz.parse::<u64>().ok()).max();
            Some(Clock {
                name: NPU.into(),
                governor: line(&folder, "governor")?,
                mhz: mhz("cur_freq")?,
                allowed_mhz: mhz("max_freq"),
                most_mhz: most.map(|hertz| hertz / 1_000_000),
            })
        });
        let folder = self.root.join("sys/devices/system/cpu/cpufreq");
        let cores = names_below(&folder, |name| name.starts_with("policy"));
        let cores = cores.into_iter().filter_map(|name| {
            let folder = folder.join(&name);
            let mhz = |name: &str| Some(line(&folder, name)?.parse::<u64>().ok()? / 1000);
            Some(Clock {
                governor: line(&folder, "scaling_governor")?,
                mhz: mhz("scaling_cur_freq")?,
                allowed_mhz: mhz("scaling_max_freq"),
                most_mhz: mhz("cpuinfo_max_freq"),
                name,
            })
        });
        npus.chain(cores).collect()
    }
}

/// What lies in `folder` under a name that is wanted, sorted.
pub(super) fn names_below(folder: &Path, is_wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| is_wanted(name));
    names.sort();
    names
}

/// The line of a file of the kernel's.
pub(super) fn line(folder: &Path, name: &str) -> Option<String> {
    files::read_text(&folder.join(name), FileKind::SystemFacts).ok().map(|text| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn board(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = root.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        root
    }

    #[test]
    fn the_device_tree_names_the_board() {
        for (compatible, fits) in [
            ("radxa,rock-5b\0rockchip,rk3588\0", true),
            ("khadas,edge2\0rockchip,rk3588s\0", true),
            ("pine64,quartz64-a\0rockchip,rk3566\0", false),
            ("maker,thing\0rockchip,rk35889\0", false),
        ] {
            let root = board(&[("proc/device-tree/compatible", compatible)]);
            let answer = Machine::at(root.path()).is_rk3588();
            assert_eq!(answer.is_ok(), fits, "{answer:?}");
            assert!(fits || answer.unwrap_err().is_some_and(|name| name.contains("rockchip,rk35")));
        }
        let desktop = board(&[]);
        assert_eq!(Machine::at(desktop.path()).is_rk3588(), Err(None));
    }

    #[test]
    fn the_npus_node_is_found_among_others() {
        let root = board(&[
            ("sys/class/drm/renderD128/device/uevent", "DRIVER=panthor\n"),
            ("sys/class/drm/renderD129/device/uevent", "DRIVER=RKNPU\nOF_NAME=npu\n"),
            ("dev/dri/renderD128", ""),
            ("dev/dri/renderD129", ""),
        ]);
        let expected = root.path().join("dev/dri/renderD129");
        assert_eq!(Machine::at(root.path()).device(), DeviceState::Opens(expected));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn whoever_may_not_open_it_learns_the_group() {
        let root = board(&[
            ("sys/class/drm/renderD129/device/uevent", "DRIVER=RKNPU\n"),
            ("etc/group", "wheel:x:1:\nrender:x:0:\n"),
            ("dev/dri/renderD128", ""),
        ]);
        // Nobody, not even root, may write there.
        let node = root.path().join("dev/dri/renderD129");
        std::os::unix::fs::symlink("/proc/sys/kernel/ostype", &node).unwrap();
        let DeviceState::Denied { path, group } = Machine::at(root.path()).device() else { panic!("it is denied") };
        assert_eq!(path, node);
        use std::os::unix::fs::MetadataExt as _;
        if std::fs::symlink_metadata(&node).unwrap().gid() == 0 {
            assert_eq!(group, "render");
        }
    }

    #[test]
    fn clocks_and_driver_are_read_where_they_are() {
        let npu = "sys/class/devfreq/fdab0000.npu";
        let cpu = "sys/devices/system/cpu/cpufreq/policy4";
        let root = board(&[
            ("proc/device-tree/model", "Radxa ROCK 5B\0"),
            ("proc/sys/kernel/osrelease", "6.1.84-8-rk2410\n"),
            (&format!("{npu}/governor"), "rknpu_ondemand\n"),
            (&format!("{npu}/cur_freq"), "1000000000\n"),
            (&format!("{cpu}/scaling_governor"), "performance\n"),
            (&format!("{cpu}/scaling_cur_freq"), "2256000\n"),
            ("sys/kernel/debug/rknpu/version", "RKNPU driver: v0.9.8\n"),
        ]);
        let machine = Machine::at(root.path());
        assert_eq!(machine.driver(), Some(RuntimeVersion([0, 9, 8])));
        assert_eq!(machine.board().as_deref(), Some("Radxa ROCK 5B"));
        assert_eq!(machine.kernel().as_deref(), Some("6.1.84-8-rk2410"));
        let clocks: Vec<String> =
            machine.clocks().iter().map(|c| format!("{} {} {}", c.name, c.governor, c.mhz)).collect();
        assert_eq!(clocks, ["npu rknpu_ondemand 1000", "policy4 performance 2256"]);
    }
}
