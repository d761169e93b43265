"""What the tests of cross-checks start from."""

from collections.abc import Iterator

import pytest

from extraction.engines.student import registry
from extraction.models import Project
from tests.support import builders
from tests.support.student_kind_recipe import documented_kind
from tests.training.cross_checks.slips import slips


@pytest.fixture(autouse=True)
def keywords() -> Iterator[str]:
    """Registered as the recipe says."""
    registry.register("keywords", documented_kind)
    yield "keywords"
    registry.unregister("keywords")


@pytest.fixture
def project() -> Project:
    return slips(builders.project())
