//! [`Area`]: a rectangle of a photo's pixels.

/// Pixels from `left`, `top` up to but not including `right`, `bottom`. Never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// First column.
    pub left: u32,
    /// First row.
    pub top: u32,
    /// The column after the last.
    pub right: u32,
    /// The row after the last.
    pub bottom: u32,
}

impl Area {
    /// All of a photo of `size`.
    #[must_use]
    pub fn whole(size: [u32; 2]) -> Self {
        Self { left: 0, top: 0, right: size[0], bottom: size[1] }
    }

    /// Grows to hold `other` too.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// What both have.
    #[must_use]
    pub fn shared(self, other: Self) -> Option<Self> {
        let shared = Self {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        };
        (shared.left < shared.right && shared.top < shared.bottom).then_some(shared)
    }

    /// `[width, height]`.
    #[must_use]
    pub fn size(self) -> [u32; 2] {
        [self.right - self.left, self.bottom - self.top]
    }

    /// Whether a point in photo coordinates lies in it or on its border.
    #[must_use]
    pub fn holds(self, point: [f32; 2]) -> bool {
        let [x, y] = point;
        x >= self.left as f32 && x <= self.right as f32 && y >= self.top as f32 && y <= self.bottom as f32
    }
}

/// The smallest area that holds two that may not be there.
pub(super) fn both(one: Option<Area>, other: Option<Area>) -> Option<Area> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.with(other)),
        (one, other) => one.or(other),
    }
}
