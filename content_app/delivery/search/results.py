"""What a search found, as it is shown: each hit with the short form of its item, and how it matched.

In: hits of one page. Out: JSON, as bytes.
"""

from content_app.canonical import compact_json
from content_app.delivery.search import excerpts, finding, material


def results(page: list[finding.Hit], found: finding.Found) -> list[bytes]:
    """The hits of a page: the short form of the item as lists show it, and how it matched."""
    known = material.of_places([hit.place for hit in page])
    shown = []
    for hit in page:
        list_form, of_hit = known[hit.place]
        match = excerpts.match(of_hit, found.stems, hit.tier, found.whole)
        shown.append(b'{"item":' + list_form + b',"match":' + compact_json(match) + b"}")
    return shown
