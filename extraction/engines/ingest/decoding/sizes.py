"""The size at which a page is decoded."""

# Pixels that a narrow page keeps on its short side, where type of a till roll is still 15 pixels high, and the longest
# side of such a page.
NARROW_SIDE, LONGEST_NARROW = 640, 12_000


def long_side(width: float, height: float, longest: int) -> int:
    """Pixels of the long side of a page of this shape: `longest`, and more for a roll that would become too narrow."""
    shape = max(width, height) / max(min(width, height), 1e-6)
    return max(longest, min(round(NARROW_SIDE * shape), LONGEST_NARROW))
