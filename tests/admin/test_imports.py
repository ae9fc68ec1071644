"""Importing at the desk: what is sent is shown, and what was shown becomes drafts, all of it or nothing."""

import datetime
import io
import json
import os

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from content_app.editorial import workflow
from content_app.editorial.exchange import archives, files, importing, uploads
from content_app.manuscripts import rows as documents_of
from content_app.models import Event, Import, Item, Source, SourceRevision
from tests import library
from tests.admin_forms import fields_of
from tests.library import concept, condition, item_of, source, statement
from tests.together import all_at_once

UPLOAD = "/admin/content_app/import/add/"


@pytest.fixture
def desk(people):
    """Everybody may sign in to the desk."""
    User.objects.update(is_staff=True)
    return people


def zipped(*documents: dict) -> bytes:
    return b"".join(archives.stream(documents))


def send(client, content: bytes | str, name: str = "content.zip"):
    data = content.encode() if isinstance(content, str) else content
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, data)}, follow=True)


def page_of(run: Import) -> str:
    return f"/admin/content_app/import/{run.pk}/change/"


def agreed(client, response, **changes):
    return client.post(page_of(Import.objects.first()), fields_of(response, "") | changes, follow=True)


def heavy(slug: str = "a-concept") -> dict:
    """A document that is too large to be imported while one waits."""
    return concept(slug, summary={"clinical": "word " * 35_000, "plain": "Plain."})


def test_what_is_new_changed_and_unchanged_is_shown_word_by_word_and_nothing_is_stored(client, desk):
    library.publish([condition("same"), condition("other", statements=[statement("It lasts long.")])], desk)
    changed = condition("other", statements=[statement("It lasts long.") | {"clinical": "It lasts <b>longer</b>."}])
    client.force_login(desk.author)
    page = send(client, zipped(condition("same"), changed, concept("new"), source())).content.decode()
    assert "1 new, 1 changed, 2 unchanged." in page
    assert "<del> long</del><ins> &lt;b&gt;longer&lt;/b&gt;</ins>" in page
    assert "This item is published. Importing makes it a draft." in page
    assert "concept/new" in page
    assert not Item.objects.filter(slug="new").exists()
    assert Item.objects.count() == 2


def test_what_was_shown_becomes_drafts_and_the_trail_says_who_and_from_where(client, desk):
    library.publish([condition()], desk)
    client.force_login(desk.second_author)
    shown = send(client, zipped(source(title="A new title"), condition(name="A new name"), concept("new")))
    page = agreed(client, shown).content.decode()
    assert "Imported as drafts by the-second_author" in page
    assert (item_of(condition()).status, item_of(condition()).name) == ("draft", "A new name")
    event = Event.objects.filter(item=item_of(condition())).first()
    assert (event.verb, event.done_by.username, event.note) == ("import", "the-second_author", "From content.zip")
    kept = SourceRevision.objects.get(verb="import")
    assert (kept.created_by.username, kept.document["title"]) == ("the-second_author", "A new title")
    assert Import.objects.get().upload is None
    assert "A new name" not in client.get("/api/v1/conditions/a-condition/").content.decode()


def test_sending_the_same_again_changes_nothing(client, desk):
    client.force_login(desk.author)
    content = zipped(source(), condition(), concept())
    agreed(client, send(client, content))
    page = send(client, content).content.decode()
    assert "There is nothing to import" in page
    assert "Import 0" not in page


@pytest.mark.parametrize("meanwhile", ["edit", "submit", "source"])
def test_what_changed_since_it_was_shown_is_not_overwritten_but_shown_again(meanwhile, client, desk):
    library.bring_in([condition()], desk.author)
    client.force_login(desk.author)
    shown = send(client, zipped(source(title="Mine"), condition(name="From the file")))
    item = item_of(condition())
    if meanwhile == "edit":
        library.edit(item, desk.second_author, name="Typed meanwhile")
    elif meanwhile == "submit":
        workflow.submit(item=item, by=desk.second_author, change_note="Ready.")
    else:
        Source.objects.update(title="Theirs")
    before = documents_of.to_document(item)
    page = agreed(client, shown)
    assert "somebody has changed some of this content" in page.content.decode()
    assert documents_of.to_document(item) == before
    agreed(client, page)
    assert item_of(condition()).name == "From the file"


def test_a_page_that_was_shown_before_another_answer_imports_nothing(client, desk):
    client.force_login(desk.author)
    shown = send(client, zipped(source(), condition()))
    for forged in ({"seen": [""]}, {"seen": ["0" * 64]}, {"seen": ["\0"]}):
        assert agreed(client, shown, **forged).status_code == 409
    agreed(client, shown, discard=["yes"])
    response = agreed(client, shown)
    assert response.status_code == 409
    assert "Nothing was imported" in response.content.decode()
    assert not Item.objects.exists()


