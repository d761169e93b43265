import pytest
from django.test import Client


@pytest.fixture
def client() -> Client:
    """A program on this machine."""
    return Client(SERVER_NAME="localhost")
