"""Every content field of a document, described once: what has it, its form, its words, who must see it.

In: the vocabularies. Out: `OWN` (the fields of each kind of item), `PARTS` (those of statements, relations and so
on). What a form leaves out on purpose is in `left_out`. The editorial schema, the published shapes, the desk
and every form that readers get are made from these tables. Pure: no Django, no database.
A new field is a row here, a column in `models` and its migration.
"""

from collections.abc import Iterable, Iterator
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
    `is_explained` that readers are told what its words mean; `is_derived` that it is worked out when the document is
    compiled, so that editors never write it. `row` is the row of the editor's form that it shares
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
    is_derived: bool = False
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
        Field(
            "abbreviation", LINE, "The usual abbreviation of the condition.", is_a_name=True, is_searched=True,
            longest=30, row=1,
        ),
        Field(
            "cause_status", CODE, "How much is known about the cause.", "Cause", "cause_statuses",
            "Show it beside every mechanism.", is_required=True, must_show=True, row=1,
        ),
    ),
    "concept": (
        Field("topic", CODE, "The topic that the concept belongs to.", "Topic", "topics", is_required=True, row=1),
        Field("subtopic", CODE, "A narrower topic, if there is one.", "Subtopic", "subtopics", row=1),
    ),
    "symptom_type": (
        Field(
            "category", CODE, "The category that the symptom belongs to.", "Category", "categories", is_required=True,
            row=1,
        ),
        Field(
            "observation", CODE, "Who notices it: the person or an examiner, if the source says which.", "Noticed by",
            "observations", is_required=True, row=1,
        ),
    ),
    "example": (
        Field(
            "form", CODE, "The form of the example: a vignette, an analogy or a contrast.", "Form", "forms",
            is_required=True, must_show=True, row=1,
        ),
        Field("trigger", PROSE, "The event with which the example begins.", "Trigger", is_searched=True, row=2),
        Field("context", PROSE, "The circumstances in which it happens.", "Circumstances", is_searched=True, row=2),
        Field(
            "expected_response", PROSE, "The response that would normally follow.", "Normal response",
            is_searched=True, row=3,
        ),
        Field(
            "expected_response_implied", ANSWER, "Whether the source only implies the normal response.", "Note",
            said="The source only implies the normal response.", row=4,
        ),
        Field(
            "amplified_response", PROSE, "The amplified response that follows instead.", "Amplified response",
            is_searched=True, row=3,
        ),
        Field("analogy_source", PROSE, "The image that the analogy uses.", "Image", is_searched=True, row=5),
        Field(
            "analogy_target", PROSE, "The idea that the image represents.", "Meaning of the image", is_searched=True,
            row=5,
        ),
        Field(
            "limits", PROSE, "The limits of the analogy.", "Limits of the analogy", "", "Always show them with it.",
            must_show=True, is_searched=True, row=6,
        ),
    ),
}  # fmt: skip

# Readers get these as notices.
SHARED = (
    Field("safety_notice", PROSE, "New information that affects safety. Readers see it first, and apps are alerted."),
    Field("caution", PROSE, "A standing caution that readers must always see with the item. It does not alert apps."),
)

ASSERTION = "How the source words it: stated, hedged, given as an example, or said to be unknown."
LIKELIHOOD = "For mechanisms and causes only: how likely the source considers it to be."
FREQUENCY = "How often this applies, if the source says so."

