from collections.abc import Callable
from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest
from django.test import Client

if TYPE_CHECKING:  # models load only after Django is set up, conftests are imported before
    from django.contrib.auth.models import User

    from support.screens import World


@pytest.fixture(autouse=True)
def _plain_static(settings):
    """Pages name static files; that they are there is what the browser tests prove."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def _cheap_passwords(settings):
    """Hashing is slow on purpose; nothing here depends on how slow."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def world(db) -> "World":
    from support.screens import make_world

    return make_world()


@pytest.fixture
def signed_in() -> "Callable[[User | None], Client]":
    def into(user: "User | None") -> Client:
        client = Client()
        if user is not None:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return into


@pytest.fixture
def owner(world: "World", signed_in) -> Client:
    return signed_in(world.owner)


@pytest.fixture
def vendor_person(world: "World", signed_in) -> Client:
    return signed_in(world.vendor_user)


@pytest.fixture
def post(world: "World", monkeypatch: pytest.MonkeyPatch) -> list[EmailMessage]:
    """A marketplace that can send mail; what it hands over."""
    from dataclasses import replace

    from longshore import settings

    known = replace(settings.load(), public_url="https://hub.example")
    monkeypatch.setattr(settings, "load", lambda: known)
    sent = list[EmailMessage]()
    monkeypatch.setattr("longshore.mail._send", lambda _, one, *__: sent.append(one))
    world.marketplace.mail_url = "smtps://user:fake@mail.example"
    world.marketplace.mail_from = "hub@hub.example"
    world.marketplace.save()
    return sent
