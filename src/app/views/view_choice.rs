//! Which overlay is shown: the choices side by side, in the side panel and in the settings.

use strum::VariantArray as _;

use super::context::ViewContext;
use super::widgets::Segment;
use crate::app::command::action::Action;
use crate::overlay::view::OverlayView;
use crate::tr;

/// The choices; one that cannot be shown now says why. A network that knows no band has no choice of it.
pub(super) fn segments(context: &ViewContext<'_>) -> Vec<Segment<OverlayView>> {
    let has_band = context.state.network.model.card.optional.band.is_some();
    let shown = OverlayView::VARIANTS.iter().filter(|&&view| view != OverlayView::Band || has_band);
    shown.map(|&view| segment(context, view)).collect()
}

fn segment(context: &ViewContext<'_>, view: OverlayView) -> Segment<OverlayView> {
    let language = context.language();
    let state = context.state;
    let action = Action::from(view);
    let missing = match view {
        OverlayView::Error => (!state.has_reference()).then(|| tr!(language, "error-view-needs")),
        OverlayView::Band if state.shows_corrected() => Some(tr!(language, "band-not-of-corrected")),
        OverlayView::Band => state.comparing.is_on.then(|| tr!(language, "band-not-compared")),
        OverlayView::Outline | OverlayView::Fill | OverlayView::Heat | OverlayView::Off => None,
    };
    let enabled = missing.is_none();
    Segment {
        value: view,
        label: action.label(language),
        hint: missing.unwrap_or_else(|| context.hint(action)),
        enabled,
    }
}
