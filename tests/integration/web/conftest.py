from typing import TYPE_CHECKING

import pytest
from django.test import Client

if TYPE_CHECKING:  # models load only after Django is set up, conftests are imported before
    from support.screens import World


@pytest.fixture(autouse=True)
def _plain_static(settings):
    """Pages name static files; that they are there is what the browser tests prove."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def world(db) -> "World":
    from support.screens import make_world

    return make_world()


@pytest.fixture
def owner(world: "World") -> Client:
    client = Client()
    client.force_login(world.owner, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def vendor_person(world: "World") -> Client:
    client = Client()
    client.force_login(world.vendor_user, backend="django.contrib.auth.backends.ModelBackend")
    return client
