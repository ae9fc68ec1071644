"""The desk as a site of its own: its names, how its lists are grouped, its home, and its ways in and out.

In: requests for the pages that belong to no model. Out: those pages. Signing in, out and changing a password lead to
allauth, which throttles and records: Django's own ways in are closed. `amps_api.apps` makes this the default site.
Importing it must register no page, as it is imported while the site is made.
"""

from allauth.account.utils import get_next_redirect_url
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.text import slugify
from django.views.decorators.cache import never_cache

# As those who work there think: what they write first, then what became of it. Every list stands in one group.
GROUPS = {
    "Content": ("Condition", "Concept", "SymptomType", "Example"),
    "Sources and imports": ("Source", "Import"),
    "Publishing": ("Schedule", "Release", "Document"),
    "History": ("Revision", "SignOff", "Event", "SourceRevision"),
    "Integrations": ("ApiClient", "ApiKey", "WebhookEndpoint", "WebhookDelivery"),
    "People": ("User", "AuditEntry"),
}
# Tables as they are stored: editors find what they say on the pages of items and sources.
FOR_ADMINISTRATORS = {"Document", "Revision", "SignOff", "Event", "SourceRevision"}


class Desk(AdminSite):
    """Django's admin, as editors know it."""

    site_header = "AMPS API editorial desk"
    site_title = index_title = "Editorial desk"
    empty_value_display = "–"

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict]:
        """The groups, each in the shape that Django gives an application; of one application, its plain list.

        Only administrators are led to the tables as they are stored.
        """
        found = super().get_app_list(request, app_label)
        if app_label:
            return found
        left_out = set() if request.user.is_superuser else FOR_ADMINISTRATORS
        listed = [one for app in found for one in app["models"] if one["object_name"] not in left_out]
        models = {model["object_name"]: model for model in listed}
        grouped = {name: [models[key] for key in keys if key in models] for name, keys in GROUPS.items()}
        return [
            {"name": name, "app_label": slugify(name), "models": group, "has_module_perms": True}
            for name, group in grouped.items()
            if group
        ]

    def get_urls(self) -> list:
        """Django's addresses, and those of the searches and of the style guide."""
        from content_app.admin import guide, search
        from content_app.admin.items import codes

        return [
            path("search/", self.admin_view(search.view), name="search"),
            path("codes/", self.admin_view(codes.view), name="codes"),
            path("style-guide/", self.admin_view(guide.style_guide), name="style_guide"),
            path("practice/", self.admin_view(guide.practise), name="practise"),
            *super().get_urls(),
        ]

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """The first page, with the desk on it for those who may see items."""
        from content_app.admin import home  # its numbers come from modules that register pages

        shown = home.context(request) if request.user.has_perm("content_app.view_item") else {}
        return super().index(request, shown | (extra_context or {}))

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Lead to allauth's page, and from there back. Whoever is signed in already is let in, or refused."""
        back = get_next_redirect_url(request) or reverse("admin:index")
        if request.user.is_authenticated:
            if not self.has_permission(request):
                raise PermissionDenied
            return HttpResponseRedirect(back)
        return HttpResponseRedirect(reverse("account_login", query={"next": back}))

    def logout(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Lead to the page that asks whether to sign out; its form does it."""
        return HttpResponseRedirect(reverse("account_logout"))

    def password_change(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Lead to allauth's page for a new password."""
        return HttpResponseRedirect(reverse("account_change_password"))

    password_change_done = password_change
