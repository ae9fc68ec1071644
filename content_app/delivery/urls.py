"""The addresses of the read side."""

from django.urls import path, re_path, register_converter
from django.urls.converters import UUIDConverter

from content_app.delivery.feeds import views as feed
from content_app.delivery.pages import discovery, signposts, site_map
from content_app.delivery.pages import library as readable
from content_app.delivery.pages import site as pages
from content_app.delivery.rest import documents, entries, library, linked_data, releases, selection, versions
from content_app.delivery.rest.changes import check_view
from content_app.delivery.rest.changes import views as changes
from content_app.delivery.rest.compare import views as compare
from content_app.delivery.rest.export import views as export
from content_app.delivery.rest.search import SearchView, SuggestView
from content_app.vocabulary.addresses import CATALOG


class IdentifierConverter(UUIDConverter):
    """A UUID in any case: views lead to the usual one."""

    regex = "(?i:" + UUIDConverter.regex + ")"


register_converter(IdentifierConverter, "identifier")
DOCUMENT = rf"^(?P<collection>{'|'.join(documents.KINDS)})/(?P<slug>[^/]*)"

api = [
    path("", library.LibraryView.as_view(), name="library"),
    path("conditions/", documents.ConditionListView.as_view(), name="conditions"),
    path("conditions/<str:a>/compare/<str:b>/", compare.ConditionCompareView.as_view(), name="compare-conditions"),
    path("conditions/<str:slug>/", documents.ConditionView.as_view(), name="condition"),
    path("conditions/<str:slug>/selected/", documents.SelectedConditionView.as_view(), name="selected-condition"),
    path("concepts/", documents.ConceptListView.as_view(), name="concepts"),
    path("concepts/<str:slug>/", documents.ConceptView.as_view(), name="concept"),
    path("concepts/<str:slug>/selected/", documents.SelectedConceptView.as_view(), name="selected-concept"),
    path("symptom-types/", documents.SymptomTypeListView.as_view(), name="symptom-types"),
    path("symptom-types/<str:slug>/", documents.SymptomTypeView.as_view(), name="symptom-type"),
    path(
        "symptom-types/<str:slug>/selected/", documents.SelectedSymptomTypeView.as_view(), name="selected-symptom-type"
    ),
    path("examples/", documents.ExampleListView.as_view(), name="examples"),
    path("examples/<str:slug>/", documents.ExampleView.as_view(), name="example"),
    path("examples/<str:slug>/selected/", documents.SelectedExampleView.as_view(), name="selected-example"),
    path("sources/", documents.SourceListView.as_view(), name="sources"),
    path("sources/<str:slug>/", documents.SourceView.as_view(), name="source"),
    path("sources/<str:slug>/selected/", documents.SelectedSourceView.as_view(), name="selected-source"),
    *(
        re_path(rf"{DOCUMENT}\.{suffix}$", view.as_view(), name=f"representation-{suffix}")
        for suffix, view in documents.REPRESENTATION_VIEWS.items()
    ),
    path("library.jsonld", linked_data.LibraryJsonLdView.as_view(), name="library-json-ld"),
    re_path(rf"{DOCUMENT}\.[^/.]*$", documents.unknown_suffix),
    path("library.ttl", linked_data.LibraryGraphView.as_view(), name="library-graph"),
    path("mappings.sssom.tsv", linked_data.MappingsView.as_view(), name="mappings"),
    path("contexts/1.jsonld", linked_data.ContextView.as_view(), name="context"),
    path("items/", selection.BatchView.as_view(), name="items"),
    path("items/selected/", selection.SelectedBatchView.as_view(), name="selected-items"),
    path("items/<identifier:item_id>/", documents.ItemView.as_view(), name="item"),
    path("items/<identifier:item_id>/selected/", documents.SelectedItemView.as_view(), name="selected-item"),
    path("items/<identifier:item_id>/versions/", versions.VersionListView.as_view(), name="versions"),
    path("statements/<identifier:statement_id>/", entries.StatementView.as_view(), name="statement"),
    path("relations/", entries.RelationListView.as_view(), name="relations"),
    path("codings/", entries.CodingListView.as_view(), name="codings"),
    path("search/", SearchView.as_view(), name="search"),
    path("suggest/", SuggestView.as_view(), name="suggest"),
    path("vocabulary/", library.VocabularyView.as_view(), name="vocabulary"),
    path("releases/", releases.ReleaseListView.as_view(), name="releases"),
    path("releases/<int:number>/", releases.ReleaseView.as_view(), name="release"),
    path("releases/<int:a>/compare/<int:b>/", compare.ReleaseCompareView.as_view(), name="compare-releases"),
    path("releases/<int:number>/export/", export.ExportView.as_view(), name="export"),
    path("releases/<int:number>/export.ndjson", export.NdjsonExportView.as_view(), name="export-ndjson"),
    path("releases/<int:number>/export.zip", export.BundleExportView.as_view(), name="export-zip"),
    path("signing-keys/", export.SigningKeyView.as_view(), name="signing-keys"),
    path("changes/", changes.ChangeListView.as_view(), name="changes"),
    path("check/", check_view.CheckView.as_view(), name="check"),
]

site = [
    path("", pages.home, name="home"),
    path("docs/", pages.DocsView.as_view(), name="docs"),
    path("openapi.json", pages.OpenAPIView.as_view(), name="openapi"),
    path("schemas/editorial-document.json", pages.editorial_schema, name="editorial-schema"),
    path("feeds/releases.atom", feed.ReleaseFeedView.as_view(), name="feed-releases"),
    path("feeds/changes.atom", feed.ChangeFeedView.as_view(), name="feed-changes"),
    path("problems/", pages.problems, name="problems"),
    path("problems/<str:slug>/", pages.problem, name="problem"),
    path("deprecations/", pages.deprecations, name="deprecations"),
    path("deprecations/<str:slug>/", pages.deprecation, name="deprecation"),
    path("library/", readable.LibraryPageView.as_view(), name="read-library"),
    path("library/search/", readable.SearchPageView.as_view(), name="read-search"),
    path("library/history/<identifier:item_id>/", readable.HistoryPageView.as_view(), name="read-history"),
    path("library/<str:collection>/", readable.CollectionPageView.as_view(), name="read-collection"),
    path("llms.txt", signposts.LlmsView.as_view(), name="llms"),
    path(CATALOG[1:], discovery.ApiCatalogView.as_view(), name="api-catalog"),
    path(".well-known/security.txt", discovery.security, name="security-txt"),
    path("robots.txt", signposts.robots, name="robots"),
    path("sitemap.xml", site_map.SitemapView.as_view(), name="sitemap"),
    re_path(r"^sitemap-(?P<prefix>[0-9a-f]{1,4})\.xml$", site_map.SitemapPartView.as_view(), name="sitemap-part"),
]
