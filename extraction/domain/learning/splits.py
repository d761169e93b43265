"""Split of a document, by its content alone: the same on every machine and in any order."""

from typing import Literal

SplitName = Literal["train", "validation", "test"]


def split_of(sha256: str) -> SplitName:
    """80 % train, 10 % validation, 10 % test. `sha256` is the content hash, in hex."""
    share = _share(sha256[:8])
    if share < 0.8:
        return "train"
    return "validation" if share < 0.9 else "test"


def held_out(sha256: str) -> bool:
    """Whether a training document is of the tenth that is held out of training where no validation documents exist.

    Other digits of the hash decide than in `split_of`: among its train documents the share is a tenth too.
    """
    return _share(sha256[8:16]) < 0.1


def _share(digits: str) -> float:
    return int(digits, 16) / float(1 << 4 * len(digits))
