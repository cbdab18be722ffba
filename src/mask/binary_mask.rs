//! [`Mask`]: which pixels of a photo are lesion, as pixels or as runs of them.

use std::borrow::Cow;
use std::sync::OnceLock;

use memchr::memchr;

/// Columns `from..to` of row `y`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RowRun {
    pub(crate) y: u32,
    pub(crate) from: u32,
    pub(crate) to: u32,
}

impl RowRun {
    /// Number of pixels.
    pub(crate) fn length(self) -> u64 {
        u64::from(self.to - self.from)
    }
}

/// Which pixels of a photo are lesion. Always at the photo's own size.
///
/// A mask that was made of runs is kept as runs, which are some thousands in a photo of 12 megapixels; its pixels are made
/// once somebody asks for them.
#[derive(Clone, Debug)]
pub struct Mask {
    width: u32,
    height: u32,
    form: Form,
}

#[derive(Clone, Debug)]
enum Form {
    /// One byte a pixel, row by row: 1 is lesion, 0 is not.
    Pixels(Vec<u8>),
    /// Runs of lesion without a break, in reading order; and the pixels, once they were asked for.
    Runs(Vec<RowRun>, OnceLock<Vec<u8>>),
}

impl Mask {
    /// For tests: a mask drawn in rows of text, where `#` is lesion.
    #[cfg(test)]
    pub(crate) fn drawn(rows: &[&str]) -> Self {
        let pixels = rows.iter().flat_map(|row| row.bytes().map(|byte| u8::from(byte == b'#'))).collect();
        Self::new(rows[0].len() as u32, rows.len() as u32, pixels)
    }

    /// Wraps `pixels`, one byte a pixel, row by row: 0 is background, anything else lesion.
    ///
    /// # Panics
    /// When the length does not fit the size.
    #[must_use]
    pub fn new(width: u32, height: u32, mut pixels: Vec<u8>) -> Self {
        assert_eq!(pixels.len(), width as usize * height as usize, "one byte a pixel");
        for pixel in &mut pixels {
            *pixel = u8::from(*pixel != 0);
        }
        Self { width, height, form: Form::Pixels(pixels) }
    }

    /// A mask of `[width, height]` whose lesion are `runs`: in reading order, none of them empty or beside another.
    pub(crate) fn of_runs([width, height]: [u32; 2], runs: Vec<RowRun>) -> Self {
        debug_assert!(
            runs.iter().all(|run| run.from < run.to && run.to <= width && run.y < height),
            "within the mask"
        );
        debug_assert!(
            runs.is_sorted_by(|one, next| one.y < next.y || one.y == next.y && one.to < next.from),
            "in reading order, with background between them"
        );
        Self { width, height, form: Form::Runs(runs, OnceLock::new()) }
    }

    /// A mask of `[width, height]` without lesion.
    #[must_use]
    pub fn empty(size: [u32; 2]) -> Self {
        Self::of_runs(size, Vec::new())
    }

    /// A mask from 8-bit grey values: foreground above 128, as the scorer of the ISIC challenge reads one. Masks in files are
    /// read by [`crate::decode::ReferenceMask`].
    ///
    /// # Panics
    /// When the length does not fit the size.
    #[must_use]
    pub fn from_grey(width: u32, height: u32, mut grey: Vec<u8>) -> Self {
        for value in &mut grey {
            *value = u8::from(*value > 128);
        }
        Self::new(width, height, grey)
    }

    /// `[width, height]` in pixels.
    #[must_use]
    pub fn size(&self) -> [u32; 2] {
        [self.width, self.height]
    }

    /// One byte a pixel, row by row: 1 is lesion, 0 is not.
    #[must_use]
    pub fn pixels(&self) -> &[u8] {
        match &self.form {
            Form::Pixels(pixels) => pixels,
            Form::Runs(runs, pixels) => pixels.get_or_init(|| painted(runs, self.size())),
        }
    }

