//! The actions that stand in menus, on buttons and in the list of shortcuts, with their groups and words.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use super::action_group::ActionGroup;
use crate::language::{Language, Words};

/// A thing to do that needs no value. Its name in the settings' file is the variant's; its message, with label and
/// tooltip, is called `action-` and that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, VariantArray)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case", prefix = "action-")]
pub enum Action {
    /// Ask for photos to open.
    OpenPhotos,
    /// Ask for a folder to walk.
    OpenFolder,
    /// Open the built-in sample.
    OpenSample,
    /// Open the built-in fundus, with a network for vessels.
    OpenFundusSample,
    /// Ask for a reference mask.
    OpenReference,
    /// Take the reference mask away.
    CloseReference,
    /// Save the mask as PNG.
    SaveMask,
    /// Save the photo with its outline as PNG.
    SaveOverlay,
    /// Save a page on the photo as PDF.
    SaveReport,
    /// Show the file that was saved last in the file manager.
    ShowInFolder,
    /// The photo after this one.
    Next,
    /// The photo before this one.
    Previous,
    First,
    Last,
    ShowOutline,
    /// The outline with the band in which the border probably lies.
    ShowBand,
    ShowFill,
    ShowHeat,
    ShowError,
    ShowOff,
    /// Threshold down one step.
    ThresholdDown,
    /// Threshold up one step.
    ThresholdUp,
    /// Threshold back to the model's own.
    ThresholdReset,
    /// Zoom in on the middle.
    ZoomIn,
    /// Zoom out from the middle.
    ZoomOut,
    ZoomFit,
    /// One photo pixel a screen pixel.
    ZoomActual,
    /// Show the photo brighter.
    Brighter,
    /// Show the photo darker.
    Darker,
    /// Show the photo with more contrast.
    MoreContrast,
    /// Show the photo with less contrast.
    LessContrast,
    /// Gamma up: dark parts brighter.
    MoreGamma,
    /// Gamma down: dark parts darker.
    LessGamma,
    /// Hide hair in the photo that is shown, or not.
    ToggleHair,
    /// Paint over dark corners in the photo that is shown, or not.
    ToggleCorners,
    /// Show the photo without brightness, contrast and gamma, and with all that is hidden.
    ShowAsStored,
    /// Filmstrip in or out.
    ToggleFilmstrip,
    /// Side panel in or out.
    ToggleSidePanel,
    /// All panels in or out.
    TogglePanels,
    ToggleTheme,
    ToggleLanguage,
    /// The outline is right; go on.
    Accept,
    /// The outline or the photo is of no use; go on.
    Reject,
    /// Somebody else should look; go on.
    MarkUnsure,
    /// The next photo that nothing was decided on.
    NextUnreviewed,
    /// The next of the photos whose outline is in doubt and that nothing was decided on, the most doubtful first.
    NextDoubtful,
    /// Run the network on the photos of the list that it has not seen, for their doubt; or stop.
    LookThrough,
    /// Take back the last decision, and go back to its photo.
    UndoDecision,
    WriteNote,
    /// Draw both diameters on the photo, or not.
    ToggleDiameters,
    /// Draw the ABCD descriptors on the photo, or not.
    ToggleAbcd,
    /// Draw along a ruler in the photo.
    Calibrate,
    /// Compare two results on this photo, or stop.
    Compare,
    /// Swap both sides; while blinking, show the other.
    FlipSides,
    /// Swipe: the line to the left.
    DividerLeft,
    /// Swipe: the line to the right.
    DividerRight,
    /// The table of all networks, or not.
    ToggleTable,
    /// Open the menu of networks.
    ChooseNetwork,
    /// The camera's picture in place of the photo, or back.
    ToggleLive,
    /// The camera's picture stands still, or goes on.
    FreezeFrame,
    /// The camera's picture becomes a photo.
    KeepFrame,
    /// Ask for the folder that pictures of the camera are kept in.
    ChooseFrameFolder,
    /// Run the network again.
    Retry,
    /// The network looks at each photo eight times, or once.
    ToggleCareful,
    /// The network looks again at small lesions, or once.
    ToggleSecondLook,
    /// Ask another network too, or not.
    ToggleSecond,
    /// Take the tools that correct the mask, or put them away.
    ToggleCorrection,
    /// The network's mask instead of the corrected one, or back.
    UseOtherMask,
    /// Correct with the brush.
    UseBrush,
    /// Correct with the eraser.
    UseEraser,
    /// Correct with a polygon.
    UsePolygon,
    /// Correct with a lasso.
    UseLasso,
    BrushSmaller,
    BrushLarger,
    CloseLine,
    /// Take the polygon's last corner back.
    RemovePoint,
    /// Fill the mask's holes.
    FillHoles,
    /// Keep the mask's largest part.
    KeepLargest,
    Smooth,
    Grow,
    Shrink,
    /// Fill the lesion while its mask is corrected, or not.
    ToggleFill,
    /// The network's outline beneath the corrected one, or not.
    ToggleNetworkOutline,
    Undo,
    Redo,
    /// Begin again from the network's mask.
    StartFromNetwork,
    /// Begin again without lesion.
    StartEmpty,
    /// Begin again from the reference.
    StartFromReference,
    /// The list of shortcuts.
    ShowHelp,
    /// What this program is.
    ShowAbout,
    ShowSettings,
    /// Close the topmost dialog or notice.
    Dismiss,
    Quit,
}

