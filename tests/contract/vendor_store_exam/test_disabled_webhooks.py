"""A webhook that the shop has disabled is made anew, and the old one goes, in every generation."""

import pytest

from longshore.stores.http import GuardedClient
from simulators.woocommerce import ShopSettings, Simulator
from simulators.woocommerce.versions import version_of
from support.exam_shop import ExamShop

URL = "https://hub.example.org/hooks/woocommerce/1/"


@pytest.mark.parametrize("version", ["2.3.13", "2.4.13", "2.5.5", "2.6.14", "3.2.6", "9.9.5"])
def test_a_disabled_webhook_is_made_anew_and_the_old_one_goes(version: str):
    simulator = Simulator(ShopSettings(home="https://shop.test", version=version_of(version)))
    simulator.deliveries.send = lambda *_: 200
    with GuardedClient(transport=simulator.transport()) as client:
        shop = ExamShop(version, simulator.address, simulator.key, simulator.secret, client, 0.0)
        shop.store.ensure_webhooks(["order.updated"], URL, "fake-secret")
        (row,) = simulator.shop.webhooks.rows.values()
        row.status = "disabled"
        report = shop.store.ensure_webhooks(["order.updated"], URL, "fake-secret")
        assert list(report.replaced) == ["order.updated"]
        (again,) = simulator.shop.webhooks.rows.values()
        assert (again.status, again.id == row.id) == ("active", False)
        again.status = "disabled"
        assert shop.store.remove_webhooks(URL) == 1
