"""The environment as typed values, units in names; the lowest layer, read by every room."""

import math
import os
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

LOCAL_HOSTS = "localhost,127.0.0.1,[::1]"


class SettingError(ValueError):
    """A setting cannot be used; the message names it and says what it must look like."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the environment may say. Each field names its variable in docs/howto/settings.md.

    `database_url` is None for the embedded PostgreSQL in `data_dir`. `public_url` is where Shopify
    and the vendors' shops reach the hub; None means polling only. `trusted_proxies` is how many
    of the hub's own proxies a request passes: who calls is read from what they wrote. `allow_nets`
    are private networks that stores may live in; everything private is refused otherwise.
    """

    data_dir: Path
    database_url: str | None
    secret_keys: tuple[str, ...]
    public_url: str | None
    allowed_hosts: tuple[str, ...]
    trusted_proxies: int
    allow_nets: tuple[IPv4Network | IPv6Network, ...]
    ca_bundle: Path | None
    log_format: str
    worker_concurrency: int
    dead_worker_after_s: float
    store_timeout_s: float
    delta_interval_s: float
    sweep_interval_s: float
    storefront_poll_interval_s: float
    open_orders_interval_s: float


@cache
def load() -> Settings:
    """Reads the environment once. Raises SettingError."""
    env = os.environ
    data_dir = Path(env.get("LONGSHORE_DATA", "data")).resolve()
    return Settings(
        data_dir=data_dir,
        database_url=env.get("LONGSHORE_DATABASE_URL") or None,
        secret_keys=tuple(_words(env.get("LONGSHORE_SECRET_KEY", ""))),
        public_url=_public_url(env.get("LONGSHORE_PUBLIC_URL", "")),
        allowed_hosts=tuple(_words(env.get("LONGSHORE_ALLOWED_HOSTS", LOCAL_HOSTS))),
        trusted_proxies=int(_number("LONGSHORE_TRUSTED_PROXIES", 0, at_least=0)),
        allow_nets=_nets(env.get("LONGSHORE_ALLOW_NETS", "")),
        ca_bundle=_file("LONGSHORE_CA_BUNDLE", env.get("LONGSHORE_CA_BUNDLE", "")),
        log_format=_one_of("LONGSHORE_LOG_FORMAT", ("console", "json")),
        worker_concurrency=int(_number("LONGSHORE_WORKER_CONCURRENCY", 16, at_least=1)),
        dead_worker_after_s=_number("LONGSHORE_DEAD_WORKER_AFTER_S", 30, at_least=1),
        store_timeout_s=_number("LONGSHORE_STORE_TIMEOUT_S", 60, at_least=1),
        delta_interval_s=_number("LONGSHORE_DELTA_INTERVAL_S", 120, at_least=1),
        sweep_interval_s=_number("LONGSHORE_SWEEP_INTERVAL_S", 3600, at_least=1),
        storefront_poll_interval_s=_number("LONGSHORE_STOREFRONT_POLL_INTERVAL_S", 60, at_least=1),
        open_orders_interval_s=_number("LONGSHORE_OPEN_ORDERS_INTERVAL_S", 120, at_least=1),
    )


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _number(name: str, default: float, *, at_least: float) -> float:
    text = os.environ.get(name, "")
    try:
        value = float(text) if text else default
    except ValueError:
        raise SettingError(f"{name} is {text!r}; it must be a number.") from None
    if not math.isfinite(value) or value < at_least:
        raise SettingError(f"{name} is {text}; it must be at least {at_least:g}.")
    return value


def _one_of(name: str, choices: tuple[str, ...]) -> str:
    """The first choice is the default."""
    text = os.environ.get(name) or choices[0]
    if text not in choices:
        raise SettingError(f"{name} is {text!r}; it must be one of: {', '.join(choices)}.")
    return text


def _public_url(text: str) -> str | None:
    if not text:
        return None
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname)
        usable = usable and (parts.port or 1) > 0 and not parts.username
    except ValueError:  # a broken IPv6 address or port
        usable = False
    if not usable:
        raise SettingError(
            f"LONGSHORE_PUBLIC_URL is {text!r}; it must look like https://hub.example.org."
        )
    return text.rstrip("/")


def _nets(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(word) for word in _words(text))
    except ValueError as error:
        raise SettingError(
            f"LONGSHORE_ALLOW_NETS: {error}. Write networks as 10.0.0.0/8,192.168.1.0/24."
        ) from None


def _file(name: str, text: str) -> Path | None:
    if not text:
        return None
    path = Path(text)
    if not path.is_file():
        raise SettingError(f"{name} names {text}, which is not a file.")
    return path
