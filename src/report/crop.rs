//! Which part of the photo the large picture shows: the lesion with a margin, in the shape of the room for it.

use crate::geometry::area::Area;
use crate::geometry::contour::Outline;

/// Around the lesion, as a share of its longer side: room for the numbers of the sectors.
const MARGIN: f64 = 0.22;

/// At least so many of the photo's pixels are shown across, so that a speck is not blown up to a few squares.
const LEAST_PX: f64 = 96.0;

/// The rectangle that holds all points of `outlines` within a photo of `size`, or none without a point.
pub(super) fn bounds(outlines: &[Outline], size: [u32; 2]) -> Option<Area> {
    let mut points = outlines.iter().flatten();
    let first = points.next()?;
    let [least, most] = points.fold([*first; 2], |[least, most], point| {
        [
            [0, 1].map(|axis: usize| least[axis].min(point[axis])),
            [0, 1].map(|axis: usize| most[axis].max(point[axis])),
        ]
    });
    let within = |value: f32, axis: usize| (value.max(0.0) as u32).min(size[axis]);
    let found = Area {
        left: within(least[0].floor(), 0),
        top: within(least[1].floor(), 1),
        right: within(most[0].ceil(), 0),
        bottom: within(most[1].ceil(), 1),
    };
    (found.left < found.right && found.top < found.bottom).then_some(found)
}

/// `bounds` with a margin, `aspect` times as wide as high as far as the photo reaches.
pub(super) fn around(bounds: Area, photo: [u32; 2], aspect: f64) -> Area {
    let [width, height] = bounds.size().map(f64::from);
    let margin = MARGIN * width.max(height);
    let [width, height] = [width, height].map(|side| (side + 2.0 * margin).max(LEAST_PX));
    let (width, height) = (width.max(height * aspect), height.max(width / aspect));
    let centre = [
        f64::midpoint(bounds.left.into(), bounds.right.into()),
        f64::midpoint(bounds.top.into(), bounds.bottom.into()),
    ];
    let [left, right] = span(centre[0], width, photo[0]);
    let [top, bottom] = span(centre[1], height, photo[1]);
    Area { left, top, right, bottom }
}

/// `length` pixels around `centre`, moved into `0..whole`; all of it where it is shorter.
fn span(centre: f64, length: f64, whole: u32) -> [u32; 2] {
    let length = (length.round() as u32).clamp(1, whole);
    let first = (centre - f64::from(length) / 2.0).round().clamp(0.0, f64::from(whole - length)) as u32;
    [first, first + length]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(left: u32, top: u32, right: u32, bottom: u32) -> Area {
        Area { left, top, right, bottom }
    }

    #[test]
    fn the_lesion_is_in_the_middle_with_a_margin() {
        let found = around(area(1000, 1000, 1400, 1200), [4000, 3000], 1.2);
        assert_eq!((found.left, found.right), (912, 1488));
        assert_eq!((found.top, found.bottom), (860, 1340));
    }

    #[test]
    fn at_the_photos_edge_it_is_moved_inwards_and_a_small_photo_is_shown_whole() {
        let found = around(area(0, 0, 400, 300), [4000, 3000], 1.0);
        assert_eq!((found.left, found.top, found.size()), (0, 0, [576, 576]));
        assert_eq!(around(area(10, 10, 60, 40), [64, 48], 1.2), Area::whole([64, 48]));
        assert_eq!(around(area(500, 500, 501, 501), [4000, 3000], 1.0).size(), [96, 96], "a speck");
    }

    #[test]
    fn bounds_hold_every_point() {
        let outlines = [vec![[3.5, 4.0], [9.2, 4.0], [5.0, 8.5]], vec![[1.0, 20.0]]];
        assert_eq!(bounds(&outlines, [100, 100]), Some(area(1, 4, 10, 20)));
        assert_eq!(bounds(&[], [100, 100]), None);
    }
}
