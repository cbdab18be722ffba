//! Photographs and networks that the states need, in folders whose names are the same on every machine.

use std::path::{Path, PathBuf};

/// A folder of one state, made anew; the window calls it `~/photos/NAME`.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new("target/snapshots/photos").join(name);
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// A committed phantom as `name` in `folder`.
pub fn copy(folder: &Path, sample: &str, name: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::copy(Path::new("assets/sample").join(sample), &path).expect("it can be copied");
    path
}

/// Three phantoms, the first and the second with a reference.
pub fn three(name: &str) -> PathBuf {
    let folder = folder(name);
    for (sample, photo) in [("phantom2", "naevus 1"), ("phantom3", "naevus 2"), ("phantom", "naevus 3")] {
        copy(&folder, &format!("{sample}.jpg"), &format!("{photo}.jpg"));
        if sample != "phantom" {
            copy(&folder, &format!("{sample}_segmentation.png"), &format!("{photo}_segmentation.png"));
        }
    }
    folder
}

/// A picture of one colour.
pub fn flat(folder: &Path, name: &str, size: [u32; 2]) -> PathBuf {
    let path = folder.join(name);
    image::RgbImage::from_pixel(size[0], size[1], image::Rgb([222, 180, 160]))
        .save(&path)
        .expect("it can be written");
    path
}

/// A phantom with a fifth of its light.
pub fn dark(folder: &Path, name: &str) -> PathBuf {
    let path = folder.join(name);
    let mut phantom = image::open("assets/sample/phantom2.jpg").expect("the sample is here").into_rgb8();
    phantom.iter_mut().for_each(|level| *level /= 5);
    phantom.save(&path).expect("it can be written");
    path
}

/// A phantom of 20 megapixels: wider and higher than a texture may be.
pub fn large(folder: &Path) -> PathBuf {
    let path = folder.join("large.jpg");
    let phantom = image::open("assets/sample/phantom2.jpg").expect("the sample is here");
    phantom.resize_exact(5200, 3900, image::imageops::FilterType::Nearest).save(&path).expect("it can be written");
    path
}

/// A models folder with a network of the zoo under `name`; where `is_broken`, its card says another size of output, which
/// every engine refuses.
pub fn add_network(models: &Path, name: &str, threshold: f64, is_broken: bool) {
    let zoo = Path::new("models/zoo").join(dermaloupe::inference::Model::BUILT_IN);
    let folder = models.join(name);
    std::fs::create_dir_all(&folder).expect("a folder");
    let onnx = std::fs::read(zoo.join("model.onnx")).expect("the network is committed");
    let card = std::fs::read(zoo.join("card.json")).expect("the card is committed");
    let mut card: serde_json::Value = serde_json::from_slice(&card).expect("the card is JSON");
    card.as_object_mut().expect("a card is an object").remove("recommended");
    card["name"] = name.into();
    card["title"] = name.into();
    card["threshold"] = threshold.into();
    if is_broken {
        card["output"]["height"] = 64.into();
    }
    card["artefacts"] = serde_json::json!([{ "file": "model.onnx", "format": "onnx", "bytes": onnx.len(),
                                             "sha256": dermaloupe::decode::sha256_hex(&onnx) }]);
    std::fs::write(folder.join("card.json"), card.to_string()).expect("the card can be written");
    std::fs::write(folder.join("model.onnx"), onnx).expect("the network can be written");
}
