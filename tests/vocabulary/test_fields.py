"""Nothing is lost on the way to a reader: every field of a document is in every form, or its absence has a reason.

The same items are published twice, first with ordinary values, then with a sentinel in every field. A form shows a
field if what stands for the sentinel is in it, and was not in it before.
"""

import html
import json
import re
from collections.abc import Callable, Iterator

import pytest
from django.contrib.admin import site
from django.contrib.admin.utils import flatten_fieldsets
from django.test import Client

from content_app.admin.history import comparison as desk_comparison
from content_app.delivery.mcp import tools
from content_app.models import KIND_MODELS, Source
from content_app.vocabulary.fields import (
    ANSWER,
    CODE,
    FLAG,
    OWN,
    PARTS,
    SHARED,
    Field,
    names,
    written,
)
from content_app.vocabulary.left_out import LEFT_OUT, is_left_out
from content_app.vocabulary.terms import COLLECTIONS
from tests import library, sentinels
from tests.sentinels import KINDS, word

pytestmark = pytest.mark.django_db
# What stands for a sentinel that is neither a text nor a code of a vocabulary.
SIGNS = {
    "codings.system": ("mesh",),
    "codings.billable": ('billable": true', "billable true", "billable: yes"),
    "codings.checked_on": ("2026-03-14", "14 mar 2026", "14 march 2026"),
    "sources.type": ("guideline", '"report"'),
    "sources.retracted": (
        'retracted": true',
        "retracted true",
        "has been retracted",
        "retracted.",
        "[retracted]",
        ': "retracted"',
    ),
    "relations.attributed": (
        'attributed": true',
        "view of the cited sources",
        'its_sources_only": true',
        '"field": "attributed"',
        "attributed: yes",
        "amps:attributed true",
    ),
    "relations.display_with": (
        word("relations.display_with"),
        "shown with: beside (concept)",
        f"amps:display_with <urn:uuid:{library.uuid_of('concept', 'beside')}>",
    ),
    "relations.predicate": ("is_kind_of", "is a kind of", "illustrates"),
    "relations.object": (
        "broader concept",
        "broader condition",
        "broader symptom",
        *(f"amps:object <urn:uuid:{library.uuid_of(kind, slug)}>" for kind, slug in sentinels.END_OF.items()),
    ),
    "codings.match": ("narrow match", "narrower than", '"match": "narrow"', "narrowmatch"),
}
# Words that are there before, too: an aspect without a statement is named as not covered, “population” is a field.
ALWAYS = ("relations.predicate", "relations.object", "statements.aspect", "topic")
CITING = ("summary", "names", "statements", "relations")


def paths_of(kind: str) -> Iterator[tuple[str, str, Field | None]]:
    """Every field of an item of a kind: its part, its path, and its row in the table; citations have none."""
    for field in (*OWN[kind], *SHARED):
        yield "", field.name, field
    for part, given in PARTS.items():
        for field in given:
            yield part, f"{part}.{field.name}", field
    for part in CITING:
        yield part, f"{part}.citations", None


def signs_of(path: str, field: Field | None) -> tuple[str, ...]:
    """What shows that a form has the sentinel of the field."""
    if path in SIGNS:
        return SIGNS[path]
    if path in sentinels.VALUES:
        return (str(sentinels.VALUES[path][0]).casefold(),)
    if field is None:
        return (word(path),)
    if field.form == CODE:
        code, _ = sentinels.code_of(path, field)
        return code, field.terms[code].label.casefold()
    if field.form in (FLAG, ANSWER):
        told = f"{field.name} true", f"{field.name.replace('_', ' ')}: yes", field.said.casefold()
        return f'{field.name}": true', f'"field": "{field.name}"', *told
    return (word(path)[-30:],)


def is_for(form: str, field: Field | None) -> bool:
    """Whether a form that is for one audience is to have the field."""
    return field is None or not field.audience or form not in AUDIENCES or AUDIENCES[form] == field.audience


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
        """What it answers to the code of the item."""
        document = json.loads(self.representation(kind, "json"))
        query = f"mainSearchCriteria.v.cs={document['codings'][0]['system_uri']}&mainSearchCriteria.v.c="
        query += f"{document['codings'][0]['code']}&informationRecipient={recipient}"
        feed = json.loads(self.get(f"/infobutton?{query}&knowledgeResponseType=application/json"))["feed"]
        return json.dumps([entry for entry in feed["entry"] if document["name"] in json.dumps(entry)])

    def mcp(self, kind: str, audience: str) -> str:
        return json.dumps(tools.read_item(sentinels.identifier(kind), audience, everything=True), ensure_ascii=False)

    def comparison(self, kind: str) -> str:
        """What release 2 has that release 1 had not."""
        items = json.loads(self.get(f"/api/v1/releases/1/compare/2/?item={sentinels.identifier(kind)}"))["results"]
        return json.dumps([[one["after"], one["fields"]] for one in items[0]["changes"]])

    def found_by(self, kind: str) -> set[str]:
        """Which of its fields the item is found by."""
        found = set()
        for _, path, field in paths_of(kind):
            if field and field.is_searched:
                results = json.loads(self.get(f"/api/v1/search/?q={signs_of(path, field)[0]}"))["results"]
                found |= {path} if sentinels.identifier(kind) in json.dumps(results) else set()
        return found

    def desk(self, kind: str) -> str:
        """What an editor sees of the same difference."""
        older, newer = (
            one.document for one in reversed(library.item_of({"uuid": sentinels.identifier(kind)}).revisions.all())
        )
        return "\n".join(f"{found.label}: {found.after}" for found in desk_comparison.compare(older, newer))


