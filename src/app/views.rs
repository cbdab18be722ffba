//! What is drawn: one file a panel. Views read the state and send commands; they change nothing.

mod abcd;
mod abcd_panel;
mod agreement_table;
mod brush;
mod canvas;
mod canvas_controls;
mod certainty;
mod compare;
mod compared_side;
mod context;
mod corrected_mask;
mod dialogs;
mod diameters;
mod display;
mod figure_row;
mod filmstrip;
mod former;
mod kiosk;
mod kiosk_attract;
mod kiosk_button;
mod kiosk_countdown;
mod kiosk_foot;
mod kiosk_live;
mod kiosk_sizes;
mod labels;
mod layer;
mod legend;
mod lesion;
mod live;
mod live_bar;
mod marks;
mod messages;
mod navigation;
mod network_menu;
mod network_panel;
mod network_row;
mod no_lesion;
mod notices;
mod outline;
mod photo;
mod pointer_tool;
mod quality;
mod queue;
mod rail_icons;
mod report_dialog;
mod review;
mod review_marks;
mod ruler;
mod second_look;
mod section;
mod settings;
mod shortcuts;
mod side_panel;
mod status_bar;
mod steps;
mod strip;
mod swipe;
mod threshold;
mod tool_options;
mod tool_rail;
mod top_bar;
mod vessels;
mod view_choice;
mod widgets;

use eframe::egui;

pub(super) use self::context::ViewContext;
pub(super) use self::kiosk::kiosk_ui;
pub(super) use self::kiosk_live::kiosk_live_button;
pub(super) use self::network_menu::open as open_network_menu;
pub(super) use self::review::focus_note;
use super::model::geometry::Geometry;
use super::theme;

/// Draws the window; returns where the photo lies, or the camera's picture.
pub(super) fn window_ui(ui: &mut egui::Ui, context: &mut ViewContext<'_>) -> Option<Geometry> {
    let colours = theme::colours(ui);
    let bar = egui::Frame::new().fill(colours.panel).inner_margin(egui::Margin::symmetric(12, 0));
    let panels = context.state.panels;
    let is_live = context.state.live.is_on;
    if !panels.canvas_only {
        egui::Panel::top("top bar")
            .exact_size(theme::TOP_BAR_HEIGHT)
            .frame(bar)
            .show(ui, |ui| top_bar::top_bar_ui(ui, context));
        egui::Panel::bottom("status bar")
            .exact_size(theme::STATUS_BAR_HEIGHT)
            .frame(bar)
            .show(ui, |ui| status_bar::status_bar_ui(ui, context));
        if panels.filmstrip && context.state.entries.len() > 1 {
            egui::Panel::left("filmstrip")
                .resizable(false)
                .exact_size(theme::FILMSTRIP_WIDTH)
                .frame(egui::Frame::new().fill(colours.panel))
                .show(ui, |ui| filmstrip::filmstrip_ui(ui, context));
        }
        // Beside the photo, never over it: where there is no room for both, the table takes the side panel's place.
        let table = (context.state.comparing.table.is_open && !is_live)
            .then(|| agreement_table::width(context, ui.max_rect().width()));
        let room = ui.available_width() - table.unwrap_or_default() - theme::SIDE_PANEL_WIDTH;
        if panels.side && !is_live && (table.is_none() || room >= theme::LEAST_CANVAS_WIDTH) {
            egui::Panel::right("side panel")
                .resizable(false)
                .exact_size(theme::SIDE_PANEL_WIDTH)
                .frame(egui::Frame::new().fill(colours.panel))
                .show(ui, |ui| side_panel::side_panel_ui(ui, context));
        }
        if let Some(width) = table {
            egui::Panel::right("agreement table")
                .resizable(false)
                .exact_size(width)
                .frame(egui::Frame::new().fill(colours.panel))
                .show(ui, |ui| agreement_table::agreement_table_ui(ui, context));
        }
    }
    if is_live {
        let geometry = live_window_ui(ui, context);
        dialogs::dialogs_ui(ui, context);
        return geometry;
    }
    strip::strip_ui(ui, context);
    if context.state.correction.is_on {
        tool_rail::tool_rail_ui(ui, context);
        tool_options::tool_options_ui(ui, context);
    }
    let geometry = egui::CentralPanel::default()
        .frame(egui::Frame::new().fill(colours.canvas))
        .show(ui, |ui| canvas::canvas_ui(ui, context))
        .inner;
    dialogs::dialogs_ui(ui, context);
    geometry
}

/// The camera's picture with its bar, where the photo would be; returns where it lies.
fn live_window_ui(ui: &mut egui::Ui, context: &mut ViewContext<'_>) -> Option<Geometry> {
    let colours = theme::colours(ui);
    egui::Panel::bottom("live bar")
        .exact_size(live_bar::HEIGHT)
        .frame(egui::Frame::new().fill(colours.panel).inner_margin(egui::Margin::symmetric(12, 0)))
        .show(ui, |ui| live_bar::live_bar_ui(ui, context));
    egui::CentralPanel::default()
        .frame(egui::Frame::new().fill(colours.canvas))
        .show(ui, |ui| live::live_ui(ui, context))
        .inner
}
