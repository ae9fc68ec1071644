"""The worker beside a server is started again when it dies, and let go when the server ends."""

import logging
import sys

from content_app.operation import supervision
from tests.live import wait_until

FOREVER = [sys.executable, "-c", "import time; time.sleep(600)"]


def test_a_worker_that_is_killed_is_started_again_and_the_log_says_so(monkeypatch, caplog):
    monkeypatch.setattr(supervision, "FIRST_PAUSE", 0.05)
    with supervision.kept_running(FOREVER) as supervisor:
        first = supervisor.process
        first.kill()
        wait_until(lambda: supervisor.process is not first)
        assert supervisor.process.poll() is None

    assert supervisor.process.poll() is not None
    assert [record.getMessage() for record in caplog.records] == [
        "The worker ended with -9. It will be restarted in 0.05 seconds."
    ]


def test_the_pause_grows_while_a_worker_dies_at_once(monkeypatch, caplog):
    monkeypatch.setattr(supervision, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(supervision, "LONGEST_PAUSE", 0.03)
    with caplog.at_level(logging.ERROR), supervision.kept_running(["false"]):
        wait_until(lambda: len(caplog.records) >= 4)

    pauses = [record.args[1] for record in caplog.records[:4]]
    assert pauses == [0.01, 0.02, 0.03, 0.03]


def test_a_worker_that_does_not_stop_is_killed(monkeypatch, tmp_path):
    monkeypatch.setattr(supervision, "PATIENCE", 0.5)
    is_deaf = tmp_path / "deaf"
    deaf = (
        "import pathlib, signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        "pathlib.Path(sys.argv[1]).touch(); time.sleep(600)"
    )
    with supervision.kept_running([sys.executable, "-c", deaf, str(is_deaf)]) as supervisor:
        wait_until(is_deaf.exists)

    assert supervisor.process.poll() == -9
