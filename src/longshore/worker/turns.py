"""Whose turn it is in a worker: a job that works in slices goes on while nobody waits."""

from longshore import wiring
from longshore.ports.turns import SLICE_S, TimedTurn
from longshore.storage.job_queue import others_wait, store_lock
from longshore.worker.task import release_connection, stopping


def turn_of(name: str, store_id: int, seconds: float = SLICE_S) -> TimedTurn:
    """The turn of the job `name` of a store: so many seconds, and as many again while no other job
    could start in its place, neither the store's nor anybody else's that waits for a thread.
    """

    def prolonged() -> bool:
        if stopping.is_set():
            return False
        waited_for = others_wait(store_lock(store_id), but=f"{name}:{store_id}")
        release_connection()
        return not waited_for

    return TimedTurn(wiring.clock.monotonic, seconds, prolonged)
