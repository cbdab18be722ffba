//! The photo's own pixels for a closer look: square tiles in the screen's colours, cut on a thread of their own when
//! they come into sight, the latest wish first.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use crossbeam_channel::{Receiver, Sender};
use eframe::egui::{self, ColorImage, Pos2, Rect, pos2};

use super::Window;
use crate::display::ToSrgb;
use crate::photo::Photo;

/// Photo pixels a tile is long and wide, without the border it shares with its neighbours.
pub const TILE_SIDE: u32 = 1024;

/// Tiles put on the graphics card in one frame: each is 4 MB.
const TILES_A_FRAME: usize = 2;

/// Tiles that may be ready and not yet taken.
const MOST_READY: usize = 4;

/// Column and row of a tile.
pub type Place = (u32, u32);

#[derive(Clone)]
struct Shown {
    photo: Arc<Photo>,
    to_srgb: Option<ToSrgb>,
}

#[derive(Default)]
struct Wishes {
    shown: Option<Shown>,
    /// Counts photos, so that no tile of an older one lands.
    token: u64,
    /// Newest last.
    list: VecDeque<Place>,
    /// Those of the list, and those that are being cut or not yet taken.
    pending: HashSet<Place>,
    is_closed: bool,
}

type Inbox = Arc<(Mutex<Wishes>, Condvar)>;

/// Handle on the thread; it ends when the handle is dropped.
pub struct Tiles {
    wishes: Inbox,
    made: Receiver<(u64, Place, ColorImage)>,
}

impl Tiles {
    /// Starts the thread; `wake` is called after each tile.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(wake: impl Fn() + Send + 'static) -> std::io::Result<Self> {
        let wishes = Inbox::default();
        let (sender, made) = crossbeam_channel::bounded(MOST_READY);
        let inbox = Arc::clone(&wishes);
        std::thread::Builder::new().name("tiles".into()).spawn(move || work(&inbox, &sender, &wake))?;
        Ok(Self { wishes, made })
    }

    fn change<T>(&self, change: impl FnOnce(&mut Wishes) -> T) -> T {
        change(&mut self.wishes.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// From now on tiles are this photo's; of none they are not cut.
    pub fn show(&self, photo: Option<(Arc<Photo>, Option<ToSrgb>)>) {
        self.change(|wishes| {
            wishes.shown = photo.map(|(photo, to_srgb)| Shown { photo, to_srgb });
            wishes.token += 1;
            wishes.list.clear();
            wishes.pending.clear();
        });
    }

    /// Asks for a tile, unless that was done already.
    pub fn wish(&self, place: Place) {
        self.change(|wishes| {
            if wishes.shown.is_some() && wishes.pending.insert(place) {
                wishes.list.push_back(place);
            }
        });
        self.wishes.1.notify_one();
    }

    /// The next tile of the shown photo that is ready.
    #[must_use]
    pub fn poll(&self) -> Option<(Place, ColorImage)> {
        loop {
            let (token, place, picture) = self.made.try_recv().ok()?;
            if self.change(|wishes| wishes.token == token && wishes.pending.remove(&place)) {
                return Some((place, picture));
            }
        }
    }

    /// Whether every tile that was asked for has been taken.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.change(|wishes| wishes.pending.is_empty())
    }
}

impl Drop for Tiles {
    fn drop(&mut self) {
        self.change(|wishes| wishes.is_closed = true);
        self.wishes.1.notify_one();
    }
}

fn work(inbox: &Inbox, sender: &Sender<(u64, Place, ColorImage)>, wake: &dyn Fn()) {
    while let Some((token, shown, place)) = next_wish(inbox) {
        let picture = TileArea::new(shown.photo.size(), place).picture(&shown.photo, shown.to_srgb.as_ref());
        if sender.send((token, place, picture)).is_err() {
            return;
        }
        wake();
    }
}

fn next_wish(inbox: &Inbox) -> Option<(u64, Shown, Place)> {
    let mut wishes = inbox.0.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        if wishes.is_closed {
            return None;
        }
        if let (Some(shown), Some(place)) = (wishes.shown.clone(), wishes.list.pop_back()) {
            return Some((wishes.token, shown, place));
        }
        wishes = inbox.1.wait(wishes).unwrap_or_else(PoisonError::into_inner);
    }
}

