"""Claims on SROIE receipts that a student did not learn from: by what they say, and by what the student read."""

from __future__ import annotations

import datetime
import hashlib
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from PIL import Image, ImageEnhance, ImageFilter

from benchmarks import corpora, sroie
from benchmarks.auditing import measures
from benchmarks.auditing.claims import SECOND, Made, Maker, Truth
from benchmarks.base import Benchmark, Cell, Setting, Table, digest, write_json
from benchmarks.labels import choosing, sources
from benchmarks.quality import student, training_cache
from extraction.domain.auditing.finding import Finding, Severity
from extraction.domain.auditing.matching import Match, MatchBy, match
from extraction.domain.auditing.policy import CheckSetting, Policy
from extraction.domain.auditing.rates import Rate
from extraction.domain.auditing.reading.receipts import Source, receipt
from extraction.domain.auditing.reading.roles import Roles
from extraction.domain.auditing.running import audit
from extraction.domain.auditing.values import Candidate, Reading, Receipt
from extraction.domain.field_types import Conventions, normalize
from extraction.domain.pages import Page
from extraction.domain.prediction import FieldValue
from extraction.domain.progress import Progress, Silent
from extraction.engines.ingest.limits import Limits
from extraction.engines.ingest.ocr.registry import engine
from extraction.engines.ingest.quality import fingerprint
from extraction.engines.ingest.reading import read_document
from extraction.engines.student.base import Predictor
from extraction.engines.teacher.rules.vocabulary.amounts import amount_kind

# Labels that the student learned from, draws of claims, and the receipts of which there is a second photograph.
LABELS, DRAWS, EVERY = 200, 20, 6
SCHEMA = sroie.SCHEMA
BASE = "MYR"
RATES = {"USD": Decimal("4.10"), "EUR": Decimal("4.80"), "SGD": Decimal("3.05"), "THB": Decimal("0.13")}
# Receipts of several years: their age says nothing.
POLICY = Policy(
    base=BASE,
    local=BASE,
    checks={"too_old": CheckSetting(Severity.OFF)},
    violations=0.1,
    tips=("meals",),
    rates=tuple(Rate(code, value) for code, value in RATES.items()),
)
TODAY = datetime.date(2019, 6, 30)
AGAIN = "again-"
# The exponent of amounts that are printed with them.
CENTS = -2
PARTS: tuple[corpora.Part, ...] = ("train", "dev")
CONVENTIONS = Conventions("dmy", ".")


@dataclass(frozen=True)
class Document:
    """A receipt with what it says by the oracle; `pages` and `image` are those of its picture."""

    name: str
    pages: tuple[Page, ...]
    image: Path
    right: Mapping[str, str | None]


def inputs(setting: Setting) -> Mapping[str, Any]:
    return {
        **sources.inputs(),
        "foundations": training_cache.foundations(setting),
        "code": training_cache.code("benchmarks.auditing"),
        "settings": [LABELS, DRAWS, EVERY],
    }


def run(setting: Setting, progress: Progress) -> Sequence[Table]:
    project = choosing.Project(setting.seed, setting, progress)
    trained = project.at_random(LABELS)
    learned = {example.id for example in project.drawn(LABELS)}
    return tables(trained.predictor, learned, setting, progress)


def tables(predictor: Predictor, learned: set[str], setting: Setting, progress: Progress) -> Sequence[Table]:
    """The tables for a student that learned from the receipts with those content hashes."""
    rows: list[tuple[Cell, ...]] = []
    kinds: list[tuple[Cell, ...]] = []
    for part in PARTS:
        known = documents(part, learned, setting, progress)
        truths = _truths(known)
        again = {truth.again for truth in truths if truth.again}
        true = _receipts(known, None, setting, again)
        read = _receipts(known, predictor, setting, again)
        for values, receipts in (("true", true), ("student's", read)):
            results = [Result.of(truths, receipts, setting.seed + number) for number in range(DRAWS)]
            rows.append(_row(part, values, len(truths), results))
            if part == "dev" and values == "student's":
                kinds = _kinds(results)
    return [
        Table(
            f"Claims on SROIE receipts that a student of {LABELS} labels did not learn from, {DRAWS} draws",
            (
                *("part", "values", "receipts", "claims", "precision", "recall", "alarms"),
                *("inflation: precision at recall 0.9", "at risk ÷ lost", "matched right", "wrong"),
            ),
            tuple(rows),
            (
                "Seven of ten claims are honest. Alarms: honest claims with a finding held against them.",
                "Precision, recall: findings held against claims; tuned on train, dev was looked at last.",
                "Matched: claims without file names, of those that have a receipt.",
            ),
        ),
        Table(
            "The claims on dev receipts by how they came to be, student's values",
            ("claim", "claims", "found", "another finding held against it"),
            tuple(kinds),
        ),
    ]


