"""Tokens of links and keys: unguessable, shown once, and kept as their digest only."""

import hashlib
import secrets


def new_token() -> str:
    """256 bits in letters that need no escaping in an address."""
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """SHA-256 as 64 hexadecimal digits. A slow hash is for words people choose; these are long."""
    return hashlib.sha256(token.encode()).hexdigest()
