"""Answers of a URL to both methods, and what holds for every one of them."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.test import Client
from django.urls import reverse

# What the browser of whoever saw it may keep.
PICTURES = ("page_image", "page_thumbnail", "help_image")


def answers(client: Client, url: str) -> dict[str, HttpResponse]:
    """To both methods; whatever they change is taken back."""
    send = {"read": client.get, "write": partial(client.post, data={})}
    found = {}
    for method, call in send.items():
        with transaction.atomic():
            found[method] = call(url)
            transaction.set_rollback(True)
    return found


def login_asked(response: HttpResponse) -> bool:
    return response.status_code == 302 and response.headers["Location"].startswith(reverse("login"))


def guarded(response: HttpResponseBase) -> bool:
    """Whether the answer carries what keeps a browser from running or framing it."""
    policy = response.headers["Content-Security-Policy"]
    return (
        "default-src 'none'" in policy
        and "unsafe" not in policy
        and "*" not in policy
        and response.headers["X-Content-Type-Options"] == "nosniff"
        and response.headers["X-Frame-Options"] == "DENY"
        and response.headers["Referrer-Policy"] == "same-origin"
        and response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    )


def unshared(name: str, response: HttpResponseBase) -> bool:
    """Whether no shared cache may keep the answer, nor a browser after a logout."""
    kept = response.headers["Cache-Control"]
    return "public" not in kept and ("no-store" in kept or (name in PICTURES and "private" in kept))
