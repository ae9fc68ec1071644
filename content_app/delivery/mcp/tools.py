"""The four tools, as plain functions: what a model can ask, and what it is told when it asks wrongly.

In: arguments. Out: plain data. Raises `Unanswerable` with a sentence on what to do instead. Nothing is ever written.
"""

from typing import Annotated, Any, Literal

from django.conf import settings
from django.utils import timezone
from pydantic import Field

from content_app.canonical import rfc3339
from content_app.delivery.http.problems import Problem
from content_app.delivery.mcp import answers, finding
from content_app.delivery.search import naming
from content_app.delivery.search.finding import NOTICE
from content_app.delivery.store import reading, symmetric_query
from content_app.delivery.store.place import Place
from content_app.vocabulary import release_numbers
from content_app.vocabulary.code_systems import system_named
from content_app.vocabulary.licence import DISCLAIMER
from content_app.vocabulary.terms import ASPECTS

MOST = 50
LONGEST_TEXT = 500
Answer = dict[str, Any]

# The arguments, as models are told of them.
Query = Annotated[
    str, Field(description="Words, a name, an abbreviation or a code, such as `AMPS` or `hurts when touched`.")
]
Item = Annotated[
    str, Field(description="An identifier, an address such as `conditions/{slug}`, or an exact name or abbreviation.")
]
Audience = Annotated[
    Literal["clinical", "plain"],
    Field(description="`clinical` for texts for clinicians, `plain` for texts in plain words for everyone."),
]
Aspect = Annotated[
    str | None,
    Field(description="One aspect to read, such as `treatment`, `diagnosis`, `prognosis`, `red_flags` or `mechanism`."),
]
Everything = Annotated[
    bool, Field(description="Read all aspects, relations, codes and sources: up to 150,000 characters.")
]
Code = Annotated[str, Field(description="The code, such as `M79.7`, in upper or lower case.")]
System = Annotated[
    str | None,
    Field(
        description="The code system: a key such as `icd-10-cm` or `mesh`, a FHIR address or an OID. All if left out."
    ),
]
Limit = Annotated[int, Field(description=f"The maximum number of results, from 1 to {MOST}.")]
ReleaseNumber = Annotated[int | None, Field(description="The release to read from. The current release if left out.")]
Since = Annotated[int, Field(description="List changes after this release. Use 0 for all changes.")]
Until = Annotated[int | None, Field(description="List changes up to this release. The current release if left out.")]


class Unanswerable(Exception):
    """The sentence says what to do instead."""


def search(query: Query, limit: Limit = 10, release: ReleaseNumber = None) -> Answer:
    """Search for items. Exact names and codes come first, then names, then texts. Misspelt words are corrected."""
    moment = _moment(release)
    where = _place(moment)
    try:
        found = naming.found_by(_text(query, "query"), moment.release, _within(limit, "limit", 1, MOST))
    except Problem as problem:
        raise Unanswerable(f"query: {problem.detail}")
    detail = (
        NOTICE
        if found.documents
        else "No item contains these words. This only means that none of our content uses them."
    )
    results = [answers.short_form(document, where) for document in found.documents]
    return answers.envelope(
        where,
        query=query,
        seek_help=found.seek_help,
        aspects=found.aspects,
        interpreted_as=found.interpreted_as,
        detail=detail,
        results=results,
    )


def read_item(
    item: Item,
    audience: Audience = "clinical",
    aspect: Aspect = None,
    everything: Everything = False,
    release: ReleaseNumber = None,
) -> Answer:
    """Read an item, by identifier, by address (`conditions/…`), or by exact name or abbreviation.

    You get what it is and when to seek help, or one aspect of it, and a list of what else there is.
    """
    moment = _moment(release)
    where = _place(moment)
    document, near = finding.item(moment, _text(item, "item"))
    if document is None:
        hint = f" Did you mean {', '.join(near)}?" if near else " Call search first."
        raise Unanswerable(f"Release {moment.release} has no item “{item[:100]}”.{hint}")
    if document.get("withdrawn"):
        return answers.envelope(where, withdrawn=_grave(document))
    [document] = symmetric_query.with_both_ends([document], moment)
    if everything:
        return answers.envelope(where, item=answers.full_form(document, audience, where))
    return answers.envelope(where, item=answers.part_form(document, audience, where, _aspect(aspect)))