impl Action {
    /// Whether it goes to another photograph, or may.
    #[must_use]
    pub fn is_walking(self) -> bool {
        matches!(
            self,
            Self::Next | Self::Previous | Self::First | Self::Last | Self::NextUnreviewed | Self::NextDoubtful
        ) || matches!(self, Self::Accept | Self::Reject | Self::MarkUnsure)
    }

    /// All actions by group, in the order in which help lists them.
    pub const GROUPS: [(ActionGroup, &'static [Self]); 11] = [
        (
            ActionGroup::Files,
            &[
                Self::OpenPhotos,
                Self::OpenFolder,
                Self::OpenSample,
                Self::OpenFundusSample,
                Self::OpenReference,
                Self::CloseReference,
                Self::SaveMask,
                Self::SaveOverlay,
                Self::SaveReport,
                Self::ShowInFolder,
                Self::Quit,
            ],
        ),
        (ActionGroup::Walking, &[Self::Next, Self::Previous, Self::First, Self::Last]),
        (ActionGroup::Live, Self::LIVE),
        (
            ActionGroup::Review,
            &[
                Self::Accept,
                Self::Reject,
                Self::MarkUnsure,
                Self::UndoDecision,
                Self::NextUnreviewed,
                Self::NextDoubtful,
                Self::LookThrough,
                Self::WriteNote,
            ],
        ),
        (
            ActionGroup::Overlay,
            &[
                Self::ShowOutline,
                Self::ShowBand,
                Self::ShowFill,
                Self::ShowHeat,
                Self::ShowError,
                Self::ShowOff,
                Self::ThresholdDown,
                Self::ThresholdUp,
                Self::ThresholdReset,
                Self::ChooseNetwork,
                Self::Retry,
                Self::ToggleCareful,
                Self::ToggleSecondLook,
                Self::ToggleSecond,
            ],
        ),
        (ActionGroup::Correcting, Self::CORRECTING),
        (ActionGroup::Looking, &[Self::ZoomIn, Self::ZoomOut, Self::ZoomFit, Self::ZoomActual]),
        (
            ActionGroup::Display,
            &[
                Self::Brighter,
                Self::Darker,
                Self::MoreContrast,
                Self::LessContrast,
                Self::MoreGamma,
                Self::LessGamma,
                Self::ToggleHair,
                Self::ToggleCorners,
                Self::ShowAsStored,
            ],
        ),
        (
            ActionGroup::Window,
            &[
                Self::TogglePanels,
                Self::ToggleFilmstrip,
                Self::ToggleSidePanel,
                Self::ToggleTheme,
                Self::ToggleLanguage,
                Self::ShowSettings,
                Self::ShowHelp,
                Self::ShowAbout,
                Self::Dismiss,
            ],
        ),
        (ActionGroup::Measuring, &[Self::ToggleDiameters, Self::ToggleAbcd, Self::Calibrate]),
        (
            ActionGroup::Comparing,
            &[Self::Compare, Self::FlipSides, Self::DividerLeft, Self::DividerRight, Self::ToggleTable],
        ),
    ];

    /// All actions, in the order in which help lists them.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::GROUPS.into_iter().flat_map(|(_, actions)| actions.iter().copied())
    }

    /// Those of the camera's picture.
    const LIVE: &'static [Self] = &[Self::ToggleLive, Self::FreezeFrame, Self::KeepFrame, Self::ChooseFrameFolder];

    /// Those that correct the mask.
    const CORRECTING: &'static [Self] = &[
        Self::ToggleCorrection,
        Self::UseOtherMask,
        Self::UseBrush,
        Self::UseEraser,
        Self::UsePolygon,
        Self::UseLasso,
        Self::BrushSmaller,
        Self::BrushLarger,
        Self::CloseLine,
        Self::RemovePoint,
        Self::FillHoles,
        Self::KeepLargest,
        Self::Smooth,
        Self::Grow,
        Self::Shrink,
        Self::ToggleFill,
        Self::ToggleNetworkOutline,
        Self::Undo,
        Self::Redo,
        Self::StartFromNetwork,
        Self::StartEmpty,
        Self::StartFromReference,
    ];

    /// Whether it has to do with correcting the mask.
    #[must_use]
    pub fn is_about_correcting(self) -> bool {
        Self::CORRECTING.contains(&self)
    }

    /// The message that says what it is and does.
    #[must_use]
    pub fn words(self) -> Words {
        Words { id: self.into(), values: Vec::new() }
    }

    /// Whether keys mean something else once it is done: it opens, closes or gives the focus to what takes them.
    #[must_use]
    pub fn changes_keys(self) -> bool {
        matches!(
            self,
            Self::ChooseNetwork
                | Self::ShowHelp
                | Self::ShowAbout
                | Self::ShowSettings
                | Self::WriteNote
                | Self::ToggleCorrection
                | Self::ToggleLive
                | Self::Calibrate
                | Self::ToggleTable
                | Self::Dismiss
        )
    }

    /// What a button or menu says.
    #[must_use]
    pub fn label(self, language: Language) -> String {
        self.words().said_in(language)
    }

    /// What it does, in a sentence.
    #[must_use]
    pub fn tooltip(self, language: Language) -> String {
        self.words().attribute_in(language, "tooltip")
    }
}
