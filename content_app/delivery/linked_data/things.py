"""What a page is about: the item itself, as a schema.org node with its names, codes and relations.

In: a document. Out: a node. A code is claimed (`code`) only where it means exactly the item; how every other code
relates is said in SKOS, and a code that was looked for and does not exist is no code. The same goes for relations:
what the source leaves open is told with its qualifiers only.
"""

from content_app.delivery.linked_data import fields as own
from content_app.delivery.linked_data.words import (
    ALIASES,
    SKOS_MATCHES,
    Document,
    code_iri,
    is_claimed,
    named,
    page_of,
    part,
    urn,
)
from content_app.delivery.linked_data.works import without_empty
from content_app.vocabulary.code_systems import CODE_SYSTEMS
from content_app.vocabulary.terms import FORMS

Sources = dict[str, str]
BY_OBSERVATION = {"reported": "MedicalSymptom", "observed": "MedicalSign"}


def thing(document: Document, base: str) -> Document:
    """The item."""
    sources = iris_of_sources(document)
    by_kind = {"condition": _condition, "symptom_type": _symptom, "concept": _concept, "example": _example}
    return {
        "@id": urn(document["id"]),
        **by_kind[document["kind"]](document, base),
        **own.members(own.own(document), document),
        **without_empty(
            {
                "name": document["name"],
                "alternateName": [_text(name) for name in named(document, *ALIASES)],
                "skos:hiddenLabel": [_text(name) for name in named(document, "everyday_wording", "clinical_term")],
                "description": document["summary"]["clinical"],
                "amps:plain": document["summary"]["plain"],
                "url": page_of(document, base),
                "mainEntityOfPage": page_of(document, base),
            }
        ),
        **_codes(document),
        **without_empty({"amps:relation": [_relation(relation, base, sources) for relation in document["relations"]]}),
    }


def _text(name: Document) -> str | Document:
    return name["text"] if name["language"] == "en" else {"@value": name["text"], "@language": name["language"]}


def reference(end: Document) -> Document:
    """Another item, by its name."""
    return {"@id": urn(end["id"]), "name": end["name"]}


def _condition(document: Document, base: str) -> Document:
    symptoms = [r["object"] for r in document["relations"] if r["predicate"] == "has_symptom" and is_claimed(r)]
    return {
        "@type": "MedicalCondition",
        **without_empty({"signOrSymptom": [{"@type": "MedicalSignOrSymptom", **reference(end)} for end in symptoms]}),
    }


def _symptom(document: Document, base: str) -> Document:
    return {"@type": BY_OBSERVATION.get(document["observation"], "MedicalSignOrSymptom")}


def _concept(document: Document, base: str) -> Document:
    is_coded = any(coding["match"] == "exact" for coding in document["codings"])
    return {
        # Only a medical entity can have a medical code.
        "@type": ["DefinedTerm", "MedicalEntity"] if is_coded else "DefinedTerm",
        "termCode": document["slug"],
        "inDefinedTermSet": {"@id": part("concepts"), "@type": "DefinedTermSet", "name": "AMPS API: concepts"},
    }


def _example(document: Document, base: str) -> Document:
    shown = [r["object"] for r in document["relations"] if r["predicate"] in ("illustrates", "analogy_for")]
    about = {end["id"]: reference(end) for end in shown}
    return {
        "@type": "CreativeWork",
        "genre": FORMS[document["form"]].label,
        **without_empty({"about": list(about.values())}),
    }


def _codes(document: Document) -> Document:
    """All codes by how they match; those that mean exactly the item as its `code`."""
    by_match: dict[str, list[Document]] = {}
    for coding in document["codings"]:
        if coding["match"] in SKOS_MATCHES:
            by_match.setdefault(SKOS_MATCHES[coding["match"]], []).append(_code(coding))
    if document["kind"] != "example" and "skos:exactMatch" in by_match:
        exact = by_match["skos:exactMatch"]
        by_match |= {"code": exact, "skos:exactMatch": [{"@id": code["@id"]} for code in exact]}
    return {**by_match, **without_empty({"amps:coding": [_coding(coding) for coding in document["codings"]]})}


def _code(coding: Document) -> Document:
    """The code itself, whatever it is matched to."""
    return {
        "@id": code_iri(coding),
        "@type": "MedicalCode",
        "codeValue": coding["code"],
        "codingSystem": CODE_SYSTEMS[coding["system"]].name,
        "inCodeSet": coding["system_uri"],
        **without_empty({"name": coding["display"]}),
    }


def _coding(coding: Document) -> Document:
    """How the code was found to match; also that there is none."""
    return {
        "@type": "amps:Coding",
        **own.members(own.CODED, coding),
        **without_empty({"amps:code": {"@id": code_iri(coding)} if coding["code"] else None}),
    }


def _relation(relation: Document, base: str, sources: Sources) -> Document:
    """The relation with everything that has to be told with it."""
    beside = relation["display_with"]
    return {
        **({"@id": urn(relation["id"])} if relation["id"] else {}),  # none of its own, seen from its other end
        "@type": "amps:Relation",
        "name": relation["label"],
        "amps:object": reference(relation["object"]) | {"url": f"{base}{relation['object']['href']}"},
        **own.members(own.RELATED, relation),
        **without_empty(
            {
                "amps:display_with": reference(beside) if beside else None,
                "description": relation["note"],
                "amps:citation": citations(relation["citations"], sources),
            }
        ),
    }


def citations(given: list[Document], sources: Sources) -> list[Document]:
    """Where in which source. `sources` are their IRIs by slug."""
    return [without_empty({"amps:source": sources[c["source"]], "amps:locator": c["locator"]}) for c in given]


def iris_of_sources(document: Document) -> Sources:
    """The IRI of each source of a document, by slug."""
    return {source["slug"]: urn(source["id"]) for source in document["sources"]}
