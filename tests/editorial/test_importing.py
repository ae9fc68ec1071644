"""Importing: all or nothing, every problem at once, twice changes nothing, and the way out is the way back in."""

import io
import json

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection, models

from content_app.editorial import workflow
from content_app.editorial.exchange import importing
from content_app.editorial.exchange.importing import NotImportable
from content_app.manuscripts import rows
from content_app.models import Coding, Event, Item, Relation, Release, Revision, SignOff, Source, guards
from tests import library
from tests.content_files import problems, put
from tests.library import coding, concept, condition, item_of, relation, source, statement, uuid_of

pytestmark = pytest.mark.both_databases


def empty_the_library() -> None:
    """Delete every item and source, past the guards."""
    guards.remove(connection)
    for model in (Event, SignOff, Revision, Relation, Item, Source):
        models.QuerySet(model).delete()
    guards.install(connection)


def test_every_problem_of_every_file_is_reported_at_once(db, tmp_path):
    put(
        tmp_path,
        a__yaml=condition(name="", slug="Not A Slug", statements=[statement(assertion="sure")]),
        b__json='{"kind": "concept", ',
        c__yaml=concept(relations=[relation("has_feature", "concept/nowhere")], colour="red"),
        d__txt="not looked at",
        s__yaml=source(),
    )
    assert problems(tmp_path) == [
        "a.yaml#/name: This is empty. Add a value or leave the field out.",
        "a.yaml#/slug: “Not A Slug” is not in the right format. Use lower-case words joined by hyphens.",
        "a.yaml#/statements/0/assertion: “sure” is not a valid value here. Choose from: "
        "stated, hedged, example, unknown.",
        "b.json: The file is not valid JSON: Expecting property name enclosed in double quotes: "
        "line 1 column 21 (char 20).",
        "c.yaml: “colour” is not a field here. Choose from: kind, uuid, slug, name, topic, subtopic, summary, "
        "citations, names, statements, relations, codings, safety_notice, caution, "
        "review_cycle_months.",
    ]


C = "concept/c"


def test_problems_between_documents_are_reported_with_their_place(db, tmp_path):
    put(
        tmp_path,
        a__yaml=condition(relations=[relation("related_to", "condition/a-conditon"), relation("has_symptom", C)]),
        b__yaml=condition(uuid=uuid_of("b"), statements=[]),
        c__yaml=concept("c", citations=[{"source": "a-texts"}], relations=[relation("is_kind_of", "concept/d")]),
        d__yaml=concept("d", relations=[relation("is_kind_of", "concept/c"), relation("part_of", "concept/d")]),
        e__yaml=concept("e", uuid=uuid_of("b"), statements=[statement(), statement()]),
        f__yaml=condition("f", codings=[coding("snomed-ct", "1"), coding(match="none"), coding(), coding()]),
        s__yaml=source(),
    )  # fmt: skip
    assert problems(tmp_path) == [
        "b.yaml#/slug: a.yaml has the same slug. Each document needs its own.",
        "e.yaml#/uuid: b.yaml has the same uuid. Each document needs its own.",
        "a.yaml#/relations/0/object: There is no item “condition/a-conditon”; did you mean “condition/a-condition”?",
        "c.yaml#/citations/0/source: There is no source “a-texts”; did you mean “a-text”?",
        "a.yaml#/relations/1/object: “has symptom or sign” can only link to a symptom type, and this is a concept.",
        "d.yaml#/relations/1/object: An item cannot have a relationship with itself.",
        "c.yaml#/relations: “C” would be a kind of itself. "
        "Remove one of the “is a kind of” relationships in the circle.",
        "d.yaml#/relations: “D” would be a kind of itself. "
        "Remove one of the “is a kind of” relationships in the circle.",
        "e.yaml#/statements/1: This repeats an entry above. Delete one of them.",
        "f.yaml#/codings/2: This repeats an entry above. Delete one of them.",
        "f.yaml#/codings/3: This repeats an entry above. Delete one of them.",
        "f.yaml#/codings/0/system: SNOMED CT needs a licence. If you have one, add snomed-ct to LICENSED_CODE_SYSTEMS.",
        "f.yaml#/codings/1/code: Enter a code, or choose the match “No code exists” (none) and leave the code out.",
    ]


