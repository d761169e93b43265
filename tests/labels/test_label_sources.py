"""Label sources as a kind: traits of every registered one, and a new one from a label file to a snapshot."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from extraction.domain import label_sources
from extraction.domain.label_sources import LabelSource
from extraction.models import Document, Role, Source
from extraction.services.labels import ranking, store
from extraction.services.training import snapshots
from tests.support import builders


@pytest.fixture
def ledger() -> Iterator[LabelSource]:
    """A source between reviewers and teachers: what the bookkeeping says."""
    yield label_sources.register(LabelSource("ledger", "Ledger", 15))
    label_sources.unregister("ledger")


@pytest.mark.parametrize("source", label_sources.known(), ids=lambda source: source.name)
def test_every_source_has_a_name_a_title_and_a_rank_of_its_own(source: LabelSource) -> None:
    assert source.name.isidentifier()
    assert len(source.name) <= 10
    assert source.title
    assert label_sources.find(source.name) is source
    assert [other.rank for other in label_sources.known()].count(source.rank) == 1
    if source.final:
        assert source.by_people


def test_the_names_in_code_are_those_that_are_registered() -> None:
    assert set(Source.values) <= set(label_sources.names())
    assert "student" not in label_sources.names(learned_from=True)
    assert label_sources.names(by_people=True) == ["truth", "reviewer"]


@pytest.mark.parametrize(("name", "rank"), [("truth", 99), ("other", 0)])
def test_names_and_ranks_are_registered_once(name: str, rank: int) -> None:
    with pytest.raises(ValueError, match="already a label source"):
        label_sources.register(LabelSource(name, "Twice", rank))


@pytest.mark.django_db
def test_a_registered_source_is_loaded_ranked_shown_and_learned_from(
    ledger: LabelSource, tmp_path: Path, client: Client
) -> None:
    project = builders.project()
    document = builders.document(project, "Total 12.50", split="train")
    (tmp_path / "a.png").write_bytes(b"picture")
    Document.objects.filter(pk=document.pk).update(sha256=hashlib.sha256(b"picture").hexdigest())
    path = tmp_path / "ledger.jsonl"
    path.write_text(json.dumps({"file": "a.png", "total": "12.50"}) + "\n")
    store.write(document, "total", "99.00", source=Source.TEACHER, teacher="rules")

    call_command("load", project.slug, "--labels", str(path), "--source", "ledger", "--json")

    document.refresh_from_db()
    assert document.source == "ledger"
    assert document.review == Document.Review.WAITING
    best = ranking.best(document)["total"]
    assert (best.value, best.source) == ("12.50", "ledger")
    assert best.get_source_display() == "Ledger"
    client.force_login(builders.member(project, Role.VIEWER))
    assert "Ledger" in client.get(f"/projects/{project.slug}/documents/{document.pk}/").content.decode()
    store.write(document, "total", "13.00", source=Source.REVIEWER)
    assert ranking.best(document)["total"].value == "13.00"
    assert snapshots.freeze(project, "ledger").items
