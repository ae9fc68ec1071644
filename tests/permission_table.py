"""Who may see which page of the desk, and whose POST to it changes something: one line a page.

In: a `World` of rows to point at. Out: PAGES, by the name of the address in `admin:`; a second word in a key tells
apart what is done at one address. `test_permissions.py` generates everything from it. A new page of the desk needs a
line here: `"content_app_thing_list": May(EDITORS)` is enough for one that only shows, without arguments.
"""

from collections.abc import Callable
from datetime import timedelta

from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from content_app.admin.sources.dialog import PREFIX
from content_app.editorial import considering, workflow
from content_app.manuscripts import rows
from content_app.manuscripts.findings import WARNING
from content_app.models import (
    ApiClient,
    ApiKey,
    AuditEntry,
    Document,
    Event,
    Import,
    Item,
    Release,
    Revision,
    Schedule,
    SignOff,
    Source,
    SourceRevision,
    Thread,
    WebhookDelivery,
    WebhookEndpoint,
)  # fmt: skip
from tests.permission_lines import (
    AT_THE_DESK,
    AUTHORS,
    EDITORS,
    EVERYBODY,
    KEY_ADMINISTRATORS,
    NONE,
    PUBLISHERS,
    REVIEWERS,
    SUPERUSER,
    USER_ADMINISTRATORS,
    Arguments,
    May,
    World,
    first,
    item,
    person,
    shown,
)  # fmt: skip

VISIT = "0a6c1b0e-6b0f-4f8e-9f57-000000000001"


def opened(kind: str, world: World) -> str:
    return reverse(f"admin:content_app_{kind}_change", args=[world.items[kind].pk])


def taken_along(kind: str, act: str) -> May:
    """An export, chosen in a list: it changes nothing."""
    return May(EDITORS, send=lambda w, a: {"action": act, "_selected_action": [w.items[kind].pk]}, answered=EDITORS)


def warned(kind: str) -> Arguments:
    """One of the warnings of an item."""

    def key(world: World) -> dict:
        document = rows.to_document(world.items[kind])
        found = [one for one in workflow.findings_in(document) if one.severity == WARNING]
        return {"key": considering.key_of(document, found[0])}

    return key


def written(kind: str) -> dict[str, May]:
    """The pages of a kind of item, for a draft of it that has two revisions."""
    name, form, here = f"content_app_{kind}", f"{kind}_form", item(kind)
    return {
        f"{name}_changelist": May(EDITORS),
        f"{name}_csv": May(EDITORS),
        **{f"{name}_changelist {act}": taken_along(kind, act) for act in ("export_as_yaml", "export_as_json")},
        f"{name}_add": May(AUTHORS, AUTHORS, send=lambda w, a: w.form(a, form, **ADDED[kind])),
        f"{name}_check": May(where=here, send=lambda w, a: w.form(opened(kind, w), form), answered=AUTHORS),
        f"{name}_check_new": May(send=lambda w, a: w.form(reverse(f"admin:{name}_add"), form), answered=AUTHORS),
        f"{name}_part": May(AUTHORS, where=here),
        f"{name}_part_new": May(AUTHORS),
        f"{name}_presence": May(where=here, send=lambda w, a: {"visit": VISIT}, answered=AUTHORS),
        f"{name}_considered": May(EDITORS, EDITORS, here, warned(kind), lambda w, a: {"note": "It is right."}),
        f"{name}_comment": May(EDITORS, EDITORS, here, send=lambda w, a: {"text": "Is it so?"}),
        f"{name}_change": May(EDITORS, AUTHORS, here, send=lambda w, a: w.form(a, form, name="Another name")),
        f"{name}_history": May(EDITORS, where=here),
        f"{name}_compare": May(EDITORS, where=here),
        f"{name}_restore": May(
            AUTHORS, AUTHORS, item(kind, number=1), send=lambda w, a: {"seen": w.items[kind].lock_version}
        ),
        f"{name}_delete": May(EDITORS, where=here),  # says why it is not deleted
        f"{name}_verb submit": May(
            EDITORS,
            AUTHORS,
            item(kind, verb="submit"),
            send=lambda w, a: {"change_note": "x", "significance": "editorial"},
        ),
    }


