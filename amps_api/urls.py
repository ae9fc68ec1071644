"""All addresses: the API, the pages, the editors' admin."""

from django.contrib import admin
from django.urls import include, path, re_path

from content_app.delivery import urls
from content_app.delivery.mcp.http import McpView
from content_app.preview import urls as preview_urls
from content_app.vocabulary import addresses

urlpatterns = [
    path(f"{addresses.API[1:]}/", include(urls.api)),
    path("", include("content_app.delivery.fhir.server.urls")),
    re_path(rf"^{addresses.MCP[1:]}/?$", McpView.as_view(), name="mcp"),
    path(f"{addresses.PACKAGES[1:]}/", include("content_app.delivery.fhir.packages.urls")),
    path(addresses.INFOBUTTON[1:], include("content_app.delivery.infobutton.urls")),
    path(addresses.CDS_SERVICES[1:], include("content_app.delivery.cds_hooks.urls")),
    path(f"{addresses.SANDBOX[1:]}/", include("content_app.delivery.sandbox.urls")),
    path("admin/preview/", include(preview_urls.desk)),
    path("preview/", include(preview_urls.shared)),
    path("account/", include("content_app.admin.people.account_urls")),
    path("admin/", admin.site.urls),
    path("", include(urls.site)),
]

handler400 = "content_app.delivery.pages.site.bad_request"
handler403 = "content_app.delivery.pages.site.permission_denied"
handler404 = "content_app.delivery.pages.site.not_found"
handler500 = "content_app.delivery.pages.site.server_error"
