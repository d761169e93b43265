# Made by client/generate.py from the OpenAPI document.
"""A teacher gives first labels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from kdweb_client.calling import Calls, address
from kdweb_client.files import File
from kdweb_client.schemas.labelling import LabelFile, Labelling


class LabellingCalls(Calls):
    """A teacher gives first labels."""

    def list_label_files(self) -> Iterator[LabelFile]:
        """List label files.

        Newest first.
        """
        return self._list(LabelFile, address("projects", self._project, "label-files"))

    def load_labels(
        self,
        file: File,
        source: Literal["truth", "reviewer", "teacher", "claim", "student"],
        *,
        format: str = "jsonl",
        map: list[str] | None = None,
        idempotency_key: str | None = None,
    ) -> LabelFile:
        """Load a label file.

        The documents must be there: they are found by file name, path or SHA-256. A worker checks the file to its
        last line and stores nothing of one that is wrong. Loading the same file twice changes nothing.

        `file`: A file, at most 50 MB, or a ZIP archive of such.
        `format`: `jsonl`, `label-studio`, `cord` or `sroie`.
        `map`: What names of the file mean, `NAME=FIELD` or `GROUP.NAME=group/field` for cells of rows; else a name
            fills the field called so. Names that fill no field are passed over.
        `idempotency_key`: A name for this request; one is made up where none is given.
        """
        return self._object(
            LabelFile,
            "POST",
            address("projects", self._project, "label-files"),
            query={"source": source, "format": format, "map": map},
            files=[file],
            key=idempotency_key,
        )

    def label_file(self, id: int) -> LabelFile:
        """A label file.

        How its loading stands, and what could not be loaded.
        """
        return self._object(LabelFile, "GET", address("projects", self._project, "label-files", id))

    def start_labelling(
        self,
        *,
        budget: float | None = None,
        consent: str = "",
        delivery: Any = "direct",
        doubtful: bool = False,
        limit: int | None = None,
        method: Literal["fill", "list", "single"] = "fill",
        select: Any = "oldest",
        teacher: str = "",
        idempotency_key: str | None = None,
    ) -> Labelling:
        """Let a teacher label documents.

        Queues a run over documents that lack labels of this teacher. Refused (409) while another one goes on, so
        that a call may be repeated without paying twice.

        `budget`: Dollars at most; null: no limit.
        `consent`: Identifier of the provider to which pictures may go: `anthropic`, or `openai@HOST`.
        `doubtful`: Only documents with a doubtful first answer.
        `limit`: Documents at most; null: no limit.
        `method`: How a model is asked: for all fields, for every labelled value, or for one field a request.
        `select`: Documents that come first under a limit or a budget: the oldest, or those that teach most.
        `teacher`: `rules`, or a provider and its model; empty: the installation's.
        `idempotency_key`: A name for this request; one is made up where none is given.
        """
        return self._object(
            Labelling,
            "POST",
            address("projects", self._project, "label-runs"),
            body={
                "budget": budget,
                "consent": consent,
                "delivery": delivery,
                "doubtful": doubtful,
                "limit": limit,
                "method": method,
                "select": select,
                "teacher": teacher,
            },
            key=idempotency_key,
        )

    def label_run(self, id: int) -> Labelling:
        """A label run.

        How it stands, what it cost, and why it picked its documents. Trials are no label runs.
        """
        return self._object(Labelling, "GET", address("projects", self._project, "label-runs", id))
