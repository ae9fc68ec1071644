"""Atom feeds of releases and changes."""

from typing import ClassVar

from django.http import HttpResponse

from content_app.canonical import rfc3339
from content_app.delivery.feeds import atom as feeds
from content_app.delivery.http.atom import MEDIA_TYPE
from content_app.delivery.http.problems import base_url
from content_app.delivery.http.renderers import named
from content_app.delivery.http.responses import answer
from content_app.delivery.query.base_view import MOMENT_PARAMETERS, ReadView
from content_app.delivery.query.operation import Operation
from content_app.delivery.store import changes
from content_app.delivery.store.entries import RELEASE_COLUMNS, release_entry
from content_app.models.publication import Document, Release

MOST_RELEASES, MOST_CHANGES = 50, 100


class FeedView(ReadView):
    """The last entries of a feed. All of them are at `/api/v1/releases/` and `/api/v1/changes/`."""

    renderer_classes: ClassVar[list[type]] = [named(MEDIA_TYPE, "atom")]
    known_parameters = MOMENT_PARAMETERS
    is_for_people = True

    def get(self, request) -> HttpResponse:
        moment = self.moment()
        library = Release.objects.values_list("manifest_sha256", flat=True).get(number=1)
        body = self.feed(moment, base=base_url(request._request), path=request.path, library=library)
        return answer(request, body, moment=moment, content_type=f"{MEDIA_TYPE}; charset=utf-8")

    def feed(self, moment, **where: str) -> bytes:
        raise NotImplementedError


class ReleaseFeedView(FeedView):
    """The last releases, newest first."""

    operation = Operation(
        "feed_releases",
        "releases",
        "Get an Atom feed of releases",
        "The last 50 releases, newest first, as an Atom feed (RFC 4287). The category of an entry is its significance.",
    )

    def feed(self, moment, **where: str) -> bytes:
        found = Release.objects.filter(number__lte=moment.release).order_by("-number")
        return feeds.releases_feed(
            [release_entry(row) for row in found.values(*RELEASE_COLUMNS)[:MOST_RELEASES]], **where
        )


class ChangeFeedView(FeedView):
    """The last changes, newest first."""

    operation = Operation(
        "feed_changes",
        "changes",
        "Get an Atom feed of changes",
        "The last 100 changes, newest first, as an Atom feed (RFC 4287), for feed readers. To keep a copy up to "
        "date, use `/api/v1/changes/`, which includes every change.",
    )

    def feed(self, moment, **where: str) -> bytes:
        found = Document.objects.filter(first_release__lte=moment.release).order_by("-first_release_id", "-pk")
        rows = changes.columns(found)[:MOST_CHANGES]
        updated = rfc3339(moment.published_at)
        return feeds.changes_feed([changes.to_change(row) for row in rows], updated=updated, **where)
