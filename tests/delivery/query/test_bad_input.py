"""Whatever is typed or pasted into any text field of the desk is kept and shown literally, or refused at its field.

The fields are found on the real forms, so that a new one is covered without a word here. By default every form gets
every text, and every field one or two; `make test-thorough` puts every text into every field.
"""

import re
from collections.abc import Iterator

import pytest
from django import forms
from django.contrib.auth.models import User

from content_app.admin.shared.texts import PASTED_BREAKS
from content_app.canonical import tidy
from content_app.editorial.exchange import archives, exporting, files, importing
from content_app.manuscripts import rows
from content_app.models import Item, Source
from tests import library
from tests.admin.test_spreadsheets import read
from tests.admin_forms import fields_of
from tests.library import coding, concept, condition, example, item_of, relation, source, statement, symptom_type

KEPT = {
    "pasted from Word": "“Pain” – it’s\u00a0sharp\u00ad\u200bness,\u2060 and\ufeff lasts…",
    "a script": "<script>alert(1)</script><img src=x onerror=alert(2)>\"'></textarea></title>",
    "a script as an address": "javascript:alert(1)",
    "a page as an address": "data:text/html;base64,PHNjcmlwdD4=",
    "templates": "{{ 7|add:7 }} {% debug %} ${7*7} <%= 7 %> {# x #}",
    "right to left": "مرحبا עולם\u200f!",
    "emoji": "🩺 👩‍⚕️ é",
    "decomposed": "Schme\u0301rz, \u212b",
    "a look-alike": "p\u0430in",
    "a formula": "=HYPERLINK(1)",
    "a statement to a database": "' OR 1=1 --",
    "100 kB": "word " * 20_000,
}
DANGEROUS = ("a script", "a script as an address", "templates", "a formula")
WITH_BREAKS = {"a break of Word": "one\vtwo", "line ends": "one\r\ntwo\u2028three"}
REFUSED = {
    "an override of direction": "safe\u202eevil",
    "an isolate": "safe\u2066evil\u2069",
    "a null byte": "a\0b",
    "a bell": "a\x07b",
    "a lost character": "a\ufffdb",
    "no character": "a\uffffb",
    "a character of one font": "\uf0b7 a",
}  # fmt: skip
TURNS = (1, 2)  # with fewer fields than texts, a form gets the last of them in its second turn
KINDS = {"condition": condition, "concept": concept, "symptomtype": symptom_type, "example": example}
SINGLE = {"condition": "has_feature", "concept": "part_of", "symptomtype": "not_the_same_as", "example": "illustrates"}


@pytest.fixture
def author(people, client):
    User.objects.update(is_staff=True)
    client.force_login(people.author)
    return people.author


def full(kind: str) -> dict:
    """A document with one part of each sort."""
    return KINDS[kind](
        names=[{"text": "Another name", "type": "synonym", "citations": library.CITED}],
        statements=[statement()],
        relations=[relation(SINGLE[kind], concept("the-other"))],
        codings=[coding("mesh", "D999998", verification="corroborated", verified_by=["A release"])],
    )


def opened(kind: str, author) -> str:
    """The page of something of this kind that has every part."""
    if kind == "source":
        library.bring_in([source("the-source")], author)
        return f"/admin/content_app/source/{Source.objects.get(slug='the-source').pk}/change/"
    library.bring_in([concept("the-other"), full(kind)], author)
    return f"/admin/content_app/{kind}/{item_of(full(kind)).pk}/change/"


def text_fields(response) -> Iterator[str]:
    """The names of all fields on a page into which text can be typed."""
    formsets = [inline.formset for inline in response.context["inline_admin_formsets"]]
    for form in [response.context["adminform"].form, *(form for formset in formsets for form in formset.forms)]:
        for name, field in form.fields.items():
            is_text = isinstance(field.widget, forms.TextInput | forms.Textarea | forms.URLInput)
            if is_text and not field.disabled and not isinstance(field.widget, forms.HiddenInput):
                yield form.add_prefix(name)


