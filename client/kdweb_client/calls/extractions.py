# Made by client/generate.py from the OpenAPI document.
"""Files in, fields out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal
from uuid import UUID

from kdweb_client.calling import Calls, address
from kdweb_client.files import File
from kdweb_client.schemas.extractions import Batch, Extraction


class ExtractionsCalls(Calls):
    """Files in, fields out."""

    def delete_batch(self, id: UUID) -> None:
        """Delete a batch.

        Its files and answers go at once; without this call they go after some weeks (`KD_EXTRACTION_DAYS`). 409
        while the project is under a legal hold.
        """
        self._nothing("DELETE", address("batches", id))

    def batch(self, id: UUID) -> Batch:
        """A batch and its progress."""
        return self._object(Batch, "GET", address("batches", id))

    def cancel_batch(self, id: UUID, *, idempotency_key: str | None = None) -> Batch:
        """Cancel a batch.

        What was read stays. The file that is being read may still get its answer; refused (409) for one that ended.

        `idempotency_key`: A name for this request; one is made up where none is given.
        """
        return self._object(Batch, "POST", address("batches", id, "cancel"), key=idempotency_key)

    def batch_results(self, id: UUID) -> Iterator[bytes]:
        """The fields of a batch's files.

        A JSON object a line for each file that was read or refused until now, in the order of the batch: its name
        under `file`, then what an extraction answers, its `error` included.
        """
        return self._content(address("batches", id, "results"))

    def delete_extraction(self, id: UUID) -> None:
        """Delete an extraction.

        What it holds goes at once; without this call it goes after some weeks (`KD_EXTRACTION_DAYS`). 409 while the
        project is under a legal hold.
        """
        self._nothing("DELETE", address("extractions", id))

    def extraction(self, id: UUID) -> Extraction:
        """An extraction or its state.

        202 while it waits for a worker, 200 once it is done or has failed: `state` and `error` say which.
        """
        return self._object(Extraction, "GET", address("extractions", id))

    def list_batches(self) -> Iterator[Batch]:
        """List batches.

        Newest first.
        """
        return self._list(Batch, address("projects", self._project, "batches"))

    def start_batch(
        self, files: Iterable[File], *, model: str | None = None, idempotency_key: str | None = None
    ) -> Batch:
        """Read the fields of many files.

        A worker reads the files one after the other. Each is kept until all are read; a refused one harms no other.

        `files`: Files or ZIP archives of such, together at most 500 MB.
        `model`: A model version; the serving one by default.
        `idempotency_key`: A name for this request; one is made up where none is given.
        """
        return self._object(
            Batch,
            "POST",
            address("projects", self._project, "batches"),
            query={"model": model},
            files=files,
            key=idempotency_key,
        )

    def start_batch_from_store(
        self, file: File, *, model: str | None = None, idempotency_key: str | None = None
    ) -> Batch:
        """Read the fields of files in the object store.

        The keys name objects in the folder of the project below `KD_BATCH_PREFIX`; any other line gets an error
        with its number and harms no other. A worker fetches the objects one after the other, and changes none. 409
        where the operator allows no manifests.

        `file`: A manifest: a text with a key a line, at most 100,000 keys and 50 MB.
        `model`: A model version; the serving one by default.
        `idempotency_key`: A name for this request; one is made up where none is given.
        """
        return self._object(
            Batch,
            "POST",
            address("projects", self._project, "batches", "manifest"),
            query={"model": model},
            files=[file],
            key=idempotency_key,
        )

    def extract(
        self,
        file: File,
        *,
        model: str | None = None,
        mode: Literal["sync", "async"] = "sync",
        idempotency_key: str | None = None,
    ) -> Extraction:
        """Read the fields of a file.

        Reads one file at a time in the server; some callers may wait, more are told to come back (503,
        `Retry-After`). Documents of more than 20 pages are read with `mode=async` only. The file is kept until it
        is read and no longer, save where the project's teacher reads it, too, a candidate reads it differently from
        the serving version, or the project keeps files whose answers are unsure: then it becomes a document of the
        project, which `review` names.

        `file`: A picture or PDF of a document, at most 50 MB.
        `model`: A model version; the serving one by default.
        `mode`: `async`: 202 at once, a worker reads the file.
        `idempotency_key`: A name for this request; one is made up where none is given.
        """
        return self._object(
            Extraction,
            "POST",
            address("projects", self._project, "extract"),
            query={"model": model, "mode": mode},
            files=[file],
            key=idempotency_key,
        )

    def list_extractions(
        self,
        *,
        state: Literal["queued", "done", "failed"] | None = None,
        batch: UUID | None = None,
        since: str | None = None,
        until: str | None = None,
        unsure: bool | None = None,
    ) -> Iterator[Extraction]:
        """List extractions.

        Newest first, those of batches included, each as it is answered alone.

        `state`: Only such extractions.
        `batch`: Only those of this batch.
        `since`: Only files that came on this day, by UTC, or later.
        `until`: Only files that came on this day, by UTC, or earlier.
        `unsure`: Only such whose fields a person should look at, or only others.
        """
        return self._list(
            Extraction,
            address("projects", self._project, "extractions"),
            query={"state": state, "batch": batch, "since": since, "until": until, "unsure": unsure},
        )
