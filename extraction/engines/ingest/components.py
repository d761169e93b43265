"""Connected parts of a mask."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

# Top, left, bottom, right.
Bounds = tuple[int, int, int, int]


def components(mask: NDArray[np.bool_]) -> list[Bounds]:
    """Bounds of the groups of pixels that touch by a side; bottom and right are the first pixels outside."""
    labels, _ = ndimage.label(mask)
    return [(rows.start, columns.start, rows.stop, columns.stop) for rows, columns in ndimage.find_objects(labels)]
