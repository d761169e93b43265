"""Documents and their pages. Pictures and originals lie in the data folder; rows hold their relative paths."""

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy, pgettext_lazy

from extraction.domain import pages as domain
from extraction.models.projects import Project


class Split(models.TextChoices):
    TRAIN = "train", pgettext_lazy("split", "Train")
    VALIDATION = "validation", pgettext_lazy("split", "Validation")
    TEST = "test", pgettext_lazy("split", "Test")


class Document(models.Model):
    """A file of a project. `sha256` identifies its content: the same bytes are never stored twice in a project."""

    class State(models.TextChoices):
        """How far reading has come."""

        QUEUED = "queued", gettext_lazy("Waiting to be read")
        READY = "ready", gettext_lazy("Read")
        FAILED = "failed", gettext_lazy("Could not be read")

    class Review(models.TextChoices):
        """How far review has come."""

        UNLABELLED = "unlabelled", gettext_lazy("No labels")
        WAITING = "waiting", gettext_lazy("Waits for review")
        ACCEPTED = "accepted", gettext_lazy("Accepted")
        REJECTED = "rejected", gettext_lazy("Rejected")

    class Origin(models.TextChoices):
        """How it came into the project."""

        UPLOAD = "upload", gettext_lazy("Added by a person or program")
        ESCALATION = "escalation", gettext_lazy("Sent for extraction and read by the teacher")
        CANARY = "canary", gettext_lazy("Sent for extraction and read differently by a candidate")
        UNSURE = "unsure", gettext_lazy("Sent for extraction and kept for review")

    project = models.ForeignKey(Project, models.CASCADE, related_name="documents")
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.UPLOAD)
    name = models.CharField(max_length=255, help_text="The file's name as it came.")
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=50)
    bytes = models.PositiveBigIntegerField()
    original = models.CharField(max_length=200, help_text="Path of the file as it came, below the data folder.")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    error = models.CharField(max_length=500, blank=True, help_text="Why it could not be read, in one sentence.")
    split = models.CharField(max_length=10, choices=Split)
    language = models.CharField(
        max_length=8,
        null=True,
        help_text="Code of the language of most words; empty: they do not tell; null: not asked.",
    )
    page_count = models.PositiveIntegerField(default=0)
    empty_pages = models.PositiveIntegerField(default=0, help_text="Pages on which no word was found.")
    focus = models.FloatField(null=True, help_text="Variance of the Laplacian of the least sharp page.")
    fingerprint = models.CharField(max_length=64, blank=True, help_text="Perceptual hash of the first page, hex.")
    duplicate_of = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="near_duplicates")
    review = models.CharField(max_length=10, choices=Review, default=Review.UNLABELLED)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    reviewed = models.DateTimeField(null=True)
    rejection = models.CharField(max_length=200, blank=True, help_text="Why a reviewer rejected it.")
    held = models.BooleanField(default=False, help_text="A legal hold: it may not be deleted.")
    skipped = models.DateTimeField(null=True, help_text="Put at the end of the review queue at this time.")
    confidence = models.FloatField(null=True, help_text="The lowest confidence among the current best labels.")
    source = models.CharField(max_length=10, blank=True, help_text="The best source among its labels.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "sha256"], name="one_document_per_content")]
        indexes = [
            models.Index(fields=["project", "-id"]),
            models.Index(fields=["project", "state", "-id"]),
            models.Index(fields=["project", "split", "-id"]),
            models.Index(fields=["project", "review", "-id"]),
            models.Index(fields=["project", "origin", "-id"]),
            models.Index(fields=["project", "review", "state", "skipped", "confidence", "id"], name="review_queue"),
            models.Index(fields=["project", "reviewed"], name="reviewed_documents"),
        ]

    def __str__(self) -> str:
        return self.name

    def domain_pages(self) -> tuple[domain.Page, ...]:
        """The pages with their words, in order."""
        return as_domain_pages(self.pages.all())


class Page(models.Model):
    """An upright page of a document, as it was read."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField(help_text="Starts at 0.")
    image = models.CharField(max_length=200, help_text="Path of the upright picture, below the data folder.")
    thumbnail = models.CharField(max_length=200, help_text="Path of the small picture, below the data folder.")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    rotation = models.PositiveSmallIntegerField(default=0, help_text="Degrees clockwise by which the scan was turned.")
    focus = models.FloatField()
    reader = models.CharField(max_length=100, help_text="What found the words: an OCR engine or `text layer`.")
    seconds = models.FloatField(help_text="Time that decoding and reading took.")
    words = models.JSONField(help_text="Rows as `domain.pages.Page.to_json` writes them.")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="one_page_per_number")]

    def __str__(self) -> str:
        return f"{self.document}, page {self.number + 1}"

    def as_domain(self) -> domain.Page:
        """The page with its words."""
        return domain.Page.from_json({"width": self.width, "height": self.height, "words": self.words})


def as_domain_pages(pages: Iterable[Page]) -> tuple[domain.Page, ...]:
    """The pages with their words, in order of their numbers."""
    return tuple(page.as_domain() for page in sorted(pages, key=lambda page: page.number))


class DocumentLayout(models.Model):
    """What is kept of a document's first page to find documents alike; see `domain.label_quality.layouts`.

    Made when the document is read. Of one that was read by an earlier version there is none until it is needed."""

    document = models.OneToOneField(Document, models.CASCADE, primary_key=True, related_name="layout")
    project = models.ForeignKey(Project, models.CASCADE, related_name="+")
    vector = models.BinaryField(help_text="As `Layout` holds it.")
    legibility = models.FloatField(help_text="Mean confidence of its words, 0 to 1.")
    cluster = models.PositiveBigIntegerField(
        help_text="Key of the first document of those alike: its own, where it is the first."
    )

    class Meta:
        indexes = [models.Index(fields=["project", "cluster"], name="layout_clusters")]

    def __str__(self) -> str:
        return f"Layout of {self.document}"
