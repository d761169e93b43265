"""A process that asks an installation: commands and HTTP requests as JSON on stdin, their answers as JSON on stdout.

    {"command": [name, argument, …]}                              → {"code", "answer"}: what `--json` printed
    {"get" or "post": path, "data": {…}, "token": "…"}            → {"status", "text", "sha256"}

Requests without a token go on in one session, which a POST to /login/ opens. A request with `"until": {key: value}` is
repeated until the JSON of its answer says so.
"""

import hashlib
import io
import json
import os
import sys
import time
from typing import Any

import django
from django.core.management import call_command
from django.test import Client

PATIENCE, PAUSE = 60.0, 0.2  # seconds


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kdweb.settings")
    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)
    browser = _client()
    asked = json.load(sys.stdin)
    json.dump([_command(one) if "command" in one else _request(one, browser) for one in asked], sys.stdout)


def _command(asked: dict[str, Any]) -> dict[str, Any]:
    out, code = io.StringIO(), 0
    try:
        call_command(*asked["command"], "--json", stdout=out)
    except SystemExit as ended:
        code = int(ended.code or 0)
    return {"code": code, "answer": json.loads(out.getvalue())}


def _request(asked: dict[str, Any], browser: Client) -> dict[str, Any]:
    if token := asked.get("token"):
        browser = _client(headers={"authorization": f"Bearer {token}"})
    deadline = time.monotonic() + PATIENCE
    answer = _answer(asked, browser)
    while "until" in asked and not asked["until"].items() <= json.loads(answer["text"]).items():
        if time.monotonic() > deadline:
            break
        time.sleep(PAUSE)
        answer = _answer(asked, browser)
    return answer


def _answer(asked: dict[str, Any], browser: Client) -> dict[str, Any]:
    method = "post" if "post" in asked else "get"
    response = getattr(browser, method)(asked[method], asked.get("data"))
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return {
        "status": response.status_code,
        "text": content.decode("utf-8", "replace"),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _client(**options: Any) -> Client:
    """An error of the server is an answer too: 500."""
    return Client(raise_request_exception=False, SERVER_NAME="localhost", **options)


main()
