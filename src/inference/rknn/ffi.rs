//! The NPU's runtime, `librknnrt.so`, as C sees it, behind handles that cannot be misused. The only file tree of the
//! program with `unsafe` in it for the NPU: layouts, the library opened at run time, contexts, tensor memory.
//!
//! The types enforce the runtime's rules: a [`Context`] is used by one thread at a time (Send, not Sync); each of the
//! two ways to pass tensors takes the context, so one context never uses both; memory on a context keeps it alive.
//! Layouts are those of version 2.3.2's header. Nothing here has run on an NPU yet.
#![allow(unsafe_code, reason = "a C library that is found at run time can be called in no other way")]

mod context;
mod layout;
mod library;
mod paths;

pub(super) use context::{Context, CoreMask, TensorQuery};
pub(super) use layout::{QuantType, TensorAttr, TensorFormat, TensorType, code};
pub(super) use library::{LibraryError, RknnRuntime};
pub(super) use paths::{GeneralPath, ZeroCopyPath};

/// A call of the runtime that did not return 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CallError {
    /// The function's name.
    pub(super) call: &'static str,
    /// What it returned, one of [`code`]; `None` where it returned 0 but left something unusable.
    pub(super) code: Option<i32>,
}

impl std::fmt::Display for CallError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.code {
            Some(code) => write!(f, "{} returned {code}, {}", self.call, code::words(code)),
            None => write!(f, "{} returned nothing usable", self.call),
        }
    }
}

/// Turns what a C function returned into a result.
fn checked(call: &'static str, returned: i32) -> Result<(), CallError> {
    if returned == code::OK { Ok(()) } else { Err(CallError { call, code: Some(returned) }) }
}
