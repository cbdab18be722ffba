//! What the checks of capture quality measure in photographs, as CSV: `quality_values FOLDER...`. The recipe's
//! quality_curves.py draws from it how the thresholds were set.

use std::path::Path;

use dermaloupe::photo_files;
use dermaloupe::quality::{CaptureQuality, QualityCheck};
use strum::VariantArray as _;

fn main() -> anyhow::Result<()> {
    let keys: Vec<&str> = QualityCheck::VARIANTS.iter().map(|check| check.key()).collect();
    println!("file,{},quality", keys.join(","));
    for folder in std::env::args().skip(1) {
        for path in photo_files::in_folder(Path::new(&folder))? {
            let quality = CaptureQuality::of(&dermaloupe::decode::photo_file(&path)?);
            let values = QualityCheck::VARIANTS
                .iter()
                .map(|&check| quality.value(check).map(|value| format!("{value:.5}")).unwrap_or_default());
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            println!("{name},{},{}", values.collect::<Vec<_>>().join(","), quality.keys());
        }
    }
    Ok(())
}
