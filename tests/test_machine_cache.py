"""The cache that the processes of one machine share."""

import multiprocessing

import pytest

from content_app import machine_cache
from content_app.machine_cache import MachineCache


@pytest.fixture
def path(tmp_path):
    return tmp_path / "cache.sqlite3"


@pytest.fixture
def cache(path):
    return MachineCache(str(path), {})


def add(path, queue) -> None:
    queue.put(MachineCache(str(path), {}).add("code", "used", 30))


def test_of_many_processes_that_add_at_once_one_succeeds(path):
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    processes = [context.Process(target=add, args=(path, queue)) for _ in range(4)]
    for process in processes:
        process.start()
    assert sorted(queue.get(timeout=300) for _ in processes) == [False, False, False, True]
    for process in processes:
        process.join()


def test_another_process_reads_what_was_set_and_counts_on(cache, path):
    cache.set("attempts", [1.5, 2.5])
    cache.set("count", 1)
    other = MachineCache(str(path), {})
    assert (other.get("attempts"), other.incr("count"), cache.incr("count", 5)) == ([1.5, 2.5], 2, 7)


def test_what_is_over_is_absent_and_can_be_added_again(cache, monkeypatch):
    cache.set("code", 1, 30)
    now = machine_cache.time.time()
    monkeypatch.setattr(machine_cache.time, "time", lambda: now + 31)
    assert (cache.get("code"), cache.touch("code"), cache.add("code", 2, 30)) == (None, False, True)
    with pytest.raises(ValueError, match="not found"):
        cache.incr("nothing")


def test_what_is_deleted_or_cleared_is_gone(cache):
    cache.set("a", 1)
    cache.set("b", 1)
    assert (cache.delete("a"), cache.delete("a"), cache.get("a", "absent")) == (True, False, "absent")
    cache.clear()
    assert cache.get("b") is None


def test_without_the_file_the_process_remembers_for_itself(tmp_path, caplog):
    cache = MachineCache(str(tmp_path / "no-such-folder" / "cache"), {})
    assert [cache.add("code", 1), cache.add("code", 1), cache.get("code")] == [True, False, 1]
    assert "each process remembers for itself" in caplog.text


def test_only_its_owner_reads_the_file(cache, path):
    cache.set("a", 1)
    assert oct(path.stat().st_mode)[-3:] == "600"
