"""An order whose answer is lost is found again by our reference, in every generation of the API,
once it carries it.
"""

from datetime import timedelta

import pytest

from longshore.domain.orders import StoreOrderState
from longshore.ports.errors import TryLater
from longshore.stores.http import GuardedClient
from simulators.woocommerce import ShopSettings, Simulator
from simulators.woocommerce.versions import version_of
from support.exam_shop import ExamShop, now

REFERENCE = "LS-LOST1"


@pytest.mark.parametrize("fault", ["commit_then_timeout", "commit_then_502", "truncated"])
@pytest.mark.parametrize("version", ["2.2.0", "2.3.13", "2.4.13", "2.5.5", "9.9.5"])
def test_a_lost_order_is_found_once_it_is_whole(version: str, fault: str):
    settings = ShopSettings(home="https://shop.test", version=version_of(version), products=30)
    simulator = Simulator(settings)
    with GuardedClient(transport=simulator.transport()) as client:
        shop = ExamShop(version, simulator.address, simulator.key, simulator.secret, client, 0.0)
        draft, began = shop.draft(REFERENCE, (shop.tracked(), 1)), now() - timedelta(minutes=1)
        simulator.faults.add(fault, times=1, match="^POST")
        with pytest.raises(TryLater) as caught:
            shop.order(draft)
        assert caught.value.maybe_done
        half = shop.store.find_order(REFERENCE, began)
        assert half is None or fault == "truncated" or half.state is StoreOrderState.PENDING
        simulator.shop.clock.advance(10)
        found = shop.store.find_order(REFERENCE, began)
        assert found is not None
        assert found.state is StoreOrderState.PROCESSING
        assert len(simulator.shop.orders) == 1
