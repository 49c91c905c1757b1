"""What happens to a job after an error: the error's name says it."""

import random
from datetime import UTC, datetime, timedelta

from django.db import InterfaceError, OperationalError
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job
from psycopg_pool import PoolTimeout

from longshore.ports.errors import LongshoreError, TryLater

FIRST_PAUSE_S = 5.0
LONGEST_PAUSE_S = 900.0
UNEXPECTED_TRIES = 3
"""An error nobody planned is mostly our bug, and repeating it is useless; but every job may run
twice, so a few tries cost nothing and outlast what was only a bad moment.
"""


class NextAction(BaseRetryStrategy):
    """`TryLater` and database outages are tried again for as long as they last; what a person must
    act on is not tried again by itself.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        pause_s = self.pause_s(exception, job.attempts)
        if pause_s is None:
            return None
        return RetryDecision(retry_at=datetime.now(UTC) + timedelta(seconds=pause_s))

    def pause_s(self, error: BaseException, attempts: int) -> float | None:
        """Seconds until the next try, None for none. `attempts` counts the earlier ones."""
        if isinstance(error, TryLater):
            return _backoff(attempts) if error.after is None else max(error.after, 0.0)
        if isinstance(error, LongshoreError) or not isinstance(error, Exception):
            return None
        if isinstance(error, OperationalError | InterfaceError | PoolTimeout):
            return _backoff(attempts)
        return _backoff(attempts) if attempts + 1 < UNEXPECTED_TRIES else None


def _backoff(attempts: int) -> float:
    """Doubles up to a limit; the random half keeps many jobs from coming back at once."""
    full: float = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(attempts, 10))
    return full * random.uniform(0.5, 1.0)  # noqa: S311 - no secret