def test_one_work_stands_as_one_source_by_its_doi_and_its_pubmed_identifier(people, tmp_path):
    old = source("old", doi="10.1000/abc", pmid="12")
    library.bring_in([old], people.author)
    put(tmp_path, a__yaml=old, b__yaml=source("b", pmid="12"), c__yaml=source("c", pmid="7", doi="10.1000/ABC"))
    put(tmp_path, d__yaml=source("d", pmid="7"))
    with pytest.raises(NotImportable) as refused:
        importing.plan(tmp_path)
    assert [str(problem) for problem in refused.value.problems] == [
        "c.yaml#/doi: The source “old” has the same DOI. Cite that source instead.",
        "b.yaml#/pmid: The source “old” has the same PubMed ID. Cite that source instead.",
        "d.yaml#/pmid: The source “c” has the same PubMed ID. Cite that source instead.",
    ]


def test_an_identifier_may_move_to_another_source_in_one_import(people, tmp_path):
    library.bring_in([source("old", doi="10.1000/abc")], people.author)
    put(tmp_path, a__yaml=source("old"), b__yaml=source("new", doi="10.1000/abc"))
    assert [change.action for change in importing.plan(tmp_path).changes] == ["changed", "created"]


def test_a_folder_without_documents_is_no_silent_success(db, tmp_path):
    assert problems(tmp_path)[0].endswith("There are no YAML or JSON files here.")


def test_the_suffix_of_a_file_may_be_in_capitals(people, tmp_path):
    put(tmp_path, S__YAML=source())
    assert [change.reference for change in importing.plan(tmp_path).changes] == ["source/a-text"]


def test_unusual_text_comes_in_as_it_is(people):
    name = "ألم 🤕 Schmerz “x” — Ärger & <b>"
    document = condition(name=name, summary={"clinical": f"{name}\nsecond line: yes\t#no", "plain": "null"})
    library.bring_in([document], people.author)
    stored = rows.to_document(item_of(document))
    assert (stored["name"], stored["summary"]) == (document["name"], document["summary"])


def test_text_is_stored_in_one_form_whatever_it_came_in(people, tmp_path):
    decomposed = "e\u0301".join(["caf", " "])
    given = condition(name=f"  {decomposed}  ", summary={"clinical": "one\r\ntwo\u2028three", "plain": "x"})
    put(tmp_path, s__yaml=source(), x__json=json.dumps(given))
    importing.apply(importing.plan(tmp_path), by=people.author)
    stored = rows.to_document(item_of(given))
    assert (stored["name"], stored["summary"]["clinical"]) == ("café", "one\ntwo\nthree")


def test_a_dry_run_says_item_by_item_what_would_change_and_changes_nothing(people, tmp_path, capsys):
    library.bring_in([condition("one"), condition("other")], people.author)
    put(tmp_path, a__yaml=condition("one", name="New"), b__yaml=condition("other"), c__yaml=concept("new"))
    call_command("import_content", tmp_path, "--dry-run", by="the-author")
    assert capsys.readouterr().out.splitlines() == [
        "changed  condition/one (name)",
        "created  concept/new",
        "1 created, 1 changed, 1 unchanged.",
        "Dry run: nothing was changed.",
    ]
    assert (Item.objects.count(), Revision.objects.count()) == (2, 2)


def test_importing_twice_changes_nothing_and_says_so(people, tmp_path, capsys):
    target = concept("the-target")
    document = condition(
        relations=[relation("has_feature", target, modality="asserted", ambiguous=False)],
        names=[{"text": "x", "type": "synonym", "language": "en", "citations": []}],
        review_cycle_months=12,
    )
    put(tmp_path, a__yaml=document, b__yaml=target, s__yaml=source(retracted=False, authors=[]))
    call_command("import_content", tmp_path, by="the-author")
    call_command("import_content", tmp_path, by="the-author")
    assert capsys.readouterr().out.endswith(
        "0 created, 0 changed, 3 unchanged.\nThere is nothing to import: the library already has all of this content.\n"
    )
    assert Revision.objects.count() == 2


def test_nothing_is_stored_when_one_document_of_many_cannot_be(people, tmp_path):
    put(tmp_path, a__yaml=condition("fine"), b__yaml=condition("broken", cause_status="?"), s__yaml=source())
    problems(tmp_path)


def test_a_plan_that_somebody_has_overtaken_is_refused(people):
    document = condition()
    library.bring_in([document], people.author)
    plan = library.planned(document | {"name": "From the file"})
    library.edit(item_of(document), people.second_author, name="Typed meanwhile")
    with pytest.raises(NotImportable, match="changed this since the import was checked"):
        importing.apply(plan, by=people.author)
    assert item_of(document).name == "Typed meanwhile"


