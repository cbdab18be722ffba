//! Colours, type sizes and spacing of the window: the one place that holds them.

use eframe::egui::{self, Color32, CornerRadius, FontFamily, FontId, Margin, Stroke, TextStyle, Vec2};

use super::fonts;
pub use crate::startup::ThemeChoice;

/// The title of the window and of everything in it.
pub const NAME: &str = "Dermaloupe";

/// Named colours of one theme.
#[derive(Clone, Copy, Debug)]
pub struct Colours {
    pub canvas: Color32,
    pub panel: Color32,
    /// Buttons, cards, the tracks of sliders.
    pub raised: Color32,
    /// Buttons under the pointer.
    pub hovered: Color32,
    pub hairline: Color32,
    pub text: Color32,
    /// Text of less weight: units, labels, hints. At least 4.5:1 on `panel`.
    pub dim: Color32,
    pub accent: Color32,
    /// Text on `accent`.
    pub on_accent: Color32,
    pub warning: Color32,
    pub failure: Color32,
    /// Safe on the disk.
    pub kept: Color32,
}

const DARK: Colours = Colours {
    canvas: Color32::from_rgb(0x10, 0x12, 0x14),
    panel: Color32::from_rgb(0x17, 0x19, 0x1C),
    raised: Color32::from_rgb(0x1F, 0x22, 0x26),
    hovered: Color32::from_rgb(0x2A, 0x2E, 0x33),
    hairline: Color32::from_rgb(0x2A, 0x2E, 0x33),
    text: Color32::from_rgb(0xE6, 0xE8, 0xEA),
    dim: Color32::from_rgb(0x9A, 0xA1, 0xA8),
    accent: Color32::from_rgb(0x5E, 0xB1, 0xEF),
    on_accent: Color32::from_rgb(0x0B, 0x12, 0x18),
    warning: Color32::from_rgb(0xE8, 0xB3, 0x4B),
    failure: Color32::from_rgb(0xF0, 0x7F, 0x74),
    kept: Color32::from_rgb(0x4C, 0xB7, 0x82),
};

const LIGHT: Colours = Colours {
    canvas: Color32::from_rgb(0xE9, 0xEB, 0xED),
    panel: Color32::from_rgb(0xFA, 0xFA, 0xFB),
    raised: Color32::from_rgb(0xEC, 0xEE, 0xF0),
    hovered: Color32::from_rgb(0xDF, 0xE3, 0xE7),
    hairline: Color32::from_rgb(0xD6, 0xDA, 0xDE),
    text: Color32::from_rgb(0x1B, 0x1F, 0x23),
    dim: Color32::from_rgb(0x59, 0x62, 0x6B),
    accent: Color32::from_rgb(0x0B, 0x6B, 0xB8),
    on_accent: Color32::WHITE,
    warning: Color32::from_rgb(0x8A, 0x5A, 0x00),
    failure: Color32::from_rgb(0xB3, 0x2D, 0x20),
    kept: Color32::from_rgb(0x1E, 0x7A, 0x4C),
};

/// The grid that everything sits on, in points.
pub const GRID: f32 = 4.0;
/// Height of the bar at the top.
pub const TOP_BAR_HEIGHT: f32 = 44.0;
/// Height of the bar at the bottom.
pub const STATUS_BAR_HEIGHT: f32 = 28.0;
/// Width of the filmstrip.
pub const FILMSTRIP_WIDTH: f32 = 112.0;
/// Side of a thumbnail.
pub const THUMBNAIL_SIDE: f32 = 84.0;
/// Width of the panel on the right.
pub const SIDE_PANEL_WIDTH: f32 = 300.0;

/// Narrowest canvas beside two panels.
pub const LEAST_CANVAS_WIDTH: f32 = 640.0;

/// Type sizes in points.
pub const SIZE_SMALL: f32 = 12.0;
/// Body text.
pub const SIZE_BODY: f32 = 13.0;
/// Section headings.
pub const SIZE_HEADING: f32 = 15.0;
/// Titles of dialogs and empty states.
pub const SIZE_TITLE: f32 = 20.0;
/// The figures that a person looks for: Dice and IoU.
pub const SIZE_FIGURE: f32 = 28.0;
/// Icons in a line of text.
pub const ICON_SMALL: f32 = 16.0;
/// Icons of the bar.
pub const ICON: f32 = 20.0;

/// The semi-bold family: headings and figures.
#[must_use]
pub fn strong() -> FontFamily {
    FontFamily::Name("strong".into())
}

/// Text of `size` in the semi-bold family.
#[must_use]
pub fn strong_font(size: f32) -> FontId {
    FontId::new(size, strong())
}

/// The colours of the theme that `ui` is drawn in.
#[must_use]
pub fn colours(ui: &egui::Ui) -> &'static Colours {
    colours_of(ui.visuals().dark_mode)
}

