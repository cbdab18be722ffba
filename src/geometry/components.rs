//! The connected parts of a mask, numbered pixel by pixel.

use crate::mask::Mask;

/// Sets every 0 that the border cannot reach. The border must be 0.
pub(crate) fn fill_holes(pixels: &mut [u8], width: usize) {
    const OUTSIDE: u8 = 2;
    let height = pixels.len() / width;
    let mut open = vec![0];
    pixels[0] = OUTSIDE;
    while let Some(index) = open.pop() {
        for next in neighbours(index, width, height).into_iter().flatten() {
            if pixels[next] == 0 {
                pixels[next] = OUTSIDE;
                open.push(next);
            }
        }
    }
    for pixel in pixels {
        *pixel = u8::from(*pixel != OUTSIDE);
    }
}

/// The pixels left, right, above and below.
fn neighbours(index: usize, width: usize, height: usize) -> [Option<usize>; 4] {
    let (x, y) = (index % width, index / width);
    [
        (x > 0).then(|| index - 1),
        (x + 1 < width).then_some(index + 1),
        (y > 0).then(|| index - width),
        (y + 1 < height).then_some(index + width),
    ]
}

/// The parts of a mask: a number a pixel, 0 for background.
pub(crate) struct Labels {
    pub(crate) labels: Vec<u32>,
    pub(crate) parts: Vec<Part>,
}

pub(crate) struct Part {
    pub(crate) area: u64,
    pub(crate) least: [u32; 2],
    pub(crate) most: [u32; 2],
}

impl Labels {
    pub(crate) fn of(mask: &Mask) -> Self {
        let [width, height] = mask.size().map(|side| side as usize);
        let mut found = Self { labels: vec![0; width * height], parts: Vec::new() };
        let mut open = Vec::new();
        for start in 0..width * height {
            if mask.pixels()[start] == 0 || found.labels[start] != 0 {
                continue;
            }
            let label = found.parts.len() as u32 + 1;
            let mut part = Part { area: 0, least: [u32::MAX; 2], most: [0; 2] };
            found.labels[start] = label;
            open.push(start);
            while let Some(index) = open.pop() {
                part.add([(index % width) as u32, (index / width) as u32]);
                for next in neighbours(index, width, height).into_iter().flatten() {
                    if mask.pixels()[next] == 1 && found.labels[next] == 0 {
                        found.labels[next] = label;
                        open.push(next);
                    }
                }
            }
            found.parts.push(part);
        }
        found
    }
}

impl Part {
    fn add(&mut self, pixel: [u32; 2]) {
        self.area += 1;
        self.least = [self.least[0].min(pixel[0]), self.least[1].min(pixel[1])];
        self.most = [self.most[0].max(pixel[0]), self.most[1].max(pixel[1])];
    }
}
