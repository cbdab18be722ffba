//! The second look at small lesions: whether it is taken, and that the outline on the canvas comes from one.

use eframe::egui::{RichText, Ui};

use super::context::ViewContext;
use crate::app::command::action::Action;
use crate::app::theme;
use crate::measure::shown_figure::grouped;
use crate::tr;

/// Whether the network looks again at small lesions, and what that gained; it cannot be chosen where it was not measured, and
/// there is nothing of it for vessels.
pub(super) fn second_look_ui(ui: &mut Ui, context: &mut ViewContext<'_>) {
    let language = context.language();
    let network = &context.state.network;
    let card = &network.model.card;
    if card.meaning().is_vessels() {
        return;
    }
    let mut hint = context.hint(Action::ToggleSecondLook);
    let facts = card.optional.second_look.as_ref();
    // Of the sets the largest: it says most.
    let gain = facts.and_then(|facts| facts.measured.iter().max_by_key(|gain| gain.n));
    if let Some(gain) = gain {
        let measured = tr!(
            language,
            "second-look-gain",
            count = grouped(gain.n.into()),
            data = gain.photographs.clone(),
            again = grouped(gain.looked_again.into()),
            gain = format!("{:+.4}", gain.mean_iou_gain),
            smallest = format!("{:+.4}", gain.smallest_fifth_gain)
        );
        hint = format!("{hint}\n\n{measured}");
    }
    let mut takes = network.in_use().takes_second_look;
    ui.add_enabled_ui(facts.is_some(), |ui| {
        let missing = || tr!(language, "second-look-missing", title = card.title.clone());
        let choice = ui.checkbox(&mut takes, Action::ToggleSecondLook.label(language)).on_hover_text(hint);
        if choice.on_disabled_hover_text(missing()).changed() {
            context.send(Action::ToggleSecondLook);
        }
    });
}

/// That the outline on the canvas comes from a second look, and at what; nothing where it does not.
pub(super) fn second_look_taken_ui(ui: &mut Ui, context: &ViewContext<'_>) {
    let state = context.state;
    let look = state.current.segmentation.as_ref().and_then(|segmentation| segmentation.second_look);
    let facts = state.segmented_by().and_then(|model| model.card.optional.second_look.as_ref());
    let (Some(look), Some(facts), false) = (look, facts, state.shows_corrected()) else { return };
    let language = context.language();
    let [width, height] = look.size().map(|side| side.to_string());
    let share = format!("{}", (1e4 * facts.below_share).round() / 100.0);
    let hint = tr!(language, "second-look-taken-hint", share = share, width = width, height = height);
    let words = RichText::new(tr!(language, "second-look-taken")).size(theme::SIZE_SMALL);
    ui.label(words.color(theme::colours(ui).dim)).on_hover_text(hint);
}
