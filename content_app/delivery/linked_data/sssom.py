"""All codings of a release as SSSOM/TSV 1.1 (https://mapping-commons.github.io/sssom/): header in YAML, then a table.

In: documents as released, and where the server is. Out: lines, piece by piece. Subjects are items, objects are codes;
`skos:broadMatch` says that the code is the broader one. That a system was searched and has no code for an item is a
line too: `sssom:NoTermFound`.
"""

import json
from collections.abc import Iterable, Iterator

from content_app.delivery.linked_data.words import (
    CODE_PREFIXES,
    LIBRARY,
    OWN_WORDS,
    SKOS_MATCHES,
    Document,
    code_curie,
    word,
)
from content_app.vocabulary.addresses import API
from content_app.vocabulary.licence import DISCLAIMER, LICENCE
from content_app.vocabulary.terms import VERIFICATIONS

VERSION = "1.1"
COLUMNS = (
    "subject_id", "subject_label", "subject_category", "predicate_id", "object_id", "object_label",
    "mapping_justification", "object_source", "object_source_version", "mapping_cardinality", "mapping_date", "comment",
)  # fmt: skip
# A person searched the system and judged the match; what it was read from stands in the comment.
JUSTIFICATION = "semapv:ManualMappingCuration"
NOT_FOUND = "sssom:NoTermFound"


def lines(documents: Iterable[Document], base: str, release: int, published_at: str) -> Iterator[str]:
    """The file, a line or several at a time."""
    yield header(base, release, published_at)
    yield "\t".join(COLUMNS) + "\n"
    for document in documents:
        for coding in document.get("codings", []):
            if coding["match"] == "not_checked":
                continue  # nobody has looked, so there is nothing to publish
            yield "\t".join(cell(value) for value in row(document, coding)) + "\n"


def header(base: str, release: int, published_at: str) -> str:
    """The metadata block. Strings are written as in JSON, which is YAML without its surprises."""
    address = f"{base}{API}/mappings.sssom.tsv?release={release}"
    told = {
        "sssom_version": VERSION,
        "mapping_set_id": address,
        "mapping_set_version": str(release),
        "mapping_set_title": "AMPS API: codes of conditions, concepts and symptom types",
        "mapping_set_description": DISCLAIMER,
        "license": LICENCE["url"],
        "subject_source": f"item:{LIBRARY}",
        "publication_date": published_at[:10],
        "mapping_provider": f"{base}/",
        "comment": f"Attribution: {LICENCE['attribution']}. Codes and titles belong to their code systems and are "
        f"used under their licences: {base}{API}/vocabulary/",
    }
    known = {"amps": OWN_WORDS, "item": "urn:uuid:", **dict(CODE_PREFIXES.values())}
    text = ["curie_map:", *(f"  {_quoted(prefix)}: {_quoted(known[prefix])}" for prefix in sorted(known))]
    text += [f"{name}: {_quoted(value)}" for name, value in told.items()]
    return "".join(f"#{line}\n" for line in text)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def row(document: Document, coding: Document) -> tuple[str, ...]:
    """One coding, in the order of `COLUMNS`."""
    is_found = coding["match"] != "none"
    return (
        f"item:{document['id']}",
        document["name"],
        word("kinds", document["kind"]),
        # Of a code that was not found this says: no exact match was found.
        SKOS_MATCHES[coding["match"] if is_found else "exact"],
        code_curie(coding) if is_found else NOT_FOUND,
        coding["display"] or "",
        JUSTIFICATION,
        word("code_systems", coding["system"]),
        coding["version"],
        "" if is_found else "1:0",
        coding["checked_on"],
        _comment(coding),
    )


def _comment(coding: Document) -> str:
    """How it was checked, what it was read from, what a coder has to know."""
    read = "; ".join(coding["verified_by"])
    checked = VERIFICATIONS[coding["verification"]].label + (f" ({read})" if read else "") + "."
    return " ".join(filter(None, (coding["note"], checked)))


def cell(value: str) -> str:
    """A value as a cell: quoted where it has to be, and no line break or tab is left in the plain form."""
    if any(character in value for character in '"\t\n\r'):
        return '"' + value.replace('"', '""') + '"'
    return value
