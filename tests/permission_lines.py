"""What a line of the table of permissions is made of: the roles, the rows that addresses point at, and `May`.

In: rows, models, people. Out: who may see and change a page, and how one asks for it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.contrib.auth.models import Group, User
from django.test import Client

from content_app.models import Item, PreviewLink, Source, WebhookEndpoint
from tests.admin_forms import fields_of

ROLES = (
    "anonymous", "inactive", "stranger", "nobody", "author", "reviewer", "publisher", "user_administrator",
    "key_administrator", "superuser",
)  # fmt: skip
NONE: frozenset[str] = frozenset()
SUPERUSER = frozenset({"superuser"})
AUTHORS = SUPERUSER | {"author"}
REVIEWERS = SUPERUSER | {"reviewer"}
PUBLISHERS = SUPERUSER | {"publisher"}
EDITORS = AUTHORS | REVIEWERS | PUBLISHERS
USER_ADMINISTRATORS = SUPERUSER | {"user_administrator"}
KEY_ADMINISTRATORS = SUPERUSER | {"key_administrator"}
AT_THE_DESK = EDITORS | USER_ADMINISTRATORS | KEY_ADMINISTRATORS | {"nobody"}
EVERYBODY = frozenset(ROLES)


@dataclass(frozen=True)
class World:
    """Rows for addresses to point at. `clients`: a browser for each role."""

    clients: dict[str, Client]
    items: dict[str, Item]
    unused_source: Source
    stopped: WebhookEndpoint
    link: PreviewLink

    def form(self, address: str, name: str, /, **typed) -> dict:
        """What a form holds when a superuser opens it, and what is typed into it."""
        return fields_of(self.clients["superuser"].get(address), name) | {key: [value] for key, value in typed.items()}


def clients_of_roles() -> dict[str, Client]:
    """A browser for each role, beside the people of `conftest`, who may all sign in to the desk."""
    User.objects.update(is_staff=True)
    for role in ("user_administrator", "key_administrator", "stranger", "inactive"):
        person = User.objects.create_user(f"the-{role}", is_staff=role != "stranger")
        person.groups.set(Group.objects.filter(name=role.replace("_", " ").capitalize()))
    User.objects.get(username="the-inactive").groups.set(Group.objects.filter(name__in=["Author", "Publisher"]))
    clients = {role: Client() for role in ROLES}
    for role in set(ROLES) - {"anonymous"}:
        clients[role].force_login(User.objects.get(username=f"the-{role}"))
    User.objects.filter(username="the-inactive").update(is_active=False)
    return clients


Arguments = Callable[[World], dict]


DELETING = {"post": "yes", "action": "delete_selected"}


@dataclass(frozen=True)
class May:
    """A line: who gets the page, whose POST changes something, and how one asks for it and what is then sent."""

    see: frozenset[str] = NONE
    change: frozenset[str] = NONE
    where: Arguments = field(default=lambda world: {})
    query: Arguments = field(default=lambda world: {})
    send: Callable[[World, str], dict] = field(default=lambda world, address: DELETING)
    answered: frozenset[str] | None = None  # whose POST gets an answer, where one changes nothing that is watched


def item(name: str, **more) -> Arguments:
    return lambda world: {"object_id": world.items[name].pk} | more


def first(model, **more) -> Arguments:
    return lambda world: {"object_id": model.objects.order_by("pk").first().pk} | more


def person(name: str) -> Arguments:
    return lambda world: {"object_id": User.objects.get(username=f"the-{name}").pk}


def shown(model, see: frozenset[str] = EDITORS, where: Arguments | None = None) -> dict[str, May]:
    """The five pages that Django gives a model whose rows nobody changes here."""
    name, where = f"content_app_{model._meta.model_name}", where or first(model)
    return {
        f"{name}_changelist": May(see),
        f"{name}_csv": May(see),
        f"{name}_add": May(),
        f"{name}_history": May(see, where=where),
        f"{name}_delete": May(where=where),
        f"{name}_change": May(see, where=where),
    }