    /// The pixels alone, as [`Self::pixels`].
    pub(crate) fn into_pixels(mut self) -> Vec<u8> {
        std::mem::take(self.pixels_kept())
    }

    /// The pixels, to be changed: only 0 and 1 may be written.
    pub(crate) fn pixels_mut(&mut self) -> &mut [u8] {
        self.pixels_kept()
    }

    /// Makes all pixels of `run` lesion (1) or background (0).
    pub(crate) fn set_run(&mut self, run: RowRun, value: u8) {
        let start = run.y as usize * self.width as usize;
        self.pixels_mut()[start + run.from as usize..start + run.to as usize].fill(value);
    }

    /// The pixels, which alone are kept from now on.
    fn pixels_kept(&mut self) -> &mut Vec<u8> {
        let size = self.size();
        if let Form::Runs(runs, pixels) = &mut self.form {
            let pixels = pixels.take().unwrap_or_else(|| painted(runs, size));
            self.form = Form::Pixels(pixels);
        }
        match &mut self.form {
            Form::Pixels(pixels) => pixels,
            Form::Runs(..) => unreachable!("pixels were made of them"),
        }
    }

    /// The lesion's runs, in reading order, with background between those of one row.
    pub(crate) fn runs(&self) -> Cow<'_, [RowRun]> {
        match &self.form {
            Form::Pixels(pixels) => Cow::Owned(runs_of(pixels, self.width)),
            Form::Runs(runs, _) => Cow::Borrowed(runs),
        }
    }

    /// The background's runs, in reading order, with lesion between those of one row.
    pub(crate) fn background_runs(&self) -> Vec<RowRun> {
        let runs = self.runs();
        (0..)
            .zip(rows_of(&runs, self.height))
            .flat_map(|(y, row)| gaps(row, RowRun { y, from: 0, to: self.width }))
            .collect()
    }

    /// Whether the pixel is lesion; outside the mask it is not.
    #[must_use]
    pub fn is_set(&self, x: u32, y: u32) -> bool {
        x < self.width && y < self.height && self.pixels()[y as usize * self.width as usize + x as usize] == 1
    }

    /// Number of lesion pixels.
    #[must_use]
    pub fn area_px(&self) -> u64 {
        self.runs().iter().map(|run| run.length()).sum()
    }

    /// Whether no pixel is lesion.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match &self.form {
            Form::Pixels(pixels) => memchr(1, pixels).is_none(),
            Form::Runs(runs, _) => runs.is_empty(),
        }
    }
}

impl PartialEq for Mask {
    fn eq(&self, other: &Self) -> bool {
        let is_alike = || match (&self.form, &other.form) {
            (Form::Runs(one, _), Form::Runs(other, _)) => one == other,
            _ => self.pixels() == other.pixels(),
        };
        self.size() == other.size() && is_alike()
    }
}

impl Eq for Mask {}

/// The runs of each of `height` rows, also of those without any.
pub(crate) fn rows_of(mut runs: &[RowRun], height: u32) -> impl Iterator<Item = &[RowRun]> {
    (0..height).map(move |y| {
        let here = runs.iter().take_while(|run| run.y == y).count();
        let (row, behind) = runs.split_at(here);
        runs = behind;
        row
    })
}

/// What is left of `within` without the runs of its row `row`, from the left.
pub(crate) fn gaps(row: &[RowRun], within: RowRun) -> impl Iterator<Item = RowRun> {
    let RowRun { y, from, to } = within;
    let begins = std::iter::once(from).chain(row.iter().map(|run| run.to));
    let ends = row.iter().map(|run| run.from).chain([to]);
    begins.zip(ends).filter(|(from, to)| from < to).map(move |(from, to)| RowRun { y, from, to })
}

