"""What training starts from."""

import pytest

from extraction.models import Project, Source
from extraction.services.labels import store
from extraction.services.labels.store import LabelInput
from tests.support import builders


@pytest.fixture
def labelled_project() -> Project:
    """Twelve labelled training documents and one of the test split."""
    held = builders.project()
    inputs = []
    for number in range(13):
        total = f"{number + 1}.{number}0"
        lines = ("BEAN THERE SDN BHD", "12 Harbour Road", "Date: 25/12/2018", "Tax 0.10", f"Total {total}")
        document = builders.document(held, *lines, split="train" if number else "test")
        source = Source.TEACHER if number else Source.TRUTH
        inputs.append(LabelInput(document, "total", total, source, teacher="rules" if number else ""))
    store.write_many(held, inputs)
    return held
