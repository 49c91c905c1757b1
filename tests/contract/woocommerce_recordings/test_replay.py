"""The simulated shop answers what a real one answered: status, headers, every field and value."""

import pytest

from contract.woocommerce_recordings.deviations import DEVIATIONS
from contract.woocommerce_recordings.replay import Deviation, Replay, compare, new_simulator, read
from contract.woocommerce_recordings.scenes import SCENES

TOPICS = (
    "auth",
    "products",
    "date_modified",
    "incremental_sync",
    "orders",
    "plain_permalinks",
    "shipment_tracking",
    "shipment_tracking_hpos_off",
)


def replay_of(topic: str) -> Replay:
    first = next(row for row in read(topic) if "ask" in row)
    replay = Replay(topic, new_simulator(first["answer"]["at"]), DEVIATIONS)
    replay.simulator.deliveries.send = lambda _address, _headers, _body: 200
    if topic in SCENES:
        SCENES[topic](replay)
    return replay


@pytest.mark.parametrize("topic", TOPICS)
def test_topic(topic: str) -> None:
    replay = replay_of(topic)
    rows = [row for row in read(topic) if "ask" in row]
    assert rows
    different = {
        f"{number} {row['name']}": found
        for number, row in enumerate(rows)
        if (found := replay.differences(row))
    }
    assert different == {}
    assert replay.used == {one for one in DEVIATIONS if one.topic == topic}


def test_the_comparison_sees_what_it_is_for() -> None:
    real = {"id": 5, "price": "1.00", "tags": [{"name": "new"}], "parent": None, "sold": False}
    assert list(compare("", real, real)) == []
    for changed, difference in (
        ({**real, "id": "5"}, ".id: '5' is of another type than 5"),
        ({**real, "id": 6}, ".id: 6, not 5"),
        ({**real, "sold": 0}, ".sold: 0 is of another type than False"),
        ({**real, "parent": 0}, ".parent: 0 is of another type than None"),
        ({**real, "tags": []}, ".tags has 0 items, not 1"),
        ({**real, "tags": [{"name": "New"}]}, ".tags[0].name: 'New', not 'new'"),
        ({**real, "more": 1}, ".more is too much"),
        ({name: value for name, value in real.items() if name != "price"}, ".price is missing"),
    ):
        assert list(compare("", real, changed)) == [difference]


def test_a_deviation_hides_only_what_it_names() -> None:
    replay = replay_of("products")
    row = next(row for row in read("products") if row["name"] == "one simple")
    assert replay.differences(row) == []
    replay.simulator.shop.catalog.change(40, sku="OTHER", backorders="yes")
    found = replay.differences(row)
    assert len(found) == 3
    replay.deviations = (Deviation("products", "one simple", r"^\.sku", "for this test"),)
    assert len(replay.differences(row)) == 2
