"""The URLs outside projects, in an installation where nothing is yet."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.access.answers import answers, guarded, login_asked, unshared
from tests.access.matrix import OUTSIDE, outside
from tests.support import builders

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("name", "private"), OUTSIDE.items())
def test_only_the_login_is_open(client: Client, name: str, private: bool) -> None:
    response = client.get(outside(name))
    assert login_asked(response) == private
    assert guarded(response)


@pytest.mark.parametrize("name", OUTSIDE)
def test_every_answer_is_guarded_and_kept_by_nobody_else(client: Client, name: str) -> None:
    client.force_login(builders.user())
    for method, response in answers(client, outside(name)).items():
        assert guarded(response), method
        assert unshared(name, response), method
