"""Shopify's Admin schema, cut down to what the hub's operations use (tools/cut_shopify_schema.py),
and the access scopes Shopify itself names for what is left.
"""

import json
import re
from functools import cache
from importlib.resources import files

from graphql import GraphQLSchema, build_schema

VERSION = "2026-10"
_FOLDER = files("simulators.shopify") / "schema"
_SCOPE = re.compile(r"`((?:read|write)_\w+)` access scope")


@cache
def schema() -> GraphQLSchema:
    text = (_FOLDER / f"admin_{VERSION}.graphql").read_text(encoding="utf-8")
    return build_schema(text, assume_valid=True)


@cache
def needed_scopes() -> dict[str, frozenset[str]]:
    """By "Type.field", the scopes of which one is enough (how several combine is an assumption)."""
    sentences: dict[str, str] = json.loads((_FOLDER / "access.json").read_text(encoding="utf-8"))
    # "Also: ..." speaks of the person, who has every permission here.
    found = {
        name: frozenset(_SCOPE.findall(text.split("Also:")[0])) for name, text in sentences.items()
    }
    return {name: scopes for name, scopes in found.items() if scopes}


def sentence(name: str) -> str:
    sentences: dict[str, str] = json.loads((_FOLDER / "access.json").read_text(encoding="utf-8"))
    return sentences[name].strip()
