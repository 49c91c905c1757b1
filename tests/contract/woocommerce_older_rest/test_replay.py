"""The simulated shop answers below /wp-json/ as the recorded shops of older releases did."""

import pytest

from contract.woocommerce_old_api.player import hold_to_recording
from contract.woocommerce_older_rest.deviations import DEVIATIONS
from contract.woocommerce_older_rest.player import RestPlayer, recorded, script

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
    recording = f"{version} {api}"
    answers = recorded(version, api)
    hold_to_recording(recording, RestPlayer(version, api), script(api), answers, DEVIATIONS)
