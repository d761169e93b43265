"""The batch endpoints of Anthropic and OpenAI, with what may go wrong between an answer and whoever waits for it."""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from tests.support.providers.request import Request
from tests.support.providers.wire_formats import Anthropic, Responses

ANSWERED, FAILED, EXPIRED, CANCELLED, LOST = "answered", "failed", "expired", "cancelled", "lost"
Json = dict[str, Any]
Reply = tuple[int, Iterable[bytes]]


class Answers(Protocol):
    @property
    def url(self) -> str: ...

    def text(self, request: Request, document: str, fault: None) -> str: ...


@dataclass
class Job:
    """A batch: its requests by id, and the fate of each once it has ended."""

    id: str
    shape: Anthropics | OpenAis
    requests: dict[str, Request]
    created: datetime
    metadata: dict[str, str] = field(default_factory=dict)
    input_file: str = ""
    fates: dict[str, str] = field(default_factory=dict)
    cancelled: bool = False
    problem: str = ""

    @property
    def ended(self) -> bool:
        return bool(self.fates)

    def shown(self, url: str) -> Json:
        return self.shape.batch(self, url)


class BatchDesk:
    """A batch ends when somebody asks for it and `ready` is set, as it is from the start, or it was cancelled.

    `fate` says by the number of a request what becomes of it. `submitted` counts how often a document came in a batch,
    `paid` how often it was answered. `silent_after_create` holds the answer to a new batch back until it is set,
    `stalled_after` the results after so many lines until `resume` is set. `refuse` is the status by which new batches
    are refused, `refuse_polls` that of all questions; `problem` is why batches fail as a whole.
    """

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.jobs: dict[str, Job] = {}
        self.files: dict[str, bytes] = {}
        self.deleted: list[str] = []
        self.submitted: Counter[str] = Counter()
        self.paid: Counter[str] = Counter()
        self.calls: list[str] = []
        self.fate: Callable[[int], str] = lambda number: ANSWERED
        self.ready = threading.Event()
        self.ready.set()
        self.silent_after_create: threading.Event | None = None
        self.stalled_after: int | None = None
        self.resume = threading.Event()
        self.refuse = self.refuse_polls = 0
        self.problem = ""
        self.lock = threading.Lock()

    def takes(self, path: str) -> bool:
        return "/batches" in path or path.endswith("/files")

    def answer(self, method: str, path: str, data: bytes) -> Reply:
        self.calls.append(f"{method} {path}")
        if method == "GET" and self.refuse_polls:
            return self.refuse_polls, _refusal("Not now.")
        steps = path.strip("/").split("/")[1:]
        with self.lock:
            if steps[0] == "files":
                return self._files(method, steps[1:], data)
            status, body = self._batches(method, steps[steps.index("batches") + 1 :], "messages" in steps, data)
        if method == "POST" and not steps[-1].startswith(("batch_", "cancel")) and self.silent_after_create:
            self.silent_after_create.wait(60)
        return status, body

    def _files(self, method: str, steps: list[str], data: bytes) -> Reply:
        if method == "POST":
            return 200, _one(self._upload(data))
        if method == "DELETE":
            self.deleted.append(steps[0])
            return 200, _one({"id": steps[0], "object": "file", "deleted": True})
        return 200, self._stalling(self.files[steps[0]].splitlines(keepends=True))

    def _batches(self, method: str, steps: list[str], messages: bool, data: bytes) -> Reply:
        url = self.answers.url
        if not steps and method == "GET":
            return 200, _one(_page([self._advanced(job).shown(url) for job in reversed(self.jobs.values())]))
        if not steps:
            return self._create(Anthropics() if messages else OpenAis(self.files), json.loads(data))
        if steps[0] not in self.jobs:
            return 404, _refusal("No such batch.")
        job = self.jobs[steps[0]]
        job.cancelled |= steps[1:] == ["cancel"]
        if steps[1:] == ["results"]:
            return 200, self._stalling(self.lines(job))
        return 200, _one(self._advanced(job).shown(url))

    def _create(self, shape: Anthropics | OpenAis, body: Json) -> Reply:
        if self.refuse:
            return self.refuse, _refusal("The batch is not taken.")
        requests = shape.requests(body)
        assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", id) for id in requests)
        job = Job(f"batch_{len(self.jobs) + 1}", shape, requests, datetime.now(UTC), problem=self.problem)
        job.metadata, job.input_file = body.get("metadata") or {}, body.get("input_file_id", "")
        self.jobs[job.id] = job
        self.submitted.update(document_of(request) for request in requests.values())
        return 200, _one(job.shown(self.answers.url))

    def by_hand(self, data: bytes) -> bytes:
        """The results of a file that a person hands in, as that person downloads them."""
        messages = data.startswith(b'{"requests"')
        self.files["file-by-hand"] = data
        of_file = {"input_file_id": "file-by-hand", "completion_window": "24h", "endpoint": "/v1/responses"}
        self._create(Anthropics() if messages else OpenAis(self.files), json.loads(data) if messages else of_file)
        return self.results(f"batch_{len(self.jobs)}")

    def results(self, id: str) -> bytes:
        """The results of a batch, which has ended then."""
        return b"".join(self.lines(self._advanced(self.jobs[id])))

    def _upload(self, data: bytes) -> Json:
        boundary = data[: data.index(b"\r\n")]
        parts = {
            part.split(b'name="', 1)[1].split(b'"', 1)[0]: part.split(b"\r\n\r\n", 1)[1].removesuffix(b"\r\n")
            for part in data.split(boundary)
            if b'name="' in part
        }
        assert parts[b"purpose"] == b"batch"
        id = f"file-{len(self.files) + 1}"
        self.files[id] = parts[b"file"]
        told = {"bytes": len(parts[b"file"]), "created_at": int(time.time()), "filename": "batch.jsonl"}
        return {"id": id, "object": "file", "purpose": "batch", "status": "processed", **told}

    def _advanced(self, job: Job) -> Job:
        if not job.ended and (self.ready.is_set() or job.cancelled):
            for number, (id, request) in enumerate(job.requests.items(), 1):
                job.fates[id] = FAILED if job.problem else self.fate(number)
                self.paid[document_of(request)] += job.fates[id] == ANSWERED
            self.files[f"{job.id}-out"] = b"".join(self.lines(job))
        return job

    def lines(self, job: Job) -> list[bytes]:
        """The file of results, as a person downloads it."""
        rows = []
        for id, fate in job.fates.items():
            request = job.requests[id]
            text = self.answers.text(request, document_of(request), None)
            rows.append(job.shape.result(id, fate, request, text))
        return [json.dumps(row).encode() + b"\n" for row in rows if row is not None]

    def _stalling(self, lines: list[bytes]) -> Iterator[bytes]:
        for number, line in enumerate(lines):
            if number == self.stalled_after:
                self.resume.wait(60)
            yield line


