"""What the shop does later by its own clock: deliveries, images, bulk operations, routing."""

import heapq
import sys
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count

from simulators.shopify.clock import Clock

Job = Callable[[], None]
Entry = tuple[float, int, bool, Job]
"""When, in which order, whether slow, what."""


class Later:
    """Jobs in the order they fall due. While the clock runs a thread does them; while it is stopped
    nobody does, until `settle` is called: tests need no waiting and meet no surprises.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        clock.moved.append(self._wake)
        self._changed = threading.Condition()
        self._waiting: list[Entry] = []
        self._order = count()
        self._busy = 0
        self.closing = threading.Event()
        """Set when the shop ends; who waits for long waits for this."""
        self._thread: threading.Thread | None = None
        self._slow = ThreadPoolExecutor(4, thread_name_prefix="delivery")
        self._own = threading.local()
        self.problems: list[str] = []
        """What went wrong in jobs; it is shown with the shop's state."""

    def after(self, seconds: float, job: Job, *, slow: bool = False) -> None:
        """Runs `job` in so many seconds, counted from when the job fell due that asks for it: a
        clock moved far ahead plays a chain of them as it would have been. `slow` ones talk to
        others and get a thread of a pool.
        """
        with self._changed:
            due = getattr(self._own, "due", self._clock.seconds()) + seconds
            heapq.heappush(self._waiting, (due, next(self._order), slow, job))
            if self._thread is None and not self.closing.is_set():
                self._thread = threading.Thread(target=self._loop, daemon=True, name="later")
                self._thread.start()
            self._changed.notify_all()

    def settle(self) -> None:
        """Runs what is due in the caller's thread; returns when nothing is due or under way."""
        while True:
            with self._changed:
                job = self._due()
                if job is None and self._busy == 0:
                    return
                if job is None:
                    self._changed.wait()
                    continue
                self._busy += 1
            self._run(job)

    def close(self) -> None:
        self.closing.set()
        with self._changed:
            self._waiting.clear()
            self._changed.notify_all()
        self._slow.shutdown(cancel_futures=True)

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _due(self) -> Entry | None:
        """Takes the next job that is due; the caller holds the lock."""
        if (
            self.closing.is_set()
            or not self._waiting
            or self._waiting[0][0] > self._clock.seconds()
        ):
            return None
        return heapq.heappop(self._waiting)

    def _loop(self) -> None:
        while True:
            with self._changed:
                if self.closing.is_set():
                    return
                job = None if self._clock.is_stopped else self._due()
                if job is None:
                    self._changed.wait(self._pause())
                    continue
                self._busy += 1
            if job[2]:
                self._slow.submit(self._run, job)
            else:
                self._run(job)

    def _pause(self) -> float | None:
        """How long nothing will fall due; None: until something changes."""
        if not self._waiting or self._clock.is_stopped:
            return None
        return max(0.001, self._waiting[0][0] - self._clock.seconds())

    def _run(self, entry: Entry) -> None:
        self._own.due = entry[0]
        try:
            entry[3]()
        except Exception as problem:  # noqa: BLE001 - whatever it was, it is shown, the shop goes on
            self.problems.append(f"{type(problem).__name__}: {problem}")
            traceback.print_exc(file=sys.stderr)
        finally:
            del self._own.due
            with self._changed:
                self._busy -= 1
                self._changed.notify_all()
