"""The page on which an owner sees and sets the languages of a project's documents."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from extraction.domain.languages import UnknownLanguage
from extraction.models import Project, Role
from extraction.services.projects import languages as spoken
from extraction.services.projects import messages as sentences
from extraction.services.sentences import translated
from extraction.web.access import project_view


@require_http_methods(["GET", "POST"])
@project_view(post=Role.OWNER)
def languages(request: HttpRequest, project: Project) -> HttpResponse:
    chosen, error = project.languages_set, ""
    if request.method == "POST":
        chosen = request.POST.getlist("language")
        try:
            spoken.set_languages(project, chosen)
            messages.success(request, sentences.LANGUAGES_SAVED)
            return redirect("languages", project.slug)
        except UnknownLanguage as unknown:
            error = translated(unknown)
    context = {
        "chosen": chosen,
        "error": error,
        "choices": spoken.choices(),
        "found": sentences.languages_found(project.languages_found),
        "missing": sentences.missing_data(spoken.missing(project)),
    }
    return render(request, "projects/languages.html", context, status=400 if error else 200)