/// The colours of the dark or the light theme.
#[must_use]
pub fn colours_of(dark: bool) -> &'static Colours {
    if dark { &DARK } else { &LIGHT }
}

/// Installs fonts, both themes' visuals and the spacing.
pub fn install(ctx: &egui::Context) {
    ctx.set_fonts(fonts::definitions());
    for (theme, dark) in [(egui::Theme::Dark, true), (egui::Theme::Light, false)] {
        ctx.style_mut_of(theme, |style| {
            style.visuals = visuals(dark);
            set_metrics(style);
        });
    }
}

/// Switches to `choice`.
pub fn apply(ctx: &egui::Context, choice: ThemeChoice) {
    ctx.set_theme(match choice {
        ThemeChoice::Dark => egui::Theme::Dark,
        ThemeChoice::Light => egui::Theme::Light,
    });
}

fn set_metrics(style: &mut egui::Style) {
    let sizes = [
        (TextStyle::Small, SIZE_SMALL),
        (TextStyle::Body, SIZE_BODY),
        (TextStyle::Button, SIZE_BODY),
        (TextStyle::Monospace, SIZE_BODY),
    ];
    for (name, size) in sizes {
        style.text_styles.insert(name, FontId::proportional(size));
    }
    style.text_styles.insert(TextStyle::Heading, strong_font(SIZE_TITLE));
    let spacing = &mut style.spacing;
    spacing.item_spacing = Vec2::new(2.0 * GRID, 2.0 * GRID);
    spacing.button_padding = Vec2::new(3.0 * GRID, 1.5 * GRID);
    spacing.interact_size = Vec2::new(28.0, 22.0);
    spacing.menu_margin = Margin::same(6);
    spacing.window_margin = Margin::same(20);
    spacing.slider_rail_height = 4.0;
    spacing.tooltip_width = 320.0;
    style.interaction.tooltip_delay = 0.4;
    style.interaction.selectable_labels = false;
    style.animation_time = 0.12;
}

fn visuals(dark: bool) -> egui::Visuals {
    let colours = colours_of(dark);
    let mut visuals = if dark { egui::Visuals::dark() } else { egui::Visuals::light() };
    visuals.panel_fill = colours.panel;
    visuals.window_fill = colours.panel;
    visuals.window_stroke = Stroke::new(1.0, colours.hairline);
    visuals.window_corner_radius = CornerRadius::same(12);
    visuals.menu_corner_radius = CornerRadius::same(8);
    visuals.extreme_bg_color = colours.canvas;
    visuals.faint_bg_color = colours.raised;
    visuals.hyperlink_color = colours.accent;
    visuals.warn_fg_color = colours.warning;
    visuals.error_fg_color = colours.failure;
    visuals.weak_text_color = Some(colours.dim);
    visuals.selection.bg_fill = colours.accent;
    visuals.selection.stroke = Stroke::new(1.0, colours.on_accent);
    visuals.slider_trailing_fill = true;
    visuals.handle_shape = egui::style::HandleShape::Circle;
    visuals.override_text_color = None;
    let widgets = &mut visuals.widgets;
    for (widget, fill, text) in [
        (&mut widgets.noninteractive, colours.panel, colours.text),
        (&mut widgets.inactive, colours.raised, colours.text),
        (&mut widgets.hovered, colours.hovered, colours.text),
        (&mut widgets.active, colours.hovered, colours.text),
        (&mut widgets.open, colours.hovered, colours.text),
    ] {
        widget.bg_fill = fill;
        widget.weak_bg_fill = fill;
        widget.bg_stroke = Stroke::NONE;
        widget.fg_stroke = Stroke::new(1.0, text);
        widget.corner_radius = CornerRadius::same(6);
        widget.expansion = 0.0;
    }
    // The rails of sliders.
    widgets.inactive.bg_fill = colours.hovered;
    widgets.noninteractive.bg_stroke = Stroke::new(1.0, colours.hairline);
    widgets.active.bg_stroke = Stroke::new(1.0, colours.accent);
    visuals
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Contrast ratio of WCAG 2.1.
    fn contrast(a: Color32, b: Color32) -> f64 {
        let luminance = |colour: Color32| {
            let channel = |value: u8| {
                let v = f64::from(value) / 255.0;
                if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * channel(colour.r()) + 0.7152 * channel(colour.g()) + 0.0722 * channel(colour.b())
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_stands_out_at_least_four_and_a_half_to_one_in_both_themes() {
        for colours in [&DARK, &LIGHT] {
            for ground in [colours.canvas, colours.panel, colours.raised, colours.hovered] {
                for text in [colours.text, colours.dim, colours.warning, colours.failure] {
                    assert!(contrast(text, ground) >= 4.5, "{text:?} on {ground:?}: {:.2}", contrast(text, ground));
                }
            }
            assert!(contrast(colours.on_accent, colours.accent) >= 4.5);
        }
    }
}
