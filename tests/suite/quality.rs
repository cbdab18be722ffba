//! Capture quality in the rows of commands; the photographs are the window's tests' too.

use std::path::Path;

use image::RgbImage;

use crate::common::{Workplace, root};

/// The first sample, changed: a file called `name` in `folder`.
fn phantom(folder: &Path, name: &str, change: impl Fn(RgbImage) -> RgbImage) {
    let sample = root().join("assets/sample/phantom2.jpg");
    let picture = image::open(sample).unwrap().to_rgb8();
    change(picture).save(folder.join(name)).unwrap();
}

fn dark(mut picture: RgbImage) -> RgbImage {
    picture.pixels_mut().flat_map(|pixel| &mut pixel.0).for_each(|level| *level /= 4);
    picture
}

/// With fifty dark hairs from side to side.
fn hairy(mut picture: RgbImage) -> RgbImage {
    let (width, height) = picture.dimensions();
    for hair in 0..50_u32 {
        for x in 0..width {
            let slope = f64::from(hair % 7) - 3.0;
            let y = f64::from(hair) / 50.0 * f64::from(height) + slope * 0.08 * f64::from(x);
            for row in y as i64..=(y + f64::from(width) / 250.0) as i64 {
                if (0..i64::from(height)).contains(&row) {
                    picture.put_pixel(x, row as u32, image::Rgb([45, 34, 30]));
                }
            }
        }
    }
    picture
}

/// Three photographs: one with nothing to remark, a dark and a hairy one.
pub(crate) fn draw_photos(folder: &Path) {
    phantom(folder, "1-plain.png", |picture| picture);
    phantom(folder, "2-dark.png", dark);
    phantom(folder, "3-hairy.png", hairy);
}

fn place() -> Workplace {
    let place = Workplace::new();
    std::fs::create_dir(place.path("photos")).unwrap();
    draw_photos(&place.path("photos"));
    place
}

fn column(csv: &Path, name: &str) -> Vec<String> {
    let mut table = csv::Reader::from_path(csv).unwrap();
    let place = table.headers().unwrap().iter().position(|column| column == name).unwrap();
    table.records().map(|row| row.unwrap()[place].to_owned()).collect()
}

#[test]
fn rows_of_commands_have_the_keys() {
    let place = place();
    let segmented = place.run("segment photos --json --out out").went_well().json_lines();
    let reported = place.run("report photos --json --csv rows.csv").went_well().json_lines();
    for rows in [&segmented, &reported] {
        let keys: Vec<Vec<&str>> = rows
            .iter()
            .map(|row| row["quality"].as_array().unwrap().iter().filter_map(|key| key.as_str()).collect())
            .collect();
        assert_eq!(keys.len(), 3);
        assert!(keys[0].is_empty() && keys[1].contains(&"too_dark") && keys[2].contains(&"hair"), "{keys:?}");
    }
    let expected = reported.iter().map(|row| {
        let keys = row["quality"].as_array().unwrap().iter().filter_map(|key| key.as_str());
        keys.collect::<Vec<_>>().join(" ")
    });
    assert_eq!(column(&place.path("rows.csv"), "quality"), expected.collect::<Vec<_>>());
}

#[test]
fn evaluate_has_them_in_a_column_of_its_csv() {
    let place = place();
    place.run("segment photos --out masks").went_well();
    place.run("evaluate --images photos --masks masks --csv rows.csv").went_well();
    let keys = column(&place.path("rows.csv"), "quality");
    assert!(keys[0].is_empty() && keys[1].contains("too_dark") && keys[2].contains("hair"), "{keys:?}");
}
