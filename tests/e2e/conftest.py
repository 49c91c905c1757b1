"""A browser, a live server with the real static files, and axe on every page."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:  # see tests/integration/web/conftest.py
    from playwright.sync_api import Browser, Page

    from support.screens import World

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Nothing but the test's own server is ever looked up.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, NAMES)), None)
    assert path, "make e2e needs Chromium: install it (Debian: apt-get install chromium)."
    # Playwright's loop runs in this thread; Django would refuse to be called beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield found
        found.close()


@pytest.fixture(scope="session")
def _collected() -> None:
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)


@pytest.fixture
def site(_collected, transactional_db) -> Iterator[str]:
    """The pages as they are served, static files by WhiteNoise (pytest-django's live server would
    answer those itself, by names without their hash).
    """
    from django.db import connections
    from django.test.testcases import LiveServerThread

    server = LiveServerThread("127.0.0.1", static_handler=lambda pages: pages)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()
    connections.close_all()


@pytest.fixture
def world(site: str) -> "World":
    from support.screens import make_world

    return make_world()


@pytest.fixture
def new_page(browser: "Browser", site: str) -> "Iterator[Callable[..., Page]]":
    """Opens tabs; a script error or a breach of the content policy fails the test."""
    contexts: list[Any] = []
    wrong: list[str] = []

    def make(*, dark: bool = False, phone: bool = False, script: bool = True) -> "Page":
        size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 800}
        context = browser.new_context(
            base_url=site,
            viewport=size,
            color_scheme="dark" if dark else "light",
            has_touch=phone,
            java_script_enabled=script,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "console",
            lambda line: wrong.append(line.text) if "Content Security" in line.text else None,
        )
        return page

    yield make
    for context in contexts:
        context.close()
    assert not wrong, wrong


@pytest.fixture
def sign_in(site: str) -> "Callable[[Page, Any], None]":
    """Signs in by a session cookie: the sign-in page has tests of its own."""
    from django.test import Client

    def into(page: "Page", user: Any) -> None:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        cookie = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": site}])

    return into