impl Window {
    /// Puts tiles that are ready on the graphics card, a few a frame.
    pub(super) fn take_tiles(&mut self, ctx: &egui::Context) {
        for _ in 0..TILES_A_FRAME {
            let Some((place, picture)) = self.tiles.poll() else { return };
            self.textures.set_tile(ctx, place, picture);
        }
        ctx.request_repaint();
    }
}

/// A tile's pixels: its own, and one of each neighbour, so that interpolation meets no seam.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TileArea {
    inner: [u32; 4],
    outer: [u32; 4],
}

impl TileArea {
    pub(super) fn new(size: [u32; 2], place: Place) -> Self {
        let (left, top) = (place.0 * TILE_SIDE, place.1 * TILE_SIDE);
        let (right, bottom) = ((left + TILE_SIDE).min(size[0]), (top + TILE_SIDE).min(size[1]));
        let outer =
            [left.saturating_sub(1), top.saturating_sub(1), (right + 1).min(size[0]), (bottom + 1).min(size[1])];
        Self { inner: [left, top, right, bottom], outer }
    }

    /// Where it lies in the photo, in pixels.
    pub(super) fn inner(&self) -> Rect {
        rect(self.inner)
    }

    /// What of its texture is its own.
    pub(super) fn uv(&self) -> Rect {
        super::geometry::uv_of(rect(self.inner), rect(self.outer))
    }

    fn picture(&self, photo: &Photo, to_srgb: Option<&ToSrgb>) -> ColorImage {
        let [left, top, right, bottom] = self.outer.map(|side| side as usize);
        let stride = photo.width() as usize * 3;
        let mut rgb = Vec::with_capacity((right - left) * (bottom - top) * 3);
        for row in top..bottom {
            rgb.extend_from_slice(&photo.rgb()[row * stride + left * 3..row * stride + right * 3]);
        }
        if let Some(to_srgb) = to_srgb {
            to_srgb.apply(&mut rgb);
        }
        ColorImage::from_rgb([right - left, bottom - top], &rgb)
    }
}

fn rect(sides: [u32; 4]) -> Rect {
    let point = |x: u32, y: u32| -> Pos2 { pos2(x as f32, y as f32) };
    Rect::from_min_max(point(sides[0], sides[1]), point(sides[2], sides[3]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::PhotoSource;

    fn ramp() -> Photo {
        let rgb: Vec<u8> = (0..1030_u32 * 2).flat_map(|i| [(i % 1030 % 256) as u8, (i / 1030) as u8, 7]).collect();
        Photo::from_rgb(1030, 2, rgb, PhotoSource::BuiltIn("ramp"))
    }

    #[test]
    fn tiles_share_a_border_and_stop_at_the_photos_edge() {
        let area = TileArea::new([2500, 1100], (2, 1));
        assert_eq!(area.inner, [2048, 1024, 2500, 1100]);
        assert_eq!(area.outer, [2047, 1023, 2500, 1100]);
    }

    #[test]
    fn a_tile_holds_the_photos_own_pixels() {
        let photo = ramp();
        let picture = TileArea::new(photo.size(), (1, 0)).picture(&photo, None);
        assert_eq!(picture.size, [7, 2]);
        assert_eq!(picture.pixels[8].to_array(), [0, 1, 7, 255], "column 1024 of the second row");
    }

    #[test]
    fn tiles_come_from_the_thread_and_never_of_a_photo_before() {
        let (woken, wakes) = crossbeam_channel::bounded(8);
        let tiles = Tiles::start(move || woken.send(()).unwrap_or_default()).expect("a thread");
        tiles.wish((0, 0));
        assert!(tiles.is_idle(), "there is no photo");
        tiles.show(Some((Arc::new(ramp()), None)));
        tiles.wish((1, 0));
        tiles.wish((1, 0));
        wakes.recv().expect("a tile is ready");
        tiles.show(Some((Arc::new(ramp()), None)));
        assert!(tiles.poll().is_none() && tiles.is_idle(), "it was of the photo before");
        tiles.wish((0, 0));
        wakes.recv().expect("a tile is ready");
        let (place, picture) = tiles.poll().expect("it is there");
        assert_eq!((place, picture.size), ((0, 0), [1025, 2]));
        assert!(tiles.is_idle() && tiles.poll().is_none());
    }
}
