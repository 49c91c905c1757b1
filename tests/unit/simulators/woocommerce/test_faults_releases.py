"""Faults of old releases: each test bears the name of its fault."""

from collections.abc import Callable
from typing import Any

import pytest

from simulators.woocommerce.versions import version_of

NewShop = Callable[..., Any]


def old(client: Any, path: str) -> Any:
    return client.http.get(f"{client.shop.home}/wc-api/{path}")


def test_legacy_off(new_shop: NewShop) -> None:
    client = new_shop(version=version_of("2.4.13"))
    assert old(client, "v3/").status_code == 200
    client.simulator.faults.add("legacy_off")
    assert old(client, "v3/").json()["errors"]["code"] == "woocommerce_api_disabled"


@pytest.mark.parametrize(
    ("value", "version", "api"), [("2.2", "2.2", "v2"), ("3.2.6", "3.2.6", "v3")]
)
def test_old_wc(client: Any, value: str, version: str, api: str) -> None:
    client.simulator.faults.add("old_wc", value)
    assert old(client, f"{api}/").json()["store"]["wc_version"].startswith(version)
    with pytest.raises(ValueError, match=r"2\.1\.0 is the oldest"):
        client.simulator.faults.add("old_wc", "1.6")
