//! What a person types of networks and engines, the same in every command.

use std::path::PathBuf;

use clap::Args;

use super::values::EngineName;
use crate::inference::{EngineOptions, RknnOptions};

/// Where networks and engines are looked for: the last options of every command that runs or lists them. They may stand
/// before the command, too.
#[derive(Args, Clone, Debug, Default, PartialEq)]
pub(super) struct PlaceArguments {
    /// Folder with more networks, each in a folder of its own with card.json
    #[arg(long, value_name = "DIR")]
    pub(super) models: Option<PathBuf>,
    /// Use this ONNX Runtime library, and no other
    #[arg(long, value_name = "PATH")]
    pub(super) onnxruntime: Option<PathBuf>,
    /// Use this librknnrt.so, the NPU's runtime, and no other
    #[arg(long, value_name = "PATH")]
    pub(super) rknn_runtime: Option<PathBuf>,
    /// Read /proc, /sys, /dev and /etc below this folder, to examine another system
    #[arg(long, value_name = "DIR", hide = true)]
    pub(super) system_root: Option<PathBuf>,
}

impl PlaceArguments {
    /// These, and those that stood before the command where it has none of its own.
    pub(super) fn or(self, before: &Self) -> Self {
        let of = |own: Option<PathBuf>, before: &Option<PathBuf>| own.or_else(|| before.clone());
        Self {
            models: of(self.models, &before.models),
            onnxruntime: of(self.onnxruntime, &before.onnxruntime),
            rknn_runtime: of(self.rknn_runtime, &before.rknn_runtime),
            system_root: of(self.system_root, &before.system_root),
        }
    }

    /// Where engines look for their libraries.
    pub(super) fn libraries(&self) -> EngineOptions {
        let system_root = self.system_root.clone().unwrap_or_else(|| PathBuf::from("/"));
        let rknn = RknnOptions { runtime: self.rknn_runtime.clone(), system_root, ..RknnOptions::default() };
        EngineOptions { onnxruntime: self.onnxruntime.clone(), rknn, one_thread: false }
    }
}

/// Which network in which engine.
#[derive(Args, Clone, Debug, Default, PartialEq)]
pub(super) struct NetworkArguments {
    /// Network to use, by its name in 'dermaloupe models'
    #[arg(long, value_name = "NAME")]
    pub(super) model: Option<String>,
    /// Engine that runs it; auto uses the fastest one that works here
    #[arg(long, value_enum, default_value = "auto")]
    pub(super) engine: EngineName,
}