NEW = {"name": "New", "slug": "new"}
ADDED = {
    "condition": NEW | {"cause_status": "not_stated"},
    "concept": NEW | {"topic": "feature"},
    "symptomtype": NEW | {"category": "pain", "observation": "reported"},
    "example": NEW | {"form": "vignette", "trigger": "A bump."},
}
TOMORROW = {"at": f"{timezone.now() + timedelta(days=1):%Y-%m-%dT%H:%M}", "time_zone": "UTC"}
VERBS = {
    "put-away": May(EDITORS, AUTHORS, item("condition", verb="put-away"), send=lambda w, a: {"note": "A mistake."}),
    "bring-back": May(EDITORS, NONE, item("condition", verb="bring-back"), send=lambda w, a: {"note": "Wanted."}),
    "request_changes": May(
        EDITORS, REVIEWERS, item("in_review", verb="request_changes"), send=lambda w, a: {"comment": "Say more."}
    ),
    "approve": May(
        EDITORS,
        REVIEWERS,
        item("in_review", verb="approve"),
        send=lambda w, a: {"content": workflow.content_sha256(w.items["in_review"]), "reviewer_role": "Clinician"},
    ),
    "publish": May(
        EDITORS,
        PUBLISHERS,
        item("approved", verb="publish"),
        send=lambda w, a: {"confirmed": "yes", "seen": f"{w.items['approved'].pk}-{w.items['approved'].lock_version}"},
    ),
    "withdraw": May(
        EDITORS,
        PUBLISHERS,
        item("published", verb="withdraw"),
        send=lambda w, a: {},
    ),
    "decline_withdrawal": May(
        EDITORS,
        PUBLISHERS,
        item("published", verb="decline_withdrawal"),
        send=lambda w, a: {"note": "It is right."},
    ),
    "request_withdrawal": May(
        EDITORS,
        AUTHORS,
        item("published", verb="request_withdrawal"),
        send=lambda w, a: {"reason": "withdrawn", "note": "It was wrong."},
    ),
    "withdraw-later": May(
        EDITORS,
        PUBLISHERS,
        item("published", verb="withdraw-later"),
        send=lambda w, a: TOMORROW,
    ),
}


def release_of(*names: str) -> Callable[[World, str], dict]:
    """The confirmed page before a release of these items, forged or not."""

    def send(world: World, address: str) -> dict:
        items = sorted((world.items[name] for name in names), key=lambda item: (item.kind, item.name))
        seen = ",".join(f"{item.pk}-{item.lock_version}" for item in items)
        return {"confirmed": "yes", "item": [item.pk for item in items], "seen": seen}

    return send


def roles(*names: str) -> list[int]:
    return list(Group.objects.filter(name__in=names).values_list("pk", flat=True))


NEW_SOURCE = {"title": "New", "slug": "new", "type": "lay_text", "evidence_level": "unreferenced_lay_text"}


def a_thread(is_open: bool) -> int:
    return Thread.objects.get(is_open=is_open).pk


def an_entry(world: World) -> dict:
    return {"object_id": AuditEntry.objects.latest("pk").pk}


def upload() -> SimpleUploadedFile:
    return SimpleUploadedFile("new.yaml", b"kind: source\n")


