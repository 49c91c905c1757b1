"""A shop in this process, and somebody who asks it."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from simulators.woocommerce import ApiKey, ShopSettings, Simulator

HOME = "https://store.test"
NOON = 1_795_435_200.0  # 2026-11-23 12:00 UTC


class Client:
    """Speaks to wc/v3 with a key, Basic over https. `status` is what must be answered."""

    def __init__(self, simulator: Simulator, key: ApiKey | None = None) -> None:
        self.simulator = simulator
        self.shop = simulator.shop
        own = key or simulator.shop.keys[0]
        self.http = httpx2.Client(
            transport=simulator.transport(),
            base_url=f"{HOME}/wp-json/wc/v3/",
            auth=(own.key, own.secret),
        )

    def ask(self, method: str, path: str, body: Any = None, **more: Any) -> httpx2.Response:
        return self.http.request(method, path, json=body, **more)

    def get(self, path: str, status: int = 200) -> Any:
        return self._checked("GET", path, None, status)

    def post(self, path: str, body: Any, status: int = 201) -> Any:
        return self._checked("POST", path, body, status)

    def put(self, path: str, body: Any, status: int = 200) -> Any:
        return self._checked("PUT", path, body, status)

    def delete(self, path: str, status: int = 200) -> Any:
        return self._checked("DELETE", path, None, status)

    def _checked(self, method: str, path: str, body: Any, status: int) -> Any:
        answer = self.ask(method, path, body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def order(self, product_id: int, quantity: int = 1, **more: Any) -> Any:
        line = {"product_id": product_id, "quantity": quantity}
        return self.post("orders", {"set_paid": True, "line_items": [line], **more})


@pytest.fixture
def new_shop() -> Callable[..., Client]:
    def make(**settings: Any) -> Client:
        return Client(Simulator(ShopSettings(**{"home": HOME, "starts_at": NOON, **settings})))

    return make


@pytest.fixture
def client(new_shop: Callable[..., Client]) -> Client:
    return new_shop()