/// The columns `[from, to]` that are in runs of both rows, from the left.
pub(crate) fn shared_columns(one: &[RowRun], other: &[RowRun]) -> impl Iterator<Item = [u32; 2]> {
    let (mut one, mut other) = (one.iter().peekable(), other.iter().peekable());
    std::iter::from_fn(move || {
        loop {
            let (first, second) = (*one.peek()?, *other.peek()?);
            if first.to < second.to {
                one.next()
            } else {
                other.next()
            };
            let (from, to) = (first.from.max(second.from), first.to.min(second.to));
            if from < to {
                return Some([from, to]);
            }
        }
    })
}

fn painted(runs: &[RowRun], [width, height]: [u32; 2]) -> Vec<u8> {
    let mut pixels = vec![0; width as usize * height as usize];
    for run in runs {
        pixels[run.y as usize * width as usize..][run.from as usize..run.to as usize].fill(1);
    }
    pixels
}

fn runs_of(pixels: &[u8], width: u32) -> Vec<RowRun> {
    let mut runs = Vec::new();
    for (y, row) in (0..).zip(pixels.chunks(width.max(1) as usize)) {
        let mut from = 0;
        while let Some(background) = memchr(1, &row[from..]) {
            from += background;
            let to = memchr(0, &row[from..]).map_or(row.len(), |length| from + length);
            runs.push(RowRun { y, from: from as u32, to: to as u32 });
            from = to;
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Masks as pixels, with empty rows, full rows, single pixels and ends of rows that meet.
    fn drawings() -> Vec<Mask> {
        let drawn = [
            &["....", "...."][..],
            &["####", "####"],
            &["#..#", "....", "#.#.", "..##"],
            &["...#", "#...", "####", ".##."],
            &["#"],
            &["."],
            &["#", ".", "#"],
        ];
        drawn.iter().map(|rows| Mask::drawn(rows)).collect()
    }

    #[test]
    fn a_mask_of_runs_is_the_mask_of_their_pixels() {
        for of_pixels in drawings() {
            let of_runs = Mask::of_runs(of_pixels.size(), of_pixels.runs().into_owned());
            assert_eq!(of_runs.pixels(), of_pixels.pixels());
            assert_eq!((of_runs.area_px(), of_runs.is_empty()), (of_pixels.area_px(), of_pixels.is_empty()));
            assert_eq!(of_runs.background_runs(), of_pixels.background_runs());
            assert_eq!((&of_runs, &of_pixels), (&of_pixels, &of_runs));
            assert_eq!(of_runs, of_runs.clone());
            assert_eq!(of_runs.clone().into_pixels(), of_pixels.pixels());
            let count = of_pixels.pixels().iter().filter(|&&pixel| pixel == 1).count();
            assert_eq!(of_runs.area_px(), count as u64);
        }
    }

    #[test]
    fn lesion_and_background_are_all_pixels() {
        for mask in drawings() {
            let of_background = Mask::of_runs(mask.size(), mask.background_runs());
            let both = mask.pixels().iter().zip(of_background.pixels()).map(|(one, other)| one + other);
            assert!(both.eq(mask.pixels().iter().map(|_| 1)), "{mask:?}");
        }
    }

    #[test]
    fn what_is_changed_counts_in_every_form() {
        let mut mask = Mask::of_runs([3, 2], vec![RowRun { y: 1, from: 0, to: 2 }]);
        assert_eq!(mask.pixels(), [0, 0, 0, 1, 1, 0]);
        mask.pixels_mut()[2] = 1;
        assert_eq!(mask, Mask::drawn(&["..#", "##."]));
        assert_eq!((mask.area_px(), mask.runs().len()), (3, 2));
        assert_ne!(mask, Mask::of_runs([3, 2], vec![RowRun { y: 1, from: 0, to: 2 }]));
        assert_ne!(Mask::empty([2, 3]), Mask::empty([3, 2]));
    }

    #[test]
    fn reference_masks_are_foreground_above_128() {
        assert_eq!(Mask::from_grey(3, 1, vec![128, 129, 255]).pixels(), [0, 1, 1]);
    }
}