def faults(response) -> dict[str, str]:
    """What is said at each field of a refused form."""
    formsets = [inline.formset for inline in response.context["inline_admin_formsets"]]
    every = [response.context["adminform"].form, *(form for formset in formsets for form in formset.forms)]
    return {form.add_prefix(name): " ".join(map(str, errors)) for form in every for name, errors in form.errors.items()}


def sent_by(page, address: str) -> dict[str, list[str]]:
    """What the page's form holds, but for the token that each page has of its own."""
    fields = fields_of(page, form_of(address))
    return {name: values for name, values in fields.items() if name != "csrfmiddlewaretoken"}


def form_of(address: str) -> str:
    return f"{address.split('/')[3]}_form"


def of(choice: str | int, names: list[str], texts: dict[str, str]) -> dict[str, str]:
    """What to type into each field: this text into all of them, or in a turn, the texts in their order."""
    if isinstance(choice, str):
        return dict.fromkeys(names, texts[choice])
    every = list(texts.values())
    first = (choice - 1) * len(names)
    return {name: every[(first + place) % len(every)] for place, name in enumerate(names)}


def choices(texts: dict[str, str]) -> list:
    return [*TURNS, *(pytest.param(text, marks=pytest.mark.thorough) for text in texts)]


@pytest.mark.parametrize("choice", choices(REFUSED))
@pytest.mark.parametrize("kind", [*KINDS, "source"])
def test_what_cannot_be_shown_is_refused_at_every_field_with_a_sentence(kind, choice, client, author):
    address = opened(kind, author)
    page = client.get(f"{address}?open=all")
    names = set(text_fields(page))
    assert len(names) > (8 if kind == "source" else 18)
    typed = {name: [text] for name, text in of(choice, sorted(names), REFUSED).items()}
    response = client.post(address, sent_by(page, address) | typed)
    said = faults(response)
    assert names <= set(said)
    assert all(sentence.strip() for sentence in said.values())
    assert "\u202e" not in "".join(said.values())
    assert sent_by(client.get(f"{address}?open=all"), address) == sent_by(page, address)


@pytest.mark.parametrize("choice", choices(KEPT | WITH_BREAKS))
@pytest.mark.parametrize("kind", [*KINDS, "source"])
def test_what_can_be_shown_is_kept_to_the_letter_in_every_field_that_takes_it(kind, choice, client, author):
    address = opened(kind, author)
    page = client.get(f"{address}?open=all")
    before = sent_by(page, address)
    filled = {name: [text] for name, text in of(choice, list(text_fields(page)), KEPT | WITH_BREAKS).items()}
    response = client.post(address, before | filled)
    said = faults(response) if response.status_code == 200 else {}
    assert set(said) <= set(filled), said
    kept = {name: values for name, values in filled.items() if name not in said}
    response = client.post(address, before | kept)
    assert response.status_code == 302, faults(response)
    again = sent_by(client.get(f"{address}?open=all"), address)
    prose = [name for name in kept if name.endswith(("summary_plain", "note", "clinical", "trigger"))]
    assert prose, "no prose was kept"
    expected = {name: tidy(text.translate(PASTED_BREAKS)) for name, [text] in kept.items()}
    assert {name: again[name][0].replace("\r\n", "\n") for name in kept} == expected
    if choice in (1, *DANGEROUS):
        shown_safely(client, address, kind)
    comes_back_unchanged(kind)


def shown_safely(client, address: str, kind: str) -> None:
    """On no page of it does a script run, a template count, or an address lead where it must not."""
    listed = address.rpartition("/change/")[0].rpartition("/")[0]
    pages = [address, f"{listed}/", f"{listed}/?q=word"]
    if kind != "source":
        base = address.removesuffix("change/")
        pages += [
            f"{base}history/",
            f"{base}history/compare/?before=1&after=2",
            f"{base}delete/",
            f"{base}verb/submit/",
        ]
        pages += ["/admin/", "/admin/content_app/event/", "/admin/content_app/revision/"]
    else:
        pages += ["/admin/content_app/sourcerevision/"]
    for page in pages:
        response = client.get(page)
        assert response.status_code == 200, page
        safe(response.content.decode(), page)
    data = b"".join(client.get(f"{listed}/export.csv").streaming_content)
    assert not any(cell.startswith("=") for row in read(data) for cell in row)


