"""Counts kept by triggers, the indexes of the search, the counts of sign-in attempts, and the orders of findings (`storage.tallies_sql`, `search_sql`, `sign_in_sql`, `findings_sql`).
"""

from django.db import migrations

from longshore.storage import findings_sql, search_sql, sign_in_sql, tallies_sql


class Migration(migrations.Migration):
    dependencies = [("storage", "0002_job_queue")]
    operations = [
        *tallies_sql.operations(),
        *search_sql.operations(),
        *sign_in_sql.operations(),
        *findings_sql.operations(),
    ]
