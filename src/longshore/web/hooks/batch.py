"""Group commit for the webhook intake: deliveries that arrive together share one transaction, and
each is answered only after its own is on disk.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

Item = TypeVar("Item")

LARGEST_BATCH = 200
PATIENCE_S = 5.0
"""Shopify gives up on an answer after 5 s; the sender repeats the delivery then."""


class Batch(Generic[Item]):
    """Calls `write` from one thread with all that waits. A failed write fails every item in it."""

    def __init__(self, write: Callable[[Sequence[Item]], object]) -> None:
        self._write = write
        self._waiting: SimpleQueue[tuple[Item, Future[None]]] = SimpleQueue()
        self._start = threading.Lock()
        self._thread: threading.Thread | None = None

    def put(self, item: Item) -> None:
        """Returns when the item is written. Raises what `write` raised, or TimeoutError."""
        self._ensure_thread()
        done: Future[None] = Future()
        self._waiting.put((item, done))
        done.result(PATIENCE_S)

    def _ensure_thread(self) -> None:
        # Started by the first delivery: a server may fork after this module was imported.
        if self._thread is None or not self._thread.is_alive():
            with self._start:
                if self._thread is None or not self._thread.is_alive():
                    self._thread = threading.Thread(target=self._run, name="intake", daemon=True)
                    self._thread.start()

    def _run(self) -> None:
        while True:
            batch = [self._waiting.get()]
            try:
                while len(batch) < LARGEST_BATCH:
                    batch.append(self._waiting.get_nowait())
            except Empty:
                pass
            self._write_one(batch)

    def _write_one(self, batch: Sequence[tuple[Item, "Future[None]"]]) -> None:
        try:
            self._write([item for item, _ in batch])
        except Exception as error:  # noqa: BLE001 - told to every waiting request
            for _, done in batch:
                done.set_exception(error)
        else:
            for _, done in batch:
                done.set_result(None)
