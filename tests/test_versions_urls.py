"""The addresses of these tests: those of the product, and those of the read side that are to join them."""

from django.urls import include, path

from amps_api.urls import handler400, handler403, handler404, handler500, urlpatterns  # noqa: F401 - Django reads them
from content_app.delivery.problems import PROBLEM_TYPES, ProblemType
from content_app.delivery.views import changes, check, compare, export, feed, versions

# The types of problem that are to join those of the product.
for slug, status, title in (
    ("invalid-body", 400, "The body of the request is not usable"),
    ("body-too-large", 413, "The body of the request is too large"),
    ("range-not-satisfiable", 416, "There is nothing at that range"),
):
    PROBLEM_TYPES.setdefault(slug, ProblemType(slug, status, title, "See `detail`."))

joining = [
    path("signing-keys/", export.SigningKeyView.as_view()),
    path("releases/<int:number>/export/", export.ExportView.as_view()),
    path("releases/<int:number>/export.ndjson", export.NdjsonExportView.as_view()),
    path("releases/<int:number>/export.zip", export.BundleExportView.as_view()),
    path("check/", check.CheckView.as_view()),
    path("changes/", changes.ChangeListView.as_view()),
    path("items/<uuid:item_id>/versions/", versions.VersionListView.as_view()),
    path("releases/<int:a>/compare/<int:b>/", compare.ReleaseCompareView.as_view()),
    path("conditions/<str:a>/compare/<str:b>/", compare.ConditionCompareView.as_view()),
]
feeds = [
    path("releases.atom", feed.ReleaseFeedView.as_view()),
    path("changes.atom", feed.ChangeFeedView.as_view()),
]
urlpatterns = [path("feeds/", include(feeds)), path("api/v1/", include(joining)), *urlpatterns]
