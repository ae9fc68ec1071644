"""Every content field of a document, described once: what has it, its form, its words, who must see it.

In: the vocabularies. Out: `OWN` (the fields of each kind of item), `PARTS` (those of statements, relations and so
on) and `LEFT_OUT` (what a form leaves out on purpose, and why). The editorial schema, the published shapes, the desk
and every form that readers get are made from these tables. Pure: no Django, no database.
A new field is a row here, a column in `models` and its migration.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from content_app.vocabulary.code_systems import CODE_SYSTEMS
from content_app.vocabulary.predicates import PREDICATES
from content_app.vocabulary.terms import PUBLISHED, Term

Document = dict[str, Any]

# The form of a field.
PROSE = "prose"  # text of any length
LINE = "line"  # text on one line
LINES = "lines"  # a list of such texts
CODE = "code"  # a code of a vocabulary
FLAG = "flag"  # true or false
ANSWER = "answer"  # true, false, or null where the source does not say
NUMBER = "number"
DAY = "day"
ITEM = "item"  # another item

VOCABULARIES: dict[str, dict[str, Term]] = {
    **PUBLISHED,
    "predicates": {p.code: Term(p.code, p.label, p.meaning) for p in PREDICATES.values()},
    "code_systems": {s.key: Term(s.key, s.name, f"{s.uri}; {s.licence}") for s in CODE_SYSTEMS.values()},
}


@dataclass(frozen=True)
class Field:
    """One field. It keeps its name everywhere: in files, in columns, in every form that readers get.

    `meaning` is what editors and developers read about it, `guidance` what editors read besides, `advice` what
    developers read besides, `label` what readers see before it. `said` is how prose puts it: of a flag the
    sentence, of another field a text with `{}`. `unsaid` is the value that prose leaves out, because it goes
    without saying; `default` the one that files leave out. `must_show` says that a form that has the part must have
    the field; `audience` that only one of the two audiences gets it; `is_heading` that the entry stands under it;
    `is_explained` that readers are told what its words mean. `row` is the row of the editor's form that it shares
    with its neighbours, `rank` its place in brackets.
    """

    name: str
    form: str
    meaning: str
    label: str = ""
    vocabulary: str = ""
    advice: str = ""
    guidance: str = ""
    said: str = "{}"
    unsaid: str = ""
    default: str = ""
    audience: str = ""
    is_required: bool = False
    must_show: bool = False
    is_searched: bool = False
    is_a_name: bool = False
    is_explained: bool = False
    is_heading: bool = False
    longest: int = 300
    pattern: str = ""
    bounds: tuple[int, int] = (0, 0)
    row: int = 0
    rank: int = 0

    @property
    def terms(self) -> dict[str, Term]:
        """The vocabulary that its codes are from."""
        return VOCABULARIES[self.vocabulary]

    @property
    def title(self) -> str:
        """What readers see before it."""
        return self.label or self.name.replace("_", " ").capitalize()

    def in_words(self, value: Any) -> str:
        """A value of it as people read it; empty if there is none."""
        if value in (None, "", [], False):
            return ""
        if self.form in (FLAG, ANSWER):
            return self.said
        if self.form == LINES:
            return ", ".join(value)
        if self.form == ITEM:
            return str(value["name"])
        return self.terms[value].label if self.form == CODE else str(value)


OWN: dict[str, tuple[Field, ...]] = {
    "condition": (
        Field("abbreviation", LINE, "Its usual abbreviation.", is_a_name=True, is_searched=True, longest=30, row=1),
        Field(
            "cause_status", CODE, "What is known of its cause.", "Cause", "cause_statuses",
            "Show it beside every mechanism.", is_required=True, must_show=True, row=1,
        ),
    ),
    "concept": (
        Field("topic", CODE, "What sort of concept it is.", "Topic", "topics", is_required=True, row=1),
        Field("subtopic", CODE, "A closer sort.", "Closer topic", "subtopics", row=1),
    ),
    "symptom_type": (
        Field("category", CODE, "What sort of symptom it is.", "Category", "categories", is_required=True, row=1),
        Field(
            "observation", CODE, "Who notices it: the person, an examiner, or not said.", "Noticed by",
            "observations", is_required=True, row=1,
        ),
    ),
    "example": (
        Field("form", CODE, "Vignette, analogy or contrast.", "Form", "forms", is_required=True, must_show=True, row=1),
        Field("trigger", PROSE, "What happens.", "What happens", is_searched=True, row=2),
        Field("context", PROSE, "The circumstances.", "Circumstances", is_searched=True, row=2),
        Field(
            "expected_response", PROSE, "What would ordinarily follow.", "What would ordinarily follow",
            is_searched=True, row=3,
        ),
        Field(
            "expected_response_implied", ANSWER, "Whether the source only implies the ordinary response.", "Note",
            said="The source only implies what would ordinarily follow.", row=4,
        ),
        Field("amplified_response", PROSE, "What follows instead.", "What follows instead", is_searched=True, row=3),
        Field("analogy_source", PROSE, "The picture that an analogy uses.", "The picture", is_searched=True, row=5),
        Field("analogy_target", PROSE, "What the picture stands for.", "What it stands for", is_searched=True, row=5),
        Field(
            "limits", PROSE, "Where the analogy ends.", "Where the analogy ends", "", "Show it with the analogy.",
            must_show=True, is_searched=True, row=6,
        ),
    ),
}  # fmt: skip

# Readers get these as notices.
SHARED = (
    Field("safety_notice", PROSE, "News that matters for safety. Readers see it first, and apps are alerted."),
    Field("caution", PROSE, "What readers must always be told with the item. It is no news: it alerts nobody."),
)

CERTAINTY = "How sure the source is."
FREQUENCY = "How often, where the source says so."

PARTS: dict[str, tuple[Field, ...]] = {
    "summary": (
        Field(
            "clinical", PROSE, "For clinicians.", "For clinicians", is_required=True, is_searched=True,
            audience="clinical",
        ),
        Field(
            "plain", PROSE, "In plain words, for patients and families.", "In plain words",
            guidance="Aim at a reading age of 11 to 14.", is_required=True, is_searched=True, audience="plain",
        ),
    ),
    "names": (
        Field("text", LINE, "The name.", is_required=True, is_searched=True, row=1),
        Field("type", CODE, "What sort of name it is.", "", "name_types", is_required=True, row=2),
        Field(
            "language", LINE, "Language tag (BCP 47).", default="en", longest=10, pattern="^[a-z]{2,3}(-[A-Z]{2})?$",
            row=2,
        ),
        Field("note", PROSE, "Where the name differs from the item, for example that it is narrower.", row=3),
    ),
    "statements": (
        Field(
            "aspect", CODE, "What it is about.", "", "aspects", is_required=True, must_show=True, is_heading=True,
            row=1,
        ),
        Field(
            "clinical", PROSE, "The assertion for clinicians.", "For clinicians", is_required=True, is_searched=True,
            audience="clinical", row=2,
        ),
        Field(
            "plain", PROSE, "The same assertion in plain words.", "In plain words",
            guidance="Aim at a reading age of 11 to 14.", is_required=True, is_searched=True, audience="plain",
            row=2,
        ),
        Field(
            "certainty", CODE, CERTAINTY, "Certainty", "certainties",
            "Show it: a likely cause is not a known cause.", unsaid="established", is_required=True, must_show=True,
            is_explained=True, row=1,
        ),
        Field("frequency", CODE, FREQUENCY, "Frequency", "frequencies", must_show=True, row=1),
    ),
    "relations": (
        Field(
            "predicate", CODE, "Type of relation.", "Relation", "predicates", is_required=True, must_show=True,
            is_heading=True, row=1,
        ),
        Field(
            "object", ITEM, "The other item.", "Leads to", guidance="As kind/slug, such as concept/cause-unknown.",
            is_required=True, must_show=True, row=1,
        ),
        Field(
            "modality", CODE, "How the source puts it.", "", "modalities", default="asserted", unsaid="asserted",
            must_show=True, row=2, rank=1,
        ),
        Field(
            "certainty", CODE, "How sure the source is, if this is a claim.", "", "certainties",
            said="certainty: {}", must_show=True, is_explained=True, row=2,
        ),
        Field("frequency", CODE, FREQUENCY, "", "frequencies", must_show=True, row=2),
        Field(
            "ambiguous", FLAG, "True if the source leaves open whether this is meant.",
            guidance="The note says why.", said="not clearly meant", must_show=True, row=3, rank=2,
        ),
        Field(
            "attributed", FLAG, "True if this is the view of the cited source and others differ.",
            guidance="The note says why.", said="the view of the sources cited", must_show=True, row=3, rank=-1,
        ),
        Field(
            "display_with", ITEM, "What must be shown wherever this relation is shown.", "Shown with",
            guidance="As kind/slug, such as concept/cause-unknown.", must_show=True, row=1,
        ),
        Field("note", PROSE, "What a reader has to know about it.", must_show=True, row=4),
    ),
    "codings": (
        Field("system", CODE, "Key of the system.", "", "code_systems", is_required=True, must_show=True, row=1),
        Field(
            "code", LINE, "The code; null where `match` is `none`: looked for and not there.",
            guidance="Leave it out where the match is none.", must_show=True, is_searched=True, longest=60, row=1,
        ),
        Field("display", LINE, "Its title in the code system.", is_searched=True, row=2),
        Field(
            "match", CODE, "How the code relates to the item: `broad` means that the code is wider.", "", "matches",
            is_required=True, must_show=True, row=1,
        ),
        Field(
            "version", LINE, "The release of the code system in which it was read.", is_required=True, row=2,
        ),
        Field("uri", LINE, "An address for the coded entity that stays when codes move.", "Lasting address", row=4),
        Field("billable", ANSWER, "ICD-10-CM: whether it is a leaf that may be billed.", row=3),
        Field("verification", CODE, "How it was checked.", "", "verifications", is_required=True, row=3),
        Field(
            "verified_by", LINES, "What it was read from.", guidance="A release, a package or a public source.",
            bounds=(0, 20), row=4,
        ),
        Field("checked_on", DAY, "When it was checked.", guidance="A day, YYYY-MM-DD.", is_required=True, row=3),
        Field("note", PROSE, "What a coder has to know.", row=5),
    ),
    "sources": (
        Field("type", CODE, "What sort of work it is.", "", "source_types", is_required=True),
        Field(
            "evidence_level", CODE, "What its assertions rest on.", "Rests on", "evidence_levels", is_required=True,
            must_show=True,
        ),
        Field("title", LINE, "Its title.", is_required=True, must_show=True, longest=500),
        Field("authors", LINES, "Its authors, in order.", guidance="Family name, then initials.", bounds=(0, 200)),
        Field("organisation", LINE, "The publishing body."),
        Field("container", LINE, "The journal, book or site it appeared in.", guidance="With volume and pages."),
        Field("year", NUMBER, "Year of publication.", bounds=(1500, 2100)),
        Field(
            "url", LINE, "Its address.", guidance="It begins with https:// or http://.",
            pattern=r"^https?://[^\s<>\"']+$", longest=500,
        ),
        Field("doi", LINE, "Its DOI.", guidance="Without the resolver.", pattern=r"^10\.[0-9]{4,9}/\S+$", longest=200),
        Field("pmid", LINE, "Its PubMed identifier.", longest=10, pattern="^[1-9][0-9]{0,8}$"),
        Field("isbn", LINE, "Its ISBN.", longest=17, pattern="^[0-9X-]{10,17}$"),
        Field("licence", LINE, "The terms on which the work may be used."),
        Field("retracted", FLAG, "True if the work has been retracted.", said="retracted", must_show=True),
        Field("note", PROSE, "What a reader has to know when it is cited, for example whom it is about."),
    ),
}  # fmt: skip


ON_THE_PAGE = "An entry in a health record is short. It links to the page of the item, which has this."
KEPT_BY_CODERS = ("uri", "billable", "verified_by")
FOR_CODERS = "It is for programs that keep codes, which read the JSON."
OF_THE_WORK = "The list of sources names the work; its own document, one link away, has this."
NO_WORD = "SKOS has labels, definitions, notes and matches only. The JSON-LD of the item has this."


@dataclass(frozen=True)
class LeftOut:
    """Fields of a part that a form leaves out on purpose. No fields: the whole part. No kinds: items of all kinds."""

    form: str
    part: str
    reason: str
    fields: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


LEFT_OUT = (
    *(LeftOut(form, "codings", FOR_CODERS, KEPT_BY_CODERS) for form in ("md", "html", "composition", "mcp")),
    *(LeftOut(form, "sources", OF_THE_WORK, ("isbn", "licence")) for form in ("md", "html", "composition", "mcp")),
    LeftOut(
        "jsonld", "names", "schema.org and SKOS have plain labels, one for each sort of use. The JSON has this.",
        ("type", "note", "citations"),
    ),
    LeftOut("ttl", "names", "SKOS has plain labels, one for each sort of use. The JSON has this.",
            ("type", "note", "citations")),
    LeftOut("ttl", "summary", "Dublin Core names the works. The JSON-LD says where in each.", ("citations",)),
    LeftOut("ttl", "statements", NO_WORD),
    LeftOut("ttl", "relations", NO_WORD, ()),
    LeftOut(
        "ttl", "codings", "SKOS says which code it is and how it matches. The SSSOM export and the JSON-LD have this.",
        ("display", "version", "uri", "billable", "verification", "verified_by", "checked_on", "note"),
    ),
    LeftOut("ttl", "codings", "SKOS matches join concepts, and an example is a work.", (), ("example",)),
    LeftOut("ttl", "sources", "Dublin Core has no word for it. The JSON has this.", ("type", "container")),
    LeftOut("infobutton", "names", ON_THE_PAGE, ("type", "language", "note", "citations")),
    LeftOut("infobutton", "relations", ON_THE_PAGE),
    LeftOut(
        "infobutton", "codings", ON_THE_PAGE,
        ("version", "uri", "billable", "verification", "verified_by", "checked_on"),
    ),
    LeftOut("infobutton for patients", "codings", "What a coder has to know is for clinicians.", ("note",)),
    LeftOut("desk", "sources", "A source is compared on its own page."),
    LeftOut(
        "infobutton", "sources", ON_THE_PAGE,
        ("type", "authors", "organisation", "container", "url", "doi", "pmid", "isbn", "licence", "note"),
    ),
)  # fmt: skip


def is_left_out(form: str, part: str, field: str, kind: str = "") -> bool:
    """Whether a form leaves a field of a part out on purpose, of this kind of item if one is given."""
    return any(
        (one.form, one.part) == (form, part)
        and (not one.fields or field in one.fields)
        and (not one.kinds or kind in one.kinds)
        for one in LEFT_OUT
    )


def own(kind: str, *forms: str) -> list[Field]:
    """The fields that a kind of item has for itself, of these forms if some are given."""
    return [field for field in OWN.get(kind, ()) if not forms or field.form in forms]


def of(part: str, *forms: str) -> list[Field]:
    """The fields of a part, of these forms if some are given."""
    return [field for field in PARTS[part] if not forms or field.form in forms]


def names(fields: list[Field] | tuple[Field, ...]) -> tuple[str, ...]:
    return tuple(field.name for field in fields)


def facts(document: Document) -> Iterator[tuple[Field, str]]:
    """What sorts an item among its like, and its other short facts: the field and its value."""
    for field in own(document["kind"], CODE, LINE, NUMBER, DAY):
        if document.get(field.name) and not field.is_a_name:
            yield field, document[field.name]


def texts(document: Document) -> Iterator[tuple[str, str]]:
    """The texts that an item has for itself, each under its label, and what has to be noted of them."""
    own_texts = [*own(document["kind"], PROSE), *own(document["kind"], FLAG, ANSWER)]
    for field in own_texts:
        if words := field.in_words(document.get(field.name)):
            yield field.title, words


def qualities(part: str, entry: Document) -> list[str]:
    """What prose says of an entry in brackets: whose view it is, how sure, how often, how the source puts it."""
    fields = [field for field in of(part, CODE, FLAG) if not field.is_heading]
    return [
        field.said.format(field.in_words(entry[field.name]).lower())
        for field in sorted(fields, key=lambda field: field.rank)
        if entry.get(field.name) and entry[field.name] != field.unsaid
    ]
