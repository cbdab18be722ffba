//! The convex hull of points, by Andrew's monotone chain (1979).

/// Corners of the convex hull of `points`, in order around it; points along its sides are none.
pub(crate) fn convex_hull(mut points: Vec<[i64; 2]>) -> Vec<[i64; 2]> {
    points.sort_unstable();
    points.dedup();
    let mut hull = half(points.iter());
    hull.extend(half(points.iter().rev()));
    hull
}

/// One half of the hull, without its last corner: the other half begins with it.
fn half<'a>(points: impl Iterator<Item = &'a [i64; 2]>) -> Vec<[i64; 2]> {
    let mut chain: Vec<[i64; 2]> = Vec::new();
    for &point in points {
        while chain.len() > 1 && cross(chain[chain.len() - 2], chain[chain.len() - 1], point) <= 0 {
            chain.pop();
        }
        chain.push(point);
    }
    chain.pop();
    chain
}

/// Twice the area of the triangle, positive where it turns left (y grows upwards).
fn cross(origin: [i64; 2], one: [i64; 2], other: [i64; 2]) -> i64 {
    (one[0] - origin[0]) * (other[1] - origin[1]) - (one[1] - origin[1]) * (other[0] - origin[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_stay_and_what_lies_within_or_along_a_side_goes() {
        let points = vec![[0, 0], [2, 0], [4, 0], [4, 3], [0, 3], [1, 1], [0, 2], [2, 0]];
        assert_eq!(convex_hull(points), [[0, 0], [4, 0], [4, 3], [0, 3]]);
    }
}