def safe(html: str, where: str) -> None:
    assert "<script>alert" not in html, where
    assert "<img src=x" not in html, where
    assert not re.search(r"(?:href|src|action)=[\"']?\s*(?:javascript|data):", html, re.IGNORECASE), where
    assert "{{ 14 }}" not in html, where


def comes_back_unchanged(kind: str) -> None:
    """What was kept goes out as a file and comes in again without a difference."""
    keys = list((Source if kind == "source" else Item).objects.values_list("pk", flat=True))
    documents = exporting.sources(keys) if kind == "source" else exporting.items_with_sources(keys)
    plan = importing.plan_of(archives.read("x.zip", b"".join(archives.stream(documents))))
    assert {change.action for change in plan.changes} == {"unchanged"}


@pytest.mark.parametrize("text", REFUSED)
def test_files_and_the_verbs_of_the_workflow_refuse_the_same(text, client, author, people):
    document = concept(summary={"clinical": REFUSED[text], "plain": "x"})
    with pytest.raises((importing.NotImportable, files.Unreadable)):
        importing.plan_of([("x.yaml", files.parse(files.to_yaml(document), is_json=False))])
    item = library.bring_in([concept()], author)[0]
    response = client.post(f"/admin/content_app/concept/{item.pk}/verb/submit/", {"change_note": REFUSED[text]})
    assert response.context["offer"].form.errors["change_note"]
    item.refresh_from_db()
    assert item.status == "draft"


PUBLIC = (
    "/api/v1/conditions/a-condition/", "/api/v1/conditions/", "/api/v1/search/?q=word", "/api/v1/changes/",
    "/api/v1/codings/", "/api/v1/relations/", "/api/v1/sources/", "/api/v1/releases/", "/feeds/changes.atom",
    "/feeds/releases.atom", "/", "/fhir/Composition", "/fhir/CodeSystem", "/fhir/ValueSet",
    "/infobutton?mainSearchCriteria.v.c=M79.7&mainSearchCriteria.v.cs=2.16.840.1.113883.6.90",
)  # fmt: skip


@pytest.mark.parametrize(
    "text", ["a script", "templates", "a script as an address", "right to left", "pasted from Word"]
)
def test_what_readers_get_holds_it_literally_and_harmlessly(text, client, people):
    User.objects.update(is_staff=True)
    word = KEPT[text]
    gap = concept("a-gap", topic="knowledge_gap", name=f"gap {word}"[:200])
    library.publish(
        [
            gap,
            condition(
                name=f"word {word}"[:200],
                summary={"clinical": word, "plain": word},
                names=[{"text": word, "type": "everyday_wording"}],
                statements=[statement(word)],
                relations=[relation("has_knowledge_gap", gap, note=word)],
                codings=[
                    coding("mesh", "D999998", display=word, verification="corroborated", verified_by=["A release"])
                ],
                safety_notice=word,
                caution=word,
            ),
        ],
        people,
    )
    kept = tidy(word)
    assert client.get(PUBLIC[0]).json()["summary"]["plain"] == kept
    for address in PUBLIC:
        response = client.get(address)
        content = b"".join(response) if response.streaming else response.content
        assert response.status_code == 200, (address, content[:300])
        if "json" in response["Content-Type"]:
            divs = re.findall(r'"div": ?"((?:[^"\\]|\\.)*)"', content.decode())
            for div in divs:
                safe(div.encode().decode("unicode_escape", "ignore"), address)
        else:
            safe(content.decode(), address)


def test_bytes_that_are_no_text_are_refused_where_they_were_sent(client, author):
    address = opened("concept", author)
    fields = fields_of(client.get(f"{address}?open=all"), "concept_form")
    before = rows.to_document(item_of(full("concept")))
    body = "&".join(f"{name}={value}" for name, values in fields.items() for value in values).replace(" ", "+")
    body = body.replace("summary_plain=", "summary_plain=%ED%A0%80")
    response = client.post(address, body, content_type="application/x-www-form-urlencoded")
    assert "a character was lost" in faults(response)["summary_plain"]
    assert rows.to_document(item_of(full("concept"))) == before
