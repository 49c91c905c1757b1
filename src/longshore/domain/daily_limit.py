"""What is true about the daily limit of Shopify: in a shop of 50,000 variants or more an app adds
1,000 a day at most (shopify.dev/docs/apps/build/apis/graphql-admin/rate-limits).
"""

import math
from datetime import date, datetime, timedelta

PER_DAY = 1_000
LIMITED_FOR = timedelta(days=2)
"""After a refusal for so long we count ourselves, so as not to be refused every day."""


def day_begins(now: datetime) -> datetime:
    """Days are counted in UTC; which clock Shopify uses is not told."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def next_day(now: datetime) -> datetime:
    return day_begins(now) + timedelta(days=1, minutes=5)


def finish_date(left: int, now: datetime) -> date:
    """The day on which the last of `left` new variants is added; today nothing more is made."""
    days = max(1, math.ceil(left / PER_DAY))
    return (now + timedelta(days=days)).date()


def allowance(made_today: int, refused_at: datetime | None, now: datetime) -> int | None:
    """How many new variants may be made now, None while the shop is below the limit."""
    if refused_at is None or now - refused_at > LIMITED_FOR:
        return None
    return max(0, PER_DAY - made_today)
