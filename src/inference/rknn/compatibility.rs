//! Whether runtime, driver and toolkit are compatible, and which one to update if they are not.

use super::ffi::code;
use super::machine::DeviceState;
use super::reason::{RknnReason, RknnVersions};
use super::version::RuntimeVersion;

/// The oldest driver that the vendor's guide recommends.
const DRIVER: RuntimeVersion = RuntimeVersion([0, 9, 2]);

/// What is known about these three and the device.
#[derive(Clone, Debug, Default)]
pub(super) struct BoardFacts {
    pub(super) runtime: Option<RuntimeVersion>,
    pub(super) driver: Option<RuntimeVersion>,
    pub(super) toolkit: Option<RuntimeVersion>,
    pub(super) device: DeviceState,
}

impl BoardFacts {
    /// The versions as far as they are known.
    fn versions(&self) -> Box<RknnVersions> {
        let [runtime, driver, toolkit] =
            [self.runtime, self.driver, self.toolkit].map(|version| version.map(|version| version.to_string()));
        Box::new(RknnVersions { runtime, driver, toolkit })
    }

    /// Whether the runtime is older than the model, which the vendor does not support.
    pub(super) fn runtime_is_older(&self) -> Option<RknnReason> {
        let (runtime, toolkit) = self.runtime.zip(self.toolkit)?;
        let old = || RknnReason::RuntimeOld { runtime: runtime.to_string(), toolkit: toolkit.to_string() };
        (runtime < toolkit).then(old)
    }

    fn driver_is_old(&self) -> Option<RknnReason> {
        let driver = self.driver.filter(|&driver| driver < DRIVER)?;
        Some(RknnReason::DriverOld { driver: driver.to_string(), least: DRIVER.to_string() })
    }

    /// Why a model was not loaded, and what to do.
    pub(super) fn why_not_loaded(&self, returned: i32) -> RknnReason {
        match returned {
            code::PLATFORM_MISMATCH => RknnReason::OtherChip,
            code::MALLOC => RknnReason::NoMemory,
            code::DEVICE_MISMATCH => self.driver_is_old().unwrap_or_else(|| RknnReason::Mismatch(self.versions())),
            code::FAIL | code::DEVICE_UNAVAILABLE => {
                let device = self.device.fault().map(RknnReason::Device);
                let reason = device.or_else(|| self.why_model_refused(returned));
                reason.unwrap_or_else(|| RknnReason::Unknown(self.versions()))
            }
            code::MODEL_INVALID | code::PRECOMPILED_MODEL | code::OPTIMISATION_LEVEL => {
                self.why_model_refused(returned).unwrap_or_else(|| RknnReason::Damaged(self.versions()))
            }
            _ => RknnReason::Unknown(self.versions()),
        }
    }

    /// `Invalid RKNN model version` comes as -1 and as -6, so the versions are compared for both.
    fn why_model_refused(&self, returned: i32) -> Option<RknnReason> {
        let unavailable = returned == code::DEVICE_UNAVAILABLE;
        let by_version = if unavailable { None } else { self.runtime_is_older() };
        by_version.or_else(|| self.driver_is_old()).or_else(|| unavailable.then_some(RknnReason::NoAnswer))
    }

    /// Why a run failed, and what to do.
    pub(super) fn why_not_run(&self) -> RknnReason {
        let reason = self.driver_is_old().or_else(|| self.runtime_is_older());
        reason.unwrap_or_else(|| RknnReason::RunFailed(self.versions()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(runtime: &str, driver: &str, toolkit: &str) -> BoardFacts {
        let [runtime, driver, toolkit] = [runtime, driver, toolkit].map(RuntimeVersion::find);
        BoardFacts { runtime, driver, toolkit, device: DeviceState::default() }
    }

    #[test]
    fn what_is_too_old_is_named() {
        for returned in [code::FAIL, code::MODEL_INVALID] {
            let words = facts("1.5.0", "0.9.8", "2.5.0").why_not_loaded(returned).to_string();
            assert!(words.contains("runtime 1.5.0 is older") && words.contains("librknnrt.so to 2.5.0"), "{words}");
            let words = facts("2.5.0", "0.7.2", "2.5.0").why_not_loaded(returned).to_string();
            assert!(words.contains("driver 0.7.2") && words.contains("update the board's kernel"), "{words}");
        }
        assert!(
            facts("2.5.0", "0.9.8", "2.5.0").why_not_loaded(code::MODEL_INVALID).to_string().contains("damaged")
        );
        assert!(facts("2.5.0", "0.9.8", "2.5.0").why_not_loaded(code::FAIL).to_string().contains("RKNN_LOG_LEVEL"));
        assert!(facts("", "", "").why_not_loaded(code::FAIL).to_string().contains("runtime unknown"));
    }

    #[test]
    fn each_code_has_its_own_words() {
        let fitting = facts("2.5.0", "0.9.8", "2.5.0");
        let codes = [
            code::FAIL,
            code::DEVICE_UNAVAILABLE,
            code::MALLOC,
            code::MODEL_INVALID,
            code::DEVICE_MISMATCH,
            code::PLATFORM_MISMATCH,
        ];
        let mut words: Vec<String> = codes.iter().map(|&code| fitting.why_not_loaded(code).to_string()).collect();
        words.sort();
        words.dedup();
        assert_eq!(words.len(), codes.len(), "{words:?}");
    }

    #[test]
    fn a_device_that_cannot_be_opened_goes_before_versions() {
        let mut facts = facts("1.5.0", "0.9.8", "2.5.0");
        facts.device = DeviceState::Denied { path: "/dev/dri/renderD129".into(), group: "render".into() };
        let words = facts.why_not_loaded(code::FAIL).to_string();
        assert!(words.contains("group render") && words.ends_with("/dev/dri/renderD129"), "{words}");
    }
}
