"""A document arranged for reading: the same sections, in the same order, for the page and for the Markdown.

In: a public document and the place it is read at. Out: plain data, all texts as they are: whoever writes them escapes
them. Nothing is left out that must be shown. Pure: no Django, no database.
"""

from itertools import groupby
from typing import Any

from content_app.delivery.readable import parts
from content_app.delivery.readable.place import day
from content_app.delivery.store.place import Place
from content_app.delivery.store.prose import LAYER_TITLES, URGENT, by_layer, is_overdue, is_reviewed
from content_app.vocabulary import fields
from content_app.vocabulary.fields import CODE, PARTS, Field
from content_app.vocabulary.terms import ASPECTS, KINDS, REVIEW_STATES, WITHDRAWAL_REASONS

Document = dict[str, Any]

AUDIENCES = {"plain": "In plain words", "clinical": "For clinicians"}
# What readers look for first, and must be told first that it is not there.
MISSED_FIRST = ("red_flags", "diagnosis", "treatment")
# What families need stands first, words and classifications last. Aspects that are not named stand between.
READ_FIRST = (
    "red_flags", "overview", "symptoms", "other_symptoms", "presentation", "onset_and_course", "lived_experience",
    "impact", "function", "who_is_affected", "related_conditions", "cause", "mechanism", "normal_function",
    "neurobiology", "diagnosis", "differential", "treatment", "self_management", "prognosis",
)  # fmt: skip
READ_LAST = ("terminology", "classification", "coding", "clinical_terms", "evidence")
NOT_YET = "not yet"
SAID_AS_HEADING = ("layer",)
LAYER_CHOICES = {"": "All sources", "source_text": "The lay source", "literature": "The literature"}
# Under which title the texts stand that a kind of item has for itself.
OWN_TITLES = {"example": "The example"}
MORE = "More about it"


def item(document: Document, place: Place) -> Document:
    """A condition, concept, symptom type or example, arranged."""
    numbers = {source["slug"]: (number, source["title"]) for number, source in enumerate(document["sources"], 1)}
    return {
        **_head(document),
        "facts": _facts(document),
        "review": review(document["review"], place),
        "urgent": [notice["text"] for notice in document["notices"] if notice["type"] in URGENT],
        "notices": [notice["text"] for notice in document["notices"] if notice["type"] not in URGENT],
        "rests_on": parts.rests_on(document),
        "summary": _texts(document["summary"]),
        "summary_marks": parts.marks(document["summary"]["citations"], numbers),
        "missed_first": [entry["label"] for entry in _silent(document) if entry["aspect"] in MISSED_FIRST],
        "distinct": parts.distinct(document, numbers, place),
        "own": _own(document),
        "aspects": _aspects(document, numbers),
        "glossaries": _glossaries(document),
        "relations": parts.relations(document, numbers, place),
        "leads_here": place.link("/library/", object=document["id"]),
        "examples": [
            {"name": entry["name"], "href": place.link(entry["href"])} for entry in document.get("examples", [])
        ],
        "codings": parts.codings(document),
        "names": parts.names(document, numbers),
        "not_covered": _not_covered(document),
        "sources": [parts.source(source, place) for source in document["sources"]],
        "about": parts.about(document, place),
    }


def source(document: Document, place: Place) -> Document:
    """A source as a document of its own, arranged."""
    return {
        "name": document["name"],
        "kind": "Source",
        "is_retracted": document["retracted"],
        "source": parts.source(document, place),
        "cited_by": place.link("/library/", source=document["slug"]),
        "about": parts.about(document, place),
    }


def tombstone(document: Document, place: Place) -> Document:
    """What stands where an item was withdrawn, arranged."""
    reason, meta, instead = WITHDRAWAL_REASONS[document["reason"]], document["meta"], document["replaced_by"]
    before = meta["release"] - 1
    return {
        "name": document["name"],
        "kind": KINDS[document["kind"]].label,
        "reason": reason.label,
        "meaning": reason.meaning,
        "note": document["note"],
        "withdrawn_on": day(meta["published_at"]),
        "release": meta["release"],
        "instead": {"name": instead["name"], "href": place.link(instead["href"])} if instead else None,
        "before": {"release": before, "href": f"{parts.address(document)}?release={before}"} if before else None,
    }


def review(given: Document, place: Place) -> Document:
    """Who signed it off (of a draft maybe nobody), when, and until when. `is_overdue` is only said of a known day."""
    signed_on, due_on = given["reviewed_on"], given["review_due_on"]
    return {
        "is_clinical": is_reviewed(given),
        "state": REVIEW_STATES[given["state"]].label,
        "role": given["reviewer_role"],
        "signed_off_on": day(signed_on) if signed_on else NOT_YET,
        "due_on": day(due_on) if due_on else NOT_YET,
        "is_overdue": is_overdue(given, place.today),
    }


