"""The addresses of the FHIR server: one view, because FHIR says what is where.

A batch is posted to the address of the server, which has no slash at its end.
"""

from django.urls import re_path
from django.views.decorators.gzip import gzip_page

from content_app.delivery.fhir.server.views import FhirView

answer = gzip_page(FhirView.as_view())  # a code system with all its names is 97 kB, and 12 kB compressed

urlpatterns = [
    re_path(r"^fhir/?$", answer, name="fhir"),
    re_path(r"^fhir/(?P<path>.+)$", answer, name="fhir-resource"),
]
