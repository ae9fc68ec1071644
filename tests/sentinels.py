"""Documents in which every field holds a value of its own, so that a form that loses one is found out.

In: nothing. Out: `complete`, the editorial documents of all kinds with a sentinel in each field, and `ordinary`, the
same items with other values. A text is one made-up word; a code is one that no other field here has.
"""

from typing import Any

from content_app.vocabulary import fields
from content_app.vocabulary.fields import Field
from tests import library
from tests.library import uuid_of

Document = dict[str, Any]

# Codes that no other field here has, where the last and the first of the vocabulary would not do.
CODES = {
    "cause_status": ("partly_known", "not_stated"),
    "topic": ("population", "trigger"),
    "subtopic": ("age_group", "minor_mechanical"),
    "category": ("autonomic_sign", "pain_tissue"),
    "observation": ("reported_or_observed", "function"),
    "form": ("contrast", "vignette"),
    "statements.assertion": ("hedged", "stated"),
    "statements.layer": ("literature", "source_text"),
    "statements.aspect": ("mechanism", "cause"),
    "statements.evidence": ("cohort", "expert_opinion"),
    "statements.frequency": ("other_times", "often"),
    "relations.modality": ("experiential", "asserted"),
    "relations.likelihood": ("hypothesis", "likely"),
    "statements.likelihood": ("proposed", "likely"),
    "relations.frequency": ("other_people", "sometimes"),
    "names.type": ("historical", "everyday_wording"),
    "codings.system": ("mesh", "mondo"),
    "codings.match": ("narrow", "exact"),
    "codings.verification": ("corroborated", "single_source"),
    "sources.type": ("guideline", "web_page"),
    "sources.evidence_level": ("cohort", "expert_opinion"),
}
# What has to have a form of its own.
VALUES = {
    "names.language": ("qaa-QX", "es"),
    "codings.code": ("D999998", "MONDO:0099999"),
    "codings.checked_on": ("2026-03-14", "2026-08-01"),
    "sources.year": (1987, 2020),
    "sources.url": ("https://xqsourcesurl.example/", "https://other.example/"),
    "sources.doi": ("10.5555/xqsourcesdoi", "10.5555/other"),
    "sources.pmid": ("987612345", "1234"),
    "sources.accessed_on": ("2026-02-13", "2026-08-02"),
    "sources.isbn": ("9780987612345", "9780000000000"),
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


def value(path: str, field: Field, full: bool) -> Any:
    """What the field holds: in full its sentinel."""
    if path in VALUES:
        return VALUES[path][0 if full else 1]
    if field.form == fields.CODE:
        return code_of(path, field)[0 if full else 1]
    if field.form in (fields.FLAG, fields.ANSWER):
        return full
    text = f"The {word(path)} is here." if full else "Something else."
    if field.form == fields.LINES:
        return [text]
    return text if field.longest > 30 else word(path)[-30:] if full else "SE"


def code_of(path: str, field: Field) -> tuple[str, str]:
    """The code that is the sentinel, and another of its vocabulary."""
    return CODES.get(path) or (list(field.terms)[-1], next(iter(field.terms)))


def values(part: str, full: bool) -> Document:
    """The fields of a part that hold something themselves; what they lead to is given by who asks."""
    return {
        f.name: value(f"{part}.{f.name}", f, full) for f in fields.written(fields.PARTS[part]) if f.form != fields.ITEM
    }


def cited(locator: str, full: bool) -> list[Document]:
    return [{"source": "a-work", "locator": word(locator) if full else "somewhere"}]


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
    return KINDS[kind](
        slug(kind),
        **{field.name: value(field.name, field, full) for field in fields.OWN[kind]},
        **{field.name: value(field.name, field, full) for field in fields.SHARED},
        summary=values("summary", full),
        citations=cited("summary.citations", full),
        names=[
            values("names", full) | {"type": "synonym", "citations": cited("names.citations", full)},
            {"text": "The earlier name", "type": CODES["names.type"][0 if full else 1]},
        ],
        statements=[_statement(kind, full), *([_unknown_cause(kind)] if full else [])],
        relations=[_relation(kind, full)],
        codings=[values("codings", full)],
    )


def _statement(kind: str, full: bool) -> Document:
    citations = [*cited("statements.citations", full), {"source": "a-second-work", "locator": "somewhere"}]
    return values("statements", full) | {"uuid": uuid_of("statement in full", kind), "citations": citations}


def _unknown_cause(kind: str) -> Document:
    """What has to stand beside a mechanism."""
    given = {"aspect": "cause", "assertion": "unknown", "uuid": uuid_of("unknown cause", kind)}
    return library.statement(**given, clinical="The cause is open.", plain="Nobody knows why.")


def _relation(kind: str, full: bool) -> Document:
    predicate, end = PREDICATES[kind]
    given = values("relations", full) | {"predicate": predicate, "object": f"{end}/{END_OF[end]}"}
    beside = {"display_with": "concept/beside"} if full else {}
    return given | beside | {"citations": cited("relations.citations", full)}


def _source(full: bool = True) -> Document:
    """What else it is, it is not retracted: then items would rest on nothing else."""
    return library.source("a-work", **values("sources", full) | {"retracted": False})


def _second_source(full: bool = True) -> Document:
    """A work that is retracted at last."""
    return library.source("a-second-work", retracted=full)
