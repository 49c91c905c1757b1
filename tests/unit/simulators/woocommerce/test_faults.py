"""Setting faults: names, values, counts, matches. What each does: see `test_faults_*`."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simulators.woocommerce import Simulator
from simulators.woocommerce.faults.table import KINDS

NewShop = Callable[..., Any]


def statuses(client: Any, count: int, path: str = "orders") -> list[int]:
    return [client.ask("GET", path).status_code for _ in range(count)]


def test_every_fault_has_its_test() -> None:
    texts = [path.read_text() for path in Path(__file__).parent.glob("test_faults_*.py")]
    pattern = re.compile(r"^def test_(\w+)\(", re.MULTILINE)
    tested = {name for text in texts for name in pattern.findall(text)}
    assert KINDS.keys() - tested == set()


def test_every_fault_says_what_it_does_and_why() -> None:
    for kind in KINDS.values():
        assert kind.line, kind.name
        assert re.fullmatch(r"[A-Z]\d\d(-D\d\d)?b?( [A-Z]\d\d(-D\d\d)?b?)*", kind.row), kind.name


def test_times_and_after(client: Any) -> None:
    client.simulator.faults.add("burst_5xx", times=2, after=1)
    assert statuses(client, 5) == [200, 503, 503, 200, 200]
    assert len(client.simulator.faults) == 0


def test_match_looks_at_method_and_address(client: Any) -> None:
    client.simulator.faults.add("burst_5xx", match="^GET .*orders")
    assert statuses(client, 2) == [503, 503]
    assert statuses(client, 1, "products?per_page=1") == [200]
    assert client.ask("POST", "orders", {}).status_code == 201


def test_requests_that_do_not_match_do_not_count(client: Any) -> None:
    client.simulator.faults.add("burst_5xx", times=1, after=1, match="orders")
    assert statuses(client, 3, "products?per_page=1") == [200, 200, 200]
    assert statuses(client, 3) == [200, 503, 200]


def test_several_of_one_kind_bite_in_turn(client: Any) -> None:
    client.simulator.faults.add("burst_5xx", "500", times=1)
    client.simulator.faults.add("burst_5xx", "502", times=1)
    assert statuses(client, 3) == [500, 502, 200]


def test_clearing_one_kind_or_all(client: Any) -> None:
    faults = client.simulator.faults
    faults.add("bom")
    faults.add("burst_5xx")
    faults.clear("burst_5xx")
    assert [fault.kind for fault in faults.all()] == ["bom"]
    faults.clear()
    assert faults.all() == []


@pytest.mark.parametrize(
    ("text", "kind", "value", "times", "after", "match"),
    [
        ("bom", "bom", "1", None, 0, ""),
        ("rate_limit=30", "rate_limit", "30", None, 0, ""),
        ("hang=5:times=1,after=2,match=orders", "hang", "5", 1, 2, "orders"),
        ("redirect=301,https://other.test", "redirect", "301,https://other.test", None, 0, ""),
        ("fail_if_per_page_gt=50:match=products", "fail_if_per_page_gt", "50", None, 0, "products"),
    ],
)
def test_faults_as_text(
    client: Any, text: str, kind: str, value: str, times: int | None, after: int, match: str
) -> None:
    fault = client.simulator.faults.add_text(text)
    found = (fault.kind, fault.value, fault.times, fault.after, fault.match)
    assert found == (kind, value, times, after, match)


@pytest.mark.parametrize(
    "text",
    [
        "unknown",
        "bom:often=1",
        "negative:times=1",
        "locale=fr:match=x",
        "waf=nobody",
        "role_low=king",
        "mail_log=maybe",
        "latency=long",
    ],
)
def test_faults_that_make_no_sense_are_refused(client: Any, text: str) -> None:
    with pytest.raises(ValueError, match="fault"):
        client.simulator.faults.add_text(text)
    assert len(client.simulator.faults) == 0


def test_mid_scan_faults_count_by_their_value(client: Any) -> None:
    assert client.simulator.faults.add("insert_mid_scan", "3").times == 3


def test_a_shop_without_faults_asks_for_none(new_shop: NewShop) -> None:
    simulator: Simulator = new_shop().simulator
    assert simulator.faults.bite("burst_5xx", "GET /") is None
    assert simulator.faults.value("burst_5xx") is None
