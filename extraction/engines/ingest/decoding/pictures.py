"""Picture files to pages, by the decoders of eight formats. Only the decoding process imports this."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pillow_heif
from PIL import AvifImagePlugin, Image, TiffImagePlugin, WebPImagePlugin  # noqa: F401  # registered by their import
from PIL.JpegImagePlugin import JpegImageFile

from extraction.domain.errors import gettext_noop
from extraction.engines.ingest import sniffing
from extraction.engines.ingest.decoding.picture_ends import with_end
from extraction.engines.ingest.decoding.pixels import page_of
from extraction.engines.ingest.decoding.sizes import long_side
from extraction.engines.ingest.limits import Limits, Refused, check_size

# `check_size` checks the header; Pillow's error above twice its own threshold stays as a second check.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)
# A broken EXIF block is ignored (see `orientation_of`).
warnings.filterwarnings("ignore", message="Corrupt EXIF data")
# One thread a picture: several cores serve several documents.
pillow_heif.register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False, aux_images=False)
AvifImagePlugin.DEFAULT_MAX_THREADS = 1

DAMAGED = gettext_noop("The picture is damaged or cut off.")
# Words in the messages of Pillow and libheif.
_OUT_OF_MEMORY = ("out of memory", "memory allocation")

_FORMATS = {
    sniffing.JPEG: "JPEG",
    sniffing.PNG: "PNG",
    sniffing.HEIC: "HEIF",
    sniffing.AVIF: "AVIF",
    sniffing.WEBP: "WEBP",
    sniffing.TIFF: "TIFF",
    sniffing.GIF: "GIF",
    sniffing.BMP: "BMP",
}
# Formats whose frames are pages; of an animation only the first frame is read.
_PAGED = (sniffing.TIFF, sniffing.HEIC)

# TIFF tags: the kind of a frame, and (offsets, lengths) of its strips and tiles.
_KIND, _REDUCED_OR_MASK = 254, 1 | 4
_STRIPS_AND_TILES = ((273, 279), (324, 325))


class Picture:
    """An open picture file; the sizes of all its pages are checked when it is opened.

    Raises `Refused` for one that is damaged, too large, too small or of too many pages.
    """

    def __init__(self, path: Path, media_type: str, limits: Limits) -> None:
        self._path, self._type, self._limits = path, media_type, limits
        with damage():
            _check_whole(path, media_type)
            self._image = self._open()
            try:
                self._frames = self._checked_frames()
            except BaseException:
                self._image.close()
                raise

    @property
    def pages(self) -> int:
        return len(self._frames)

    def check(self) -> None:
        """Raises `Refused` for damage that shows at a fraction of the cost of decoding."""
        with damage():
            if isinstance(self._image, JpegImageFile):
                self._image.draft("L", (64, 64))
                self._image.load()
            elif self._type == sniffing.PNG:
                self._image.verify()

    def page(self, number: int, longest: int) -> Image.Image:
        """Page `number` (from 0), upright, in RGB, at most `longest` pixels on a side. Raises `Refused`.

        A JPEG is decoded at the smallest scale (1, 1/2, 1/4, 1/8) whose long side is still at least `longest`: four
        times faster for a photo of twelve million pixels.
        """
        with damage():
            self._image.seek(self._frames[number])
            if isinstance(self._image, JpegImageFile):
                side = long_side(*self._image.size, longest)
                self._image.draft("RGB", (side, side))
            self._image.load()
            # Shrinking works in place, and a later page needs the file unchanged.
            return page_of(self._image.copy() if self.pages > 1 else self._image, longest)

    def close(self) -> None:
        self._image.close()

    def _open(self) -> Image.Image:
        try:
            whole = with_end(self._path, self._type)
            return Image.open(whole or self._path, formats=(_FORMATS[self._type],))
        except Image.DecompressionBombError:
            millions = self._limits.pixels // 1_000_000
            raise Refused(
                gettext_noop("The picture is too large (at most {millions} million pixels)."), millions=millions
            ) from None

    def _checked_frames(self) -> list[int]:
        if self._type not in _PAGED:
            check_size(*self._image.size, self._limits)
            return [0]
        frames: list[int] = []
        for frame in self._each_frame():
            if len(frames) == self._limits.pages:
                raise Refused(
                    gettext_noop("The file has more than {frames} pages; at most {most} are read."),
                    frames=len(frames),
                    most=self._limits.pages,
                )
            check_size(*self._image.size, self._limits)
            _check_strips(self._image, self._path.stat().st_size)
            frames.append(frame)
        if not frames:
            raise Refused(gettext_noop("The file holds no picture of a page."))
        return frames

    def _each_frame(self) -> Iterator[int]:
        """Numbers of the frames that are pages, without the small previews that scanners add; the file is at each."""
        frame = 0
        while True:
            try:
                self._image.seek(frame)
            except EOFError:
                return
            if not _tags(self._image).get(_KIND, 0) & _REDUCED_OR_MASK:
                yield frame
            frame += 1


@contextmanager
def damage() -> Iterator[None]:
    """Turn the errors of decoders, which all differ, into `Refused`, and those of missing memory into `MemoryError`."""
    try:
        yield
    except (Refused, MemoryError):
        raise
    except Exception as error:
        if any(words in str(error).lower() for words in _OUT_OF_MEMORY):
            raise MemoryError from error
        raise Refused(DAMAGED) from error


def _check_whole(path: Path, media_type: str) -> None:
    """Raises `Refused` for a file that is shorter than its header states, where decoding would be slow to notice."""
    ends: dict[str, Callable[[Path], int]] = {
        sniffing.HEIC: _end_of_boxes,
        sniffing.AVIF: _end_of_boxes,
        sniffing.WEBP: _end_of_riff,
    }
    if media_type in ends and ends[media_type](path) > path.stat().st_size:
        raise Refused(DAMAGED)


def _end_of_boxes(path: Path) -> int:
    """Offset in bytes at which the last box of a HEIF file ends."""
    size, place = path.stat().st_size, 0
    with path.open("rb") as file:
        while place < size:
            file.seek(place)
            head = file.read(16)
            length = int.from_bytes(head[:4], "big")
            if length == 0:  # to the end of the file
                return size
            if length == 1:
                length = int.from_bytes(head[8:16], "big")
            place += max(length, 8)
    return place


def _end_of_riff(path: Path) -> int:
    """Offset in bytes at which a RIFF file ends by its header."""
    with path.open("rb") as file:
        return int.from_bytes(file.read(8)[4:], "little") + 8


def _tags(image: Image.Image) -> "dict[int, int]":
    return getattr(image, "tag_v2", {})


def _check_strips(image: Image.Image, size: int) -> None:
    """Raises `Refused` for a TIFF page with a strip or tile beyond the end of a file of `size` bytes."""
    tags = _tags(image)
    for offsets, lengths in _STRIPS_AND_TILES:
        pairs = zip(_numbers(tags, offsets), _numbers(tags, lengths), strict=False)
        if any(start + length > size for start, length in pairs):
            raise Refused(DAMAGED)


def _numbers(tags: "dict[int, int]", tag: int) -> tuple[int, ...]:
    value = tags.get(tag, ())
    return value if isinstance(value, tuple) else (value,)
