"""What programs ask a site for first: `/llms.txt` for language models, `/robots.txt` for crawlers.

In: a request. Out: text made from the released documents. Formats: llmstxt.org, RFC 9309.
"""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse

from content_app.delivery.http.problems import base_url, page_for_reading
from content_app.delivery.http.renderers import named
from content_app.delivery.http.responses import answer
from content_app.delivery.pages import shelves
from content_app.delivery.pages.library import PageView
from content_app.delivery.readable.markdown import inline, link
from content_app.delivery.representations import page
from content_app.delivery.store.place import Place
from content_app.delivery.store.prose import HOW_TO_USE
from content_app.vocabulary.addresses import API, FHIR
from content_app.vocabulary.licence import DISCLAIMER, LICENCE

MOST_OF_A_KIND = 150
ABOUT = (
    "Structured, coded, cited and versioned content on amplified musculoskeletal pain syndrome (AMPS) and "
    "the conditions it is confused with, for health apps, clinicians and language models."
)
RULES = (
    HOW_TO_USE,
    DISCLAIMER,
    "If a page lists a topic as not covered, that does not mean that there is nothing to know about it.",
    "Every page says in what role and when it was signed off, and when the next review is due. If a review is pending "
    "or overdue, say so.",
)
SERVER = (
    "A read-only MCP server is at `/mcp` (streamable HTTP): search, read items, look up codes and list changes. "
    "`manage.py mcp` serves the same over standard input and output."
)
# Where else to read it: what it is called, its address, what it is for. `{release}` is the release that is read.
API_LINKS = (
    ("Documentation", "/docs/", "all addresses, with a form to try each one"),
    ("OpenAPI", "/openapi.json", "the same description for programs"),
    ("Search", f"{API}/search/?q=allodynia", "find items by words; replace `allodynia` with your own"),
    ("Codes", f"{API}/codings/?code=M79.7", "find items by code"),
    ("Changes", f"{API}/changes/", "all changes since a release"),
    ("FHIR R4", f"{FHIR}/metadata", "the same content as a terminology server"),
)
OPTIONAL_LINKS = (
    ("Library", "/library/", "the same items as readable pages"),
    ("Releases", f"{API}/releases/", "all releases, each of which you can still read"),
    ("Whole release", f"{API}/releases/{{release}}/export/", "every document of this release in one file"),
    ("Vocabulary", f"{API}/vocabulary/", "definitions of all codes used in the documents"),
    ("SKOS", f"{API}/library.ttl", "all items and their relations, in Turtle"),
    ("Mappings", f"{API}/mappings.sssom.tsv", "all codes, and the systems in which none was found, as SSSOM"),
)


class LlmsView(PageView):
    """What is here, by which rules it may be used, and a link to the Markdown of every item."""

    renderer_classes: ClassVar[list[type]] = [named("text/plain", "txt")]

    def get(self, request) -> HttpResponse:
        moment = self.moment()
        place = self.place(moment)
        found = shelves.shelves(moment, MOST_OF_A_KIND + 1)
        blocks = [
            "# AMPS API",
            f"> {inline(ABOUT)}",
            inline(
                f"Release {moment.release} of {moment.published_at:%Y-%m-%d}. Licence: {LICENCE['spdx']}. "
                f"Attribution: “{LICENCE['attribution']}”. Rules of use:"
            ),
            "\n".join(f"- {inline(rule)}" for rule in RULES),
            SERVER,
            *(self.kind(kind, found.get(kind["kind"], []), place) for kind in page.kinds()),
            linked("API", API_LINKS, place),
            linked("Optional", OPTIONAL_LINKS, place),
        ]
        body = "\n\n".join(filter(None, blocks)) + "\n"
        return answer(request, body.encode(), moment=moment, content_type="text/plain; charset=utf-8")

    def kind(self, kind: dict[str, Any], entries: list[shelves.Entry], place: Place) -> str:
        """A section: every item of a kind with its Markdown, and where the rest is if there are too many."""
        lines = [self.line(entry, place) for entry in entries[:MOST_OF_A_KIND]]
        if len(entries) > MOST_OF_A_KIND:
            rest = link("The whole list as JSON", place.absolute(f"{API}/{kind['slug']}/"))
            lines.append(f"- {rest}: only the first {MOST_OF_A_KIND} are listed here")
        return "\n".join([f"## {kind['name']}", "", *lines]) if lines else ""

    def line(self, entry: shelves.Entry, place: Place) -> str:
        name = f"{entry['name']} ({entry['abbreviation']})" if entry["abbreviation"] else entry["name"]
        told = link(name, place.absolute(f"{entry['href'].rstrip('/')}.md"))
        return f"- {told}: {inline(entry['summary'])}" if entry["summary"] else f"- {told}"


def linked(title: str, links: tuple[tuple[str, str, str], ...], place: Place) -> str:
    """A section of links."""
    lines = [f"- {link(name, place.base + to.format(release=place.release))}: {what}" for name, to, what in links]
    return "\n".join([f"## {title}", "", *lines])


@page_for_reading(3600)
def robots(request: HttpRequest) -> HttpResponse:
    """Everything published may be crawled; the editors' pages may not."""
    lines = ["User-agent: *", "Disallow: /admin/", "", f"Sitemap: {base_url(request)}/sitemap.xml", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
