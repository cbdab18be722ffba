//! Photographs that stopped the program, or are none by their length: they are passed over, and the next is shown.

use super::*;

#[test]
fn a_photograph_that_stopped_the_program_is_passed_over() {
    let bench = Bench::new("");
    bench.copy("a.jpg", "phantom2.jpg");
    bench.copy("b.jpg", "phantom3.jpg");
    let place = bench.close();
    // As a kiosk leaves it that was killed by the watchdog.
    let path = place.folder.path().join("usb/a.jpg");
    let kept = serde_json::json!({ "shown": path, "opening": path });
    std::fs::write(place.folder.path().join("run/kiosk.json"), kept.to_string()).expect("it can be written");
    let mut bench = Bench::start(place);
    // The sentence goes away by itself, before the other stands when the machine is busy.
    bench.until("it is said", |kiosk| {
        kiosk
            .screen()
            .banners()
            .iter()
            .any(|(words, _)| words.to_string().contains("restarted and skipped a photograph"))
    });
    bench.until("the other is there", |kiosk| kiosk.visitors() == 1 && kiosk.is_settled());
    assert_eq!(bench.name(), "b.jpg");
}

#[test]
fn a_photograph_that_stopped_the_program_while_its_copy_was_looked_at_is_passed_over_unread() {
    let bench = Bench::new("");
    bench.copy("a.jpg", "phantom2.jpg");
    bench.copy("b.jpg", "phantom3.jpg");
    let place = bench.close();
    let note = place.folder.path().join("run/kiosk-reading.json");
    let path = place.folder.path().join("usb/a.jpg");
    std::fs::write(&note, serde_json::json!(path).to_string()).expect("it can be written");
    let mut bench = Bench::start(place);
    bench.until("the other is there", |kiosk| kiosk.visitors() == 1 && kiosk.is_settled());
    assert_eq!(bench.name(), "b.jpg");
    let noted = std::fs::read_to_string(&note).expect("it is there");
    assert_eq!(noted, "null", "of the other one it was noted, and no more when it was read");
}

#[test]
fn a_photograph_of_six_gigabytes_is_said_and_the_next_one_goes() {
    let bench = Bench::new("");
    let file = std::fs::File::create(bench.usb().join("a.jpg")).expect("it can be made");
    file.set_len(6 << 30).expect("sparse");
    bench.copy("b.jpg", "phantom3.jpg");
    let mut bench = bench.reopen();
    bench.until("both are there", |kiosk| kiosk.visitors() == 2 && kiosk.is_settled());
    assert_eq!(bench.sentence(), "This photograph cannot be read");
    bench.click("Next");
    bench.until("the other is shown", Kiosk::is_settled);
    assert_eq!(bench.name(), "b.jpg");
}
