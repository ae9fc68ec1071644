"""Counters that the processes of one machine share."""

import multiprocessing

import pytest

from content_app.delivery.gate.machine_counts import BUCKETS, SIZE, MachineCounts

CLIENT, OTHER = b"one client..", b"another one."


@pytest.fixture
def path(tmp_path):
    return tmp_path / "limits"


def ask(path, times: int) -> None:
    counts = MachineCounts(path)
    for _ in range(times):
        counts.add(CLIENT, 7)


def test_all_processes_together_count_each_request_once(path):
    processes = [multiprocessing.get_context("spawn").Process(target=ask, args=(path, 300)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert MachineCounts(path).add(CLIENT, 7) == 901


def test_each_client_and_each_window_has_a_count_of_its_own(path):
    counts = MachineCounts(path)
    assert [counts.add(CLIENT, 7), counts.add(CLIENT, 7, 5), counts.add(OTHER, 7), counts.add(CLIENT, 8)] == [
        1,
        6,
        1,
        1,
    ]


def test_when_a_bucket_is_full_whoever_was_counted_longest_ago_is_forgotten(path):
    counts = MachineCounts(path)
    clients = [bytes(4) + b"%08d" % number for number in range(9)]
    for window, client in enumerate(clients):
        counts.add(client, window)
    assert counts.add(clients[1], 1) == 2
    assert counts.add(clients[0], 0) == 1


def test_without_a_file_the_process_counts_for_itself(tmp_path):
    counts = MachineCounts(tmp_path / "no-such-folder" / "limits")
    assert [counts.add(CLIENT, 7), counts.add(CLIENT, 7)] == [1, 2]


def test_the_file_is_of_one_size_and_private(path):
    counts = MachineCounts(path)
    for number in range(BUCKETS):
        counts.add(number.to_bytes(4) + b"12345678", 7)
    assert (path.stat().st_size, oct(path.stat().st_mode)[-3:]) == (SIZE, "600")
