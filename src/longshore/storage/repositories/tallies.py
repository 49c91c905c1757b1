"""Folding the counts that triggers keep, so that they stay a few rows."""

from django.db import connection, transaction

from longshore.storage.tallies_sql import FOLD


@transaction.atomic
def fold_tallies() -> None:
    """May run at any time, also twice at once: what a count says never changes by it."""
    with connection.cursor() as cursor:
        cursor.execute(FOLD)
