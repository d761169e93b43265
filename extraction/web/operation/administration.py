"""Django's admin for the operator: accounts, memberships, tokens, jobs and labels, for superusers only.

What has rules of its own is shown here and changed where the rules are: accounts and members on their pages, labels in
review. Jobs are cancelled and tried again by the services.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html

from extraction.domain.errors import UserError
from extraction.models import ApiToken, Job, Label, Membership, User
from extraction.services.jobs import kinds, queue
from extraction.services.projects import tokens


class OperatorSite(admin.AdminSite):
    """The administration for superusers, with the login of all pages; other accounts are refused."""

    site_header = site_title = "kdweb administration"
    index_title = "Installation"

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether a superuser is logged in. Raises `PermissionDenied` for other accounts."""
        if request.user.is_authenticated and not request.user.is_superuser:
            raise PermissionDenied("Only an administrator of the installation can open this page.")
        return request.user.is_authenticated

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.user.is_authenticated:
            return redirect("admin:index")
        return redirect_to_login(request.GET.get(REDIRECT_FIELD_NAME, reverse("admin:index")))


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # it takes none when it runs
    """A table that nothing is added to, changed in or deleted from here."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class AccountAdmin(ReadOnlyAdmin):
    list_display = ("username", "is_active", "is_superuser", "last_login", "date_joined", "accounts")
    list_filter = ("is_active", "is_superuser")
    search_fields = ("username", "email")
    fields = ("username", "email", "is_active", "is_superuser", "last_login", "date_joined")

    @admin.display(description="Change")
    def accounts(self, user: User) -> str:
        """Link to the page that keeps an administrator in the installation."""
        return format_html('<a href="{}">Accounts</a>', reverse("accounts"))


class MembershipAdmin(ReadOnlyAdmin):
    list_display = ("user", "project", "role", "created", "members")
    list_filter = ("role",)
    search_fields = ("user__username", "project__name", "project__slug")
    list_select_related = ("user", "project")
    ordering = ("project__slug", "user__username")

    @admin.display(description="Change")
    def members(self, membership: Membership) -> str:
        """Link to the page that keeps an owner in every project."""
        return format_html('<a href="{}">Members</a>', reverse("members", args=[membership.project.slug]))


class TokenAdmin(ReadOnlyAdmin):
    list_display = ("prefix", "name", "project", "user", "scope_names", "last_used", "revoked", "created")
    search_fields = ("prefix", "name", "user__username", "project__slug")
    list_select_related = ("user", "project")
    # The digest is shown nowhere.
    fields = ("prefix", "name", "project", "user", "scope_names", "last_used", "revoked", "created")
    actions = ("revoke",)

    @admin.display(description="Scopes")
    def scope_names(self, token: ApiToken) -> str:
        return ", ".join(token.scopes)

    @admin.action(description="Revoke the selected tokens")
    def revoke(self, request: HttpRequest, rows: QuerySet[ApiToken]) -> None:
        for token in rows:
            tokens.revoke(token)
        self.message_user(request, "The tokens open nothing any more.", messages.SUCCESS)


class KindFilter(admin.SimpleListFilter):
    """Filter by the registered kinds of jobs."""

    title = parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [(kind.name, kind.title) for kind in kinds.registered()]

    def queryset(self, request: HttpRequest, rows: QuerySet[Job]) -> QuerySet[Job]:
        return rows.filter(kind=self.value()) if self.value() else rows


class JobAdmin(ReadOnlyAdmin):
    list_display = ("id", "work", "project", "state", "position", "error", "created", "finished")
    list_filter = ("state", KindFilter)
    search_fields = ("project__name", "project__slug", "error")
    list_select_related = ("project",)
    ordering = ("-id",)
    actions = ("try_again", "cancel")

    @admin.display(description="Work", ordering="kind")
    def work(self, job: Job) -> str:
        return kinds.title(job.kind)

    @admin.display(description="Done")
    def position(self, job: Job) -> str:
        return f"{job.done} of {job.total}" if job.total else "–"

    @admin.action(description="Try the selected jobs again")
    def try_again(self, request: HttpRequest, rows: QuerySet[Job]) -> None:
        for job in rows:
            try:
                queue.retry(job)
            except UserError as error:
                self.message_user(request, f"Job {job.pk}: {error}", messages.WARNING)
            else:
                self.message_user(request, f"Job {job.pk} waits for a worker.", messages.SUCCESS)

    @admin.action(description="Cancel the selected jobs")
    def cancel(self, request: HttpRequest, rows: QuerySet[Job]) -> None:
        for job in rows:
            if queue.cancel(job).active:
                self.message_user(request, f"Job {job.pk} stops at its next step.", messages.SUCCESS)
            else:
                self.message_user(request, f"Job {job.pk} is {job.get_state_display().lower()}.", messages.SUCCESS)


class LabelAdmin(ReadOnlyAdmin):
    list_display = ("document", "field", "value", "source", "teacher", "author", "withdrawn", "created")
    list_filter = ("source", "withdrawn", "unsure")
    search_fields = ("document__name", "document__project__slug", "field")
    list_select_related = ("document", "author")
    ordering = ("-id",)


class LogAdmin(ReadOnlyAdmin):
    """Changes that were made in this administration."""

    list_display = ("action_time", "user", "content_type", "object_repr", "change_message")
    list_select_related = ("user", "content_type")


site = OperatorSite()
site.register(User, AccountAdmin)
site.register(Membership, MembershipAdmin)
site.register(ApiToken, TokenAdmin)
site.register(Job, JobAdmin)
site.register(Label, LabelAdmin)
site.register(LogEntry, LogAdmin)
