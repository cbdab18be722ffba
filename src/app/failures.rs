//! Errors in words. Each says itself: `error.message()`.

use std::io;

use crate::decode::DecodeError;
use crate::files::WriteError;
use crate::inference::{CardError, EngineError, InferenceError, ManyRecommended};
use crate::language::{Value, Words};
use crate::records::{RecordsError, RecordsFault};
use crate::report::PdfError;

pub(super) fn system(error: &io::Error) -> Value {
    error.into()
}

pub(super) fn decode(error: &DecodeError) -> Words {
    error.message()
}

pub(super) fn write(error: &WriteError) -> Words {
    error.message()
}

pub(super) fn records(error: &RecordsError) -> Words {
    error.message()
}

pub(super) fn complaint(fault: &RecordsFault) -> Words {
    fault.message()
}

pub(super) fn pdf(error: &PdfError) -> Words {
    error.message()
}

pub(super) fn many_recommended(many: &ManyRecommended) -> Words {
    many.message()
}

pub(super) fn run(error: &InferenceError) -> Words {
    error.message()
}

pub(super) fn engine(error: &EngineError) -> Words {
    error.message()
}

pub(super) fn card(error: &CardError) -> Words {
    error.message()
}
