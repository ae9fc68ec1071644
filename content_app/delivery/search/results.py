"""What a search found, as it is shown: each hit with the short form of its item, and how it matched.

In: hits of one page. Out: JSON, as bytes.
"""

import json

from content_app.canonical import compact_json
from content_app.delivery.search import excerpts, finding, index


def results(page: list[finding.Hit], found: finding.Found) -> list[bytes]:
    """The hits of a page: the short form of the item as lists show it, and how it matched."""
    stored = index.documents([hit.place for hit in page])
    shown = []
    for hit in page:
        list_form, body = stored[hit.place]
        match = excerpts.match(json.loads(body), found.stems, hit.tier, found.whole)
        shown.append(b'{"item":' + list_form + b',"match":' + compact_json(match) + b"}")
    return shown
