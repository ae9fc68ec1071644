"""Nothing is lost on the way to a reader: every field of a document is in every form, or its absence has a reason.

The same items are published twice, first with ordinary values, then with a sentinel in every field. A form shows a
field if what stands for the sentinel is in it, and was not in it before.
"""

# ruff: noqa: F811 - pytest hands fixtures over by their names

import html
import json
import re
from collections.abc import Callable

import pytest
from django.test import Client

from content_app.delivery.mcp import tools
from content_app.vocabulary.terms import COLLECTIONS, PUBLISHED
from tests import library, sentinels
from tests.sentinels import KINDS, word
from tests.shelf import shelf  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
PARTS = {
    "names": ("text", "type", "language", "note", "citations"),
    "statements": ("aspect", "clinical", "plain", "certainty", "frequency", "citations"),
    "relations": ("modality", "certainty", "frequency", "ambiguous", "attributed", "display_with", "note", "citations"),
    "codings": (
        "system", "code", "display", "match", "version", "uri", "billable", "verification", "verified_by",
        "checked_on", "note",
    ),
    "sources": (
        "type", "evidence_level", "title", "authors", "organisation", "container", "year", "url", "doi", "pmid",
        "isbn", "licence", "retracted", "note",
    ),
}  # fmt: skip
SHARED = ("summary.clinical", "summary.plain", "safety_notice", "caution", "not_covered")
VOCABULARIES = {
    "cause_status": "cause_statuses", "topic": "topics", "subtopic": "subtopics", "category": "categories",
    "observation": "observations", "form": "forms", "names.type": "name_types", "statements.aspect": "aspects",
    "statements.certainty": "certainties", "relations.certainty": "certainties", "relations.modality": "modalities",
    "statements.frequency": "frequencies", "relations.frequency": "frequencies", "codings.match": "matches",
    "codings.verification": "verifications", "sources.type": "source_types",
    "sources.evidence_level": "evidence_levels",
}  # fmt: skip
# What stands for a sentinel that is neither a text nor a code of a vocabulary.
SIGNS = {
    "names.language": ("qaa-qx",),
    "codings.system": ("icd-10-cm", "icd10cm"),
    "codings.code": ("r52",),
    "codings.billable": ('"billable": true', "yes"),
    "codings.checked_on": ("2026-03-14", "14 march 2026"),
    "sources.year": ("1987",),
    "sources.pmid": ("987612345",),
    "sources.isbn": ("9780987612345",),
    "sources.retracted": (
        'retracted": true',
        "retracted true",
        "has been retracted",
        "retracted.",
        "[retracted]",
        '": "retracted"',
    ),
    "not_covered": ("prevention",),
    "expected_response_implied": ('implied": true', "only implies", "implied true"),
    "relations.ambiguous": ('ambiguous": true', "not clearly meant", "ambiguous: yes"),
    "relations.attributed": ('attributed": true', "view of the sources", 'only": true', "attributed: yes"),
}


def fields_of(kind: str) -> list[str]:
    own = [*sentinels.OWN_CODES[kind], *sentinels.OWN_TEXTS.get(kind, ())]
    own += ["expected_response_implied"] if kind == "example" else []
    return [*own, *SHARED, *(f"{part}.{field}" for part, fields in PARTS.items() for field in fields)]


def signs_of(path: str) -> tuple[str, ...]:
    """What shows that a form has the sentinel of the field."""
    if path in SIGNS:
        return SIGNS[path]
    if path in VOCABULARIES:
        code = sentinels.CODES[path][0]
        return code, PUBLISHED[VOCABULARIES[path]][code].label.casefold()
    return (word(path),)


class Reader:
    """Reads the items in every form, as text."""

    def __init__(self, client: Client):
        self.client = client

    def get(self, address: str) -> str:
        response = self.client.get(address, headers={"accept": "*/*"})
        assert response.status_code == 200, (address, response.content[:500])
        return response.content.decode()

    def representation(self, kind: str, suffix: str) -> str:
        return self.get(f"/api/v1/{COLLECTIONS[kind]}/{sentinels.slug(kind)}.{suffix}")

    def page(self, kind: str) -> str:
        """Without the JSON-LD in it, which is a form of its own."""
        return re.sub(r"<script.*?</script>", "", self.representation(kind, "html"), flags=re.DOTALL)

    def composition(self, kind: str) -> str:
        return self.get(f"/fhir/Composition/{sentinels.identifier(kind)}?_format=json")

    def infobutton(self, kind: str, recipient: str) -> str:
        query = f"mainSearchCriteria.v.dn={library.public({'uuid': sentinels.identifier(kind)}).name}"
        query += f"&informationRecipient={recipient}&knowledgeResponseType=application/json"
        feed = json.loads(self.get(f"/infobutton?{query}"))["feed"]
        return json.dumps([[entry["title"], entry["summary"]] for entry in feed["entry"]])

    def mcp(self, kind: str, audience: str) -> str:
        return json.dumps(tools.read_item(sentinels.identifier(kind), audience), ensure_ascii=False)


FORMS: dict[str, Callable[[Reader, str], str]] = {
    "JSON": lambda reader, kind: json.dumps(json.loads(reader.representation(kind, "json"))),
    "Markdown": lambda reader, kind: reader.representation(kind, "md"),
    "page": Reader.page,
    "JSON-LD": lambda reader, kind: json.dumps(json.loads(reader.representation(kind, "jsonld"))),
    "Turtle": lambda reader, kind: reader.representation(kind, "ttl"),
    "Composition": Reader.composition,
    "Infobutton for clinicians": lambda reader, kind: reader.infobutton(kind, "PROV"),
    "Infobutton for patients": lambda reader, kind: reader.infobutton(kind, "PAT"),
    "MCP for clinicians": lambda reader, kind: reader.mcp(kind, "clinical"),
    "MCP in plain words": lambda reader, kind: reader.mcp(kind, "plain"),
}


def plain(text: str) -> str:
    """A form as what is compared: without escapes and case."""
    return re.sub(r"\\(.)", r"\1", html.unescape(html.unescape(text))).casefold()


@pytest.fixture(scope="module")
def kept():
    """What was read for the first test is read for all."""
    return {}


@pytest.fixture
def told(kept, shelf, client):
    """(form, kind) → the form of the ordinary item, and that of the item in full."""
    if not kept:
        reader = Reader(client)
        for documents in (sentinels.ordinary(), sentinels.complete()):
            shelf.publish(*documents)
            for form, read in FORMS.items():
                for kind in KINDS:
                    kept.setdefault((form, kind), []).append(plain(read(reader, kind)))
    return kept


@pytest.mark.xfail(strict=False, reason="Forms lose fields until each of them reads one table of fields.")
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_an_item_is_in_every_form(told, kind, form):
    before, after = told[form, kind]
    lost = [p for p in fields_of(kind) if not any(sign in after and sign not in before for sign in signs_of(p))]
    assert not lost, f"{form} of a {kind} has lost {', '.join(lost)}"
