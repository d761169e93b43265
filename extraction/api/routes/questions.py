"""Questions about single labels: what is next, answers, and undoing them; and what needs no question."""

from __future__ import annotations

from ninja import P, QueryEx, Router, Status

from extraction.api.auth import ApiRequest, Token
from extraction.api.openapi import problems
from extraction.api.routes.parameters import Id, Slug
from extraction.api.schemas.questions import (
    AcceptableOut,
    AnsweredOut,
    AnswerIn,
    KnownOut,
    QuestionOut,
    QuestionsOut,
    UndoneOut,
    UnseenAcceptanceOut,
)
from extraction.api.schemas.rows import Box
from extraction.models import Scope, UnseenAcceptance
from extraction.services.review.questions import answering, asked, standing, taking, undoing, unseen
from extraction.services.review.questions.answering import Correction
from extraction.services.review.questions.asked import Asked

router = Router(tags=["questions"])
Count = QueryEx[int, P(ge=1, le=taking.MOST, description="How many questions at most.")]


@router.get(
    "/projects/{slug:slug}/questions",
    auth=Token(Scope.REVIEW),
    response={200: QuestionsOut, **problems()},
    operation_id="next_questions",
    summary="What to ask next",
)
def next_questions(request: ApiRequest, slug: Slug, limit: Count = 12) -> QuestionsOut:
    """They are held for the person behind the token for five minutes: nobody else is asked meanwhile."""
    project = request.auth.project
    shown = asked.show(project, taking.take(project, request.auth.user, limit))
    known = standing.known(project)
    figures = KnownOut.model_validate({**known.to_json(), **known.ahead.to_json()})
    return QuestionsOut(results=[_question(each) for each in shown], known=figures)


@router.post(
    "/projects/{slug:slug}/questions/{int:id}/answer",
    auth=Token(Scope.REVIEW),
    response={200: AnsweredOut, **problems(400, 409, 413)},
    operation_id="answer_question",
    summary="Answer a question",
)
def answer_question(request: ApiRequest, slug: Slug, id: Id, body: AnswerIn) -> AnsweredOut:
    """A yes confirms the label, a no with a `value` corrects it. Refused (409) where the label changed meanwhile or
    somebody said something else; the same answer again changes nothing."""
    token = request.auth
    right = Correction(body.value, reading=body.reading) if "value" in body.model_fields_set else None
    row = answering.answer(taking.find(token.project, id), body.answer, right, actor=token.user)
    return AnsweredOut.model_validate({"state": row.state, "answer": row.answer, "labels": row.labels.count()})


@router.post(
    "/projects/{slug:slug}/questions/{int:id}/undo",
    auth=Token(Scope.REVIEW),
    response={200: UndoneOut, **problems(409)},
    operation_id="undo_answer",
    summary="Take an answer back",
)
def undo_answer(request: ApiRequest, slug: Slug, id: Id) -> UndoneOut:
    """With all labels that it wrote, except those on which somebody decided since."""
    undone = undoing.undo(taking.find(request.auth.project, id), actor=request.auth.user)
    return UndoneOut(taken_back=undone.taken_back, kept=undone.kept)


@router.get(
    "/projects/{slug:slug}/unseen-acceptances",
    auth=Token(Scope.READ),
    response={200: AcceptableOut, **problems()},
    operation_id="acceptable_unseen",
    summary="What could be accepted without a look at it",
)
def acceptable_unseen(request: ApiRequest, slug: Slug) -> AcceptableOut:
    """The documents of which each label is surely right, and the newest decisions about such documents."""
    project = request.auth.project
    found = unseen.acceptable(project)
    decisions = [_decision(row) for row in unseen.decisions(project)]
    return AcceptableOut(documents=found.documents, wrong=found.wrong, results=decisions)


@router.post(
    "/projects/{slug:slug}/unseen-acceptances",
    auth=Token(Scope.MANAGE),
    response={201: UnseenAcceptanceOut, **problems()},
    operation_id="accept_unseen",
    summary="Accept what is surely right",
)
def accept_unseen(request: ApiRequest, slug: Slug) -> Status[UnseenAcceptanceOut]:
    """Refused (422) where there is no such document."""
    return Status(201, _decision(unseen.accept(request.auth.project, actor=request.auth.user)))


@router.post(
    "/projects/{slug:slug}/unseen-acceptances/{int:id}/undo",
    auth=Token(Scope.MANAGE),
    response={200: UndoneOut, **problems()},
    operation_id="undo_unseen",
    summary="Take back that documents were accepted unseen",
)
def undo_unseen(request: ApiRequest, slug: Slug, id: Id) -> UndoneOut:
    """Except the labels on which somebody decided since."""
    undone = unseen.undo(request.auth.project, id, actor=request.auth.user)
    return UndoneOut(taken_back=undone.taken_back, kept=undone.kept)


def _decision(row: UnseenAcceptance) -> UnseenAcceptanceOut:
    return UnseenAcceptanceOut(
        id=row.pk,
        user=row.user.username if row.user else None,
        accepted=row.accepted,
        documents=row.documents,
        wrong=row.wrong,
        undone=row.undone,
    )


def _question(each: Asked) -> QuestionOut:
    return QuestionOut(
        id=each.question.pk,
        document=each.label.document_id,
        name=each.label.document.name,
        field=each.field.name,
        value=each.label.value,
        normalized=each.label.normalized,
        readings=[meaning.normalized for meaning in each.choices],
        probability=each.label.probability,
        vendor=each.vendor,
        holds=each.question.holds,
        boxes=[Box(page=each.page.number, x0=box.x0, y0=box.y0, x1=box.x1, y1=box.y1) for box in each.boxes],
        reasons=list(each.why),
    )
