//! One definition of a lesion's area wherever it is told: of four regions and a hole, the largest with the hole filled.

use crate::common::Workplace;
use crate::network_faults::{index, network, node, number, place_with};
use crate::report_pdf::text_of;
use serde_json::Value;

const SIDE: u32 = 256;

/// Left, top, width and height of the regions, the largest first, and of the hole in it.
const REGIONS: [[u32; 4]; 4] = [[60, 60, 100, 80], [10, 10, 30, 30], [200, 20, 10, 10], [20, 200, 5, 5]];
const HOLE: [u32; 4] = [100, 90, 20, 20];

/// Of the largest region, its hole filled.
const AREA: u64 = 100 * 80;
/// Of all regions, without the hole.
const MASK: u64 = 100 * 80 - 20 * 20 + 30 * 30 + 10 * 10 + 5 * 5;

fn is_lesion(x: u32, y: u32) -> bool {
    let holds = |[left, top, width, height]: &[u32; 4]| {
        (*left..left + width).contains(&x) && (*top..top + height).contains(&y)
    };
    REGIONS.iter().any(holds) && !holds(&HOLE)
}

/// A photo of dark regions on skin, the mask of it, and a network that takes what is dark for lesion.
fn place() -> Workplace {
    let nodes = vec![
        node("Slice", &["x", "zero_index", "one_index", "one_index"], "red"),
        node("Sub", &["one", "red"], "y"),
    ];
    let graph = network(nodes, vec![index("zero_index", 0), index("one_index", 1), number("one", 1.0)]);
    let place = place_with("dark", &graph);
    let path = place.path("models/dark/card.json");
    let mut card: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    card["input"]["mean"] = serde_json::json!([0.0, 0.0, 0.0]);
    card["input"]["std"] = serde_json::json!([255.0, 255.0, 255.0]);
    std::fs::write(&path, card.to_string()).unwrap();
    let skin = |x, y| image::Rgb(if is_lesion(x, y) { [30, 20, 20] } else { [230, 190, 170] });
    for folder in ["photos", "masks"] {
        std::fs::create_dir(place.path(folder)).unwrap();
    }
    image::RgbImage::from_fn(SIDE, SIDE, skin).save(place.path("photos/four.png")).unwrap();
    let mask = image::GrayImage::from_fn(SIDE, SIDE, |x, y| image::Luma([if is_lesion(x, y) { 255 } else { 0 }]));
    mask.save(place.path("masks/four.png")).unwrap();
    place
}

const NETWORK: &str = "--models models --model dark --engine rten";

fn cell(csv: &str, column: &str) -> String {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let place = reader.headers().unwrap().iter().position(|header| header == column);
    let place = place.unwrap_or_else(|| panic!("no {column} in {csv}"));
    reader.records().next().unwrap().unwrap()[place].to_owned()
}

#[test]
fn every_command_gives_the_area_of_the_largest_region_and_says_of_how_many() {
    let place = place();
    let row = |line: &str| place.run(&format!("{line} {NETWORK} --json")).went_well().json_lines().remove(0);
    let counts = |row: &Value| [&row["regions"], &row["mask_px"]].map(|count| count.as_u64().unwrap());
    let segmented = row("segment photos --out o");
    assert_eq!((segmented["area_px"].as_u64(), counts(&segmented)), (Some(AREA), [4, MASK]), "{segmented}");
    let share = segmented["lesion_share"].as_f64().unwrap();
    assert!((share * f64::from(SIDE * SIDE) - AREA as f64).abs() < 1e-6, "{share}");
    let reported = row("report photos --csv r.csv --pdf r.pdf");
    assert_eq!((reported["measures"]["area_px"].as_f64(), counts(&reported)), (Some(AREA as f64), [4, MASK]));
    let csv = std::fs::read_to_string(place.path("r.csv")).unwrap();
    let cells = ["area_px", "regions", "mask_px"].map(|column| cell(&csv, column));
    assert_eq!(cells, ["8000.0".to_owned(), "4".into(), MASK.to_string()]);
    let page = text_of(&place.path("r.pdf")).replace('\u{2009}', " ");
    for words in ["8 000 px²", "area, largest of 4 regions", "Figures are of the largest of 4 regions."] {
        assert!(page.contains(words), "{words} is not in\n{page}");
    }
    place.run(&format!("evaluate --images photos --masks masks --csv e.csv {NETWORK}")).went_well();
    let csv = std::fs::read_to_string(place.path("e.csv")).unwrap();
    let cells = ["area_px", "regions", "mask_px"].map(|column| cell(&csv, column));
    assert_eq!(cells, [AREA, 4, MASK].map(|count| count.to_string()));
}

#[test]
fn every_table_gives_it_too() {
    let place = place();
    for line in ["segment photos --out o", "report photos"] {
        let table = place.run(&format!("{line} {NETWORK}")).went_well().stdout;
        assert!(table.contains("largest of 4 regions"), "{table}");
        assert!(table.contains(if line.starts_with("report") { " 8 000 px² " } else { " 8000 " }), "{table}");
        assert!(!table.contains(&MASK.to_string()), "{table}");
    }
    let line = format!("export photos --format coco --out c.json {NETWORK}");
    let row = place.run(&line).went_well().stdout;
    let expected = format!("four.png: 4 regions, 1 hole, area {AREA} px² of the largest region, mask {MASK} px");
    assert_eq!(row.trim_end(), expected);
    let annotations: Value = serde_json::from_slice(&std::fs::read(place.path("c.json")).unwrap()).unwrap();
    assert_eq!(annotations["annotations"].as_array().map(Vec::len), Some(4));
}

#[test]
#[cfg(feature = "window")]
fn the_window_shows_it_in_the_panel_and_beside_each_side() {
    use crate::common_window::Bench;
    use dermaloupe::app::command::action::Action;
    let place = place();
    let mut bench = Bench::open_with(|options| {
        options.paths = vec![place.path("photos/four.png")];
        options.models = Some(place.path("models"));
        options.model = Some("dark".into());
    });
    let measured = bench.state().current.fresh_measures().expect("it is measured").clone();
    assert_eq!((measured.shape.as_ref().unwrap().area_px, measured.regions), (AREA as f64, 4));
    assert!(bench.shows("8\u{2009}000") && bench.shows("px²"));
    assert!(bench.shows("Figures are of the largest of 4 regions."));
    bench.send(Action::Compare.into());
    let side = bench.state().comparing.results[0].clone().expect("it is made").expect("it runs");
    assert_eq!((side.area_px, side.regions), (AREA, 4));
    assert!(bench.shows_part("8\u{2009}000 px²") && bench.shows_part("largest of 4 regions"));
}
