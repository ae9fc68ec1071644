"""How to write for the library: the style guide of the desk, and an item to practise on.

In: whoever sits at the desk. Out: a page to read, and for authors the way to their practice item.
"""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST, require_safe

from content_app.admin.items.findings import page_of
from content_app.admin.shared.roles import may_write
from content_app.editorial import practice
from content_app.vocabulary.terms import ASSERTIONS, EVIDENCE_LEVELS, FREQUENCIES, LIKELIHOODS, SIGNIFICANCES

VOCABULARIES = (
    ("How sure the source is", ASSERTIONS),
    ("How likely a cause or mechanism is", LIKELIHOODS),
    ("How often something happens", FREQUENCIES),
    ("How good the evidence is", EVIDENCE_LEVELS),
    ("How much a change matters to readers", SIGNIFICANCES),
)


@require_safe
def style_guide(request: HttpRequest) -> HttpResponse:
    """The page on how to write, with the words to choose from."""
    context = admin.site.each_context(request) | {
        "title": "Style guide",
        "vocabularies": [(title, terms.values()) for title, terms in VOCABULARIES],
        "may_practise": may_write(request),
    }
    return TemplateResponse(request, "admin/content_app/style_guide.html", context)


@require_POST
def practise(request: HttpRequest) -> HttpResponse:
    """Open the practice item of whoever asks, as it was at first if they say so."""
    if not may_write(request):
        raise PermissionDenied
    item = None if "again" in request.POST else practice.item_of(request.user)
    item = item or practice.begin(by=request.user)
    return HttpResponseRedirect(page_of(item))
