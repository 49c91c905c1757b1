"""Walking all pages, as recorded: dates that tie lose rows, ids and titles do not."""

import re

import httpx2
import pytest

from contract.woocommerce_recordings.replay import new_simulator, read
from simulators.woocommerce.versions import NEWEST

RECORDED = read("paging_stability")


def _walk(client: httpx2.Client, query: str) -> tuple[int, int]:
    """The total that is told, and how many distinct ids were seen."""
    seen: set[int] = set()
    page = 0
    while True:
        page += 1
        answer = client.get(f"products?_fields=id&page={page}&{query}")
        rows = answer.json()
        if not rows:
            return int(answer.headers["x-wp-total"]), len(seen)
        seen |= {row["id"] for row in rows}


def _client(**settings: object) -> httpx2.Client:
    simulator = new_simulator(1_795_407_300.0, **settings)
    return httpx2.Client(
        transport=simulator.transport(),
        base_url=f"{simulator.address}/wp-json/wc/v3/",
        auth=(simulator.key, simulator.secret),
    )


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_walk_as_recorded(name: str) -> None:
    total, distinct = RECORDED[name]
    per_page = int(re.search(r"per_page=(\d+)", name)[1])
    order = name.partition(" per_page")[0]
    query = f"per_page={per_page}" + ("" if order == "(default)" else f"&{order}")
    got_total, got = _walk(_client(), query)
    assert got_total == total
    if distinct == total:
        assert got == total
    else:
        assert got < total, "rows are lost"
        lost, real = total - got, total - distinct
        assert real / 3 < lost < real * 3 + 10, "about as many as the real shop lost"


def test_a_page_asked_again_is_the_same() -> None:
    client = _client()
    pages = [client.get("products?_fields=id&per_page=20&page=3").json() for _ in range(3)]
    assert pages[0] == pages[1] == pages[2]


def test_newer_versions_lose_nothing() -> None:
    client = _client(version=NEWEST)
    for order in ("date", "modified"):
        assert _walk(client, f"per_page=20&orderby={order}") == (347, 347)