def _head(document: Document) -> Document:
    own = (document["name"], document.get("abbreviation"))
    others = [name["text"] for name in document["names"] if name["type"] in ("synonym", "abbreviation")]
    return {
        "name": document["name"],
        "abbreviation": document.get("abbreviation"),
        "kind": KINDS[document["kind"]].label,
        "also_called": [text for text in others if text not in own],
    }


def _facts(document: Document) -> list[Document]:
    """What sorts it among its like, with the meaning of each word."""
    return [
        {"label": field.title, "value": field.in_words(value), "meaning": _meaning(field, value)}
        for field, value in fields.facts(document)
    ]


def _meaning(field: Field, value: str) -> str:
    return field.terms[value].meaning if field.form == CODE else ""


def _texts(holder: Document) -> list[Document]:
    """The texts for each audience that is there: a reader may have chosen one."""
    return [
        {"audience": audience, "label": label, "text": holder[audience]}
        for audience, label in AUDIENCES.items()
        if audience in holder
    ]


def _own(document: Document) -> Document:
    """The texts that an item of its kind has for itself."""
    told = [{"label": label, "text": text} for label, text in fields.texts(document)]
    return {"title": OWN_TITLES.get(document["kind"], MORE), "texts": told}


def _aspects(document: Document, numbers: parts.Numbers) -> list[Document]:
    """The statements, by aspect in the order in which a reader needs them."""
    between = [aspect for aspect in ASPECTS if aspect not in READ_FIRST + READ_LAST]
    order = [*READ_FIRST, *between, *READ_LAST]
    statements = sorted(document["statements"], key=lambda statement: order.index(statement["aspect"]))
    return [
        {"id": anchor(aspect), "title": ASPECTS[aspect].label, "layers": _layers(list(group), numbers)}
        for aspect, group in groupby(statements, key=lambda statement: statement["aspect"])
    ]


def _layers(statements: list[Document], numbers: parts.Numbers) -> list[Document]:
    """The statements on an aspect, by layer, in the order of the vocabulary. `title` heads what is not the usual."""
    return [
        {"code": code, "title": LAYER_TITLES.get(code, ""), "statements": [_statement(s, numbers) for s in given]}
        for code, given in by_layer(statements)
    ]


def anchor(aspect: str) -> str:
    """The fragment of an aspect on the page: `#onset-and-course`."""
    return aspect.replace("_", "-")


def _statement(statement: Document, numbers: parts.Numbers) -> Document:
    return {
        "id": f"statement-{statement['id']}",
        "texts": _texts(statement),
        "qualities": _qualities(statement),
        "marks": parts.marks(statement["citations"], numbers),
    }


def _qualities(statement: Document) -> list[Document]:
    """How sure it is, how often it holds: what is said with a statement, each in words under a label."""
    return [
        {
            "label": field.title,
            "value": field.in_words(statement[field.name]),
            "is_marked": bool(field.unsaid) and statement[field.name] != field.unsaid,
        }
        for field in fields.of("statements", CODE)
        if statement.get(field.name) and not field.is_heading and field.name not in SAID_AS_HEADING
    ]


def _glossaries(document: Document) -> list[Document]:
    """What the words mean that statements and relations use for how sure something is."""
    used: dict[str, tuple[Field, set[str]]] = {}
    for part in ("statements", "relations"):
        for field in (field for field in PARTS[part] if field.is_explained):
            _, codes = used.setdefault(field.vocabulary, (field, set()))
            codes |= {entry[field.name] for entry in document[part] if entry[field.name]}
    return [
        {
            "id": field.name,
            "title": field.title,
            "terms": [{"label": t.label, "meaning": t.meaning} for code, t in field.terms.items() if code in codes],
        }
        for field, codes in used.values()
        if codes
    ]


def _silent(document: Document) -> list[Document]:
    """What the item does not cover; what readers look for first stands first."""
    order = {aspect: place for place, aspect in enumerate(MISSED_FIRST)}
    return sorted(document["not_covered"], key=lambda entry: order.get(entry["aspect"], len(order)))


def _not_covered(document: Document) -> list[Document]:
    """What the item does not cover. Its fragment is the aspect's, unless statements have that."""
    stated = {statement["aspect"] for statement in document["statements"]}
    return [
        {
            "id": ("not-covered-" if entry["aspect"] in stated else "") + anchor(entry["aspect"]),
            "label": entry["label"],
            "covers": entry["covers"],
            "text": entry["text"],
        }
        for entry in _silent(document)
    ]
