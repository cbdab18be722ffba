//! Measuring in the window: the ruler's line, what is drawn of the lesion, and its figures.

use std::sync::Arc;

use eframe::egui;

use super::Window;
use super::calibrate::Unkept;
use super::command::Action;
use super::looker::{Event, MeasureJob};
use super::notices::Weight;
use super::scale::{self, Scale, Scales};
use super::state::{Current, Derived, Dialog, State};
use crate::measure::colours::Colours;
use crate::measure::shape::Shape;
use crate::measure::surface_distances::{NoSurface, SurfaceDistances};
use crate::words;

/// What is measured of a lesion, in pixels.
#[derive(Clone, Debug)]
pub struct Measured {
    /// What was measured; older than what is shown while the threshold moves.
    pub of: Arc<Derived>,
    /// Parts of the mask, of which the largest is measured.
    pub parts: usize,
    /// Its shape; none where nothing is lesion.
    pub shape: Option<Shape>,
    /// Whether colours were measured too.
    pub has_colours: bool,
    /// Its colours.
    pub colours: Option<Colours>,
    /// How far its border lies from the reference's, where there is a reference.
    pub distances: Option<Result<SurfaceDistances, NoSurface>>,
}

/// The line that a person draws along a ruler in the photo.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ruler {
    /// Its ends in the photo's coordinates, once it is drawn.
    pub ends: Option<[[f64; 2]; 2]>,
    /// Its length as typed.
    pub length: String,
    /// For all photos of this folder with the same size.
    pub for_folder: bool,
    /// Why the length was not taken.
    pub complaint: Option<scale::LengthError>,
}

impl Ruler {
    /// The line's length in pixels.
    #[must_use]
    pub fn length_px(&self) -> f64 {
        self.ends.map_or(0.0, |[from, to]| (to[0] - from[0]).hypot(to[1] - from[1]))
    }

    /// Millimetres a pixel by what is drawn and typed.
    ///
    /// # Errors
    /// [`scale::LengthError`] when either is no length.
    pub fn mm_per_px(&self) -> Result<f64, scale::LengthError> {
        scale::mm_per_px(self.length_px(), scale::typed_millimetres(&self.length)?)
    }
}

/// Everything about measuring that lasts beyond a photo.
#[derive(Clone, Debug, Default)]
pub struct Measuring {
    /// Both diameters are drawn on the photo.
    pub shows_diameters: bool,
    /// Axes, sectors and figures of the ABCD descriptors are drawn on the photo.
    pub shows_abcd: bool,
    /// The ruler's line while it is drawn.
    pub ruler: Option<Ruler>,
    /// Calibrated scales.
    pub scales: Scales,
    /// Changes of scales that could not be kept, oldest first.
    pub unkept: Vec<Unkept>,
}

/// A change with a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// The ruler's line lies here.
    Line([[f64; 2]; 2]),
    /// The length was typed so.
    Length(String),
    /// For all photos of the folder with the same size, or for this one.
    ForFolder(bool),
    /// The typed length counts.
    UseLength,
    /// The ruler is put away.
    PutAway,
    /// The calibration of this photo is taken back.
    RemoveScale,
    /// Try again to keep what could not be kept.
    KeepAgain,
}

impl State {
    /// The scale of the photo on the canvas.
    #[must_use]
    pub fn scale(&self) -> Option<Scale> {
        self.current.photo.as_ref().and_then(|photo| self.measuring.scales.of(photo))
    }

    /// The figures of the very outline that is shown.
    #[must_use]
    pub fn fresh_measures(&self) -> Option<&Arc<Measured>> {
        let Current { measured: Some(measured), derived: Some(derived), .. } = &self.current else { return None };
        Arc::ptr_eq(&measured.of, derived).then_some(measured)
    }
}

