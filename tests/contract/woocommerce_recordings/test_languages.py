"""Polylang's free edition as recorded: twins with one SKU, and what its `lang` filters."""

from typing import Any

import httpx2

from contract.woocommerce_recordings.replay import read
from simulators.woocommerce import ShopSettings, Simulator

HOME = "https://127.0.0.1:8444"
"""The recorded shop told another address in its list of languages than it was asked under."""
TOLD = "http://127.0.0.1:8081"
FIRST_COPY = 824
TRANSLATED = range(35, 40)
ENGLISH = range(35, 55)


def shop() -> Simulator:
    """Five products in German too."""
    simulator = Simulator(ShopSettings(home=HOME, plugins=["polylang"]))
    inside = simulator.shop
    for number in ENGLISH:
        inside.edit_product(number, lang="en")
    inside.ids = iter(range(FIRST_COPY, FIRST_COPY + 9))  # type: ignore[assignment] - as recorded
    for number in TRANSLATED:
        row = inside.catalog.require(number)
        name = f"DE {row.name}"
        inside.add_product(name=name, sku=row.sku, lang="de", regular_price=row.regular_price)
    return simulator


def told(value: Any) -> Any:
    """With one address, and without those of the language list."""
    return value.replace(TOLD, HOME) if isinstance(value, str) else value


def test_languages_as_recorded() -> None:
    simulator = shop()
    client = httpx2.Client(transport=simulator.transport(), base_url=HOME)
    rows = read("languages")
    assert len(rows) == 7
    for row in rows:
        auth = None if "pll" in row["path"] else (simulator.key, simulator.secret)
        answer = client.get(row["path"], auth=auth)
        assert answer.status_code == row["status"], row["path"]
        assert answer.headers.get("x-wp-total") == row["total"], row["path"]
        wanted = [{name: told(value) for name, value in one.items()} for one in row["json"]]
        assert answer.json() == wanted, row["path"]
