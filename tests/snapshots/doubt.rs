//! How sure the program is: a second network, the doubtful photographs first, and whether a photograph is fit to be judged.

use dermaloupe::app::command::Command;
use dermaloupe::app::command::action::Action;
use dermaloupe::app::command::change::ReviewChange;
use dermaloupe::app::model::list_order::ListOrder;

use crate::photos;
use crate::sheet::check_window;
use crate::stage::{SMALL, Stage, USUAL};

#[test]
fn second_network() {
    let mut stage = Stage::with_photos(USUAL, &[photos::three("second-network").join("naevus 3.jpg")]);
    stage.send(Action::ToggleSecond);
    stage.send(Action::ShowBand);
    check_window("second-network", stage);
}

#[test]
fn doubtful_first() {
    let folder = photos::three("doubtful-first");
    photos::flat(&folder, "skin.png", [320, 240]);
    let mut stage = Stage::with_photos(USUAL, &[folder]);
    stage.send(Action::LookThrough);
    stage.send(Action::Dismiss);
    stage.send(Command::Review(ReviewChange::Order(ListOrder::Doubt)));
    stage.send(Action::First);
    check_window("doubtful-first", stage);
}

#[test]
fn capture_quality() {
    let folder = photos::folder("capture-quality");
    let photo = photos::dark(&folder, "dark.png");
    check_window("capture-quality-small", Stage::with_photos(SMALL, &[photo]));
}
