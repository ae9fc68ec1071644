"""The addresses of packages: those that clients of FHIR's registry ask for, and those of npm."""

from django.urls import path, re_path

from content_app.delivery.fhir.packages import views
from content_app.delivery.fhir.packages.contents import NAME

NAMED = NAME.replace(".", r"\.")
VERSION = r"(?P<version>[0-9.]{1,20})"

urlpatterns = [
    path("syndication.xml", views.SyndicationView.as_view(), name="syndication"),
    re_path(rf"^{NAMED}/?$", views.VersionsView.as_view(), name="package-versions"),
    re_path(rf"^{NAMED}/{VERSION}/?$", views.PackageView.as_view(), name="package"),
    re_path(rf"^{NAMED}/-/{NAMED}-{VERSION}\.tgz$", views.PackageView.as_view(), name="package-npm"),
    re_path(rf"^{NAMED}/{VERSION}/bundle\.json$", views.BundleView.as_view(), name="package-bundle"),
]
