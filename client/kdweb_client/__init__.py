"""Typed client of kdweb's API."""

from kdweb_client.client import BatchAnswer, Client
from kdweb_client.errors import (
    Busy,
    Conflict,
    Fault,
    Forbidden,
    KdwebError,
    Malformed,
    NotFound,
    Refused,
    ServerFault,
    TooLarge,
    TooMany,
    Unauthorized,
    Unfit,
    Unreachable,
    Unreadable,
)
from kdweb_client.files import File

__all__ = [
    "BatchAnswer",
    "Busy",
    "Client",
    "Conflict",
    "Fault",
    "File",
    "Forbidden",
    "KdwebError",
    "Malformed",
    "NotFound",
    "Refused",
    "ServerFault",
    "TooLarge",
    "TooMany",
    "Unauthorized",
    "Unfit",
    "Unreachable",
    "Unreadable",
]
