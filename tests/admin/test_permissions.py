"""Roles × pages of the desk, generated from `permission_table.PAGES` and from the addresses that the desk has.

A GET never changes anything; a POST changes something for exactly those whom its line names, whatever is sent. Whoever
is not named asks for every page; of those who are, one does, who is another at the next page, and in
`make test-thorough` all do.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from zlib import crc32

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.db import connection, transaction
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from content_app.admin.items.transitions import VERBS
from content_app.editorial import previews, review_comments, scheduling, withdrawal
from content_app.editorial.exchange import archives, uploads
from content_app.models import ApiKey, Item, PreviewLink, Source, Statement, WebhookDelivery, WebhookEndpoint
from content_app.preview import urls as preview_urls
from content_app.webhooks import endpoints
from tests import library
from tests import webhook_deliveries as webhooks
from tests.library import concept, condition, example, item_of, source, statement, symptom_type
from tests.manuscripts.contexts import LONG
from tests.permission_lines import NONE, ROLES, World, clients_of_roles
from tests.permission_table import PAGES, address_of
from tests.width import THOROUGH

SIGNED_OUT = ("/admin/login/", "/account/")
NOT_WATCHED = {
    "AuditEntry",
    "Receipt",
    "LogEntry",
    "Presence",
    "Checked",
    "WorkingCopy",
}  # left by looking, or by a refused act


def named_addresses() -> set[str]:
    """The names of all addresses of the desk."""

    def walk(patterns):
        for pattern in patterns:
            yield from walk(pattern.url_patterns) if isinstance(pattern, URLResolver) else [pattern.name]

    admin = {name for name in walk(get_resolver().namespace_dict["admin"][1].url_patterns) if name}
    return admin | {f"/{pattern.name}" for pattern in preview_urls.desk}


@pytest.fixture(scope="module")
def world(library_of_a_module) -> World:
    people = library_of_a_module
    clients = clients_of_roles()
    User.objects.create_user("the-other_superuser", is_staff=True, is_superuser=True)
    for name in ("author", "other_superuser"):
        Authenticator.objects.create(user=User.objects.get(username=f"the-{name}"), type="totp", data={"secret": "-"})
    items = rows(people)
    stopped, link = beside(items, people)
    return World(clients, items, Source.objects.get(slug="unused"), stopped, link)


def beside(items: dict[str, Item], people) -> tuple[WebhookEndpoint, PreviewLink]:
    """A schedule, comments, an import that waits, a client with its key and webhooks; a stopped one, and a link."""
    tomorrow = timezone.now() + timedelta(days=2)
    later = library.approved([concept("later")], people)
    scheduling.schedule_publication(items=later, by=people.publisher, due_at=tomorrow)
    review_comments.start(item=items["condition"], by=people.author, text="Is it so?")
    closed = review_comments.start(item=items["condition"], by=people.author, text="Is it?")
    review_comments.resolve(thread=closed, by=people.author)
    uploads.start(name="new.zip", data=b"".join(archives.stream([concept("brought"), source()])), by=people.author)
    made = webhooks.endpoint()
    ApiKey.objects.create_key(client=made.client, name="server")
    webhooks.queued()
    WebhookDelivery.objects.update(state="failed", next_attempt_at=None, finished_at=timezone.now())
    stopped = webhooks.endpoint("https://stopped.example/")
    endpoints.switch_off(stopped, timezone.now())
    link, _ = previews.make_link(item=items["condition"], by=people.author)
    return stopped, link


def rows(people) -> dict[str, Item]:
    """A draft of each kind with two revisions and a warning, and a condition in each of the other statuses."""
    found = {}
    for document in (condition(statements=[statement()]), concept(), symptom_type(), example()):
        document["summary"] |= {"plain": LONG}
        library.bring_in([document], people.author)
        library.edit(item_of(document), people.author)
        found[document["kind"].replace("_", "")] = item_of(document)
    for status in ("in_review", "approved", "published"):
        document = condition(status.replace("_", "-"), statements=[statement(status)])
        library.bring_in([document, source("unused")] if status == "published" else [document], people.author)
        found[status] = item_of(document)
    library.workflow.submit(item=found["in_review"], by=people.author, change_note="x")
    library.sign_off(found["approved"], people)
    library.workflow.publish(items=[library.sign_off(found["published"], people)], by=people.publisher)
    withdrawal.request(item=item_of(condition("published")), by=people.author, note="It was wrong.")
    return {name: Item.objects.get(pk=item.pk) for name, item in found.items()}


@cache
def selects() -> list[str]:
    """One statement for each table whose rows people change through the desk."""
    models = [model for model in apps.get_models() if model._meta.app_label in ("content_app", "auth", "mfa")]
    tables = [(m._meta.db_table, m._meta.local_concrete_fields) for m in models if m.__name__ not in NOT_WATCHED]
    tables += [(User.groups.through._meta.db_table, User.groups.through._meta.local_concrete_fields)]
    return [
        f"SELECT {', '.join(f.column for f in fields if f.name != 'last_login')} FROM {table} ORDER BY 1"
        for table, fields in tables
    ]


def fingerprint() -> int:
    """A hash of all those rows."""
    with connection.cursor() as cursor:
        return hash(tuple(row for select in selects() for row in cursor.execute(select).fetchall()))


@pytest.fixture(scope="module")
def untouched(world) -> int:
    """The fingerprint that every test finds, as each takes back what it did."""
    return fingerprint()


@contextmanager
def writes() -> Iterator[list[str]]:
    """A list that grows with every statement that may change a row: without one, there is nothing to compare."""
    found: list[str] = []

    def note(execute, sql, *rest):
        if not sql.lstrip("( ").upper().startswith(("SELECT", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO")):
            found.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield found


def is_seen(response) -> bool:
    redirected = response.status_code == 302 and not response["Location"].startswith(SIGNED_OUT)
    return response.status_code == 200 or redirected


def asking(key: str, named: frozenset[str]) -> set[str]:
    """Which roles ask: all that are not named, and of those that are, one, chosen by the key; all when thorough."""
    return set(ROLES) - named | (named if THOROUGH or not named else {sorted(named)[crc32(key.encode()) % len(named)]})


def test_every_page_of_the_desk_has_a_line_in_the_table():
    listed = {key.split()[0] for key in PAGES}
    missing = [f'add to PAGES in tests/permission_table.py: "{name}": May(…)' for name in named_addresses() - listed]
    gone = [f"take out of PAGES, as no page has this name: {name}" for name in listed - named_addresses()]
    verbs = [
        f'add to VERBS in tests/permission_table.py: "{verb}": May(…)'
        for verb in VERBS
        if f"content_app_condition_verb {verb}" not in PAGES
    ]
    assert sorted(missing + gone + verbs) == []


@pytest.mark.widens
@pytest.mark.parametrize("key", PAGES)
def test_a_page_is_seen_by_those_whom_its_line_names_and_seeing_it_changes_nothing(key, world, untouched, db):
    address = address_of(key, world)
    roles = asking(key, PAGES[key].see)
    with transaction.atomic():
        with writes() as written:
            seen = {role for role in sorted(roles) if is_seen(world.clients[role].get(address))}
        assert not written or fingerprint() == untouched
        transaction.set_rollback(True)
    assert sorted(seen) == sorted(PAGES[key].see & roles)


@pytest.mark.widens
@pytest.mark.parametrize("key", PAGES)
def test_a_post_changes_something_for_those_whom_its_line_names_and_for_nobody_else(key, world, untouched, db):
    address = address_of(key, world)
    sent = PAGES[key].send(world, address)
    named = PAGES[key].change or PAGES[key].answered or NONE
    roles = asking(key, named)
    changed, answered = set(), set()
    for role in sorted(roles):
        for file in (value for value in sent.values() if hasattr(value, "seek")):
            file.seek(0)  # the one before has read it
        with transaction.atomic():
            with writes() as written:
                if is_seen(world.clients[role].post(address, sent)):
                    answered.add(role)
            if written and fingerprint() != untouched:
                changed.add(role)
            transaction.set_rollback(True)
    assert sorted(changed) == sorted(PAGES[key].change & roles)
    if PAGES[key].answered is not None:
        assert sorted(answered) == sorted(PAGES[key].answered & roles)


def test_a_forged_post_with_the_rows_of_another_item_changes_none_of_them(world, db):
    other = Statement.objects.get(item=world.items["published"])
    address = address_of("content_app_condition_change", world)
    before = fingerprint()
    fields = world.form(address, "condition_form")
    fields |= {"statements-0-id": [other.pk], "statements-0-clinical": ["Forged."]}
    for role, client in world.clients.items():
        for forged in (fields, fields | {"statements-0-DELETE": ["on"]}):
            with transaction.atomic():
                client.post(address, forged)
                rows = list(Statement.objects.filter(pk=other.pk).values())
                transaction.set_rollback(True)
            assert rows == list(Statement.objects.filter(pk=other.pk).values()), role
    assert fingerprint() == before


@pytest.mark.parametrize("field", ["is_superuser", "is_staff", "user_permissions", "password", "groups"])
def test_a_user_administrator_cannot_post_powers_beyond_the_roles(field, world, db):
    address = address_of("auth_user_change", world)
    foreign = Group.objects.create(name="Not a role")
    forged = {"username": "the-author", "groups": [foreign.pk] if field == "groups" else [], field: ["1"]}
    author = User.objects.get(username="the-author")
    world.clients["user_administrator"].post(address, forged | ({"groups": [foreign.pk]} if field == "groups" else {}))
    after = User.objects.get(pk=author.pk)
    assert (after.is_superuser, after.password, after.is_staff) == (False, author.password, True)
    assert not after.user_permissions.exists()
    assert not after.groups.filter(pk=foreign.pk).exists()


def test_where_a_second_factor_is_required_a_publisher_without_one_gets_no_page_of_the_desk(world, settings, db):
    settings.SECOND_FACTOR_REQUIRED = True
    client, before = world.clients["publisher"], fingerprint()
    for key in PAGES:
        if key.split()[0] not in ("login", "logout", "jsi18n"):
            address = address_of(key, world)
            assert client.get(address)["Location"].startswith("/account/second-factor/"), key
            assert client.post(address, {"confirmed": "yes"}).status_code == 403, key
    assert fingerprint() == before
