"""The command: `python -m simulators.woocommerce`."""

import json
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest

COMMAND = [sys.executable, "-m", "simulators.woocommerce"]


@contextmanager
def running(*options: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    with subprocess.Popen(
        [*COMMAND, "--port", "0", "--json", *options], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process, json.loads(process.stdout.readline())
        finally:
            process.kill()


def test_it_introduces_itself_serves_and_stops() -> None:
    options = (
        "--products",
        "30",
        "--variable",
        "3",
        "--https",
        "--currency",
        "SEK",
        "--fault",
        "no_totals",
    )
    with running(*options) as (process, shop):
        assert shop["address"].startswith("https://127.0.0.1:")
        assert (shop["home"], shop["version"]) == (shop["address"], "9.9.5")
        context = ssl.create_default_context(cafile=shop["authority"])
        with httpx2.Client(verify=context, auth=(shop["key"], shop["secret"])) as client:
            root = f"{shop['address']}/wp-json/wc/v3"
            products = client.get(f"{root}/products?per_page=100")
            assert len(products.json()) == 30
            assert "x-wp-total" not in products.headers
            assert client.get(f"{root}/data/currencies/current").json()["code"] == "SEK"
            assert client.get(f"{shop['address']}/_sim/state").status_code == 200
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
        assert time.monotonic() - started < 1


@pytest.mark.parametrize(
    ("options", "status"),
    [
        (("--version", "2.4.13"), 200),
        (("--version", "2.4.13", "--fault", "legacy_off"), 404),
        (("--version", "3.5.8"), 404),
        (("--version", "3.5.8", "--legacy-api"), 200),
    ],
)
def test_an_old_release_and_the_switch_of_its_old_api(
    options: tuple[str, ...], status: int
) -> None:
    with running(*options) as (_, shop):
        assert shop["version"] == options[1]
        assert httpx2.get(f"{shop['address']}/wc-api/v3/").status_code == status


def test_it_lists_its_faults() -> None:
    done = subprocess.run([*COMMAND, "--faults"], capture_output=True, text=True, check=True)
    assert "commit_then_timeout" in done.stdout
    assert "O01" in done.stdout


@pytest.mark.parametrize("options", [["--fault", "none"], ["--version", "1.0"]])
def test_it_refuses_what_it_does_not_know(options: list[str]) -> None:
    done = subprocess.run(
        [*COMMAND, "--port", "0", *options], capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "none" in done.stderr or "1.0" in done.stderr
    assert "Traceback" not in done.stderr
