# Made by client/generate.py from the OpenAPI document.
"""What a project learns from and is measured on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from kdweb_client.calling import Calls, address
from kdweb_client.files import File
from kdweb_client.schemas.documents import Document, Labels, Learners, Origin, Retention, ReviewCode, State, Uploads
from kdweb_client.schemas.shared import Source, Split


class DocumentsCalls(Calls):
    """What a project learns from and is measured on."""

    def list_documents(
        self,
        *,
        sort: str = "-added",
        search: str = "",
        state: State | None = None,
        split: Split | None = None,
        review: ReviewCode | None = None,
        source: Source | None = None,
        origin: Origin | None = None,
        below: int | None = None,
        lacks: str = "",
        empty: bool | None = None,
    ) -> Iterator[Document]:
        """List documents.

        Newest first, unless `sort` says otherwise.

        `sort`: `added`, `name`, `confidence` or `field.NAME` (its value); after a hyphen it descends. Documents
            without the value come last.
        `search`: Part of the file's name or of a best label's value.
        `state`: How far reading has come.
        `split`: What the documents are for.
        `review`: How far review has come.
        `source`: The best source among its labels.
        `origin`: How they came into the project.
        `below`: Its confidence is below so many percent.
        `lacks`: Name of a field without a label.
        `empty`: Whether no word was found on one of their pages.
        """
        return self._list(
            Document,
            address("projects", self._project, "documents"),
            query={
                "sort": sort,
                "search": search,
                "state": state,
                "split": split,
                "review": review,
                "source": source,
                "origin": origin,
                "below": below,
                "lacks": lacks,
                "empty": empty,
            },
        )

    def upload_documents(
        self, files: Iterable[File], *, split: Split | None = None, idempotency_key: str | None = None
    ) -> Uploads:
        """Add documents.

        Each file for itself, those of ZIP archives too: one that is refused harms no other, so look at every
        `error`. Content that the project has already is named and not stored again: sending the same files twice
        changes nothing.

        `files`: Files or ZIP archives of such, 100 and 500 MB at most.
        `split`: What they are for; by default 80/10/10 by content.
        `idempotency_key`: A name for this request; one is made up where none is given.
        """
        return self._object(
            Uploads,
            "POST",
            address("projects", self._project, "documents"),
            query={"split": split},
            files=files,
            key=idempotency_key,
        )

    def delete_document(self, id: int) -> None:
        """Delete a document.

        Its files, labels and traces go for good, and models that learned from it forget it. Refused (409) under a
        legal hold.
        """
        self._nothing("DELETE", address("projects", self._project, "documents", id))

    def document(self, id: int) -> Document:
        """A document."""
        return self._object(Document, "GET", address("projects", self._project, "documents", id))

    def hold_document(self, id: int, held: bool) -> None:
        """Hold a document.

        Under a legal hold a document cannot be deleted.
        """
        self._nothing("PUT", address("projects", self._project, "documents", id, "hold"), body={"held": held})

    def document_labels(self, id: int) -> Labels:
        """What was said about a document."""
        return self._object(Labels, "GET", address("projects", self._project, "documents", id, "labels"))

    def document_learners(self, id: int) -> Learners:
        """What learned from a document.

        Models and unfinished trainings that have to forget the document once it is deleted.
        """
        return self._object(Learners, "GET", address("projects", self._project, "documents", id, "learners"))

    def retention(self) -> Retention:
        """What is kept for how long.

        The periods, and what goes next.
        """
        return self._object(Retention, "GET", address("projects", self._project, "retention"))

    def change_retention(
        self,
        *,
        answers: int | None = None,
        documents: int | None = None,
        held: bool = False,
        rejected: int | None = None,
        unreviewed: int | None = None,
        versions: Literal["all", "serving"] = "all",
        when: Literal["at_once", "nightly", "by_hand"] = "nightly",
    ) -> Retention:
        """Change what is kept for how long.

        Nothing is deleted before the next night.
        """
        return self._object(
            Retention,
            "PATCH",
            address("projects", self._project, "retention"),
            body={
                "answers": answers,
                "documents": documents,
                "held": held,
                "rejected": rejected,
                "unreviewed": unreviewed,
                "versions": versions,
                "when": when,
            },
        )
