"""Documents in which every field holds a value of its own, so that a form that loses one is found out.

In: nothing. Out: `complete`, the editorial documents of all kinds with a sentinel in each field, and `ordinary`, the
same items with other values. A text is one made-up word; a code is one that no other field here has.
"""

from typing import Any

from tests import library
from tests.library import uuid_of

Document = dict[str, Any]

CODES = {
    "cause_status": ("partly_known", "not_stated"),
    "topic": ("population", "trigger"),
    "subtopic": ("age_group", "minor_mechanical"),
    "category": ("autonomic_sign", "pain_tissue"),
    "observation": ("reported_or_observed", "function"),
    "form": ("contrast", "vignette"),
    "statements.aspect": ("psychosocial_factors", "overview"),
    "statements.certainty": ("likely", "established"),
    "statements.frequency": ("other_times", "often"),
    "relations.modality": ("experiential", "asserted"),
    "relations.certainty": ("hypothesis", "established"),
    "relations.frequency": ("other_people", "sometimes"),
    "names.type": ("historical", "everyday_wording"),
    "codings.match": ("narrow", "exact"),
    "codings.verification": ("corroborated", "verified"),
    "sources.type": ("guideline", "web_page"),
    "sources.evidence_level": ("cohort", "expert_opinion"),
}
OWN_TEXTS = {
    "condition": ("abbreviation",),
    "example": (
        "trigger", "context", "expected_response", "amplified_response", "analogy_source", "analogy_target", "limits",
    ),
}  # fmt: skip
OWN_CODES = {
    "condition": ("cause_status",),
    "concept": ("topic", "subtopic"),
    "symptom_type": ("category", "observation"),
    "example": ("form",),
}
# A relation that the kind may have, to an item of the kind.
PREDICATES = {
    "condition": ("is_kind_of", "condition"),
    "concept": ("is_kind_of", "concept"),
    "symptom_type": ("is_kind_of", "symptom_type"),
    "example": ("illustrates", "concept"),
}
KINDS = {
    "condition": library.condition,
    "concept": library.concept,
    "symptom_type": library.symptom_type,
    "example": library.example,
}


def word(path: str) -> str:
    """The made-up word of a field: letters only, so that search takes it as one word."""
    return "xq" + path.replace(".", "").replace("_", "")


def complete() -> list[Document]:
    """Every kind with a sentinel in each field, and what they name."""
    return [_source(), _second_source(), *_ends(), *(_item(kind, True) for kind in KINDS)]


def ordinary() -> list[Document]:
    """The same items with other values."""
    return [_source(False), _second_source(False), *_ends(), *(_item(kind, False) for kind in KINDS)]


def slug(kind: str) -> str:
    return f"a-{kind.replace('_', '-')}-in-full"


def identifier(kind: str) -> str:
    return uuid_of(kind, slug(kind))


def code_of(path: str, is_complete: bool) -> str:
    sentinel, other = CODES[path]
    return sentinel if is_complete else other


def text_of(path: str, is_complete: bool) -> str:
    return f"The {word(path)} is here." if is_complete else "Something else."


def _ends() -> list[Document]:
    """What relations lead to, and what is shown beside them."""
    return [
        library.condition("a-broader-condition"),
        library.concept("a-broader-concept"),
        library.symptom_type("a-broader-symptom"),
        library.concept("beside", name=f"The {word('relations.display_with')}"),
    ]


END_OF = {"condition": "a-broader-condition", "concept": "a-broader-concept", "symptom_type": "a-broader-symptom"}


def _item(kind: str, full: bool) -> Document:
    own = {name: text_of(name, full) for name in OWN_TEXTS.get(kind, ())}
    own |= {name: code_of(name, full) for name in OWN_CODES[kind]}
    if kind == "example":
        own["expected_response_implied"] = full
    if kind == "condition":
        own["abbreviation"] = word("abbreviation") if full else "SE"
    return KINDS[kind](
        slug(kind),
        **own,
        summary={audience: text_of(f"summary.{audience}", full) for audience in ("clinical", "plain")},
        citations=[{"source": "a-work", "locator": word("citations.locator") if full else "page 1"}],
        safety_notice=text_of("safety_notice", full),
        caution=text_of("caution", full),
        names=[_name(full), {"text": "The earlier name", "type": code_of("names.type", full)}],
        statements=[_statement(kind, full)],
        relations=[_relation(kind, full)],
        codings=[_coding(full)],
        not_covered=["red_flags", "diagnosis", "treatment", "prevention" if full else "duration_threshold"],
    )


def _name(full: bool) -> Document:
    return {
        "text": f"The {word('names.text')}" if full else "Other",
        "type": "synonym",
        "language": "qaa-QX" if full else "es",
        "note": text_of("names.note", full),
        "citations": [{"source": "a-second-work", "locator": word("names.citations") if full else "page 2"}],
    }


def _statement(kind: str, full: bool) -> Document:
    return {
        "uuid": uuid_of("statement in full", kind),
        "aspect": code_of("statements.aspect", full),
        "clinical": text_of("statements.clinical", full),
        "plain": text_of("statements.plain", full),
        "certainty": code_of("statements.certainty", full),
        "frequency": code_of("statements.frequency", full),
        "citations": [
            {"source": "a-work", "locator": word("statements.citations") if full else "page 3"},
            {"source": "a-second-work"},
        ],
    }


def _relation(kind: str, full: bool) -> Document:
    predicate, end = PREDICATES[kind]
    return {
        "predicate": predicate,
        "object": f"{end}/{END_OF[end]}",
        "modality": code_of("relations.modality", full),
        "certainty": code_of("relations.certainty", full),
        "frequency": code_of("relations.frequency", full),
        **({"ambiguous": True, "attributed": True, "display_with": "concept/beside"} if full else {}),
        "note": text_of("relations.note", full),
        "citations": [{"source": "a-work", "locator": word("relations.citations") if full else "page 4"}],
    }


def _coding(full: bool) -> Document:
    return {
        "system": "icd-10-cm" if full else "icd-10",
        "code": "R52" if full else "M79.7",
        "display": text_of("codings.display", full),
        "match": code_of("codings.match", full),
        "version": word("codings.version") if full else "2019",
        "uri": f"https://{word('codings.uri')}.example/" if full else "https://other.example/",
        "billable": full,
        "verification": code_of("codings.verification", full),
        "verified_by": [text_of("codings.verified_by", full)],
        "checked_on": "2026-03-14" if full else "2026-08-01",
        "note": text_of("codings.note", full),
    }


def _source(full: bool = True) -> Document:
    return library.source(
        "a-work",
        type=code_of("sources.type", full),
        evidence_level=code_of("sources.evidence_level", full),
        title=text_of("sources.title", full),
        authors=[word("sources.authors") if full else "Other A"],
        organisation=text_of("sources.organisation", full),
        container=text_of("sources.container", full),
        year=1987 if full else 2020,
        url=f"https://{word('sources.url')}.example/" if full else "https://other.example/work",
        doi=f"10.5555/{word('sources.doi')}" if full else "10.5555/other",
        pmid="987612345" if full else "1234",
        isbn="9780987612345" if full else "9780000000000",
        licence=text_of("sources.licence", full),
        note=text_of("sources.note", full),
    )


def _second_source(full: bool = True) -> Document:
    """A work that is retracted at last."""
    return library.source("a-second-work", **({"retracted": True} if full else {}))
