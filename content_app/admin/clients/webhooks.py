"""The pages of webhook endpoints: where events go, whether they arrive, and what can be done about it.

In: whoever has Django's permissions on webhook endpoints; with the one to view, pages are read, with the one to change,
buttons appear. Out: endpoints, through `webhooks.endpoints`. A secret is on the page that answers its making, once.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from content_app.admin.items.findings import key_in
from content_app.admin.publishing.published import as_code
from content_app.admin.shared.lists import Lists
from content_app.admin.shared.readonly import ReadOnlyAdmin
from content_app.admin.shared.texts import EditorialFields
from content_app.models import WebhookDelivery, WebhookEndpoint
from content_app.models.webhooks import PENDING
from content_app.publication.outbox import EVENT_TYPES
from content_app.webhooks import endpoints
from content_app.webhooks.connecting import Refused, check_url

SHOWN_DELIVERIES = 20
REPLAYED = "{} {} will be sent again, with the same webhook-id."


class StateFilter(admin.SimpleListFilter):
    """Endpoints that are on, switched off by hand, or stopped because deliveries failed."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("on", "On"), ("off", "Switched off"), ("stopped", "Stopped because deliveries failed")]

    def queryset(self, request, queryset):
        narrowed = {"on": Q(is_active=True), "off": Q(disabled_reason=endpoints.BY_HAND), "stopped": STOPPED}
        return queryset.filter(narrowed.get(self.value(), Q()))


STOPPED = Q(is_active=False) & ~Q(disabled_reason=endpoints.BY_HAND)


def number_stopped() -> int:
    """How many endpoints have stopped because deliveries failed: somebody has to look at them."""
    return WebhookEndpoint.objects.filter(STOPPED).count()


class EndpointForm(forms.ModelForm):
    events = forms.MultipleChoiceField(
        choices=[(kind.code, f"{kind.label}: {kind.meaning}") for kind in EVENT_TYPES.values()],
        widget=forms.CheckboxSelectMultiple,
        help_text=WebhookEndpoint._meta.get_field("events").help_text,
        label="Events",
    )

    def clean_url(self) -> str:
        try:
            check_url(self.cleaned_data["url"])
        except Refused as refusal:
            raise forms.ValidationError(str(refusal))
        return self.cleaned_data["url"]


def _test(endpoint: WebhookEndpoint, request: HttpRequest) -> str:
    endpoints.send_test(endpoint, timezone.now())
    return "A test event is being sent. Reload this page in a moment to see the result."


def _revoke(endpoint: WebhookEndpoint, request: HttpRequest) -> str:
    endpoints.revoke_previous(endpoint)
    return "The previous secret was revoked."


def _on(endpoint: WebhookEndpoint, request: HttpRequest) -> str:
    endpoints.switch_on(endpoint)
    return "The endpoint was switched on."


def _off(endpoint: WebhookEndpoint, request: HttpRequest) -> str:
    endpoints.switch_off(endpoint, timezone.now())
    return "The endpoint was switched off. No more events are sent to it."


def _replay(endpoint: WebhookEndpoint, request: HttpRequest) -> str:
    key = key_in(request.POST.get("delivery", ""))
    if key is None or not endpoints.replay_one(endpoint, key, timezone.now()):
        raise endpoints.NotPossible(
            "This delivery cannot be sent again: it is still being sent, or it has been removed from the log."
        )
    return REPLAYED.format(1, "delivery")


def _replay_failed(endpoint: WebhookEndpoint, request: HttpRequest) -> str:
    try:
        since = datetime.fromisoformat(request.POST.get("since", "")).replace(tzinfo=timezone.get_current_timezone())
    except ValueError:
        raise endpoints.NotPossible("Enter a date and time, such as 2026-12-31T08:00.")
    number = endpoints.replay_failed(endpoint, since, timezone.now())
    return REPLAYED.format(number, "delivery" if number == 1 else "deliveries")


