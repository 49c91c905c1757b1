import os
from ipaddress import ip_network
from pathlib import Path

import pytest

from longshore import settings
from longshore.settings import SettingError


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch):
    """Reads the settings from nothing but the given variables."""
    for name in [name for name in os.environ if name.startswith("LONGSHORE_")]:
        monkeypatch.delenv(name)

    def load(**variables: str) -> settings.Settings:
        for name, value in variables.items():
            monkeypatch.setenv(f"LONGSHORE_{name}", value)
        return settings.load.__wrapped__()

    return load


def test_nothing_needs_to_be_set(read) -> None:
    found = read()
    assert found.database_url is None
    assert found.public_url is None
    assert found.allow_nets == ()
    assert found.data_dir == Path("data").resolve()
    assert found.log_format == "console"


def test_values_are_typed(read, tmp_path: Path) -> None:
    bundle = tmp_path / "ca.pem"
    bundle.write_text("fake")
    found = read(
        PUBLIC_URL="https://hub.example.org/",
        ALLOW_NETS="10.0.0.0/8, fd00::/8",
        SECRET_KEY="new,old",
        CA_BUNDLE=str(bundle),
        DELTA_INTERVAL_S="2.5",
        WORKER_CONCURRENCY="4",
    )
    assert found.public_url == "https://hub.example.org"
    assert found.allow_nets == (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
    assert found.secret_keys == ("new", "old")
    assert found.ca_bundle == bundle
    assert (found.delta_interval_s, found.worker_concurrency) == (2.5, 4)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "hub.example.org"),
        ("PUBLIC_URL", "ftp://hub.example.org"),
        ("PUBLIC_URL", "https://"),
        ("PUBLIC_URL", "http://[::1"),
        ("PUBLIC_URL", "https://hub.example.org:port"),
        ("PUBLIC_URL", "https://user:pass@hub.example.org"),
        ("ALLOW_NETS", "10.0.0.1/8"),
        ("ALLOW_NETS", "intranet"),
        ("CA_BUNDLE", "/nowhere/ca.pem"),
        ("LOG_FORMAT", "xml"),
        ("WORKER_CONCURRENCY", "many"),
        ("WORKER_CONCURRENCY", "0"),
        ("SWEEP_INTERVAL_S", "nan"),
        ("SWEEP_INTERVAL_S", "inf"),
        ("STORE_TIMEOUT_S", "-1"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(read, name: str, value: str) -> None:
    with pytest.raises(SettingError, match=f"LONGSHORE_{name}"):
        read(**{name: value})


def test_a_network_with_host_bits_is_no_silent_surprise(read) -> None:
    with pytest.raises(SettingError, match="has host bits set"):
        read(ALLOW_NETS="10.1.2.3/8")
