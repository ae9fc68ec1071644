"""The audit: every act is in it, whatever path it took, with who and from where; and how it is read."""

import csv
import io
import json
import uuid

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client

from content_app.admin.history.audit import PAGE
from content_app.admin.people.pages import address_to_set_a_password
from content_app.audit import log
from content_app.editorial.transitions import TRANSITIONS
from content_app.management.commands import work
from content_app.models import ApiClient, AuditEntry, Source
from content_app.vocabulary.terms import STATUSES
from tests import library
from tests.admin_forms import fields_of
from tests.library import ACTS, condition, item_in, source
from tests.sign_in import OTHER, PASSWORD, PASSWORD_PAGE, sign_in

pytestmark = pytest.mark.both_databases
LIST = "/admin/content_app/auditentry/"
SECRETS = (PASSWORD, OTHER, "wrong pass phrase", "csrfmiddlewaretoken", "sessionid", "?")


@pytest.fixture
def desk(people):
    for person in vars(people).values():
        person.is_staff = True
        person.set_password(PASSWORD)
        person.save()
    people.nobody.groups.add(Group.objects.get(name="User administrator"))
    return people


@pytest.fixture
def administrator(client, desk) -> Client:
    """A user administrator who has just typed the password again."""
    sign_in(client, "the-nobody")
    client.post("/account/confirm/", {"password": PASSWORD})
    return client


def last(act: str) -> AuditEntry:
    return AuditEntry.objects.filter(act=act).first()


def told(act: str) -> tuple:
    entry = last(act)
    return entry and (entry.actor_name, entry.what_kind, entry.what_label, entry.channel)


STATUS_BEFORE = {
    "edit": "draft", "submit": "draft", "request_changes": "in_review", "approve": "in_review",
    "publish": "approved", "withdraw": "published",
}  # fmt: skip


@pytest.mark.parametrize("verb", TRANSITIONS)
def test_every_step_of_the_workflow_is_in_it(verb, people):
    item = item_in(STATUS_BEFORE[verb], people)
    role = TRANSITIONS[verb].role.lower()
    ACTS[verb](item, getattr(people, role))
    entry = last(f"item_{verb}")
    assert told(f"item_{verb}") == (f"the-{role}", "condition", str(type(item).objects.get(pk=item.pk)), "command")
    assert entry.what_id == str(item.uuid)
    assert entry.data["to"] in STATUSES
    assert entry.note == item.events.first().note


def test_superuser_powers_are_told(people):
    ACTS["submit"](item_in("draft", people), people.superuser)
    assert last("item_submit").data["as_superuser"] is True


def test_what_is_done_in_the_browser_says_from_which_address_and_browser(desk):
    client = Client(REMOTE_ADDR="192.0.2.7", headers={"User-Agent": f"Browser {'x' * 500}"})
    item = library.bring_in([condition()], desk.author)[0]
    sign_in(client, "the-author")
    address = f"/admin/content_app/condition/{item.pk}/change/?secret=1"
    client.post(address, fields_of(client.get(address), "condition_form") | {"name": ["Another"]})
    entry = last("item_edit")
    assert (entry.channel, entry.address, entry.actor) == ("web", "192.0.2.7", desk.author)
    assert entry.agent.startswith("Browser x")
    assert len(entry.agent) == 120


def test_an_act_that_fails_leaves_nothing(people):
    item = item_in("draft", people)
    before = AuditEntry.objects.count()
    with pytest.raises(library.workflow.TransitionNotAllowed):
        ACTS["approve"](item, people.reviewer)
    assert AuditEntry.objects.count() == before


def test_what_the_worker_does_is_told_as_the_workers(people, monkeypatch):
    def job() -> int:
        log.record("scheduled")
        return 1

    monkeypatch.setattr(work, "JOBS", (work.Job("test", job),))
    call_command("work", once=True)
    assert last("scheduled").channel == "worker"
    log.record("scheduled")
    assert last("scheduled").channel == "command"


def test_signing_in_failing_to_and_signing_out_are_in_it(client, desk):
    sign_in(client, "the-author", "wrong pass phrase")
    assert told("sign_in_failed") == ("", "person", "the-author", "web")
    sign_in(client, "the-author")
    assert told("signed_in") == ("the-author", "person", "the-author", "web")
    client.post("/account/logout/")
    assert told("signed_out") == ("the-author", "person", "the-author", "web")


def test_a_password_typed_where_the_name_belongs_is_not_kept(client, desk):
    sign_in(client, PASSWORD, "the-author")
    assert last("sign_in_failed").what_label == "unknown user name"


