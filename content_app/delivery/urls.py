"""The addresses of the read side."""

from django.urls import path

from content_app.delivery.views import documents, entries, health, library, pages, releases

api = [
    path("", library.LibraryView.as_view(), name="library"),
    path("conditions/", documents.ConditionListView.as_view(), name="conditions"),
    path("conditions/<str:slug>/", documents.ConditionView.as_view(), name="condition"),
    path("concepts/", documents.ConceptListView.as_view(), name="concepts"),
    path("concepts/<str:slug>/", documents.ConceptView.as_view(), name="concept"),
    path("symptom-types/", documents.SymptomTypeListView.as_view(), name="symptom-types"),
    path("symptom-types/<str:slug>/", documents.SymptomTypeView.as_view(), name="symptom-type"),
    path("examples/", documents.ExampleListView.as_view(), name="examples"),
    path("examples/<str:slug>/", documents.ExampleView.as_view(), name="example"),
    path("sources/", documents.SourceListView.as_view(), name="sources"),
    path("sources/<str:slug>/", documents.SourceView.as_view(), name="source"),
    path("items/<uuid:item_id>/", documents.ItemView.as_view(), name="item"),
    path("statements/<uuid:statement_id>/", entries.StatementView.as_view(), name="statement"),
    path("relations/", entries.RelationListView.as_view(), name="relations"),
    path("codings/", entries.CodingListView.as_view(), name="codings"),
    path("vocabulary/", library.VocabularyView.as_view(), name="vocabulary"),
    path("releases/", releases.ReleaseListView.as_view(), name="releases"),
    path("releases/<int:number>/", releases.ReleaseView.as_view(), name="release"),
]

site = [
    path("", pages.home, name="home"),
    path("docs/", pages.DocsView.as_view(), name="docs"),
    path("openapi.json", pages.OpenAPIView.as_view(), name="openapi"),
    path("schemas/editorial-document.json", pages.editorial_schema, name="editorial-schema"),
    path("problems/", pages.problems, name="problems"),
    path("problems/<str:slug>/", pages.problem, name="problem"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
]
