"""The shop's clock and what it does later."""

import threading

import pytest

from simulators.shopify.clock import Clock
from simulators.shopify.later import Later


@pytest.fixture
def clock() -> Clock:
    made = Clock()
    made.stop()
    return made


@pytest.fixture
def later(clock: Clock):
    made = Later(clock)
    yield made
    made.close()


def test_a_stopped_clock_moves_only_when_told(clock: Clock):
    before = clock.now()
    assert clock.now() == before
    clock.forward(60)
    assert (clock.now() - before).total_seconds() == 60
    clock.go_on()
    first = clock.seconds()
    assert clock.seconds() >= first


def test_nothing_happens_before_its_time_nor_without_being_asked(clock: Clock, later: Later):
    done: list[str] = []
    later.after(5, lambda: done.append("five"))
    later.after(0, lambda: done.append("now"))
    assert done == []
    later.settle()
    assert done == ["now"]
    clock.forward(5)
    later.settle()
    assert done == ["now", "five"]


def test_a_chain_is_played_as_it_would_have_been(clock: Clock, later: Later):
    done: list[int] = []

    def step(number: int) -> None:
        done.append(number)
        later.after(10, lambda: step(number + 1))

    later.after(10, lambda: step(1))
    later.after(25, lambda: done.append(-25))
    clock.forward(45)
    later.settle()
    assert done == [1, 2, -25, 3, 4]


def test_while_the_clock_runs_nobody_has_to_ask():
    clock = Clock()
    later = Later(clock)
    done = threading.Event()
    later.after(3600, done.set, slow=True)
    clock.forward(3600)
    assert done.wait(10)
    later.settle()
    later.close()


def test_what_goes_wrong_is_kept_and_the_others_go_on(later: Later, capsys):
    done: list[int] = []
    later.after(0, lambda: 1 / 0)
    later.after(0, lambda: done.append(1))
    later.settle()
    assert (done, later.problems) == ([1], ["ZeroDivisionError: division by zero"])
    assert "ZeroDivisionError" in capsys.readouterr().err
