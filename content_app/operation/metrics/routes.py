"""Which route a request counts for: few enough that every one has its own series, whatever clients ask.

In: the path of a request. Out: the place of its route in ROUTES.
"""

import re

API_PARTS = (
    "conditions", "concepts", "symptom-types", "examples", "sources", "items", "statements", "relations", "codings",
    "search", "suggest", "vocabulary", "releases", "changes", "check", "library", "mappings", "contexts",
    "signing-keys", "",
)  # fmt: skip
PARTS = (
    "fhir", "infobutton", "cds-services", "mcp", "packages", "feeds", "sandbox", "library", "docs", "openapi",
    "schemas", "problems", "deprecations", "static", "admin", "account", "preview", "livez", "readyz", "metrics",
    "llms", "robots", "sitemap", ".well-known", "",
)  # fmt: skip
FIRST_WORD = re.compile("[^.-]*")
OTHER = "other"  # what no address begins with
ROUTES = (OTHER, *(f"/{part}" for part in PARTS), *(f"/api/v1/{part}" for part in API_PARTS))

_below_api = {part: ROUTES.index(f"/api/v1/{part}") for part in API_PARTS}
_at_top = {part: ROUTES.index(f"/{part}") for part in PARTS}


def route_of(path: str) -> int:
    """The place of the route of a path in ROUTES."""
    if path.startswith("/api/v1/"):
        return _below_api.get(path[8:].partition("/")[0].partition(".")[0], 0)
    first = path[1:].partition("/")[0]
    return _at_top.get(first) or _at_top.get(FIRST_WORD.match(first)[0], 0)  # sitemap.xml, sitemap-1.xml