def look_up_code(code: Code, system: System = None, release: ReleaseNumber = None) -> Answer:
    """Find the items for a code, and how closely each matches. Without a system, all systems are searched."""
    named = system_named(system) if system is not None else None
    if system is not None and named is None:
        known = ", ".join(finding.all_systems())
        raise Unanswerable(
            f"“{system[:100]}” is not a known code system. Use one of {known}, or a FHIR address or OID."
        )
    moment = _moment(release)
    where = _place(moment)
    systems = [named.key] if named else finding.all_systems()
    found = finding.with_code(moment, systems, _text(code, "code"))
    results = [answers.coded_form(document, coding, where) for document, coding in found]
    detail = None if results else "No item has this code. This does not mean that the code does not exist."
    return answers.envelope(where, code=code, system=system, detail=detail, results=results)


def list_changes(since_release: Since, until_release: Until = None, limit: Limit = 20) -> Answer:
    """List the changes after one release, up to another release or the current one, newest first."""
    moment = _moment(until_release)
    where = _place(moment)
    since = _within(since_release, "since_release", 0, moment.release)
    found, is_cut = finding.changed(moment, since, _within(limit, "limit", 1, MOST))
    changes = [_change(*each, where=where) for each in found]
    return answers.envelope(where, since_release=since, changes=changes, there_are_more=is_cut)


def _change(document: Answer, significance: str, note: str, *, where: Place) -> Answer:
    is_withdrawn = bool(document.get("withdrawn"))
    shown = {"withdrawn": _grave(document)} if is_withdrawn else {"item": answers.short_form(document, where)}
    return {
        "in_release": document["meta"]["release"],
        "change": "withdrawn" if is_withdrawn else "new" if document["meta"]["version"] == 1 else "changed",
        "significance": significance,
        "note": note or None,
        **shown,
    }


def _aspect(aspect: str | None) -> str | None:
    """The code of an aspect, from its code or its label."""
    if aspect is None:
        return None
    by_name = {name.casefold(): term.code for term in ASPECTS.values() for name in (term.code, term.label)}
    found = by_name.get(_text(aspect, "aspect").casefold())
    if found is None:
        raise Unanswerable(f"There is no aspect “{aspect[:60]}”. Use one of {', '.join(ASPECTS)}.")
    return found


def _grave(document: Answer) -> Answer:
    names = ("id", "kind", "slug", "name", "reason", "note", "replaced_by", "meta")
    said = "This item has been withdrawn. Do not use its earlier content."
    return {name: document[name] for name in names} | {"notices": [said, DISCLAIMER]}


def _moment(release: int | None) -> reading.Moment:
    if release is not None:
        _within(release, "release", 1, release_numbers.LARGEST)
    try:
        return reading.published(release)
    except reading.NotPublished as missing:
        raise Unanswerable(str(missing))


def _place(moment: reading.Moment) -> Place:
    today = timezone.now().date()
    return Place(settings.PUBLIC_URL, moment.release, moment.is_pinned, today, rfc3339(moment.published_at))


def _within(value: int, name: str, least: int, most: int) -> int:
    if not least <= value <= most:
        raise Unanswerable(f"{name} must be from {least} to {most}.")
    return value


def _text(value: str, name: str) -> str:
    if not value.strip() or len(value) > LONGEST_TEXT or not value.isprintable():
        raise Unanswerable(f"{name} must be text of 1 to {LONGEST_TEXT} printable characters.")
    return value.strip()
