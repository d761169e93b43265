"""Every page. One URL, one view, one template."""

from django.urls import URLPattern, path

from extraction.web.documents import document, listing, media
from extraction.web.jobs import jobs
from extraction.web.operation import status
from extraction.web.projects import fields, login, members, projects
from extraction.web.reports import exports, reports
from extraction.web.review import decisions, presence, sheets
from extraction.web.serving import api_access, model_versions, preview
from extraction.web.teaching import prompts, teacher, trials
from extraction.web.training import training_runs

urlpatterns: list[URLPattern] = [
    path("login/", login.login, name="login"),
    path("logout/", login.logout, name="logout"),
    path("password/", login.password, name="password"),
    path("", projects.listing, name="projects"),
    path("status/", status.status, name="status"),
    path("projects/<slug:slug>/", projects.overview, name="project"),
    path("new/", projects.create, name="project_create"),
    path("projects/<slug:slug>/delete/", projects.delete, name="project_delete"),
    path("projects/<slug:slug>/documents/", listing.listing, name="documents"),
    path("projects/<slug:slug>/documents/progress/", listing.progress, name="documents_progress"),
    path("projects/<slug:slug>/documents/upload/", listing.upload, name="documents_upload"),
    path("projects/<slug:slug>/documents/export/<str:format>/", exports.labels, name="labels_export"),
    path("projects/<slug:slug>/documents/<int:pk>/", document.document, name="document"),
    path("projects/<slug:slug>/documents/<int:pk>/delete/", document.delete, name="document_delete"),
    path("projects/<slug:slug>/documents/<int:pk>/reread/", document.reread, name="document_reread"),
    path("projects/<slug:slug>/documents/<int:pk>/original/", media.original, name="original"),
    path("projects/<slug:slug>/documents/<int:pk>/pages/<int:number>/words/", document.words, name="page_words"),
    path("projects/<slug:slug>/documents/<int:pk>/pages/<int:number>/image/", media.page_image, name="page_image"),
    path(
        "projects/<slug:slug>/documents/<int:pk>/pages/<int:number>/thumbnail/",
        media.page_thumbnail,
        name="page_thumbnail",
    ),
    path("projects/<slug:slug>/fields/", fields.fields, name="fields"),
    path("projects/<slug:slug>/fields/toml/", fields.fields_toml, name="fields_toml"),
    path("projects/<slug:slug>/fields/prompt/", prompts.prompt, name="prompt"),
    path("projects/<slug:slug>/fields/prompt/choose/", prompts.choose, name="prompt_choose"),
    path("projects/<slug:slug>/fields/prompt/try/", prompts.attempt, name="prompt_try"),
    path("projects/<slug:slug>/members/", members.members, name="members"),
    path("projects/<slug:slug>/members/<int:pk>/", members.change, name="member_change"),
    path("projects/<slug:slug>/members/<int:pk>/remove/", members.remove, name="member_remove"),
    path("projects/<slug:slug>/jobs/<int:pk>/", jobs.job, name="job"),
    path("projects/<slug:slug>/jobs/<int:pk>/cancel/", jobs.cancel, name="job_cancel"),
    path("projects/<slug:slug>/review/", sheets.start, name="review"),
    path("projects/<slug:slug>/review/upcoming/", sheets.upcoming, name="review_upcoming"),
    path("projects/<slug:slug>/review/heartbeat/", presence.heartbeat, name="review_heartbeat"),
    path("projects/<slug:slug>/review/leave/", presence.leave, name="review_leave"),
    path("projects/<slug:slug>/review/<int:pk>/", sheets.document, name="review_document"),
    path("projects/<slug:slug>/review/<int:pk>/take-over/", presence.take_over, name="review_take_over"),
    path("projects/<slug:slug>/review/<int:pk>/assign/", presence.assign, name="review_assign"),
    path("projects/<slug:slug>/review/<int:pk>/next/", sheets.beside, {"way": "next"}, name="review_next"),
    path("projects/<slug:slug>/review/<int:pk>/previous/", sheets.beside, {"way": "previous"}, name="review_previous"),
    path("projects/<slug:slug>/review/<int:pk>/find/", sheets.find, name="review_find"),
    path("projects/<slug:slug>/review/<int:pk>/save/", decisions.save, name="review_save"),
    path("projects/<slug:slug>/review/<int:pk>/accept/", decisions.accept, name="review_accept"),
    path("projects/<slug:slug>/review/<int:pk>/reject/", decisions.reject, name="review_reject"),
    path("projects/<slug:slug>/review/<int:pk>/skip/", decisions.skip, name="review_skip"),
    path("projects/<slug:slug>/review/<int:pk>/reopen/", decisions.reopen, name="review_reopen"),
    path("projects/<slug:slug>/review/<int:pk>/undo/", decisions.undo, name="review_undo"),
    path("projects/<slug:slug>/teacher/", teacher.page, name="teacher"),
    path("projects/<slug:slug>/teacher/estimate/", teacher.estimate, name="teacher_estimate"),
    path("projects/<slug:slug>/teacher/choose/", teacher.choose, name="teacher_choose"),
    path("projects/<slug:slug>/teacher/runs/<int:run>/", teacher.run, name="label_run"),
    path("projects/<slug:slug>/teacher/trials/", trials.start, name="trial_start"),
    path("projects/<slug:slug>/teacher/trials/estimate/", trials.estimate, name="trial_estimate"),
    path("projects/<slug:slug>/teacher/trials/compare/", trials.compare, name="trial_compare"),
    path("projects/<slug:slug>/training/", training_runs.listing, name="training"),
    path("projects/<slug:slug>/training/<int:run>/", training_runs.run, name="training_run"),
    path("projects/<slug:slug>/training/<int:run>/again/", training_runs.again, name="training_again"),
    path("projects/<slug:slug>/models/", model_versions.listing, name="models"),
    path("projects/<slug:slug>/models/try/", preview.attempt, name="model_try"),
    path("projects/<slug:slug>/models/roll-back/", model_versions.roll_back, name="roll_back"),
    path("projects/<slug:slug>/models/<str:name>/promote/", model_versions.promote, name="model_promote"),
    path("projects/<slug:slug>/models/<str:name>/files/<str:file>", model_versions.file, name="model_file"),
    path("projects/<slug:slug>/reports/", reports.listing, name="reports"),
    path("projects/<slug:slug>/reports/<int:report>/", reports.report, name="report"),
    # Addresses of before the formats were registered.
    path("projects/<slug:slug>/reports/<int:report>/table.csv", exports.report, {"format": "csv"}, "report_table"),
    path("projects/<slug:slug>/reports/<int:report>/errors.csv", exports.report, {"format": "errors"}, "report_errors"),
    path("projects/<slug:slug>/reports/<int:report>/report.json", exports.report, {"format": "json"}, "report_json"),
    path("projects/<slug:slug>/reports/<int:report>/export/<str:format>/", exports.report, name="report_export"),
    path("projects/<slug:slug>/api/", api_access.page, name="api"),
    path("projects/<slug:slug>/api/try/", api_access.attempt, name="api_try"),
    path("projects/<slug:slug>/api/tokens/<int:pk>/revoke/", api_access.revoke, name="token_revoke"),
]
