"""The one Procrastinate app: jobs declare themselves on it, workers run it."""

from procrastinate.contrib.django import app

__all__ = ["app"]
