//! Sheets as PNG files with as few colours as they need, which are a third as large as with all of them.

use std::collections::HashMap;

use eframe::egui::{Color32, ColorImage};

/// Colours of a sheet: the first count of these with which no pixel is far from its own colour.
const COUNTS: [usize; 6] = [32, 48, 64, 96, 128, 256];

/// How far a channel may be from its own level: less than what counts as a change.
const MOST_LEVELS: u8 = 40;

/// The most frequent of them stay as they are: panels, which differ little, and words.
const KEPT_COLOURS: usize = 24;

/// A box of colours that are shown as one.
struct Group {
    /// Colours with how often each is there.
    colours: Vec<([u8; 3], usize)>,
}

impl Group {
    /// The channel in which its colours differ most, and by how much.
    fn widest(&self) -> (usize, u8) {
        let width = |part: usize| {
            let levels = || self.colours.iter().map(|(colour, _)| colour[part]);
            levels().max().unwrap_or(0) - levels().min().unwrap_or(0)
        };
        [0, 1, 2].map(|part| (part, width(part))).into_iter().max_by_key(|&(_, width)| width).unwrap_or_default()
    }

    /// Halves of about as many levels: what is rare counts as much as what is everywhere.
    fn split(mut self) -> [Self; 2] {
        let (part, _) = self.widest();
        self.colours.sort_unstable_by_key(|(colour, _)| (colour[part], *colour));
        let [least, most] = [0, self.colours.len() - 1].map(|place| u16::from(self.colours[place].0[part]));
        let middle = (least + most) / 2;
        let place = self.colours.partition_point(|(colour, _)| u16::from(colour[part]) <= middle);
        let upper = self.colours.split_off(place);
        [self, Self { colours: upper }]
    }

    /// Whether its colour can stand for all of them.
    fn is_narrow(&self) -> bool {
        let shown = self.colour();
        self.colours.iter().all(|(colour, _)| (0..3).all(|part| colour[part].abs_diff(shown[part]) <= MOST_LEVELS))
    }

    /// The colour that is there most often: panels and words keep theirs.
    fn colour(&self) -> [u8; 3] {
        self.colours
            .iter()
            .max_by_key(|&&(colour, count)| (count, colour))
            .map(|&(colour, _)| colour)
            .unwrap_or_default()
    }
}

fn groups(picture: &ColorImage, most: usize) -> Vec<Group> {
    let mut counts: HashMap<[u8; 3], usize> = HashMap::new();
    for pixel in &picture.pixels {
        *counts.entry([pixel.r(), pixel.g(), pixel.b()]).or_default() += 1;
    }
    let mut colours: Vec<_> = counts.into_iter().collect();
    colours.sort_unstable_by_key(|&(colour, count)| (std::cmp::Reverse(count), colour));
    let others = colours.split_off(colours.len().min(KEPT_COLOURS));
    let mut groups: Vec<Group> = colours.into_iter().map(|colour| Group { colours: vec![colour] }).collect();
    if !others.is_empty() {
        groups.push(Group { colours: others });
    }
    while groups.len() < most {
        let widest = (0..groups.len()).max_by_key(|&place| (groups[place].widest().1, usize::MAX - place));
        let Some(place) = widest.filter(|&place| groups[place].widest().1 > 0) else { break };
        let halves = groups.swap_remove(place).split();
        groups.extend(halves);
    }
    groups
}

/// The picture as a PNG with a palette.
pub fn encoded(picture: &ColorImage) -> Vec<u8> {
    let candidates = COUNTS.map(|count| groups(picture, count));
    let last = candidates.len() - 1;
    let enough = candidates.iter().position(|groups| groups.iter().all(Group::is_narrow)).unwrap_or(last);
    let groups = &candidates[enough];
    let places: HashMap<[u8; 3], u8> = groups
        .iter()
        .enumerate()
        .flat_map(|(place, group)| group.colours.iter().map(move |&(colour, _)| (colour, place as u8)))
        .collect();
    let indices: Vec<u8> = picture.pixels.iter().map(|pixel| places[&[pixel.r(), pixel.g(), pixel.b()]]).collect();
    let mut bytes = Vec::new();
    let [width, height] = picture.size.map(|side| side as u32);
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::NoFilter);
    encoder.set_palette(groups.iter().flat_map(Group::colour).collect::<Vec<u8>>());
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(&indices).expect("the picture is whole");
    writer.finish().expect("it ends");
    bytes
}

/// The picture of such a PNG.
pub fn decoded(bytes: &[u8]) -> ColorImage {
    let picture = image::load_from_memory(bytes).expect("a committed sheet is a picture").into_rgb8();
    let size = [picture.width() as usize, picture.height() as usize];
    ColorImage::new(size, picture.pixels().map(|pixel| Color32::from_rgb(pixel[0], pixel[1], pixel[2])).collect())
}