PERSON = {"username": "the-new-one", "email": "new@example.org"}
PAGES = {
    # Doors: they lead everybody to a page of signing in, or back.
    "login": May(AT_THE_DESK),
    "logout": May(EVERYBODY - AT_THE_DESK),  # nobody to sign out: to the home, which asks to sign in
    "password_change": May(),
    "password_change_done": May(),
    "jsi18n": May(AT_THE_DESK),
    # The desk
    "index": May(AT_THE_DESK),
    "search": May(EDITORS, query=lambda w: {"q": "pain"}),
    "style_guide": May(AT_THE_DESK),
    "practise": May(NONE, AUTHORS, send=lambda w, a: {"again": "1"}),
    "codes": May(EDITORS, query=lambda w: {"q": "pain"}),
    "app_list": May(AT_THE_DESK - {"nobody"}, where=lambda w: {"app_label": "content_app"}),
    "autocomplete": May(
        EDITORS, query=lambda w: {"app_label": "content_app", "model_name": "citation", "field_name": "source"}
    ),
    "view_on_site": May(NONE, where=lambda w: {"content_type_id": 1, "object_id": 1}),
    # Items
    **{name: may for kind in ADDED for name, may in written(kind).items()},
    **{f"content_app_condition_verb {verb}": may for verb, may in VERBS.items()},
    "content_app_item_choices": May(
        EDITORS, query=lambda w: {"app_label": "content_app", "model_name": "relation", "field_name": "object"}
    ),
    # Opened without a selection, it leads back to the list.
    "content_app_item_release": May(AT_THE_DESK, PUBLISHERS, send=release_of("approved")),
    "content_app_item_release mixed": May(AT_THE_DESK, NONE, send=release_of("approved", "condition", "in_review")),
    "content_app_item_release scheduled": May(
        AT_THE_DESK, PUBLISHERS, send=lambda w, a: release_of("approved")(w, a) | {"scheduled": "yes"} | TOMORROW
    ),
    **shown(Item, where=item("condition")),
    "content_app_condition_changelist action": May(
        EDITORS, send=lambda w, a: {"action": "publish_selected", "_selected_action": [i.pk for i in w.items.values()]}
    ),
    # Sources
    **shown(Source),
    "content_app_source_add": May(
        AUTHORS,
        AUTHORS,
        send=lambda w, a: w.form(
            a, "source_form", title="New", slug="new", type="lay_text", evidence_level="unreferenced_lay_text"
        ),
    ),
    "content_app_source_change": May(
        EDITORS, AUTHORS, first(Source), send=lambda w, a: w.form(a, "source_form", title="Another title")
    ),
    "content_app_source_verb submit": May(
        EDITORS,
        AUTHORS,
        first(Source, verb="submit"),
        send=lambda w, a: {"change_note": "x", "significance": "editorial"},
    ),
    "content_app_source_verb retract": May(
        EDITORS,
        AUTHORS,
        first(Source, verb="retract"),
        send=lambda w, a: {"reason": "Invented data.", "retracted_on": "2026-05-03", "notice": "10.1000/notice"},
    ),
    "content_app_source_changelist action": May(
        EDITORS, send=lambda w, a: {"action": "publish_selected", "_selected_action": [w.unused_source.pk]}
    ),
    "content_app_source_delete": May(AUTHORS, AUTHORS, lambda w: {"object_id": w.unused_source.pk}),
    # What is written once
    **shown(Release),
    **shown(Document),
    **shown(Revision),
    **shown(SignOff),
    **shown(Event),
    **shown(SourceRevision),
    # What is to happen at a time
    **shown(Schedule),
    "content_app_schedule_change move": May(
        EDITORS, PUBLISHERS, first(Schedule), send=lambda w, a: {"act": "move"} | TOMORROW
    ),
    "content_app_schedule_change cancel": May(
        EDITORS, PUBLISHERS, first(Schedule), send=lambda w, a: {"act": "cancel"}
    ),
    # Comments
    "content_app_condition_comment resolve": May(
        EDITORS, EDITORS, item("condition"), send=lambda w, a: {"thread": a_thread(True), "act": "resolve"}
    ),
    "content_app_condition_comment reopen": May(
        EDITORS, REVIEWERS, item("condition"), send=lambda w, a: {"thread": a_thread(False), "act": "reopen"}
    ),
    # Imports
    **shown(Import, AUTHORS),
    "content_app_import_add": May(AUTHORS, AUTHORS, send=lambda w, a: {"file": upload()}),
    "content_app_import_change discard": May(
        AUTHORS, AUTHORS, first(Import), send=lambda w, a: {"discard": "yes"}
    ),
    "content_app_import_progress": May(AUTHORS, where=first(Import)),
    "content_app_source_dialog": May(
        AUTHORS, AUTHORS,
        send=lambda w, a: {f"{PREFIX}-{name}": value for name, value in NEW_SOURCE.items()},
    ),
    "content_app_source_choices": May(EDITORS, query=lambda w: {"q": "pain"}),
    # API clients, their keys, their webhooks
    **shown(ApiClient, KEY_ADMINISTRATORS),
    "content_app_apiclient_add": May(
        KEY_ADMINISTRATORS, KEY_ADMINISTRATORS, send=lambda w, a: {"name": "New", "contact_email": "n@example.org"}
    ),
    "content_app_apiclient_change": May(
        KEY_ADMINISTRATORS, KEY_ADMINISTRATORS, first(ApiClient),
        send=lambda w, a: w.form(a, "apiclient_form", name="Another name"),
    ),
    **shown(ApiKey, KEY_ADMINISTRATORS),
    "content_app_apikey_add": May(
        KEY_ADMINISTRATORS, KEY_ADMINISTRATORS,
        send=lambda w, a: {"client": ApiClient.objects.first().pk, "name": "new"},
    ),
    "content_app_apikey_change": May(
        KEY_ADMINISTRATORS, KEY_ADMINISTRATORS, first(ApiKey),
        send=lambda w, a: w.form(a, "apikey_form", revoked="on"),
    ),
    **shown(WebhookEndpoint, KEY_ADMINISTRATORS),
    "content_app_webhookendpoint_add": May(
        KEY_ADMINISTRATORS, KEY_ADMINISTRATORS,
        send=lambda w, a: {
            "client": ApiClient.objects.first().pk, "url": "https://new.example/", "events": ["item.published"],
        },
    ),
    "content_app_webhookendpoint_change": May(
        KEY_ADMINISTRATORS, KEY_ADMINISTRATORS, first(WebhookEndpoint),
        send=lambda w, a: w.form(a, "webhookendpoint_form", description="Another"),
    ),
    "content_app_webhookendpoint_rotate": May(
        NONE, KEY_ADMINISTRATORS, first(WebhookEndpoint), send=lambda w, a: {"seen": "1"}
    ),
    **{
        f"content_app_webhookendpoint_act {act}": May(
            NONE, KEY_ADMINISTRATORS, first(WebhookEndpoint, act=act), send=lambda w, a, sent=sent: sent(w)
        )
        for act, sent in {
            "test": lambda w: {},
            "off": lambda w: {},
            "replay": lambda w: {"delivery": WebhookDelivery.objects.get(state="failed").pk},
            "replay-failed": lambda w: {"since": "2026-01-01T00:00"},
        }.items()
    },
    "content_app_webhookendpoint_act on": May(
        NONE, KEY_ADMINISTRATORS, lambda w: {"object_id": w.stopped.pk, "act": "on"}
    ),
    **shown(WebhookDelivery, KEY_ADMINISTRATORS),
    # Previews: their addresses are not in `admin:`
    "/preview": May(EDITORS, where=lambda w: {"key": w.items["condition"].pk}),
    "/preview_live": May(EDITORS, where=lambda w: {"key": w.items["condition"].pk}),
    "/preview_representation": May(
        EDITORS, where=lambda w: {"key": w.items["condition"].pk, "name": "json"}
    ),
    "/preview_link_make": May(
        NONE, EDITORS, lambda w: {"key": w.items["condition"].pk}, send=lambda w, a: {"days": "7"}
    ),
    "/preview_link_revoke": May(
        NONE, EDITORS, lambda w: {"key": w.link.item_id, "link": w.link.pk}
    ),
    # People
    "content_app_user_csv": May(USER_ADMINISTRATORS),
    "auth_user_changelist": May(USER_ADMINISTRATORS),
    "auth_user_add": May(
        USER_ADMINISTRATORS, USER_ADMINISTRATORS, send=lambda w, a: PERSON | {"groups": roles("Author", "Publisher")}
    ),
    "auth_user_change": May(
        USER_ADMINISTRATORS, USER_ADMINISTRATORS, person("author"),
        send=lambda w, a: PERSON | {"groups": roles("Author", "Publisher")},
    ),
    "auth_user_change oneself": May(
        USER_ADMINISTRATORS, SUPERUSER, person("user_administrator"),
        send=lambda w, a: PERSON | {"groups": roles("Publisher"), "is_active": "on", "is_superuser": "on"},
    ),
    "auth_user_change superuser": May(
        USER_ADMINISTRATORS, SUPERUSER, person("other_superuser"), send=lambda w, a: PERSON | {"is_superuser": "on"}
    ),
    "auth_user_history": May(USER_ADMINISTRATORS, where=person("author")),
    "auth_user_delete": May(where=person("author")),
    "auth_user_link": May(USER_ADMINISTRATORS, where=person("author")),
    "auth_user_link superuser": May(SUPERUSER, where=person("other_superuser")),
    "auth_user_second_factor": May(USER_ADMINISTRATORS, USER_ADMINISTRATORS, person("author")),
    "auth_user_second_factor superuser": May(SUPERUSER, SUPERUSER, person("other_superuser")),
    # The audit
    **{
        f"content_app_auditentry_{page}": May(NONE if page in ("add", "delete") else USER_ADMINISTRATORS, where=where)
        for page, where in {
            "changelist": lambda w: {},
            "csv": lambda w: {},
            "add": lambda w: {},
            "history": an_entry,
            "delete": an_entry,
            "change": an_entry,
            "export": lambda w: {"form": "csv"},
        }.items()
    },
}  # fmt: skip


def name_of(key: str) -> str:
    """The name of the address, as `reverse` wants it: in `admin:`, unless it begins with a slash."""
    name = key.split()[0]
    return name[1:] if name.startswith("/") else f"admin:{name}"


def address_of(key: str, world: World) -> str:
    return reverse(name_of(key), kwargs=PAGES[key].where(world), query=PAGES[key].query(world))
