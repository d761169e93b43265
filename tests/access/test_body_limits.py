"""A body that is too large for its sender and URL is refused by its length alone."""

import io

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.access.matrix import ACCESS, OUTSIDE, World, outside

pytestmark = pytest.mark.django_db
LARGE = 600 * 2**20


class Untouched(io.RawIOBase):
    """A body of which nothing may be read."""

    def read(self, size: int = -1) -> bytes:
        raise AssertionError("The body was read.")


def post(client: Client, url: str, length: int = LARGE, **extra: str) -> HttpResponse:
    return client.generic(
        "POST",
        url,
        **{
            "CONTENT_LENGTH": str(length),
            "CONTENT_TYPE": "multipart/form-data; boundary=x",
            "wsgi.input": Untouched(),
            **extra,
        },  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("name", [*ACCESS, *OUTSIDE])
def test_no_url_reads_a_body_of_600_mb_nor_takes_chunks(world: World, name: str) -> None:
    url = world.url(name) if name in ACCESS else outside(name)
    for person in (None, "stranger", "owner"):
        client = Client(enforce_csrf_checks=True)
        if person is not None:
            world.log_in(client, person)
        response = post(client, url)
        assert response.status_code == 413, person
        assert "too large" in response.content.decode(), person
    assert post(client, url, 0, HTTP_TRANSFER_ENCODING="chunked").status_code == 411


@pytest.mark.parametrize("url", ["/admin/login/", "/admin/"])
def test_administration_takes_little_from_strangers(client: Client, url: str) -> None:
    assert post(client, url).status_code == 413


@pytest.mark.parametrize(("person", "status"), [("viewer", 413), ("stranger", 413), ("reviewer", 403), ("owner", 403)])
def test_files_are_taken_from_those_who_may_upload(world: World, person: str, status: int) -> None:
    """Large as a file may be; the missing CSRF token, found in the header alone, stands for what comes after."""
    client = Client(enforce_csrf_checks=True)
    world.log_in(client, person)
    response = post(client, world.url("documents_upload"), 100 * 2**20, CONTENT_TYPE="application/octet-stream")
    assert response.status_code == status


def test_a_call_in_chunks_is_refused_as_a_problem(world: World) -> None:
    response = post(Client(), "/api/v1/projects/receipts/extract", 0, HTTP_TRANSFER_ENCODING="chunked")
    assert response.status_code == 411
    assert response.headers["Content-Type"] == "application/problem+json"