@dataclass(frozen=True)
class Result:
    """The findings on one draw of claims; `matched` without file names."""

    made: Sequence[Made]
    findings: Sequence[Finding]
    matched: Sequence[Match]

    @classmethod
    def of(cls, truths: Sequence[Truth], receipts: Sequence[Receipt], seed: int) -> Result:
        made = Maker(random.Random(seed), BASE, RATES, f"{seed}-").make(truths)
        claims = [each.claim for each in made]
        # There is no receipt of a claim without one, and no second photograph where nobody claims it.
        claimed = {each.document for each in made}
        receipts = [each for each in receipts if each.document in claimed]
        matching = match(claims, receipts, POLICY)
        findings = audit(claims, receipts, matching.matches, POLICY, TODAY)
        without = [replace(claim, file="") for claim in claims]
        return cls(made, findings, match(without, receipts, POLICY).matches)

    @property
    def matching(self) -> tuple[int, int, int]:
        """Claims that have a receipt of their own, and how many are matched to it and to another one."""
        shared = {each.document.removeprefix(AGAIN).removesuffix(".jpg") for each in self.made if each.kind in SECOND}
        own = {
            each.claim.reference: each.document
            for each in self.made
            if each.document and each.kind not in SECOND and each.document not in shared
        }
        found = {each.claim: each.document for each in self.matched if each.by is MatchBy.VALUES}
        right = sum(found.get(reference) == document for reference, document in own.items())
        wrong = sum(found.get(reference, document) != document for reference, document in own.items())
        return len(own), right, wrong


def _row(part: str, values: str, receipts: int, results: Sequence[Result]) -> tuple[Cell, ...]:
    """The figures of all draws together."""
    made = [each for result in results for each in result.made]
    findings = [each for result in results for each in result.findings]
    at, _ = measures.precision_of_inflation(made, findings)
    expected, lost = measures.losses(made, findings)
    own, right, wrong = (sum(result.matching[at] for result in results) for at in range(3))
    return (
        part,
        values,
        receipts,
        len(made),
        measures.precision(made, findings),
        measures.recall(made, findings),
        measures.alarms(made, findings),
        at,
        float(expected / lost),
        right / own,
        wrong / own,
    )


def _kinds(results: Sequence[Result]) -> list[tuple[Cell, ...]]:
    made = [each for result in results for each in result.made]
    return measures.by_kind(made, [each for result in results for each in result.findings])


def documents(part: corpora.Part, learned: set[str], setting: Setting, progress: Progress) -> list[Document]:
    """The receipts of a part that the student did not learn from, and that have an amount, a date and a company."""
    known = sources.labels(part, setting, progress)
    files = {document.name: document for document in sroie.CORPUS.documents(part)}
    return [
        Document(receipt.name, receipt.pages, files[receipt.name].path, receipt.right)
        for receipt in known.receipts
        if files[receipt.name].content not in learned
    ]


