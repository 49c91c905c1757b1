"""Pages on their way: as many at a time as the pace allows, a few ready before they are needed."""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from longshore.domain.pacing import MOST_AT_A_TIME, Pace
from longshore.stores.woocommerce.client import Page

Fetch = Callable[[int, int], Page]
"""(offset, limit) -> the page"""
READY = 4
"""Pages that may wait to be worked on: bounds the memory of a walk."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A page on its way, when it was asked for, and as which of all."""

    offset: int
    limit: int
    at: datetime
    page: Future[Page]
    number: int

    def true_since(self, page: Page) -> datetime:
        """The time that the page's rows speak of."""
        return self.at_time(self.at, page)

    @staticmethod
    def at_time(at: datetime, page: Page) -> datetime:
        """The same of a page asked for at that time: a cache between us and the shop makes it
        earlier.
        """
        return at - timedelta(seconds=page.age_s)


class PagesAhead:
    """Asks for one page after the other from an offset on. An answer frees its place at once, also
    while the caller is busy. After `close` nothing new is asked for ahead, but what was asked for
    is waited for: a page that is thrown away was a request for nothing. `total` is how many rows
    there were at last, None before the first page.
    """

    def __init__(
        self, fetch: Fetch, pace: Pace, total: int | None, now: Callable[[], datetime]
    ) -> None:
        self._fetch = fetch
        self._pace = pace
        self._now = now
        self._lock = threading.RLock()  # a page that is here at once calls back on our thread
        self._waiting: deque[Asked] = deque()
        self._flying = 0
        self._next = 0
        self._total = total
        self._closed = False
        self.asked = 0
        self._threads = ThreadPoolExecutor(MOST_AT_A_TIME, thread_name_prefix="page")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
        self.forget()
        self._threads.shutdown(wait=True)

    def at(self, offset: int) -> Asked:
        """The page at this offset, asked for now unless it is on its way."""
        with self._lock:
            if not self._waiting or self._waiting[0].offset != offset:
                self._drop()
                self._ask_ahead(offset)
            asked = self._waiting.popleft()
            self._next = asked.offset + asked.limit - 1
            self._fill()
            return asked

    def again(self, asked: Asked) -> Asked:
        """Asks for the same page once more; those behind it stay."""
        with self._lock:
            once_more, listen = self._ask(asked.offset, asked.limit)
            listen()
            return once_more

    def ready(self, offset: int) -> bool:
        """Whether the page at this offset is here already."""
        with self._lock:
            first = self._waiting[0] if self._waiting else None
            return first is not None and first.offset == offset and first.page.done()

    def close(self) -> None:
        """Asks for nothing new ahead."""
        with self._lock:
            self._closed = True

    def drained(self, offset: int) -> bool:
        """Whether it is closed and no further page is on its way."""
        with self._lock:
            expected = bool(self._waiting) and self._waiting[0].offset == offset
            return self._closed and not expected

    def forget(self) -> None:
        """Drops what was asked for ahead."""
        with self._lock:
            self._drop()

    # --- under the lock ---

    def _drop(self) -> None:
        for asked in self._waiting:
            asked.page.cancel()
        self._waiting.clear()

    def _ask_ahead(self, offset: int) -> None:
        asked, listen = self._ask(offset, self._pace.page_size)
        self._waiting.append(asked)
        listen()

    def _ask(self, offset: int, limit: int) -> tuple[Asked, Callable[[], None]]:
        """The page, and what is to be called once it stands in its place: a page that is here at
        once makes room for the next.
        """
        self._flying += 1
        self.asked += 1
        together = self._flying
        page = self._threads.submit(self._fetch, offset, limit)
        asked = Asked(offset, limit, self._now(), page, self.asked)

        def listen() -> None:
            page.add_done_callback(lambda came: self._came(came, together, limit))

        return asked, listen

    def _fill(self) -> None:
        """Asks for the pages after the last one, while the pace and the time allow it. How many
        there are is known from the first one.
        """
        while not self._closed and self._total is not None and self._flying < self._pace.at_a_time:
            last = self._waiting[-1] if self._waiting else None
            offset = last.offset + last.limit - 1 if last else self._next
            there_is_more = offset < self._total - 1
            if len(self._waiting) >= self._pace.at_a_time + READY or not there_is_more:
                return
            self._ask_ahead(offset)

    def _came(self, page: Future[Page], together: int, limit: int) -> None:
        """Runs on the thread where the page came in, or was canceled."""
        with self._lock:
            self._flying -= 1
            if page.cancelled() or page.exception() is not None:
                return
            found = page.result()
            self._pace.answered(found.elapsed_s, together, limit)
            # Without a count nobody knows whether there is a further page.
            self._total = found.total if found.total >= 0 else None
            if self._waiting or self._next:
                self._fill()
