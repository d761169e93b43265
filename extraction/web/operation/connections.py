"""Connections to SQLite that met an error end with their request."""

from collections.abc import Callable

from django.db import connections
from django.http import HttpRequest, HttpResponse


class NoFaultyConnections:
    """Middleware. One that was opened while the disk took no changes would refuse them afterwards too, and Django
    believes that every connection to SQLite can be used again; those to servers are asked by Django itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        finally:
            for connection in connections.all(initialized_only=True):
                if connection.vendor == "sqlite" and connection.errors_occurred and not connection.in_atomic_block:
                    connection.close()
