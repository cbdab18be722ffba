//! The photo's own pixels for a closer look: square tiles in the screen's colours, the one that was asked for last first.

use std::sync::Arc;

use eframe::egui::ColorImage;

use crate::app::background::{Keyed, Outbox, Precedence, Task};
use crate::app::cleared_photo::ClearedPhoto;
use crate::app::tile_area::{TileArea, TilePlace};
use crate::display::ToSrgb;
use crate::photo::Photo;

/// Tiles that may wait: those of a large photo in sight. Older ones are forgotten, and asked for again when in sight.
pub const PRECEDENCE: Precedence = Precedence::Latest { most: 64 };

/// A tile to cut.
#[derive(Clone)]
pub struct TileRequest {
    /// Its column and row.
    pub place: TilePlace,
    pub photo: Arc<Photo>,
    /// To the screen's colours, where the photo's are others.
    pub to_srgb: Option<ToSrgb>,
    /// What takes the place of what is hidden.
    pub cleared: Option<Arc<ClearedPhoto>>,
}

impl Keyed for TileRequest {
    type Key = TilePlace;

    fn key(&self) -> TilePlace {
        self.place
    }
}

/// The task.
#[derive(Clone, Copy, Debug, Default)]
pub struct TileTask;

impl Task for TileTask {
    type Request = TileRequest;
    type Outcome = (TilePlace, ColorImage);

    fn run(&mut self, request: TileRequest, out: &Outbox<'_, (TilePlace, ColorImage)>) -> Option<TileRequest> {
        let TileRequest { place, photo, to_srgb, cleared } = request;
        let area = TileArea::new(photo.size(), place);
        let mut picture = area.picture(&photo, to_srgb.as_ref());
        if let Some(cleared) = cleared {
            cleared.cover(&mut picture, area.outer());
        }
        out.send((place, picture));
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::background::{Newest, Report};
    use crate::photo::PhotoSource;

    #[test]
    fn tiles_come_from_the_thread_and_never_of_a_photo_before() {
        let photo = Photo::from_rgb(1030, 2, vec![7; 1030 * 2 * 3], PhotoSource::BuiltIn("grey"));
        let photo = Arc::new(photo);
        let tile = |place| TileRequest { place, photo: Arc::clone(&photo), to_srgb: None, cleared: None };
        let (woken, wakes) = std::sync::mpsc::sync_channel(64);
        let wake = move || woken.send(()).unwrap_or_default();
        let tiles = Newest::start("tiles", PRECEDENCE, TileTask::default, wake).expect("a thread");
        tiles.send_once(tile((1, 0)));
        tiles.send_once(tile((1, 0)));
        wakes.recv().expect("a tile is ready");
        tiles.cancel_all();
        assert!(tiles.poll().is_none(), "it was of the photo before");
        tiles.send_once(tile((0, 0)));
        let (place, picture) = loop {
            match tiles.poll() {
                Some(Report::Outcome(made)) => break made,
                Some(Report::Panicked) => panic!("a tile is cut"),
                None => wakes.recv().expect("the thread is there"),
            }
        };
        assert_eq!((place, picture.size), ((0, 0), [1025, 2]));
        assert!(tiles.poll().is_none());
    }
}
