"""Tokens: a lasting one, and those made by client credentials, which end after a day."""

import secrets
from datetime import datetime, timedelta

from simulators.shopify.state import State

LASTS = timedelta(hours=24)


class Tokens:
    def __init__(self, state: State) -> None:
        self._state = state
        self._made: dict[str, datetime] = {}

    def known(self, token: str) -> bool:
        if not self._state.installed:
            return False
        ends = self._made.get(token)
        if ends is not None:
            return self._state.clock.now() < ends
        return bool(token) and token == self._state.settings.token

    def by_credentials(self, client_id: str, client_secret: str) -> tuple[str, int] | None:
        """A new token with the seconds it lasts, None for wrong credentials."""
        settings = self._state.settings
        right = (client_id, client_secret) == (settings.client_id, settings.client_secret)
        if not right or not self._state.installed:
            return None
        token = f"shpat_fake{secrets.token_hex(8)}"
        self._made[token] = self._state.clock.now() + LASTS
        return token, int(LASTS.total_seconds())

    def expire_all(self) -> None:
        self._made.clear()
