"""Who may do what: the roles as groups, and the permissions of each, in one table.

In: ROLES, by name of model, so that a model may come later than its line here. Out: after every `migrate`, groups
that have exactly these permissions. Which verb belongs to which role stands in `transitions.TRANSITIONS`.
"""

from dataclasses import dataclass, field

from django.apps import AppConfig, apps
from django.contrib.auth.management import create_permissions

AUTHOR, REVIEWER, PUBLISHER = "Author", "Reviewer", "Publisher"
USER_ADMINISTRATOR, KEY_ADMINISTRATOR = "User administrator", "Key administrator"
WITH_SECOND_FACTOR = frozenset({PUBLISHER, USER_ADMINISTRATOR, KEY_ADMINISTRATOR})

WRITTEN = (
    "condition", "concept", "symptomtype", "example", "source", "name", "statement", "relation", "coding",
    "citation",
)  # fmt: skip
SEEN = (
    *WRITTEN, "item", "revision", "signoff", "event", "release", "document", "schedule", "scheduleditem", "thread",
    "comment", "previewlink",
)  # fmt: skip
VIEW = ("view",)
KEEP = ("view", "add", "change")
ALL = ("view", "add", "change", "delete")


@dataclass(frozen=True)
class Role:
    """What a role is for, in the words of the page on which people get it; its permissions by model."""

    meaning: str
    may: dict[str, tuple[str, ...]] = field(default_factory=dict)
    may_with_people: tuple[str, ...] = ()


ROLES = {
    AUTHOR: Role(
        "Writes items and sources, sends them for review, and requests withdrawals.",
        dict.fromkeys(SEEN, VIEW) | dict.fromkeys(WRITTEN, ALL),
    ),
    REVIEWER: Role("Reviews items: requests changes or signs them off.", dict.fromkeys(SEEN, VIEW)),
    PUBLISHER: Role(
        "Publishes items that are signed off, and confirms or declines withdrawals.", dict.fromkeys(SEEN, VIEW)
    ),
    USER_ADMINISTRATOR: Role(
        "Adds people, assigns roles and reads the audit log.", {"auditentry": VIEW}, may_with_people=KEEP
    ),
    KEY_ADMINISTRATOR: Role(
        "Manages API clients, their keys and their webhooks.",
        {
            "apiclient": KEEP,
            "apikey": KEEP,
            "webhookendpoint": KEEP,
            "webhookevent": VIEW,
            "webhookdelivery": VIEW,
            "webhookattempt": VIEW,
        },
    ),
}


def codenames(role: Role) -> dict[str, list[str]]:
    """The permissions of a role, as Django names them, by app."""
    own = [f"{action}_{model}" for model, actions in role.may.items() for action in actions]
    return {"content_app": own, "auth": [f"{action}_user" for action in role.may_with_people]}


def grant(sender: AppConfig | None = None, **kwargs) -> None:
    """Make the groups what the table says. Permissions of models that do not exist yet are left for later."""
    group_model, permission_model = apps.get_model("auth.Group"), apps.get_model("auth.Permission")
    for label in ("content_app", "auth"):
        create_permissions(apps.get_app_config(label), verbosity=0)
    for name, role in ROLES.items():
        group, _ = group_model.objects.get_or_create(name=name)
        wanted = [
            permission
            for label, names in codenames(role).items()
            for permission in permission_model.objects.filter(content_type__app_label=label, codename__in=names)
        ]
        group.permissions.set(wanted)