def test_passwords_are_told_by_whatever_path_they_were_set_and_only_when_they_were(client, desk, settings):
    sign_in(client, "the-author")
    AuditEntry.objects.all()
    seen = AuditEntry.objects.filter(act="password_changed").count()
    client.post(PASSWORD_PAGE, {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER})
    assert told("password_changed") == ("the-author", "person", "the-author", "web")
    opened = Client().get(address_to_set_a_password(desk.reviewer), follow=True)
    assert opened.status_code == 200
    stranger = Client()
    here = stranger.get(address_to_set_a_password(desk.reviewer), follow=True).redirect_chain[-1][0]
    stranger.post(here, {"password1": OTHER, "password2": OTHER})
    assert told("password_changed") == ("", "person", "the-reviewer", "web")
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.ScryptPasswordHasher", "django.contrib.auth.hashers.MD5PasswordHasher",
    ]  # fmt: skip
    sign_in(stranger, "the-reviewer", OTHER)  # hashed anew by a better hasher
    assert AuditEntry.objects.filter(act="password_changed").count() == seen + 2


def test_roles_given_and_taken_are_told_by_every_path(people):
    group, person = Group.objects.get(name="Publisher"), people.nobody
    paths = [
        (lambda: person.groups.add(group), "role_given"),
        (lambda: person.groups.remove(group), "role_taken"),
        (lambda: group.user_set.add(person), "role_given"),
        (lambda: group.user_set.remove(person), "role_taken"),
        (lambda: person.groups.set([group]), "role_given"),
        (lambda: person.groups.clear(), "role_taken"),
        (lambda: group.user_set.set([person]), "role_given"),
        (lambda: group.user_set.clear(), "role_taken"),
    ]
    for act, name in paths:
        before = max(AuditEntry.objects.values_list("pk", flat=True), default=0)
        act()
        new = AuditEntry.objects.filter(pk__gt=before, what_label="the-nobody")
        assert [(entry.act, entry.data["role"]) for entry in new] == [(name, "Publisher")]


def test_people_added_changed_and_switched_off_are_in_it(people):
    person = User.objects.create_user("somebody")
    assert told("person_added") == ("", "person", "somebody", "command")
    person.email, person.is_active = "a@example.org", False
    person.save()
    assert last("person_changed").data == {"fields": ["email"]}
    assert last("person_deactivated").what_id == str(person.pk)
    person.is_active = person.is_superuser = True
    person.save()
    assert {"person_reactivated", "superuser_made"} <= set(AuditEntry.objects.values_list("act", flat=True))
    assert "a@example.org" not in str(list(AuditEntry.objects.values()))
    call_command("createsuperuser", username="root", email="r@example.org", interactive=False)
    assert last("superuser_made").what_label == "root"


