"""Scripts are ES modules, and in production their imports name hashed files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from pytest_django.fixtures import Settings

from kdweb import settings as production

TEMPLATES = sorted((Path(django_settings.BASE_DIR) / "templates").rglob("*.html"))
HASHED = re.compile(r"\.[0-9a-f]{12}\.js$")


@pytest.fixture
def collected(settings: Settings, tmp_path: Path) -> Path:
    """Our static files as production serves them."""
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": production.STORAGES["staticfiles"]}
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["admin", "ninja", "django_htmx"])
    return tmp_path / "static"


def test_every_import_names_a_hashed_module(collected: Path) -> None:
    modules = [path for path in collected.rglob("*.js") if HASHED.search(path.name)]
    imports = [(path, name) for path in modules for name in re.findall(r'\bfrom\s*"([^"]+)"', path.read_text())]
    assert {path.name.split(".")[0] for path, _ in imports} >= {"app", "upload", "main", "copy"}
    for path, name in imports:
        assert HASHED.search(name), f"{path.name} imports {name}"
        assert (path.parent / name).is_file(), f"{path.name} imports {name}"


def test_every_script_of_ours_is_loaded_as_a_module() -> None:
    tags = [tag for path in TEMPLATES for tag in re.findall(r"<script\b.*?</script>", path.read_text(), re.DOTALL)]
    ours = [tag for tag in tags if '{% static "extraction/' in tag]
    assert ours
    assert [tag for tag in ours if 'type="module"' not in tag] == []