def test_one_wrong_document_of_many_stores_nothing_and_says_where_and_what_would_be_right(client, desk):
    client.force_login(desk.author)
    page = send(client, zipped(source(), concept(), condition(cause_status="unknwon"))).content.decode()
    assert "conditions/a-condition.yaml</b> <code>/cause_status</code>" in page
    assert "did you mean “unknown”?" in page
    page = send(client, "kind: concept\nkind: concept\n", "x.yaml").content.decode()
    assert "The key “kind” occurs twice in one mapping (line 2)." in page
    assert (Item.objects.count(), Source.objects.count()) == (0, 0)
    assert set(Import.objects.values_list("state", "upload")) == {("refused", None)}


@pytest.mark.parametrize("name", ["x.json", "x.yaml", "x.YML"])
def test_one_document_may_come_alone(name, client, desk):
    library.bring_in([], desk.author)
    client.force_login(desk.author)
    text = json.dumps(concept()) if name == "x.json" else files.to_yaml(concept())
    agreed(client, send(client, text, name))
    assert item_of(concept()).status == "draft"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("x.exe", b"MZ", "Choose a YAML or JSON file"),
        ("x", b"kind: concept", "Choose a YAML or JSON file"),
        ("x.yaml", b"", "empty"),
        ("x.zip", b"0" * 10_000_001, "The file is larger than 10 MB"),
        ("x.zip", b"0" * 12_000_000, "The file is larger than 10 MB"),
    ],
    ids=["a program", "no suffix", "nothing", "a byte too many", "far too large"],
)
def test_a_file_that_cannot_be_meant_is_refused_at_its_field(name, content, sentence, client, desk):
    client.force_login(desk.author)
    assert sentence in send(client, content, name).content.decode()
    assert not Import.objects.exists()


def test_no_file_and_an_odd_name_are_answered(client, desk):
    client.force_login(desk.author)
    assert "Choose a file." in client.post(UPLOAD, {}).content.decode()
    page = send(client, files.to_yaml(concept()), "<script>alert(1)</script>\u202e.yaml").content.decode()
    assert "<script>alert" not in page
    assert send(client, b"x", "n" * 300 + ".yaml").status_code == 200


def test_only_authors_import_and_see_imports(client, desk):
    client.force_login(desk.author)
    shown = send(client, zipped(source(), concept()))
    run = Import.objects.get()
    for who in (desk.reviewer, desk.publisher, desk.nobody):
        client.force_login(who)
        assert client.get(UPLOAD).status_code == 403
        assert send(client, zipped(concept())).status_code == 403
        assert client.get(page_of(run)).status_code == 403
        assert client.get(page_of(run).replace("change", "progress")).status_code == 403
        assert client.post(page_of(run), fields_of(shown, "")).status_code == 403
        assert client.get("/admin/content_app/import/").status_code == 403
    client.logout()
    assert client.get(page_of(run)).status_code == 302
    assert not Item.objects.exists()


def test_whoever_loses_the_role_before_the_worker_comes_imports_nothing(client, desk):
    client.force_login(desk.author)
    send(client, zipped(source(), heavy()))
    uploads.work_on_next()
    agreed(client, client.get(page_of(Import.objects.get())))
    desk.author.groups.clear()
    uploads.work_on_next()
    assert Import.objects.get().state == "refused"
    assert "Only an author can edit" in str(Import.objects.get().problems)
    assert not Item.objects.exists()


def test_sources_alone_are_imported_by_authors_only(desk):
    with pytest.raises(workflow.TransitionNotAllowed, match="Only an author"):
        importing.apply(library.planned(source()), by=desk.reviewer)
    assert not Source.objects.exists()


def test_a_long_import_is_left_to_the_worker_and_its_page_says_how_far_it_is(client, desk):
    client.force_login(desk.author)
    page = send(client, zipped(source(), heavy())).content.decode()
    run = Import.objects.get()
    assert '<progress id="progress" max="2" value="0">' in page
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page
    progress = page_of(run).replace("change", "progress")
    assert client.get(progress).json() == {"state": "checking", "done": 0, "total": 2, "is_working": True}
    call_command("work", once=True)
    assert "2 new, 0 changed" in client.get(page_of(run)).content.decode()
    assert "http-equiv" not in client.get(page_of(run)).content.decode()
    assert "Being imported" in agreed(client, client.get(page_of(run))).content.decode()
    call_command("work", once=True)
    assert client.get(progress).json()["state"] == "applied"
    assert item_of(heavy()).status == "draft"


def waiting(desk, *documents: dict, state: str = "checking") -> Import:
    run = uploads.start(name="content.zip", data=zipped(source(), heavy(), *documents), by=desk.author)
    if state == "applying":
        uploads.work_on_next()
        run.refresh_from_db()
        assert uploads.agree(run=run, seen=run.seen, by=desk.author)
    return run


@pytest.mark.parametrize("state", ["checking", "applying"])
def test_what_a_worker_holds_no_other_takes_until_it_is_overdue(state, desk):
    run = waiting(desk, state=state)
    Import.objects.update(held_until=timezone.now() + datetime.timedelta(seconds=30), attempts=1)
    assert uploads.work_on_next() == 0
    Import.objects.update(held_until=timezone.now() - datetime.timedelta(seconds=1))
    assert uploads.work_on_next() == 1
    run.refresh_from_db()
    assert run.state == {"checking": "ready", "applying": "applied"}[state]


