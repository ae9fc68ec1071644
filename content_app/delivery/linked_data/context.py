"""The JSON-LD context: what the names in our JSON-LD mean (https://www.w3.org/TR/json-ld11/#the-context).

In: nothing. Out: the context document, and the context that a page carries in itself. A change of meaning
gets a new version and a new address: what is at the address of a version never changes its meaning.
"""

from typing import Any

from content_app.delivery.linked_data import fields as linked
from content_app.delivery.linked_data.words import OWN_WORDS, PREFIXES, SCHEMA
from content_app.vocabulary.addresses import API
from content_app.vocabulary.fields import CODE, DAY

VERSION = 1
IRI: dict[str, str] = {"@type": "@id"}
# Properties of schema.org whose values are addresses or words of schema.org, typed as schema.org's own context does.
OF_SCHEMA: dict[str, Any] = {
    **dict.fromkeys(("url", "license", "sameAs", "mainEntityOfPage", "inCodeSet", "subjectOf"), IRI),
    "hasHealthAspect": {"@type": "@vocab"},
    "medicalAudience": {"@type": "@vocab"},
    "lastReviewed": {"@type": "Date"},
    "datePublished": {"@type": "Date"},
}
# Properties of ours. Those whose values are things or words are typed as such; texts and numbers need no entry.
OWN_IRIS = sorted({linked.name_of(field) for field in linked.TOLD if field.form == CODE} | {"source"})
OWN_DATES = sorted({linked.name_of(field) for field in linked.TOLD if field.form == DAY} | {"review_due_on"})


def address(base: str) -> str:
    """Where the context is served."""
    return f"{base}{API}/contexts/{VERSION}.jsonld"


def document() -> dict[str, Any]:
    """The context document. It stands for itself: nothing else has to be loaded, from us or from others."""
    own: dict[str, Any] = {"@version": 1.1, "@vocab": SCHEMA, "schema": SCHEMA, **OF_SCHEMA, **ours()}
    return {"@context": own}


def ours() -> dict[str, Any]:
    """The part of the context that schema.org's own does not have."""
    iris = dict.fromkeys((f"amps:{name}" for name in OWN_IRIS), IRI)
    dates = dict.fromkeys((f"amps:{name}" for name in OWN_DATES), {"@type": "xsd:date"})
    prefixes = {prefix: PREFIXES[prefix] for prefix in ("skos", "xsd")}
    return {"amps": OWN_WORDS, **prefixes, **iris, **dates}
