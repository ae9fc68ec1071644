"""API clients and their keys, kept by whoever has the permissions on them: key administrators (see `roles`).

In: names, days. Out: a key, shown once in the answer that made it: it is in no message, session, log or history.
"""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.html import format_html
from rest_framework_api_key.admin import APIKey as UnusedKey  # importing it registers a page for it

from content_app.admin.shared.formsets import BoundedFormSet
from content_app.admin.shared.lists import Lists
from content_app.admin.shared.texts import EditorialFields
from content_app.models import ApiClient, ApiKey
from content_app.models.clients import KEY_HEADER

admin.site.unregister(UnusedKey)


class NeverDeleted:
    """Mix into a ModelAdmin or inline: what is no longer wanted is switched off. Else the role's permissions hold."""

    def has_delete_permission(self, request, obj=None):
        return False


class KeyRows(NeverDeleted, admin.TabularInline):
    """The keys of a client, each with the way to its page."""

    model = ApiKey
    formset = BoundedFormSet
    extra = 0
    fields = readonly_fields = ["page", "prefix", "state", "expiry_date", "last_used_on", "created"]
    verbose_name_plural = "API keys"

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    @admin.display(description="key")
    def page(self, key):
        return format_html('<a href="{}">{}</a>', reverse("admin:content_app_apikey_change", args=[key.pk]), key)


@admin.register(ApiClient)
class ApiClientAdmin(NeverDeleted, EditorialFields, Lists, admin.ModelAdmin):
    rows_come_from = (
        "A client is an application that reads the library. Add it here, then give it API keys and webhooks."
    )
    list_display = ["name", "contact_email", "is_active", "created_at"]
    list_filter = ["is_active"]
    search_fields = ["name", "contact_email"]
    fields = ["name", "contact_email", "is_active", "uuid", "created_at", "new_key"]
    readonly_fields = ["uuid", "created_at", "new_key"]
    inlines = [KeyRows]
    actions = None

    def get_fields(self, request, obj=None):
        return self.fields if obj else self.fields[:3]

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def response_add(self, request, obj, post_url_continue=None):
        self.message_user(request, f"“{obj}” was added. You can now create an API key or a webhook for it.")
        return HttpResponseRedirect(reverse("admin:content_app_apiclient_change", args=[obj.pk]))

    @admin.display(description="new key")
    def new_key(self, client):
        href = reverse("admin:content_app_apikey_add", query={"client": client.pk})
        return format_html('<a class="button" href="{}">Create an API key</a>', href)


@admin.register(ApiKey)
class ApiKeyAdmin(NeverDeleted, EditorialFields, Lists, admin.ModelAdmin):
    rows_come_from = "Each key belongs to a client. Add the client first."
    list_display = ["name", "client", "prefix", "state", "expiry_date", "last_used_on"]
    list_filter = ["revoked", "client"]
    list_select_related = ["client"]
    search_fields = ["name", "prefix", "client__name"]
    fields = ["client", "name", "expiry_date", "revoked", "prefix", "created", "last_used_on"]
    actions = None

    def get_fields(self, request, obj=None):
        return self.fields if obj else self.fields[:3]

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return []
        fixed = ["client", "prefix", "created", "last_used_on"]
        return [*fixed, "name", "expiry_date", "revoked"] if obj.revoked else fixed

    def save_model(self, request, obj, form, change):
        if not change:
            request.made_key = ApiKey.objects.assign_key(obj)
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: ApiKey, post_url_continue=None) -> HttpResponse:
        """The page that shows the key, this once. The form sent again is refused: there is a key of this name."""
        context = {
            **self.admin_site.each_context(request),
            "title": f"API key “{obj}” for {obj.client}",
            "opts": self.opts,
            "key": request.made_key,
            "header": KEY_HEADER,
            "page": reverse("admin:content_app_apiclient_change", args=[obj.client_id]),
        }
        response = TemplateResponse(request, "admin/content_app/key.html", context)
        add_never_cache_headers(response)
        return response
