"""The limits of failed logins, as django-axes asks for them (`AXES_HANDLER`)."""

from collections.abc import Mapping
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.http import HttpRequest

from extraction.services.audit_log import logins
from extraction.services.identity import login_limits
from extraction.web.identity.addresses import client_address
from extraction.web.identity.login import attempted_name


class LimitsHandler(AxesDatabaseHandler):  # type: ignore[misc]  # django-axes has no types
    """Counts failures as django-axes does; also attempts on many names, and on one name from many addresses, end."""

    def is_locked(self, request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> bool:
        """Asked before the password is looked at, so that a refused login costs no hashing."""
        return login_limits.exceeded(attempted_name(request, credentials), client_address(request))

    def user_login_failed(
        self, sender: str, credentials: Mapping[str, Any], request: HttpRequest | None = None, **kwargs: Any
    ) -> None:
        """Told to the audit log as long as attempts are counted: beyond the limits anybody could fill it."""
        if request is not None and not getattr(request, "axes_locked_out", False):
            logins.failed(attempted_name(request, credentials))
        super().user_login_failed(sender, credentials, request, **kwargs)
