"""The simulated shop answers below /wp-json/ as the recorded shops of older releases did."""

from typing import Any

import pytest

from contract.woocommerce_old_api.player import differences
from contract.woocommerce_older_rest.deviations import DEVIATIONS
from contract.woocommerce_older_rest.player import RestPlayer, recorded, script
from simulators.woocommerce.exchange import Reply

RECORDED = [
    ("2.6.14", "wc/v1"),
    ("3.0.9", "wc/v1"),
    ("3.0.9", "wc/v2"),
    ("3.5.8", "wc/v2"),
    ("3.5.8", "wc/v3"),
    ("4.0.0", "wc/v3"),
]


@pytest.mark.parametrize(("version", "api"), RECORDED)
def test_every_recorded_request_is_answered_as_recorded(version: str, api: str):
    player, answers = RestPlayer(version, api), recorded(version, api)
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
    found = []
    if "count" in real:
        found += [] if len(body) == real["count"] else [f": {len(body)} rows, not {real['count']}"]
    if "body" in real:
        found += differences("", real["body"], _some(real, body))
    for name, value in real.get("headers", {}).items():
        if reply.header(name) != value:
            found.append(f".{name}: {reply.header(name)}, not {value}")
    return found


def _some(real: dict[str, Any], body: Any) -> Any:
    return _narrowed(real["body"], body) if "some" in real else body


def _narrowed(pattern: Any, body: Any) -> Any:
    """Of an object the fields that were kept, of a list each row's."""
    if isinstance(pattern, dict) and isinstance(body, dict):
        return {n: _narrowed(pattern[n], one) for n, one in body.items() if n in pattern}
    if isinstance(pattern, list) and isinstance(body, list) and len(pattern) == len(body):
        return [_narrowed(*pair) for pair in zip(pattern, body, strict=True)]
    return body
