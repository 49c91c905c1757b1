"""Forgetting what happened long ago: events of stock lines, runs of writes, settled brakes."""

from datetime import datetime, timedelta

from django.db import connection

from longshore.storage.models import Brake, BrakeState
from longshore.storage.repositories.runs import forget_old_runs

EVENTS_KEPT = timedelta(days=90)
BRAKES_KEPT = timedelta(days=180)
AT_A_TIME = 20_000

_OLD_EVENTS = """
DELETE FROM storage_stockevent WHERE id IN
    (SELECT id FROM storage_stockevent WHERE at < %s ORDER BY id LIMIT %s)
"""


def forget_old_history(now: datetime) -> int:
    """Returns how many rows went. Each statement is short, so that nobody waits for it. What is
    still ignored stays: it says why a value in force is not what the store says.
    """
    gone: int = forget_old_runs(now)
    settled = Brake.objects.filter(closed_at__lt=now - BRAKES_KEPT)
    settled = settled.exclude(state=BrakeState.HELD).filter(changes__isnull=True)
    gone += int(settled.delete()[0])
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_OLD_EVENTS, [now - EVENTS_KEPT, AT_A_TIME])
            count = int(cursor.rowcount)
        gone += count
        if count < AT_A_TIME:
            return gone
