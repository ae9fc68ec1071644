"""All addresses, and the FHIR server at `fhir/` wherever the site itself has it."""

from django.urls import include, path

from amps_api import urls

urlpatterns = [path("fhir/", include("content_app.delivery.fhir.urls")), *urls.urlpatterns]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