def test_a_plan_whose_neighbours_have_changed_is_checked_again(people):
    target = concept("the-target")
    library.bring_in([target], people.author)
    plan = library.planned(condition(relations=[relation("has_feature", target)]))
    library.bring_in([target | {"slug": "moved"}], people.author)
    with pytest.raises(NotImportable, match="There is no item “concept/the-target”"):
        importing.apply(plan, by=people.author)


def test_only_an_author_imports(people):
    with pytest.raises(workflow.TransitionNotAllowed, match="Only an author can edit"):
        importing.apply(library.planned(source(), condition()), by=people.reviewer)
    assert not Item.objects.exists()


@pytest.mark.parametrize(
    ("by", "sentence"), [("nobody-known", "There is no user"), ("the-reviewer", "Only an author can edit an item")]
)
def test_the_command_says_who_could_import(by, sentence, people, tmp_path):
    put(tmp_path, a__yaml=condition(), s__yaml=source())
    with pytest.raises(CommandError, match=sentence):
        call_command("import_content", tmp_path, by=by, stdout=io.StringIO())
    assert not Item.objects.exists()


def test_the_command_lists_every_problem_and_how_many(people, tmp_path, capsys):
    put(tmp_path, a__yaml="- x", b__yaml="- y")
    with pytest.raises(CommandError, match="Problems found: 2"):
        call_command("import_content", tmp_path)
    assert capsys.readouterr().err.splitlines() == [
        "a.yaml: The document must be a mapping of keys to values.",
        "b.yaml: The document must be a mapping of keys to values.",
    ]


def test_relations_of_items_that_are_not_given_count_too(people):
    one, other = condition("one"), condition("other", relations=[relation("related_to", "condition/one")])
    parent, child = concept("parent"), concept("child", relations=[relation("is_kind_of", "concept/parent")])
    library.bring_in([one, other, parent, child], people.author)
    with pytest.raises(NotImportable) as refused:
        library.planned(
            one | {"relations": [relation("related_to", other)]},
            parent | {"relations": [relation("is_kind_of", child)]},
        )
    assert [problem.sentence for problem in refused.value.problems] == [
        "The other item already has “related to”, which applies in both directions. Delete one of the two.",
        "“Parent” would be a kind of itself. Remove one of the “is a kind of” relationships in the circle.",
    ]


def test_an_address_that_once_belonged_to_another_item_is_refused(people):
    document = concept("first")
    library.publish([document], people)
    library.bring_in([document | {"slug": "second"}], people.author)
    for slug in ("first", "second"):
        with pytest.raises(NotImportable, match="This slug already belongs to another item"):
            library.planned(concept(slug, uuid=uuid_of("another")))


def test_an_item_may_be_named_by_its_old_slug(people):
    target = concept("first")
    library.publish([target], people)
    library.bring_in([target | {"slug": "second"}], people.author)
    document = condition(relations=[relation("has_feature", "concept/first")])
    library.bring_in([document], people.author)
    assert rows.to_document(item_of(document))["relations"][0]["object"] == "concept/second"
    assert library.planned(document).count("unchanged") == 1


def test_an_item_that_is_given_twice_under_two_slugs_is_one_end_not_two(people):
    target = concept("first")
    library.publish([target], people)
    library.bring_in([target | {"slug": "second"}], people.author)
    with pytest.raises(NotImportable, match=r"#/relations/1: This repeats an entry above"):
        library.planned(condition(relations=[relation("has_feature", f"concept/{s}") for s in ("first", "second")]))


def test_a_source_keeps_its_slug(people):
    library.bring_in([condition()], people.author)
    with pytest.raises(NotImportable, match="It must stay “a-text”"):
        library.planned(source(slug="renamed", uuid=source()["uuid"]))


def test_a_uuid_does_not_change_its_kind(people):
    library.bring_in([condition()], people.author)
    with pytest.raises(NotImportable, match="already belongs to a condition"):
        library.planned(concept(uuid=condition()["uuid"]))


def test_a_statement_does_not_move_to_another_item(people):
    library.bring_in([condition("one", statements=[statement()])], people.author)
    with pytest.raises(NotImportable, match=r"#/statements/0/uuid: This uuid belongs to a statement of another item"):
        library.planned(condition("other", statements=[statement()]))


def pack(**changes) -> dict:
    licensed = (
        coding("snomed-ct", "203082005", match="exact", verification="corroborated", verified_by=["A release"])
        | changes
    )
    licensed.pop("display")
    return {
        "kind": "coding_pack",
        "slug": "snomed-ct",
        "licence": "A licence.",
        "codings": [{"item": "condition/a-condition", **licensed}],
    }


