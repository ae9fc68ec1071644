"""The pages of the items for crawlers: `/sitemap.xml`, of a large library in parts (sitemaps.org 0.9).

In: a request. Out: the addresses of the items and the day each last changed; or the addresses of the parts. Items are
in a part by how their identifiers begin, so that no part is searched for: each is one walk along an index.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime
from itertools import product
from typing import ClassVar
from xml.sax.saxutils import escape

from django.db.models import QuerySet
from django.http import HttpResponse

from content_app.delivery.http.problems import Problem, base_url
from content_app.delivery.http.renderers import named
from content_app.delivery.http.responses import answer
from content_app.delivery.pages import shelves
from content_app.delivery.pages.library import PageView
from content_app.delivery.store import reading
from content_app.vocabulary.addresses import href

LARGEST = 1000  # addresses in one part, about; a site map may have 50,000
HEXADECIMAL = "0123456789abcdef"
SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"
Entry = tuple[str, datetime]  # an address, and when what is there was published


class SitemapView(PageView):
    """The pages of all items; where there are many, the parts that list them."""

    renderer_classes: ClassVar[list[type]] = [named("application/xml", "xml")]
    known_parameters = ()

    def get(self, request) -> HttpResponse:
        moment, base = self.moment(), base_url(request._request)
        library: Entry = f"{base}/library/", moment.published_at
        if length := _length_of_prefixes(moment):
            parts = ("".join(letters) for letters in product(HEXADECIMAL, repeat=length))
            entries = (f"<sitemap><loc>{escape(base)}/sitemap-{part}.xml</loc></sitemap>\n" for part in parts)
            return self.written_as("sitemapindex", entries, moment)
        pages = _pages(reading.living(moment).order_by("kind", *shelves.ORDER), base)
        return self.written_as("urlset", _urls([library, *pages]), moment)

    def written_as(self, element: str, entries: Iterable[str], moment: reading.Moment) -> HttpResponse:
        """The XML document of these entries."""
        head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{element} xmlns="{SCHEMA}">\n'
        body = f"{head}{''.join(entries)}</{element}>\n"
        return answer(self.request, body.encode(), moment=moment, content_type="application/xml; charset=utf-8")


class SitemapPartView(SitemapView):
    """The pages of those items whose identifiers begin with a few letters; the page of the library is in the first."""

    def get(self, request, prefix: str) -> HttpResponse:
        moment, base = self.moment(), base_url(request._request)
        if len(prefix) != _length_of_prefixes(moment):
            raise Problem("not-found", "The site map has no such part. Start at /sitemap.xml.")
        first, last = (uuid.UUID(prefix.ljust(32, letter)) for letter in "0f")
        found = reading.living(moment).filter(item_uuid__gte=first, item_uuid__lte=last).order_by("item_uuid")
        library: list[Entry] = [] if prefix.strip("0") else [(f"{base}/library/", moment.published_at)]
        return self.written_as("urlset", _urls([*library, *_pages(found, base)]), moment)


def _length_of_prefixes(moment: reading.Moment) -> int:
    """How many letters name a part of the site map of a release; 0 if it is in one piece."""
    total, length = sum(moment.counts.values()), 0
    while total > LARGEST * len(HEXADECIMAL) ** length:
        length += 1
    return length


def _pages(found: QuerySet, base: str) -> list[Entry]:
    rows = found.values_list("kind", "slug", "first_release__published_at")
    return [(base + href(kind, slug), published_at) for kind, slug, published_at in rows]


def _urls(entries: list[Entry]) -> Iterable[str]:
    return (f"<url><loc>{escape(at)}</loc><lastmod>{day:%Y-%m-%d}</lastmod></url>\n" for at, day in entries)
