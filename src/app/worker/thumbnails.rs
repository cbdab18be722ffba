//! Thumbnails for the filmstrip, made on a thread of their own, the latest wish first.

use std::collections::{HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use eframe::egui::ColorImage;

use crate::decode;
use crate::display::Profile;
use crate::inference::preprocess;
use crate::photo::Photo;

/// Side of a thumbnail's picture in pixels: enough for a screen of two pixels a point.
const SIDE: u32 = 168;

/// Wishes kept: what fits on a tall screen, twice. Older ones are dropped, and asked for again when scrolled to.
const MOST_WISHES: usize = 48;

/// A thumbnail: the picture, or why there is none.
pub type Thumbnail = Result<ColorImage, String>;

#[derive(Default)]
struct Wishes {
    /// Newest last.
    list: VecDeque<PathBuf>,
    /// Those of the list, and those that are being made or not yet taken.
    pending: HashSet<PathBuf>,
    closed: bool,
}

/// Handle on the thumbnail thread; it ends when the handle is dropped.
pub struct Thumbnails {
    wishes: Arc<(Mutex<Wishes>, Condvar)>,
    made: crossbeam_channel::Receiver<(PathBuf, Thumbnail)>,
}

impl Thumbnails {
    /// Starts the thread; `wake` is called after each thumbnail.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(wake: impl Fn() + Send + 'static) -> std::io::Result<Self> {
        let wishes = Arc::new((Mutex::new(Wishes::default()), Condvar::new()));
        let (sender, made) = crossbeam_channel::bounded(MOST_WISHES);
        let inbox = Arc::clone(&wishes);
        std::thread::Builder::new().name("thumbnails".into()).spawn(move || {
            while let Some(path) = next_wish(&inbox) {
                let thumbnail = decode::photo_file(&path).map(|photo| square(&photo)).map_err(|e| e.to_string());
                if sender.send((path, thumbnail)).is_err() {
                    return;
                }
                wake();
            }
        })?;
        Ok(Self { wishes, made })
    }

    /// Asks for the thumbnail of `path`, unless that was done already.
    pub fn wish(&self, path: &Path) {
        let (lock, filled) = &*self.wishes;
        let mut wishes = lock.lock().unwrap_or_else(PoisonError::into_inner);
        if !wishes.pending.insert(path.to_owned()) {
            return;
        }
        wishes.list.push_back(path.to_owned());
        if wishes.list.len() > MOST_WISHES
            && let Some(oldest) = wishes.list.pop_front()
        {
            wishes.pending.remove(&oldest);
        }
        filled.notify_one();
    }

    /// The next thumbnail that is ready.
    #[must_use]
    pub fn poll(&self) -> Option<(PathBuf, Thumbnail)> {
        let (path, thumbnail) = self.made.try_recv().ok()?;
        self.wishes.0.lock().unwrap_or_else(PoisonError::into_inner).pending.remove(&path);
        Some((path, thumbnail))
    }
}

impl Thumbnails {
    /// Whether every thumbnail that was asked for has been taken.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.wishes.0.lock().unwrap_or_else(PoisonError::into_inner).pending.is_empty()
    }
}

impl Drop for Thumbnails {
    fn drop(&mut self) {
        let (lock, filled) = &*self.wishes;
        lock.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
        filled.notify_one();
    }
}

fn next_wish(inbox: &(Mutex<Wishes>, Condvar)) -> Option<PathBuf> {
    let mut wishes = inbox.0.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        if wishes.closed {
            return None;
        }
        if let Some(path) = wishes.list.pop_back() {
            return Some(path);
        }
        wishes = inbox.1.wait(wishes).unwrap_or_else(PoisonError::into_inner);
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
