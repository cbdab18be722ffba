//! The dialog before a report is saved: whose lesion it is.

use eframe::egui::{self, Align, Id, Key, Layout, RichText, Role, Ui, WidgetInfo, vec2};

use super::context::ViewContext;
use super::widgets::{labelled_button_ui, text_field_ui};
use crate::app::command::Command;
use crate::app::command::action::Action;
use crate::app::command::change::ReportChange;
use crate::app::icons;
use crate::app::theme::{self, GRID};
use crate::tr;

/// Width of the fields' names.
const NAMES: f32 = 84.0;

pub(super) fn report_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let fields = context.state.report_fields.clone();
    let case = field_ui(ui, &tr!(language, "report-case"), fields.case, true);
    let patient = field_ui(ui, &tr!(language, "report-patient"), fields.patient, false);
    let is_entered = case.is_entered || patient.is_entered;
    for change in [case.changed.map(ReportChange::Case), patient.changed.map(ReportChange::Patient)] {
        change.into_iter().for_each(|change| context.send(Command::Report(change)));
    }
    ui.add_space(GRID);
    let hint = RichText::new(tr!(language, "report-fields-hint"));
    ui.label(hint.size(theme::SIZE_SMALL).color(theme::colours(ui).dim));
    ui.add_space(3.0 * GRID);
    ui.horizontal(|ui| {
        let save = labelled_button_ui(ui, icons::FLOPPY_DISK, &tr!(language, "report-save"));
        if save.clicked() || is_entered {
            context.send(Command::Report(ReportChange::Save));
        }
        if labelled_button_ui(ui, icons::X, &tr!(language, "report-cancel")).clicked() {
            context.send(Action::Dismiss);
        }
    });
}

/// What a person did in a field.
struct Typed {
    changed: Option<String>,
    is_entered: bool,
}

/// A name and its field; the first gets the focus when the dialog appears.
fn field_ui(ui: &mut Ui, name: &str, mut text: String, is_first: bool) -> Typed {
    ui.horizontal(|ui| {
        let dim = theme::colours(ui).dim;
        ui.allocate_ui_with_layout(vec2(NAMES, 28.0), Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_width(NAMES);
            ui.label(RichText::new(name).color(dim));
        });
        let id = Id::unique("report field").with(name);
        let field = egui::TextEdit::singleline(&mut text).id(id).desired_width(f32::INFINITY);
        let field = text_field_ui(ui, field.margin(vec2(8.0, 6.0)));
        field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, name));
        if is_first && ui.memory(|memory| memory.focused().is_none()) && !field.lost_focus() {
            field.request_focus();
        }
        let is_entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        Typed { changed: field.changed().then_some(text), is_entered }
    })
    .inner
}
