//! How the window comes to be: native options, what is remembered, the state to begin with.

use std::sync::Arc;

use anyhow::Context as _;
use eframe::egui;

use super::observe::{ObservedWindow, Observer};
use super::screenshot::{Outcome, Screenshot};
use super::settings::{Remembered, Settings};
use super::theme::NAME;
use super::tone_shader::ToneShader;
use super::window::Window;
use crate::allocator;
use crate::inference::ModelLibrary;
use crate::language::Language;
use crate::startup::StartupOptions;

/// Opens the window, with the networks of `library` to choose from, and stays until it is closed.
///
/// # Errors
/// When there is no display, no OpenGL, or the picture of `--screenshot` could not be made.
pub fn run(mut options: StartupOptions, library: ModelLibrary) -> anyhow::Result<()> {
    let Some(path) = options.screenshot.take() else { return open(options, library, true, |window| window) };
    let outcome = Outcome::default();
    let observer = Screenshot::new(path, outcome.clone());
    // A picture for the README is no change of mind: settings stay as they are.
    open(options, library, false, |window| ObservedWindow { window, observer })?;
    outcome.result()
}

/// Opens the window under the eyes of `observer`, and stays until one of both closes it. Settings are read, and stay as
/// they are.
///
/// # Errors
/// When there is no display or no OpenGL.
pub fn run_observed<O: Observer + 'static>(
    options: StartupOptions,
    library: ModelLibrary,
    observer: O,
) -> anyhow::Result<()> {
    open(options, library, false, |window| ObservedWindow { window, observer })
}

fn open<A: eframe::App + 'static>(
    mut options: StartupOptions,
    library: ModelLibrary,
    keeps_settings: bool,
    wrap: impl FnOnce(Window) -> A + 'static,
) -> anyhow::Result<()> {
    allocator::share_areas();
    options.system_language = Language::of_system();
    options.data = crate::folders::data();
    options.home = crate::folders::home();
    let mut remembered = Remembered::at(Settings::usual_path());
    if !keeps_settings {
        remembered.path = None;
    }
    let size = options.size.or(remembered.settings.window_size).unwrap_or([1280.0, 800.0]);
    let viewport = egui::ViewportBuilder::default()
        .with_title(NAME)
        .with_app_id("dermaloupe")
        .with_inner_size(size)
        .with_min_inner_size([720.0, 480.0])
        .with_icon(icon());
    let mut native = native_options(viewport);
    // Frames are measured without waiting for the screen.
    native.glow_options.vsync = !options.is_benchmark;
    eframe::run_native(
        NAME,
        native,
        Box::new(move |creation| {
            let mut window = Window::new(&creation.egui_ctx, options, &library, remembered)?;
            window.set_graphics(graphics(creation));
            window.set_tone_shader(tone_shader(creation));
            Ok(Box::new(wrap(window)))
        }),
    )
    .map_err(|error| anyhow::anyhow!(without_source_place(&error.to_string())))
    .context("cannot open a window; on a machine without a display use 'dermaloupe segment'")
}

/// A window that shows a photograph's pixels as they are: without noise against bands of colour, which also takes a processor
/// that draws by itself a tenth of its time.
pub(super) fn native_options(viewport: egui::ViewportBuilder) -> eframe::NativeOptions {
    eframe::NativeOptions { viewport, dithering: false, ..eframe::NativeOptions::default() }
}

/// winit's errors without the place in its own source, which tells a person nothing.
pub(super) fn without_source_place(words: &str) -> String {
    match words.split_once(".rs:").and_then(|(_, rest)| rest.split_once(": ")) {
        Some((_, reason)) => reason.to_owned(),
        None => words.to_owned(),
    }
}

/// What draws the window, as OpenGL names it; on a board this tells the graphics unit from software.
pub(super) fn graphics(creation: &eframe::CreationContext<'_>) -> String {
    use eframe::glow::HasContext as _;
    let Some(gl) = &creation.gl else { return "unknown".to_owned() };
    // SAFETY: the context is current while eframe creates the application, and these strings always exist.
    #[allow(unsafe_code, reason = "asking OpenGL for its own name is the only way to know it")]
    let [renderer, version] =
        unsafe { [eframe::glow::RENDERER, eframe::glow::VERSION].map(|name| gl.get_parameter_string(name)) };
    format!("{renderer}, OpenGL {version}")
}

/// Whether the graphics that [`graphics`] names are the CPU's work.
pub(super) fn is_software(graphics: &str) -> bool {
    ["llvmpipe", "softpipe", "swrast", "SwiftShader"].iter().any(|name| graphics.contains(name))
}

fn icon() -> egui::IconData {
    let bytes = include_bytes!("../../assets/icons/dermaloupe-128.png");
    match image::load_from_memory(bytes) {
        Ok(image) => {
            egui::IconData { width: image.width(), height: image.height(), rgba: image.into_rgba8().into_raw() }
        }
        Err(_) => egui::IconData::default(),
    }
}

/// The graphics card's part in showing photographs brighter and darker; none where its driver does not take it.
fn tone_shader(creation: &eframe::CreationContext<'_>) -> Option<Arc<ToneShader>> {
    match creation.gl.as_deref().map(ToneShader::new) {
        Some(Ok(shader)) => Some(Arc::new(shader)),
        failed => {
            log::warn!("brightness and contrast cannot be adjusted: {failed:?}");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{is_software, without_source_place};

    #[test]
    fn drawing_by_the_cpu_is_known_by_its_name() {
        assert!(is_software("llvmpipe (LLVM 15.0.6, 256 bits), OpenGL 4.5"));
        assert!(!is_software("Mali-G610 (Panfrost), OpenGL 3.1"));
    }

    #[test]
    fn a_source_place_is_left_out_of_an_error() {
        assert_eq!(
            without_source_place("os error at /a/winit/mod.rs:765: no DISPLAY is set."),
            "no DISPLAY is set."
        );
        assert_eq!(without_source_place("no OpenGL"), "no OpenGL");
    }
}
