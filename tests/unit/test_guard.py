"""The guard around native code: nobody waits for it longer than the limit, and what keeps failing is put aside."""

import threading
import time

import pytest

from rag.errors import PutAside, TooSlow
from rag.guard import FAILURES, Guard


class Clock:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def broken() -> int:
    raise RuntimeError("segment 7 is damaged")


def fail(guard: Guard, times: int) -> None:
    for _ in range(times):
        with pytest.raises(RuntimeError):
            guard.run(broken)


def test_work_that_works_is_passed_through() -> None:
    guard = Guard("Modellen", 5)
    assert [guard.run(lambda number=number: number * 2) for number in range(3)] == [0, 2, 4]
    assert (guard.aside, guard.problem) == (False, None)


def test_one_failure_is_no_reason_to_stop() -> None:
    guard = Guard("Modellen", 5)
    fail(guard, FAILURES - 1)
    assert guard.run(lambda: 1) == 1
    fail(guard, FAILURES - 1)
    assert (guard.aside, guard.problem) == (False, None)


def test_after_failures_in_a_row_nothing_is_asked_until_the_rest_is_over() -> None:
    clock = Clock()
    guard = Guard("Modellen", 5, rest=300, clock=clock)
    fail(guard, FAILURES)
    assert guard.aside
    assert guard.problem is not None
    assert "Modellen er sat til side. Den fejlede 3 gange i træk, sidst den " in guard.problem
    with pytest.raises(PutAside):
        guard.run(lambda: 1)
    clock.now = 301
    fail(guard, 1)
    with pytest.raises(PutAside):
        guard.run(lambda: 1)
    clock.now = 602
    assert guard.run(lambda: 1) == 1
    assert (guard.aside, guard.problem) == (False, None)


def test_a_call_that_hangs_is_left_behind_and_no_other_is_started() -> None:
    release = threading.Event()
    guard = Guard("Modellen", 0.1)
    started = time.monotonic()
    with pytest.raises(TooSlow):
        guard.run(lambda: release.wait(60))
    with pytest.raises(PutAside):
        guard.run(lambda: 1)
    assert time.monotonic() - started < 10
    assert guard.problem is not None
    assert "holdt op med at svare" in guard.problem
    release.set()
    deadline = time.monotonic() + 10
    while guard.aside and time.monotonic() < deadline:
        time.sleep(0.01)
    assert guard.run(lambda: 1) == 1


def test_waiting_in_line_is_not_counted_as_a_failure() -> None:
    """Many questions at once make the last ones late; that is no fault of the model."""
    guard = Guard("Modellen", 0.5)
    outcomes: list[str] = []

    def ask() -> None:
        try:
            guard.run(lambda: time.sleep(0.1))
            outcomes.append("done")
        except TooSlow:
            outcomes.append("late")

    threads = [threading.Thread(target=ask) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("late") > FAILURES
    assert "done" in outcomes
    assert guard.problem is None
    assert guard.run(lambda: 1) == 1


def test_the_thread_ends_with_the_guard() -> None:
    guard = Guard("Modellen", 5)
    names: list[threading.Thread] = [guard.run(threading.current_thread)]
    del guard
    names[0].join(10)
    assert not names[0].is_alive()
