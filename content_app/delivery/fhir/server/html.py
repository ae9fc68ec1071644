"""A resource as a page for people: its narrative, which version it is, and where its JSON and XML are.

In: a resource with narrative. Out: HTML. The FHIR terminology ecosystem asks for a readable form of each code system
and value set; a browser gets it at the resource's own address.
"""

from html import escape

from content_app.delivery.fhir.terminology.outcome import Resource

XMLNS = ' xmlns="http://www.w3.org/1999/xhtml"'


def to_page(resource: Resource, addresses: dict[str, str]) -> str | None:
    """The page of a resource; None if it has no narrative. `addresses` of its other forms, by their name."""
    own = _div(resource)
    if own is None:
        return None
    title = escape(str(resource.get("title") or resource.get("name") or resource["resourceType"]))
    facts = [
        (label, resource.get(key))
        for label, key in (("Canonical address", "url"), ("Version", "version"), ("Status", "status"))
        if resource.get(key)
    ]
    listed = "".join(f"<dt>{label}</dt><dd>{escape(str(value))}</dd>" for label, value in facts)
    links = " · ".join(f'<a href="{escape(address)}">FHIR {form}</a>' for form, address in addresses.items())
    sections = "".join(_section(section, 2) for section in resource.get("section", []))
    return (
        f'<!doctype html><html lang="{escape(resource.get("language", "en"))}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title></head>'
        f"<body><main><h1>{title}</h1><dl>{listed}<dt>FHIR release of the library</dt>"
        f"<dd>{escape(str(_release(resource)))}</dd></dl>{own}{sections}"
        f"<p>{links}</p></main></body></html>"
    )


def _release(resource: Resource) -> str:
    """The release that a resource is from; capability statements have it in their version."""
    found: str = resource.get("meta", {}).get("versionId") or resource.get("version", "").partition(".")[0]
    return found


def _div(holder: Resource) -> str | None:
    div = holder.get("text", {}).get("div")
    return str(div).replace(XMLNS, "") if div else None


def _section(section: Resource, level: int) -> str:
    inner = "".join(_section(part, level + 1) for part in section.get("section", []))
    return f"<section><h{level}>{escape(section['title'])}</h{level}>{_div(section) or ''}{inner}</section>"
