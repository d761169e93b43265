"""Counts: what rows and files say after the load, beside what callers were promised."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields

from benchmarks.soak.load import BATCH, Accepted


@dataclass(frozen=True, slots=True)
class Counts:
    """`lost`: accepted, and not there, not read or not told of. `doubled`: there, or told, more often than accepted.
    `stuck`: jobs still under way. `orphans`: files that no row names. `unclear`: answers of the application that were
    neither a success nor a refusal for a while in a sentence."""

    documents: int
    labels: int
    extractions: int
    batches: int
    trainings: int
    lost: int
    doubled: int
    stuck: int
    orphans: int
    unclear: int

    @property
    def sound(self) -> bool:
        return not (self.lost or self.doubled or self.stuck or self.orphans or self.unclear)

    def __str__(self) -> str:
        return "  ".join(f"{part.name} {getattr(self, part.name)}" for part in fields(self))


def count(accepted: Sequence[Accepted], told: Mapping[str, Collection[str]], before: int) -> Counts:
    """`told`: ids of the webhooks that told of an extraction; `before`: documents that were there before the load."""
    from extraction.models import Document, Extraction, Job, Label, RunState, Source, TrainingRun
    from extraction.services.operation.backup import rows

    documents = set[str]().union(*(each.documents for each in accepted))
    batches = set[str]().union(*(each.batches for each in accepted))
    trainings = set[int]().union(*(each.trainings for each in accepted))
    of_batches = Extraction.objects.filter(batch__public_id__in=batches)
    in_batches = {str(key) for key in of_batches.values_list("public_id", flat=True)}
    promised = set[str]().union(*(each.extractions for each in accepted)) | in_batches
    values = {label for each in accepted for label in each.labels.items()}
    read = set(Document.objects.filter(state=Document.State.READY).values_list("sha256", flat=True))
    done = {
        str(key) for key in Extraction.objects.filter(state=Extraction.State.DONE).values_list("public_id", flat=True)
    }
    reviewed = set(Label.objects.filter(source=Source.REVIEWER).values_list("document", "value"))
    labels = Label.objects.filter(withdrawn=False).values("document", "field", "source", "teacher")
    # A request that never got an answer may have been carried out all the same.
    sent = Document.objects.filter(origin=Document.Origin.UPLOAD)
    there = Extraction.objects.count() + sent.count() - before
    extra = max(0, there - len(promised) - len(documents) - sum(each.unanswered for each in accepted))
    return Counts(
        documents=len(documents),
        labels=len(values),
        extractions=len(promised),
        batches=len(batches),
        trainings=len(trainings),
        lost=len(documents - read)
        + len(values - reviewed)
        + len(promised - done)
        + len(promised - set(told))
        + BATCH * len(batches)
        - len(in_batches)
        + len(trainings)
        - sum(run.state == RunState.DONE for run in TrainingRun.objects.filter(pk__in=trainings)),
        doubled=extra + labels.count() - labels.distinct().count() + sum(len(ids) - 1 for ids in told.values()),
        stuck=Job.objects.filter(state__in=Job.ACTIVE).count(),
        orphans=len(_files() - set(rows.files(rows.live))),
        unclear=sum(len(each.unclear) for each in accepted),
    )


def _files() -> set[str]:
    """Files of documents and of callers; what a training keeps beside its model is no row's."""
    from extraction.services import storage

    found = {storage.relative(path) for path in storage.root().rglob("*") if path.is_file()}
    return {name for name in found if "/pretrained/" not in name and "/checkpoint/" not in name}
