"""The addresses of the FHIR server: one view, because FHIR says what is where.

A batch is posted to the address of the server, which has no slash at its end.
"""

from django.urls import re_path

from content_app.delivery.fhir.server.views import FhirView

urlpatterns = [
    re_path(r"^fhir/?$", FhirView.as_view(), name="fhir"),
    re_path(r"^fhir/(?P<path>.+)$", FhirView.as_view(), name="fhir-resource"),
]