class Anthropics:
    """Message Batches."""

    def requests(self, body: Json) -> dict[str, Request]:
        rows = body["requests"]
        made = {row["custom_id"]: Anthropic().read("", {}, row["params"]) for row in rows}
        assert len(made) == len(rows)
        return made

    def result(self, id: str, fate: str, request: Request, text: str) -> Json | None:
        error = {"type": "error", "error": {"type": "invalid_request_error", "message": "Too dark."}}
        results: dict[str, Json] = {
            ANSWERED: {"type": "succeeded", "message": Anthropic().answer(request, text)},
            FAILED: {"type": "errored", "error": error},
            EXPIRED: {"type": "expired"},
            CANCELLED: {"type": "canceled"},
        }
        return {"custom_id": id, "result": results[fate]} if fate in results else None

    def batch(self, job: Job, url: str) -> Json:
        fates = Counter(job.fates.values())
        return {
            "id": job.id,
            "type": "message_batch",
            "processing_status": "ended" if job.ended else "canceling" if job.cancelled else "in_progress",
            "request_counts": {
                "processing": 0 if job.ended else len(job.requests),
                "succeeded": fates[ANSWERED],
                "errored": fates[FAILED] + fates[LOST],
                "canceled": fates[CANCELLED],
                "expired": fates[EXPIRED],
            },
            "created_at": job.created.isoformat(),
            "expires_at": (job.created + timedelta(hours=24)).isoformat(),
            "ended_at": job.created.isoformat() if job.ended else None,
            "results_url": f"{url}/v1/messages/batches/{job.id}/results" if job.ended else None,
        }


class OpenAis:
    """The Batch API for Responses."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files

    def requests(self, body: Json) -> dict[str, Request]:
        assert body["completion_window"] == "24h"
        rows = [json.loads(line) for line in self.files[body["input_file_id"]].splitlines()]
        assert all((row["method"], row["url"]) == ("POST", body["endpoint"]) for row in rows)
        made = {row["custom_id"]: Responses().read("", {}, row["body"]) for row in rows}
        assert len(made) == len(rows)
        return made

    def result(self, id: str, fate: str, request: Request, text: str) -> Json | None:
        response: Json | None = {"status_code": 200, "body": Responses().answer(request, text)}
        error = None
        if fate in (LOST, CANCELLED):
            return None
        if fate == EXPIRED:
            response, error = None, {"code": "batch_expired", "message": "It could not be executed in time."}
        if fate == FAILED:
            words = {"message": "Too dark.", "type": "invalid_request_error", "code": "invalid_image"}
            response = {"status_code": 400, "body": {"error": words}}
        return {"id": "batch_req_1", "custom_id": id, "response": response, "error": error}

    def batch(self, job: Job, url: str) -> Json:
        fates = Counter(job.fates.values())
        status = "cancelled" if job.cancelled else "expired" if fates[EXPIRED] else "completed"
        created = int(job.created.timestamp())
        problem = {"object": "list", "data": [{"code": "x", "message": job.problem, "line": None, "param": None}]}
        return {
            "id": job.id,
            "object": "batch",
            "endpoint": "/v1/responses",
            "completion_window": "24h",
            "input_file_id": job.input_file,
            "status": "failed" if job.ended and job.problem else status if job.ended else "in_progress",
            "created_at": created,
            "expires_at": created + 24 * 3600,
            "metadata": job.metadata or None,
            "errors": problem if job.ended and job.problem else None,
            "output_file_id": f"{job.id}-out" if job.ended and not job.problem else None,
            "error_file_id": None,
            "request_counts": {"total": len(job.requests), "completed": fates[ANSWERED], "failed": fates[FAILED]},
        }


def document_of(request: Request) -> str:
    """What a document is known by: the digest of its pictures."""
    return hashlib.sha256(b"".join(data for _, data in request.images)).hexdigest()


def _page(data: list[Json]) -> Json:
    ids = [row["id"] for row in data] or [None]
    return {"object": "list", "data": data, "has_more": False, "first_id": ids[0], "last_id": ids[-1]}


def _one(body: Json) -> list[bytes]:
    return [json.dumps(body).encode()]


def _refusal(words: str) -> list[bytes]:
    return _one({"type": "error", "error": {"type": "invalid_request_error", "message": words, "code": None}})
