"""Webhooks as recorded: what is sent when, by whom signed, and when the shop gives up."""

import base64
import hashlib
import hmac
import json
import re
from dataclasses import dataclass, field
from typing import Any

from contract.woocommerce_recordings.deviations import DEVIATIONS
from contract.woocommerce_recordings.replay import (
    PLAIN_HTTP,
    Replay,
    Row,
    compare,
    new_simulator,
    read,
)
from contract.woocommerce_recordings.scenes import SCENES

SECRET = b"hub-secret"
UNREACHABLE = "http://127.0.0.1:9102"


@dataclass
class Receiver:
    """Where the recorded shop delivered to."""

    answers: int = 200
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def __call__(self, address: str, headers: dict[str, str], body: bytes) -> int:
        if address.startswith(UNREACHABLE):
            return 0
        self.got.append((address, headers, body))
        return self.answers

    def taken(self) -> list[tuple[str, dict[str, str], bytes]]:
        found, self.got = self.got, []
        return found


def _played() -> tuple[Replay, Receiver]:
    rows = read("webhooks")
    replay = Replay("webhooks", new_simulator(rows[0]["answer"]["at"]), DEVIATIONS)
    receiver = Receiver()
    replay.simulator.deliveries.send = receiver
    SCENES["webhooks"](replay)
    return replay, receiver


def _groups(rows: list[Any]) -> list[tuple[Row, list[Row]]]:
    """Each request with the deliveries that followed it."""
    found: list[tuple[Row, list[Row]]] = []
    for row in rows:
        if "ask" in row:
            found.append((row, []))
        elif row["name"] != "ping on creation":
            found[-1][1].append(row["received"])
    return found


def _wrong(received: Row, got: tuple[str, dict[str, str], bytes]) -> list[str]:
    address, headers, body = got
    wrong = [] if address.endswith(received["path"]) else [f"address {address}"]
    for name, value in received["headers"].items():
        if name in {"X-WC-Webhook-Signature", "X-WC-Webhook-Delivery-ID"}:
            if name not in headers:
                wrong.append(f"no {name}")
        elif headers.get(name) != value:
            wrong.append(f"{name}: {headers.get(name)}, not {value}")
    expected = received["body"]
    wrong += compare(
        "", json.loads(expected) if isinstance(expected, str) else expected, json.loads(body)
    )
    made = base64.b64encode(hmac.new(SECRET, body, hashlib.sha256).digest()).decode()
    if headers["X-WC-Webhook-Signature"] != made:
        wrong.append("signature")
    return wrong


def _all_wrong(received: list[Row], got: list[tuple[str, dict[str, str], bytes]]) -> list[str]:
    """Deliveries of one run come in any order."""
    if len(got) != len(received):
        return [f"{len(got)} deliveries, not {len(received)}: {[one[0] for one in got]}"]
    made = sorted(got, key=lambda one: (one[0], json.loads(one[2]).get("id", 0)))
    wanted = sorted(received, key=lambda one: (one["path"], one["body"].get("id", 0)))
    return [text for one, other in zip(wanted, made, strict=True) for text in _wrong(one, other)]


def test_deliveries_as_recorded() -> None:
    replay, receiver = _played()
    different: dict[str, list[str]] = {}
    failing = True
    for number, (row, received) in enumerate(_groups(read("webhooks"))):
        found = replay.differences(row)
        receiver.got = [one for one in receiver.got if one[1]["Content-Type"] == "application/json"]
        assert receiver.got == [], "nothing is sent before the cron runs"
        failing = failing and row["name"] != "re-activate"
        refused = row["name"] == "/products/49"
        receiver.answers = 500 if refused and failing else 200
        if received or "products/48" not in row["ask"]["path"]:  # five quick changes, one delivery
            replay.simulator.settings.home = PLAIN_HTTP
            replay.simulator.cron()
        got = receiver.taken()
        if not refused:  # those were not recorded, only what they led to
            found += _all_wrong(received, got)
        if found:
            different[f"{number} {row['name']}"] = found
    assert different == {}
    assert replay.used == {one for one in DEVIATIONS if one.topic == "webhooks"}


def test_ping_as_recorded() -> None:
    replay, receiver = _played()
    recorded = next(
        row["received"] for row in read("webhooks") if row["name"] == "ping on creation"
    )
    assert replay.differences(read("webhooks")[0]) == []
    ((address, headers, body),) = receiver.got
    assert address.endswith(recorded["path"])
    assert body.decode() == recorded["body"]
    assert headers == recorded["headers"]


def test_two_deliveries_within_a_second_carry_one_id() -> None:
    recorded = [
        row["received"]["headers"]
        for row in read("webhooks")
        if row["name"] == "stock through an order (simple+variation)"
    ]
    ids = [one["X-WC-Webhook-Delivery-ID"] for one in recorded if one["X-WC-Webhook-ID"] == "6"]
    assert len(ids) == 2
    assert len(set(ids)) == 1, "as recorded"
    replay, receiver = _played()
    client = replay.simulator
    for row in read("webhooks")[:8]:
        replay.differences(row)
    receiver.taken()
    client.shop.edit_product(47, name="One")
    client.shop.edit_product(48, name="Other")
    client.cron()
    made = [headers["X-WC-Webhook-Delivery-ID"] for _, headers, _ in receiver.got]
    assert len(made) == 2
    assert len(set(made)) == 1
    assert re.fullmatch(r"[0-9a-f]{32}", made[0])


def test_seventh_failure_disables_and_one_more_after_switching_on() -> None:
    replay, receiver = _played()
    simulator = replay.simulator
    replay.differences(read("webhooks")[5])
    row = next(iter(simulator.shop.webhooks.rows.values()))
    receiver.answers = 500
    for number in range(7):
        assert row.status == "active", number
        simulator.shop.edit_product(49, name=f"Name {number}")
        simulator.cron()
    assert row.status == "disabled"
    row.status = "active"
    simulator.shop.edit_product(49, name="Once more")
    simulator.cron()
    assert row.status == "disabled"


def test_a_redirect_counts_as_delivered() -> None:
    replay, receiver = _played()
    replay.differences(read("webhooks")[5])
    row = next(iter(replay.simulator.shop.webhooks.rows.values()))
    for answer, failures in ((500, 1), (500, 2), (302, 0), (500, 1), (0, 2), (204, 0)):
        receiver.answers = answer
        replay.simulator.shop.edit_product(49, name=f"Name {answer} {failures}")
        replay.simulator.cron()
        assert row.failures == failures
