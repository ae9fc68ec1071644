"""Atom feeds of releases and changes."""

from typing import ClassVar

from django.http import HttpResponse

from content_app.delivery.feeds import atom as feeds
from content_app.delivery.http.problems import base_url
from content_app.delivery.http.renderers import named
from content_app.delivery.http.responses import answer
from content_app.delivery.query.base_view import MOMENT_PARAMETERS, ReadView
from content_app.delivery.rest.changes import since as changes
from content_app.delivery.rest.releases import COLUMNS, release_entry
from content_app.models.publication import Document, Release

MOST_RELEASES, MOST_CHANGES = 50, 100


class FeedView(ReadView):
    """The last entries of a feed. All of them are at `/api/v1/releases/` and `/api/v1/changes/`."""

    renderer_classes: ClassVar[list[type]] = [named(feeds.MEDIA_TYPE, "atom")]
    known_parameters = MOMENT_PARAMETERS

    def get(self, request) -> HttpResponse:
        moment = self.moment()
        library = Release.objects.values_list("manifest_sha256", flat=True).get(number=1)
        body = self.feed(moment, base=base_url(request._request), path=request.path, library=library)
        return answer(request, body, moment=moment, content_type=f"{feeds.MEDIA_TYPE}; charset=utf-8")

    def feed(self, moment, **where: str) -> bytes:
        raise NotImplementedError


class ReleaseFeedView(FeedView):
    """The last releases, newest first."""

    def feed(self, moment, **where: str) -> bytes:
        found = Release.objects.filter(number__lte=moment.release).order_by("-number")
        return feeds.releases_feed([release_entry(row) for row in found.values(*COLUMNS)[:MOST_RELEASES]], **where)


class ChangeFeedView(FeedView):
    """The last changes, newest first."""

    def feed(self, moment, **where: str) -> bytes:
        found = Document.objects.filter(first_release__lte=moment.release).order_by("-first_release_id", "-pk")
        rows = changes.columns(found)[:MOST_CHANGES]
        updated = moment.published_at.isoformat().replace("+00:00", "Z")
        return feeds.changes_feed([changes.to_change(row) for row in rows], updated=updated, **where)
