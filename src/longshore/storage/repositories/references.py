"""Our own marks on purchase orders."""

import secrets

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without those that are mistaken for each other: people read references over the phone."""


def new_reference(prefix: str = "LS-") -> str:
    """Our mark on a purchase order, unique beyond chance, e.g. LS-7Q2M9KXA4T."""
    return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(10))
