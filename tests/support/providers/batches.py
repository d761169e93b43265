"""The batch endpoints of Anthropic and OpenAI, with what may go wrong between an answer and whoever waits for it."""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from tests.support.providers.request import Request
from tests.support.providers.wire_formats import Anthropic, Responses, Wire

ANSWERED, FAILED, EXPIRED, CANCELLED, LOST = "answered", "failed", "expired", "cancelled", "lost"
Answer = tuple[int, Iterator[bytes]]


class Answers(Protocol):
    def text(self, request: Request, document: str, fault: None) -> str: ...


@dataclass
class Job:
    """A batch: its requests by id, and the fate of each once it has ended."""

    id: str
    wire: Wire
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


class BatchDesk:
    """A batch ends when it is asked for after `open_until` is set, which it is from the start.

    `fate` says by the number of a request what becomes of it. `submitted` counts how often a document came in a batch,
    `paid` how often an answer to it was made. `silent_after_create` holds the answer to a new batch back until it is set,
    `stalled_after` the results after so many lines until `resume` is set. `refuse` answers a new batch with that status.
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
        self.refuse = 0
        self.refuse_polls = 0
        self.problem = ""
        self.lock = threading.Lock()

    def takes(self, path: str) -> bool:
        return "/batches" in path or path.endswith("/files")

    def answer(self, method: str, path: str, query: str, data: bytes) -> Answer:
        self.calls.append(f"{method} {path}")
        if method == "GET" and self.refuse_polls:
            return self.refuse_polls, _one({"error": {"message": "Not now.", "type": "x", "code": None}, "type": "error"})
        with self.lock:
            status, body = self._answer(method, path, data)
        if path.endswith("/batches") and method == "POST" and status == 200 and self.silent_after_create:
            self.silent_after_create.wait(60)
        return status, body

    def _answer(self, method: str, path: str, data: bytes) -> Answer:
        match path.strip("/").split("/")[1:], method:
            case ["messages", "batches"], "POST":
                return self._create_anthropic(data)
            case ["messages", "batches"], "GET":
                return 200, _one(_page(_anthropic(job) for job in self._newest()))
            case ["messages", "batches", id, "results"], "GET":
                return 200, self._stalling(self._anthropic_lines(self.jobs[id]))
            case ["messages", "batches", id, "cancel"], "POST":
                self.jobs[id].cancelled = True
                return 200, _one(_anthropic(self.jobs[id]))
            case ["messages", "batches", id], "GET":
                return self._known(id, _anthropic)
            case ["files"], "POST":
                return 200, _one(self._upload(data))
            case ["files", id, "content"], "GET":
                return 200, self._stalling(self.files[id].splitlines(keepends=True))
            case ["files", id], "DELETE":
                self.deleted.append(id)
                return 200, _one({"id": id, "object": "file", "deleted": True})
            case ["batches"], "POST":
                return self._create_openai(json.loads(data))
            case ["batches"], "GET":
                return 200, _one({"object": "list", **_page(_openai(job) for job in self._newest())})
            case ["batches", id, "cancel"], "POST":
                self.jobs[id].cancelled = True
                return 200, _one(_openai(self.jobs[id]))
            case ["batches", id], "GET":
                return self._known(id, _openai)
        return 404, _one({"error": {"message": f"nothing at {path}", "type": "not_found_error"}})

    def _newest(self) -> list[Job]:
        return [self._advanced(job) for job in reversed(self.jobs.values())]

    def _known(self, id: str, shown: Callable[[Job], dict[str, Any]]) -> Answer:
        if id not in self.jobs:
            return 404, _one({"error": {"message": "No such batch.", "type": "not_found_error"}})
        return 200, _one(shown(self._advanced(self.jobs[id])))

    def _refusal(self) -> Answer:
        words = {"message": "The batch is not taken.", "type": "invalid_request_error", "code": None}
        return self.refuse, _one({"type": "error", "error": words})

    def _create_anthropic(self, data: bytes) -> Answer:
        if self.refuse:
            return self._refusal()
        rows = json.loads(data)["requests"]
        wire = Anthropic()
        job = self._job(wire, {row["custom_id"]: wire.read("", {}, row["params"]) for row in rows})
        assert len(job.requests) == len(rows)
        assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", id) for id in job.requests)
        return 200, _one(_anthropic(job))

    def _upload(self, data: bytes) -> dict[str, Any]:
        boundary = data[: data.index(b"\r\n")]
        parts = {
            part.split(b'name="', 1)[1].split(b'"', 1)[0]: part.split(b"\r\n\r\n", 1)[1].removesuffix(b"\r\n")
            for part in data.split(boundary)
            if b'name="' in part
        }
        assert parts[b"purpose"] == b"batch"
        id = f"file-{len(self.files) + 1}"
        self.files[id] = parts[b"file"]
        return {
            "id": id,
            "object": "file",
            "bytes": len(parts[b"file"]),
            "created_at": int(time.time()),
            "filename": "batch.jsonl",
            "purpose": "batch",
            "status": "processed",
        }

    def _create_openai(self, body: dict[str, Any]) -> Answer:
        if self.refuse:
            return self._refusal()
        assert body["completion_window"] == "24h"
        rows = [json.loads(line) for line in self.files[body["input_file_id"]].splitlines()]
        wire = Responses()
        assert all((row["method"], row["url"]) == ("POST", body["endpoint"]) for row in rows)
        job = self._job(wire, {row["custom_id"]: wire.read("", {}, row["body"]) for row in rows})
        job.metadata, job.input_file = body.get("metadata") or {}, body["input_file_id"]
        return 200, _one(_openai(job))

    def _job(self, wire: Wire, requests: dict[str, Request]) -> Job:
        job = Job(f"batch_{len(self.jobs) + 1}", wire, requests, datetime.now(UTC), problem=self.problem)
        self.jobs[job.id] = job
        self.submitted.update(document_of(request) for request in requests.values())
        return job

    def _advanced(self, job: Job) -> Job:
        if job.ended or not (self.ready.is_set() or job.cancelled):
            return job
        for number, (id, request) in enumerate(job.requests.items(), 1):
            job.fates[id] = FAILED if job.problem else self.fate(number)
            self.paid[document_of(request)] += job.fates[id] == ANSWERED
        if not isinstance(job.wire, Anthropic):
            self.files[f"{job.id}-out"] = b"".join(self.lines(job))
        return job

    def lines(self, job: Job) -> list[bytes]:
        """The file of results, as a person downloads it."""
        one = self._anthropic_line if isinstance(job.wire, Anthropic) else self._openai_line
        return [line for id, fate in job.fates.items() if (line := one(job, id, fate))]

    def _anthropic_lines(self, job: Job) -> list[bytes]:
        return self.lines(job)

    def _anthropic_line(self, job: Job, id: str, fate: str) -> bytes:
        request = job.requests[id]
        results = {
            ANSWERED: lambda: {"type": "succeeded", "message": job.wire.answer(request, self._text(request))},
            FAILED: lambda: {
                "type": "errored",
                "error": {"type": "error", "error": {"type": "invalid_request_error", "message": "Too dark."}},
            },
            EXPIRED: lambda: {"type": "expired"},
            CANCELLED: lambda: {"type": "canceled"},
        }
        return b"" if fate == LOST else _line({"custom_id": id, "result": results[fate]()})

    def _openai_line(self, job: Job, id: str, fate: str) -> bytes:
        request = job.requests[id]
        if fate in (LOST, CANCELLED) or job.problem:
            return b""
        if fate == EXPIRED:
            error = {"code": "batch_expired", "message": "This request could not be executed in time."}
            return _line({"id": "r", "custom_id": id, "response": None, "error": error})
        body: Any = {"error": {"message": "Too dark.", "type": "invalid_request_error", "code": "invalid_image"}}
        if fate == ANSWERED:
            body = job.wire.answer(request, self._text(request))
        status = 200 if fate == ANSWERED else 400
        return _line({"id": "r", "custom_id": id, "response": {"status_code": status, "body": body}, "error": None})

    def _text(self, request: Request) -> str:
        return self.answers.text(request, document_of(request), None)

    def _stalling(self, lines: list[bytes]) -> Iterator[bytes]:
        for number, line in enumerate(lines):
            if number == self.stalled_after:
                self.resume.wait(60)
            yield line


def document_of(request: Request) -> str:
    return hashlib.sha256(b"".join(data for _, data in request.images)).hexdigest()


def _anthropic(job: Job) -> dict[str, Any]:
    fates = Counter(job.fates.values())
    waiting = 0 if job.ended else len(job.requests)
    counts = {
        "processing": waiting,
        "succeeded": fates[ANSWERED],
        "errored": fates[FAILED] + fates[LOST],
        "canceled": fates[CANCELLED],
        "expired": fates[EXPIRED],
    }
    return {
        "id": job.id,
        "type": "message_batch",
        "processing_status": "ended" if job.ended else "canceling" if job.cancelled else "in_progress",
        "request_counts": counts,
        "created_at": job.created.isoformat(),
        "expires_at": (job.created + timedelta(hours=24)).isoformat(),
        "ended_at": job.created.isoformat() if job.ended else None,
        "cancel_initiated_at": None,
        "archived_at": None,
        "results_url": f"http://127.0.0.1/v1/messages/batches/{job.id}/results" if job.ended else None,
    }


def _openai(job: Job) -> dict[str, Any]:
    fates = Counter(job.fates.values())
    status = "in_progress"
    if job.ended:
        status = "cancelled" if job.cancelled else "expired" if fates[EXPIRED] else "completed"
        status = "failed" if job.problem else status
    created = int(job.created.timestamp())
    errors = {"object": "list", "data": [{"code": "x", "message": job.problem, "line": None, "param": None}]}
    return {
        "id": job.id,
        "object": "batch",
        "endpoint": "/v1/responses",
        "completion_window": "24h",
        "input_file_id": job.input_file,
        "status": status,
        "created_at": created,
        "expires_at": created + 24 * 3600,
        "metadata": job.metadata or None,
        "errors": errors if job.problem else None,
        "output_file_id": f"{job.id}-out" if job.ended and not job.problem else None,
        "error_file_id": None,
        "request_counts": {"total": len(job.requests), "completed": fates[ANSWERED], "failed": fates[FAILED]},
    }


def _page(rows: Iterator[dict[str, Any]]) -> dict[str, Any]:
    data = list(rows)
    return {
        "data": data,
        "has_more": False,
        "first_id": data[0]["id"] if data else None,
        "last_id": data[-1]["id"] if data else None,
    }


def _one(body: dict[str, Any]) -> Iterator[bytes]:
    return iter([json.dumps(body).encode()])


def _line(row: dict[str, Any]) -> bytes:
    return json.dumps(row).encode() + b"\n"