def test_what_an_administrator_does_with_people_is_told_as_theirs(administrator, desk):
    sent = {"username": "new", "groups": [Group.objects.get(name="Reviewer").pk]}
    administrator.post("/admin/auth/user/add/", sent)
    assert told("person_added") == ("the-nobody", "person", "new", "web")
    assert told("role_given") == ("the-nobody", "person", "new", "web")
    person = User.objects.get(username="new")
    assert (person.is_staff, person.has_usable_password()) == (True, False)
    page = administrator.post(f"/admin/auth/user/{person.pk}/link/")
    assert told("password_link_made") == ("the-nobody", "person", "new", "web")
    assert Client().get(page.context["link"], follow=True).context["form"].user == person
    assert "no-store" in page["Cache-Control"]
    TOTP.activate(desk.author, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    administrator.post(f"/admin/auth/user/{desk.author.pk}/second-factor/")
    assert told("second_factor_removed") == ("the-nobody", "person", "the-author", "web")
    assert not Authenticator.objects.exists()


def test_the_pages_about_people_ask_for_the_password_again_and_then_go_on_where_one_was(client, desk):
    sign_in(client, "the-nobody")
    address = f"/admin/auth/user/{desk.author.pk}/change/"
    sent = {"username": "the-author", "first_name": "Ada", "is_active": "on"}
    asked = client.post(address, sent)
    assert asked["Location"].startswith("/account/confirm/")
    assert User.objects.get(pk=desk.author.pk).first_name == ""
    client.post(asked["Location"], {"password": "wrong pass phrase", "next": address})
    assert User.objects.get(pk=desk.author.pk).first_name == ""
    client.post(asked["Location"], {"password": PASSWORD, "next": address})
    assert User.objects.get(pk=desk.author.pk).first_name == "Ada"


def test_sources_and_clients_are_in_it_by_whatever_path(people):
    library.bring_in([source("a-source")], people.author)
    assert told("source_added") == ("the-author", "source", "A Source", "command")
    library.bring_in([source("a-source", title="Another")], people.author)
    assert told("source_changed") == ("the-author", "source", "Another", "command")
    made = ApiClient.objects.create(name="Diary", contact_email="d@example.org")
    assert last("client_added").what_id == str(made.uuid)


def test_saving_what_has_not_changed_tells_nothing(people):
    row = Source.objects.create(slug="one", title="One", type="lay_text", evidence_level="unreferenced_lay_text")
    before = AuditEntry.objects.count()
    row.save()
    people.author.save()
    assert AuditEntry.objects.count() == before


def test_an_act_without_words_is_refused_and_says_where_they_go():
    with pytest.raises(ValueError, match="not in audit.ACTS"):
        log.record("item_aprove")


def test_other_code_records_with_one_call(people):
    key = uuid.uuid4()
    what = ("api_key", key, "Diary\0" + "x" * 300)
    entry = log.record("key_revoked", by=people.author, what=what, note="Lost.", prefix="ab")
    assert (entry.what_id, len(entry.what_label), entry.note, entry.data) == (str(key), 200, "Lost.", {"prefix": "ab"})


def test_no_secret_and_no_query_string_is_kept(administrator, desk):
    administrator.post("/admin/auth/user/add/?token=secret", {"username": "new"})
    sign_in(Client(), "the-author", "wrong pass phrase")
    client = Client()
    sign_in(client, "the-author", next="/admin/?q=secret")
    kept = json.dumps(list(AuditEntry.objects.values()), default=str)
    assert [secret for secret in (*SECRETS, "secret") if secret in kept] == []


# The page


def entries_on(response) -> list[AuditEntry]:
    return response.context["entries"]


def test_the_list_is_narrowed_by_person_act_item_period_and_note(administrator, desk):
    item = library.bring_in([condition()], desk.author)[0]
    library.workflow.submit(item=item, by=desk.author, change_note="A rare word.")
    today = AuditEntry.objects.first().happened_at.date().isoformat()
    for query, acts in (
        ({"person": "the-author", "act": "item_submit"}, ["item_submit"]),
        ({"what": str(item.uuid)}, ["item_submit", "item_create"]),
        ({"what": "a cond", "act": "item_create"}, ["item_create"]),
        ({"text": "rare"}, ["item_submit"]),
        ({"since": today, "until": today, "act": "item_create"}, ["item_create"]),
        ({"until": "2001-01-01"}, []),
    ):
        assert [entry.act for entry in entries_on(administrator.get(LIST, query))] == acts


@pytest.mark.parametrize(
    "query",
    [{"person": "nobody-known"}, {"act": "item_aprove"}, {"since": "yesterday"}, {"before": "x"}, {"what": "\0"}],
)
def test_a_filter_that_cannot_be_meant_lists_nothing_and_says_so(administrator, query):
    page = administrator.get(LIST, query)
    assert page.status_code == 200
    assert entries_on(page) == []
    assert page.context["filters"].errors
    assert administrator.get(f"{LIST}export/csv/", query).status_code == 400


def test_the_last_page_costs_what_the_first_does(administrator, django_assert_max_num_queries):
    for number in range(2 * PAGE + 10):
        log.record("comment_added", note=str(number))
    pages, before = [], ""
    while before is not None:
        with django_assert_max_num_queries(7) as captured:
            page = administrator.get(LIST, {"act": "comment_added", **({"before": before} if before else {})})
        pages.append([entry.note for entry in entries_on(page)])
        before = page.context["older"]
        assert not [query for query in captured.captured_queries if "OFFSET" in query["sql"] or "COUNT" in query["sql"]]
    assert [len(page) for page in pages] == [PAGE, PAGE, 10]
    assert [note for page in pages for note in page] == [str(number) for number in reversed(range(2 * PAGE + 10))]


def content_of(response) -> str:
    return b"".join(response.streaming_content).decode("utf-8-sig")


def test_an_export_holds_the_narrowed_list_and_runs_no_formula(administrator, desk):
    for note in ("=1+1", "plain", "-2"):
        log.record("comment_added", by=desk.author, note=note)
    response = administrator.get(f"{LIST}export/csv/", {"act": "comment_added"})
    rows = list(csv.DictReader(io.StringIO(content_of(response))))
    assert [row["note"] for row in rows] == ["'-2", "plain", "'=1+1"]
    assert {row["actor_name"] for row in rows} == {"the-author"}
    assert response["Content-Disposition"].startswith('attachment; filename="audit-')
    lines = content_of(administrator.get(f"{LIST}export/jsonl/", {"act": "comment_added"})).splitlines()
    assert [json.loads(line)["note"] for line in lines] == ["-2", "plain", "=1+1"]
    assert last("audit_exported").data == {"filters": ["act"]}
    assert administrator.get(f"{LIST}export/pdf/").status_code == 400


def test_the_page_says_how_long_entries_are_kept(administrator):
    assert "Entries are kept permanently" in administrator.get(LIST).content.decode()
