"""Shopify's Admin schema, cut down to what the hub uses and the simulator offers, and what it tells
of scopes, protected fields and carriers (both made by tools/cut_shopify_schema.py).
"""

import json
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from graphql import GraphQLSchema, build_schema

VERSION = "2026-10"
TEXT_SCALARS = ("UnsignedInt64", "Decimal", "Money")
"""Numbers that are written as text."""
_FOLDER = files("simulators.shopify") / "schema"
_SCOPE = re.compile(r"`((?:read|write)_\w+)` access scope")


@cache
def schema() -> GraphQLSchema:
    text = (_FOLDER / f"admin_{VERSION}.graphql").read_text(encoding="utf-8")
    made = build_schema(text, assume_valid=True)
    for name in TEXT_SCALARS:
        scalar: Any = made.type_map[name]
        scalar.serialize = str
    return made


def named(kind: Any) -> Any:
    """The named type inside lists and non-nulls."""
    while hasattr(kind, "of_type"):
        kind = kind.of_type
    return kind


@cache
def facts() -> dict[str, Any]:
    return json.loads((_FOLDER / "facts.json").read_text(encoding="utf-8"))


@cache
def carriers() -> frozenset[str]:
    """Names with which Shopify builds the tracking link itself, written exactly so."""
    return frozenset(facts()["carriers"])


@cache
def protected() -> frozenset[str]:
    """The fields that tell who a buyer is."""
    return frozenset(facts()["protected"])


def topic_scopes(topic: str) -> frozenset[str]:
    """Scopes of which one is needed to hear of a topic."""
    return frozenset(facts()["topics"].get(topic) or ())


def with_reading(scopes: Iterable[str]) -> frozenset[str]:
    """write_x includes read_x."""
    given = set(scopes)
    return frozenset(given | {f"read_{name[6:]}" for name in given if name.startswith("write_")})


@cache
def denied(scopes: frozenset[str]) -> dict[str, str]:
    """By "Type.field" what these scopes may not see, with Shopify's sentence on what is needed. One
    of the scopes named is enough (how several combine is an assumption).
    """
    found: dict[str, str] = {}
    for kind in schema().type_map.values():
        fields: dict[str, Any] = getattr(kind, "fields", None) or {}
        for name, field in fields.items():
            place = f"{kind.name}.{name}"
            returned = named(getattr(field, "type", None))
            for text in (facts()["fields"].get(place), facts()["types"].get(str(returned))):
                if text and not _enough(text, scopes):
                    found.setdefault(place, text.strip())
    return found


def _enough(text: str, scopes: frozenset[str]) -> bool:
    # "Also: ..." speaks of the person, who has every permission here.
    asked = set(_SCOPE.findall(text.partition("Also:")[0]))
    return not asked or bool(asked & scopes)
