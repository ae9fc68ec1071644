"""Choosing a code: a search in the releases of code systems that come with the product.

In: what is typed, on a page of its own or beside the field of a coding. Out: a page whose results lead back to the
item with the coding filled in, or the same results as JSON for the list under the field.
"""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from content_app.admin.items.findings import key_in
from content_app.manuscripts import code_releases, code_search
from content_app.vocabulary.code_systems import CODE_SYSTEMS
from content_app.vocabulary.terms import KINDS


def begun(system: str, code: str) -> dict[str, Any]:
    """What a new coding of this code begins with; nothing if no release has it."""
    found = code_releases.look_up([(system, code)]).get((system, code))
    if found is None:
        return {}
    return {
        "system": system,
        "code": code,
        "display": found.title,
        "version": found.release,
        "billable": found.billable,
    }


def view(request: HttpRequest) -> HttpResponse:
    """Codes that are found: as a page (`for` names the item that they are for), or as JSON."""
    from django.contrib import admin

    if not request.user.has_perm("content_app.view_item"):
        raise PermissionDenied
    typed, system = request.GET.get("q", "").replace("\0", ""), request.GET.get("system", "")
    system = system if system in CODE_SYSTEMS else ""
    found = code_search.search(typed, system)
    if request.GET.get("as") == "json":
        return JsonResponse({"results": [_choice(match) for match in found]})
    back = _page_for(request.GET.get("for", ""))
    shown = [{"match": match, "system": CODE_SYSTEMS[match.system], "href": _href(back, match)} for match in found]
    systems = [CODE_SYSTEMS[key] for key in code_releases.RELEASES]
    context = admin.site.each_context(request) | {"title": "Find a code", "asked": typed, "chosen": system}
    context |= {"found": shown, "systems": systems, "for": request.GET.get("for", ""), "back": back}
    return TemplateResponse(request, "admin/content_app/codes.html", context)


def _choice(match: code_search.Match) -> dict[str, Any]:
    system = CODE_SYSTEMS[match.system].name
    billable = {True: ", billable", False: ", not billable", None: ""}[match.billable]
    return {
        "label": f"{match.code} {match.title}",
        "hint": f"{system}, {match.release}{billable}",
        "fields": {
            "system": match.system,
            "code": match.code,
            "display": match.title,
            "version": match.release,
            "billable": {True: "true", False: "false", None: "unknown"}[match.billable],
        },
    }


def _page_for(subject: str) -> str:
    """The page of the item that a code is looked for, such as `condition-12`, or of a new one (`condition-`)."""
    kind, _, key = subject.partition("-")
    if kind not in {one.replace("_", "") for one in KINDS}:
        return ""
    pk = key_in(key)
    return reverse(f"admin:content_app_{kind}_change", args=[pk]) if pk else reverse(f"admin:content_app_{kind}_add")


def _href(back: str, match: code_search.Match) -> str:
    query = urlencode({"add": "codings", "in": match.system, "code": match.code})
    return f"{back}?{query}#codings-new-0" if back else ""
