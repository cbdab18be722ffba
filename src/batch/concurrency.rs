//! How many photographs a batch processes in parallel: enough to keep cores and engines busy, within 80 % of the free
//! memory.

use std::path::Path;

use super::network::{Network, NetworkOptions};
use crate::free_memory::free_bytes;

/// Bytes of memory per pixel of a photograph in process. A JPEG of 12.2 megapixels took 12.6 at its peak, with mask,
/// overlay and probability map; as much again is for 16-bit files and for large files that are in memory beside their
/// pixels.
pub(super) const BYTES_A_PIXEL: u64 = 24;

/// Share of the free memory that a batch uses; the rest is for everything else on the machine.
const TAKEN: (u64, u64) = (4, 5);

/// Headers that are read to learn how large the photographs are: enough to include every camera of a folder, few enough
/// for a network share.
const HEADERS: usize = 64;

/// Assumed if no header could be read.
const USUAL_PIXELS: u64 = 12_000_000;

/// The concurrency for `photos`, of so many `pixels` each: as given by `--at-once`, or the automatic one.
pub(super) fn of(
    options: &NetworkOptions,
    network: &Network,
    photos: &[impl AsRef<Path>],
    pixels: impl Fn(&Path) -> Option<u64>,
) -> usize {
    let automatic = || automatic(free_bytes(), largest(photos, pixels), cores(), network.most_engines());
    let concurrency = options.concurrency.unwrap_or_else(automatic).clamp(1, photos.len().max(1));
    log::info!("{concurrency} photographs are processed in parallel");
    concurrency
}

/// Like [`of`], for one photograph of that many pixels.
pub(super) fn for_pixels(options: &NetworkOptions, network: &Network, pixels: u64) -> usize {
    options.concurrency.unwrap_or_else(|| automatic(free_bytes(), pixels, cores(), network.most_engines()))
}

/// Like [`of`], if no network runs.
pub(super) fn without_network(
    options: &NetworkOptions,
    photos: &[impl AsRef<Path>],
    pixels: impl Fn(&Path) -> Option<u64>,
) -> usize {
    let automatic = || automatic(free_bytes(), largest(photos, pixels), cores(), 0);
    let concurrency = options.concurrency.unwrap_or_else(automatic);
    concurrency.clamp(1, photos.len().max(1))
}

/// Cores of the processor that this process may use.
pub(super) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// One for each core, and one for each engine that cores wait for, as far as memory allows.
fn automatic(free_bytes: Option<u64>, pixels: u64, cores: usize, engines: usize) -> usize {
    let busy = cores + engines;
    let Some(free) = free_bytes else { return busy };
    let fitting = usable(free) / (pixels * BYTES_A_PIXEL).max(1);
    busy.min(usize::try_from(fitting).unwrap_or(usize::MAX)).max(1)
}

/// How many contexts of `bytes` each fit besides the one that is loaded, of `most` in all.
pub(super) fn contexts(free_bytes: Option<u64>, bytes: Option<u64>, most: usize) -> usize {
    let (Some(free), Some(bytes)) = (free_bytes, bytes.filter(|&bytes| bytes > 0)) else { return most };
    let fitting = usize::try_from(usable(free) / bytes).unwrap_or(usize::MAX);
    fitting.clamp(1, most.max(1))
}

/// The part of the free memory that a batch uses.
fn usable(free_bytes: u64) -> u64 {
    free_bytes / TAKEN.1 * TAKEN.0
}

/// Memory for all photographs of a batch together; `None` if the system does not report it.
pub(super) fn usable_bytes() -> Option<u64> {
    free_bytes().map(usable)
}

/// Pixels of the largest photograph, of all or of [`HEADERS`] spread over them.
fn largest(photos: &[impl AsRef<Path>], pixels: impl Fn(&Path) -> Option<u64>) -> u64 {
    let step = photos.len().div_ceil(HEADERS).max(1);
    let pixels = photos.iter().step_by(step).filter_map(|photo| pixels(photo.as_ref()));
    pixels.max().unwrap_or(USUAL_PIXELS)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIB: u64 = 1 << 30;

    #[test]
    fn with_memory_enough_cores_and_engines_are_busy() {
        assert_eq!(automatic(Some(16 * GIB), 12_000_000, 8, 3), 11);
        assert_eq!(automatic(Some(16 * GIB), 12_000_000, 2, 1), 3);
        assert_eq!(automatic(None, 12_000_000, 2, 1), 3);
    }

    #[test]
    fn a_fifth_of_memory_is_left_alone() {
        let photo = 10_000_000 * BYTES_A_PIXEL;
        // Five photos' worth free: four are taken.
        assert_eq!(automatic(Some(photo * 5), 10_000_000, 8, 3), 4);
        assert_eq!(automatic(Some(photo * 5 - 5), 10_000_000, 8, 3), 3);
    }

    #[test]
    fn as_many_contexts_are_made_as_four_fifths_of_the_memory_hold() {
        let context = 20 << 20;
        for (free, expected) in [(GIB, 3), (5 * context, 3), (3 * context, 2), (2 * context, 1), (0, 1)] {
            assert_eq!(contexts(Some(free), Some(context), 3), expected, "{free} bytes");
        }
        assert_eq!(contexts(None, Some(context), 3), 3, "a system that does not say");
        assert_eq!(contexts(Some(0), None, 3), 3, "a runtime that does not count");
    }

    #[test]
    fn one_photo_always_goes() {
        assert_eq!(automatic(Some(0), 100_000_000, 8, 3), 1);
        assert_eq!(automatic(Some(GIB), 0, 1, 1), 2);
    }

    #[test]
    fn the_largest_header_counts_and_no_photo_is_the_usual_one() {
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/sample");
        let photos = [sample.join("none.jpg"), sample.join("phantom.jpg"), sample.join("phantom2.jpg")];
        let pixels = |path: &Path| {
            [("phantom.jpg", 7), ("phantom2.jpg", 3)]
                .into_iter()
                .find(|(name, _)| path.ends_with(name))
                .map(|(_, pixels)| pixels)
        };
        assert_eq!(largest(&photos, pixels), 7);
        assert_eq!(largest(&photos[..1], pixels), USUAL_PIXELS);
    }
}
