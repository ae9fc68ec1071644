"""Answers with a document in the representation that was negotiated.

In: a request, a stored document, the release that it is read from. Out: a response. JSON is the stored bytes; every
other type is derived from them, and its entity tag is made from the bytes that come out.
"""

import datetime
import json
from hashlib import sha256

from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from content_app.delivery.http import safety
from content_app.delivery.http.links import add_links
from content_app.delivery.http.problems import Problem, base_url
from content_app.delivery.http.responses import answer
from content_app.delivery.query.base_view import MOMENT_PARAMETERS
from content_app.delivery.query.selecting import chosen_body, selection_asked_for
from content_app.delivery.query.selection import Selection
from content_app.delivery.representations.table import (
    BY_MEDIA_TYPE,
    BY_SUFFIX,
    Representation,
    Showing,
    address,
    links,
)
from content_app.delivery.store import examples, reading, symmetric_query
from content_app.vocabulary.addresses import href

PAGE = BY_SUFFIX["html"]


def represented(request: Request, stored: reading.Stored, moment: reading.Moment, *kinds: str) -> HttpResponse:
    """The document in the type that was negotiated, or that it was withdrawn. In: the kinds that it may be of.

    Raises `Problem` (400, 410).
    """
    representation = BY_MEDIA_TYPE[request.accepted_media_type]
    selection_asked_for(request.query_params, *kinds)  # what is asked wrongly is told so, whatever has become of it
    if stored.tombstone_reason:
        return withdrawn(request, stored, moment, representation)
    if representation.is_stored:
        response = as_stored(request, stored, moment, *kinds)
    else:
        response = as_derived(request, stored, moment, representation)
    named = {name: request.query_params[name] for name in MOMENT_PARAMETERS if name in request.query_params}
    add_links(response, [links(stored.kind, stored.slug, representation.media_type, named)])
    return response


def as_stored(request: Request, stored: reading.Stored, moment: reading.Moment, *kinds: str) -> HttpResponse:
    """The stored bytes, or what the request chooses of them."""
    here = request.path
    warned = [here] if safety.IN_BYTES in stored.body else []
    chosen = chosen_body(request.query_params, stored.body, moment, *(kinds or (stored.kind,)))
    if chosen is not None:
        others = None if "include" in request.query_params else warned  # None: as the answer itself says
        return answer(request, chosen, moment=moment, latest=here, warned=others)
    return answer(
        request,
        stored.body,
        moment=moment,
        latest=here,
        warned=warned,
        etag=f"{stored.version}-{stored.sha256[:32]}",
        last_modified=stored.published_at,
        body_gzip=stored.body_gzip,
    )


def as_derived(
    request: Request, stored: reading.Stored, moment: reading.Moment, representation: Representation
) -> HttpResponse:
    """What the representation makes of the document, for the audience and of the layer that the request chooses."""
    chosen = selection_asked_for(request.query_params, stored.kind)
    [document] = symmetric_query.with_both_ends([json.loads(stored.body)], moment)
    if representation.is_for_reading:
        document |= {"examples": examples.of(document, moment)}
    where = setting(request, moment, representation, chosen)
    body = representation.derive(document, where)
    return answer(
        request,
        body,
        moment=moment,
        can_compress=True,
        etag=f"{representation.suffix}-{sha256(body).hexdigest()[:32]}",
        last_modified=_changed(moment, where.today),
        content_type=representation.content_type or representation.media_type,
        when_pinned=representation.when_pinned,
        latest=address(stored.kind, stored.slug, representation.suffix),
        warned=[href(stored.kind, stored.slug)] if safety.IN_BYTES in stored.body else [],
    )


def setting(
    request: Request,
    moment: reading.Moment,
    representation: Representation,
    chosen: Selection | None = None,
) -> Showing:
    """Where and when it is shown. What a release says of a day long past does not depend on the day of reading."""
    is_of_today = representation.is_for_reading and not moment.is_pinned
    today = timezone.now().date() if is_of_today else None
    chosen = chosen or Selection()
    return Showing(
        base_url(request._request),
        moment.release,
        moment.is_pinned,
        today,
        audience=chosen.audience,
        layer=chosen.layer,
    )


def _changed(moment: reading.Moment, today: datetime.date | None) -> datetime.datetime:
    """When it last changed: with the release, as others may name it now, or with the day that a review is overdue."""
    if today is None:
        return moment.published_at
    return max(moment.published_at, datetime.datetime.combine(today, datetime.time.min, datetime.UTC))


def withdrawn(
    request: Request, stored: reading.Stored, moment: reading.Moment, representation: Representation
) -> HttpResponse:
    """410 as a page, where a page was negotiated. Raises `Problem` (410) for all others."""
    if representation is not PAGE:
        refuse_withdrawn(stored)
    page = PAGE.derive(json.loads(stored.body), setting(request, moment, PAGE))
    response = HttpResponse(page, status=410, content_type=PAGE.content_type)
    response["Cache-Control"] = "public, max-age=60"
    response["Vary"] = "Accept"
    return response


def refuse_withdrawn(stored: reading.Stored) -> None:
    """Raises `Problem` (410) with why, and what takes its place, if the document is a tombstone."""
    if stored.tombstone_reason:
        grave = json.loads(stored.body)
        detail = f"“{grave['name']}” was withdrawn on {stored.published_at:%Y-%m-%d}."
        members = {key: grave[key] for key in ("id", "kind", "slug", "name", "reason", "note", "replaced_by", "meta")}
        raise Problem("withdrawn", detail, **members)
