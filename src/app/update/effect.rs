//! What an update asks for beyond the state: writes, which are never lost, and what only the window can do.

use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui::ColorImage;

use crate::app::command::action::Action;
use crate::app::overview::Overview;
use crate::app::tasks::analysis::ListRequest;
use crate::app::tasks::files::FileRequest;
use crate::app::tasks::records::RecordsRequest;
use crate::correction::JournalRequest;
use crate::geometry::area::Area;
use crate::overlay::view::OverlayView;

/// What an update asks for. The session does its part, and hands the rest to the window.
pub enum Effect {
    /// Look through files and folders.
    List(ListRequest),
    /// Read or write records.
    Records(RecordsRequest),
    /// Read or write the journal of a correction.
    Journal(JournalRequest),
    /// Write a file for the person, or the settings.
    File(FileRequest),
    /// Only the window can do it.
    Window(WindowEffect),
}

/// What the window does for an update.
pub enum WindowEffect {
    /// Show a file dialog.
    Ask(FileQuestion),
    /// Put a picture on the graphics card, or remove it.
    Picture(PictureChange),
    /// Show this file in the file manager.
    ShowInFolder(PathBuf),
    /// The note's field gets the focus.
    FocusNote,
    /// The menu of networks opens.
    OpenNetworkMenu,
    Close,
}

/// What a file dialog asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileQuestion {
    Photos,
    /// A folder to list.
    Folder,
    Reference,
    /// Where to save the mask; the name to suggest.
    SaveMask(String),
    /// Where to save the outlined photo; the name to suggest.
    SaveOverlay(String),
    /// Where to save the report; the name to suggest.
    SaveReport(String),
    /// A file to play as a camera.
    PlayedFile,
    /// A folder to play as a camera.
    PlayedFolder,
    /// Where pictures of the camera are kept.
    FrameFolder,
}

impl FileQuestion {
    /// The action that asks it.
    #[must_use]
    pub fn action(&self) -> Action {
        match self {
            Self::Photos => Action::OpenPhotos,
            Self::Folder => Action::OpenFolder,
            Self::Reference => Action::OpenReference,
            Self::SaveMask(_) => Action::SaveMask,
            Self::SaveOverlay(_) => Action::SaveOverlay,
            Self::SaveReport(_) => Action::SaveReport,
            Self::PlayedFile | Self::PlayedFolder => Action::ToggleLive,
            Self::FrameFolder => Action::ChooseFrameFolder,
        }
    }
}

/// A picture for the graphics card.
pub enum PictureChange {
    /// The overview of a new photo, in place of all pictures of the one before.
    Overview(Arc<Overview>),
    /// The layer of a view over the photo.
    Layer(OverlayView, ColorImage),
    /// The layer over a side (0 or 1) of a comparison, or none.
    Side(usize, Option<(OverlayView, ColorImage)>),
    /// The camera's newest frame.
    Frame(Arc<ColorImage>),
    /// The camera's picture is no longer shown.
    FrameEnded,
    /// The mask that is corrected has changed here.
    Painted(Area),
    /// The mask that was corrected is no longer shown.
    PaintEnded,
}

impl From<WindowEffect> for Effect {
    fn from(effect: WindowEffect) -> Self {
        Self::Window(effect)
    }
}

impl From<PictureChange> for Effect {
    fn from(picture: PictureChange) -> Self {
        Self::Window(WindowEffect::Picture(picture))
    }
}
