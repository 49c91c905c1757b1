"""Procrastinate's cures (see `storage.job_queue_sql`)."""

from django.db import migrations

from longshore.storage.job_queue_sql import operations


class Migration(migrations.Migration):
    dependencies = [
        ("storage", "0001_initial"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]
    operations = operations()
