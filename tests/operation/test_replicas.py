"""Readers are answered from a standby, with two real PostgreSQL servers: a streaming one, and one to follow."""

import time
from dataclasses import dataclass

import pytest

from tests import postgres, prepared
from tests.live import serving, wait_until
from tests.publisher import Publisher, publishing
from tests.readers import LIST, ask, never_asked, reading, words_of
from tests.relay import Relay, relay_to

pytestmark = pytest.mark.skipif(postgres.programs() is None, reason=postgres.NOT_INSTALLED)


@dataclass(frozen=True)
class Two:
    """A primary with a standby, a server that knows both, and somebody who publishes."""

    primary: postgres.Server
    standby: postgres.Server
    relay: Relay  # before the standby
    address: str
    publisher: Publisher


@pytest.fixture
def two(tmp_path):
    prepared.static_files_for(tmp_path)
    with postgres.primary(postgres.programs()) as primary:
        prepared.fill_on_postgresql(prepared.EMPTY, primary.address)
        both = f"host=127.0.0.1,127.0.0.1&port={primary.port},{{}}&target_session_attrs"
        with postgres.standby(primary) as standby, relay_to("127.0.0.1", standby.port) as (relay, port):
            both = both.format(standby.port)
            environment = {
                "VAR_DIR": str(tmp_path),
                "DATABASE_URL": f"postgresql://amps@/postgres?{both}=read-write",
                "DATABASE_REPLICA_URLS": f"postgresql://amps@127.0.0.1:{port}/postgres?pool=4",
            }
            with publishing(environment) as publisher:
                publisher.publish("one")
                with serving(environment) as address:
                    yield Two(primary, standby, relay, address, publisher)


def told(two: Two, path: str = LIST) -> set[str]:
    return words_of(ask(two.address, path, **never_asked())[1])


def test_a_replica_that_is_behind_serves_a_whole_older_release_and_not_for_long(two):
    two.standby.ask("SELECT pg_wal_replay_pause()")
    with reading(two.address) as seen:
        two.publisher.publish("two")
        assert told(two) == {"one"}
        assert told(two, f"{LIST}&release=2") == {"two"}
        time.sleep(1)  # the parts of a second are no part of `as_of`
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        assert told(two, f"{LIST}&as_of={now}") == {"two"}
        status, _, headers = ask(two.address, f"{LIST}&release=1")
        assert (status, headers["Content-Release"]) == (200, "1")
        wait_until(lambda: told(two) == {"two"})  # after ten seconds from the primary

        two.standby.ask("SELECT pg_wal_replay_resume()")
        two.publisher.publish("three")
        wait_until(lambda: told(two) == {"three"})

    assert (seen.faults, seen.mixed) == ([], [])
    assert seen.words == {"one", "two", "three"}


def test_a_replica_that_goes_away_makes_no_reader_wait_for_it(two):
    with reading(two.address) as seen:
        two.standby.stop()
        two.publisher.publish("two")
        wait_until(lambda: told(two) == {"two"})
        two.standby.start()
        two.publisher.publish("three")
        wait_until(lambda: told(two) == {"three"})

    assert (seen.faults, seen.mixed) == ([], [])


def test_a_replica_that_falls_silent_costs_its_readers_a_wait_and_no_error(two):
    with reading(two.address) as seen:
        two.relay.is_open.clear()
        two.publisher.publish("two")
        wait_until(lambda: told(two) == {"two"})
        two.relay.is_open.set()
        two.publisher.publish("three")
        wait_until(lambda: told(two) == {"three"})

    assert (seen.faults, seen.mixed) == ([], [])


def test_readers_go_on_without_a_primary_and_editors_once_the_standby_is_promoted(two):
    with reading(two.address) as seen:
        two.primary.stop()
        time.sleep(2)  # so that every process has looked
        assert ask(two.address, "/readyz")[0] == 200
        assert told(two) == {"one"}

        two.standby.promote()
        assert two.publisher.publish("two") == 2
        wait_until(lambda: told(two) == {"two"})
        assert ask(two.address, "/account/login/")[0] == 200

    assert (seen.faults, seen.mixed) == ([], [])
