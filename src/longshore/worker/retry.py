"""What happens to a job after an error: the error's name says it."""

import random
from datetime import UTC, datetime, timedelta

from django.db import InterfaceError, OperationalError
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job
from psycopg_pool import PoolTimeout

from longshore.ports.errors import LongshoreError, TryLater
from longshore.storage.job_queue import ORDERS, STOCK

FIRST_PAUSE_S = 5.0
LONGEST_PAUSE_S = 900.0
SOON = ((ORDERS, 60.0), (STOCK, 120.0))
"""What people wait for: jobs of this priority and above, with their longest pause in seconds. A job
that was rescued from killed workers was tried often without a fault of its own, and the orders
behind it must not wait for that.
"""
UNEXPECTED_TRIES = 3
"""An error nobody planned is mostly our bug, and repeating it is useless; but every job may run
twice, so a few tries cost nothing and outlast what was only a bad moment.
"""


class NextAction(BaseRetryStrategy):
    """`TryLater` and database outages are tried again for as long as they last; what a person must
    act on is not tried again by itself.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        pause_s = self.pause_s(exception, job.attempts, longest_pause_s(job.priority))
        if pause_s is None:
            return None
        return RetryDecision(retry_at=datetime.now(UTC) + timedelta(seconds=pause_s))

    def pause_s(
        self, error: BaseException, attempts: int, longest_s: float = LONGEST_PAUSE_S
    ) -> float | None:
        """Seconds until the next try, None for none. `attempts` counts the earlier ones; a
        pause that a shop asked for may be longer than `longest_s`.
        """
        if isinstance(error, TryLater):
            return _backoff(attempts, longest_s) if error.after is None else max(error.after, 0.0)
        if isinstance(error, LongshoreError) or not isinstance(error, Exception):
            return None
        if isinstance(error, OperationalError | InterfaceError | PoolTimeout):
            return _backoff(attempts, longest_s)
        return _backoff(attempts, longest_s) if attempts + 1 < UNEXPECTED_TRIES else None


def longest_pause_s(priority: int) -> float:
    """The longest pause before a job of this priority is tried again by itself."""
    return next((pause_s for level, pause_s in SOON if priority >= level), LONGEST_PAUSE_S)


def _backoff(attempts: int, longest_s: float) -> float:
    """Doubles up to a limit; the random half keeps many jobs from coming back at once."""
    full: float = min(longest_s, FIRST_PAUSE_S * 2 ** min(attempts, 10))
    return full * random.uniform(0.5, 1.0)  # noqa: S311 - no secret
