"""Pictures as providers take them."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from extraction.engines.teacher.lmm.pictures import fit


def test_a_picture_within_the_limits_is_sent_as_it_is(tmp_path: Path) -> None:
    for kind, media_type in (("jpg", "image/jpeg"), ("png", "image/png")):
        path = tmp_path / f"page.{kind}"
        Image.new("RGB", (300, 400), "white").save(path)
        found = fit(path, 400, 2**20)
        assert (found.media_type, found.data) == (media_type, path.read_bytes())


@pytest.mark.parametrize("size", [(900, 300), (300, 900), (401, 400)])
def test_a_larger_one_is_scaled_to_its_long_side(tmp_path: Path, size: tuple[int, int]) -> None:
    Image.new("L", size, "white").save(tmp_path / "page.png")
    found = fit(tmp_path / "page.png", 400, 2**20)
    assert found.media_type == "image/jpeg"
    with Image.open(BytesIO(found.data)) as image:
        assert max(image.size) == 400
        assert min(image.size) == pytest.approx(400 * min(size) / max(size), abs=1)


@pytest.mark.parametrize("most", [60_000, 20_000, 2_000])
def test_a_heavy_one_is_made_lighter(tmp_path: Path, most: int) -> None:
    Image.effect_noise((500, 500), 90).convert("RGB").save(tmp_path / "noise.jpg", quality=100)
    found = fit(tmp_path / "noise.jpg", 500, most)
    assert len(found.data) <= most
    with Image.open(BytesIO(found.data)) as image:
        image.load()


def test_what_is_damaged_or_missing_is_an_os_error(tmp_path: Path) -> None:
    (tmp_path / "damaged.jpg").write_bytes(b"no picture")
    for name in ("damaged.jpg", "missing.jpg"):
        with pytest.raises(OSError, match=name if name == "missing.jpg" else "identify"):
            fit(tmp_path / name, 400, 2**20)
