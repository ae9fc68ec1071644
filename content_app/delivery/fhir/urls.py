"""The addresses of the FHIR server, below `fhir/`: one view, because FHIR says what is where."""

from django.urls import path

from content_app.delivery.fhir.views import FhirView

urlpatterns = [
    path("", FhirView.as_view(), name="fhir"),
    path("<path:path>", FhirView.as_view(), name="fhir-resource"),
]
