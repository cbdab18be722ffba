//! Thumbnails for the filmstrip: the square in the middle of each photo, the one that was asked for last first.

use std::collections::HashSet;
use std::path::PathBuf;

use eframe::egui::ColorImage;

use crate::app::background::{Keyed, Outbox, Precedence, Task};
use crate::decode::{self, DecodeError, DecodeErrorKind};
use crate::display::Profile;
use crate::inference::preprocess;
use crate::photo::Photo;

/// Side of a thumbnail's picture in pixels: enough for a screen of two pixels a point.
const SIDE: u32 = 168;

/// As many wait as fit on a tall screen, twice. Older ones are forgotten, and asked for again when scrolled to.
pub const PRECEDENCE: Precedence = Precedence::Latest { most: 48 };

/// A thumbnail: the picture, or why there is none.
pub type Thumbnail = Result<ColorImage, String>;

impl Keyed for PathBuf {
    type Key = Self;

    fn key(&self) -> Self {
        self.clone()
    }
}

/// The task: a photo's path becomes its thumbnail.
#[derive(Debug, Default)]
pub struct ThumbnailTask {
    under_way: Option<PathBuf>,
    /// Photos that ended in a panic: asked for again with every frame, they fail without another try.
    broken: HashSet<PathBuf>,
}

impl Task for ThumbnailTask {
    type Request = PathBuf;
    type Outcome = (PathBuf, Thumbnail);

    fn run(&mut self, path: PathBuf, out: &Outbox<'_, (PathBuf, Thumbnail)>) -> Option<PathBuf> {
        self.under_way = Some(path.clone());
        let thumbnail = if self.broken.contains(&path) {
            Err(DecodeError { path: path.clone(), kind: DecodeErrorKind::Panicked }.to_string())
        } else {
            decode::photo_file(&path).map(|photo| square(&photo)).map_err(|error| error.to_string())
        };
        out.send((path, thumbnail));
        None
    }

    fn recover(&mut self) {
        self.broken.extend(self.under_way.take());
    }
}

/// The largest centred square of the photo, reduced to [`SIDE`].
fn square(photo: &Photo) -> ColorImage {
    let side = photo.width().min(photo.height());
    let (left, top) = ((photo.width() - side) / 2, (photo.height() - side) / 2);
    let stride = photo.width() as usize * 3;
    let mut rgb = Vec::with_capacity(side as usize * side as usize * 3);
    for row in top..top + side {
        let start = row as usize * stride + left as usize * 3;
        rgb.extend_from_slice(&photo.rgb()[start..start + side as usize * 3]);
    }
    let cropped = Photo::from_rgb(side, side, rgb, photo.source.clone());
    let size = SIDE.min(side);
    let mut rgb = preprocess::squash(&cropped, size, size);
    if let Some(to_srgb) = Profile::of(&photo.profile).to_srgb() {
        to_srgb.apply(&mut rgb);
    }
    ColorImage::from_rgb([size as usize; 2], &rgb)
}
