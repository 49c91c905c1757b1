"""The base of every row that belongs to a marketplace."""

from django.db import models


class Owned(models.Model):
    """A row of one marketplace. Queries start at `marketplace`, so that none is seen by another."""

    marketplace = models.ForeignKey(
        "storage.Marketplace", on_delete=models.CASCADE, related_name="+", db_index=False
    )

    class Meta:
        abstract = True
