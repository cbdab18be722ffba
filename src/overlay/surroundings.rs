//! The skin around the lesion, as one colour: what a legend's colours are drawn over, as the layer's are over the photo.

use crate::mask::ProbabilityMap;
use crate::overlay::palette::Rgb;
use crate::photo::Photo;

/// Places a side that are looked at: hairs and a dark corner of the photo do not move a median of them.
const PLACES: u32 = 96;

/// Below this probability a pixel is skin.
const SKIN: f32 = 0.1;

/// The median of each channel where the network sees skin; of the whole photo where it sees none.
#[must_use]
pub fn of_lesion(photo: &Photo, map: &ProbabilityMap) -> Rgb {
    let [width, height] = photo.size();
    let places = |side: u32| (0..PLACES).map(move |step| ((step * 2 + 1) * side) / (2 * PLACES));
    let points: Vec<[u32; 2]> = places(height).flat_map(|y| places(width).map(move |x| [x, y])).collect();
    let is_skin = |&&[x, y]: &&[u32; 2]| map.at(x, y).is_some_and(|probability| probability < SKIN);
    let skin: Vec<Rgb> = points.iter().filter(is_skin).filter_map(|&[x, y]| photo.pixel(x, y)).collect();
    let all = || points.iter().filter_map(|&[x, y]| photo.pixel(x, y)).collect();
    median(if skin.is_empty() { all() } else { skin })
}

fn median(mut colours: Vec<Rgb>) -> Rgb {
    let middle = colours.len() / 2;
    [0, 1, 2].map(|channel| {
        colours.sort_unstable_by_key(|rgb| rgb[channel]);
        colours.get(middle).map_or(0, |rgb| rgb[channel])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::PhotoSource;

    /// Skin with a lesion in the right half, and a few dark hairs.
    fn photo() -> Photo {
        let pixel = |index: u32| match (index % 200, index % 13) {
            (100.., _) => [80, 50, 40],
            (_, 0) => [10, 10, 10],
            _ => [220, 170, 150],
        };
        Photo::from_rgb(200, 100, (0..200 * 100).flat_map(pixel).collect(), PhotoSource::BuiltIn("skin"))
    }

    #[test]
    fn neither_the_lesion_nor_hairs_change_the_colour_of_the_skin() {
        let map = ProbabilityMap::new([4, 1], vec![0.0, 0.02, 0.9, 1.0], [200, 100]);
        assert_eq!(of_lesion(&photo(), &map), [220, 170, 150]);
    }

    #[test]
    fn where_all_is_lesion_the_photo_has_the_say() {
        let map = ProbabilityMap::new([1, 1], vec![1.0], [200, 100]);
        assert_eq!(of_lesion(&photo(), &map), [80, 50, 40]);
    }
}