PARTS: dict[str, tuple[Field, ...]] = {
    "summary": (
        Field(
            "clinical", PROSE, "The summary, written for clinicians.", "For clinicians", is_required=True,
            is_searched=True, audience="clinical",
        ),
        Field(
            "plain", PROSE, "The summary in plain words, for patients and families.", "In plain words",
            guidance="Aim at a reading age of 11 to 14.", is_required=True, is_searched=True, audience="plain",
        ),
    ),
    "names": (
        Field("text", LINE, "The name as readers see it.", is_required=True, is_searched=True, row=1),
        Field(
            "type", CODE, "The type of name, such as synonym or abbreviation.", "", "name_types", is_required=True,
            row=2,
        ),
        Field(
            "language", LINE, "The language of the name, as a tag (BCP 47).", default="en", longest=10,
            pattern="^[a-z]{2,3}(-[A-Z]{2})?$", row=2,
        ),
        Field("note", PROSE, "How the name differs from the item, for example that it is narrower.", row=3),
    ),
    "statements": (
        Field(
            "aspect", CODE, "The aspect that the statement is about.", "", "aspects", is_required=True, must_show=True,
            is_heading=True, row=1,
        ),
        Field(
            "clinical", PROSE, "The statement, written for clinicians.", "For clinicians", is_required=True,
            is_searched=True, audience="clinical", row=2,
        ),
        Field(
            "plain", PROSE, "The same statement in plain words, for patients and families.", "In plain words",
            guidance="Aim at a reading age of 11 to 14.", is_required=True, is_searched=True, audience="plain", row=2,
        ),
        Field(
            "assertion", CODE, ASSERTION, "Assertion", "assertions", unsaid="stated", is_required=True,
            must_show=True, is_explained=True, row=1,
        ),
        Field(
            "likelihood", CODE, LIKELIHOOD, "Likelihood", "likelihoods",
            "Always show it: a likely cause is not a known cause.", must_show=True, is_explained=True, row=1,
        ),
        Field(
            "evidence", CODE, "The evidence of the strongest source that is cited.", "Evidence", "evidence_levels",
            must_show=True, is_derived=True,
        ),
        Field("frequency", CODE, FREQUENCY, "Frequency", "frequencies", must_show=True, row=1),
        Field(
            "layer", CODE, "Where the statement comes from: the lay source or the literature.", "Layer", "layers",
            default="source_text", unsaid="source_text", must_show=True, is_explained=True, row=3,
        ),
        Field(
            "population", CODE, "The people that the source studied or speaks about.", "Population", "populations",
            must_show=True, row=3,
        ),
    ),
    "relations": (
        Field(
            "predicate", CODE, "The type of relation.", "Relation", "predicates", is_required=True, must_show=True,
            is_heading=True, row=1,
        ),
        Field(
            "object", ITEM, "The item at the other end.", "Related item",
            guidance="As kind/slug, such as concept/cause-unknown.", is_required=True, must_show=True, row=1,
        ),
        Field(
            "modality", CODE, "How the source expresses the relation, for example as a possibility.", "", "modalities",
            default="asserted", unsaid="asserted", must_show=True, row=2, rank=1,
        ),
        Field(
            "likelihood", CODE, LIKELIHOOD, "", "likelihoods", said="likelihood: {}", must_show=True,
            is_explained=True, row=2,
        ),
        Field("frequency", CODE, FREQUENCY, "", "frequencies", must_show=True, row=2),
        Field(
            "ambiguous", FLAG, "True if it is unclear whether the source means this relation.",
            guidance="The note explains why.", said="unclear whether the source means this", must_show=True, row=3,
            rank=2,
        ),
        Field(
            "attributed", FLAG, "True if this is the view of the cited source and others disagree.",
            guidance="The note explains why.", said="the view of the cited sources", must_show=True, row=3, rank=-1,
        ),
        Field(
            "display_with", ITEM, "The item that must be shown wherever this relation is shown.", "Shown with",
            guidance="As kind/slug, such as concept/cause-unknown.", must_show=True, row=1,
        ),
        Field("note", PROSE, "Anything else a reader needs to know about the relation.", must_show=True, row=4),
    ),
    "codings": (
        Field(
            "system", CODE, "The key of the code system in this API.", "", "code_systems", is_required=True,
            must_show=True, row=1,
        ),
        Field(
            "code", LINE, "The code; null if `match` is `none`, meaning that no matching code was found.",
            guidance="Leave it out if the match is none.", must_show=True, is_searched=True, longest=60, row=1,
        ),
        Field("display", LINE, "The title of the code in the code system.", is_searched=True, row=2),
        Field(
            "match", CODE, "How the code relates to the item. `broad` means that the code is broader than the item.",
            "", "matches", is_required=True, must_show=True, row=1,
        ),
        Field(
            "version", LINE, "The release of the code system in which the code was looked up.", is_required=True,
            row=2,
        ),
        Field(
            "uri", LINE, "An address for the coded entity that stays the same if its code changes.", "Lasting address",
            row=4,
        ),
        Field("billable", ANSWER, "For ICD-10-CM: whether the code has no subdivisions and can be billed.", row=3),
        Field("verification", CODE, "How the code was checked.", "", "verifications", is_required=True, row=3),
        Field(
            "verified_by", LINES, "The publications in which the code was checked.",
            guidance="A release, a package or a public source.", bounds=(0, 20), row=4,
        ),
        Field(
            "checked_on", DAY, "The day on which the code was checked.", guidance="A day, YYYY-MM-DD.",
            is_required=True, row=3,
        ),
        Field("note", PROSE, "Anything else a clinical coder needs to know.", row=5),
    ),
    "sources": (
        Field(
            "type", CODE, "The type of work, such as a journal article or a guideline.", "", "source_types",
            is_required=True,
        ),
        Field(
            "evidence_level", CODE, "The level of evidence that the work provides.", "Evidence", "evidence_levels",
            is_required=True, must_show=True,
        ),
        Field("title", LINE, "The title of the work, as published.", is_required=True, must_show=True, longest=500),
        Field(
            "authors", LINES, "The authors, in the order in which the work names them.",
            guidance="Family name, then initials.", bounds=(0, 200),
        ),
        Field("organisation", LINE, "The organisation that published the work."),
        Field(
            "container", LINE, "The journal, book or website in which the work appeared.",
            guidance="Volume, issue and pages have fields of their own.",
        ),
        Field("year", NUMBER, "The year in which the work was published.", bounds=(1500, 2100)),
        Field(
            "url", LINE, "The web address of the work.", guidance="It begins with https:// or http://.",
            pattern=r"^https?://[^\s<>\"']+$", longest=500,
        ),
        Field(
            "doi", LINE, "The DOI of the work.", guidance="Without the resolver.", pattern=r"^10\.[0-9]{4,9}/\S+$",
            longest=200,
        ),
        Field("pmid", LINE, "The PubMed identifier of the work.", longest=10, pattern="^[1-9][0-9]{0,8}$"),
        Field("isbn", LINE, "The ISBN of the work.", longest=17, pattern="^[0-9X-]{10,17}$"),
        Field("volume", LINE, "The volume of the journal.", longest=40),
        Field("issue", LINE, "The issue of the journal.", longest=40),
        Field("pages", LINE, "The pages, or the article number.", longest=40),
        Field("accessed_on", DAY, "The day on which a web page was read.", guidance="A day, YYYY-MM-DD."),
        Field("licence", LINE, "The licence or terms under which the work may be used."),
        Field("retracted", FLAG, "True if the work has been retracted.", said="retracted", must_show=True),
        Field("note", PROSE, "Anything a reader needs to know about the work, for example which patients it covers."),
    ),
}  # fmt: skip


def own(kind: str, *forms: str) -> list[Field]:
    """The fields that a kind of item has for itself, of these forms if some are given."""
    return [field for field in OWN.get(kind, ()) if not forms or field.form in forms]


def of(part: str, *forms: str) -> list[Field]:
    """The fields of a part, of these forms if some are given."""
    return [field for field in PARTS[part] if not forms or field.form in forms]


def written(fields: Iterable[Field]) -> list[Field]:
    """Those that editors write."""
    return [field for field in fields if not field.is_derived]


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
