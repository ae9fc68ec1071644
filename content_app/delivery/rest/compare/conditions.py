"""Sets two conditions side by side: what both say, and what only one of them says, row by row.

In: the two documents of one release. Out: rows that say in which of the two they stand, each with its citations.
Pure; the same two the other way round give the mirror image. Nothing is counted, weighed or ranked: this is not a
differential diagnosis.
"""

from typing import Any

from content_app.vocabulary.fields import CODE, FLAG, OWN, PARTS, of
from content_app.vocabulary.licence import DISCLAIMER
from content_app.vocabulary.predicates import PREDICATES
from content_app.vocabulary.terms import ASPECTS

Document = dict[str, Any]
Entry = dict[str, Any]
NOT_A_DIAGNOSIS = (
    "This compares what the cited sources say about two conditions. It is not a differential diagnosis, and it does "
    "not rank them. If only one condition mentions something, the other may have it too. " + DISCLAIMER
)
REFERENCE = ("id", "kind", "slug", "name")
ENDS = ("predicate", "object")
FACTS = ("id", *(field.name for field in PARTS["relations"] if field.name not in ENDS), "citations")
# What two relations are compared by: how sure, how often, how the source puts it.
QUALITIES = tuple(field.name for field in of("relations", CODE, FLAG) if not field.is_heading)


def compare(a: Document, b: Document) -> Document:
    """The two conditions side by side. `in` of a row is both, a or b; what is not there is null."""
    return {
        "a": head(a),
        "b": head(b),
        "disclaimer": NOT_A_DIAGNOSIS,
        "between": between(a, b),
        "relations": relations(a, b),
        "aspects": aspects(a, b),
        "codings": codings(a, b),
        "not_covered": not_covered(a, b),
        "sources": sources(a, b),
        "licence": a["licence"],
    }


def head(document: Document) -> Document:
    """What must be shown of a condition wherever something of it is shown."""
    shown = {key: document[key] for key in REFERENCE} | {"href": document["links"]["self"]}
    own = (field.name for field in OWN[document["kind"]] if field.must_show)
    return shown | {key: document[key] for key in ("summary", *own, "review", "notices", "meta")}


def between(a: Document, b: Document) -> list[Entry]:
    """The relations that join the two, from either side."""
    found = []
    for subject, other in ((a, b), (b, a)):
        short = {key: subject[key] for key in REFERENCE} | {"href": subject["links"]["self"]}
        found += [{"subject": short} | relation for relation in subject["relations"] if _leads_to(relation, other)]
    return sorted(found, key=lambda row: (_place(PREDICATES, row["predicate"]), row["id"]))


def relations(a: Document, b: Document) -> list[Entry]:
    """A row for each predicate and object; those that join the two stand in `between`."""
    sides = [
        {(r["predicate"], r["object"]["id"]): r for r in one["relations"] if not _leads_to(r, other)}
        for one, other in ((a, b), (b, a))
    ]
    rows = []
    for key in {**sides[0], **sides[1]}:
        facts = [{field: side[key][field] for field in FACTS} if key in side else None for side in sides]
        known = sides[0].get(key) or sides[1][key]
        rows.append(
            {
                "in": _where(*facts),
                **{field: known[field] for field in ("predicate", "label", "object")},
                "differs_in": _differing(facts[0], facts[1], QUALITIES),
                "a": facts[0],
                "b": facts[1],
            }
        )
    return sorted(
        rows, key=lambda r: (_place(PREDICATES, r["predicate"]), r["object"]["name"].casefold(), r["object"]["id"])
    )


def aspects(a: Document, b: Document) -> list[Entry]:
    """A row for each aspect of which one of them has statements. What neither covers stands in `not_covered`."""
    rows = []
    for aspect, term in ASPECTS.items():
        sides = [_of_aspect(document, aspect) for document in (a, b)]
        where = _where(*(side["statements"] for side in sides))
        rows.append({"in": where, "aspect": aspect, "label": term.label, "a": sides[0], "b": sides[1]})
    return [row for row in rows if row["in"]]


def _of_aspect(document: Document, aspect: str) -> Entry:
    statements = [statement for statement in document["statements"] if statement["aspect"] == aspect]
    silent = next((entry["text"] for entry in document["not_covered"] if entry["aspect"] == aspect), None)
    status = "stated" if statements else "not_covered" if silent else "not_stated"
    return {"status": status, "statements": statements, "text": silent}


def codings(a: Document, b: Document) -> list[Entry]:
    """A row for each code; a code that is null says that the system was searched and has none."""
    sides = [{(c["system"], c["code"]): c for c in document["codings"]} for document in (a, b)]
    rows = []
    for key in {**sides[0], **sides[1]}:
        pair = [side.get(key) for side in sides]
        row = {"in": _where(*pair), "system": key[0], "code": key[1]}
        rows.append(row | {"differs_in": _differing(pair[0], pair[1], ("match",)), "a": pair[0], "b": pair[1]})
    return sorted(rows, key=lambda row: (row["system"], row["code"] or ""))


def not_covered(a: Document, b: Document) -> list[Entry]:
    """A row for each aspect that one of them, or neither, covers."""
    sides = [{entry["aspect"]: entry for entry in document["not_covered"]} for document in (a, b)]
    rows = [
        {"in": _where(sides[0].get(aspect), sides[1].get(aspect)), "aspect": aspect, "label": term.label}
        | {"a": sides[0].get(aspect), "b": sides[1].get(aspect)}
        for aspect, term in ASPECTS.items()
    ]
    return [row for row in rows if row["in"]]


def sources(a: Document, b: Document) -> list[Document]:
    """Every source that one of them cites, once."""
    found = {source["slug"]: source for source in a["sources"] + b["sources"]}
    return [found[slug] for slug in sorted(found)]


def _where(a: Any, b: Any) -> str | None:
    if a and b:
        return "both"
    return "a" if a else "b" if b else None


def _differing(a: Entry | None, b: Entry | None, fields: tuple[str, ...]) -> list[str]:
    return [field for field in fields if a and b and a[field] != b[field]]


def _leads_to(relation: Entry, other: Document) -> bool:
    return bool(relation["object"]["id"] == other["id"])


def _place(table: dict[str, Any], code: str) -> int:
    return list(table).index(code)
