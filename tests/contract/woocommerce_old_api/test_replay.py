"""The simulated shop answers the old API as the recorded shops of each release did."""

import pytest

from contract.woocommerce_old_api.deviations import DEVIATIONS
from contract.woocommerce_old_api.player import Player, hold_to_recording, recorded, script

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
    recording = f"{version} {api}"
    answers = recorded(version, api)
    hold_to_recording(recording, Player(version, api), script(api), answers, DEVIATIONS)
