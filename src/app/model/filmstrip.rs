//! Where the filmstrip stands.

/// Where the filmstrip stands. It follows the selected photo only when another was selected, so that a person can look
/// through it meanwhile.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Filmstrip {
    /// How far it is scrolled, in points.
    pub offset: f32,
    /// The photo that it followed last, by its place in the list.
    pub followed: Option<usize>,
}

impl Filmstrip {
    /// Where to scroll so that `selected`, whose thumbnail begins at `top`, is in sight of `room` points; none where it
    /// is, or where it was followed already.
    #[must_use]
    pub fn offset_to(&self, selected: usize, top: f32, row: f32, room: f32) -> Option<f32> {
        let is_in_sight = top >= self.offset && top + row <= self.offset + room;
        (self.followed != Some(selected) && !is_in_sight).then_some((top - (room - row) / 2.0).max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strip_follows_another_photo_once_and_only_where_it_is_out_of_sight() {
        let strip = Filmstrip { offset: 100.0, followed: Some(3) };
        assert_eq!(strip.offset_to(3, 900.0, 100.0, 400.0), None, "a person scrolled away from it");
        assert_eq!(strip.offset_to(2, 200.0, 100.0, 400.0), None, "it is in sight");
        assert_eq!(strip.offset_to(9, 900.0, 100.0, 400.0), Some(750.0));
        assert_eq!(strip.offset_to(0, 0.0, 100.0, 400.0), Some(0.0));
    }
}
