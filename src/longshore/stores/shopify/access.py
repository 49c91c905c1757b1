"""Where a Shopify shop is, how we sign in, and what is remembered between calls."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

API_VERSION = "2026-10"


@dataclass(frozen=True, slots=True)
class StorefrontAccess:
    """A shop and our app in it. With `token` (an existing shpat_ token) that one is used for ever;
    else client credentials get a token that lasts a day. `api_base` replaces the shop's address.
    """

    shop_domain: str
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    api_base: str | None = None

    @property
    def root(self) -> str:
        base = self.api_base or f"https://{self.shop_domain}"
        return base.rstrip("/")


class TokenStore(Protocol):
    """Keeps the short-lived token, shared by all workers."""

    def load(self) -> tuple[str, datetime] | None:
        """The token with the time it ends, None when there is none."""
        ...

    def save(self, token: str, expires_at: datetime) -> None: ...


class MemoryTokens:
    """A token store for one process, while a shop is not remembered yet."""

    def __init__(self) -> None:
        self._kept: tuple[str, datetime] | None = None

    def load(self) -> tuple[str, datetime] | None:
        return self._kept

    def save(self, token: str, expires_at: datetime) -> None:
        self._kept = (token, expires_at)