def test_what_ends_its_worker_again_and_again_fails_with_a_sentence(client, desk):
    run = waiting(desk, state="applying")
    Import.objects.update(attempts=3)
    uploads.work_on_next()
    client.force_login(desk.author)
    assert "nothing was imported. Tell an administrator" in client.get(page_of(run)).content.decode()
    assert not Item.objects.exists()


def test_what_takes_too_long_to_read_is_refused(desk, monkeypatch):
    run = waiting(desk, concept("one"), concept("other"))
    monkeypatch.setattr(uploads, "TOLD_EVERY", datetime.timedelta(0))
    monkeypatch.setattr(uploads, "LONGEST_READING", datetime.timedelta(0))
    uploads.work_on_next()
    run.refresh_from_db()
    assert (run.state, run.problems[0][2]) == ("refused", uploads.TOO_LONG)


def test_an_upload_that_nobody_agrees_to_is_forgotten(desk):
    waiting(desk)
    uploads.work_on_next()
    Import.objects.update(uploaded_at=timezone.now() - uploads.KEPT_FOR - datetime.timedelta(days=1))
    uploads.work_on_next()
    run = Import.objects.get()
    assert (run.state, run.upload) == ("discarded", None)
    assert not uploads.agree(run=run, seen=run.seen, by=desk.author)


def test_a_long_plan_is_shown_in_pages(client, desk):
    client.force_login(desk.author)
    page = send(client, zipped(source(), *(concept(f"c-{n:02}") for n in range(29)))).content.decode()
    assert "Page 1 of 2." in page
    page = client.get(page_of(Import.objects.get()), {"p": "2"}).content.decode()
    assert page.count('class="candidate"') == 5
    assert client.get(page_of(Import.objects.get()), {"p": "x\0"}).status_code == 200


def test_what_the_desk_exports_it_takes_back_without_a_change(client, desk, first_content):
    client.force_login(desk.author)
    chosen = [str(key) for key in Item.objects.values_list("pk", flat=True)]
    for action in ("export_as_yaml", "export_as_json"):
        response = client.post(
            "/admin/content_app/item/", {"action": action, "_selected_action": chosen, "select_across": "1"}
        )
        assert response.streaming
        run = uploads.start(name="library.zip", data=b"".join(response.streaming_content), by=desk.author)
        while run.state == "checking":
            assert uploads.work_on_next() == 1
            run.refresh_from_db()
        assert (run.state, run.counts["created"], run.counts["changed"]) == ("ready", 0, 0), run.problems
        assert run.counts["unchanged"] > len(chosen)


def test_a_selection_brings_the_sources_that_it_cites_and_sources_go_alone(client, desk):
    library.bring_in([concept("one"), concept("other"), source("uncited")], desk.author)
    client.force_login(desk.reviewer)
    chosen = {"action": "export_as_yaml", "_selected_action": [str(item_of(concept("one")).pk)]}
    response = client.post("/admin/content_app/concept/", chosen)
    assert response["Content-Disposition"].startswith('attachment; filename="concepts-')
    names = [name for name, _ in archives.read("x.zip", b"".join(response.streaming_content))]
    assert names == ["concepts/one.yaml", "sources/a-text.yaml"]
    chosen = {"action": "export_as_json", "_selected_action": [str(Source.objects.get(slug="uncited").pk)]}
    response = client.post("/admin/content_app/source/", chosen)
    assert [n for n, _ in archives.read("x.zip", b"".join(response.streaming_content))] == ["sources/uncited.json"]
    client.force_login(desk.nobody)
    assert client.post("/admin/content_app/source/", chosen).status_code == 403


def test_the_dry_run_of_the_command_says_who_could_import(people, tmp_path):
    (tmp_path / "a.yaml").write_text(files.to_yaml(source()))
    for by, sentence in (("nobody-known", "There is no user"), ("the-reviewer", "Only an author")):
        with pytest.raises(Exception, match=sentence):
            call_command("import_content", tmp_path, "--dry-run", by=by, stdout=io.StringIO())


@pytest.mark.django_db(transaction=True)
def test_two_workers_import_it_once(desk):
    waiting(desk, concept("new"), state="applying")
    assert sorted(all_at_once([uploads.work_on_next] * 3)) == [0, 0, 1]
    assert Import.objects.get().state == "applied"
    assert Event.objects.filter(item=item_of(concept("new"))).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_in_the_middle_leaves_nothing_and_the_next_one_finishes(desk):
    run = waiting(desk, concept("new"), state="applying")
    connection.close()
    child = os.fork()
    if child == 0:  # dies after everything is written and before it is committed
        workflow._log = lambda *args, **kwargs: os._exit(9)
        uploads.work_on_next()
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    run.refresh_from_db()
    assert (run.state, Item.objects.count(), Source.objects.count()) == ("applying", 0, 0)
    assert uploads.work_on_next() == 0
    Import.objects.update(held_until=timezone.now() - datetime.timedelta(seconds=1))
    assert uploads.work_on_next() == 1
    assert Item.objects.count() == 2
