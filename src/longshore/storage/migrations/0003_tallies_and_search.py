"""Counts kept by triggers, and the indexes of the search (`storage.tallies_sql`, `search_sql`)."""

from django.db import migrations

from longshore.storage import search_sql, tallies_sql


class Migration(migrations.Migration):
    dependencies = [("storage", "0002_job_queue")]
    operations = [*tallies_sql.operations(), *search_sql.operations()]
