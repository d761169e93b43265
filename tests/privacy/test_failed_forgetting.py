"""A debt that cannot be paid is tried less and less often."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from extraction.models import Forgetting, Role
from extraction.services.privacy import deletions, settings
from extraction.services.privacy.forgetting import due, work
from tests.privacy import worlds
from tests.privacy.worlds import State
from tests.support import builders

pytestmark = pytest.mark.django_db


def test_it_waits_longer_each_time_and_then_for_an_owner(client: Client) -> None:
    project = builders.project()
    worlds.choose(project)
    documents = worlds.labelled(project, 4)
    worlds.trained(project, "first")
    worlds.delete(documents[0])
    deletions.settle()
    client.force_login(builders.member(project, Role.OWNER))
    page = reverse("forgetting", args=[project.slug])
    night, waited = settings.next_night(), []
    for number in range(1, due.MOST_FAILURES + 1):
        entry = Forgetting.objects.get()
        work.give_up(entry.pk, "The disk is full.")
        entry.refresh_from_db()
        assert (entry.state, entry.problem, entry.failures) == (State.OWED, "The disk is full.", number)
        waited.append(entry.due and (entry.due - night).days)
        assert due.enqueue() == 0
        assert f"Failed {number} time" in client.get(page).content.decode()
    assert waited == [0, 1, 3, 7, 15, None]
    assert "not tried again by itself" in client.get(page).content.decode()
    # Whoever starts it begins with the shortest wait.
    assert due.start(project) == 1
    entry = Forgetting.objects.get()
    assert (entry.due is not None, entry.failures) == (True, 0)
