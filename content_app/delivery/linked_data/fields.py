"""Which fields of documents are told in words of ours (`amps:`), and how.

In: the table of fields. Out: members of JSON-LD nodes and pairs of Turtle. What schema.org, SKOS or Dublin Core have a
word for is told in theirs, by the modules beside this one.
"""

from collections.abc import Iterable

from content_app.delivery.linked_data import turtle
from content_app.delivery.linked_data.words import Document, word
from content_app.vocabulary import fields
from content_app.vocabulary.fields import CODE, FLAG, ITEM, LINE, LINES, OWN, PROSE, Field

# Of a name and a source the type, of a code its title, and the texts of statements have other words.
CLAIMED = [field for field in fields.of("statements", CODE) if not field.is_heading]
RELATED = [field for field in fields.of("relations") if field.form not in (ITEM, PROSE)]
CODED = [field for field in fields.of("codings") if field.name not in ("code", "display")]
RATED = [field for field in fields.of("sources") if field.name in ("evidence_level", "retracted", "note")]
GRADED = [field for field in RATED if field.form != FLAG]  # that it is retracted schema.org has a word for
OWNED = [field for given in OWN.values() for field in given if not field.is_a_name]
HEADINGS = [field for field in fields.of("statements") if field.is_heading]
TOLD = [*HEADINGS, *CLAIMED, *OWNED, *RELATED, *CODED, *RATED]


def name_of(field: Field) -> str:
    """What a field is called among our words."""
    return "code_system" if field.vocabulary == "code_systems" else field.name


def members(given: Iterable[Field], entry: Document) -> Document:
    """The fields of an entry as members of a JSON-LD node; none for what is not said."""
    said = {f"amps:{name_of(field)}": _value(field, entry.get(field.name)) for field in given}
    return {name: value for name, value in said.items() if value not in (None, [], "")}


def _value(field: Field, value: object) -> object:
    return word(field.vocabulary, str(value)) if field.form == CODE and value else value


def own(document: Document) -> list[Field]:
    """The fields that the kind of the document has for itself."""
    return [field for field in fields.own(document["kind"]) if not field.is_a_name]


def pairs(given: Iterable[Field], entry: Document) -> list[tuple[str, str]]:
    """The fields of an entry as pairs of Turtle."""
    values = [(field, entry.get(field.name)) for field in given]
    return [
        (f"amps:{name_of(field)}", text)
        for field, value in values
        if value not in (None, "")
        for text in _texts(field, value)
    ]


def _texts(field: Field, value: object) -> list[str]:
    if field.form == CODE:
        return [f"amps:{field.vocabulary}\\/{value}"]
    if field.form == LINES and isinstance(value, list):
        return [turtle.text(entry, "en") for entry in value]
    if isinstance(value, bool):
        return ["true"] if value else ["false"] if field.form != FLAG else []
    return [turtle.text(str(value), "en" if field.form in (PROSE, LINE) else None)]
