"""The people of the stories: their browsers, their patience, and what they do more than once."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # see tests/integration/web/conftest.py
    from playwright.sync_api import Browser, Page, StorageState

FERN, SALT = "Fern Kiln", "Salt & Loom"
OWNER, VENDOR = "ana@example.org", "vik@example.org"
PASSWORD = "fake-password-for-tests"
PATIENCE_S = 150.0
"""For what workers and shops do; a page itself is there at once."""
LOOK_EVERY_MS = 500


class People:
    """Opens a person's browser; what a page's script or the content policy complains of fails."""

    def __init__(self, browser: "Browser", site: str) -> None:
        self._browser, self._site = browser, site
        self.kept: dict[str, StorageState] = {}
        self.wrong: list[str] = []

    def page(self, who: str = "", *, phone: bool = False, script: bool = True) -> "Page":
        """A tab of somebody who is signed in already, or of a stranger."""
        context = self._browser.new_context(
            base_url=self._site,
            viewport={"width": 390, "height": 844} if phone else {"width": 1280, "height": 800},
            has_touch=phone,
            java_script_enabled=script,
            storage_state=self.kept.get(who),
            ignore_https_errors=True,
        )
        context.set_default_timeout(60_000)
        page = context.new_page()
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", lambda line: self._hear(line.text))
        return page

    def keep(self, who: str, page: "Page") -> None:
        self.kept[who] = page.context.storage_state()

    def _hear(self, text: str) -> None:
        if "Content Security" in text:
            self.wrong.append(text)


def until(page: "Page", path: str, *texts: str) -> None:
    """Opens a page again and again until it says all this, as somebody who waits for it would."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        page.goto(path)
        said = page.locator("main").inner_text()
        if all(text in said for text in texts):
            return
        assert time.monotonic() < deadline, f"{path} never said {texts}, but:\n{said[:3000]}"
        page.wait_for_timeout(LOOK_EVERY_MS)


def happens(page: "Page", what: str, look: Callable[[], Any]) -> Any:
    """Waits for something outside the pages, and gives it."""
    deadline = time.monotonic() + PATIENCE_S
    while not (found := look()):
        assert time.monotonic() < deadline, f"never happened: {what}"
        page.wait_for_timeout(LOOK_EVERY_MS)
    return found


def connect_shop(page: "Page", address: str, said: dict[str, Any]) -> None:
    """The address first, then the key; the doctor's steps come live."""
    page.get_by_label("Address of your shop").fill(address)
    page.get_by_role("button", name="Look at my shop").click()
    page.get_by_text("Now approve the connection").wait_for()
    page.get_by_label("Consumer key").fill(f" {said['key']}\n")
    page.get_by_label("Consumer secret").fill(str(said["secret"]))
    page.get_by_role("button", name="Try the key").click()
    page.get_by_text("Your shop is connected").wait_for()
