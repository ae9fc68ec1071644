"""The schedules at the desk: all of them in a list, and for each a page to move it, cancel it or put it away.

In: what publishers ask. Out: acts of `scheduling`. Everybody who may see items may look.
"""

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from content_app.admin.items.findings import key_in, page_of
from content_app.admin.shared.readonly import ReadOnlyAdmin
from content_app.admin.shared.resubmission import GIVEN_BACK, is_given_back
from content_app.admin.shared.roles import may_publish
from content_app.admin.shared.zoned_datetime import When
from content_app.editorial import scheduling, time_zones
from content_app.editorial.transitions import TransitionNotAllowed
from content_app.models import Item, Schedule

DONE = {"cancel": "The schedule was cancelled.", "put_away": "The failed schedule was dismissed."}


def page_of_schedule(schedule: Schedule) -> str:
    """The address of a schedule's page."""
    return reverse("admin:content_app_schedule_change", args=[schedule.pk])


def of_item(item: Item) -> list[Schedule]:
    """The schedules of an item that still matter: those that wait, and those that failed and wait for somebody."""
    wanted = item.schedules.filter(state__in=[Schedule.WAITING, Schedule.FAILED])
    return [_described(schedule) for schedule in wanted.select_related("set_by")]


def _described(schedule: Schedule) -> Schedule:
    """The schedule, with its moment in words and its page at hand."""
    schedule.when, schedule.page = scheduling.in_words(schedule.due_at, schedule.time_zone), page_of_schedule(schedule)
    return schedule


@admin.register(Schedule)
class ScheduleAdmin(ReadOnlyAdmin):
    """What is to be published and withdrawn, when."""

    rows_come_from = "Publishers schedule a release when they publish, or a withdrawal on the page of an item."

    list_display = ["shown_moment", "act", "shown_items", "state", "set_by", "failure"]
    list_filter = ["state", "act", "due_at"]
    search_fields = ["items__name", "note", "failure"]
    list_select_related = ["set_by"]

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("content_app.view_item")

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("items")

    @admin.display(description="when", ordering="due_at")
    def shown_moment(self, schedule):
        return scheduling.in_words(schedule.due_at, schedule.time_zone)

    @admin.display(description="items")
    def shown_items(self, schedule):
        return format_html_join(", ", '<a href="{}">{}</a>', ((page_of(item), item) for item in schedule.items.all()))

    def change_view(self, request: HttpRequest, object_id, form_url="", extra_context=None) -> HttpResponse:
        """One schedule; sent back with `act`, what its buttons do."""
        if not self.has_view_permission(request):
            return super().change_view(request, object_id, form_url, extra_context)
        schedule = self.get_queryset(request).select_related("set_by").filter(pk=key_in(object_id)).first()
        if schedule is None:
            raise Http404("This schedule does not exist.")
        form = When(request.POST if request.POST.get("act") == "move" else None, initial=self._now_set(schedule))
        if is_given_back(request):
            messages.warning(request, GIVEN_BACK)
        elif request.method == "POST" and self._is_done(request, schedule, form):
            return HttpResponseRedirect(page_of_schedule(schedule))
        return self._page(request, schedule, form)

    def _now_set(self, schedule: Schedule) -> dict:
        there = schedule.due_at.astimezone(time_zones.zone_of(schedule.time_zone))
        return {"at": there.replace(tzinfo=None), "time_zone": schedule.time_zone}

    def _is_done(self, request, schedule: Schedule, form: When) -> bool:
        act, values = request.POST.get("act"), {"schedule": schedule, "by": request.user}
        if act not in ("move", *DONE) or (act == "move" and not form.is_valid()):
            return False
        try:
            made = getattr(scheduling, act)(**values, **(form.cleaned_data if act == "move" else {}))
        except TransitionNotAllowed as refusal:
            messages.error(request, str(refusal))
            return False
        messages.success(request, DONE.get(act) or f"Rescheduled for {_described(made).when}.")
        return True

    def _page(self, request, schedule: Schedule, form: When) -> HttpResponse:
        is_waiting = schedule.state == Schedule.WAITING
        context = self.admin_site.each_context(request) | {
            "title": f"Scheduled: {schedule.get_act_display().lower()}",
            "subtitle": scheduling.in_words(schedule.due_at, schedule.time_zone),
            "schedule": _described(schedule),
            "items": [(item, page_of(item)) for item in schedule.items.all()],
            "opts": self.opts,
            "form": form,
            "prospect": scheduling.prospect(schedule) if is_waiting else "",
            "is_waiting": is_waiting,
            "may_change": may_publish(request),
        }
        status = 409 if form.errors else 200
        return TemplateResponse(request, "admin/content_app/schedule.html", context, status=status)


def told_in_a_message(schedule: Schedule):
    """That something is scheduled, with a link to where that can be changed."""
    schedule = _described(schedule)
    return format_html('Scheduled for {}. <a href="{}">Change or cancel the schedule</a>', schedule.when, schedule.page)
