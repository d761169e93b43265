"""Access: accounts, their roles in projects, and the tokens of programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AbstractUser, Group
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy


class User(AbstractUser):
    """An account; superusers see every project."""


class Role(models.TextChoices):
    """Owners set up, spend, train and promote; reviewers upload and correct; auditors decide findings; viewers look."""

    OWNER = "owner", gettext_lazy("Owner")
    REVIEWER = "reviewer", gettext_lazy("Reviewer")
    AUDITOR = "auditor", gettext_lazy("Auditor")
    VIEWER = "viewer", gettext_lazy("Viewer")

    def includes(self, other: Role) -> bool:
        """True where it may do all that `other` may."""
        return other is self or other in _INCLUDED[self]


# What each role includes beside itself: reviewers and auditors do not include each other.
_INCLUDED: Mapping[Role, frozenset[Role]] = {
    Role.OWNER: frozenset({Role.REVIEWER, Role.AUDITOR, Role.VIEWER}),
    Role.REVIEWER: frozenset({Role.VIEWER}),
    Role.AUDITOR: frozenset({Role.VIEWER}),
    Role.VIEWER: frozenset(),
}


class Roles(frozenset[Role]):
    """The roles of somebody in a project without those that another of them includes; empty for a stranger."""

    @classmethod
    def of(cls, *roles: Iterable[Role]) -> Self:
        """The union of what somebody has by themselves and through groups."""
        held = {role for each in roles for role in each}
        return cls(role for role in held if not any(other is not role and other.includes(role) for other in held))

    def includes(self, needed: Role) -> bool:
        """Whether one of them may do all that `needed` may."""
        return any(role.includes(needed) for role in self)


class Membership(models.Model):
    project = models.ForeignKey("extraction.Project", models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "user"], name="one_role_per_project")]

    def __str__(self) -> str:
        return f"{self.user} is {self.role} of {self.project}"


class GroupRole(models.Model):
    """A role of everybody who is in a group. Beside a role of their own both count."""

    project = models.ForeignKey("extraction.Project", models.CASCADE, related_name="group_roles")
    group = models.ForeignKey(Group, models.CASCADE, related_name="project_roles")
    role = models.CharField(max_length=10, choices=Role)
    created = models.DateTimeField(auto_now_add=True)

    # Of accounts in the group, which `services.identity.groups` adds to the rows of its list.
    members: int

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "group"], name="one_role_of_a_group_per_project")]

    def __str__(self) -> str:
        return f"{self.group} is {self.role} of {self.project}"


class Scope(models.TextChoices):
    """Rights of a token; never more than its user has at that moment."""

    EXTRACT = "extract", gettext_lazy("Extract fields from files")
    READ = "read", gettext_lazy("Read documents, labels, models and reports")
    UPLOAD = "upload", gettext_lazy("Upload documents")
    REVIEW = "review", gettext_lazy("Answer questions about labels")
    AUDIT = "audit", gettext_lazy("Read findings about claims and decide them")
    MANAGE = "manage", gettext_lazy("Train and promote models")


class ApiToken(models.Model):
    """A program's key to one project. Only an HMAC of it is stored; it is shown once, when it is made."""

    project = models.ForeignKey("extraction.Project", models.CASCADE, related_name="tokens")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100, help_text="What the program is called.")
    prefix = models.CharField(max_length=16, help_text="The start of the token, to know it by.")
    digest = models.CharField(max_length=64, unique=True, help_text="HMAC of the whole token under the secret key.")
    replaced = models.CharField(
        max_length=64, blank=True, db_index=True, help_text="Digest of the token before the present one."
    )
    replaced_until = models.DateTimeField(
        null=True, help_text="Until then the token before the present one counts too."
    )
    quota = models.PositiveIntegerField(null=True, help_text="Documents a month at most; null: any number.")
    scopes = models.JSONField(help_text="Values of `Scope`.")
    last_used = models.DateTimeField(null=True)
    revoked = models.DateTimeField(null=True)
    created = models.DateTimeField(auto_now_add=True)

    # Of the present month, which `services.projects.tokens` adds to the rows of its lists.
    calls: int
    documents: int
    # Whether a caller came with the token before the present one (`services.projects.tokens.authenticate`).
    outdated: bool = False

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def has_overlap(self) -> bool:
        """Whether the token before the present one counts too."""
        return self.replaced_until is not None and self.replaced_until > timezone.now()


class TokenUsage(models.Model):
    """What a token was used for in a month."""

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="usage")
    month = models.DateField(help_text="Its first day, by UTC.")
    calls = models.PositiveBigIntegerField(default=0)
    documents = models.PositiveBigIntegerField(default=0, help_text="Files for extraction, and documents added.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "month"], name="one_usage_per_month")]

    def __str__(self) -> str:
        return f"{self.token} in {self.month:%Y-%m}"


class IdempotentCall(models.Model):
    """A call of a program that came with an idempotency key, and its answer once there is one."""

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="idempotent_calls")
    key = models.CharField(max_length=255, help_text="What the program named the call.")
    request = models.CharField(max_length=64, help_text="SHA-256 of method, address and body.")
    worker = models.CharField(max_length=128, blank=True, help_text="Token of the process that works on it.")
    answer = models.JSONField(null=True, help_text="As `KeptAnswer.to_json` writes it; null while it is under way.")
    started = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="one_call_per_key")]
        indexes = [models.Index(fields=["started"], name="idempotent_calls")]

    def __str__(self) -> str:
        return f"{self.key} of {self.token}"