Act = Callable[[WebhookEndpoint, HttpRequest], str]
ACTS: dict[str, Act] = {
    "test": _test, "revoke": _revoke, "on": _on, "off": _off, "replay": _replay, "replay-failed": _replay_failed,
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A delivery in the log of an endpoint, with its attempts."""

    delivery: WebhookDelivery
    attempts: list


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(EditorialFields, Lists, admin.ModelAdmin):
    rows_come_from = "An endpoint is the address at which a client receives events. Add the client first."
    form = EndpointForm
    list_display = ["url", "client", "state", "number_pending", "last_success_at", "last_failure_at"]
    list_filter = [StateFilter, "client"]
    search_fields = ["url", "description", "client__name"]
    list_select_related = ["client"]
    fields = ["client", "url", "description", "events"]
    change_form_template = "admin/content_app/webhook_endpoint.html"
    actions = None

    def get_queryset(self, request):
        of_this = WebhookDelivery.objects.filter(endpoint=OuterRef("pk"), state=PENDING).order_by().values("endpoint")
        pending = Subquery(of_this.annotate(number=Count("pk")).values("number"))
        return super().get_queryset(request).annotate(pending=Coalesce(pending, 0))

    def has_delete_permission(self, request, obj=None):
        return False  # switched off, it keeps its log

    def get_readonly_fields(self, request, obj=None):
        return ["client"] if obj else []

    @admin.display(description="state", ordering="is_active")
    def state(self, endpoint):
        sort, told = state_of(endpoint)
        return format_html('<span class="badge {}">{}</span>', sort, told)

    @admin.display(description="pending", ordering="pending")
    def number_pending(self, endpoint):
        return endpoint.pending

    # Saving

    def save_model(self, request, obj, form, change):
        """Only what was typed is written: the worker changes other columns meanwhile."""
        if change:
            obj.save(update_fields=form.changed_data)
        else:
            request.new_secret = endpoints.give_secret(obj)
            obj.save()

    def response_add(self, request, obj, post_url_continue=None):
        return self.secret_page(request, obj, request.new_secret)

    def secret_page(self, request: HttpRequest, endpoint: WebhookEndpoint, secret: str) -> HttpResponse:
        """The one page that ever shows a secret."""
        context = self.admin_site.each_context(request) | {
            "title": "Endpoint secret",
            "opts": self.opts,
            "endpoint": endpoint,
            "secret": secret,
            "page": page_of(endpoint),
            "rotation_hours": int(endpoints.ROTATION.total_seconds() // 3600),
        }
        response = TemplateResponse(request, "admin/content_app/webhook_secret.html", context)
        response["Cache-Control"] = "private, no-store"
        return response

    # The page

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj:
            context |= self.around(obj, request)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def around(self, endpoint: WebhookEndpoint, request: HttpRequest) -> dict:
        """What stands beside the form: where it stands, what can be done, the log."""
        now = timezone.now()
        listed = reverse("admin:content_app_webhookdelivery_changelist", query={"endpoint__id__exact": endpoint.pk})
        return {
            "endpoint": endpoint,
            "state": state_of(endpoint),
            "lines": log_of(endpoint),
            "all_deliveries": listed,
            "both_sign": endpoint.previous_secret and endpoint.previous_secret_until > now,
            "paused": endpoint.paused_until and endpoint.paused_until > now,
            "a_day_ago": now - timedelta(days=1),
            "can_act": self.has_change_permission(request, endpoint),
        }

    # Buttons

    def get_urls(self):
        act = self.admin_site.admin_view(self.act_view)
        rotate = self.admin_site.admin_view(self.rotate_view)
        return [
            path("<path:object_id>/rotate/", rotate, name="content_app_webhookendpoint_rotate"),
            path("<path:object_id>/act/<slug:act>/", act, name="content_app_webhookendpoint_act"),
            *super().get_urls(),
        ]

    def _endpoint(self, request: HttpRequest, object_id: str) -> WebhookEndpoint:
        endpoint = WebhookEndpoint.objects.select_related("client").filter(pk=key_in(object_id)).first()
        if endpoint is None:
            raise Http404("This endpoint does not exist.")
        if not self.has_change_permission(request, endpoint):
            raise PermissionDenied
        return endpoint

    def act_view(self, request: HttpRequest, object_id: str, act: str) -> HttpResponse:
        """One button: done, and told on the endpoint's page."""
        endpoint = self._endpoint(request, object_id)
        if act not in ACTS:
            raise Http404("This action does not exist.")
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            told = ACTS[act](endpoint, request)
        except endpoints.NotPossible as refusal:
            messages.error(request, str(refusal))
        else:
            self.log_change(request, endpoint, told)
            messages.success(request, told)
        return HttpResponseRedirect(page_of(endpoint))

    def rotate_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A new secret, shown in the answer."""
        endpoint = self._endpoint(request, object_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            secret = endpoints.rotate(endpoint, seen=key_in(request.POST.get("seen", "")) or 0, now=timezone.now())
        except endpoints.NotPossible as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(page_of(endpoint))
        endpoint.refresh_from_db()
        self.log_change(request, endpoint, "Rotated its secret.")
        return self.secret_page(request, endpoint, secret)


def page_of(endpoint: WebhookEndpoint) -> str:
    return reverse("admin:content_app_webhookendpoint_change", args=[endpoint.pk])


def state_of(endpoint: WebhookEndpoint) -> tuple[str, str]:
    """The state of an endpoint: the class of its badge, and the words on it."""
    if endpoint.is_active:
        return ("published", "On") if endpoint.client.is_active else ("draft", "Client switched off")
    return ("draft", "Off") if endpoint.disabled_reason == endpoints.BY_HAND else ("withdrawn", "Stopped")


def log_of(endpoint: WebhookEndpoint) -> list[Line]:
    """The newest deliveries of an endpoint with their attempts, newest first."""
    newest: QuerySet = endpoint.deliveries.select_related("event").prefetch_related("attempts").defer("event__body")
    return [Line(delivery, list(delivery.attempts.all())[::-1]) for delivery in newest[:SHOWN_DELIVERIES]]


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    rows_come_from = "Every event that is sent to an endpoint is kept here for a while."
    list_display = ["event_type", "about", "endpoint", "state", "attempts_made", "next_attempt_at", "finished_at"]
    list_filter = ["state", "event__type", ("endpoint", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["event__about", "endpoint__url"]
    list_select_related = ["event", "endpoint"]
    fields = [
        "event_type", "about", "message_id", "endpoint", "state", "attempts_made", "next_attempt_at", "finished_at",
        "shown_attempts", "body",
    ]  # fmt: skip

    def get_queryset(self, request):
        found = super().get_queryset(request)
        return found.defer("event__body") if request.resolver_match.url_name.endswith("_changelist") else found

    @admin.display(description="event", ordering="event__type")
    def event_type(self, delivery):
        return delivery.event.type

    @admin.display(description="about")
    def about(self, delivery):
        return delivery.event.about or None

    @admin.display(description="webhook-id")
    def message_id(self, delivery):
        return delivery.event.message_id

    @admin.display(description="attempts")
    def shown_attempts(self, delivery):
        return render_to_string("admin/content_app/webhook_attempts.html", {"attempts": delivery.attempts.all()})

    @admin.display(description="body")
    def body(self, delivery):
        return as_code(json.loads(bytes(delivery.event.body)))
