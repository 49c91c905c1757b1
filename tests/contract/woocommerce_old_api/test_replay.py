"""The simulated shop answers the old API as the recorded shops of each release did."""

from typing import Any

import pytest

from contract.woocommerce_old_api.deviations import DEVIATIONS
from contract.woocommerce_old_api.player import Player, differences, recorded, script
from simulators.woocommerce.exchange import Reply

RECORDED = [
    ("2.2.0", "v1"),
    ("2.4.13", "v1"),
    ("2.2.0", "v2"),
    ("2.4.13", "v2"),
    ("2.6.14", "v2"),
    ("3.5.8", "v2"),
    ("2.4.13", "v3"),
    ("2.6.14", "v3"),
    ("3.0.9", "v3"),
    ("3.5.8", "v3"),
    ("4.0.0", "v3"),
]


@pytest.mark.parametrize(("version", "api"), RECORDED)
def test_every_recorded_request_is_answered_as_recorded(version: str, api: str):
    player, answers = Player(version, api), recorded(version, api)
    allowed = [one for one in DEVIATIONS if f"{version} {api}" in one.recordings]
    used: set[str] = set()
    wrong: list[str] = []
    for row in script(api):
        for line in _differences(answers[row["name"]], *player.play(row)):
            known = [one for one in allowed if one.fits(row["name"], line)]
            used |= {one.why for one in known}
            wrong += [] if known else [f"{row['name']}{line}"]
    assert wrong == []
    assert used == {one.why for one in allowed}


def _differences(real: dict[str, Any], reply: Reply, body: Any) -> list[str]:
    if reply.status != real["status"]:
        return [f": {reply.status}, not {real['status']}"]
    found = differences("", real["body"], body) if "body" in real else []
    for name, value in real.get("headers", {}).items():
        if reply.header(name) != value:
            found.append(f".{name}: {reply.header(name)}, not {value}")
    return found
