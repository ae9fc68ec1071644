"""Reads an Infobutton request.

In: the parameters as (name, values), and the Accept header. Out: a `Question`.
Raises `Misasked`, which names a parameter and says what would be right. No Django, no database, nothing is logged.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from content_app.delivery.http import negotiation
from content_app.delivery.infobutton.terms import (
    ASPECTS_FIRST_IN_TASK,
    AUDIENCES,
    CODED,
    MEDIA_TYPES,
    MESH_SUB_TOPICS,
    PARAMETERS,
    SCRIPT,
)
from content_app.nearest import did_you_mean, nearest

LONGEST_VALUE = 500
MOST_CONCEPTS = 20
INDEXED = re.compile(r"(.*[a-z_])([0-9]{1,2})", re.ASCII | re.IGNORECASE)
CALLBACK = re.compile(r"[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*", re.ASCII)
LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*", re.ASCII)
SPELLINGS = {name.lower(): name for name in PARAMETERS}
# What the answer depends on. The rest tells of the patient and the encounter, and vendors add names of their own.
HEEDED = tuple(
    name
    for name in PARAMETERS
    if name.startswith(("mainSearchCriteria", "subTopic", "informationRecipient", "performer", "taskContext"))
    or name in ("knowledgeResponseType", "callback", "release", "as_of")
)


class Misasked(Exception):
    """The request cannot be answered. `errors` are (parameter, sentence) pairs."""

    def __init__(self, errors: list[tuple[str, str]]):
        self.errors = errors
        super().__init__(" ".join(f"{name}: {sentence}" for name, sentence in errors))


class NotOffered(Exception):
    """None of the media types that were asked for is offered."""


@dataclass(frozen=True)
class Concept:
    """A coded concept of a request: code, system, name and original text, each possibly empty."""

    code: str = ""
    system: str = ""
    name: str = ""
    original: str = ""

    @property
    def text(self) -> str:
        return self.original or self.name


@dataclass(frozen=True)
class Question:
    """What is asked, once all of it has been checked. `media_type` is as asked for, such as application/atom+xml."""

    concepts: tuple[Concept, ...]
    audience: str
    recipient: str
    media_type: str
    performer: str = ""
    sub_topics: tuple[Concept, ...] = ()
    task: str = ""
    language: str = "en"
    callback: str = ""
    moment: dict[str, str] = field(default_factory=dict)

    @property
    def aspects(self) -> tuple[str, ...]:
        """The aspects that the sub-topics stand for; empty for all."""
        known = (aspects_of(topic) for topic in self.sub_topics)
        return tuple(dict.fromkeys(aspect for aspects in known for aspect in aspects))

    @property
    def unknown_sub_topics(self) -> list[str]:
        return [topic.text or topic.code for topic in self.sub_topics if not aspects_of(topic)]

    @property
    def aspects_first(self) -> tuple[str, ...]:
        """The aspects that the task puts first."""
        return next((first for start, first in ASPECTS_FIRST_IN_TASK.items() if self.task.startswith(start)), ())


def aspects_of(topic: Concept) -> tuple[str, ...]:
    """The aspects that a sub-topic stands for, by its code, or by its name where it has none; empty if unknown."""
    if topic.code:
        return MESH_SUB_TOPICS.get(topic.code, ("", ()))[1]
    names = {name.lower(): aspects for name, aspects in MESH_SUB_TOPICS.values()}
    return names.get(topic.text.lower(), ())


def read_question(given: Iterable[tuple[str, list[str]]], accept: str) -> Question:
    """The question of a request. Raises `Misasked`, or `NotOffered` for media types that are not there."""
    values = _checked(given)
    plain = {name: value for (name, _), value in values.items() if value}
    recipient = _audience(plain)
    return Question(
        concepts=_main_concepts(values),
        sub_topics=_concepts(values, "subTopic.v"),
        audience=AUDIENCES[recipient],
        recipient=recipient,
        performer=plain.get("performer", "").upper(),
        media_type=_media_type(plain, accept),
        callback=_callback(plain),
        task=plain.get("taskContext.c.c", "").upper(),
        language=_language(plain),
        moment={name: plain[name] for name in ("release", "as_of") if name in plain},
    )


def _checked(given: Iterable[tuple[str, list[str]]]) -> dict[tuple[str, int], str]:
    """(name as the standard spells it, index) → value. Names are compared without case, as vendors spell them."""
    values: dict[tuple[str, int], str] = {}
    errors: list[tuple[str, str]] = []
    for written, entries in given:
        name, index = _spelling(written.strip())
        if _is_of_no_account(name):
            continue
        problem = _problem_with(name, entries, (name, index) in values)
        if problem:
            errors.append((written[:60].encode("utf-8", "replace").decode(), problem))
        else:
            values[name, index] = entries[0].strip()
    if errors:
        raise Misasked(errors[:20])
    return values


def _spelling(written: str) -> tuple[str, int]:
    """The name without its index. `mainSearchCriteria.v.c`, `….c0` and `….c1` are all ways to begin a list."""
    if written.lower() in SPELLINGS:
        return SPELLINGS[written.lower()], -1
    indexed = INDEXED.fullmatch(written)
    if indexed and indexed[1].lower() in SPELLINGS and "." in indexed[1]:
        return SPELLINGS[indexed[1].lower()], int(indexed[2])
    return written, -1


def _is_of_no_account(name: str) -> bool:
    """Whether it cannot change the answer: no parameter of the standard, and no misspelling of one that counts."""
    return name not in PARAMETERS and not nearest(name, HEEDED, cutoff=0.75)


def _problem_with(name: str, entries: list[str], is_repeated: bool) -> str:
    if name not in PARAMETERS:
        return f"There is no such parameter{did_you_mean(name, HEEDED, ' in Infobutton requests.')}"
    if is_repeated or len(entries) > 1:
        return (
            "Give this parameter only once. For more concepts, add a number to the name, as in mainSearchCriteria.v.c1."
        )
    if len(entries[0]) > LONGEST_VALUE:
        return f"The value has more than {LONGEST_VALUE} characters."
    if re.search(r"[\x00-\x1f\x7f\ud800-\udfff\ufffd\ufffe\uffff]", entries[0]):
        return "The value contains a character that is not allowed."
    return ""


def _concepts(values: dict[tuple[str, int], str], prefix: str) -> tuple[Concept, ...]:
    names = [f"{prefix}.{part}" for part in CODED]
    indexes = sorted({index for (name, index), value in values.items() if name in names and value})
    return tuple(Concept(*(values.get((name, index), "") for name in names)) for index in indexes)


def _main_concepts(values: dict[tuple[str, int], str]) -> tuple[Concept, ...]:
    concepts = _concepts(values, "mainSearchCriteria.v")
    if not any(concept.code or concept.text for concept in concepts):
        sentence = "Give a code with its system (….v.c and ….v.cs), or a name (….v.dn or ….v.ot)."
        raise Misasked([("mainSearchCriteria.v.c", sentence)])
    if any(concept.code and not concept.system for concept in concepts):
        raise Misasked([("mainSearchCriteria.v.cs", "Give the system of the code, as an OID or a FHIR address.")])
    if len(concepts) > MOST_CONCEPTS:
        raise Misasked([("mainSearchCriteria.v.c", f"Give at most {MOST_CONCEPTS} concepts at once.")])
    return tuple(concept for concept in concepts if concept.code or concept.text)


def _audience(plain: dict[str, str]) -> str:
    """Who will read it: the recipient, else the one who asks, else the patient, as MedlinePlus Connect has it."""
    for name in ("informationRecipient", "performer"):
        if name in plain and plain[name].upper() not in AUDIENCES:
            raise Misasked([(name, f"“{plain[name][:60]}” is not a valid audience. Use PROV or PAT.")])
    return (plain.get("informationRecipient") or plain.get("performer") or "PAT").upper()


def _language(plain: dict[str, str]) -> str:
    names = ("informationRecipient.languageCode", "performer.languageCode")
    for name in (f"{names[0]}.c", names[0], f"{names[1]}.c", names[1]):
        if name in plain:
            if not LANGUAGE.fullmatch(plain[name]):
                raise Misasked([(name, "Give a language tag such as en.")])
            return plain[name].replace("_", "-")
    return "en"


def _callback(plain: dict[str, str]) -> str:
    callback = plain.get("callback", "")
    is_script = MEDIA_TYPES.get(plain.get("knowledgeResponseType", "")) == SCRIPT
    if is_script and not callback:
        raise Misasked([("callback", "Give the name of the function to call; application/javascript requires it.")])
    if callback and not is_script:
        raise Misasked([("callback", "Use callback only with knowledgeResponseType=application/javascript.")])
    if callback and (len(callback) > 100 or not CALLBACK.fullmatch(callback)):
        raise Misasked([("callback", "Give the name of a JavaScript function, using letters, digits, _, $ and dots.")])
    return callback


def _media_type(plain: dict[str, str], accept: str) -> str:
    """What `knowledgeResponseType` names; without it, what the Accept header weighs highest; XML if all are alike."""
    asked = plain.get("knowledgeResponseType", "").lower().replace("atom xml", "atom+xml")
    if asked:
        if asked.partition(";")[0].strip() not in MEDIA_TYPES:
            raise NotOffered(asked[:60])
        return asked.partition(";")[0].strip()
    offered = tuple(media_type for media_type, form in MEDIA_TYPES.items() if form != SCRIPT)
    best = negotiation.chosen(accept, offered, negotiation.by_offer)
    if best is None:
        raise NotOffered(accept[:60])
    return best
