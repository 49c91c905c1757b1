"""The pages on which an owner lets an application have a key, as recorded."""

import json
import re
from typing import Any

from contract.woocommerce_recordings.replay import MAIN, Replay, Row, new_simulator, read

CALLBACK = "https://127.0.0.1:9101/wc-callback"


class Browser:
    """Follows the recorded rows with its own cookie, nonce and answers of the callback."""

    def __init__(self, rows: list[Any]) -> None:
        self.replay = Replay("wc_auth", new_simulator(rows[0]["answer"]["at"]))
        self.replay.simulator.site.wc_auth.send = self._send
        self.answers = 200
        self.received: list[tuple[str, dict[str, str], bytes]] = []
        self._cookie = ""
        self._nonce = ""

    def _send(self, address: str, headers: dict[str, str], body: bytes) -> int:
        if address != CALLBACK:
            return 0
        self.received.append((address, headers, body))
        return self.answers

    def visit(self, row: Row) -> list[str]:
        if row["name"].startswith("authorize"):
            self._cookie = ""
        asked = json.loads(json.dumps(row))
        asked["ask"]["path"] = re.sub(
            r"wc_auth_nonce=\w+", f"wc_auth_nonce={self._nonce}", asked["ask"]["path"]
        )
        asked["answer"]["texts"] = [
            re.sub(r"wc_auth_nonce=\w+", "wc_auth_nonce=", text)
            for text in row["answer"].get("texts", ())
        ]
        if self._cookie:
            asked["ask"].setdefault("headers", {})["Cookie"] = self._cookie
        if row["ask"]["method"] == "POST":
            asked["ask"].setdefault("headers", {})["Content-Type"] = (
                "application/x-www-form-urlencoded"
            )
        answer = self.replay.ask(asked)
        if "set-cookie" in answer.headers:
            self._cookie = answer.headers["set-cookie"].partition(";")[0]
        nonce = re.search(r"wc_auth_nonce=(\w+)", answer.text)
        self._nonce = nonce[1] if nonce else self._nonce
        return self._compared(asked, answer)

    def _compared(self, row: Row, answer: Any) -> list[str]:
        recorded = row["answer"]
        found: list[str] = []
        if answer.status_code != recorded["status"]:
            found.append(f"status {answer.status_code}, not {recorded['status']}")
        found += [
            f"{name}: {answer.headers.get(name)}"
            for name in ("Location", "X-Redirect-By", "Content-Type")
            if answer.headers.get(name) != recorded["headers"].get(name)
        ]
        text = re.sub(r"wc_auth_nonce=\w+", "wc_auth_nonce=", answer.text)
        return found + [f"lacks {one}" for one in recorded["texts"] if one not in text]


def test_pages_and_callbacks_as_recorded() -> None:
    rows = read("wc_auth")
    browser = Browser(rows)
    keys = browser.replay.simulator.shop.keys
    different = {}
    for place, row in enumerate(rows):
        if "received" in row:
            _, headers, body = browser.received.pop()
            assert headers == row["received"]["headers"]
            made, recorded = json.loads(body), json.loads(row["received"]["body"])
            assert list(made) == list(recorded)
            assert (made["user_id"], made["key_permissions"]) == ("vendor-42nonce", "read_write")
            kept = any(key.key == made["consumer_key"] for key in keys)
            assert kept == (row["received"]["answered"] == 200), (
                "anything but 200 takes the key back"
            )
            continue
        later = rows[place + 1] if place + 1 < len(rows) else {}
        browser.answers = later.get("received", {}).get("answered", 200)
        found = browser.visit(row)
        if found:
            different[f"{place} {row['name']}"] = found
    assert different == {}
    assert browser.received == []


def test_the_key_that_was_sent_works() -> None:
    rows = read("wc_auth")
    browser = Browser(rows)
    for row in rows[:5]:
        browser.visit(row)
    made = json.loads(browser.received[0][2])
    keys = browser.replay.simulator.shop.keys
    assert keys[-1].key == made["consumer_key"]
    assert keys[-1].secret == made["consumer_secret"]
    assert browser.replay.simulator.settings.home == MAIN
