"""Who works on which document: reservations while it is open, and assignments to a member."""

from django.conf import settings
from django.db import models

from extraction.models.documents import Document


class Reservation(models.Model):
    """A document that a reviewer has open since `since`, or loaded ahead (`services.review.reservations.AHEAD`).

    It counts while its heartbeat is recent (`services.review.reservations`), so that a closed browser holds nothing.
    """

    document = models.OneToOneField(Document, models.CASCADE, related_name="reservation")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    since = models.DateTimeField()
    heartbeat = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.document} is open at {self.user}"


class Assignment(models.Model):
    """A document that a member is to review."""

    document = models.OneToOneField(Document, models.CASCADE, related_name="assignment")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="assignments")
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.document} is for {self.user}"
