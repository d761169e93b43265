"""Files of pictures to pages. Decoders of seven formats run here: only `decoder` imports this module."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pillow_heif
from PIL import AvifImagePlugin, Image, TiffImagePlugin, WebPImagePlugin  # noqa: F401  # importing makes them known
from PIL.JpegImagePlugin import JpegImageFile

from extraction.engines.ingest.decoding.pixels import page_of
from extraction.engines.ingest.files import sniffing
from extraction.engines.ingest.files.limits import Limits, Refused, check_size

# Own limits are checked on the header; Pillow's error above twice its threshold stays as the net below.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)
# A broken EXIF block is passed over (see `orientation_of`).
warnings.filterwarnings("ignore", message="Corrupt EXIF data")
# Several cores are for several documents.
pillow_heif.register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False, aux_images=False)
AvifImagePlugin.DEFAULT_MAX_THREADS = 1

DAMAGED = "The picture is damaged or cut off."
# How Pillow and libheif say it.
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
# Whose frames are pages; of an animation, the first frame is the picture.
_PAGED = (sniffing.TIFF, sniffing.HEIC)

# TIFF: what kind of picture a frame is, and where its pieces lie.
_KIND, _REDUCED_OR_MASK = 254, 1 | 4
_PIECES = ((273, 279), (324, 325))


class Picture:
    """An open file of pictures; sizes of all its pages are checked when it is opened. Raises `Refused`."""

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

    def look(self) -> None:
        """Raises `Refused` for damage that shows at a fraction of the cost of decoding."""
        with damage():
            if isinstance(self._image, JpegImageFile):
                self._image.draft("L", (64, 64))
                self._image.load()
            elif self._type == sniffing.PNG:
                self._image.verify()

    def page(self, number: int, longest: int) -> Image.Image:
        """An upright RGB picture of at most `longest` pixels on a side.

        A JPEG is decoded at the smallest scale (1, 1/2, 1/4, 1/8) whose long side is still at least `longest`: four
        times faster for a photo of twelve million pixels.
        """
        with damage():
            self._image.seek(self._frames[number])
            if isinstance(self._image, JpegImageFile):
                self._image.draft("RGB", (longest, longest))
            self._image.load()
            # Making it smaller changes it, and a later page must find the file as it was.
            return page_of(self._image.copy() if self.pages > 1 else self._image, longest)

    def close(self) -> None:
        self._image.close()

    def _open(self) -> Image.Image:
        try:
            return Image.open(self._path, formats=(_FORMATS[self._type],))
        except Image.DecompressionBombError:
            most = self._limits.pixels // 1_000_000
            raise Refused(f"The picture is too large (at most {most} million pixels).") from None

    def _checked_frames(self) -> list[int]:
        if self._type not in _PAGED:
            check_size(*self._image.size, self._limits)
            return [0]
        frames: list[int] = []
        for frame in self._each_frame():
            if len(frames) == self._limits.pages:
                raise Refused(f"The file has more than {len(frames)} pages; at most {self._limits.pages} are read.")
            check_size(*self._image.size, self._limits)
            _check_pieces(self._image, self._path.stat().st_size)
            frames.append(frame)
        if not frames:
            raise Refused("The file holds no picture of a page.")
        return frames

    def _each_frame(self) -> Iterator[int]:
        """Numbers of the frames that are pages, the file standing at each; scanners add small previews."""
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
    """Whatever a decoder trips over, in one sentence: each raises errors of its own."""
    try:
        yield
    except (Refused, MemoryError):
        raise
    except Exception as error:
        if any(words in str(error).lower() for words in _OUT_OF_MEMORY):
            raise MemoryError from error
        raise Refused(DAMAGED) from error


def _check_whole(path: Path, media_type: str) -> None:
    """Raises `Refused` for a file that ends before it says it does, where decoding would be slow to notice."""
    ends: dict[str, Callable[[Path], int]] = {
        sniffing.HEIC: _end_of_boxes,
        sniffing.AVIF: _end_of_boxes,
        sniffing.WEBP: _end_of_riff,
    }
    if media_type in ends and ends[media_type](path) > path.stat().st_size:
        raise Refused(DAMAGED)


def _end_of_boxes(path: Path) -> int:
    """Where the last of a HEIF file's boxes ends."""
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
    with path.open("rb") as file:
        return int.from_bytes(file.read(8)[4:], "little") + 8


def _tags(image: Image.Image) -> "dict[int, int]":
    return getattr(image, "tag_v2", {})


def _check_pieces(image: Image.Image, size: int) -> None:
    """Raises `Refused` for a TIFF page that has a piece beyond the end of the file."""
    tags = _tags(image)
    for offsets, lengths in _PIECES:
        pairs = zip(_numbers(tags, offsets), _numbers(tags, lengths), strict=False)
        if any(start + length > size for start, length in pairs):
            raise Refused(DAMAGED)


def _numbers(tags: "dict[int, int]", tag: int) -> tuple[int, ...]:
    value = tags.get(tag, ())
    return value if isinstance(value, tuple) else (value,)
