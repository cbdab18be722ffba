//! [`GuardedReader`]: hands the bytes of a JPEG stream to zune-jpeg and notes where it stops to look at them.

use std::cell::Cell;

use zune_jpeg::zune_core::bytestream::{ZByteIoError, ZByteReaderTrait, ZCursor, ZSeekFrom};

use super::jpeg_stream::Guard;

/// What a decoder did with the guards.
#[derive(Debug, Default)]
pub(super) struct GuardReport {
    /// It ran through a guard: it needed more data than there are.
    pub(super) is_short: Cell<bool>,
    /// It stopped within a guard.
    pub(super) is_in_guard: Cell<bool>,
    /// Most bytes that it left before a guard.
    pub(super) left_over: Cell<usize>,
}

/// A reader of a stream with guards.
///
/// zune-jpeg reads coded data by single bytes that cannot fail and by four bytes; markers, when a scan or a restart interval
/// is done, by single bytes that can.
pub(super) struct GuardedReader<'a> {
    cursor: ZCursor<&'a [u8]>,
    guards: &'a [Guard],
    report: &'a GuardReport,
    is_after_ff: bool,
    is_looking: bool,
}

impl<'a> GuardedReader<'a> {
    pub(super) fn new(bytes: &'a [u8], guards: &'a [Guard], report: &'a GuardReport) -> Self {
        let cursor = ZCursor::new(bytes);
        Self { cursor, guards, report, is_after_ff: false, is_looking: false }
    }

    fn place(&mut self) -> usize {
        self.cursor.z_position().map_or(0, |place| place as usize)
    }

    /// The guard of the restart interval that `place` is in or directly behind.
    fn guard_at(&self, place: usize) -> Option<Guard> {
        let guard = self.guards.get(self.guards.partition_point(|guard| guard.to < place))?;
        (guard.begin <= place).then_some(*guard)
    }

    /// The decoder is done with coded data and looks for a marker from here on.
    #[cold]
    fn looks_for_marker(&mut self) {
        let place = self.place();
        if let Some(guard) = self.guard_at(place) {
            self.report.left_over.set(self.report.left_over.get().max(guard.from.saturating_sub(place)));
        }
    }

    /// The decoder met a marker while it read coded data.
    #[cold]
    fn meets_marker(&mut self) {
        // Both bytes of the marker are read.
        let marker = self.place().saturating_sub(2);
        if self.guard_at(marker).is_some_and(|guard| guard.to == marker) {
            self.report.is_short.set(true);
        }
    }
}

impl Drop for GuardedReader<'_> {
    fn drop(&mut self) {
        // It failed on a guard, or before one.
        let place = self.place();
        self.report.is_in_guard.set(self.guard_at(place).is_some_and(|guard| guard.from < place));
    }
}

impl ZByteReaderTrait for GuardedReader<'_> {
    #[inline(always)]
    fn read_byte_no_error(&mut self) -> u8 {
        self.is_looking = false;
        let byte = self.cursor.read_byte_no_error();
        if self.is_after_ff && byte != 0 && byte != 0xFF {
            self.meets_marker();
        }
        self.is_after_ff = byte == 0xFF;
        byte
    }

    #[inline(always)]
    fn read_exact_bytes(&mut self, buf: &mut [u8]) -> Result<(), ZByteIoError> {
        let is_single = buf.len() == 1;
        if is_single && !self.is_looking {
            self.looks_for_marker();
        }
        self.is_looking = is_single;
        self.cursor.read_exact_bytes(buf)
    }

    #[inline(always)]
    fn read_bytes(&mut self, buf: &mut [u8]) -> Result<usize, ZByteIoError> {
        self.cursor.read_bytes(buf)
    }

    fn peek_bytes(&mut self, buf: &mut [u8]) -> Result<usize, ZByteIoError> {
        self.cursor.peek_bytes(buf)
    }

    fn peek_exact_bytes(&mut self, buf: &mut [u8]) -> Result<(), ZByteIoError> {
        self.cursor.peek_exact_bytes(buf)
    }

    #[inline(always)]
    fn z_seek(&mut self, from: ZSeekFrom) -> Result<u64, ZByteIoError> {
        self.is_after_ff = false;
        self.cursor.z_seek(from)
    }

    #[inline(always)]
    fn is_eof(&mut self) -> Result<bool, ZByteIoError> {
        self.cursor.is_eof()
    }

    fn z_position(&mut self) -> Result<u64, ZByteIoError> {
        self.cursor.z_position()
    }

    fn read_remaining(&mut self, sink: &mut Vec<u8>) -> Result<usize, ZByteIoError> {
        self.cursor.read_remaining(sink)
    }
}
