"""The doctor connects every release within its budget, by the newest API that it has."""

import pytest

from contract.doctor.test_verdicts import HOME, MOST_FOR_VERDICT, MOST_IN_ALL, Meddled
from longshore.ports.doctor import Order
from longshore.stores.http import GuardedClient
from longshore.stores.woocommerce import Doctor
from simulators.woocommerce import ShopSettings, Simulator
from simulators.woocommerce.versions import version_of

DIALECTS = {
    "v2 of 2.2": ("2.2.0", "2.2.8", "2.2.11"),
    "v2": ("2.3.0", "2.3.13"),
    "v3": ("2.4.0", "2.4.13", "2.5.5"),
    "wc/v1": ("2.6.0", "2.6.14"),
    "wc/v2": ("3.0.0", "3.0.9", "3.2.6", "3.3.5", "3.4.8"),
    "wc/v3": (
        *("3.5.0", "3.5.8", "4.0.0", "4.4.1", "5.0.0", "5.7.2", "5.8.0", "6.5.1", "7.1.0"),
        *("8.9.3", "9.0.0", "9.9.5", "10.0.4", "10.2.2", "10.3.0", "10.5.2", "10.9.0", "11.1.0"),
    ),
}
RELEASES = [(one, name) for name, releases in DIALECTS.items() for one in releases]


@pytest.mark.parametrize("door", ["https", "http", "plain"])
@pytest.mark.parametrize(("version", "dialect"), RELEASES)
def test_every_release_is_connected_within_the_budget(version: str, dialect: str, door: str):
    simulator = Simulator(
        ShopSettings(
            home="http://shop.test" if door == "http" else HOME,
            version=version_of(version),
            pretty_permalinks=door != "plain",
            products=30,
            variable=3,
        )
    )
    steps: list[int] = []
    before = simulator.shop.catalog.version
    way = Meddled(simulator.transport(), None)
    with GuardedClient(transport=way) as client:
        doctor = Doctor(client, pause_s=0, sleep=lambda _: None)
        order = Order(simulator.address, simulator.key, simulator.secret)
        found = doctor.examine(
            order, lambda step: steps.append(len(way.seen)) if step.name == "rights" else None
        )
    assert found.connected, found.verdict
    assert found.profile is not None
    assert found.profile.dialect == dialect
    assert found.profile.platform_version in {version, ""}
    looked = 1 if door == "plain" else 0  # one more door where addresses are not pretty
    assert steps[0] <= MOST_FOR_VERDICT + looked
    assert found.requests == len(way.seen) <= MOST_IN_ALL
    assert simulator.shop.catalog.version == before
    assert not simulator.shop.orders
    assert not simulator.shop.webhooks.rows
