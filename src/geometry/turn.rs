//! [`Turn`]: the eight ways to turn and mirror a picture so that its sides stay upright.

/// One of the eight: the sides may change places, and then each axis may run backwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    swaps_sides: bool,
    /// Of the picture before, along x and along y.
    is_backwards: [bool; 2],
}

impl Turn {
    /// All eight, the picture as it is first.
    pub const ALL: [Self; 8] = {
        let mut all = [Self { swaps_sides: false, is_backwards: [false; 2] }; 8];
        let mut index = 0;
        while index < 8 {
            all[index] = Self { swaps_sides: index >= 4, is_backwards: [index & 1 == 1, index & 2 == 2] };
            index += 1;
        }
        all
    };

    /// Whether width and height change places.
    #[must_use]
    pub fn swaps_sides(self) -> bool {
        self.swaps_sides
    }

    /// The turn that leads back.
    #[must_use]
    pub fn inverse(self) -> Self {
        let [x, y] = self.is_backwards;
        if self.swaps_sides { Self { is_backwards: [y, x], ..self } } else { self }
    }

    /// A picture of `[width, height]` with `channels` values a pixel, row by row, after the turn: its size and values.
    ///
    /// # Panics
    /// When the length does not fit the size.
    #[must_use]
    pub fn applied<T: Copy>(
        self,
        values: &[T],
        [width, height]: [usize; 2],
        channels: usize,
    ) -> ([usize; 2], Vec<T>) {
        assert_eq!(values.len(), width * height * channels, "one value a pixel and channel");
        let size = if self.swaps_sides { [height, width] } else { [width, height] };
        let along = |place: usize, side: usize, axis: usize| {
            if self.is_backwards[axis] { side - 1 - place } else { place }
        };
        let mut turned = Vec::with_capacity(values.len());
        for y in 0..size[1] {
            for x in 0..size[0] {
                let [x, y] = if self.swaps_sides { [y, x] } else { [x, y] };
                let from = (along(y, height, 1) * width + along(x, width, 0)) * channels;
                turned.extend_from_slice(&values[from..from + channels]);
            }
        }
        (size, turned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eight_are_those_of_numpy() {
        let turned = |turn: Turn| turn.applied(&[1, 2, 3, 4, 5, 6], [3, 2], 1);
        // numpy.rot90 and numpy.fliplr of [[1, 2, 3], [4, 5, 6]], each once.
        let expected: [([usize; 2], [i32; 6]); 8] = [
            ([3, 2], [1, 2, 3, 4, 5, 6]),
            ([3, 2], [3, 2, 1, 6, 5, 4]),
            ([3, 2], [4, 5, 6, 1, 2, 3]),
            ([3, 2], [6, 5, 4, 3, 2, 1]),
            ([2, 3], [1, 4, 2, 5, 3, 6]),
            ([2, 3], [3, 6, 2, 5, 1, 4]),
            ([2, 3], [4, 1, 5, 2, 6, 3]),
            ([2, 3], [6, 3, 5, 2, 4, 1]),
        ];
        for (turn, (size, values)) in Turn::ALL.into_iter().zip(expected) {
            assert_eq!(turned(turn), (size, values.to_vec()), "{turn:?}");
        }
    }

    #[test]
    fn each_leads_back_by_its_inverse_with_channels_kept_together() {
        let picture: Vec<u8> = (0..5 * 4 * 3).collect();
        for turn in Turn::ALL {
            let (size, turned) = turn.applied(&picture, [5, 4], 3);
            assert_eq!(turn.inverse().applied(&turned, size, 3), ([5, 4], picture.clone()), "{turn:?}");
        }
    }
}
