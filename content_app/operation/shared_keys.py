"""Servers on one database use the same keys: the first one notes fingerprints there, and others are compared with them.

In: SECRET_KEY and SIGNING_KEY, wherever they come from, with the keys before them. Out: nothing if they are those of
the deployment; else `Differs`, with what to do. A server with another SECRET_KEY could read neither sessions nor second
factors nor webhook secrets, and one with another SIGNING_KEY would sign what nobody can check.

A key is changed by way of the settings for previous keys: a server that knows the noted key as a previous one notes its
own instead.
"""

from django.conf import settings
from django.core.management.base import CommandError
from django.db import transaction

from content_app.delivery.rest.export import signing_keys
from content_app.models import DeploymentKey
from content_app.operation.backup.keys import fingerprint

SENTENCES = {
    DeploymentKey.SECRET: (
        "SECRET_KEY is not the one that this database is used with, so this server could not read its sessions, second "
        "factors and webhook secrets. Set the same SECRET_KEY on every machine. To change it, put the previous one "
        "into SECRET_KEY_FALLBACKS."
    ),
    DeploymentKey.SIGNING: (
        "SIGNING_KEY is not the one that this database is used with, so exports would be signed by two keys. Set the "
        "same SIGNING_KEY on every machine. To change it, put the previous public key, as /api/v1/signing-keys/ shows "
        "it, into SIGNING_KEYS_RETIRED."
    ),
}
LOST = " If the previous key is lost, run: manage.py adopt_keys"


class Differs(CommandError):
    """A key of this server is not that of the deployment. The message says which, and what to do."""


def agree() -> None:
    """Note the keys of this server, or find that they are those noted. Raises `Differs`."""
    said = [SENTENCES[use] for use in _compared(may_note=True)]
    if said:
        raise Differs(" ".join(said) + LOST)


def differences() -> list[str]:
    """A sentence for each key that is not that of the deployment. Changes nothing."""
    return [SENTENCES[use] + LOST for use in _compared(may_note=False)]


def adopt() -> None:
    """Take the keys of this server for those of the deployment, whatever was noted."""
    for use, (own, _) in _own().items():
        DeploymentKey.objects.update_or_create(use=use, defaults={"fingerprint": own})


def _own() -> dict[str, tuple[str, set[str]]]:
    """The fingerprint of each key of this server, and of those before it."""
    signing = [key["id"] for key in signing_keys.published_keys()]
    return {
        DeploymentKey.SECRET: (fingerprint(settings.SECRET_KEY), set(map(fingerprint, settings.SECRET_KEY_FALLBACKS))),
        DeploymentKey.SIGNING: (signing[0], set(signing[1:])),
    }


@transaction.atomic
def _compared(*, may_note: bool) -> list[str]:
    """The uses whose noted key this server does not know. Of two servers that start at once, the second one waits."""
    differing = []
    for use, (own, previous) in _own().items():
        noted = DeploymentKey.objects.select_for_update().filter(use=use).first()
        if noted is None and may_note:
            noted, _ = DeploymentKey.objects.get_or_create(use=use, defaults={"fingerprint": own})
        if noted is None or noted.fingerprint == own:
            continue
        if noted.fingerprint not in previous:
            differing.append(use)
        elif may_note:
            noted.fingerprint = own
            noted.save()
    return differing