impl Window {
    /// Carries out a change of measuring.
    pub(super) fn change_measuring(&mut self, ctx: &egui::Context, change: Change) {
        let measuring = &mut self.state.measuring;
        match change {
            Change::Line(ends) => {
                if let Some(ruler) = &mut measuring.ruler {
                    ruler.ends = Some(ends);
                    ruler.complaint = None;
                }
            }
            Change::Length(length) => {
                if let Some(ruler) = &mut measuring.ruler {
                    ruler.length = length;
                    ruler.complaint = None;
                }
            }
            Change::ForFolder(for_folder) => {
                if let Some(ruler) = &mut measuring.ruler {
                    ruler.for_folder = for_folder;
                }
            }
            Change::UseLength => self.use_length(ctx),
            Change::PutAway => measuring.ruler = None,
            Change::RemoveScale => self.take_scale_back(ctx),
            Change::KeepAgain => self.keep_scales_again(),
        }
    }

    /// Carries out an action of measuring; whether it was one.
    pub(super) fn perform_measuring(&mut self, ctx: &egui::Context, action: Action) -> bool {
        let has_photo = self.state.current.photo.is_some();
        let has_ruler = self.state.measuring.ruler.is_some();
        let measuring = &mut self.state.measuring;
        match action {
            Action::ToggleDiameters => measuring.shows_diameters = !measuring.shows_diameters,
            Action::ToggleAbcd => measuring.shows_abcd = !measuring.shows_abcd,
            Action::Calibrate if !has_photo => self.tell(ctx, Weight::Info, words!("ruler-no-photo")),
            Action::Calibrate => {
                self.state.measuring.ruler = if has_ruler { None } else { Some(self.new_ruler()) };
            }
            Action::Dismiss if measuring.ruler.is_some() && self.state.dialog == Dialog::None => {
                measuring.ruler = None;
            }
            _ => return false,
        }
        true
    }

    /// Has the shown lesion measured, when its figures are in sight and not there yet.
    pub(super) fn ask_for_measures(&mut self) {
        let State { current, measuring, panels, .. } = &self.state;
        let with_colours = measuring.shows_abcd;
        let is_wanted = measuring.shows_diameters || with_colours || (panels.side && !panels.canvas_only);
        let (Some(photo), Some(of)) = (&current.photo, &current.derived) else { return };
        let is_asked =
            |(asked, colours): &(Arc<Derived>, bool)| Arc::ptr_eq(asked, of) && (*colours || !with_colours);
        if !is_wanted || self.asked_measures.as_ref().is_some_and(is_asked) {
            return;
        }
        self.asked_measures = Some((Arc::clone(of), with_colours));
        self.looker.measure(MeasureJob {
            of: Arc::clone(of),
            photo: Arc::clone(photo),
            segmentation: current.segmentation.clone(),
            reference: current.reference.clone(),
            with_colours,
        });
    }

    /// Takes what the looking thread says. Figures of another outline than the shown one are dropped.
    pub(super) fn take_look(&mut self, ctx: &egui::Context, event: Event) {
        match event {
            Event::Measured(measured) if self.is_shown(&measured.of) => {
                let longest = measured.shape.as_ref().map_or(0.0, Shape::longest_diameter_px);
                log::info!("measured: longest diameter {longest:.1} px");
                self.state.current.measured = Some(measured);
            }
            Event::Measured(_) => log::debug!("figures of an older outline were dropped"),
            Event::Side { token, place, answer } => self.take_side(ctx, token, place, answer),
            Event::Mutual { token, dice } if token == self.state.comparing.token => {
                self.state.comparing.mutual_dice = Some(dice);
            }
            Event::Mutual { .. } => {}
            Event::Row { token, row } => self.take_row(token, row),
            Event::Crashed => self.tell(ctx, Weight::Failure, words!("looker-crashed")),
        }
    }

    fn is_shown(&self, of: &Arc<Derived>) -> bool {
        self.state.current.derived.as_ref().is_some_and(|shown| Arc::ptr_eq(shown, of))
    }
}
