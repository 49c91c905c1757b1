"""The Django application that owns every table."""

from django.apps import AppConfig


class StorageConfig(AppConfig):
    name = "longshore.storage"
    label = "storage"
    default_auto_field = "django.db.models.BigAutoField"