FORMS: dict[str, Callable[[Reader, str], str]] = {
    "json": lambda reader, kind: json.dumps(json.loads(reader.representation(kind, "json"))),
    "md": lambda reader, kind: reader.representation(kind, "md"),
    "html": Reader.page,
    "jsonld": lambda reader, kind: json.dumps(json.loads(reader.representation(kind, "jsonld"))),
    "ttl": lambda reader, kind: reader.representation(kind, "ttl"),
    "composition": Reader.composition,
    "infobutton for clinicians": lambda reader, kind: reader.infobutton(kind, "PROV"),
    "infobutton for patients": lambda reader, kind: reader.infobutton(kind, "PAT"),
    "mcp for clinicians": lambda reader, kind: reader.mcp(kind, "clinical"),
    "mcp in plain words": lambda reader, kind: reader.mcp(kind, "plain"),
}
# What shows how one version differs from another.
COMPARISONS: dict[str, Callable[[Reader, str], str]] = {"comparison": Reader.comparison, "desk": Reader.desk}
AUDIENCES = {
    "infobutton for clinicians": "clinical", "infobutton for patients": "plain",
    "mcp for clinicians": "clinical", "mcp in plain words": "plain",
}  # fmt: skip


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
        for form, read in COMPARISONS.items():
            for kind in KINDS:
                kept[form, kind] = ["", plain(read(reader, kind))]
        for kind in KINDS:
            kept["search", kind] = reader.found_by(kind)
    return kept


@pytest.mark.parametrize("form", [*FORMS, *COMPARISONS])
@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_an_item_is_in_every_form(told, kind, form):
    before, after = told[form, kind]
    lost, left_out = set(), set()
    for part, path, field in paths_of(kind):
        if field and field.is_derived and form in ("ttl", "desk"):
            continue  # it follows from the sources, which have the same word
        signs = signs_of(path, field)
        shown = any(sign in after and (path in ALWAYS or sign not in before) for sign in signs)
        shown |= path in ALWAYS and form in COMPARISONS
        if not shown and is_for(form, field):
            lost.add(path)
        name = path.rpartition(".")[2]
        if any(is_left_out(one, part, name, kind) for one in (form, form.partition(" ")[0])):
            left_out.add(path)
    assert lost <= left_out, f"The {form} of {kind} has lost {sorted(lost - left_out)}"
    assert left_out <= lost, f"The {form} of {kind} has {sorted(left_out - lost)}: take them out of LEFT_OUT"


@pytest.mark.parametrize("kind", KINDS)
def test_an_item_is_found_by_each_field_that_is_searched(told, kind):
    assert told["search", kind] == {path for _, path, field in paths_of(kind) if field and field.is_searched}


def test_what_must_be_shown_is_left_out_with_its_whole_part_only():
    must = {(part, field.name) for part, given in PARTS.items() for field in given if field.must_show}
    assert {(one.part, name) for one in LEFT_OUT for name in one.fields} & must == set()


def test_every_reason_for_leaving_out_is_a_sentence():
    assert all(one.reason.endswith(".") and " " in one.reason for one in LEFT_OUT)


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_an_item_is_on_its_page_of_the_desk(kind):
    page = site._registry[KIND_MODELS[kind]]
    own = {f"summary_{field.name}" for field in PARTS["summary"]} | set(names([*OWN[kind], *SHARED]))
    assert own <= set(flatten_fieldsets(page.get_fieldsets(None)))
    inlines = {inline.model.__name__.lower() + "s": flatten_fieldsets(inline.fieldsets) for inline in page.inlines}
    assert {part: set(names(written(PARTS[part]))) - set(shown) for part, shown in inlines.items()} == dict.fromkeys(
        inlines, set()
    )


def test_every_field_of_a_source_is_on_its_page_of_the_desk():
    assert set(names(PARTS["sources"])) <= set(flatten_fieldsets(site._registry[Source].fieldsets))
