"""Servers of one deployment: the same keys, tables made once, and a key that is changed without anybody locked out."""

import base64
import os
import re
import subprocess
import sys
import threading
from contextlib import ExitStack

import pytest
from django.core.management import call_command

from content_app.delivery.rest.export import signing_keys
from content_app.models import DeploymentKey
from content_app.operation import shared_keys
from content_app.operation.one_at_a_time import migrating
from tests import postgres, prepared
from tests.live import ROOT, serving
from tests.readers import ask

pytestmark = [pytest.mark.django_db]
OLD, NEW = base64.b64encode(b"o" * 32).decode(), base64.b64encode(b"n" * 32).decode()


def public(key: str) -> str:
    return signing_keys._text(signing_keys._read(key).public_key())


@pytest.fixture(autouse=True)
def first_server(settings, tmp_path):
    settings.VAR_DIR, settings.SECRET_KEY, settings.SIGNING_KEY = tmp_path, "old" * 20, OLD
    settings.SECRET_KEY_FALLBACKS, settings.SIGNING_KEYS_RETIRED = [], []
    shared_keys.agree()


def test_a_second_server_with_the_same_keys_starts():
    shared_keys.agree()
    assert shared_keys.differences() == []


def test_a_server_with_another_secret_key_is_refused_with_what_to_do(settings):
    settings.SECRET_KEY = "new" * 20
    with pytest.raises(shared_keys.Differs, match="SECRET_KEY is not the one .* put the previous one into"):
        shared_keys.agree()


def test_a_server_with_another_signing_key_is_refused_with_what_to_do(settings):
    settings.SIGNING_KEY = NEW
    with pytest.raises(shared_keys.Differs, match="SIGNING_KEY is not the one .* into SIGNING_KEYS_RETIRED"):
        shared_keys.agree()
    assert len(shared_keys.differences()) == 1


def test_keys_are_changed_one_server_after_another(settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new" * 20, ["old" * 20]
    settings.SIGNING_KEY, settings.SIGNING_KEYS_RETIRED = NEW, [public(OLD)]
    shared_keys.agree()
    settings.SECRET_KEY_FALLBACKS = []
    shared_keys.agree()

    settings.SECRET_KEY = "old" * 20  # a server that was forgotten
    with pytest.raises(shared_keys.Differs):
        shared_keys.agree()


def test_after_a_key_was_lost_the_deployment_goes_on_with_another(settings):
    settings.SECRET_KEY = "new" * 20
    call_command("adopt_keys")
    shared_keys.agree()


def test_what_is_noted_says_nothing_about_the_key():
    assert all(re.fullmatch("[0-9a-f]{16}", key.fingerprint) for key in DeploymentKey.objects.all())


@pytest.mark.both_databases
def test_nobody_migrates_while_somebody_does():
    order = []

    def wait() -> None:
        with migrating("default"):
            order.append("second")

    with migrating("default"):
        second = threading.Thread(target=wait)
        second.start()
        second.join(0.3)
        order.append("first")
    second.join(30)
    assert order == ["first", "second"]


@pytest.mark.skipif(postgres.programs() is None, reason=postgres.NOT_INSTALLED)
def test_two_servers_that_start_at_once_on_an_empty_database_both_serve_and_a_third_with_other_keys_does_not(tmp_path):
    same = {"SECRET_KEY": "a secret of the deployment " * 2, "SIGNING_KEY": OLD, "LAYERS": "source_text"}
    with postgres.server(postgres.programs()) as database, ExitStack() as stack:
        servers, threads = {}, []

        def start(name: str) -> None:
            folder = tmp_path / name
            folder.mkdir()
            prepared.static_files_for(folder)
            environment = same | {"VAR_DIR": str(folder), "DATABASE_URL": database}
            servers[name] = stack.enter_context(serving(environment))

        for name in ("one", "other"):
            threads.append(threading.Thread(target=start, args=(name,)))
            threads[-1].start()
        for thread in threads:
            thread.join()
        assert {ask(address)[0] for address in servers.values()} == {200}
        assert len({ask(address)[1] for address in servers.values()}) == 1

        done = subprocess.run(
            [sys.executable, "manage.py", "serve"], cwd=ROOT, capture_output=True, text=True,
            env=os.environ | same | {
                "VAR_DIR": str(tmp_path), "DATABASE_URL": database, "PORT": str(postgres.free_port()),
                "SECRET_KEY": "that of another deployment " * 2,
            },
        )  # fmt: skip
        assert done.returncode == 1
        assert "SECRET_KEY is not the one that this database is used with" in done.stderr
