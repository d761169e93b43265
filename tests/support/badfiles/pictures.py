"""Pictures that are not what they claim to be, by headers of our own or by harm done to sound files."""

import struct
import zlib
from io import BytesIO

import pillow_heif
from PIL import Image

from tests.support.drawing import encoded, receipt

pillow_heif.register_heif_opener()


def png(width: int, height: int, *chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG whose header claims a size; its data are a few kilobytes whatever it claims."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, data) for kind, data in ((b"IHDR", header), *chunks, (b"IDAT", rows), (b"IEND", b""))
    )


def png_with_text(size: int) -> bytes:
    """A comment that unpacks to `size` bytes before the first pixel is seen."""
    return png(100, 100, (b"zTXt", b"Comment\0\0" + zlib.compress(b" " * size, 9)))


def png_with_profile(size: int) -> bytes:
    return png(100, 100, (b"iCCP", b"Profile\0\0" + zlib.compress(b" " * size, 9)))


def flipped(data: bytes) -> bytes:
    """One byte in the middle is another."""
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :]


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def jpeg() -> bytes:
    return encoded(receipt())


def broken_exif() -> bytes:
    """Not a bad file: a good JPEG whose EXIF block is nonsense."""
    data = jpeg()
    exif = b"Exif\0\0MM\0*\xff\xff\xff\xff" + b"\x99" * 40
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + data[2:]


def huge_jpeg() -> bytes:
    """Its frame header claims 65 500 × 65 500 pixels."""
    data = jpeg()
    size = data.index(b"\xff\xc0") + 5
    return data[:size] + struct.pack(">HH", 65_500, 65_500) + data[size + 4 :]


def scans_jpeg(scans: int) -> bytes:
    """A progressive picture of 16 million pixels that draws its last detail again and again."""
    data = encoded(Image.new("L", (4000, 4000), 128), progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * scans + b"\xff\xd9"


def huge_gif() -> bytes:
    return (
        b"GIF89a" + struct.pack("<HHBBB", 65_535, 65_535, 0, 0, 0) + b",\0\0\0\0" + b"\xff\xff" * 2 + b"\0\x08\x01\0;"
    )


def bmp(width: int, height: int) -> bytes:
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + header + b"\0" * 100


def heic() -> bytes:
    # Of other sizes, the encoder makes a larger picture and a box that says which part of it to show.
    return encoded(receipt().resize((640, 640)), "HEIF")


def huge_heic() -> bytes:
    """Its size box claims 60 000 × 60 000 pixels."""
    data = heic()
    size = data.index(b"ispe") + 8
    return data[:size] + struct.pack(">II", 60_000, 60_000) + data[size + 8 :]


def heic_without(box: bytes) -> bytes:
    """One of its boxes goes by another name."""
    return heic().replace(box, b"zzzz")


def heic_of_noise() -> bytes:
    """The boxes are sound, the picture's own data are not."""
    data = heic()
    start = data.index(b"mdat") + 8
    return data[:start] + bytes((7 * place) % 256 for place in range(len(data) - start))


def webp(width: int, height: int) -> bytes:
    """An extended WebP whose canvas is that large."""
    picture = encoded(Image.new("RGB", (64, 64)), "WEBP", lossless=True)[12:]
    canvas = b"\0\0\0\0" + struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    body = b"WEBPVP8X" + struct.pack("<I", 10) + canvas + picture
    return b"RIFF" + struct.pack("<I", len(body)) + body


def tiff(width: int, height: int, *, pages: int = 1, offset: int = 8, length: int = 64) -> bytes:
    """Directories of an uncompressed grey TIFF, all of which show the same `length` bytes."""
    tags = (
        (256, 4, width), (257, 4, height), (258, 3, 8), (259, 3, 1), (262, 3, 1),
        (273, 4, offset), (277, 3, 1), (278, 4, height), (279, 4, length),
    )  # fmt: skip
    size = 2 + 12 * len(tags) + 4
    start = 8 + 64
    out = BytesIO()
    out.write(b"II*\0" + struct.pack("<I", start) + b"\0" * 64)
    for number in range(1, pages + 1):
        out.write(struct.pack("<H", len(tags)))
        out.writelines(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
        out.write(struct.pack("<I", start + number * size if number < pages else 0))
    return out.getvalue()


def tiff_with_many_values() -> bytes:
    """Its only tag claims four thousand million values."""
    return b"II*\0" + struct.pack("<I", 8) + struct.pack("<HHHII", 1, 256, 4, 0xFFFFFFFF, 0) + b"\0" * 4


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
