# Made by client/generate.py from the OpenAPI document.
"""Is this one label right?"""

from __future__ import annotations

from typing import Literal

from kdweb_client.calling import Calls, address
from kdweb_client.schemas.questions import Acceptable, Answered, Questions, Undone, UnseenAcceptance


class QuestionsCalls(Calls):
    """Is this one label right?"""

    def next_questions(self, *, limit: int = 12) -> Questions:
        """What to ask next.

        They are held for the person behind the token for five minutes: nobody else is asked meanwhile.

        `limit`: How many questions at most.
        """
        return self._object(Questions, "GET", address("projects", self._project, "questions"), query={"limit": limit})

    def answer_question(
        self,
        id: int,
        answer: Literal["yes", "no", "unknown"],
        *,
        reading: str | None = None,
        value: str | None = None,
        idempotency_key: str | None = None,
    ) -> Answered:
        """Answer a question.

        A yes confirms the label, a no with a `value` corrects it. Refused (409) where the label changed meanwhile
        or somebody said something else; the same answer again changes nothing.

        `reading`: Of several things that `value` can mean, the one meant.
        `value`: After a no the right value; null: not on the document; left out: it is not known.
        `idempotency_key`: A name for this request; one is made up where none is given.
        """
        return self._object(
            Answered,
            "POST",
            address("projects", self._project, "questions", id, "answer"),
            body={"answer": answer, "reading": reading, "value": value},
            key=idempotency_key,
        )

    def undo_answer(self, id: int, *, idempotency_key: str | None = None) -> Undone:
        """Take an answer back.

        With all labels that it wrote, except those on which somebody decided since.

        `idempotency_key`: A name for this request; one is made up where none is given.
        """
        return self._object(
            Undone, "POST", address("projects", self._project, "questions", id, "undo"), key=idempotency_key
        )

    def acceptable_unseen(self) -> Acceptable:
        """What could be accepted without a look at it.

        The documents of which each label is surely right, and the newest decisions about such documents.
        """
        return self._object(Acceptable, "GET", address("projects", self._project, "unseen-acceptances"))

    def accept_unseen(self, *, idempotency_key: str | None = None) -> UnseenAcceptance:
        """Accept what is surely right.

        Refused (422) where there is no such document.

        `idempotency_key`: A name for this request; one is made up where none is given.
        """
        return self._object(
            UnseenAcceptance, "POST", address("projects", self._project, "unseen-acceptances"), key=idempotency_key
        )

    def undo_unseen(self, id: int, *, idempotency_key: str | None = None) -> Undone:
        """Take back that documents were accepted unseen.

        Except the labels on which somebody decided since.

        `idempotency_key`: A name for this request; one is made up where none is given.
        """
        return self._object(
            Undone, "POST", address("projects", self._project, "unseen-acceptances", id, "undo"), key=idempotency_key
        )