def test_a_pack_of_licensed_codings_is_left_out_and_says_what_it_needs(people, settings):
    settings.LICENSED_CODE_SYSTEMS = ["umls"]
    plan = library.planned(source(), condition(), pack())
    assert plan.left_out == [
        "snomed-ct was not imported, because it needs a licence: A licence. "
        "If you have it, set LICENSED_CODE_SYSTEMS=umls,snomed-ct."
    ]
    importing.apply(plan, by=people.author)
    assert not Coding.objects.exists()


def test_a_pack_is_loaded_where_its_licence_is_stated_and_published_without_titles(people, settings):
    settings.LICENSED_CODE_SYSTEMS = ["snomed-ct"]
    importing.apply(library.planned(source(), condition(codings=[coding()]), pack()), by=people.author)
    assert library.planned(condition(codings=[coding()]), pack()).count("unchanged") == 1
    library.sign_off(item_of(condition()), people)
    workflow.publish(items=[item_of(condition())], by=people.publisher)
    codings = json.loads(bytes(library.public(condition()).body))["codings"]
    assert [(c["system"], c["code"], c["display"]) for c in codings] == [
        ("icd-10-cm", "M79.7", "Fibromyalgia"),
        ("snomed-ct", "203082005", None),
    ]


def test_a_pack_alone_is_added_to_what_is_stored(people, settings):
    library.bring_in([condition(codings=[coding()])], people.author)
    settings.LICENSED_CODE_SYSTEMS = ["snomed-ct"]
    plan = library.planned(pack())
    assert [(c.action, c.reference, c.fields) for c in plan.changes] == [
        ("changed", "condition/a-condition", ("codings",))
    ]
    importing.apply(plan, by=people.author)
    assert Coding.objects.count() == 2


def test_a_pack_names_items_that_are_there_and_systems_that_need_a_licence(people):
    wrong = pack(system="icd-10", code="M79.7")
    with pytest.raises(NotImportable) as refused:
        library.planned(wrong)
    assert [str(problem).partition("#")[2] for problem in refused.value.problems] == [
        "/codings/0/item: There is no item “condition/a-condition”.",
        "/codings/0/system: ICD-10 (WHO) needs no licence. Put this coding in the document of the item.",
    ]


def test_export_into_an_empty_database_gives_the_same_bytes(people, tmp_path):
    target = concept("the-target", names=[{"text": "x", "type": "synonym"}])
    draft = condition("a-draft", summary=None, citations=None)
    document = condition(
        relations=[relation("has_feature", target, note="Because.\n\n  Indented: yes\n- no")],
        statements=[statement("One."), statement("Two.", frequency="can")],
        codings=[coding(verified_by=["a", "b"], billable=False)],
        safety_notice="# not a comment",
        caution="* no item of a list",
    )
    library.bring_in([target, draft, document], people.author)
    out = io.StringIO()
    call_command("export_content", tmp_path / "first", stdout=out)
    assert out.getvalue() == f"Exported 4 documents to {tmp_path / 'first'}.\n"
    kept = {path.relative_to(tmp_path / "first"): path.read_bytes() for path in (tmp_path / "first").rglob("*.yaml")}
    empty_the_library()
    importing.apply(importing.plan(tmp_path / "first"), by=people.author)
    call_command("export_content", tmp_path / "second", stdout=io.StringIO())
    again = {path.relative_to(tmp_path / "second"): path.read_bytes() for path in (tmp_path / "second").rglob("*.yaml")}
    assert again == kept
    assert sorted(map(str, kept)) == [
        "concepts/the-target.yaml",
        "conditions/a-condition.yaml",
        "conditions/a-draft.yaml",
        "sources/a-text.yaml",
    ]


def test_first_content_is_published_once_and_accounts_are_named(db, tmp_path, capsys):
    put(tmp_path, a__yaml=condition(), s__yaml=source())
    call_command("publish_first_content", tmp_path)
    said = capsys.readouterr().out
    assert said.startswith("Publishing 1 items …\nAccount created: author    password ")
    assert said.endswith("Release 1 is published.\n")
    call_command("publish_first_content", tmp_path)
    assert capsys.readouterr().out == ""
    assert Release.objects.count() == 1


def test_first_content_with_an_obstacle_is_not_published_and_leaves_nothing_behind(db, tmp_path, capsys):
    put(tmp_path, a__yaml=condition(citations=None), s__yaml=source())
    with pytest.raises(CommandError, match="condition/a-condition#/citations: Cite a source for the summary"):
        call_command("publish_first_content", tmp_path)
    assert "password" not in capsys.readouterr().out
    assert (User.objects.count(), Item.objects.count()) == (0, 0)