def _truths(known: Sequence[Document]) -> list[Truth]:
    truths = []
    for number, document in enumerate(known):
        values = {
            name: normalize(SCHEMA[name], value or "", conventions=CONVENTIONS)
            for name, value in document.right.items()
        }
        amount, date, company = (values.get(name) for name in ("total", "date", "company"))
        if not amount or not date or not company or Decimal(amount) <= 0:
            continue
        answers = {name: FieldValue(value, None, 1.0) for name, value in document.right.items()}
        read = receipt(
            Source(document.name), Roles.of(SCHEMA), answers, document.pages, amount_kind, conventions=CONVENTIONS
        )
        least = Decimal(amount) * Decimal("1.05") + Decimal("0.10")
        # Without cents, numbers of articles, years and times are read as amounts, too.
        cents = {each.value for each in read.printed if each.value.as_tuple().exponent == CENTS}
        others = tuple(sorted(value for value in cents if value > least))
        again = f"{AGAIN}{document.name}.jpg" if number % EVERY == 0 else ""
        truths.append(
            Truth(
                document.name,
                f"{document.name}.jpg",
                company,
                Decimal(amount),
                BASE,
                datetime.date.fromisoformat(date),
                others,
                again,
            )
        )
    return truths


def _receipts(
    known: Sequence[Document],
    predictor: Predictor | None,
    setting: Setting,
    again: set[str],
) -> list[Receipt]:
    """As they say by the oracle, or as the predictor reads them; behind them the second photographs."""
    receipts = []
    for document in known:
        pictures = [(document.name, document.image, document.pages)]
        name = f"{AGAIN}{document.name}.jpg"
        if name in again:
            picture = _photograph(document.image, setting.folder / "photographs" / f"{document.name}.jpg")
            pictures.append((name, picture, _read(picture, setting)))
        for key, path, pages in pictures:
            receipts.append(_receipt(document, key, path, pages, predictor))
    return sorted(receipts, key=lambda each: each.document.startswith(AGAIN))


def _receipt(
    document: Document,
    key: str,
    path: Path,
    pages: tuple[Page, ...],
    predictor: Predictor | None,
) -> Receipt:
    answers: Mapping[str, FieldValue]
    if predictor is None:
        answers = {name: FieldValue(value, None, 1.0) for name, value in document.right.items()}
    else:
        answers = predictor.predict(pages)
    with Image.open(path) as picture:
        source = Source(key, file=key if key.startswith(AGAIN) else f"{key}.jpg", fingerprint=fingerprint(picture))
    made = receipt(source, Roles.of(SCHEMA), answers, pages, amount_kind, conventions=CONVENTIONS)
    if predictor is None:
        return replace(made, currency=Reading(Candidate(BASE, 1.0)))
    return made


def _photograph(image: Path, to: Path) -> Path:
    """Another picture of the paper: turned, cut, darker, less sharp, of another size."""
    if not to.exists():
        to.parent.mkdir(parents=True, exist_ok=True)
        drawn = random.Random(image.name)
        with Image.open(image) as picture:
            seen = picture.convert("RGB").rotate(drawn.uniform(-2.5, 2.5), expand=True, fillcolor=(120, 110, 100))
            width, height = seen.size
            cut = [drawn.uniform(0, 0.02) for _ in range(4)]
            seen = seen.crop(
                (int(cut[0] * width), int(cut[1] * height), int((1 - cut[2]) * width), int((1 - cut[3]) * height))
            )
            seen = seen.resize((int(seen.width * 0.85), int(seen.height * 0.85)), Image.Resampling.BICUBIC)
            seen = (
                ImageEnhance.Brightness(seen).enhance(drawn.uniform(0.75, 0.95)).filter(ImageFilter.GaussianBlur(0.6))
            )
            seen.save(to, "JPEG", quality=70)
    return to


def _read(path: Path, setting: Setting) -> tuple[Page, ...]:
    content = hashlib.sha256(path.read_bytes()).hexdigest()
    kept = setting.folder / "photographs" / f"{digest([content, corpora.reader_digest(student.OCR)])[:16]}.json"
    if not kept.exists():
        pages = read_document(path, engine(student.OCR, setting.threads), Limits(), Silent())
        write_json(kept, [page.page.to_json() for page in pages])
    return tuple(map(Page.from_json, json.loads(kept.read_text("utf-8"))))


BENCHMARK = Benchmark("audit-sroie", "claims on real receipts, by true values and by what a student read", inputs, run)
