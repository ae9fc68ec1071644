"""The four tools, as plain functions: what a model can ask, and what it is told when it asks wrongly.

In: arguments. Out: plain data. Raises `Unanswerable` with a sentence on what to do instead. Nothing is ever written.
"""

import datetime
from typing import Annotated, Any, Literal

from django.conf import settings
from django.utils import timezone
from pydantic import Field

from content_app.delivery.http.problems import Problem
from content_app.delivery.mcp import answers, finding
from content_app.delivery.query import parameters
from content_app.delivery.rest.entries import SYSTEM_NAMES
from content_app.delivery.search import naming
from content_app.delivery.search.finding import NOTICE
from content_app.delivery.store import reading, symmetric_query
from content_app.vocabulary.licence import DISCLAIMER

MOST = 50
LONGEST_TEXT = 500
Answer = dict[str, Any]

# The arguments, as models are told of them.
Query = Annotated[str, Field(description="Words, a name, an abbreviation or a code: `AMPS`, `hurts when touched`.")]
Item = Annotated[str, Field(description="An identifier, `conditions/{slug}`, or an exact name or abbreviation.")]
Audience = Annotated[Literal["clinical", "plain"], Field(description="For clinicians, or in plain words for anyone.")]
Code = Annotated[str, Field(description="The code, such as `M79.7`. Case does not matter.")]
System = Annotated[str | None, Field(description="Code system: `icd-10-cm`, `mesh` …, its FHIR address or its OID.")]
Limit = Annotated[int, Field(description=f"At most this many, 1 to {MOST}.")]
ReleaseNumber = Annotated[int | None, Field(description="Answer from this release; the current one if left out.")]
Since = Annotated[int, Field(description="List what changed after this release; 0 for everything.")]
Until = Annotated[int | None, Field(description="Up to this release; the current one if left out.")]


class Unanswerable(Exception):
    """The sentence says what to do instead."""


def search(query: Query, limit: Limit = 10, release: ReleaseNumber = None) -> Answer:
    """Find items by words: exact names and codes first, then names, then texts. Misspelt words are corrected."""
    moment = _moment(release)
    where = _setting(moment)
    try:
        found, taken_as = naming.found_by(_text(query, "query"), moment.release, _within(limit, "limit", 1, MOST))
    except Problem as problem:
        raise Unanswerable(f"query: {problem.detail}")
    detail = NOTICE if found else "No item has these words. That says nothing about the world."
    results = [answers.short_form(document, where) for document in found]
    return answers.envelope(where, query=query, interpreted_as=taken_as, detail=detail, results=results)


def read_item(item: Item, audience: Audience = "clinical", release: ReleaseNumber = None) -> Answer:
    """Read one item whole: by identifier, by address (`conditions/…`), or by its exact name or abbreviation."""
    moment = _moment(release)
    where = _setting(moment)
    document, near = finding.item(moment, _text(item, "item"))
    if document is None:
        hint = f" Near to it: {', '.join(near)}." if near else " Call search first."
        raise Unanswerable(f"Release {moment.release} has no item “{item[:100]}”.{hint}")
    if document.get("withdrawn"):
        return answers.envelope(where, withdrawn=_grave(document))
    [document] = symmetric_query.told([document], moment)
    return answers.envelope(where, item=answers.full_form(document, audience, where))


def look_up_code(code: Code, system: System = None, release: ReleaseNumber = None) -> Answer:
    """Find which items answer to a code, and how well it fits. Without a system: in all that are known here."""
    if system is not None and system not in SYSTEM_NAMES:
        known = ", ".join(finding.all_systems())
        raise Unanswerable(f"“{system[:100]}” is no code system here; known are {known}, also by FHIR address or OID.")
    moment = _moment(release)
    where = _setting(moment)
    systems = [SYSTEM_NAMES[system].key] if system else finding.all_systems()
    found = finding.with_code(moment, systems, _text(code, "code"))
    results = [answers.coded_form(document, coding, where) for document, coding in found]
    detail = None if results else "No item here has this code. That says nothing about whether the code exists."
    return answers.envelope(where, code=code, system=system, detail=detail, results=results)


def list_changes(since_release: Since, until_release: Until = None, limit: Limit = 20) -> Answer:
    """List what changed after one release, up to another (or the current one): newest first."""
    moment = _moment(until_release)
    where = _setting(moment)
    since = _within(since_release, "since_release", 0, moment.release)
    found, is_cut = finding.changed(moment, since, _within(limit, "limit", 1, MOST))
    changes = [_change(*each, where=where) for each in found]
    return answers.envelope(where, since_release=since, changes=changes, there_are_more=is_cut)


def _change(document: Answer, significance: str, note: str, *, where: answers.Setting) -> Answer:
    is_withdrawn = bool(document.get("withdrawn"))
    shown = {"withdrawn": _grave(document)} if is_withdrawn else {"item": answers.short_form(document, where)}
    return {
        "in_release": document["meta"]["release"],
        "change": "withdrawn" if is_withdrawn else "new" if document["meta"]["version"] == 1 else "changed",
        "significance": significance,
        "note": note or None,
        **shown,
    }


def _grave(document: Answer) -> Answer:
    names = ("id", "kind", "slug", "name", "reason", "note", "replaced_by", "meta")
    said = "It has been withdrawn: do not use what it said."
    return {name: document[name] for name in names} | {"notices": [said, DISCLAIMER]}


def _moment(release: int | None) -> reading.Moment:
    if release is not None:
        _within(release, "release", 1, parameters.LARGEST_RELEASE)
    moment = reading.current_moment() if release is None else reading.moment_of_release(release)
    if moment is None:
        raise Unanswerable("Nothing has been published yet." if release is None else f"There is no release {release}.")
    return moment


def _setting(moment: reading.Moment) -> answers.Setting:
    published_at = moment.published_at.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")
    return answers.Setting(moment.release, published_at, settings.PUBLIC_URL, timezone.now().date())


def _within(value: int, name: str, least: int, most: int) -> int:
    if not least <= value <= most:
        raise Unanswerable(f"{name} must be from {least} to {most}.")
    return value


def _text(value: str, name: str) -> str:
    if not value.strip() or len(value) > LONGEST_TEXT or not value.isprintable():
        raise Unanswerable(f"{name} must be a text of 1 to {LONGEST_TEXT} printable characters.")
    return value.strip()
