"""A timed sale, as recorded: `on_sale` follows the clock, `price` waits for the cron."""

from datetime import UTC, datetime
from typing import Any

import httpx2

from contract.woocommerce_recordings.replay import new_simulator, read


def _second(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def test_sale_as_recorded() -> None:
    recorded = {name: body for step in read("scheduled_sale") for name, body in step.items()}
    first = recorded["scheduled, not started"]
    simulator = new_simulator(_second(first["date_modified_gmt"]))
    client = httpx2.Client(transport=simulator.transport(), auth=(simulator.key, simulator.secret))
    address = f"{simulator.address}/wp-json/wc/v3/products/35"
    names = ("regular_price", "sale_price", "date_on_sale_from_gmt", "date_on_sale_to_gmt")
    client.put(address, json={name: first[name] for name in names})

    def shown() -> dict[str, Any]:
        body = client.get(address).json()
        return {name: body[name] for name in first}

    clock = simulator.shop.clock
    starts, ends = _second(first["date_on_sale_from_gmt"]), _second(first["date_on_sale_to_gmt"])
    assert shown() == first
    clock.hold(starts + 1)
    assert shown() == recorded["start passed, cron not run"]
    clock.hold(_second(recorded["cron run"]["date_modified_gmt"]))
    simulator.cron()
    assert shown() == recorded["cron run"]
    clock.hold(ends + 1)
    assert shown() == recorded["end passed, cron not run"]
    clock.hold(_second(recorded["cron run after end"]["date_modified_gmt"]))
    simulator.cron()
    assert shown() == recorded["cron run after end"]
