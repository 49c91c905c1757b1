import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from longshore.web.hooks.batch import Batch


class Disk:
    """Writes when told to; keeps what each write got."""

    def __init__(self) -> None:
        self.writes: list[list[int]] = []
        self.open = threading.Event()
        self.broken = False

    def write(self, items: Sequence[int]) -> None:
        self.open.wait(5)
        if self.broken:
            raise OSError("disk full")
        self.writes.append(list(items))


def test_those_who_wait_together_share_a_write():
    disk = Disk()
    batch = Batch(disk.write)
    with ThreadPoolExecutor(20) as threads:
        waiting = [threads.submit(batch.put, number) for number in range(20)]
        assert not any(one.done() for one in waiting)
        disk.open.set()
        for one in waiting:
            one.result(5)
    assert sorted(number for write in disk.writes for number in write) == list(range(20))
    assert len(disk.writes) < 20


def test_a_failed_write_fails_everyone_in_it_and_the_next_one_works():
    disk = Disk()
    disk.open.set()
    disk.broken = True
    batch = Batch(disk.write)
    with pytest.raises(OSError, match="disk full"):
        batch.put(1)
    disk.broken = False
    batch.put(2)
    assert disk.writes == [[2]]
