"""The language of an answer: the one chosen on a page, else the browser's where pages speak it, else English."""

from typing import cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.i18n import set_language

from extraction.services import catalogues

ENGLISH = ("/api/", "/admin/")


class Language(LocaleMiddleware):
    """Middleware. Programs get English whatever they accept: the sentences of the API are a contract. So does the
    administration, which shows tables and columns by their names.

    A language whose sentences are not compiled is not spoken: Django's own words alone would be in it."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # A thread must not keep the language of the request that it answered last.
        with translation.override(settings.LANGUAGE_CODE):
            if request.path_info.startswith(ENGLISH):
                return cast(HttpResponseBase, self.get_response(request))
            response = cast(HttpResponseBase, super().__call__(request))
            patch_vary_headers(response, ["Cookie"])
            return response

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        if not catalogues.compiled(translation.get_language()):
            translation.activate(settings.LANGUAGE_CODE)
            request.LANGUAGE_CODE = settings.LANGUAGE_CODE


# Back to the page with a cookie; before the login too.
choose = login_not_required(set_language)
