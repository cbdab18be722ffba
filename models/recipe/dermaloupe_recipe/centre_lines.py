"""Centre lines of masks by thinning: one pixel wide, in the middle, connected as the mask is."""

import numpy as np

# The eight neighbours clockwise from above, as (row, column).
NEIGHBOURS = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))


def deletion_tables():
    """For each of the two alternating passes, whether a pixel with these neighbours (one bit each) may go.

    Zhang and Suen, 'A fast parallel algorithm for thinning digital patterns', 1984.
    """
    tables = np.zeros((2, 256), bool)
    for code in range(256):
        p = [code >> bit & 1 for bit in range(8)]
        changes = sum(p[i] == 0 and p[(i + 1) % 8] == 1 for i in range(8))
        if 2 <= sum(p) <= 6 and changes == 1:
            above, right, below, left = p[0], p[2], p[4], p[6]
            tables[0, code] = not (above and right and below) and not (right and below and left)
            tables[1, code] = not (above and right and left) and not (above and below and left)
    return tables


DELETION_TABLES = deletion_tables()


def thin(mask):
    """The centre line of a mask, bool [H, W]."""
    padded = np.pad(np.asarray(mask, bool), 1).astype(np.uint8)
    flat = padded.ravel()
    offsets = [row * padded.shape[1] + column for row, column in NEIGHBOURS]
    foreground = np.flatnonzero(flat)
    changed = True
    while changed:
        changed = False
        for table in DELETION_TABLES:
            code = np.zeros(len(foreground), np.uint8)
            for bit, offset in enumerate(offsets):
                code |= flat[foreground + offset] << bit
            deleted = table[code]
            flat[foreground[deleted]] = 0
            foreground = foreground[~deleted]
            changed |= bool(deleted.any())
    return padded[1:-1, 1:-1].astype(bool)
