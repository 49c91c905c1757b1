import pytest
from django.test import Client


@pytest.fixture(autouse=True)
def _plain_static(settings):
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def world(db):
    from support.screens import make_world

    return make_world()


@pytest.fixture
def key_for():
    """A client that sends a key with these scopes."""
    from django.utils import timezone

    from longshore.storage.repositories.api_tokens import make_token

    def make(marketplace_id: int, *scopes: str, **more) -> Client:
        _id, key = make_token(marketplace_id, None, "Test", scopes, timezone.now(), **more)
        return Client(headers={"Authorization": f"Bearer {key}"})

    return make


@pytest.fixture
def program(world, key_for) -> Client:
    """May do everything."""
    from longshore.domain.access import Scope

    return key_for(world.marketplace.pk, *[scope.value for scope in Scope])
