"""A real S3 server on this machine, and machines that share its bucket."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from extraction.services import object_store
from kdweb import servers

BUCKET = "documents"
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
# Nobody listens there.
NOBODY = "s3://documents?endpoint=http://127.0.0.1:1&region=us-east-1"
# `machine(name)`: what follows happens on that machine, which has its own data folder.
Machine = Callable[[str], Path]


@pytest.fixture(scope="session")
def s3_url() -> Iterator[str]:
    """`KD_FILES_URL` of a server for the whole session; its credentials are `KEYS`."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"s3://{BUCKET}/kdweb?endpoint=http://{host}:{port}&region=us-east-1"
    server.stop()


@pytest.fixture
def bucket(s3_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty bucket of that server; its `KD_FILES_URL`, which the environment holds."""
    import boto3

    for name, value in {**KEYS, "KD_FILES_URL": s3_url}.items():
        monkeypatch.setenv(name, value)
    client = boto3.client(
        "s3", endpoint_url=s3_url.partition("endpoint=")[2].partition("&")[0], region_name="us-east-1"
    )
    client.create_bucket(Bucket=BUCKET)
    for held in client.list_objects_v2(Bucket=BUCKET).get("Contents", ()):
        client.delete_object(Bucket=BUCKET, Key=held["Key"])
    return s3_url


@pytest.fixture
def machine(bucket: str, settings: Settings, tmp_path: Path) -> Machine:
    def moved(name: str) -> Path:
        folder = tmp_path / name
        (folder / "files").mkdir(parents=True, exist_ok=True)
        settings.DATA_DIR = folder
        settings.STORAGES = {**settings.STORAGES, "default": servers.files(folder)}
        return folder

    moved("web")
    return moved


def stored() -> list[str]:
    """The names of what the store holds."""
    return [*object_store.names("projects"), *object_store.names("incoming")]
