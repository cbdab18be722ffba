//! The program built without the feature `window`.

use crate::common::Workplace;

#[test]
fn a_build_without_a_window_says_in_a_sentence_how_to_have_one() {
    let place = Workplace::new();
    for line in ["", "photo.jpg", "kiosk"] {
        let run = place.run(line).was_refused();
        assert_eq!(run.stderr.lines().count(), 1, "{run:?}");
        run.says(&["this build has no window", "cargo build --release"], "'dermaloupe --help'");
    }
}
