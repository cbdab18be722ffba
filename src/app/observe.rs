//! A window that is watched and driven from beside it, through what is public of it: by what takes its picture
//! (`--screenshot`), and by the benches.

use eframe::egui;

use super::model::geometry::Geometry;
use super::tasks::live::CameraAccess;
use super::window::Window;

/// Watches a window frame by frame, and may send it commands and input.
pub trait Observer {
    /// A frame begins: the last one's work stands in the window, and commands sent now are carried out in this one.
    fn begin_frame(&mut self, window: &mut Window, ctx: &egui::Context);

    /// Input that the window is about to get.
    fn change_input(&mut self, _window: &Window, _input: &mut egui::RawInput) {}

    /// A frame is laid out as the window's state is now; it is on the screen when the next one begins.
    fn end_frame(&mut self, _window: &Window, _ctx: &egui::Context) {}
}

/// A window and who watches it, as one application.
pub(super) struct ObservedWindow<O> {
    pub(super) window: Window,
    pub(super) observer: O,
}

impl<O: Observer> eframe::App for ObservedWindow<O> {
    fn logic(&mut self, ctx: &egui::Context, frame: &mut eframe::Frame) {
        self.observer.begin_frame(&mut self.window, ctx);
        self.window.logic(ctx, frame);
    }

    fn ui(&mut self, ui: &mut egui::Ui, frame: &mut eframe::Frame) {
        self.window.ui(ui, frame);
        self.observer.end_frame(&self.window, ui.ctx());
    }

    fn raw_input_hook(&mut self, ctx: &egui::Context, raw_input: &mut egui::RawInput) {
        self.observer.change_input(&self.window, raw_input);
        self.window.raw_input_hook(ctx, raw_input);
    }

    fn on_exit(&mut self, gl: Option<&eframe::glow::Context>) {
        self.window.on_exit(gl);
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        self.window.clear_color(visuals)
    }
}

impl Window {
    /// Where the photo lay in the last frame; `None` before the first and without a photo.
    #[must_use]
    pub fn geometry(&self) -> Option<Geometry> {
        self.state().geometry
    }

    /// What draws the window, as OpenGL names it.
    #[must_use]
    pub fn graphics(&self) -> &str {
        self.state().graphics.as_deref().unwrap_or("unknown")
    }

    /// Sends the whole mask that is painted on to the graphics card at each step, instead of what changed: what painting
    /// by parts is measured against.
    pub fn send_whole_mask(&mut self, is_whole: bool) {
        self.pictures_mut().paint.send_whole(is_whole);
    }

    /// Whether photographs are read before they are asked for; what was read is forgotten.
    pub fn read_ahead(&mut self, is_on: bool) {
        self.session_mut().read_ahead(is_on);
    }

    /// Finds and opens cameras by `access` from now on: that of a test's double.
    pub fn use_cameras(&mut self, access: CameraAccess) {
        self.session_mut().use_cameras(access);
    }
}
