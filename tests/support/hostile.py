"""Values that no honest request holds, and what a view looks up in one."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import QueryDict

HUGE = 10**20
TEXTS = {
    "empty": "",
    "huge number": str(HUGE),
    "digits": "9" * 5000,
    "negative": "-1",
    "no number": "NaN",
    "infinity": "-Infinity",
    "exponent": "1e999",
    "superscript": "²",
    "NUL": "a\x00b",
    "right to left": "\u202egpj.exe\u2069",
    "long": "x" * 100_000,
    "nested": "[" * 12_000,
    "object": '{"a":' * 12_000,
    "surrogate in JSON": '"\\ud800"',
    "markup": "'\"><script>{{ 7 }}{% now %}",
    "path": "../../../../etc/passwd",
    "lines": "a\r\nX-Evil: 1\r\n\r\nb",
    "commas": "," * 5000,
}
# Those that come furthest where the other parameters are honest.
ALONE = ("huge number", "no number", "NUL", "nested", "surrogate in JSON")
# Percent-encoded bytes of a query, a path or a form that are no UTF-8, or halves of a surrogate pair.
BYTES = ("%ff%fe", "%ed%a0%80", "%00", "%f4%90%80%80")
JSON: dict[str, Any] = {
    "null": None,
    "true": True,
    "huge number": HUGE,
    "negative": -1,
    "fraction": 0.5,
    "no number": float("nan"),
    "infinity": float("inf"),
    "surrogate": "\ud800",
    "NUL": "a\x00b",
    "right to left": "\u202egpj.exe",
    "empty": "",
    "long": "x" * 100_000,
    "digits": "9" * 5000,
    "list": [],
    "list of lists": [[]],
    "object": {},
    "surrogate key": {"\ud800": 1},
    "nested": [[[[[[[[[[]]]]]]]]]],
    "list of numbers": [HUGE, -1, 0.5, None, True],
}
BODIES = {
    "empty": b"",
    "no JSON": b"{",
    "no UTF-8": b'{"a": "\xff"}',
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "nested": b"[" * 100_000,
    "nested object": b'{"a":' * 100_000,
    "digits": b"9" * 5000,
    "scalar": b"1",
    "list": b"[]",
    "NaN": b"NaN",
    "twice": b'{"name": "a", "name": "b"}',
    "surrogate": b'"\\ud800"',
}
HEADERS = {
    "Referer": ("http://[", "http://[::1", "javascript:x", "\x00", "//" + "x" * 5000),
    "Accept": ("x" * 5000, "application/json;q=x", ";;;,,,", "*/*;q=999999999999999999999"),
    "Accept-Language": ("x" * 5000, "*;q=nan", ",;"),
    "If-None-Match": ('"', "W/" + "x" * 5000, "\xff"),
    "If-Modified-Since": ("x", "Thu, 99 Foo 99999 99:99:99 GMT"),
    "Range": ("bytes=0-,-1", "bytes=99999999999999999999-", "x" * 5000),
    "HX-Request": ("true", "\x00"),
    "HX-Current-URL": ("http://[",),
    "X-Forwarded-For": ("\x00", "x" * 5000, "1.2.3.4, " * 500),
    "Authorization": ("Bearer", "Bearer \xff", "Bearer " + "x" * 5000, "Basic \x00"),
    "X-Request-ID": ("\x00", "x" * 5000, "a\u2028b".encode().decode("latin-1")),
}


COOKIES = ("sessionid=\x00", "sessionid=" + "x" * 5000, "csrftoken=\xff; ;=;", "=")


def headers() -> Iterator[dict[str, str]]:
    """Every value of every header, all headers at once."""
    for place in range(max(map(len, HEADERS.values()))):
        yield {name: values[place % len(values)] for name, values in HEADERS.items()}


def texts(names: Collection[str]) -> Iterator[dict[str, str]]:
    """Every hostile text in all parameters at once, and those that get far in each alone."""
    for text in TEXTS.values() if names else ():
        yield dict.fromkeys(names, text)
    for name in names if len(names) > 1 else ():
        for which in ALONE:
            yield {name: TEXTS[which]}


def multipart(name: str) -> dict[str, tuple[str, bytes]]:
    """Bodies with a file under `name`, by what is wrong: the content type and the body."""
    kind = "multipart/form-data; boundary=x"

    def part(disposition: str, more: str = "", content: bytes = b"content", end: bytes = b"\r\n--x--\r\n") -> bytes:
        head = f"--x\r\nContent-Disposition: form-data; {disposition}\r\n{more}\r\n"
        return head.encode("latin-1") + content + end

    named = f'name="{name}"; '
    return {
        "no boundary": ("multipart/form-data", b"x"),
        "boundary of other letters": ("multipart/form-data; boundary=\xff", b"x"),
        "long boundary": ("multipart/form-data; boundary=" + "x" * 5000, b"x"),
        "unknown charset": (kind + "; charset=none", part(named + 'filename="a.jpg"')),
        "empty": (kind, b""),
        "no end": (kind, part(named + 'filename="a.jpg"', end=b"")),
        "no headers": (kind, b"--x\r\n\r\n\r\n--x--\r\n"),
        "no name": (kind, part('filename="a.jpg"')),
        "no file": (kind, part(named)),
        "empty file": (kind, part(named + 'filename="a.jpg"', content=b"")),
        "no file name": (kind, part(named + 'filename=""')),
        "dots": (kind, part(named + 'filename=".."')),
        "path": (kind, part(named + 'filename="../../../etc/passwd"')),
        "NUL": (kind, part(named + 'filename="a\x00b.jpg"')),
        "long file name": (kind, part(named + f'filename="{"x" * 50_000}.jpg"')),
        "bytes": (kind, part(named + 'filename="\xff\xed\xa0\x80.jpg"')),
        "unknown encoding": (kind, part(named + "filename*=none''%41.jpg")),
        "encoding of bytes": (kind, part(named + "filename*=hex''%41.jpg")),
        "surrogate": (kind, part(named + "filename*=unicode_escape''%5Cud800.jpg")),
        "surrogate in UTF-7": (kind, part(named + "filename*=utf-7''%2B2AA-.jpg")),
        "quotes": (kind, part(named + "filename*='''")),
        "base64": (kind, part(named + 'filename="a.jpg"', "Content-Transfer-Encoding: base64\r\n", b"=")),
        "type": (kind, part(named + 'filename="a.jpg"', "Content-Type: \x00; charset=none\r\n")),
        "length": (kind, part(named + 'filename="a.jpg"', "Content-Length: 1e999\r\n")),
        "long header": (kind, part(named + 'filename="a.jpg"', "X: " + "x" * 50_000 + "\r\n")),
        "many fields": (kind, part('name="a"', end=b"\r\n") * 2000 + b"--x--\r\n"),
        "many files": (kind, part(named + 'filename="a"', end=b"\r\n") * 1000 + b"--x--\r\n"),
        "archive": (kind, part(named + 'filename="a.zip"', content=b"PK\x05\x06" + bytes(18))),
        "torn archive": (kind, part(named + 'filename="a.zip"', content=b"PK\x03\x04" + b"\xff" * 100)),
    }


@dataclass
class Asked:
    """What a view looks up in a request: names in its query or form, and whether its files and its body as it came."""

    names: set[str] = field(default_factory=set)
    files: bool = False
    body: bool = False


@contextmanager
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    """What is looked up meanwhile, however that is done."""
    found = Asked()

    def recorded(method: str) -> Any:
        original = getattr(QueryDict, method)

        def look_up(self: QueryDict, key: str, *rest: Any) -> Any:
            if isinstance(key, str):
                found.names.add(key)
            return original(self, key, *rest)

        return look_up

    def files(request: WSGIRequest) -> object:
        found.files = True
        return original_files(request)

    def body(request: WSGIRequest) -> bytes:
        found.body = True
        return original_body(request)

    original_files, original_body = WSGIRequest.FILES.fget, WSGIRequest.body.fget
    with monkeypatch.context() as patch:
        for method in ("get", "getlist", "__getitem__", "__contains__"):
            patch.setattr(QueryDict, method, recorded(method), raising=False)
        patch.setattr(WSGIRequest, "FILES", property(files))
        patch.setattr(WSGIRequest, "body", property(body))
        yield found
