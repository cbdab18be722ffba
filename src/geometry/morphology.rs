//! Growing, shrinking and smoothing by exact Euclidean distance between pixel centres.
//!
//! Growing by `r` takes in every pixel at most `r` from lesion; shrinking gives up every pixel at most `r` from
//! background. Outside the photo is neither, so a lesion that runs out of the photo does not shrink from its border.

use super::boundary::{outer_boundary, surface};
use super::distance::NearestSite;
use crate::mask::Mask;

/// Takes in every pixel at most `by_px` from lesion.
pub fn grow(mask: &mut Mask, by_px: u32) {
    let sites = surface(mask);
    set_within(mask, &sites, by_px, 1);
}

/// Gives up every lesion pixel at most `by_px` from background.
pub fn shrink(mask: &mut Mask, by_px: u32) {
    let sites = outer_boundary(mask);
    set_within(mask, &sites, by_px, 0);
}

/// Takes away what is narrower than a disc of `radius_px`.
pub fn open(mask: &mut Mask, radius_px: u32) {
    shrink(mask, radius_px);
    grow(mask, radius_px);
}

/// Fills in what is narrower than a disc of `radius_px` between lesion.
pub fn close(mask: &mut Mask, radius_px: u32) {
    grow(mask, radius_px);
    shrink(mask, radius_px);
}

/// An opening and a closing.
pub fn smooth(mask: &mut Mask, radius_px: u32) {
    open(mask, radius_px);
    close(mask, radius_px);
}

fn set_within(mask: &mut Mask, sites: &[[u32; 2]], reach_px: u32, value: u8) {
    if sites.is_empty() || reach_px == 0 {
        return;
    }
    let [width, _] = mask.size();
    let size = mask.size();
    let pixels = mask.pixels_mut();
    NearestSite::each_within(sites, f64::from(reach_px), size, |[x, y]| {
        pixels[y as usize * width as usize + x as usize] = value;
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pixel_grows_to_a_disc_and_shrinks_back() {
        let mut mask = Mask::empty([9, 9]);
        mask.pixels_mut()[4 * 9 + 4] = 1;
        let pixel = mask.clone();
        grow(&mut mask, 2);
        assert_eq!(mask.area_px(), 13, "x² + y² <= 4");
        shrink(&mut mask, 2);
        assert_eq!(mask, pixel);
    }

    #[test]
    fn the_photos_border_is_no_background() {
        let mut mask = Mask::new(6, 4, [1, 1, 1, 0, 0, 0].repeat(4));
        shrink(&mut mask, 1);
        assert_eq!(mask, Mask::new(6, 4, [1, 1, 0, 0, 0, 0].repeat(4)));
        let mut full = Mask::new(6, 4, vec![1; 24]);
        shrink(&mut full, 3);
        assert_eq!(full.area_px(), 24);
    }

    #[test]
    fn smoothing_takes_a_hair_and_fills_a_crack() {
        let (width, height) = (40, 40);
        let mut pixels = vec![0; width * height];
        for y in 10..30 {
            for x in 10..30 {
                pixels[y * width + x] = u8::from(!(x == 20 && y < 20));
            }
        }
        (0..10).for_each(|x| pixels[15 * width + x] = 1);
        let mut mask = Mask::new(width as u32, height as u32, pixels);
        smooth(&mut mask, 3);
        assert!(!mask.is_set(4, 15), "the hair is gone");
        assert!(mask.is_set(20, 16), "the crack is filled");
        assert!(mask.is_set(15, 15) && mask.is_set(28, 20) && !mask.is_set(33, 20));
    }
}
