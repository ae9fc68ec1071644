"""Watches what happens outside of the workflow, and records it: signing in and out, people, roles, clients and keys.

In: signals of Django and allauth, whatever path the change took: page, command or shell. Out: audit entries.
"""

from dataclasses import dataclass, field

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save

from content_app.audit.log import record

PERSON = "auth.User"
SWITCHES = {
    ("is_active", True): "person_reactivated",
    ("is_active", False): "person_deactivated",
    ("is_superuser", True): "superuser_made",
    ("is_superuser", False): "superuser_unmade",
}


@dataclass(frozen=True)
class Watched:
    """The acts on rows of one model. `switches`: acts of their own, by field and new value.

    `untold`: what changes of itself, or with an act that the code that does it records, as that says more.
    """

    added: str
    changed: str
    removed: str
    switches: dict[tuple[str, bool], str] = field(default_factory=dict)
    untold: frozenset[str] = frozenset()

    def fields(self, changed: set[str]) -> list[str]:
        """Of these fields, those that the entry of a change names."""
        return sorted(changed - self.untold - {name for name, _ in self.switches})


# By name, so that a model may come later than its line here. Sources are recorded by `source_edits`.
WATCHED = {
    PERSON: Watched(
        "person_added", "person_changed", "person_removed", SWITCHES, untold=frozenset({"last_login", "password"})
    ),
    "content_app.ApiClient": Watched("client_added", "client_changed", "client_removed"),
    "content_app.ApiKey": Watched(
        "key_created",
        "key_changed",
        "key_removed",
        {("revoked", True): "key_revoked"},
        untold=frozenset({"last_used_on", "hashed_key", "prefix"}),
    ),
    "content_app.WebhookEndpoint": Watched(
        "webhook_added",
        "webhook_changed",
        "webhook_removed",
        untold=frozenset(
            {
                "secret",
                "secret_number",
                "previous_secret",
                "previous_secret_until",
                "is_active",
                "disabled_reason",
                "paused_until",
                "last_success_at",
                "last_failure_at",
            }
        ),
    ),
}


def before_save(sender, instance, raw=False, update_fields=None, **kwargs) -> None:
    """Keep on the row what is stored now, for `after_save` to compare with."""
    watched = WATCHED[sender._meta.label]
    is_silent = update_fields is not None and not set(update_fields) - watched.untold and not _new_password(instance)
    instance._stored = None if is_silent else sender._default_manager.filter(pk=instance.pk).values().first()


def after_save(sender, instance, created, raw=False, update_fields=None, **kwargs) -> None:
    stored, watched = getattr(instance, "_stored", None), WATCHED[sender._meta.label]
    if created:
        record(watched.added, what=_what(instance))
        _record_powers_of_a_new_person(sender, instance)
        return
    if stored is None:
        return
    changed = {name for name, value in stored.items() if value != _now(instance, name)}
    _record_switches(sender, instance, changed)
    told = watched.fields(changed)
    if told:
        record(watched.changed, what=_what(instance), fields=told)


def _record_powers_of_a_new_person(sender, instance) -> None:
    if sender._meta.label == PERSON and instance.is_superuser:
        record("superuser_made", what=_what(instance))


def _record_switches(sender, instance, changed: set[str]) -> None:
    for (name, value), act in WATCHED[sender._meta.label].switches.items():
        if name in changed and getattr(instance, name) == value:
            record(act, what=_what(instance))
    if _new_password(instance):
        record("password_changed", what=_what(instance))


def _new_password(instance) -> bool:
    """Django keeps a new password here until it is stored; when it only hashes the same one anew, it does not."""
    return getattr(instance, "_password", None) is not None


def _now(instance, attname: str):
    field = instance._meta.get_field(attname.removesuffix("_id")) if attname.endswith("_id") else None
    return getattr(instance, field.attname if field else attname)


def after_delete(sender, instance, **kwargs) -> None:
    record(WATCHED[sender._meta.label].removed, what=_what(instance))


def _what(row):
    if row._meta.label == PERSON:
        return ("person", row.pk, row.get_username())
    return row


def roles_changed(sender, instance, action, reverse, pk_set, **kwargs) -> None:
    """`person.groups` and `group.user_set` alike; clearing is told before it happens, while it is known what goes."""
    act = {"post_add": "role_given", "post_remove": "role_taken", "pre_clear": "role_taken"}.get(action)
    if act is None:
        return
    related = sender._meta.get_field("user" if reverse else "group").related_model
    held = instance.user_set if reverse else instance.groups
    others = list(held.all() if action == "pre_clear" else related.objects.filter(pk__in=pk_set))
    for other in sorted(others, key=str):
        person, group = (other, instance) if reverse else (instance, other)
        record(act, what=_what(person), role=group.name)


def signed_in(sender, request, user, **kwargs) -> None:
    record("signed_in", by=user, what=_what(user))


def signed_out(sender, request, user, **kwargs) -> None:
    if user is not None:
        record("signed_out", by=user, what=_what(user))


def sign_in_failed(sender, credentials, request=None, **kwargs) -> None:
    """Only a name that an account has is kept: what else is typed there may be a password."""
    name = str(credentials.get("username") or "").replace("\0", "")
    person = get_user_model().objects.filter(username__iexact=name).first()
    record("sign_in_failed", what=_what(person) if person else ("person", "", "no such name"))


def factor_added(sender, user, authenticator, **kwargs) -> None:
    record("second_factor_added", by=user, what=_what(user), factor=_factor(authenticator))


def factor_removed(sender, user, authenticator, request=None, **kwargs) -> None:
    record("second_factor_removed", what=_what(authenticator.user), factor=_factor(authenticator))


def codes_renewed(sender, user, **kwargs) -> None:
    record("recovery_codes_renewed", by=user, what=_what(user))


def factor_failed(sender, user, **kwargs) -> None:
    record("second_factor_failed", what=_what(user))


def _factor(authenticator: Authenticator) -> str:
    return Authenticator.Type(authenticator.type).label


def connect() -> None:
    """Start watching. Called once, when the application is ready."""
    for label in WATCHED:
        for signal, handler in ((pre_save, before_save), (post_save, after_save), (post_delete, after_delete)):
            signal.connect(handler, sender=label, dispatch_uid=f"audit {label} {handler.__name__}")
    m2m_changed.connect(roles_changed, sender=get_user_model().groups.through, dispatch_uid="audit roles")
    for signal, handler in {
        user_logged_in: signed_in,
        user_logged_out: signed_out,
        user_login_failed: sign_in_failed,
        authenticator_added: factor_added,
        authenticator_removed: factor_removed,
        authenticator_reset: codes_renewed,
        authentication_failed: factor_failed,
    }.items():
        signal.connect(handler, dispatch_uid=f"audit {handler.__name__}")
