"""Shopify's cost bucket as one row that all workers share."""

from typing import Protocol

from django.db import connection

from longshore.storage.postgres import release_connection

_RESERVE = """
UPDATE storage_callbudget SET measured_at = clock_timestamp(),
    available = least(maximum, available + greatest(0,
        extract(epoch FROM clock_timestamp() - measured_at)) * restore_rate) - %s
WHERE storefront_id = %s RETURNING available, restore_rate
"""

_SETTLE = """
UPDATE storage_callbudget SET measured_at = clock_timestamp(), maximum = %(maximum)s,
    restore_rate = %(rate)s,
    available = least(%(available)s, %(reserved)s + least(maximum, available + greatest(0,
        extract(epoch FROM clock_timestamp() - measured_at)) * restore_rate))
WHERE storefront_id = %(storefront)s
"""


class Status(Protocol):
    """The bucket as an answer reports it, in points (`stores.shopify.throttle.ThrottleStatus`)."""

    @property
    def maximum(self) -> float: ...

    @property
    def available(self) -> float: ...

    @property
    def restore_rate(self) -> float: ...


class CallBudgets:
    """Implements `stores.shopify.throttle.SharedBudget`. Time is the database's own, so that
    machines with different clocks agree. A storefront without a row is not held back.
    """

    def __init__(self, storefront_id: int) -> None:
        self._id = storefront_id

    def reserve(self, cost: float) -> float:
        """Takes `cost` points out; returns the seconds to wait before the call may go out."""
        with connection.cursor() as cursor:
            cursor.execute(_RESERVE, [cost, self._id])
            row = cursor.fetchone()
        release_connection()
        if row is None:
            return 0.0
        available, rate = row
        return max(0.0, -float(available) / max(float(rate), 1.0))

    def settle(self, reserved: float, status: Status) -> None:
        """Corrects the bucket by an answer. Points that others reserved for calls still under way
        are not in the answer's number, so it only ever lowers what we believe.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                _SETTLE,
                {
                    "maximum": status.maximum,
                    "rate": max(status.restore_rate, 1.0),
                    "available": status.available,
                    "reserved": reserved,
                    "storefront": self._id,
                },
            )
        release_connection()
